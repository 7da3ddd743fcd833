from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import groupby

from ..tools import identifiers, messages
from ..tools.localtime import to_local, to_utc
from .shenpi_outbox_mixin import OPEN_STATES

FAILED_ACTIVITY = "shenpi_base.mail_activity_message_failed"
MASKS = {"sms": identifiers.mask_phone, "mail": messages.mask_email}


class ShenpiMessage(models.Model):
    """What was told to whom, over which channel, and what became of it: outbox and log in one.

    Written in the transaction of the event it tells of, one for each event, receiver and channel
    (or of the reminder of a licence holder, ``shenpi.licence.contact``); sent by a job
    (``shenpi.outbox.mixin``). Nobody writes or deletes it but the flow; whoever reads a case or a
    contact reads its messages. Addresses lie in a field that only sudo code reads: they are shown
    in clear to those who have a part in the case or contact, masked to all others.
    """

    _name = "shenpi.message"
    _inherit = ["shenpi.outbox.mixin"]
    _description = "Message"
    _rec_name = "receiver_name"
    _log_access = False

    # Receivers who are not to be woken.
    _private_receivers = ("applicant", "agent", "holder")

    application_id = fields.Many2one(
        "shenpi.application", string="Case", index=True, ondelete="restrict"
    )
    contact_id = fields.Many2one(
        "shenpi.licence.contact",
        string="Licence reminder",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    about_other = fields.Boolean(
        string="About another document",
        readonly=True,
        help="About a document of another addon, which has a field and a check of its own for it.",
    )
    item_id = fields.Many2one(related="application_id.item_id")
    event_id = fields.Many2one("shenpi.event", index="btree_not_null", ondelete="restrict")
    event_key = fields.Selection(
        selection="_selection_event_key", string="Occasion", required=True, readonly=True
    )
    template_id = fields.Many2one(
        "shenpi.message.template", index="btree_not_null", ondelete="set null"
    )
    channel = fields.Selection(
        [("sms", "SMS"), ("mail", "E-mail message")],
        string="Sent as",
        required=True,
        readonly=True,
    )
    receiver = fields.Selection(
        [
            ("applicant", "Applicant"),
            ("agent", "Agent"),
            ("handler", "Handler"),
            ("department_head", "Head of the department"),
            ("holder", "Licence holder"),
        ],
        string="Receiver is",
        required=True,
        readonly=True,
    )
    receiver_name = fields.Char(string="Receiver", readonly=True)
    address_raw = fields.Char(groups=fields.NO_ACCESS)
    address = fields.Char(string="Sent to", compute="_compute_address")
    subject = fields.Char(readonly=True)
    body = fields.Text(string="Text", readonly=True)
    provider_ref = fields.Char(string="Gateway's number", readonly=True)
    delivered_at = fields.Datetime(string="Delivered on", readonly=True)
    receipt_at = fields.Datetime(string="Receipt arrived", readonly=True)
    resend_reason = fields.Char(string="Sent again because", readonly=True)
    resent_by_id = fields.Many2one("res.users", string="Sent again by", readonly=True)
    resent_at = fields.Datetime(string="Sent again on", readonly=True)
    can_send_again = fields.Boolean(compute="_compute_can_send_again")

    _about_something = models.Constraint(
        "CHECK (application_id IS NOT NULL OR contact_id IS NOT NULL OR about_other IS TRUE)",
        "A message is about a case or goes to a licence holder.",
    )
    _failed = models.Index("(company_id, id) WHERE state = 'failed'")

    @api.model
    def _selection_event_key(self):
        return self.env["shenpi.message.template"]._selection_event_key()

    # === Compute methods === #

    @api.depends_context("uid")
    @api.depends("application_id", "contact_id", "channel")
    def _compute_address(self):
        clear = self._filter_clear()
        for message in self:
            address = message.sudo().address_raw
            known = message in clear or not address
            message.address = address if known else MASKS[message.channel](address)

    def _filter_clear(self):
        """Hook: the messages whose address the user may know: he has a part in what they tell."""
        cases = self.application_id._filter_clear()
        contacts = self.contact_id._filter_clear()
        return self.filtered(lambda m: m.application_id in cases or m.contact_id in contacts)

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_send_again(self):
        allowed = self._may_send_again()
        for message in self:
            message.can_send_again = allowed and message.state not in OPEN_STATES

    # === Raising === #

    @api.model
    def _notify(
        self, documents, event_key, receivers=None, *, events=None, occasion="", values=None
    ):
        """Tell what templates say about an occasion, once for each receiver and channel.

        Costs next to nothing when the bureau has no template or no channel for it. A receiver
        without an address in a channel gets nothing over it.

        :param documents: applications, or records with an ``application_id``
        :param str event_key: ``<model>.<action>``, as templates name it
        :param receivers: the roles to tell; all that templates name when it is left out
        :param events: the ``shenpi.event`` of each document, in the same order, where it has one
        :param str occasion: what tells two occasions of one document apart that have no event (the
            rung of a ladder, a date); without it the document's receivers are told once and for all
        :param dict values: ``{document id: {placeholder: word}}`` beyond those of the case
        :return: the new messages
        """
        if not documents or not self.env["res.company"]._get_messaging_ids():
            return self.browse()
        vals_list = []
        pairs = zip(documents, events or [None] * len(documents), strict=True)
        for document, event in pairs:
            case = self._get_case(document)
            if not case:
                continue
            origin = f"{event_key}/{document.id}/{occasion}"
            if event:
                if not self._is_recent(event, case.company_id):
                    continue
                origin = f"event/{event.id}"
            further = (values or {}).get(document.id, {})
            vals_list += self._prepare_messages(case, event_key, origin, event, further, receivers)
        return self.sudo()._outbox_put(vals_list).with_env(self.env)

    @api.model
    def _notify_events(self, documents, events):
        """Tell what templates say about transitions; called after each."""
        pairs = zip(documents, events, strict=True)
        for action, group in groupby(pairs, key=lambda pair: pair[1].action):
            moved, told = zip(*group, strict=True)
            self._notify(
                documents.browse(document.id for document in moved),
                f"{documents._name}.{action}",
                events=events.browse(event.id for event in told),
            )

    @api.model
    def _get_case(self, document):
        """Hook: what is told of when something happens to a document, as sudo, in the language of
        documents: the application that it is about."""
        case = document if document._name == "shenpi.application" else document.application_id
        return case.sudo()._in_writing()

    @api.model
    def _is_recent(self, event, company):
        """Whether the fact was entered when it happened, not long afterwards."""
        lag = event.recorded_at - event.happened_at
        return lag <= timedelta(days=company.shenpi_message_days)

    @api.model
    def _prepare_messages(self, case, event_key, origin, event, further, receivers):
        templates = self.env["shenpi.message.template"].sudo().with_context(lang=case.env.lang)
        value_of = self.env["shenpi.message.values"]._reader(
            case, event or self.env["shenpi.event"], further
        )
        rows = {}
        item = self._get_item(case)
        for template in templates._choose(event_key, case.company_id.id, item):
            if receivers is not None and template.receiver not in receivers:
                continue
            row = self._prepare_message(template, case, value_of)
            if not row["address_raw"]:
                continue
            row["origin"] = f"{origin}/{template.receiver}/{template.channel}"
            row["event_id"] = event.id if event else None
            # The agent of a case may be its applicant's contact too.
            rows.setdefault((template.channel, row["address_raw"]), row)
        return list(rows.values())

    @api.model
    def _get_item(self, case):
        """Hook: the item by which templates are chosen."""
        return case.item_id

    @api.model
    def _get_link(self, case):
        """Hook: the field that points to what is told of, as values."""
        return {"application_id": case.id}

    @api.model
    def _prepare_message(self, template, case, value_of):
        """Values of the message that a template makes of a case."""
        name, address = self._get_receiver(case, template.receiver, template.channel)
        return {
            "company_id": case.company_id.id,
            **self._get_link(case),
            "event_key": template.event_key,
            "template_id": template.id,
            "channel": template.channel,
            "receiver": template.receiver,
            "receiver_name": name,
            "address_raw": address,
            "subject": messages.render(template.subject, value_of) or None,
            "body": messages.render(template.body, value_of),
        }

    @api.model
    def _get_receiver(self, case, receiver, channel):
        """Hook: ``(name, address)``; applicants without a number of their own are told by their
        agent."""
        if receiver == "applicant":
            phone = case.applicant_phone_raw or case.agent_phone_raw
            return case.applicant_name, phone if channel == "sms" else case.applicant_email
        if receiver == "agent":
            return case.agent_name, case.agent_phone_raw if channel == "sms" else None
        user = case.handler_id if receiver == "handler" else case.department_id.manager_id
        return user.name, user.partner_id.phone if channel == "sms" else user.email

    # === Quiet hours === #

    def _outbox_hold(self, now):
        """Applicants and agents hear nothing in the quiet hours, first attempt or not."""
        held = {}
        for company, rows in self.grouped("company_id").items():
            until = company._get_quiet_end(to_local(now))
            if until:
                private = rows.filtered(lambda row: row.receiver in self._private_receivers)
                held.update(dict.fromkeys(private, to_utc(until)))
        return held

    @api.model
    def _outbox_settle(self, company_id=None):
        """Apply the receipts that came while their messages were being sent."""
        domain = [("applied", "=", False)]
        if company_id:
            domain += [("message_id.company_id", "=", company_id)]
        waiting = self.env["shenpi.message.receipt"].search(domain, limit=1000)
        waiting._apply(waiting.message_id)

    # === Failure === #

    def _outbox_failed(self):
        """Tell the bureau heads, with one activity at a time however many have failed."""
        for company, rows in self.grouped("company_id").items():
            for head in self._get_heads(company) - self._get_warned(company):
                document = rows._find_readable(head)
                document = document.with_context(lang=head.lang)
                document.activity_schedule(
                    FAILED_ACTIVITY,
                    summary=document.env._("Messages could not be sent"),
                    user_id=head.id,
                )

    def _get_documents(self):
        """Hook: the recordsets of documents that these messages are about."""
        return [self.application_id]

    def _find_readable(self, user):
        """The first document of these messages that a user reads, as sudo; empty when none."""
        for documents in self._get_documents():
            seen = documents.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            if found := seen._filtered_access("read")[:1]:
                return found.with_env(self.env)
        return self.application_id.browse()

    @api.model
    def _get_heads(self, company):
        managers = self.env.ref("shenpi_base.group_shenpi_manager").all_user_ids
        return managers.filtered(
            lambda user: company in user.company_ids and user.id != SUPERUSER_ID
        )

    @api.model
    def _get_warned(self, company):
        """The people who have such an activity before them already."""
        activity_type = self.env.ref(FAILED_ACTIVITY)
        activities = (
            self.env["mail.activity"].sudo().search([("activity_type_id", "=", activity_type.id)])
        )
        return activities.filtered(
            lambda a: self.env[a.res_model].sudo().browse(a.res_id).company_id == company
        ).user_id

    @api.model
    def _count_by_state(self, company_ids):
        """``{state: number}`` of the messages of these bureaus raised in the last 30 days."""
        since = fields.Datetime.now() - timedelta(days=30)
        domain = [("company_id", "in", list(company_ids)), ("raised_at", ">=", since)]
        return dict(self.sudo()._read_group(domain, ["state"], ["__count"]))

    # === Actions === #

    @api.model
    def _may_send_again(self):
        return self.env.user.has_groups(
            "shenpi_base.group_shenpi_clerk,shenpi_base.group_shenpi_reviewer,"
            "shenpi_base.group_shenpi_decider,shenpi_base.group_shenpi_supervisor,"
            "shenpi_base.group_shenpi_manager"
        )

    def _do_send_again(self, reason, address=""):
        """Put a message into the outbox once more, and keep why.

        :param str address: another number or address to send it to; the same one when empty
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_send_again():
            raise AccessError(self.env._("Your role does not allow you to send messages again."))
        if not (reason or "").strip():
            raise ValidationError(self.env._("reason: say why the message is sent again."))
        message = self.sudo()
        message.lock_for_update()
        if message.state in OPEN_STATES:
            raise UserError(self.env._("This message is still waiting to be sent."))
        vals = {
            "resend_reason": reason,
            "resent_by_id": self.env.uid,
            "resent_at": fields.Datetime.now(),
            "delivered_at": False,
            "receipt_at": False,
        }
        address = (address or "").strip()
        if self.channel == "sms":
            address = identifiers.normalise(address)
        if address and address != message.address_raw:
            # Another receiver: what became of the first sending says nothing about this one.
            vals.update(address_raw=address, answered=True)
        message.write(vals)
        message._send_again()
        return True

    def action_open_send_again(self):
        """Ask why, and where to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send again"),
            "res_model": "shenpi.message.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_message_id": self.id},
        }
