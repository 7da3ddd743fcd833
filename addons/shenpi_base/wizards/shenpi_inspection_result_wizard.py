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
    line_ids = fields.One2many(
        "shenpi.inspection.result.wizard.line",
        "wizard_id",
        string="Cases",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="A common inspection has a result for each case.",
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
    has_faults = fields.Boolean(compute="_compute_has_faults")

    @api.depends("inspection_id")
    def _compute_line_ids(self):
        lines = self.env["shenpi.inspection.result.wizard.line"]
        for wizard in self:
            parts = wizard.inspection_id._get_pending_parts()
            wizard.line_ids = [fields.Command.clear(), *lines._prepare_from_parts(parts)]

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
            wizard.opinion = faults._describe_faults()

    @api.depends("result", "line_ids.result")
    def _compute_has_faults(self):
        """Whether something is to be rectified by a day."""
        for wizard in self:
            results = wizard.line_ids.mapped("result") or [wizard.result]
            wizard.has_faults = "rectify" in results

    def action_confirm(self):
        """Conclude, and print the record to be signed."""
        inspection = self._get_document()
        if self.line_ids:
            findings = {line.part_id: (line.result, line.opinion or "") for line in self.line_ids}
            inspection._do_conclude_parts(findings, self.rectify_date)
        else:
            inspection._do_conclude(self.result, self.opinion or "", self.rectify_date)
        return inspection.action_print_record()
