import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW, moment

from .common_grievance import NAME, PHONE, GrievanceCommon

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestGrievanceApi(GrievanceCommon):
    """The contract with integrators."""

    def _payload(self, **values):
        payload = {
            "client_ref": f"g-{next(self.serial)}",
            "source": "hotline_12345",
            "external_number": f"QZ{next(self.order_numbers):06d}",
            "kind": "failed",
            "title": "食品经营许可证补正两次仍未受理",
            "text": "第一次说缺平面图，第二次说缺健康证。",
            "complainant": {"name": NAME, "phone": PHONE},
            "window": "WIN",
            **values,
        }
        return {key: value for key, value in payload.items() if value is not None}

    def _find(self, number):
        """Bureaus number for themselves."""
        domain = [("number", "=", number), ("company_id", "=", self.company.id)]
        return self.env["shenpi.grievance"].search(domain)

    def _push(self, user=None, **values):
        grievances = self._as(user or self.integrator, self.env["shenpi.grievance"])
        return grievances.api_submit(self._payload(**values))

    def _call(self, user, method, number, **values):
        grievances = self._as(user, self.env["shenpi.grievance"])
        return getattr(grievances, f"api_{method}")(number, values)

    def test_the_whole_way(self):
        number = self._push()["number"]
        self._call(self.integrator, "dispatch", number, lead="OFF", tier_days=5)
        self._call(self.reviewer2, "extend", number, days=2, reason="需现场核查")
        self._call(self.head, "extend", number, days=2, reason="同意")
        self._call(self.reviewer2, "reply", number, text="已受理。")
        self._call(self.officer, "reply", number, approve=True)
        self._call(self.integrator, "visit", number, process=5, result=4, resolved=True)
        status = self._call(self.integrator, "close", number, outcome="resolved")
        self.assertEqual(
            (status["state"], status["reply"], status["satisfied"], status["extension"]),
            ("closed", "已受理。", True, "granted"),
        )
        self.assertEqual(status["unit"], "OFF")
        self.assertNotIn(PHONE, str(status))

    def test_an_order_pushed_twice_is_one_case(self):
        payload = self._payload()
        grievances = self._as(self.integrator, self.env["shenpi.grievance"])
        first = grievances.api_submit(payload)
        self.assertFalse(first["duplicate"])
        self.assertEqual(grievances.api_submit(payload), first | {"duplicate": True})
        other = grievances.api_submit(payload | {"client_ref": "another"})
        self.assertEqual((other["number"], other["duplicate"]), (first["number"], True))
        with self.assertRaisesRegex(ValidationError, "client_ref"):
            grievances.api_submit(payload | {"title": "x"})
        count = self.env["shenpi.grievance"].search_count(
            [("external_number", "=", payload["external_number"])]
        )
        self.assertEqual(count, 1)

    def test_somebody_elses_order_tells_no_more_than_its_number(self):
        payload = self._payload(accused={"login": "t_clerk"})
        first = self._as(self.integrator, self.env["shenpi.grievance"]).api_submit(payload)
        told = self._as(self.clerk, self.env["shenpi.grievance"]).api_submit(payload)
        self.assertEqual(told, {"number": first["number"], "state": "received", "duplicate": True})

    def test_bad_payloads(self):
        file = {"filename": "x.png", "content": base64.b64encode(b"<script>").decode()}
        for values, words in (
            ({"source": "nowhere"}, "source"),
            ({"kind": "praise"}, "kind"),
            ({"title": ""}, "title"),
            ({"title": "字" * 81}, "title"),
            ({"text": "字" * 4001}, "text"),
            ({"window": "NONE"}, "window"),
            ({"application": "1"}, "application"),
            ({"accused": {"login": "nobody"}}, "accused.login"),
            ({"accused": {"login": "t_clerk_b"}}, "accused.login"),
            ({"complainant": {"phone": "call me"}}, "complainant.phone"),
            ({"source": "box"}, "external_number"),
            ({"files": [file]}, "files"),
            ({"files": [{"filename": "x", "content": "?"}]}, "base 64"),
            ({"more": 1}, "more"),
            ({"at": "2027-01-01T00:00:00+08:00"}, "future"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self._push(**values)

    def test_files_are_kept_with_it(self):
        content = base64.b64encode(PNG).decode()
        number = self._push(files=[{"filename": "照片.png", "content": content}])["number"]
        grievance = self._find(number)
        file = grievance.attachment_ids
        self.assertEqual((file.res_model, file.res_id), (grievance._name, grievance.id))
        self.assertTrue(self._as(self.officer, file).has_access("read"))
        self.assertFalse(self._as(self.outsider, file).has_access("read"))

    def test_a_past_moment(self):
        """Returned within 24 hours, told of later: the hours are those of the fact."""
        number = self._push(at="2026-06-08T09:00:00+08:00")["number"]
        at = {"at": "2026-06-08T10:00:00+08:00"}
        self._call(self.integrator, "dispatch", number, lead="OFF", tier_days=5, **at)
        with self.assertRaisesRegex(ValidationError, "24 hours"):
            self._call(self.integrator, "return", number, reason="非我处职责")
        answer = self._call(
            self.integrator,
            "return",
            number,
            reason="非我处职责",
            at="2026-06-09T10:00:00+08:00",
        )
        self.assertEqual((answer["state"], answer["returned"]), ("received", True))
        grievance = self._find(number)
        self.assertEqual(grievance.received_at, moment("2026-06-08 09:00"))

    def test_bad_calls(self):
        number = self._push()["number"]
        closed = self._create_department("Closed", code="OLD", user_ids=self.reviewer)
        closed.active = False
        for method, values, words in (
            ("dispatch", {"lead": "OLD"}, "closed"),
            ("dispatch", {"lead": "OFF", "tier_days": 4}, "tier"),
            ("dispatch", {"lead": "NONE"}, "lead"),
            ("reply", {}, "text"),
            ("reply", {"text": "x", "approve": True}, "text"),
            ("return", {"reason": "x"}, "not possible"),
            ("close", {"outcome": "resolved"}, "not possible"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._call(self.officer, method, number, **values)
        for level in ({"process": 6, "result": 5}, {"process": 5}):
            with self.assertRaisesRegex(ValidationError, "level"):
                self._call(self.integrator, "visit", number, **level)
        with self.assertRaises(AccessError):
            self._call(self.stranger, "close", number, outcome="resolved")
        with self.assertRaisesRegex(UserError, "no grievance"):
            self._call(self.clerk_b, "close", number, outcome="resolved")

    def test_a_button_on_a_bad_rating(self):
        case = self._open_bad(text="等了两个小时，没有人解释。")
        case.sudo().clerk_id = self.clerk
        with self.assertRaises(AccessError):
            self._as(self.supervisor, case).action_open_grievance()
        own = self._as(self.officer, case)
        action = own.action_open_grievance()
        self.assertEqual(own.action_open_grievance()["res_id"], action["res_id"])
        grievance = self.env["shenpi.grievance"].browse(action["res_id"])
        self.assertEqual(grievance.complainant_phone_raw, "13900001111")
        self.assertEqual(grievance.accused_user_id, self.clerk)
        self.assertFalse(self._as(self.clerk, grievance).has_access("read"))

    def test_from_a_bad_rating_once(self):
        case = self._make()
        prepared = {
            "title": "差评：等候太久",
            "text": "等了两个小时。",
            "company_id": self.company.id,
            "accused_user_id": self.clerk.id,
        }
        hook = {"_prepare_grievance_vals": lambda self: dict(prepared)}
        self.startPatcher(patch.multiple(type(case), create=True, **hook))
        officer = self.env["shenpi.grievance"].with_user(self.officer)
        grievance = officer._open_from_rating(case)
        self.assertEqual(grievance.source_id.code, "bad_rating")
        self.assertEqual(grievance.origin_id, case.id)
        self.assertTrue(grievance.is_anonymous)
        self.assertEqual(officer._open_from_rating(case), grievance)
