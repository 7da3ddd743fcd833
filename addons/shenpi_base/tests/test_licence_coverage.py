from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import NOW
from .common_message import KEY
from .reminder_common import TODAY, ReminderCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLicenceCoverage(ReminderCommon):
    """The share that was reminded in time equals an independent count; announcements count too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coverage = cls.env["shenpi.licence.coverage"].sudo()
        cls.own = [("company_id", "=", cls.company.id)]
        # As if the bureau had worked with the register for long.
        cls.kind.remind_since = TODAY - timedelta(days=365)

    @classmethod
    def _create_licence(cls, due_in, holder="Holder", kind=None, **values):
        licence = super()._create_licence(due_in, holder, kind, **values)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE shenpi_licence SET create_date = %s WHERE id = %s",
            (TODAY - timedelta(days=300), licence.id),
        )
        return licence

    def _verdicts(self, licences):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.coverage.search([("licence_id", "in", licences.ids)])
        return {row.licence_id: row.verdict for row in rows}

    def test_the_figure_equals_an_independent_count(self):
        """Forty licences, reminded on different days or never; counted by hand beside the query."""
        due = reminded = 0
        for n in range(40):
            deadline = -20 + n
            licence = self._create_licence(due_in=deadline, holder=f"Holder {n}")
            told_after = n % 4
            if told_after == 3:
                due += deadline < 0
                continue
            told_on = licence.renewal_due_date + timedelta(days=told_after - 1)
            self.env["shenpi.licence.reminder"].sudo().create(
                {
                    "licence_id": licence.id,
                    "company_id": self.company.id,
                    "epoch": licence.renewal_due_date,
                    "channel": "call",
                    "raised_on": told_on,
                    "state": "done",
                    "told_at": f"{told_on} 01:00:00",
                }
            )
            in_time = told_after < 2
            reminded += in_time
            due += in_time or deadline < 0
        self.env.flush_all()
        ((counted, told),) = self.coverage._read_group(
            self.own, [], ["due_count:sum", "reminded_count:sum"]
        )
        self.assertEqual((counted, told), (due, reminded))
        ((rate,),) = self.coverage._read_group(self.own, [], ["rate:avg"])
        self.assertAlmostEqual(rate, 100 * reminded / due)
        self.assertEqual(self.coverage._get_share(self.own), f"{reminded / due:.1%}")

    def test_nothing_due_is_a_dash(self):
        self.assertEqual(self.coverage._get_share(self.own), "—")

    def test_what_counts(self):
        """Who asked or left before the deadline had to be told nothing; who did after it, had."""
        missed = self._create_licence(due_in=-5)
        pending = self._create_licence(due_in=20)
        far = self._create_licence(due_in=120)
        before = self._create_licence(due_in=5)
        after = self._create_licence(due_in=-5)
        for licence in (before, after):
            licence.with_user(self.manager).sudo()._do_cancel("other", "given back")
        asked = self._create_licence(due_in=-5)
        asked.sudo().renewal_in_time = True
        off = self._create_licence(due_in=-5, kind=self._create_type("T2", remind=False))
        young = self._create_licence(due_in=-5)
        self.env.cr.execute(
            "UPDATE shenpi_licence SET create_date = %s WHERE id = %s", (TODAY, young.id)
        )
        everyone = missed | pending | far | before | after | asked | off | young
        self.assertEqual(
            self._verdicts(everyone), {missed: "missed", pending: "pending", after: "missed"}
        )

    def test_a_failed_message_is_no_reminder(self):
        self.company.sudo().write(
            {"shenpi_sms_url": "https://sms.example.org/send", "shenpi_sms_key": KEY}
        )
        licence = self._create_licence(due_in=90)
        self._remind()
        message = self._contacts(licence).sudo().told_ids
        message._mark_sent()
        self.assertEqual(self._verdicts(licence), {licence: "reminded"})
        message._mark_failed("refused", answered=True)
        self.assertEqual(self._verdicts(licence), {licence: "pending"})

    def test_who_reads_the_figure(self):
        licence = self._create_licence(due_in=-5)
        self.env.flush_all()
        for user, seen in (
            (self.clerk2, True),
            (self.reviewer2, True),
            (self.supervisor, True),
            (self.outsider, False),
            (self.clerk_b, False),
        ):
            found = self._as(user, self.env["shenpi.licence.coverage"]).search(
                [("licence_id", "=", licence.id)]
            )
            self.assertEqual(bool(found), seen, user.login)

    # === Announcements === #

    def _announce(self, **values):
        notice = self._as(self.decider, self.env["shenpi.licence.announcement"]).create(
            {
                "name": "Renewal of 2026",
                "type_id": self.kind.id,
                "company_id": self.company.id,
                "date_from": TODAY,
                "date_to": TODAY + timedelta(days=40),
                **values,
            }
        )
        notice.action_issue()
        self.env.invalidate_all()
        return notice

    def test_an_announcement_writes_the_ledger(self):
        near, far = self._create_licence(due_in=30), self._create_licence(due_in=80)
        notice = self._announce()
        self.assertEqual((notice.state, notice.licence_count), ("issued", 1))
        self.assertIn("article 50", notice.text)
        states = {(line.days_before, line.channel): line.state for line in self._lines(near)}
        self.assertEqual(
            states,
            {
                (90, "sms"): "announced",
                (60, "call"): "announced",
                (30, "call"): "announced",
                (0, "notice"): "announced",
            },
        )
        self.assertFalse(self._lines(far))
        self._remind()
        self.assertFalse(self._contacts(near), "what was announced is not called about today")
        self.assertEqual(self._verdicts(near), {near: "reminded"})

    def test_an_announcement_is_sent_once_to_each_holder(self):
        self.company.sudo().write(
            {"shenpi_sms_url": "https://sms.example.org/send", "shenpi_sms_key": KEY}
        )
        licences = self._create_licence(due_in=30) | self._create_licence(due_in=20)
        silent = self._create_licence(due_in=20, holder="No phone", holder_phone_raw=None)
        notice = self._announce(by_sms=True, by_mail=True)
        messages = self._contacts(licences).sudo().told_ids
        self.assertEqual(messages.mapped("body"), [notice.message])
        self.assertFalse(self._contacts(silent))

    def test_an_issued_announcement_stays(self):
        self._create_licence(due_in=30)
        notice = self._announce()
        with self.assertRaises(UserError):
            notice.text = "other"
        with self.assertRaises(UserError):
            notice.unlink()
        with self.assertRaises(UserError):
            notice.action_issue()

    def test_who_issues_and_about_what(self):
        draft = {
            "name": "Renewal",
            "type_id": self.kind.id,
            "company_id": self.company.id,
            "date_from": TODAY,
            "date_to": TODAY,
        }
        notice = self._as(self.clerk2, self.env["shenpi.licence.announcement"]).create(draft)
        with self.assertRaises(AccessError):
            notice.action_issue()
        with self.assertRaises(UserError):
            self._as(self.manager, notice).action_issue()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_model"):
            self._as(self.navigator, notice).text = "other"

    def test_a_new_one_is_empty(self):
        form = Form(self._as(self.decider, self.env["shenpi.licence.announcement"]))
        self.assertFalse(form.text)
        self.assertFalse(form.message)

    def test_its_page_says_how_many(self):
        self._create_licence(due_in=30)
        page = self._announce()._prepare_page()
        self.assertIn("1", page["addressed"])

    def test_its_table_masks_the_holders(self):
        self._create_licence(due_in=30, holder="张三丰", holder_kind="person")
        notice = self._announce()
        _title, _headings, rows = notice.sudo()._get_table_sheet()
        self.assertNotIn("张三丰", rows[0])
        self.assertIn("三丰", "".join(map(str, rows[0])).replace("*", "三丰"))
