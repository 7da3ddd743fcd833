import logging
import smtplib
from contextlib import suppress

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html

from ..tools import messages

_logger = logging.getLogger(__name__)


class ShenpiMessage(models.Model):
    """How messages go out, in the job.

    An SMS becomes a row of Odoo's queue (``sms.sms``) for the length of one attempt: made, sent by
    the gateway class of its bureau, and removed in the same transaction, so that Odoo's own
    scheduled action never sees it, the number stays nowhere, and a crash leaves the message as it
    was. Its uuid is the message's key: the gateway takes a repeated attempt for the same SMS.

    A mail goes out over the bureau's mail server with a Message-ID made of the key. SMTP cannot be
    asked whether it has a mail already; after a crash between sending and commit it goes out once
    more, and the mailbox that compares the Message-ID shows it once.
    """

    _inherit = "shenpi.message"

    def _outbox_send(self):
        by_channel = self.grouped("channel")
        for channel, rows in by_channel.items():
            getattr(rows, f"_send_{channel}")()

    def _get_wire_body(self):
        """Hook: the text as it goes out, where it holds more than the log may show."""
        self.ensure_one()
        return self.body

    # === SMS === #

    def _send_sms(self):
        company = self.company_id
        numbers = {row: row._get_number() for row in self}
        for row, number in numbers.items():
            if not number:
                row._mark_failed(self.env._("This is not the number of a mobile phone."))
        if not company._get_sms_gateway():
            for row in filter(numbers.get, self):
                row._mark_retry(self.env._("The bureau has no SMS gateway any more."))
            return
        envelopes = (
            self.env["sms.sms"]
            .sudo()
            .create(
                [
                    {
                        "uuid": row._wire_key(),
                        "number": number,
                        "body": company._sign_sms(row._get_wire_body()),
                        "company_id": company.id,
                    }
                    for row, number in numbers.items()
                    if number
                ]
            )
        )
        envelopes.send(unlink_sent=False)
        envelopes.unlink()

    def _get_number(self):
        self.ensure_one()
        return messages.to_mobile(self.sudo().address_raw or "")

    @api.model
    def _take_sms_results(self, results):
        """Note what the gateway answered, as the hook of Odoo's queue passes it on."""
        keys = {result["uuid"]: result for result in results}
        rows = self.sudo().search([("key", "in", [key.partition("-")[0] for key in keys])])
        for row in rows:
            result = keys.get(row._wire_key())
            if not result:
                continue
            if result["state"] == "success":
                row._mark_sent(provider_ref=result.get("provider_id"))
            elif result["state"] == "refused":
                reason = messages.scrub(result.get("failure_reason"))
                row._mark_failed(self.env._("The gateway refuses it: %s", reason), answered=True)
            else:
                row._mark_retry(self._describe_gateway(result.get("failure_reason")))

    @api.model
    def _describe_gateway(self, reason):
        """Why the gateway has not said that it has the message."""
        reasons = {
            "timeout": self.env._("The gateway did not answer in time; it may have taken it."),
            "unreachable": self.env._("The gateway cannot be reached."),
            "http_401": self.env._("The gateway does not accept our signature."),
            "http_403": self.env._("The gateway does not accept our signature."),
        }
        if reason in reasons:
            return reasons[reason]
        if reason and reason.startswith("http_"):
            return self.env._("The gateway answered with error %s.", reason[len("http_") :])
        return self.env._("The gateway's answer was not understood.")

    # === Mail === #

    def _send_mail(self):
        servers = self.env["ir.mail_server"].sudo()
        company = self.company_id
        sender = company.email_formatted or servers._get_default_from_address()
        valid = self.filtered(lambda row: email_normalize(row.sudo().address_raw))
        (self - valid)._mark_failed(self.env._("This is not an e-mail address."))
        if not sender:
            valid._mark_retry(self.env._("The bureau has no e-mail address to send from."))
            return
        try:
            session = servers._connect__(smtp_from=sender)
        except (UserError, OSError, smtplib.SMTPException) as error:
            _logger.info("No mail server answers: %s", type(error).__name__)
            valid._mark_retry(self.env._("The mail server cannot be reached."))
            return
        try:
            for row in valid:
                row._send_one_mail(servers, session, sender)
        finally:
            if session:
                with suppress(smtplib.SMTPException, OSError):
                    session.quit()

    def _send_one_mail(self, servers, session, sender):
        """Send over an open session. Not by ``send_email``: what that logs names the receiver."""
        self.ensure_one()
        domain = sender.rpartition("@")[2].strip("> ")
        body = self._get_wire_body()
        mail = servers._build_email__(
            email_from=sender,
            email_to=[self.sudo().address_raw],
            subject=self.subject or self.event_id.display_name or "",
            body=plaintext2html(body),
            body_alternative=body,
            subtype="html",
            subtype_alternative="plain",
            attachments=self._get_notices(),
            message_id=f"<{self._wire_key()}@{domain}>",
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            smtp_from, smtp_to, mail = servers._prepare_email_message__(mail, session)
            session.send_message(mail, smtp_from, smtp_to)
        except smtplib.SMTPRecipientsRefused:
            self._mark_failed(self.env._("The mail server refuses this receiver."), answered=True)
        except (OSError, smtplib.SMTPException, AssertionError) as error:
            self._mark_retry(
                self.env._("The mail server did not take it: %s.", type(error).__name__)
            )
        else:
            self._mark_sent(provider_ref=mail["Message-Id"])
