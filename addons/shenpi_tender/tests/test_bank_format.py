import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.shenpi_base.tests.common import moment

from .common import TenderCommon

TABLE = (
    ("账户明细", "", "", "", "", ""),
    ("日期", "时刻", "借方发生额", "贷方发生额", "对方户名", "流水号"),
    ("20260608", "15:00:01", "", "60,000.00", "青云建工", "A1"),
    ("20260608", "16:00:00", "5.00", "0.00", "手续费", "A2"),
    ("合计", "", "5.00", "60,000.00", "", ""),
)


@tagged("post_install", "-at_install")
class TestBankFormat(TenderCommon):
    def _format(self, role="cashier", **vals):
        vals = {
            "name": "Daily",
            "account_id": self.account.id,
            "header_row": 2,
            "delimiter": "bar",
            "encoding": "gb18030",
            "direction": "columns",
            "date_format": "%Y%m%d %H:%M:%S",
            "end_mark": "合计",
            "column_ids": [
                (0, 0, {"key": key, "heading": heading})
                for key, heading in (
                    ("date", "日期"),
                    ("time", "时刻"),
                    ("amount_out", "借方发生额"),
                    ("amount_in", "贷方发生额"),
                    ("payer_name", "对方户名"),
                    ("txn_no", "流水号"),
                )
            ],
        } | vals
        return self._as(self.trade[role], self.env["shenpi.bank.format"]).create(vals)

    def _text(self, rows=TABLE):
        return "\n".join("|".join(row) for row in rows).encode("gbk")

    def _workbook(self, rows=TABLE):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _take_in(self, content, filename="s.csv", **vals):
        wizard = self._as(self.trade["cashier"], self.env["shenpi.bank.import.wizard"]).create(
            {
                "account_id": self.account.id,
                "file": base64.b64encode(content),
                "filename": filename,
                **vals,
            }
        )
        wizard.action_import()
        return wizard

    def _lines(self):
        domain = [("account_id", "=", self.account.id)]
        lines = self.env["shenpi.bank.line"].search(domain, order="txn_no")
        return [(line.txn_no, line.direction, line.amount, line.arrived_at) for line in lines]

    def test_text_and_workbook_are_the_same_lines(self):
        """The account's format is chosen by itself; told again as a workbook nothing is new."""
        layout = self._format()
        wizard = self._take_in(self._text())
        self.assertEqual(wizard.format_id, layout)
        self.assertIn("New: 2", wizard.summary)
        expected = [
            ("A1", "in", 60000, moment("2026-06-08 15:00:01")),
            ("A2", "out", 5, moment("2026-06-08 16:00:00")),
        ]
        self.assertEqual(self._lines(), expected)
        for content, filename in (
            (self._text(), "s.csv"),
            (self._workbook(), "s.xlsx"),
            (self._text(TABLE[:2] + TABLE[3:]), "half.txt"),
        ):
            self.assertIn("New: 0", self._take_in(content, filename).summary)
        self.assertEqual(self._lines(), expected)
        self.assertFalse(self.account.blocked)

    def test_the_sample_fills_the_columns_and_is_not_kept(self):
        layout = self._format(
            column_ids=[], header_row=1, direction="word", sample=base64.b64encode(self._text())
        )
        self.assertFalse(layout.sample)
        self.assertEqual((layout.header_row, layout.direction), (2, "columns"))
        found = {column.key: column.heading for column in layout.column_ids}
        self.assertEqual(found["amount_in"], "贷方发生额")
        layout.column_ids = [(0, 0, {"key": "time", "heading": "时刻"})] * ("time" not in found)
        self.assertIn("New: 2", self._take_in(self._text()).summary)
        with self.assertRaisesRegex(UserError, "No row has headings"):
            layout.sample = base64.b64encode(b"a|b")
        with self.assertRaisesRegex(UserError, "no table"):
            layout.sample = base64.b64encode(b"PK\x03\x04")

    def test_what_is_not_as_the_format_says_is_refused(self):
        self._format()
        for rows, told in (
            (TABLE[:1], "no column for Amount"),
            ((TABLE[0], TABLE[1][:3], TABLE[2]), "Amount received. Known headings: 贷方发生额"),
            ((*TABLE[:2], ("2026-06-08", "15:00:01", "", "5.00", "", "")), "Row 3"),
            ((*TABLE[:2], ("20260608", "", "", "5.00", "", "")), "Row 3"),
            ((*TABLE[:2], ("20260608", "15:00:01", "5.00", "5.00", "", "")), "Row 3"),
            ((*TABLE[:2], ("20260608", "15:00:01", "", "五元", "", "")), "Row 3: 五元 is no"),
            ((*TABLE[:2], ("20260608", "15:00:01", "", "-5.00", "", "")), "Row 3: -5.00 is no"),
            ((*TABLE[:2], ("20260608", "15:00:01", "", "5.001", "", "")), "Row 3: 5.001 is no"),
        ):
            with self.assertRaisesRegex(UserError, told):
                self._take_in(self._text(rows))
        with self.assertRaisesRegex(UserError, "no table"):
            self._take_in(self._text().decode("gbk").encode("utf-16"))
        self.assertEqual(self._lines(), [])

    def test_a_format_of_another_account_is_refused(self):
        other = self.env["shenpi.bank.account"].create(
            {
                "name": "Other",
                "number": "6228480000000002",
                "bank_name": "B",
                "company_id": self.company.id,
            }
        )
        layout = self._format(account_id=other.id)
        with self.assertRaisesRegex(UserError, "another account"):
            self._take_in(self._text(), format_id=layout.id)

    def test_each_column_once(self):
        layout = self._format()
        with self._refused("format_column_once"):
            layout.column_ids = [(0, 0, {"key": "text", "heading": h}) for h in ("a", "b")]
            self.env.flush_all()
        with self._refused("header_row"):
            layout.header_row = 0
            self.env.flush_all()

    def test_who_keeps_them(self):
        self._format("manager")
        for role in ("officer", "checker", "supervisor"):
            with self.assertRaises(AccessError):
                self._format(role)
        layout = self._format()
        stranger = self._create_trader("cashier", company=self.district)
        with self.assertRaises(AccessError):
            self._as(stranger, layout).read(["name"])
        with self.assertRaises(UserError):
            self._as(stranger, self.env["shenpi.bank.format"]).create(
                {"name": "X", "account_id": self.account.id}
            )
