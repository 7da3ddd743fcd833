from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..tools import sms_gateway

# What became of a message, in the words of Odoo's SMS queue.
STATES = {"taken": "success", "refused": "refused", "unknown": "server_error"}


class ShenpiSmsApi(SmsApiBase):
    """Sends the SMS of a bureau through its own gateway."""

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Post a batch of Odoo's queue; the uuid of each SMS is its idempotency key."""
        batch = [
            {"id": number["uuid"], "to": number["number"], "text": message["content"]}
            for message in messages
            for number in message["numbers"]
        ]
        answers = sms_gateway.send(
            self.company._get_sms_gateway(), batch, self.company._get_sms_receipts_url()
        )
        return [
            {
                "uuid": key,
                "state": STATES[answer.status],
                "failure_reason": answer.reason,
                "provider_id": answer.provider_id,
            }
            for key, answer in answers.items()
        ]
