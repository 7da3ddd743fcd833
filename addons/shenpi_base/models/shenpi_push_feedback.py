from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools import flow
from ..tools.localtime import local_date
from .shenpi_application_flow import DECIDER, MANAGER, REVIEWER
from .shenpi_inspection_flow import STAFF
from .shenpi_ladder_mixin import Track

HANDLE = frozenset({REVIEWER, DECIDER, MANAGER})

TRANSITIONS = flow.table(
    (
        flow.Transition("report", frozenset({""}), "open", frozenset({STAFF})),
        flow.Transition(
            "handle", frozenset({"open"}), "handled", HANDLE, "_guard_handling_department"
        ),
    )
)
FEEDBACK_KINDS = [
    ("change", "Change"),
    ("withdraw", "Withdraw the permit"),
    ("revoke", "Revoke"),
    ("cancel", "Cancel the registration"),
]


class ShenpiPushFeedback(models.Model):
    """What a regulator reports about a decision pushed to him, and what became of it.

    Who may do what, when:

    * a member of the regulator department of the push reports that the decision is to be changed,
      withdrawn (撤回), revoked (撤销) or its registration cancelled (注销), with facts and files;
    * it is a task of the department that handled the case, due within the working days the bureau
      has set: a reviewer or decider of it, or the bureau head, checks the facts, does what follows
      from them and answers; the answer is pushed back to the regulator.

    Both departments read it.
    """

    _name = "shenpi.push.feedback"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.day.light.mixin",
        "shenpi.ladder.mixin",
        "shenpi.attachment.owner",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Feedback of a regulator"
    _order = "due_date, id"
    _mail_post_access = "read"

    _transitions = TRANSITIONS
    _event_field = "push_feedback_id"
    _waiting_states = ("open",)
    _flow_fields = frozenset(
        {
            "state",
            "push_id",
            "application_id",
            "licence_id",
            "company_id",
            "department_id",
            "regulator_id",
            "kind",
            "text",
            "attachment_ids",
            "reported_at",
            "reported_by_id",
            "due_date",
            "outcome",
            "answer",
            "handled_at",
            "handled_by_id",
        }
    )

    state = fields.Selection(
        [("open", "To be handled"), ("handled", "Handled")],
        required=True,
        readonly=True,
        index=True,
    )
    push_id = fields.Many2one(
        "shenpi.push", required=True, readonly=True, index=True, ondelete="restrict"
    )
    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    application_number = fields.Char(related="push_id.application_number")
    holder_name = fields.Char(related="push_id.holder_name")
    item_name = fields.Char(related="push_id.item_name")
    licence_id = fields.Many2one(
        "shenpi.licence", readonly=True, index="btree_not_null", ondelete="restrict"
    )
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
        "shenpi.department", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(FEEDBACK_KINDS, string="Asks to", required=True, readonly=True)
    text = fields.Text(string="Facts", required=True, readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_push_feedback_attachment_rel",
        "feedback_id",
        "attachment_id",
        string="Files",
        readonly=True,
    )
    reported_at = fields.Datetime(string="Reported on", required=True, readonly=True)
    reported_by_id = fields.Many2one(
        "res.users", string="Reported by", required=True, readonly=True, ondelete="restrict"
    )
    due_date = fields.Date(string="Handle by", required=True, readonly=True, index=True)
    light = fields.Selection(
        [("green", "In time"), ("yellow", "Due today"), ("red", "Overdue"), ("none", "Handled")]
    )
    outcome = fields.Selection(
        [("done", "Done as asked"), ("other", "Handled otherwise"), ("declined", "Not warranted")],
        readonly=True,
    )
    answer = fields.Text(readonly=True)
    handled_at = fields.Datetime(string="Handled on", readonly=True)
    handled_by_id = fields.Many2one(
        "res.users", string="Handled by", readonly=True, ondelete="restrict"
    )
    can_handle = fields.Boolean(compute="_compute_can_handle")
    event_ids = fields.One2many("shenpi.event", "push_feedback_id", readonly=True)

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("kind", "holder_name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for feedback in self:
            parts = (kinds.get(feedback.kind), feedback.holder_name)
            feedback.display_name = " · ".join(filter(None, parts))

    @api.depends("state", "department_id")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        for feedback in self:
            feedback.can_handle = "handle" in feedback._get_allowed_actions()

    # === Guard === #

    def _guard_handling_department(self):
        user, department = self.env.user, self.sudo().department_id
        if department._is_visible_to(user) or user.has_group(MANAGER):
            return user
        today = self.env["shenpi.application"]._get_today()
        principals = self.env["shenpi.deputy"]._principals_of(user, today, department)
        principal = principals.filtered(department._is_visible_to)[:1]
        if not principal:
            raise AccessError(
                self.env._(
                    "%(document)s is handled by %(department)s.",
                    document=self.display_name,
                    department=department.name,
                )
            )
        return principal

    # === Workers === #

    @api.model
    def _do_report(self, push, kind, text, files=None, at=None):
        """Report by a push what the regulator found.

        :param str kind: change, withdraw, revoke or cancel
        :param files: ``ir.attachment`` uploaded by the user
        """
        push._open()
        push._guard_regulator()
        if kind not in dict(FEEDBACK_KINDS):
            raise ValidationError(self.env._("kind: must be change, withdraw, revoke or cancel."))
        if not (text or "").strip():
            raise ValidationError(self.env._("facts: say what was found."))
        moment = at or fields.Datetime.now()
        company = push.company_id.sudo()
        workdays = self.env["shenpi.workday"]
        feedback = self._begin(
            "report",
            {
                "push_id": push.id,
                "application_id": push.application_id.id,
                "licence_id": push.licence_id.id,
                "company_id": company.id,
                "department_id": push.department_id.id,
                "regulator_id": push.regulator_id.id,
                "kind": kind,
                "text": text,
                "attachment_ids": [fields.Command.set(files.ids if files else [])],
                "reported_at": moment,
                "reported_by_id": self.env.uid,
                "due_date": workdays._get_due(
                    "handle by", local_date(moment), company.shenpi_feedback_days
                ),
            },
            at=at,
        )
        feedback._adopt_attachments("attachment_ids")
        feedback._plan_activity()
        return feedback

    def _plan_activity(self):
        """A task for the head of the handling department, or whoever decided the case."""
        person = self._get_ladder_people("head") or self._get_ladder_people("handler")
        for user in person[:1]:
            feedback = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            feedback.sudo().activity_schedule(
                "shenpi_base.mail_activity_feedback",
                date_deadline=self.due_date,
                user_id=user.id,
                summary=feedback.display_name,
                note=self.text,
            )

    def _do_handle(self, outcome, answer, at=None):
        """Answer what was reported; the answer is pushed back to the regulator.

        :param str outcome: done (as the regulator asked), other or declined
        """
        self._open()
        if outcome not in dict(self._fields["outcome"].selection):
            raise ValidationError(self.env._("outcome: must be done, other or declined."))
        if not (answer or "").strip():
            raise ValidationError(self.env._("answer: say what was done, or why nothing was."))
        self._transition(
            "handle",
            at=at,
            values={
                "outcome": outcome,
                "answer": answer,
                "handled_at": at or fields.Datetime.now(),
                "handled_by_id": self.env.uid,
            },
            event={"opinion": answer, "data": {"outcome": outcome}},
        )
        self.sudo().activity_unlink(["shenpi_base.mail_activity_feedback"])
        writing = self.with_context(lang=self.env["shenpi.application.document"]._get_lang())
        outcomes = dict(writing._fields["outcome"]._description_selection(writing.env))
        application = self.sudo().application_id
        vals = application._prepare_push_vals("reply") | {
            "feedback_id": self.id,
            "regulator_id": self.regulator_id.id,
            "content": f"{writing.display_name}\n{self.text}",
            "result": f"{outcomes[outcome]}\n{answer}",
        }
        self.env["shenpi.push"]._push(vals, at=at)
        return True

    # === Actions === #

    def action_open_answer(self):
        """Answer the regulator."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the regulator"),
            "res_model": "shenpi.push.answer.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_feedback_id": self.id},
        }

    # === Ladder === #

    @api.model
    def _get_ladder_tracks(self):
        return super()._get_ladder_tracks() | {
            "feedback": Track(
                label=self.env._("Feedback of regulators"),
                anchors={"due": "due_date"},
                live=Domain("state", "=", "open"),
            )
        }

    def _get_ladder_handler(self):
        """Whoever decided the case."""
        decided = self.application_id.event_ids.filtered(
            lambda event: event.action in ("grant", "deny")
        )
        return decided[-1:].user_id
