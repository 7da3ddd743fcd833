from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, moment
from .test_commitment import CommitmentCommon
from .test_deferral import DeferralCommon


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestDeferralLadder(DeferralCommon):
    """The applicant is reminded before his application counts as withdrawn."""

    def _climb(self, day):
        ladder = self.env.ref("shenpi_base.ladder_deferral")
        with freeze_time(moment(f"{day} 08:00")):
            self.env.invalidate_all()
            ladder._work_off(ladder._get_due_ids())
        return ladder

    def test_reminded_on_the_days_before(self):
        """Promised for Wednesday the 17th: reminded on the 12th, the 16th and the day itself."""
        case = self._accepted()
        case.with_user(self.clerk)._do_supplement({case.material_ids[1]: {"status": "provided"}})
        fired = []
        for day in ("2026-06-11", "2026-06-12", "2026-06-15", "2026-06-16", "2026-06-17"):
            ladder = self._climb(day)
            firings = ladder.rung_ids.firing_ids.filtered(lambda f: f.document_id == case.id)
            fired.append(len(firings.filtered(lambda f: f.state == "done")))
        self.assertEqual(fired, [0, 1, 1, 2, 3])

    def test_every_rung_once(self):
        case = self._accepted()
        for _n in range(2):
            ladder = self._climb("2026-06-15")
        firings = ladder.rung_ids.firing_ids.filtered(lambda f: f.document_id == case.id)
        self.assertEqual(len(firings), len(firings.rung_id))

    def test_what_the_applicant_is_told(self):
        case = self._accepted()
        rung = self.env.ref("shenpi_base.ladder_deferral_1")
        told = []
        messages = type(self.env["shenpi.message"])

        def notify(_self, documents, key, receivers=None, **details):
            told.append((documents, key, details["values"][documents.id]["reason"]))
            return documents

        with patch.object(messages, "_notify", notify):
            people, words = rung._do(case)
        ((documents, key, reason),) = told
        self.assertEqual((documents, key), (case, "shenpi.deferral.due"))
        self.assertIn("Health certificates", reason)
        self.assertTrue(people)
        self.assertIn("reminded", words)
        people, words = rung._do(case)
        self.assertIn("please call", words, "nothing is sent where the bureau has no gateway")

    def test_only_what_was_promised_is_reminded(self):
        rung = self.env.ref("shenpi_base.ladder_deferral_1")
        with self.assertRaises(UserError):
            rung._do(self._bring_to("accepted"))


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestVerificationLadder(CommitmentCommon):
    def test_overdue_climbs(self):
        commitment = self._bring("verifying")
        ladder = self.env.ref("shenpi_base.ladder_verification")
        fired = []
        for day in ("2026-07-01", "2026-07-02", "2026-07-09", "2026-07-10", "2026-07-16"):
            with freeze_time(moment(f"{day} 08:00")):
                self.env.invalidate_all()
                ladder._work_off(ladder._get_due_ids())
            firings = ladder.rung_ids.firing_ids
            fired.append(len(firings.filtered(lambda f: f.document_id == commitment.id)))
        self.assertEqual(fired, [0, 1, 1, 2, 3])
