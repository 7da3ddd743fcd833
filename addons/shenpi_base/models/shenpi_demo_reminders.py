import random
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.fields import Command

from ..tools import identifiers
from ..tools.localtime import to_utc
from .shenpi_demo_applications import FORMS, PLACES, TRADES

SPECIALIST = "clerk2"
# A duty by a day of every year, of a licence that has no end.
YEARLY = {
    "营业执照": {
        "name": "报送并公示年度报告",
        "timing": "yearly",
        "due_month": 6,
        "due_day": 30,
        "legal_basis": "《企业信息公示暂行条例》第八条（示例数据）",
    }
}
LICENCES = 360
HOLDERS = 150
# So many days the bureau has been reminding already, and so far ahead deadlines lie.
PAST_DAYS = 70
AHEAD_DAYS = 230
ANSWERS = {
    "renewing": (70, ["会按期办理延续。", "材料已备齐，下周来窗口。", "请帮办员上门指导。"]),
    "not_renewing": (8, ["门店已转让，不再延续。", "业务停止，到期不续。"]),
    "other": (6, ["正在办理地址变更，之后再延续。", "负责人外出，月底回电。"]),
    "unreachable": (16, ["无人接听。", "关机。"]),
}
GATEWAY = {
    "shenpi_sms_url": "https://sms.example.org/send",
    "shenpi_sms_key": "only for the making of demo data",
}


