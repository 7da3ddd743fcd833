from odoo import api, fields, models


class ShenpiInspectionPart(models.Model):
    """One case of a common inspection 一同核查: its share of the checklist and its own result.

    Written by the flow of the inspection only; read by those who see the inspection.
    """

    _name = "shenpi.inspection.part"
    _description = "Case of a common inspection"
    _order = "inspection_id, id"
    _rec_name = "item_name"
    _log_access = False

    inspection_id = fields.Many2one(
        "shenpi.inspection", required=True, readonly=True, index=True, ondelete="cascade"
    )
    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    application_number = fields.Char(related="application_id.number", related_sudo=True)
    item_id = fields.Many2one(related="application_id.item_id", related_sudo=True)
    item_name = fields.Char(related="application_id.item_id.name", related_sudo=True)
    result = fields.Selection(
        [
            ("passed", "Passed"),
            ("rectify", "To be rectified"),
            ("failed", "Not passed"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
        help="Empty while the inspection is pending.",
    )
    opinion = fields.Text(string="Findings", readonly=True)
    state = fields.Selection(selection="_selection_state", compute="_compute_state")

    _application_unique = models.UniqueIndex(
        "(inspection_id, application_id)", "The case is part of this inspection already."
    )
    _one_pending = models.UniqueIndex(
        "(application_id) WHERE result IS NULL", "An inspection of this case is pending already."
    )

    @api.model
    def _selection_state(self):
        return self.env["shenpi.inspection"]._fields["state"]._description_selection(self.env)

    @api.depends("result", "inspection_id.state")
    def _compute_state(self):
        """The part's own result, or where the inspection stands."""
        for part in self:
            part.state = part.result or part.inspection_id.state

    def _get_lines(self):
        """What is checked for this case: its own lines, and those added for the whole place."""
        lines = self.inspection_id.line_ids
        return lines.filtered(lambda line: not line.part_id or line.part_id in self)
