from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..tools import identifiers, messages
from ..tools.localtime import local_date
from .shenpi_licence_reminder import OUTCOMES, REACHED

TASKS = ("call", "visit")
# The field of a licence with the address that a channel needs.
ADDRESS_FIELDS = {"sms": "holder_phone_raw", "mail": "holder_email"}
# In these the holder can still give an answer.
ANSWERABLE = ("open", "failed", "sent")
ACTORS = (
    "shenpi_base.group_shenpi_clerk,shenpi_base.group_shenpi_reviewer,"
    "shenpi_base.group_shenpi_decider,shenpi_base.group_shenpi_navigator,"
    "shenpi_base.group_shenpi_manager"
)


class ShenpiLicenceContact(models.Model):
    """One task or message for the holder of licences that are to be renewed, all his licences that
    are due together: call him, visit him, or what was sent to him.

    Raised by the daily run. The specialist of the licence type works it off; clerks, reviewers,
    deciders and navigators of the department, and the bureau head, may take it over and note the
    answer; supervisors watch. Every attempt is kept as an entry that nobody changes, and the answer
    goes to the ledger line of each licence. Whoever was not reached so often as the bureau says is
    visited. The phone number is shown in clear to the specialist, masked to all others.
    """

    _name = "shenpi.licence.contact"
    _inherit = ["shenpi.personal.mixin", "shenpi.bulk.insert"]
    _description = "Contact with a licence holder"
    _order = "next_date, deadline, id"
    _rec_name = "holder_name"

    _personal = {"phone": identifiers.mask_phone, "email": messages.mask_email}

    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, readonly=True, ondelete="restrict"
    )
    holder_key = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    holder_name = fields.Char(string="Holder", required=True, readonly=True, index="trigram")
    phone_raw = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    phone = fields.Char(compute="_compute_address")
    email_raw = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    email = fields.Char(string="E-mail address", compute="_compute_address")
    specialist_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    channel = fields.Selection(
        [("call", "Call"), ("sms", "SMS"), ("mail", "E-mail message"), ("visit", "Visit")],
        string="Way",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To do"),
            ("failed", "Not delivered"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("sending", "Being sent"),
        ],
        required=True,
        readonly=True,
        group_expand=True,
    )
    raised_on = fields.Date(string="Raised", required=True, readonly=True)
    next_date = fields.Date(string="To do on", readonly=True)
    deadline = fields.Date(
        string="Deadline date",
        readonly=True,
        help="The nearest day by which the holder is to act, of all his licences.",
    )
    is_late = fields.Boolean(string="Overdue", compute="_compute_is_late", search="_search_is_late")
    attempts = fields.Integer(string="Not reached", readonly=True, default=0, aggregator=None)
    outcome = fields.Selection(OUTCOMES, string="Answer", readonly=True)
    answer = fields.Text(string="In his words", readonly=True)
    contacted_at = fields.Datetime(string="Reached on", readonly=True)
    contacted_by_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    line_ids = fields.One2many(
        "shenpi.licence.reminder", "contact_id", string="Licences", readonly=True
    )
    entry_ids = fields.One2many(
        "shenpi.licence.contact.entry", "contact_id", string="Contact record", readonly=True
    )
    told_ids = fields.One2many("shenpi.message", "contact_id", string="Messages", readonly=True)
    licence_count = fields.Integer(string="Number of licences", compute="_compute_licences")
    licence_text = fields.Char(string="Which licences", compute="_compute_licences")
    in_sight = fields.Boolean(compute="_compute_in_sight", search="_search_in_sight")
    can_answer = fields.Boolean(compute="_compute_can")
    can_take = fields.Boolean(compute="_compute_can")
    can_renew = fields.Boolean(compute="_compute_can")

    _one_task = models.UniqueIndex(
        "(company_id, holder_key, channel) WHERE state = 'open' AND channel IN ('call', 'visit')",
        "There is an open task for this holder already.",
    )
    _one_message = models.UniqueIndex(
        "(company_id, holder_key, channel, raised_on) WHERE channel IN ('sms', 'mail')",
        "This holder has been sent a message on that day already.",
    )
    _work_list = models.Index("(company_id, state, next_date)")
    _at_specialist = models.Index("(specialist_id, state, next_date)")

    # === Compute methods === #

    @api.depends("specialist_id")
    @api.depends_context("uid")
    def _compute_address(self):
        self._show_personal()

    @api.depends("state", "next_date")
    def _compute_is_late(self):
        today = self._get_today()
        for contact in self:
            day = contact.next_date
            contact.is_late = contact.state == "open" and bool(day) and day < today

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain("next_date", "<", self._get_today())
        return Domain.OR(late if wanted else ~late for wanted in value)

    @api.depends("line_ids")
    def _compute_licences(self):
        lines = self.sudo().line_ids
        lines.licence_id.fetch(["name", "number"])
        for contact in self:
            licences = contact.sudo().line_ids.licence_id
            contact.licence_count = len(licences)
            contact.licence_text = self._name_licences(
                [f"{licence.name} {licence.number}" for licence in licences]
            )

    @api.depends("specialist_id", "line_ids.department_id")
    @api.depends_context("uid")
    def _compute_in_sight(self):
        visible = set(self.env["shenpi.department"]._get_visible_ids())
        for contact in self:
            departments = contact.sudo().line_ids.department_id
            contact.in_sight = contact.specialist_id == self.env.user or bool(
                visible.intersection(departments.ids)
            )

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        lines = self.env["shenpi.licence.reminder"].sudo()
        query = lines._search([("department_id", "in", visible_ids), ("contact_id", "!=", False)])
        domain = Domain("specialist_id", "=", self.env.uid)
        domain |= Domain("id", "in", query.subselect("contact_id"))
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.depends("state", "outcome", "specialist_id", "line_ids.can_renew")
    @api.depends_context("uid")
    def _compute_can(self):
        for contact in self:
            acts = contact._may_act()
            contact.can_answer = acts and contact.state in ANSWERABLE
            contact.can_take = (
                acts and contact.state in ANSWERABLE and contact.specialist_id != self.env.user
            )
            contact.can_renew = any(contact.sudo().line_ids.mapped("can_renew"))

    def _filter_clear(self):
        """The contacts whose addresses the user sees in clear: those he works on."""
        return self.filtered(lambda contact: self.env.su or contact.specialist_id == self.env.user)

    # === Checks === #

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    def _may_act(self):
        return self.specialist_id == self.env.user or self.env.user.has_groups(ACTORS)

    def _open_for_answer(self):
        """Lock contacts that the user may answer for now."""
        self.check_access("read")
        self.sudo().lock_for_update()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for contact in self:
            if not contact._may_act():
                raise AccessError(
                    self.env._("Your role does not allow you to work on %s.", contact.holder_name)
                )
            if contact.state not in ANSWERABLE:
                raise UserError(
                    self.env._(
                        "%(holder)s: there is nothing to note, the contact is in state"
                        " “%(state)s”.",
                        holder=contact.holder_name,
                        state=labels[contact.state],
                    )
                )

    # === Actions === #

    def action_take(self):
        """Work on it oneself from now on."""
        self._open_for_answer()
        self.sudo().specialist_id = self.env.user
        return True

    def action_renewing(self):
        """The holder will renew: one click."""
        return self._record("renewing")

    def action_not_renewing(self):
        """The holder will not renew: one click."""
        return self._record("not_renewing")

    def action_unreachable(self):
        """Nobody answered: one click, tried again on the next working day."""
        return self._record("unreachable")

    def action_open_answer(self):
        """Ask for the answer in detail."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Note the answer"),
            "res_model": "shenpi.licence.contact.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contact_id": self.id},
        }

    def action_renew(self):
        """Open the renewal application; with several licences, the list to choose from."""
        self.ensure_one()
        self.check_access("read")
        licences = self.line_ids.filtered("can_renew").licence_id or self.line_ids.licence_id
        if len(licences) == 1:
            return licences.action_renew()
        action = self.env["ir.actions.act_window"]._for_xml_id("shenpi_base.shenpi_licence_action")
        return dict(action, domain=[("id", "in", licences.ids)], context={})

    # === Answers === #

    def _record(self, outcome, answer="", next_date=None):
        """Note one attempt for each contact.

        :param str outcome: renewing, not_renewing, unreachable or other
        :param str answer: what the holder said; needed for ``other``
        :param date next_date: when to try again (unreachable only); the next working day if empty
        :raise AccessError: the user may not work on it
        :raise UserError: it is closed already
        :raise ValidationError: ``answer`` or ``next_date`` does not go with the outcome
        """
        answer = (answer or "").strip()
        if outcome == "other" and not answer:
            raise ValidationError(self.env._("answer: say what the holder said."))
        if next_date and next_date < self._get_today():
            raise ValidationError(self.env._("next_date: it has passed already."))
        self._open_for_answer()
        now = fields.Datetime.now()
        self._note_entry(outcome, answer, now)
        contacts = self.sudo()
        if outcome == "unreachable":
            for contact in contacts:
                contact._note_unreachable(answer, next_date)
        else:
            contacts._close(outcome, answer, now)
        return True

    def _note_entry(self, outcome, answer, moment):
        self.env["shenpi.licence.contact.entry"].sudo()._insert_all(
            [
                {
                    "contact_id": contact.id,
                    "happened_at": moment,
                    "user_id": self.env.uid,
                    "channel": contact.channel,
                    "outcome": outcome,
                    "answer": answer or None,
                }
                for contact in self
            ]
        )

    def _close(self, outcome, answer, now):
        """The holder has answered."""
        vals = {"outcome": outcome, "answer": answer or False}
        self.write(
            {
                **vals,
                "state": "done",
                "contacted_at": now,
                "contacted_by_id": self.env.uid,
                "next_date": False,
            }
        )
        self.line_ids.write(vals)
        untold = self.line_ids.filtered(lambda line: line.state not in REACHED)
        untold.write({"state": "done", "told_at": now, "told_by_id": self.env.uid})

    def _note_unreachable(self, answer, next_date):
        """Try again later; a call that was in vain too often becomes a visit."""
        self.line_ids.write({"outcome": "unreachable", "answer": answer or False})
        calendar = self.env["shenpi.workday"]._get_calendar()
        self.write(
            {
                "attempts": self.attempts + 1,
                "outcome": "unreachable",
                "answer": answer or False,
                "next_date": next_date or calendar.add(self._get_today(), 1),
            }
        )
        limit = self.company_id.shenpi_visit_after
        if self.channel not in TASKS:
            self._turn_into("call")
        elif self.channel == "call" and limit and self.attempts >= limit:
            self._turn_into("visit")

    def _turn_into(self, channel):
        """Make it a task of another kind, or hand its licences over to such a task of the same
        holder that is open."""
        other = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("holder_key", "=", self.holder_key),
                ("channel", "=", channel),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if not other:
            self.write({"channel": channel, "state": "open"})
            self.line_ids.filtered(lambda line: line.state == "failed").state = "open"
            return
        self.line_ids.contact_id = other
        self.write({"state": "done", "next_date": False})
