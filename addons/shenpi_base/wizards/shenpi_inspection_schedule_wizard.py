from odoo import api, fields, models

from ..models.shenpi_inspection import INSPECTOR
from ..models.shenpi_item_inspection import INSPECTION_MODES


class ShenpiInspectionScheduleWizard(models.TransientModel):
    """Make the appointment of an inspection, or move it with a reason."""

    _name = "shenpi.inspection.schedule.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Schedule an inspection"

    _document_field = "inspection_id"

    inspection_id = fields.Many2one("shenpi.inspection", required=True, ondelete="cascade")
    applicant_name = fields.Char(related="inspection_id.applicant_name")
    items_display = fields.Char(related="inspection_id.items_display")
    due_date = fields.Date(related="inspection_id.due_date")
    state = fields.Selection(related="inspection_id.state")
    mode = fields.Selection(
        INSPECTION_MODES, compute="_compute_appointment", store=True, readonly=False
    )
    place = fields.Char(compute="_compute_appointment", store=True, readonly=False)
    # The worker says what is missing; the form marks it.
    date_start = fields.Datetime(
        string="From", compute="_compute_appointment", store=True, readonly=False
    )
    date_stop = fields.Datetime(
        string="To", compute="_compute_appointment", store=True, readonly=False
    )
    inspector_ids = fields.Many2many(
        "res.users",
        "shenpi_inspection_schedule_user_rel",
        "wizard_id",
        "user_id",
        string="Inspectors",
        compute="_compute_appointment",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
    )
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    inspectors_needed = fields.Integer(compute="_compute_inspectors_needed")
    overlap_note = fields.Text(compute="_compute_overlap_note")
    reason = fields.Text(string="Why it is moved")

    # === Compute methods === #

    @api.depends("inspection_id")
    def _compute_appointment(self):
        """The appointment there is; the first one is proposed by whoever inspects himself."""
        for wizard in self:
            inspection = wizard.inspection_id
            for name in ("mode", "place", "date_start", "date_stop"):
                wizard[name] = inspection[name]
            people = inspection.inspector_ids
            if not people and self.env.user.has_group(INSPECTOR):
                people = self.env.user
            wizard.inspector_ids = people

    @api.depends("inspection_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            inspection = wizard.inspection_id
            wizard.candidate_ids = inspection._get_candidates(inspection.company_id)

    @api.depends("inspection_id", "mode")
    def _compute_inspectors_needed(self):
        for wizard in self:
            inspection = wizard.inspection_id
            wizard.inspectors_needed = inspection and inspection._count_needed(wizard.mode)

    @api.depends("date_start", "date_stop", "inspector_ids")
    def _compute_overlap_note(self):
        """Who is expected elsewhere at the time; said, not refused: some places are next door."""
        for wizard in self:
            wizard.overlap_note = False
            if wizard.date_start and wizard.date_stop and wizard.inspector_ids:
                wizard.overlap_note = wizard._describe_overlaps()

    def _describe_overlaps(self):
        people = self.inspector_ids._origin
        others = self.inspection_id._get_overlapping(self.date_start, self.date_stop, people)
        return "\n".join(
            self.env._(
                "%(person)s is expected elsewhere at that time: %(place)s.",
                person=person.name,
                place=other.place or other.number,
            )
            for other in others
            for person in other.inspector_ids & people
        )

    # === Onchange === #

    @api.onchange("date_start")
    def _onchange_date_start(self):
        """Two hours, unless somebody says otherwise."""
        if self.date_start and (not self.date_stop or self.date_stop <= self.date_start):
            self.date_stop = fields.Datetime.add(self.date_start, hours=2)

    # === Actions === #

    def action_confirm(self):
        """Make or move the appointment, and tell the inspectors."""
        self._get_document()._do_schedule(
            {
                "mode": self.mode,
                "place": self.place,
                "date_start": self.date_start,
                "date_stop": self.date_stop,
                "inspectors": self.inspector_ids,
            },
            self.reason or "",
        )
        return {"type": "ir.actions.act_window_close"}
