import re
from unittest.mock import patch

from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.shenpi_base.tests.common import NOW

from ..controllers import rating as page
from .common import DISTRICT_USCC, EvaluationCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRatingPage(EvaluationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Visitors of other tests have the same address.
        cls.startClassPatcher(patch.object(page, "MOST_DEAD", 10**6))
        cls.startClassPatcher(patch.object(page, "LEAST_SECONDS", 0))

    def _get_address(self, service, turn="first"):
        token = (
            self.env["shenpi.rating.token"]
            .sudo()
            .search([("service_id", "=", service.id), ("turn", "=", turn)])
        )
        return f"/shenpi/rate/{token._get_plain()}"

    def _get_form(self, address):
        """What the form of a page sends by itself."""
        text = self.url_open(address).text
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))

    def _send(self, address, **values):
        return self.url_open(address, data=self._get_form(address) | values, method="POST")

    def test_rates_once(self):
        service = self._get_service()
        address = self._get_address(service)
        response = self.url_open(f"{address}?by=sms")
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.item.name, response.text)
        self.assertNotIn("<script", response.text)
        response = self._send(
            address,
            level="satisfied",
            tag_satisfied=["406", "413"],
            tag_unsatisfied="207",  # ticked before he changed his mind
            text="很好",
            score_guide="5",
            by="qr",
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        rating = service.rating_ids
        self.assertEqual((rating.level, rating.channel, rating.text), ("satisfied", "qr", "很好"))
        self.assertEqual(rating.tag_ids.mapped("code"), ["406", "413"])
        self.assertTrue(rating.anonymous)
        used = self.url_open(address)
        forged = self.url_open("/shenpi/rate/" + "A" * 32)
        self.assertEqual((used.status_code, used.text), (forged.status_code, forged.text))
        self.assertEqual(used.status_code, 404)
        addition = re.search(r"/shenpi/rate/[\w-]+", response.text).group()
        self.assertEqual(self._send(addition, level="very_satisfied").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(set(service.rating_ids.mapped("turn")), {"first", "addition"})

    def test_what_is_wrong_is_said_and_nothing_stored(self):
        service = self._get_service()
        address = self._get_address(service)
        for values in (
            {},
            {"level": "great"},
            {"level": "satisfied", "tag_satisfied": "207"},
            {"level": "satisfied", "text": "x" * 501},
            {"level": "satisfied", "name": "x", "phone": "<script>"},
        ):
            response = self._send(address, **values)
            self.assertEqual(response.status_code, 422, values)
            self.assertIn('role="alert"', response.text)
            self.assertNotRegex(response.text, 'role="alert">[a-z_.]+ ?[:：]')
            self.assertNotIn("<script", response.text)
        self.env.invalidate_all()
        self.assertFalse(service.rating_ids)
        self.assertEqual(self._send(address, level="satisfied").status_code, 200)

    def test_scripts_are_not_heard(self):
        """Without our form, with the trap filled in, or quicker than anybody reads."""
        service = self._get_service()
        address = self._get_address(service)
        own = self._get_form(address)
        stamp = own["stamp"]
        for values, status in (
            ({"level": "satisfied"}, 422),
            ({"level": "satisfied", "stamp": stamp[:-1] + "x"}, 422),
            ({"level": "satisfied", "stamp": f"9{stamp}"}, 422),
            ({"level": "satisfied", "stamp": f"{stamp[:-1]}年"}, 422),
            ({"level": "satisfied", "stamp": stamp, "website": "http://x"}, 404),
        ):
            response = self.url_open(address, data=values, method="POST")
            self.assertEqual(response.status_code, status, values)
        with patch.object(page, "LEAST_SECONDS", 2):
            response = self.url_open(address, data=own | {"level": "satisfied"}, method="POST")
            self.assertEqual(response.status_code, 422)
        self.env.invalidate_all()
        self.assertFalse(service.rating_ids)

    def test_from_the_progress_page(self):
        """Whoever reads how his case stands finds the way to rate it, until he has."""
        service = self._get_service()
        progress = service.application_id.sudo()._get_progress_url().split("/shenpi/", 1)[1]
        pattern = r'href="[^"]*(/shenpi/rate/[\w-]+)\?by=pc"'
        (address,) = re.findall(pattern, self.url_open(f"/shenpi/{progress}").text)
        self.assertEqual(self._send(f"{address}?by=pc", level="satisfied").status_code, 200)
        self.env.invalidate_all()
        self.assertEqual(service.rating_ids.channel, "pc")
        self.assertFalse(re.findall(pattern, self.url_open(f"/shenpi/{progress}").text))

    def test_expired(self):
        service = self._get_service()
        address = self._get_address(service)
        with freeze_time("2026-07-11 02:00:00"):
            self.assertEqual(self.url_open(address).status_code, 404)

    def test_guessing_is_slow(self):
        with patch.object(page, "MOST_DEAD", 0):
            response = self.url_open("/shenpi/rate/" + "B" * 32)
        self.assertEqual(response.status_code, 429)

    def test_staff_do_not_rate(self):
        service = self._get_service()
        address = self._get_address(service)
        form = self._get_form(address) | {"level": "very_satisfied"}
        self.authenticate(self.clerk.login, self.clerk.login)
        self.assertEqual(self.url_open(address).status_code, 403)
        self.assertEqual(self.url_open(address, data=form, method="POST").status_code, 403)
        self.env.invalidate_all()
        self.assertFalse(service.rating_ids)

    def test_board(self):
        self._rate()
        self._open_bad()
        response = self.url_open(f"/shenpi/ratings/{self.company.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("50.0%", response.text)
        self.assertNotIn("王芳", response.text)
        self.assertEqual(self.url_open("/shenpi/ratings/999999").status_code, 404)

    def test_boards_of_several_bureaus(self):
        """The first company of a database has no sequence and is the first bureau all the same."""
        bureaus = self.company | self.district
        others = self.env["res.company"].sudo().search([("id", "not in", bureaus.ids)])
        others.shenpi_uscc = False
        self.district.sudo().shenpi_uscc = DISTRICT_USCC
        self.env.cr.execute(
            "UPDATE res_company SET sequence = NULL WHERE id = %s", [self.company.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.env["res.company"]._get_public_bureaus(), bureaus)
        board = self.url_open("/shenpi/ratings").text
        self.assertIn(f"<header>{self.company.name}</header>", board)
        self.assertIn(f'href="/shenpi/ratings/{self.district.id}"', board)
        self.assertNotIn(f'href="/shenpi/ratings/{self.company.id}"', board)

    # === The tablet === #

    def test_tablet(self):
        self.window.manager_id = self.clerk
        terminal = self._as(self.clerk, self.env["shenpi.rating.terminal"]).create(
            {"name": "1", "window_id": self.window.id, "company_id": self.company.id}
        )
        self._as(self.clerk2, terminal).action_sit_down()
        code = re.match(r"[\d ]+", terminal.action_pair()["params"]["message"]).group()
        self.env.flush_all()
        self.assertNotIn(self.window.name, self.url_open("/shenpi/terminal").text)
        wrong = self.url_open("/shenpi/terminal/pair", data={"code": "0"}, method="POST")
        self.assertEqual(wrong.status_code, 422)
        self.url_open("/shenpi/terminal/pair", data={"code": code}, method="POST")
        start = self._get_form("/shenpi/terminal")
        self.assertIn(self.window.name, self.url_open("/shenpi/terminal").text)
        tags = self.url_open(
            "/shenpi/terminal/rate", data=start | {"level": "unsatisfied"}, method="POST"
        )
        self.assertIn('value="207"', tags.text)
        sent = start | {"level": "unsatisfied", "step": "send", "tag": "207"}
        thanks = self.url_open("/shenpi/terminal/rate", data=sent, method="POST")
        self.assertIn("Refresh", thanks.headers)
        rating = self.env["shenpi.rating"].search([("window_id", "=", self.window.id)])
        self.assertEqual((rating.level, rating.channel), ("unsatisfied", "tablet"))
        self.assertEqual(rating.clerk_id, self.clerk2)
        self.assertTrue(rating.case_ids)
        again = self.url_open("/shenpi/terminal/pair", data={"code": code}, method="POST")
        self.assertEqual(again.status_code, 422)
