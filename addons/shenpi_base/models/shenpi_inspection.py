from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .shenpi_item_inspection import INSPECTION_MODES

INSPECTOR = "shenpi_base.group_shenpi_inspector"
PENDING = ("ordered", "scheduled", "underway")
CONCLUDED = ("passed", "rectify", "failed")


class ShenpiInspection(models.Model):
    """A site inspection 勘验 of one case, from the order to the result.

    Who may do what, when (the table in ``shenpi_inspection_flow.py`` is the rule):

    * it follows from the item when a case is accepted, is ordered by a reviewer, decider or the
      bureau head (also while the applicant still completes his materials), or follows from an
      inspection that asked to rectify;
    * those who order and inspectors schedule and reschedule it, with a reason that stays in the
      events, and name the inspectors; whoever replaces one is named by rescheduling;
    * only an inspector named on it begins it, fills in the checklist and concludes it; as many as
      the item asks for must be named. Once concluded, checklist and photos are changed by nobody;
    * who ordered may cancel it with a reason; it lapses when its case ends.

    Those who see the case see it, and its inspectors, who for its sake see the case too.
    """

    _name = "shenpi.inspection"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.day.light.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Inspection"
    _order = "due_date, id"
    _rec_name = "number"
    _rec_names_search = ["number", "application_id"]
    _mail_post_access = "read"

    _event_field = "inspection_id"
    _waiting_states = PENDING
    _flow_fields = frozenset(
        {
            "state",
            "number",
            "application_id",
            "item_id",
            "company_id",
            "department_id",
            "bundle_case_id",
            "previous_id",
            "round",
            "mode",
            "inspectors_needed",
            "note",
            "place",
            "date_start",
            "date_stop",
            "inspector_ids",
            "ordered_at",
            "ordered_by_id",
            "due_date",
            "started_at",
            "concluded_at",
            "opinion",
            "rectify_date",
            "first_pass_rate",
            "days_taken",
            "reschedule_count",
        }
    )

    number = fields.Char(readonly=True, required=True)
    state = fields.Selection(
        [
            ("ordered", "To be scheduled"),
            ("scheduled", "Scheduled"),
            ("underway", "Being inspected"),
            ("passed", "Passed"),
            ("rectify", "To be rectified"),
            ("failed", "Not passed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
    )
    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    applicant_name = fields.Char(related="application_id.applicant_name")
    item_id = fields.Many2one("shenpi.item", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    department_id = fields.Many2one(
        "shenpi.department",
        string="Handling department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    application_state = fields.Selection(related="application_id.state", string="State of the case")
    previous_id = fields.Many2one(
        "shenpi.inspection",
        string="Looks again at",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The inspection that asked to rectify what this one looks at again.",
    )
    next_ids = fields.One2many("shenpi.inspection", "previous_id", string="Followed by")
    round = fields.Integer(
        string="Inspection no.",
        readonly=True,
        required=True,
        default=1,
        aggregator=None,
        help="1: the first inspection.",
    )

    # === The order === #
    mode = fields.Selection(INSPECTION_MODES, required=True, readonly=True, default="on_site")
    inspectors_needed = fields.Integer(readonly=True, required=True, default=1, aggregator=None)
    note = fields.Text(string="What to look at", readonly=True)
    ordered_at = fields.Datetime(string="Ordered on", readonly=True, required=True)
    ordered_by_id = fields.Many2one(
        "res.users", string="Ordered by", readonly=True, required=True, ondelete="restrict"
    )
    due_date = fields.Date(string="Inspect by", readonly=True, required=True)
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Near due"), ("red", "Late"), ("none", "No clock")]
    )

    # === The appointment === #
    place = fields.Char(readonly=True)
    date_start = fields.Datetime(string="From", readonly=True)
    date_stop = fields.Datetime(string="To", readonly=True)
    inspector_ids = fields.Many2many(
        "res.users",
        "shenpi_inspection_user_rel",
        "inspection_id",
        "user_id",
        string="Inspectors",
        readonly=True,
        context={"active_test": False},
    )
    reschedule_count = fields.Integer(string="Rescheduled", readonly=True, default=0)

    # === What was found === #
    started_at = fields.Datetime(string="Begun", readonly=True)
    concluded_at = fields.Datetime(string="Concluded on", readonly=True)
    opinion = fields.Text(string="Findings", readonly=True)
    rectify_date = fields.Date(string="Rectify by", readonly=True)
    line_ids = fields.One2many("shenpi.inspection.line", "inspection_id", string="Checklist")
    line_count = fields.Integer(
        string="Checkpoints", compute="_compute_line_counts", store=True, aggregator=None
    )
    done_count = fields.Integer(
        string="Checked", compute="_compute_line_counts", store=True, aggregator=None
    )
    failed_count = fields.Integer(string="Faults", compute="_compute_line_counts", store=True)
    photo_count = fields.Integer(string="Photos", compute="_compute_line_counts", store=True)
    event_ids = fields.One2many("shenpi.event", "inspection_id", readonly=True)

    # === Figures: empty until the inspection is concluded, so that averages leave it out === #
    first_pass_rate = fields.Float(
        string="First-pass rate (%)",
        readonly=True,
        aggregator="avg",
        help="100 when the first inspection of a case passes, 0 when it does not; empty for"
        " inspections that look again.",
    )
    days_taken = fields.Integer(
        string="Days to the result",
        readonly=True,
        aggregator="avg",
        help="Working days from the order to the result.",
    )

    _number_unique = models.UniqueIndex("(number)", "An inspection with this number exists.")
    _one_pending = models.UniqueIndex(
        "(application_id) WHERE state IN ('ordered', 'scheduled', 'underway')",
        "An inspection of this case is pending already.",
    )
    _appointment_in_order = models.Constraint(
        "CHECK (date_stop > date_start)", "To: the inspection ends before it begins."
    )
    _work_list = models.Index("(due_date, id) WHERE state IN ('ordered', 'scheduled', 'underway')")

    # === Selections === #

    @api.model
    def _group_expand_states(self, states, domain):
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key in PENDING or key in states]

    # === Compute methods === #

    @api.depends("number", "applicant_name")
    def _compute_display_name(self):
        for inspection in self:
            parts = (inspection.applicant_name, inspection.number)
            inspection.display_name = " · ".join(filter(None, parts))

    @api.depends("line_ids.result", "line_ids.attachment_ids")
    def _compute_line_counts(self):
        """Stored on the inspection's own row: whoever changes a line meets whoever concludes."""
        for inspection in self:
            lines = inspection.line_ids
            inspection.line_count = len(lines)
            inspection.done_count = len(lines.filtered("result"))
            inspection.failed_count = len(lines.filtered(lambda line: line.result == "fail"))
            inspection.photo_count = len(lines.attachment_ids)

    # === Constraint methods === #

    @api.constrains("inspector_ids", "company_id")
    def _check_inspectors(self):
        for inspection in self:
            for person in inspection.inspector_ids:
                if not (person.active and person.has_group(INSPECTOR)):
                    raise ValidationError(
                        self.env._("inspectors: %s is not an inspector.", person.name)
                    )
                if inspection.company_id not in person.company_ids:
                    raise ValidationError(
                        self.env._(
                            "inspectors: %(person)s does not work at %(bureau)s.",
                            person=person.name,
                            bureau=inspection.company_id.name,
                        )
                    )

    # === Questions === #

    @api.model
    def _get_candidates(self, company):
        """Who may be named as inspector at a bureau."""
        holders_sudo = self.env.ref(INSPECTOR).sudo().all_user_ids
        people_sudo = holders_sudo.filtered(lambda u: u.active and company in u.company_ids)
        return people_sudo.with_env(self.env)

    def _get_overlapping(self, start, stop, people):
        """Other appointments of these people in a stretch of time."""
        return self.sudo().search(
            [
                ("id", "not in", self.ids),
                ("state", "in", ("scheduled", "underway")),
                ("inspector_ids", "in", people.ids),
                ("date_start", "<", stop),
                ("date_stop", ">", start),
            ]
        )