class ShenpiDemo(models.AbstractModel):
    """Demo licence types, 48 of them opted in, and two months of reminders: the daily run day by
    day, with what the holders answered."""

    _inherit = "shenpi.demo"

    # === Types === #

    @api.model
    def _load_licence_types(self):
        """The licences that the sample menu issues, and further kinds that are reminded of."""
        kinds = self.env["shenpi.licence.type"]
        known = {kind.name: kind for kind in kinds.search([])}
        specialist = self._get_user(SPECIALIST)
        for number, row in enumerate(self._read_csv("licence_types.csv"), start=1):
            remind = row["remind"] == "1"
            vals = {
                "remind": remind,
                "specialist_id": specialist.id if remind else False,
                "is_sample": True,
                "validity_count": int(row["validity_years"]),
            }
            kind = known.get(row["name"])
            if kind:
                kind.write(vals)
                continue
            duty = YEARLY.get(row["name"])
            kinds.create(
                vals
                | {
                    "duty_ids": [Command.create(duty)] if duty else [],
                    "name": row["name"],
                    "code": f"Z{number:03d}",
                    "sequence": 20,
                    "renewal_basis": "《中华人民共和国行政许可法》第五十条（示例数据）",
                }
            )

    # === Licences and reminders === #

    @api.model
    def _load_reminders(self):
        """Make the licences and the reminders once."""
        if self.env["shenpi.licence.reminder"].search_count([], limit=1):
            return
        dice = random.Random(48)
        company = self.env.ref("base.main_company")
        self._take_over_licences(dice, company)
        # Templates are chosen for bureaus that send; nothing leaves the house for it.
        company.write(GATEWAY)
        today = self.env["shenpi.licence"]._get_today()
        for age in range(PAST_DAYS, -1, -1):
            self._remind_on(dice, today - timedelta(days=age), age)
        company.write(dict.fromkeys(GATEWAY, False))
        self._note_demo_run(today)
        self._announce_renewals(today)

    def _take_over_licences(self, dice, company):
        kinds = self.env["shenpi.licence.type"].search([("remind", "=", True)])
        began = self.env["shenpi.licence"]._get_today() - timedelta(days=PAST_DAYS)
        kinds.remind_since = began
        holders = [self._make_holder(dice, serial) for serial in range(HOLDERS)]
        offices = self.env["shenpi.department"].search(
            [("company_id", "=", company.id), ("kind", "=", "office")]
        )
        licences = self.env["shenpi.licence"].with_user(self._get_user("manager")).sudo()
        rows = [
            self._prepare_demo_licence(dice, serial, kinds, holders, offices, licences)
            for serial in range(LICENCES)
        ]
        moment = to_utc(datetime.combine(began - timedelta(days=1), time(10)))
        made = licences._begin_all("import_licence", rows, [moment] * len(rows))
        self.env.cr.execute(
            "UPDATE shenpi_licence SET create_date = %s WHERE id = ANY(%s)", (moment, made.ids)
        )

    def _make_holder(self, dice, serial):
        body = f"91370200MB{7_000_000 + serial:07d}"
        return {
            "holder_name": "".join(dice.choice(words) for words in (PLACES, TRADES, FORMS)),
            "holder_id_type": "uscc",
            "holder_id_number_raw": body + identifiers.uscc_check_digit(body),
            "holder_phone_raw": f"1390001{serial:04d}" if dice.random() < 0.95 else None,
        }

    def _prepare_demo_licence(self, dice, serial, kinds, holders, offices, licences):
        kind = dice.choice(kinds)
        due = licences._get_today() + timedelta(days=dice.randint(-PAST_DAYS + 5, AHEAD_DAYS))
        lead = kind.renewal_lead * (30 if kind.renewal_lead_unit == "months" else 1)
        ends = due + timedelta(days=lead)
        begins = ends - timedelta(days=365 * (kind.validity_count or 5) - 1)
        vals = {
            "number": f"{kind.code}{begins:%Y}{serial + 1:05d}",
            "version": 1,
            "name": kind.name,
            "type_id": kind.id,
            "company_id": offices[0].company_id.id,
            "department_id": dice.choice(offices).id,
            "holder_kind": "organisation",
            "valid_from": begins,
            "in_force_from": begins,
            "valid_to": ends,
            "place": f"青云市海滨路{serial % 200 + 1}号（示例数据）",
            **dice.choice(holders),
        }
        return vals | licences._prepare_derived(vals)

    # === Days === #

    def _remind_on(self, dice, day, age):
        """The run of one day, and what became of it until today."""
        lines = self.env["shenpi.licence.reminder"].sudo()
        contacts = self.env["shenpi.licence.contact"].sudo()
        ids = [licence_id for holder in lines._get_due_holders(day) for licence_id in holder]
        before = contacts.search([("state", "=", "open")])
        lines._raise(day, ids)
        morning = to_utc(datetime.combine(day, time(9, 30)))
        fresh = contacts.search([("raised_on", "=", day)])
        for contact in fresh.filtered(lambda c: c.state == "sending"):
            self._settle_contact_message(dice, contact, morning)
        # The newest stay open; of the older ones each is worked on with this chance a day.
        if age > 4:
            for contact in before | fresh.filtered(lambda c: c.state == "open"):
                if dice.random() < 0.45:
                    self._answer(dice, contact, morning + timedelta(minutes=dice.randint(0, 400)))

    def _settle_contact_message(self, dice, contact, moment):
        failed = dice.random() < 0.04
        message = contact.told_ids
        message.raised_at = moment
        if failed:
            message._mark_failed("未送达：空号", answered=True)
            return
        message._mark_sent(provider_ref=f"SMS{message.id:08d}")
        message.sent_at = moment
        contact.line_ids.filtered(lambda line: line.state == "done").told_at = moment

    def _answer(self, dice, contact, moment):
        weights = [weight for weight, _words in ANSWERS.values()]
        (outcome,) = dice.choices(list(ANSWERS), weights=weights)
        words = dice.choice(ANSWERS[outcome][1])
        specialist = self._get_user(SPECIALIST)
        contact = contact.with_user(specialist).sudo()
        contact.specialist_id = contact.specialist_id or specialist
        contact._note_entry(outcome, words, moment)
        if outcome == "unreachable":
            contact._note_unreachable(words, moment.date() + timedelta(days=1))
        else:
            contact._close(outcome, words, moment)

    def _note_demo_run(self, today):
        """The run of this morning, as its record would say."""
        lines = self.env["shenpi.licence.reminder"].sudo().search([("raised_on", "=", today)])
        run = self.env["shenpi.licence.reminder.run"].sudo()._begin(len(lines), day=today)
        passed = len(lines.filtered(lambda line: line.state == "passed"))
        counts = {"done": len(lines) - passed, "passed": passed, "failed": 0}
        run._count(counts | {"contacts": len(lines.contact_id)})
        run._end("done")

    def _announce_renewals(self, today):
        """One announcement that has been issued, for the kind with the most licences."""
        ((kind, _count),) = self.env["shenpi.licence"]._read_group(
            [("renewal_due_date", ">=", today), ("type_id.remind", "=", True)],
            ["type_id"],
            ["__count"],
            order="__count DESC",
            limit=1,
        )
        decider = self._get_user("decider")
        notices = self.env["shenpi.licence.announcement"].with_user(decider)
        notices.with_context(lang="zh_CN").create(
            {
                "name": f"关于集中办理{kind.name}延续的公告（示例数据）",
                "type_id": kind.id,
                "company_id": decider.company_id.id,
                "date_from": today,
                "date_to": today + timedelta(days=120),
            }
        ).action_issue()
