from odoo import api, fields, models

from odoo.addons.shenpi_base.models.shenpi_deadline_mixin import DEADLINE_LIGHTS

from ..tools.roles import EVALUATORS
from .shenpi_masked_export import MASKED
from .shenpi_rating_tag import LEVEL_SELECTION

OPEN_STATES = ("open", "contacted", "rectifying", "rectified", "appealed", "verified")
GROUND_SELECTION = [
    ("false", "Not true"),
    ("malicious", "Malicious"),
    ("mistaken", "Rated by mistake"),
]


class ShenpiRatingCase(models.Model):
    """The handling of a bad rating 差评处置, from the rating to a recorded outcome.

    Who may do what, when (the table in ``shenpi_rating_case_flow.py`` is the rule, this its prose):

    * a bad rating opens it at once; an officer of evaluation contacts whoever rated within a
      working day, and explains the matter or asks the office to put it right within the days the
      bureau has set;
    * a member of the office reports what was put right, never the person who was rated; another
      person verifies it, or sends it back;
    * the office may appeal (not true, malicious, mistaken); somebody who has not handled the case
      decides: upheld, the rating counts no more and stays on record;
    * whoever gave his name is visited afterwards and may rate again; a public reply is read by a
      second person before it goes out; nothing closes without an outcome;
    * nobody has any part in it who was rated himself.

    Officers see all of their bureau; the office what concerns it, without who rated and which case
    it was about; supervisors and the bureau head all, in the same way.
    """

    _name = "shenpi.rating.case"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.deadline.mixin",
        "shenpi.sight.mixin",
        "shenpi.masked.export",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Bad-rating case"
    _order = "due_date, id desc"
    _rec_name = "number"
    _rec_names_search = ["number"]
    _mail_post_access = "read"

    _event_field = "rating_case_id"
    _sight_fields = ("department_id", "window_id")

    number = fields.Char(readonly=True, required=True, copy=False)
    state = fields.Selection(
        [
            ("open", "To be contacted"),
            ("contacted", "Contacted"),
            ("rectifying", "To be rectified"),
            ("rectified", "Rectified"),
            ("appealed", "Under appeal"),
            ("verified", "Verified"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        index=True,
        group_expand="_group_expand_states",
    )
    rating_id = fields.Many2one(
        "shenpi.rating", required=True, readonly=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "shenpi.rating.service",
        required=True,
        readonly=True,
        ondelete="restrict",
        groups=EVALUATORS,
    )
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, readonly=True, index=True
    )
    department_id = fields.Many2one(
        "shenpi.department", required=True, readonly=True, index=True, ondelete="restrict"
    )
    window_id = fields.Many2one("shenpi.department", readonly=True, ondelete="restrict")
    item_id = fields.Many2one("shenpi.item", readonly=True, ondelete="restrict")
    clerk_id = fields.Many2one(
        "res.users",
        string="Served by",
        readonly=True,
        ondelete="restrict",
        groups=EVALUATORS,
    )
    level = fields.Selection(related="rating_id.level", store=True)
    tag_ids = fields.Many2many(related="rating_id.tag_ids")
    text = fields.Text(related="rating_id.text")
    anonymous = fields.Boolean(related="rating_id.anonymous")
    rater_name = fields.Char(related="rating_id.rater_name", compute_sudo=False, groups=EVALUATORS)
    rater_phone = fields.Char(
        related="rating_id.rater_phone", compute_sudo=False, groups=EVALUATORS
    )
    attachment_ids = fields.One2many(
        related="rating_id.attachment_ids", compute_sudo=False, groups=EVALUATORS
    )
    handler_id = fields.Many2one(
        "res.users", string="Handled by", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # === Deadline of the step in hand === #
    opened_at = fields.Datetime(string="Opened on", required=True, readonly=True)
    due_date = fields.Date(string="Due", readonly=True)
    light = fields.Selection(DEADLINE_LIGHTS)

    # === What was done === #
    contacted_at = fields.Datetime(string="Contacted on", readonly=True)
    contact_way = fields.Selection(
        [
            ("phone", "By phone"),
            ("in_person", "In person"),
            ("unreachable", "Not reached"),
            ("anonymous", "Anonymous: looked into"),
        ],
        string="How",
        readonly=True,
    )
    contact_note = fields.Text(groups=fields.NO_ACCESS)
    contact_record = fields.Text(
        string="Note of the contact", compute="_compute_contact_record", groups=EVALUATORS
    )
    contact_late = fields.Boolean(readonly=True)
    demand = fields.Text(string="To be put right", readonly=True)
    rectify_due_date = fields.Date(string="Rectify by", readonly=True)
    measure = fields.Text(string="What was put right", readonly=True)
    rectified_on = fields.Date(string="Rectified on", readonly=True)
    reported_by_id = fields.Many2one("res.users", string="Reported by", readonly=True)
    finding = fields.Text(string="What the check found", readonly=True)
    appeal_ground = fields.Selection(GROUND_SELECTION, readonly=True)
    appeal_text = fields.Text(string="Appeal", readonly=True)
    appealed_by_id = fields.Many2one("res.users", string="Appealed by", readonly=True)
    visited_at = fields.Datetime(string="Visited on", readonly=True)
    visit_result = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("unsatisfied", "Not satisfied"),
            ("unreachable", "Not reached"),
        ],
        readonly=True,
    )
    asked_again_at = fields.Datetime(string="Asked to rate again on", readonly=True)
    second_level = fields.Selection(
        LEVEL_SELECTION,
        string="Second rating",
        compute="_compute_second_level",
    )
    reply = fields.Text(string="Public reply", readonly=True)
    reply_by_id = fields.Many2one("res.users", string="Reply by", readonly=True)
    reply_released_at = fields.Datetime(string="Reply published on", readonly=True)
    outcome = fields.Selection(
        [
            ("rectified", "Put right"),
            ("explained", "Explained"),
            ("upheld", "Appeal upheld: does not count"),
        ],
        readonly=True,
        index=True,
    )
    closed_at = fields.Datetime(string="Closed on", readonly=True)
    event_ids = fields.One2many("shenpi.event", "rating_case_id", readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, number)", "A bad-rating case with this number exists already."
    )
    _service_unique = models.UniqueIndex(
        "(service_id)", "A case works on the ratings of this service already."
    )
    _has_outcome = models.Constraint(
        "CHECK (state != 'closed' OR outcome IS NOT NULL)", "Nothing closes without an outcome."
    )
    _ladder_dates = models.Index(
        "(due_date, id) WHERE state IN ('open', 'contacted', 'rectifying', 'rectified', 'verified')"
    )

    # === Compute methods === #

    @api.depends("number", "item_id", "department_id", "level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for case in self:
            about = case.item_id.name or case.department_id.name
            words = (case.number, levels.get(case.level), about)
            case.display_name = " · ".join(filter(None, words))

    @api.depends("contact_note")
    @api.depends_context("uid", MASKED)
    def _compute_contact_record(self):
        """What was said on the phone names people: it is known to who may know who rated."""
        masked = self.env.context.get(MASKED)
        impartial = self.rating_id.browse() if masked else self.rating_id._filter_impartial()
        for case in self:
            case.contact_record = case.rating_id in impartial and case.sudo().contact_note

    def _compute_second_level(self):
        seconds = (
            self.env["shenpi.rating"]
            .sudo()
            .search([("service_id", "in", self.sudo().service_id.ids), ("turn", "=", "second")])
        )
        levels = {second.service_id.id: second.level for second in seconds}
        for case in self:
            case.second_level = levels.get(case.sudo().service_id.id)

    @api.model
    def _group_expand_states(self, states, domain):
        """The columns of a kanban board: what is on the way, and what else there is."""
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key in OPEN_STATES or key in states]

    # === Who sees it === #

    @api.model
    def _get_sight_domain(self):
        return self.env["shenpi.rating"]._get_sight_domain()

    def _fade(self):
        """What was said on the phone goes with the name of whoever said it."""
        self.sudo().contact_note = False

    # === Made by a rating === #

    @api.model
    def _open_for(self, rating, at=None):
        """Open the case of a bad rating; the day to contact whoever gave it runs."""
        moment = at or fields.Datetime.now()
        company = rating.company_id
        days = company.shenpi_rating_contact_days
        return self._begin(
            "open",
            {
                "number": self._reserve_number(company, moment),
                "rating_id": rating.id,
                "service_id": rating.service_id.id,
                "company_id": company.id,
                "department_id": rating.department_id.id,
                "window_id": rating.window_id.id,
                "item_id": rating.item_id.id,
                "clerk_id": rating.clerk_id.id,
                "opened_at": moment,
                **self._prepare_deadline(moment, days),
            },
            at=at,
        )
