from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.localtime import local_date
from .shenpi_blocker_flow import LEADS


class ShenpiMeeting(models.Model):
    """A meeting about key projects: the dispatch meeting 调度会 of many, or one about a single one.

    Everybody has it in his calendar, where others see that he is busy and nothing else; what was
    said lies here. Navigators, supervisors and bureau heads call it and write the minutes; closing
    it makes a blocker or a to-do of each decision, and then it is changed by nobody. Read by
    those who take part, by those who see its project, and by supervisors and bureau heads.
    """

    _name = "shenpi.meeting"
    _inherit = [
        "shenpi.project.link",
        "shenpi.sight.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Meeting about key projects"
    _order = "date_start desc, id desc"
    _mail_post_access = "read"
    _check_company_auto = True
    _sight_fields = ("project_id", "attendee_ids")

    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("dispatch", "Dispatch meeting"),
            ("coordination", "Coordination"),
            ("site", "Meeting on site"),
        ],
        required=True,
        default="dispatch",
    )
    state = fields.Selection(
        [("planned", "To be held"), ("held", "Minutes closed")],
        default="planned",
        required=True,
        readonly=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    project_id = fields.Many2one(
        "project.project",
        string="Key project",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_key_project', '=', True), ('company_id', '=', company_id)]",
        help="Empty: about many of them; each decision names its own.",
    )
    date_start = fields.Datetime(string="From", required=True)
    date_stop = fields.Datetime(string="To", required=True)
    place = fields.Char()
    attendee_ids = fields.Many2many(
        "res.users",
        "shenpi_meeting_user_rel",
        "meeting_id",
        "user_id",
        string="Who takes part",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        default=lambda self: self.env.user,
    )
    guests = fields.Char(help="Who takes part from outside the bureau.")
    event_id = fields.Many2one(
        "calendar.event", string="In the calendar", readonly=True, copy=False, ondelete="set null"
    )
    minutes = fields.Html(copy=False)
    decision_ids = fields.One2many("shenpi.meeting.decision", "meeting_id", string="Decisions")

    _times_in_order = models.Constraint(
        "CHECK (date_stop > date_start)", "To: the meeting ends before it begins."
    )

    # === Who sees it === #

    @api.model
    def _get_sight_domain(self):
        user = self.env.user
        domain = (
            Domain("attendee_ids", "in", user.id)
            | Domain("create_uid", "=", user.id)
            | Domain("project_id.in_sight", "=", True)
        )
        if any(user.has_group(group) for group in LEADS):
            domain |= Domain("company_id", "in", user.company_ids.ids)
        return domain

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        for meeting in meetings:
            meeting._put_in_calendar()
        return meetings

    def write(self, vals):
        if not self.env.su and not all(n.startswith(("message_", "activity_")) for n in vals):
            self._check_planned()
        result = super().write(vals)
        if not {"date_start", "date_stop", "place", "attendee_ids", "kind"}.isdisjoint(vals):
            for meeting in self:
                meeting._put_in_calendar()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_planned()
        self.sudo().event_id.unlink()

    def _check_planned(self):
        for meeting in self:
            if meeting.state != "planned":
                raise UserError(
                    self.env._("%s: the minutes are closed, they stay as they are.", meeting.name)
                )

    # === The calendar === #

    def _put_in_calendar(self):
        """The time and the people; neither the project nor a word of what is said."""
        meeting = self.sudo().with_context(no_mail_to_attendees=True, mail_notify_author=False)
        vals = meeting._prepare_event_vals()
        if meeting.event_id:
            meeting.event_id.write(vals)
        else:
            meeting.event_id = self.env["calendar.event"].sudo().create(vals)

    def _prepare_event_vals(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "name": kinds[self.kind],
            "start": self.date_start,
            "stop": self.date_stop,
            "location": self.place,
            "privacy": "private",
            "user_id": self.create_uid.id,
            "partner_ids": [Command.set((self.attendee_ids | self.create_uid).partner_id.ids)],
        }

    # === Decisions === #

    def action_close(self):
        """Close the minutes: each decision becomes a blocker or a to-do, in one step."""
        self.ensure_one()
        self.check_access("write")
        self._check_planned()
        if self.date_start > fields.Datetime.now():
            raise UserError(self.env._("%s has not taken place yet.", self.name))
        if not self.minutes and not self.decision_ids:
            raise UserError(self.env._("%s: write the minutes first.", self.name))
        self.decision_ids._carry_out()
        self.sudo().state = "held"
        return True

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())
