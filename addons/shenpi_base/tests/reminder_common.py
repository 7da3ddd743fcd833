"""Fixtures of the tests about reminders of licences."""

from datetime import date, timedelta

from odoo import Command

from .common import ShenpiCommon

TODAY = date(2026, 6, 10)
LADDER = ((90, "sms"), (60, "call"), (30, "call"), (0, "visit"), (-10, "call"))


class ReminderCommon(ShenpiCommon):
    """A type with a ladder and a lead of 30 days, whose specialist is ``clerk2``; functions that
    make licences of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls._create_type("T1")

    @classmethod
    def _create_type(cls, code, ladder=LADDER, **values):
        return cls.env["shenpi.licence.type"].create(
            {
                "name": f"Licence type {code}",
                "code": code,
                "company_id": cls.company.id,
                "remind": True,
                "specialist_id": cls.clerk2.id,
                "rung_ids": [
                    Command.create({"days_before": days, "channel": channel})
                    for days, channel in ladder
                ],
                **values,
            }
        )

    @classmethod
    def _create_licence(cls, due_in, holder="Holder", kind=None, **values):
        """A licence whose renewal is to be asked for in so many days."""
        kind = kind or cls.kind
        ends = TODAY + timedelta(days=due_in + kind.renewal_lead)
        vals = {
            "number": f"L{next(cls.serial):08}",
            "version": 1,
            "name": "Licence",
            "type_id": kind.id,
            "company_id": cls.company.id,
            "department_id": cls.office.id,
            "holder_name": holder,
            "holder_kind": "organisation",
            "holder_id_number_raw": None,
            "holder_phone_raw": "13800138000",
            "valid_from": ends - timedelta(days=5 * 365),
            "in_force_from": ends - timedelta(days=5 * 365),
            "valid_to": ends,
            **values,
        }
        licences = cls.env["shenpi.licence"].with_user(cls.manager).sudo()
        vals |= licences._prepare_derived(vals)
        return licences._begin_all("import_licence", [vals], [None]).with_env(cls.env)

    def _remind(self, day=TODAY):
        """What the daily run does on a day, in one batch; answers its counts."""
        lines = self.env["shenpi.licence.reminder"].sudo()
        due = [id_ for holder in lines._get_due_holders(day) for id_ in holder]
        own = (
            self.env["shenpi.licence"]
            .sudo()
            .search([("id", "in", due), ("company_id", "in", (self.company | self.district).ids)])
        )
        counts = lines._raise(day, own.ids)
        self.env.invalidate_all()
        return +counts

    def _lines(self, licences):
        return (
            self.env["shenpi.licence.reminder"]
            .sudo()
            .search([("licence_id", "in", licences.ids)], order="epoch, days_before desc")
        )

    def _contacts(self, licences):
        return self._lines(licences).contact_id.sorted("id")
