from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..models.shenpi_application_material import WAYS


class ShenpiSpareWizard(models.TransientModel):
    """Spare a material: by law, by a written statement, or because it came in with another case."""

    _name = "shenpi.spare.wizard"
    _inherit = ["shenpi.application.wizard"]
    _description = "Spare a material"

    sparable_ids = fields.Many2many(
        "shenpi.application.material", compute="_compute_sparable_ids", compute_sudo=True
    )
    material_id = fields.Many2one(
        "shenpi.application.material",
        compute="_compute_material_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', sparable_ids)]",
        ondelete="cascade",
    )
    way = fields.Selection(
        WAYS,
        string="Spared by",
        compute="_compute_way",
        store=True,
        readonly=False,
        precompute=True,
    )
    evidence = fields.Char(
        string="Other case", help="The number of the applicant's case with which it came in."
    )
    signed = fields.Boolean(
        string="Statement signed",
        help="The applicant has signed that the facts are true and that he answers for them.",
    )

    @api.depends("application_id")
    def _compute_sparable_ids(self):
        for wizard in self:
            wizard.sparable_ids = wizard.application_id._get_sparable()

    @api.depends("application_id")
    def _compute_material_id(self):
        for wizard in self:
            wizard.material_id = wizard.sudo().application_id._get_sparable()[:1]

    @api.depends("material_id")
    def _compute_way(self):
        """The way that the item offers."""
        for wizard in self:
            ways = wizard.sudo().material_id._get_ways() - {"shared_data"}
            wizard.way = min(ways, default=False)

    def action_print_statement(self):
        """Print the statement, so that the applicant can sign it."""
        return self._get_application().action_print_proof_statement()

    def action_confirm(self):
        """Note it.

        :raise ValidationError: the statement has not been signed
        """
        application = self._get_application()
        if self.way == "commitment" and not self.signed:
            raise ValidationError(self.env._("The applicant has to sign the statement first."))
        application._do_spare(self.material_id, self.way, self.evidence or "")
        return {"type": "ir.actions.act_window_close"}
