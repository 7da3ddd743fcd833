import json
import time

from odoo.tests import HttpCase, tagged

from ..tools import signing
from ..tools.sms_gateway import Answer
from .common_message import KEY, MessageCommon


@tagged("post_install", "-at_install")
class TestSmsReceipts(MessageCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.message = self._told(self._submit())
        self.key = self.message.sudo().key
        # The requests run beside this test: their clock is the real one.
        self.now = time.time()

    def _post(self, receipts, company=None, body=None, **changes):
        company = company or self.company
        body = json.dumps({"receipts": receipts}).encode() if body is None else body
        call = {
            "key": KEY + str(company.id),
            "timestamp": int(self.now),
            "nonce": f"nonce-{next(self.serial)}",
            **changes,
        }
        headers = {
            "Content-Type": "application/json",
            "X-Shenpi-Timestamp": str(call["timestamp"]),
            "X-Shenpi-Nonce": call["nonce"],
            "X-Shenpi-Signature": changes.get("signature")
            or signing.sign(call["key"], call["timestamp"], call["nonce"], body),
        }
        url = f"/shenpi/sms/{company.id}/receipts"
        response = self.url_open(url, data=changes.get("sent", body), headers=headers)
        self.message.invalidate_recordset()
        return response

    def _receipt(self, status="delivered", **values):
        return {"id": self.key, "status": status, **values}

    def _deliver(self):
        with self._gateway() as gateway:
            gateway.answer = Answer("taken")
            self._send()

    def test_delivered(self):
        self._deliver()
        response = self._post([self._receipt(at="2026-06-10T10:01:00+08:00")])
        self.assertEqual((response.status_code, response.json()), (200, {"taken": True}))
        self.assertEqual(self.message.state, "delivered")
        self.assertEqual(str(self.message.delivered_at), "2026-06-10 02:01:00")

    def test_failed_then_delivered(self):
        self._deliver()
        self._post([self._receipt("failed", reason="13812345678 switched off")])
        self.assertEqual(self.message.state, "failed")
        self.assertIn("*** switched off", self.message.error)
        self._post([self._receipt()])
        self.assertEqual((self.message.state, self.message.error), ("delivered", False))

    def test_out_of_order_and_twice(self):
        self._deliver()
        for status in ("delivered", "failed", "delivered", "delivered", "failed", "sent"):
            self.assertEqual(self._post([self._receipt(status)]).status_code, 200)
            self.assertEqual(self.message.state, "delivered")

    def test_before_the_answer_of_the_gateway(self):
        """Its answer was lost, the message has arrived: it is not sent again."""
        with self._gateway() as gateway:
            gateway.answer = Answer("unknown", reason="timeout")
            self._send()
        self.assertEqual(self.message.state, "pending")
        self._post([self._receipt()])
        self.assertEqual((self.message.state, self.message.next_attempt_at), ("delivered", False))

    def test_about_an_earlier_round(self):
        self._deliver()
        self.message.with_user(self.clerk)._do_send_again("Not received.")
        self._post([self._receipt("failed")])
        self.assertEqual(self.message.state, "pending")
        self._post([self._receipt()])
        self.assertEqual(self.message.state, "delivered")

    def test_unknown_ids_are_ignored(self):
        theirs = [{"id": "f" * 32, "status": "delivered"}, {"id": 5}, "x", None, self._receipt("x")]
        response = self._post(theirs)
        self.assertEqual((response.status_code, response.json()), (200, {"taken": True}))
        self.assertEqual(self.message.state, "pending")
        self._post([self._receipt()], company=self.district)
        self.assertEqual(self.message.state, "pending", "another bureau's gateway")

    def test_strangers(self):
        """Every refusal is the same, whatever is wrong."""
        receipts = [self._receipt()]
        other = json.dumps({"receipts": [self._receipt("failed")]}).encode()
        answers = {
            (response.status_code, response.text)
            for response in (
                self._post(receipts, key="somebody else's key"),
                self._post(receipts, key=KEY + str(self.district.id)),
                self._post(receipts, timestamp=int(self.now) - 301),
                self._post(receipts, timestamp=int(self.now) + 360),
                self._post(receipts, nonce="not a word"),
                self._post(receipts, signature="x"),
                self._post(receipts, signature="é"),
                self._post(receipts, sent=other),
                self._post(receipts, body=b"[]"),
                self._post(receipts, body=b"{"),
                self._post(receipts, body=b"[" * 100_000),
                self._post(receipts, company=self.env["res.company"].browse(10**6)),
            )
        }
        self.assertEqual(answers, {(403, '{"taken": false}')})
        self.assertEqual(self.message.state, "pending")

    def test_a_bureau_without_a_key(self):
        self.company.sudo().write({"shenpi_sms_url": False, "shenpi_sms_key": False})
        for key in ("", "-"):
            self.assertEqual(self._post([self._receipt()], key=key).status_code, 403)

    def test_a_call_is_taken_once(self):
        self.assertEqual(self._post([], nonce="once").status_code, 200)
        self.assertEqual(self._post([self._receipt()], nonce="once").status_code, 403)
        self.assertEqual(self.message.state, "pending")
        self.assertEqual(self._post([], company=self.district, nonce="once").status_code, 200)

    def test_size_and_method(self):
        self.assertEqual(self._post([], body=b" " * 600_000).status_code, 413)
        self.assertEqual(self.url_open(f"/shenpi/sms/{self.company.id}/receipts").status_code, 405)

    def test_old_words_are_forgotten(self):
        nonces = self.env["shenpi.message.nonce"].sudo()
        self.assertTrue(nonces._use(self.company, "old"))
        self.assertFalse(nonces._use(self.company, "old"))
        nonces.search([]).used_at = "2026-01-01 00:00:00"
        nonces._gc_nonces()
        self.assertFalse(nonces.search([]))
