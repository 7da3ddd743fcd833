from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_screen import LIGHT_COLORS
from .shenpi_inspection_flow import STAFF
from .shenpi_ladder_mixin import Track

# A push begins when its decision is made, whoever made it; regulators hold no role but that of
# staff: what they may do follows from their membership.
TRANSITIONS = flow.table(
    (
        flow.Transition("push", frozenset({""}), "pushed", frozenset({STAFF})),
        flow.Transition(
            "sign", frozenset({"pushed"}), "signed", frozenset({STAFF}), "_guard_regulator"
        ),
    )
)


class ShenpiPush(models.Model):
    """A decision passed on to the department that supervises afterwards (审管联动).

    Who may do what, when:

    * a grant, refusal, change or revocation is pushed in its own transaction to the regulator of
      the item; so is the answer to what a regulator reported. Nobody enters or changes one;
    * a member of the regulator department (or of one above it, or who stands in for one) signs for
      it; it is due within the working days the bureau has set;
    * he reports by it what he finds later (``shenpi.push.feedback``).

    Members of the regulator department read the pushes to it, staff those of the cases they see.
    A push holds a copy of what a regulator needs, and no identity numbers.
    """

    _name = "shenpi.push"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.day.light.mixin",
        "shenpi.ladder.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Push to a regulator"
    _order = "sign_due_date, id"
    _rec_names_search = ["application_number", "holder_name"]
    _mail_post_access = "read"

    _transitions = TRANSITIONS
    _event_field = "push_id"
    _day_field = "sign_due_date"
    _waiting_states = ("pushed",)
    _flow_fields = frozenset(
        {
            "state",
            "application_id",
            "licence_id",
            "item_id",
            "company_id",
            "department_id",
            "regulator_id",
            "feedback_id",
            "kind",
            "by_commitment",
            "verification_due_date",
            "application_number",
            "item_name",
            "holder_name",
            "place",
            "content",
            "result",
            "pushed_at",
            "sign_due_date",
            "signed_at",
            "signed_by_id",
            "signed_in_time_rate",
            "days_to_sign",
        }
    )

    state = fields.Selection(
        [("pushed", "To be signed for"), ("signed", "Signed for")],
        required=True,
        readonly=True,
        index=True,
    )
    kind = fields.Selection(
        [
            ("grant", "Grant"),
            ("denial", "Refusal"),
            ("change", "Change"),
            ("revocation", "Revocation"),
            ("reply", "Answer to feedback"),
        ],
        required=True,
        readonly=True,
    )
    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    licence_id = fields.Many2one(
        "shenpi.licence", readonly=True, index="btree_not_null", ondelete="restrict"
    )
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
    regulator_id = fields.Many2one(
        "shenpi.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    by_commitment = fields.Boolean(
        readonly=True,
        help="Granted on the applicant's word: the regulator verifies what he promised.",
    )
    verification_due_date = fields.Date(string="Verify by", readonly=True)

    # === What the regulator gets to know === #
    application_number = fields.Char(string="Case no.", readonly=True, index=True)
    item_name = fields.Char(string="Matter", readonly=True)
    holder_name = fields.Char(string="Applicant", readonly=True, index="trigram")
    place = fields.Char(readonly=True)
    content = fields.Text(string="What was decided on", readonly=True)
    result = fields.Text(readonly=True)

    # === Signing === #
    pushed_at = fields.Datetime(string="Pushed on", required=True, readonly=True)
    sign_due_date = fields.Date(string="Sign by", required=True, readonly=True, index=True)
    signed_at = fields.Datetime(string="Signed on", readonly=True)
    signed_by_id = fields.Many2one(
        "res.users", string="Signed by", readonly=True, ondelete="restrict"
    )
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Due today"), ("red", "Overdue"), ("none", "Signed")]
    )
    color = fields.Integer(compute="_compute_color")
    can_sign = fields.Boolean(compute="_compute_can")
    can_report = fields.Boolean(compute="_compute_can")

    feedback_id = fields.Many2one(
        "shenpi.push.feedback",
        string="Feedback answered",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    feedback_ids = fields.One2many("shenpi.push.feedback", "push_id", readonly=True)
    feedback_count = fields.Integer(compute="_compute_feedback_count")
    event_ids = fields.One2many("shenpi.event", "push_id", readonly=True)

    in_sight = fields.Boolean(
        string="To my departments",
        store=False,
        compute="_compute_in_sight",
        search="_search_in_sight",
    )

    # === Figures: 0 until signed in time, so that what nobody signs counts as late === #
    signed_in_time_rate = fields.Float(
        string="Signed in time (%)", readonly=True, default=0.0, aggregator="avg"
    )
    days_to_sign = fields.Integer(
        readonly=True, aggregator="avg", help="Working days from the push to the signature."
    )

    _to_sign = models.Index("(regulator_id, sign_due_date, id) WHERE state = 'pushed'")

    # === Compute methods === #

    @api.depends("application_number", "holder_name", "item_name")
    def _compute_display_name(self):
        for push in self:
            push.display_name = " · ".join(filter(None, (push.holder_name, push.item_name)))

    @api.depends("light")
    def _compute_color(self):
        for push in self:
            push.color = LIGHT_COLORS[push.light]

    @api.depends("regulator_id")
    @api.depends_context("uid")
    def _compute_in_sight(self):
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        for push in self:
            push.in_sight = push.regulator_id.id in visible_ids

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        domain = Domain("regulator_id", "in", visible_ids)
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.depends("state", "regulator_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for push in self:
            push.can_sign = "sign" in push._get_allowed_actions()
            push.can_report = bool(push._get_regulator_principal())

    @api.depends("feedback_ids")
    def _compute_feedback_count(self):
        counts = dict(
            self.env["shenpi.push.feedback"]._read_group(
                [("push_id", "in", self.ids)], ["push_id"], ["__count"]
            )
        )
        for push in self:
            push.feedback_count = counts.get(push, 0)

    # === Guard === #

    def _guard_regulator(self):
        principal = self._get_regulator_principal()
        if not principal:
            raise AccessError(
                self.env._(
                    "%(document)s is signed for by a member of %(regulator)s.",
                    document=self.display_name,
                    regulator=self.sudo().regulator_id.name,
                )
            )
        return principal

    def _get_regulator_principal(self):
        """The member of the regulator department as whom the user acts: himself, the one he stands
        in for, or nobody."""
        regulator, user = self.sudo().regulator_id, self.env.user
        if regulator._is_visible_to(user):
            return user
        today = self.env["shenpi.application"]._get_today()
        principals = self.env["shenpi.deputy"]._principals_of(user, today, regulator)
        return principals.filtered(regulator._is_visible_to)[:1]

    # === Workers === #

    @api.model
    def _push(self, vals, at=None):
        """Push one decision: values of the copy, to be signed for within the days of the bureau."""
        return self._push_all([vals], [at])

    @api.model
    def _push_all(self, vals_list, ats):
        """Push several decisions as :meth:`_push` does one, each as of its own moment."""
        now = fields.Datetime.now()
        moments = [at or now for at in ats]
        return self._begin_all(
            "push",
            [
                vals | {"pushed_at": moment, "sign_due_date": self._get_sign_due_date(vals, moment)}
                for vals, moment in zip(vals_list, moments, strict=True)
            ],
            ats,
        )

    @api.model
    def _get_sign_due_date(self, vals, moment):
        days = self.env["res.company"].browse(vals["company_id"]).sudo().shenpi_push_sign_days
        return self.env["shenpi.workday"]._get_due("sign by", local_date(moment), days)

    def _do_sign(self, at=None):
        """Sign for one push on behalf of its regulator."""
        self._open()
        moment = at or fields.Datetime.now()
        signed_on = local_date(moment)
        calendar = self.env["shenpi.workday"]._get_calendar()
        self._transition(
            "sign",
            at=at,
            values={
                "signed_at": moment,
                "signed_by_id": self.env.uid,
                "signed_in_time_rate": 100.0 if signed_on <= self.sign_due_date else 0.0,
                "days_to_sign": calendar.count(local_date(self.pushed_at), signed_on),
            },
        )
        return True

    # === Actions === #

    def action_sign(self):
        """Sign for what is selected; of several, those that are refused are listed with reasons."""
        if len(self) == 1:
            return self._do_sign()
        self.check_access("read")
        refused = [line for line in map(self._try_sign, self) if line]
        wizard = self.env["shenpi.push.sign.wizard"].create(
            {
                "done_count": len(self) - len(refused),
                "line_ids": [fields.Command.create(line) for line in refused],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed for"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _try_sign(self, push):
        """Sign in a savepoint; values of a result line when it is refused."""
        try:
            with self.env.cr.savepoint():
                push._do_sign()
        except UserError as error:
            return {"push_id": push.id, "reason": error.args[0]}
        return None

    def action_open_feedback(self):
        """Report what was found to the bureau."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report to the bureau"),
            "res_model": "shenpi.push.feedback.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_push_id": self.id},
        }

    def action_open_feedbacks(self):
        """What was reported by this push."""
        self.ensure_one()
        xmlid = "shenpi_base.shenpi_push_feedback_action"
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return action | {"domain": [("push_id", "=", self.id)], "context": {}}

    # === Ladder === #

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "sign": Track(
                label=self.env._("Pushes to be signed for"),
                anchors={"due": "sign_due_date"},
                live=Domain("state", "=", "pushed"),
            )
        }

    def _get_ladder_handler(self):
        """Everybody in the regulator department may sign."""
        return self.regulator_id.user_ids

    def _get_ladder_department(self):
        return self.regulator_id
