from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import TenderCommon


@tagged("post_install", "-at_install")
class TestRule(TenderCommon):
    def _find(self, regime="bidding", kind="works", region="", day="2026-06-01"):
        tender = self.env["shenpi.tender"].new(
            {"name": "T", "regime": regime, "region": region, "company_id": self.company.id}
        )
        return self.env["shenpi.tender.rule"]._find(tender, kind, Date.to_date(day))

    def test_the_national_rules(self):
        caps = {"works": 800_000, "goods": 800_000, "survey_design": 100_000, "services": 0}
        for kind, cap in caps.items():
            rule = self._find(kind=kind)
            self.assertEqual((rule.percent, rule.cap, rule.payer_check), (2, cap, "basic"), kind)
        procurement = self._find("procurement", "goods")
        self.assertEqual(procurement.payer_check, "name")
        terms = {(t.trigger, t.party): (t.days, t.unit) for t in procurement.term_ids}
        self.assertEqual(terms["award", "loser"], (5, "working"))
        self.assertEqual(terms["contract", "winner"], (5, "working"))
        self.assertNotIn(("award", "winner"), terms)

    def test_the_most_specific_one_comes_first(self):
        national = self._find(region="云南")
        rules = self.env["shenpi.tender.rule"]
        vals = {"name": "R", "regime": "bidding", "date_from": "2023-05-01"}
        own = rules.create(vals | {"kind": "works", "company_id": self.company.id})
        other = rules.create(vals | {"kind": "works", "company_id": self.district.id})
        self.assertEqual(self._find(region="云南"), own)
        region = rules.create(vals | {"region": "云南"})
        self.assertEqual(self._find(region="云南"), region)
        self.assertEqual(self._find(region="贵州"), own)
        self.assertNotIn(other, national | own | region)

    def test_in_force_on_the_day(self):
        old = self._find()
        new = old.copy({"date_from": "2026-06-02"})
        old.date_to = "2026-06-01"
        self.assertEqual(self._find(day="2026-06-01"), old)
        self.assertEqual(self._find(day="2026-06-02"), new)
        with self.assertRaisesRegex(ValidationError, "rule"):
            self._find(day="2011-12-31")

    def test_only_the_manager_keeps_rules(self):
        rule = self._find()
        rule.with_user(self.trade["manager"]).write({"percent": 1.5})
        for role in ("officer", "cashier", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                rule.with_user(self.trade[role]).write({"percent": 1})

    def test_one_term_for_an_event_and_a_party(self):
        rule = self._find()
        term = {"trigger": "contract", "party": "all", "days": 3}
        with self._refused("term_once"):
            rule.term_ids = [Command.create(term)]
            rule.flush_recordset()
