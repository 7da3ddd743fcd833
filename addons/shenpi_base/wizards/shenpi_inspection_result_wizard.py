from odoo import api, fields, models


class ShenpiInspectionResultWizard(models.TransientModel):
    """State the result of an inspection."""

    _name = "shenpi.inspection.result.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Conclude an inspection"

    _document_field = "inspection_id"

    inspection_id = fields.Many2one("shenpi.inspection", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="inspection_id.applicant_name")
    result = fields.Selection(
        [
            ("pass", "Pass"),
            ("rectify", "To be rectified, then inspected again"),
            ("fail", "Fail"),
        ],
        required=True,
        compute="_compute_from_lines",
        store=True,
        readonly=False,
        precompute=True,
    )
    problems = fields.Text(string="What keeps it from passing", compute="_compute_problems")
    opinion = fields.Text(
        string="Findings",
        compute="_compute_from_lines",
        store=True,
        readonly=False,
        precompute=True,
    )
    rectify_date = fields.Date(string="Rectify by")

    @api.depends("inspection_id")
    def _compute_problems(self):
        for wizard in self:
            wizard.problems = "\n".join(wizard.inspection_id.line_ids._get_problems())

    @api.depends("inspection_id")
    def _compute_from_lines(self):
        """What the checklist suggests: pass, or the faults as they were noted."""
        for wizard in self:
            faults = wizard.inspection_id.line_ids.filtered(lambda line: line.result == "fail")
            wizard.result = "rectify" if faults else "pass"
            wizard.opinion = "\n".join(
                self.env._("%(what)s: %(fault)s", what=line.name, fault=line.note)
                if line.note
                else line.name
                for line in faults
            )

    def action_confirm(self):
        """Conclude, and print the record to be signed."""
        inspection = self._get_document()
        inspection._do_conclude(self.result, self.opinion or "", self.rectify_date)
        return inspection.action_print_record()
