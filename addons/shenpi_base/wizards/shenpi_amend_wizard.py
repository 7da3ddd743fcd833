from odoo import api, fields, models

from ..models.project_project import KINDS

NAMES = (
    "name",
    "key_kind",
    "key_level",
    "department_id",
    "user_id",
    "applicant_name",
    "applicant_contact",
    "investment",
    "investment_code",
    "auto_file",
)


class ShenpiAmendWizard(models.TransientModel):
    """Change what is known of a key project, with a reason; the worker checks role and state."""

    _name = "shenpi.amend.wizard"
    _description = "Change details of a project"

    project_id = fields.Many2one("project.project", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="project_id.company_id")
    currency_id = fields.Many2one(related="project_id.currency_id")
    name = fields.Char(string="Project name", required=True)
    key_kind = fields.Selection(KINDS, string="Kind", required=True)
    key_level = fields.Selection(
        [("city", "City"), ("district", "District")], string="Project level"
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Led by",
        required=True,
        domain="[('company_id', '=', company_id), ('kind', '!=', 'regulator')]",
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Navigator",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    applicant_name = fields.Char(string="Investor")
    applicant_contact = fields.Char(string="Investor's contact")
    investment = fields.Monetary(string="Total investment")
    investment_code = fields.Char(string="Investment project code", size=24)
    auto_file = fields.Boolean(string="File when complete")
    reason = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        project = self.env["project.project"].browse(values.get("project_id"))
        for name in NAMES if project else ():
            value = project[name]
            values[name] = value.id if self._fields[name].type == "many2one" else value
        return values

    @api.constrains("project_id")
    def _check_project_id(self):
        # Constraints run with sudo.
        self.sudo(False).project_id.check_access("read")

    def action_confirm(self):
        """Write what has changed.

        :raise UserError: the project is closed or cancelled
        """
        self.ensure_one()
        values = {
            name: self[name].id if self._fields[name].type == "many2one" else self[name]
            for name in NAMES
        }
        self.project_id._do_amend(values, self.reason)
        return {"type": "ir.actions.act_window_close"}
