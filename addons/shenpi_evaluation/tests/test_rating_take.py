import base64

from psycopg2 import IntegrityError
from psycopg2.errors import RestrictViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.shenpi_base.tests.common import NOW

from .common import EvaluationCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingTake(EvaluationCommon):
    # === Which services can be rated === #

    def test_services_end_with_the_case(self):
        """A visit to the window, a case, the handing over of a licence: each once."""
        services = self.env["shenpi.rating.service"]
        closed = self._bring_to("closed", channel="window")
        found = services.search([("application_id", "=", closed.id)])
        self.assertEqual(set(found.mapped("kind")), {"visit", "delivery"})
        refused = self._bring_to("not_accepted")
        found = services.search([("application_id", "=", refused.id)])
        self.assertEqual(found.mapped("kind"), ["case"])
        for state in ("received", "accepted", "granted", "withdrawn", "terminated"):
            case = self._bring_to(state, channel="web")
            self.assertFalse(services.search([("application_id", "=", case.id)]), state)

    def test_facts_are_frozen(self):
        service = self._get_service()
        rating = self._rate(service=service)
        self.assertEqual(rating.department_id, self.office)
        self.assertEqual(rating.clerk_id, self.decider)
        self.assertEqual(rating.item_id, self.item)
        self.assertEqual(str(rating.month), "2026-06-01")
        self.assertTrue(service.answered and service.counted)
        self.assertEqual((service.level, service.channel), ("very_satisfied", "sms"))

    def test_once_and_one_addition(self):
        service = self._get_service()
        with self.assertRaisesRegex(UserError, "not been rated yet"):
            self._rate(service=service, turn="addition")
        self._rate(service=service)
        with self.assertRaisesRegex(UserError, "rated already"):
            self._rate("satisfied", service=service)
        self._rate("satisfied", service=service, turn="addition")
        with self.assertRaisesRegex(UserError, "rated already"):
            self._rate(service=service, turn="addition")
        self.assertEqual(service.level, "very_satisfied")

    def test_database_refuses_a_second_one(self):
        service = self._get_service()
        rating = self._rate(service=service)
        (row,) = rating.sudo().read(load="")
        vals = {
            name: row[name]
            for name in ("turn", "level", "service_id", "kind", "company_id", "month", "rated_at")
        }
        vals["department_id"] = rating.department_id.id
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["shenpi.rating"].sudo()._insert_all([vals])

    # === What a rating may contain === #

    def test_bad_content_is_refused_and_nothing_stored(self):
        service = self._get_service()
        other = self.env.ref("shenpi_evaluation.shenpi_rating_tag_207")
        for values, message in (
            ({"level": "perfect"}, "level"),
            ({"level": None}, "level"),
            ({"tags": other}, "another level"),
            ({"text": "好" * 501}, "text"),
            ({"scores": {"score_attitude": 6}}, "scores"),
            ({"scores": {"score_attitude": True}}, "scores"),
            ({"scores": {"valid": 1}}, "scores"),
            ({"phone": "not a phone", "name": "x"}, "phone"),
            ({"files": [("a.exe", b"MZ")]}, "files"),
            ({"files": [("a.png", b"<script>")]}, "files"),
            ({"files": [("a.pdf", b"%PDF-")] * 4}, "files"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, message):
                self.env["shenpi.rating"]._take(
                    service, {"level": "very_satisfied", "channel": "sms"} | values
                )
        self.assertFalse(service.rating_ids)
        self.assertFalse(service.answered)

    def test_good_content_is_kept(self):
        tags = self.env["shenpi.rating.tag"].search([("level", "=", "satisfied")], limit=2)
        picture = base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
            "Jggg=="
        )
        rating = self._rate(
            "satisfied",
            tags=tags,
            scores={"score_guide": 4},
            text="很好\r\n<b>谢谢</b>\x00",
            files=[("a.png", picture)],
        )
        self.assertEqual(rating.tag_ids, tags)
        self.assertEqual(rating.score_guide, 4)
        self.assertEqual(rating.text, "很好\n<b>谢谢</b>")
        self.assertEqual(rating.sudo().attachment_ids.raw, picture)
        self.assertTrue(rating.anonymous)

    # === Facts === #

    def test_nobody_writes_or_deletes(self):
        rating = self._rate()
        for user in (self.officer, self.chief, self.manager, self.env.ref("base.user_admin")):
            own = rating.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"level": "satisfied"})
            with self.assertRaises(AccessError):
                own.unlink()
        with self.assertRaises(UserError):
            rating.sudo().unlink()

    def test_the_database_refuses_changes(self):
        rating = self._rate(text="gut")
        self.env.flush_all()
        for change in (
            "level = 'satisfied'",
            "text = 'schlecht'",
            "rater_name_raw = 'x'",
            "clerk_id = NULL",
            "rated_at = now()",
        ):
            with (
                self.assertRaises(RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(f"UPDATE shenpi_rating SET {change} WHERE id = %s", [rating.id])
        for query in ("DELETE FROM shenpi_rating", "TRUNCATE shenpi_rating CASCADE"):
            with (
                self.assertRaises(RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(query)
        rating.sudo().valid = False
        self.env.flush_all()
        with (
            self.assertRaises(RestrictViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute("UPDATE shenpi_rating SET valid = true WHERE id = %s", [rating.id])

    # === By default === #

    def test_default_ratings_are_off(self):
        service = self._get_service()
        with freeze_time("2026-09-01 02:00:00"):
            self._run_cron("rating_default")
        self.assertFalse(service.rating_ids)

    def test_default_ratings_are_kept_apart_and_give_way(self):
        self.company.shenpi_rating_default_days = 5
        service = self._get_service()
        with freeze_time("2026-06-17 02:00:00"):  # five working days later
            self._run_cron("rating_default")
        self.assertFalse(service.rating_ids)
        with freeze_time("2026-06-18 02:00:00"):
            self._run_cron("rating_default")
            self.assertEqual(service.rating_ids.mapped("turn"), ["default"])
            self.assertTrue(service.is_default)
            self.assertFalse(service.answered or service.counted)
            self._rate("unsatisfied", service=service)
        self.assertEqual(service.level, "unsatisfied")
        self.assertTrue(service.counted)
        self.assertFalse(service.is_default)

    # === On the phone === #

    def test_on_the_phone(self):
        service = self._get_service()
        wizards = self._as(self.officer, self.env["shenpi.rating.phone.wizard"])
        values = {
            "number": service.application_id.number_short,
            "level": "satisfied",
            "call_note": "回访时口头评价",
            "call_number": "13900002222",
        }
        action = wizards.create(values).action_confirm()
        rating = self.env["shenpi.rating"].browse(action["res_id"])
        self.assertEqual(rating.service_id, service)
        self.assertEqual((rating.channel, rating.entered_by_id), ("phone", self.officer))
        self.assertIn("13900002222", rating.call_record)

    def test_nobody_takes_down_a_rating_of_his_own_case(self):
        service = self._get_service()
        self.reviewer.group_ids |= self.env.ref("shenpi_evaluation.group_evaluation_officer")
        values = {
            "number": service.application_id.number,
            "level": "very_satisfied",
            "call_note": "x",
        }
        wizard = self._as(self.reviewer, self.env["shenpi.rating.phone.wizard"]).create(values)
        with self.assertRaisesRegex(AccessError, "his own case"):
            wizard.action_confirm()
        with self.assertRaises(AccessError):
            self._as(self.clerk2, self.env["shenpi.rating.phone.wizard"]).create(values)
        self.assertFalse(service.rating_ids)

    # === API === #

    def _submit_rating(self, rated, user=None, **values):
        payload = {
            "client_ref": f"rating-{next(self.serial)}",
            "number": rated.application_id.number,
            "level": "satisfied",
            "channel": "pc",
            **values,
        }
        payload = {key: value for key, value in payload.items() if value is not None}
        return self._as(user or self.integrator, self.env["shenpi.rating"]).api_submit(payload)

    def test_api(self):
        service = self._get_service()
        answer = self._submit_rating(
            service,
            client_ref="r1",
            level=None,
            level_code=2,
            numbering="stars",
            tags=["207"],
            channel=None,
            channel_code="1",
            rater={"name": "王芳", "phone": "13900001111"},
        )
        rating = service.rating_ids
        self.assertEqual(rating.level, "unsatisfied")
        self.assertEqual(answer["case"], rating.case_ids.number)
        self.assertEqual(answer["reference"], rating._get_reference())
        self.assertFalse(answer["duplicate"])

    def test_api_repeats(self):
        service = self._get_service()
        first = self._submit_rating(service, client_ref="same")
        again = self._submit_rating(service, client_ref="same")
        self.assertEqual(again, first | {"duplicate": True})
        with self.assertRaisesRegex(ValidationError, "client_ref"):
            self._submit_rating(service, client_ref="same", level="unsatisfied")
        self.assertEqual(len(service.rating_ids), 1)

    def test_api_names_what_is_wrong(self):
        service = self._get_service()
        for values, message in (
            ({"level": None}, "level"),
            ({"level_code": 1}, "level"),
            ({"level": None, "level_code": 1}, "numbering"),
            ({"level": None, "level_code": 6, "numbering": "stars"}, "level_code"),
            ({"level": "great"}, "level"),
            ({"tags": ["999"]}, "tags"),
            ({"tags": ["108"]}, "tags"),
            ({"channel": None}, "channel"),
            ({"channel": None, "channel_code": "9"}, "channel_code"),
            ({"number": "x"}, "number"),
            ({"service": "visit"}, "number"),
            ({"at": "2020-01-01T00:00:00+08:00"}, "at"),
            ({"stars": 5}, "stars"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, message):
                self._submit_rating(service, **values)
        self.assertFalse(service.rating_ids)
        for user in (self.clerk, self.reviewer, self.officer, self.manager):
            with self.assertRaises(AccessError):
                self._submit_rating(service, user)
