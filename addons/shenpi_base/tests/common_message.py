"""Fixtures of the tests of messages: bureaus that send, a gateway that is told what to answer."""

from contextlib import contextmanager
from unittest.mock import patch

from ..tools import sms_gateway
from .common import ShenpiCommon

KEY = "a key of sixteen characters or more"


class FakeGateway:
    """Stands in for `sms_gateway.send`: remembers what it was given, answers what it is told."""

    def __init__(self):
        self.calls = []
        self.answer = sms_gateway.Answer("taken", provider_id="P1")
        self.by_number = {}

    def send(self, gateway, messages, receipts_url):
        self.calls.append((gateway, messages, receipts_url))
        return {
            message["id"]: self.by_number.get(message["to"], self.answer) for message in messages
        }

    @property
    def messages(self):
        return [message for _gateway, messages, _url in self.calls for message in messages]


class MessageCommon(ShenpiCommon):
    """``company`` and ``district`` have a gateway each; ``company`` has no quiet hours now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company in (cls.company, cls.district):
            company.sudo().write(
                {
                    "shenpi_sms_url": f"https://sms-{company.id}.example.org/send",
                    "shenpi_sms_account": f"bureau-{company.id}",
                    "shenpi_sms_key": KEY + str(company.id),
                }
            )
        cls.messages = cls.env["shenpi.message"]

    @contextmanager
    def _gateway(self):
        fake = FakeGateway()
        with patch.object(sms_gateway, "send", fake.send):
            yield fake

    def _send(self, company=None):
        """One chunk, as a job sends it."""
        outbox = self.messages.sudo().with_user(self.env.ref("base.user_root"))
        return outbox._outbox_send_chunk((company or self.company).id)

    def _told(self, application):
        return self.messages.search([("application_id", "=", application.id)], order="id")
