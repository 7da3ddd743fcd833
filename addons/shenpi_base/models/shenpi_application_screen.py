import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools import identifiers
from ..tools.localtime import local_date
from ..tools.workdays import CalendarRangeError
from .shenpi_application import OPEN_STATES
from .shenpi_application_dates import CLOCK_STATES
from .shenpi_application_flow import CLERK, DECIDER, REVIEWER

# Odoo's palette: one meaning each, on every screen.
LIGHT_COLORS = {"none": 0, "red": 1, "yellow": 3, "green": 10}

ITEM_CODE_LENGTH = 31
NUMBER_END_LENGTH = 12  # date and serial of four digits
SHORT_NUMBER = re.compile(r"20\d{6}-?\d{4,5}")
PHONE_END = re.compile(r"\d{4}")
DOCUMENT = re.compile(r"[0-9A-Z+-]{5,20}")
# By these a certain case is looked for.
LOOKED_UP = frozenset(
    {"find", "number", "applicant_name", "applicant_id_number", "applicant_phone", "project_name"}
)


class ShenpiApplication(models.Model):
    """What the screens show of an application beyond its own fields, and how it is found."""

    _inherit = "shenpi.application"

    state = fields.Selection(group_expand="_group_expand_states")
    number_short = fields.Char(
        string="Short number",
        compute="_compute_number_short",
        help="Date and serial: the end of the number, after the code of the item.",
    )
    color = fields.Integer(compute="_compute_color")
    due_left = fields.Char(string="Time left", compute="_compute_due_left")
    clock_count = fields.Char(string="Days", compute="_compute_clock_note")
    clock_note = fields.Text(string="Why", compute="_compute_clock_note")
    work_note = fields.Char(string="Next", compute="_compute_work_note")
    form_table = fields.Html(string="Form as filed", compute="_compute_form_table", sanitize=False)
    correction_line_ids = fields.One2many(
        "shenpi.application.correction.line",
        string="What was told",
        compute="_compute_correction_line_ids",
    )
    item_code = fields.Char(related="item_id.code", string="Item code")
    find = fields.Char(store=False, search="_search_find")
    at_work = fields.Boolean(
        string="Open",
        store=False,
        search="_search_at_work",
        help="A preset of lists: it gives way to whoever looks for a certain case.",
    )
    is_mine = fields.Boolean(
        string="For me to do", store=False, compute="_compute_is_mine", search="_search_is_mine"
    )

    _number_end = models.Index(f"(right(number, {NUMBER_END_LENGTH}))")

    # === Correction === #

    @api.depends("correction_ids.line_ids")
    def _compute_correction_line_ids(self):
        for application in self:
            application.correction_line_ids = application.correction_ids.line_ids

    # === Numbers and lights === #

    @api.depends("number")
    def _compute_number_short(self):
        for application in self:
            end = (application.number or "")[ITEM_CODE_LENGTH:]
            application.number_short = f"{end[:8]}-{end[8:]}" if end else False

    @api.depends("light")
    def _compute_color(self):
        for application in self:
            application.color = LIGHT_COLORS[application.light]

    @api.depends("due_date")
    def _compute_due_left(self):
        today = self._get_today()
        calendar = self.env["shenpi.workday"]._get_calendar()
        for application in self:
            due = application.due_date
            try:
                days = due and calendar.count(today, due)
            except CalendarRangeError:
                due = False
            application.due_left = due and self._describe_left(today, due, days)

    @api.model
    def _describe_left(self, today, due, days):
        """Working days to the end of the limit that runs, in words."""
        if due == today:
            return self.env._("Due today")
        if days > 1:
            return self.env._("%s working days left", days)
        if due > today:
            return self.env._("1 working day left")
        if days < -1:
            return self.env._("%s working days late", -days)
        return self.env._("1 working day late") if days else self.env._("Late")

    # === The clock in words === #

    @api.depends("due_date", "state", "received_at", "accepted_date", "decided_at")
    def _compute_clock_note(self):
        for application in self:
            state = application.received_at and application._evaluate_clock()
            application.clock_note = state and application._describe_clock(state)
            application.clock_count = state and application._describe_count(state)

    def _describe_count(self, state):
        if state.used is None:
            return False
        units = dict(self.item_id._fields["limit_unit"]._description_selection(self.env))
        unit = self.item_id.limit_unit
        # Months are measured in days.
        values = {"used": state.used, "unit": units["calendar_days" if unit == "months" else unit]}
        if state.left < 0:
            return self.env._("%(used)s %(unit)s used, %(late)s late", late=-state.left, **values)
        return self.env._("%(used)s %(unit)s used, %(left)s left", left=state.left, **values)

    def _describe_clock(self, state):
        """Why the dates are what they are, in a sentence or two."""
        if self.state == "received":
            return self._describe_filing()
        if self.state == "correcting":
            return self.env._(
                "The applicant has been told what is missing. No limit runs until he supplies it."
            )
        if state.paused:
            return self.env._(
                "The clock stands still; it is planned to go on after %(day)s.",
                day=self._show_date(state.pause_until),
            )
        if self.state in ("granted", "denied"):
            return self.env._(
                "Decided on %(day)s. The result is to be delivered within %(days)s working days of"
                " the decision.",
                day=self._show_moment(self.decided_at),
                days=self.item_id.delivery_days,
            )
        return self._describe_handling(state) if self.accepted_date else False

    def _describe_filing(self):
        supplemented = self.sudo().correction_ids[-1:].supplemented_at
        moment = supplemented or self.received_at
        values = {"day": self._show_moment(moment), "days": self.item_id.correction_days}
        if supplemented:
            return self.env._(
                "Supplemented on %(day)s. It is to be accepted or refused within %(days)s working"
                " days; the day of the supplement does not count.",
                **values,
            )
        return self.env._(
            "Received on %(day)s. Within %(days)s working days the applicant is told once"
            " everything that is missing, or the application counts as accepted from that day.",
            **values,
        )

    def _describe_handling(self, state):
        item = self.item_id
        units = dict(item._fields["limit_unit"]._description_selection(self.env))
        if not item.promised_limit:
            return self.env._(
                "Accepted on %s. The bureau promises to decide on the day of acceptance.",
                self._show_date(state.start),
            )
        return self.env._(
            "Received on %(received)s, accepted on %(accepted)s. The law gives %(statutory)s"
            " %(unit)s, the bureau promises %(promised)s; the day of acceptance does not count.",
            received=self._show_moment(self.received_at),
            accepted=self._show_date(state.start),
            statutory=item.statutory_limit,
            promised=item.promised_limit,
            unit=units[item.limit_unit],
        )

    def _show_date(self, day):
        return format_date(self.env, day) if day else ""

    def _show_moment(self, moment):
        return self._show_date(local_date(moment)) if moment else ""

    # === What comes next === #

    @api.depends("state", "handler_id", "step_id", "material_ids.status")
    @api.depends_context("uid")
    def _compute_work_note(self):
        for application in self:
            describe = getattr(application, f"_describe_work_{application.state}", None)
            application.work_note = describe() if describe else application._describe_work_step()

    def _describe_work_draft(self):
        return self.env._("Tick what has been handed in, then receive.")

    def _describe_work_received(self):
        missing = self._get_missing()
        if not missing:
            return self.env._("Every required material is there: accept.")
        names = "、".join(missing.mapped("name"))
        if self.sudo().correction_ids:
            return self.env._("Still missing after the correction: %s.", names)
        return self.env._("Missing: %s. Tell the applicant once, completely.", names)

    def _describe_work_correcting(self):
        return self.env._("Waiting for the applicant to supply what he was told.")

    def _describe_work_granted(self):
        return self.env._("Granted: hand the result over.")

    def _describe_work_denied(self):
        return self.env._("Denied: hand the decision over.")

    def _describe_work_step(self):
        step = self.step_id
        if self.state not in OPEN_STATES or not step:
            return False
        if self.handler_id:
            return self.env._(
                "%(step)s: with %(person)s.", step=step.name, person=self.handler_id.name
            )
        return self.env._(
            "%(step)s: nobody in %(department)s has taken it yet.",
            step=step.name,
            department=step.department_id.name,
        )

    # === The form as filed === #

    @api.depends("form_data")
    def _compute_form_table(self):
        row = Markup('<tr><th class="fw-normal text-muted pe-4">%s</th><td>%s</td></tr>')
        for application in self:
            data = application.form_data
            pairs = data.items() if isinstance(data, dict) else ()
            rows = Markup().join(row % (key, self._show_form_value(value)) for key, value in pairs)
            application.form_table = (
                rows
                and Markup('<table class="table table-sm w-auto"><tbody>%s</tbody></table>') % rows
            )

    @api.model
    def _show_form_value(self, value):
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, list):
            return "、".join(str(self._show_form_value(entry)) for entry in value)
        if isinstance(value, dict):
            return "; ".join(f"{key}: {self._show_form_value(v)}" for key, v in value.items())
        return "" if value is None else value

    # === Groups === #

    @api.model
    def _group_expand_states(self, states, domain):
        """Columns of work in hand are shown when empty, the others only when asked for."""
        order = [key for key, _label in self._fields["state"].selection]
        return [key for key in order if key in OPEN_STATES or key in states]

    # === Finding === #

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Closed cases are found by number, name, code or phone though a list is preset to open
        ones: as archived records are where one asks for them."""
        domain = Domain(domain)
        names = {condition.field_expr for condition in domain.iter_conditions()}
        if "at_work" in names and not LOOKED_UP.isdisjoint(names):
            domain = domain.map_conditions(
                lambda condition: Domain.TRUE if condition.field_expr == "at_work" else condition
            )
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _search_at_work(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "in", CLOCK_STATES)
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.model
    def _search_find(self, operator, value):
        """Whatever a clerk scans or types into one box: a number or its end, a whole identity code
        or phone, the last four digits of a phone, else a name. Each is one look into an index."""
        if operator not in ("in", "ilike", "like", "="):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        return Domain.OR(self._get_find_domain(str(text).strip()) for text in texts if text)

    def _get_find_domain(self, text):
        code = identifiers.normalise(text)
        if len(code) >= ITEM_CODE_LENGTH + NUMBER_END_LENGTH:
            return Domain("number", "=", code)
        if SHORT_NUMBER.fullmatch(code):
            return self._get_number_end_domain(code.replace("-", ""))
        if PHONE_END.fullmatch(code):
            return Domain("applicant_phone", "in", [code])
        if DOCUMENT.fullmatch(code):
            found = self.sudo()._search(
                [
                    "|",
                    "|",
                    ("applicant_id_number_raw", "=", code),
                    ("applicant_phone_raw", "=", code),
                    ("applicant_name", "=ilike", text),
                ]
            )
            return Domain("id", "in", found)
        return self._get_name_domain(text)

    @api.model
    def _get_number_end_domain(self, end):
        """Numbers ending with date and serial, by the index on their last characters."""

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "number", query)
            return SQL(
                "right(%s, %s) = %s", column, SQL(str(NUMBER_END_LENGTH)), end[-NUMBER_END_LENGTH:]
            )

        return Domain.custom(to_sql=to_sql) & Domain("number", "=like", f"%{end}")

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.search([("id", "in", self.ids), ("is_mine", "=", True)])
        for application in self:
            application.is_mine = application in mine

    @api.model
    def _search_is_mine(self, operator, value):
        """The cases on which this user is to act now: his drafts, what his window is to check, what
        he handles, and what nobody has taken of the steps he may act on; the same for everybody
        he stands in for."""
        if operator != "in":
            return NotImplemented
        user, people = self.env.user, self._get_people()
        domain = Domain("state", "=", "draft") & Domain("filed_by_id", "=", user.id)
        # Parts of a bundle wait for their turn by themselves.
        domain &= Domain("bundle_line_id", "=", False) | Domain(
            "bundle_line_id.status", "=", "drafted"
        )
        in_hand = Domain("state", "in", ("accepted", "reviewing", "deciding"))
        domain |= in_hand & Domain("handler_id", "in", people.ids)
        for person in people:
            domain |= in_hand & Domain("handler_id", "=", False) & self._get_role_domain(person)
        if user.has_group(CLERK):
            domain |= Domain("state", "=", "received") & (
                Domain("filed_by_id", "=", user.id) | Domain("window_id.user_ids", "in", user.ids)
            )
        return domain

    def _get_people(self):
        user = self.env.user
        return user | self.env["shenpi.deputy"]._principals_of(user, self._get_today())

    def _get_role_domain(self, person):
        """Steps in hand on which this person may act."""
        person = person.sudo()
        roles = [
            role
            for role, group in (("reviewer", REVIEWER), ("decider", DECIDER))
            if person.has_group(group)
        ]
        named = Domain("step_id.user_id", "=", person.id)
        return Domain("step_id.role", "in", roles) & (
            named
            | (
                Domain("step_id.user_id", "=", False)
                & Domain("step_id.department_id.visible_user_ids", "in", person.ids)
            )
        )
