from odoo import api, fields, models

from ..models.shenpi_grievance import OPEN_STATES


class ShenpiGrievanceMergeWizard(models.TransientModel):
    """With which grievance this one is handled together; the most similar one is proposed."""

    _name = "shenpi.grievance.merge.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Merge a grievance"

    _document_field = "grievance_id"

    grievance_id = fields.Many2one("shenpi.grievance", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="grievance_id.company_id")
    title = fields.Char(related="grievance_id.title")
    similar_ids = fields.Many2many(related="grievance_id.similar_ids")
    main_id = fields.Many2one(
        "shenpi.grievance",
        string="Merge into",
        compute="_compute_main_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('id', '!=', grievance_id),"
        f" ('state', 'in', {OPEN_STATES})]",
    )
    reason = fields.Text()

    @api.depends("grievance_id")
    def _compute_main_id(self):
        for wizard in self:
            similar = wizard.grievance_id.similar_ids.filtered(lambda g: g.state in OPEN_STATES)
            wizard.main_id = similar[:1]

    def action_confirm(self):
        """Merge; the main one is opened."""
        grievance = self._get_document()
        self.main_id.check_access("read")
        grievance._do_merge(self.main_id, self.reason or "")
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.grievance",
            "res_id": self.main_id.id,
            "views": [(False, "form")],
        }
