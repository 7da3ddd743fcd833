from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import messages
from ..tools.localtime import parse_moment

MAX_RECEIPTS = 1000


class ShenpiMessageReceipt(models.Model):
    """What the gateway says later: whether a message has reached its receiver.

    Receipts come late, twice and in any order, and while the message is being sent. So each is
    noted first, once, and then applied as soon as nobody holds the message: at once, or by the next
    job. "Delivered" is the last word, also about a message that we take for untaken because the
    gateway's answer was lost (it is not sent again), or that was given up. "Failed" counts for
    the sending it is about, as long as no "delivered" has come. A receipt for a message that we do
    not know is no concern of ours.
    """

    _name = "shenpi.message.receipt"
    _description = "Delivery receipt"
    _order = "id"
    _log_access = False

    message_id = fields.Many2one("shenpi.message", required=True, index=True, ondelete="cascade")
    wire_key = fields.Char(required=True)
    status = fields.Selection([("delivered", "Delivered"), ("failed", "Failed")], required=True)
    happened_at = fields.Datetime()
    received_at = fields.Datetime(required=True)
    reason = fields.Char()
    applied = fields.Boolean(required=True)

    _once = models.UniqueIndex("(wire_key, status)")
    _waiting = models.Index("(message_id) WHERE applied IS NOT TRUE")

    @api.model
    def _take(self, company, receipts):
        """Note receipts (dicts with id, status, at?, reason?) of one bureau's gateway; apply them.

        What is not understood or not about a message of this bureau is passed over.
        """
        told = {}
        for receipt in receipts[:MAX_RECEIPTS]:
            if isinstance(receipt, dict) and isinstance(receipt.get("id"), str):
                told[receipt["id"], str(receipt.get("status"))] = receipt
        known = self.env["shenpi.message"].search(
            [
                ("key", "in", list({key.partition("-")[0] for key, _status in told})),
                ("company_id", "=", company.id),
            ]
        )
        by_key = {message.key: message for message in known}
        for (key, status), receipt in told.items():
            message = by_key.get(key.partition("-")[0])
            if message and status in ("delivered", "failed"):
                self._note(message, key, status, receipt)
        self._apply(known)

    @api.model
    def _note(self, message, key, status, receipt):
        reason = receipt.get("reason")
        self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_message_receipt
                          (message_id, wire_key, status, happened_at, received_at, reason, applied)
                   VALUES (%s, %s, %s, %s, %s, %s, FALSE)
                       ON CONFLICT (wire_key, status) DO NOTHING RETURNING id""",
                message.id,
                key,
                status,
                self._read_moment(receipt.get("at")),
                fields.Datetime.now(),
                messages.scrub(reason) if isinstance(reason, str) else None,
            )
        )

    @api.model
    def _read_moment(self, text):
        """When it happened, as the gateway says; None when it does not, or not credibly."""
        try:
            moment = parse_moment(text)
        except (TypeError, ValueError):
            return None
        return moment if moment <= fields.Datetime.now() + timedelta(minutes=5) else None

    @api.model
    def _apply(self, candidates):
        """Apply what has been noted about these messages, those apart that somebody holds."""
        waiting = self.search([("message_id", "in", candidates.ids), ("applied", "=", False)])
        locked = waiting.message_id.try_lock_for_update()
        for receipt in waiting.filtered(lambda r: r.message_id in locked):
            getattr(receipt, f"_apply_{receipt.status}")(receipt.message_id)
            receipt.applied = True

    def _apply_delivered(self, message):
        if message.state == "delivered":
            return
        message.write(
            {
                "state": "delivered",
                "answered": True,
                "sent_at": message.sent_at or self.received_at,
                "delivered_at": self.happened_at or self.received_at,
                "receipt_at": self.received_at,
                "next_attempt_at": False,
                "error": False,
            }
        )

    def _apply_failed(self, message):
        if message.state == "delivered" or self.wire_key != message._wire_key():
            return
        message.receipt_at = self.received_at
        message._mark_failed(
            self.env._("It was not delivered: %s", self.reason or "-"), answered=True
        )
