import base64
import io
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..models import shenpi_import_mixin
from .common import NOW
from .reminder_common import TODAY, ReminderCommon

HEADINGS = "证照编号,证照类型,持证主体,证件号码,联系电话,有效期起,有效期止,实施编码,许可范围"
GOOD = [
    "A1,T1,甲公司,91350100M000100Y43,13800138000,2021-07-01,2026-08-08,,热食",
    "A2,Licence type T1,乙公司,,,2021/7/1,2026/12/31,{item},",
    "A3,T1,丙,11010519491231002X,,2021-07-01,,,",
]
BAD = {
    "A1,T1,甲公司,,,2021-07-01,,,": "more than once",
    "A4,T9,丁,,,2021-07-01,,,": "not known",
    "A5,T1,,,,2021-07-01,,,": "is empty",
    "A6,T1,戊,91350100M000100Y44,,2021-07-01,,,": None,
    "A7,T1,己,,abc,2021-07-01,,,": "phone",
    "A8,T1,庚,,,2021-13-01,,,": "YYYY-MM-DD",
    "A9,T1,辛,,,2021-07-01,2020-01-01,,": "before the beginning",
}


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLicenceImport(ReminderCommon):
    """Licences of before: good rows become licences with their event, bad ones come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(shenpi_import_mixin, "ROWS_PER_CHUNK", 2))
        cls.department = cls.other_office

    def _import(self, rows, user=None):
        text = "\n".join([HEADINGS, *rows]).format(item=self.item.code)
        imports = self._as(user or self.manager, self.env["shenpi.licence.import"])
        record = imports.with_context(queue_job__no_delay=True).create(
            {
                "file": base64.b64encode(text.encode()),
                "filename": "licences.csv",
                "company_id": self.company.id,
                "department_id": self.department.id,
            }
        )
        record.action_start()
        self.env.invalidate_all()
        return record

    def _find(self, number):
        return self.env["shenpi.licence"].sudo().search([("number", "=", number)])

    def test_good_rows(self):
        record = self._import(GOOD)
        self.assertEqual((record.state, record.done_rows, record.bad_rows), ("done", 3, 0))
        first, second, third = (self._find(number) for number in ("A1", "A2", "A3"))
        self.assertRecordValues(
            first,
            [
                {
                    "state": "valid",
                    "type_id": self.kind.id,
                    "holder_id_number_raw": "91350100M000100Y43",
                    "holder_id_type": "uscc",
                    "holder_phone_raw": "13800138000",
                    "scope": "热食",
                    "department_id": self.other_office.id,
                }
            ],
        )
        self.assertEqual(str(first.renewal_due_date), "2026-07-09")
        self.assertEqual((second.item_id, second.department_id), (self.item, self.office))
        self.assertEqual((third.holder_kind, third.valid_to), ("person", False))
        self.assertEqual(
            (first | second | third).event_ids.mapped("action"), ["import_licence"] * 3
        )
        self.assertFalse(self.env["shenpi.event"].sudo()._get_broken(first | second | third))

    def test_bad_rows_come_back_with_their_reason(self):
        record = self._import([*GOOD, *BAD])
        self.assertEqual((record.done_rows, record.bad_rows), (3, len(BAD)))
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(record.report)))
        rows = list(book.active.iter_rows(min_row=2, values_only=True))
        self.assertEqual([row[0] for row in rows], list(range(5, 5 + len(BAD))))
        for (_line, reason, *cells), expected in zip(rows, BAD.values(), strict=True):
            self.assertIn(expected or "not a valid number", reason)
            self.assertNotIn("91350100M000100Y44", reason, cells)

    def test_what_is_in_the_register_is_not_taken_again(self):
        self._import(GOOD)
        record = self._import(GOOD)
        self.assertEqual((record.state, record.bad_rows), ("rejected", 3))

    def test_what_is_due_is_reminded_of(self):
        self._import(GOOD)
        self._remind()
        lines = self._lines(self._find("A1"))
        self.assertEqual(
            {line.days_before: line.state for line in lines},
            {90: "passed", 60: "passed", 30: "open"},
        )
        self.assertEqual(lines.contact_id.deadline, self._find("A1").renewal_due_date)
        self.assertEqual(lines.contact_id.raised_on, TODAY)

    def test_only_the_bureau_head_imports(self):
        for user in (self.clerk2, self.supervisor, self.integrator):
            with self.assertRaises(AccessError):
                self._import(GOOD, user)

    def test_verified_in_public(self):
        self._import(GOOD)
        licence = self.env["shenpi.licence"]._find_by_number("A1", "0Y43")
        self.assertEqual(licence, self._find("A1"))
