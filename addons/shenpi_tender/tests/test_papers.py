import io
from unittest.mock import patch

import openpyxl

from odoo import Command, fields
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.shenpi_base.tools import barcodes

from .common import ACCOUNT, TenderCommon, at

READERS = ("cashier", "checker", "supervisor", "manager")


class PapersCommon(TenderCommon):
    def setUp(self):
        super().setUp()
        documents = type(self.env["shenpi.application.document"])
        self.startPatcher(patch.object(documents, "_get_lang", lambda _self: "en_US"))
        self.lot = self._publish()
        self.bidder = self._register(self.lot)
        self.line = self._line(self.bidder)
        self._import(self.line)

    def _fail(self):
        """Open the lot and end it: the money is due; answers the refund."""
        self._open(self.lot)
        self._event(self.lot, "fail", "2026-06-11 10:00:00", reason="Too few bids")
        return self.env["shenpi.refund"].search([("lot_id", "=", self.lot.id)])

    def _statement(self, role="cashier", **vals):
        vals = {
            "deposit_id": self._deposit(self.bidder).id,
            "date_from": "2026-06-01",
            "date_to": "2026-06-30",
        } | vals
        return self._as(self.trade[role], self.env["shenpi.bidder.statement"]).create(vals)

    def _render(self, name, records, role="cashier"):
        reports = self._as(self.trade[role], self.env["ir.actions.report"])
        html = reports._render_qweb_html(f"shenpi_tender.report_{name}", records.ids)[0]
        return html.decode() if isinstance(html, bytes) else html

    def _read(self, content):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@tagged("post_install", "-at_install")
class TestPapers(PapersCommon):
    def test_receipt(self):
        self._open(self.lot)
        deposit = self._deposit(self.bidder)
        for role in READERS:
            html = self._render("receipt", deposit, role)
            for text in (
                self.company.name,
                deposit.number,
                barcodes.code128(deposit.number),
                self.bidder["name"],
                self.bidder["account"],
                self.bidder["sub_account"],
                self.lot.name,
                "¥60,000.00",
                "2026-06-08 15:00:00",
            ):
                self.assertIn(text, html)
            self.assertNotIn("<link", html)

    def test_receipt_needs_money_and_a_reader_of_money(self):
        other = self._register(self.lot)
        self._open(self.lot)
        with self.assertRaisesRegex(UserError, "nothing has been received"):
            self._render("receipt", self._deposit(other))
        with self.assertRaises(AccessError):
            self._render("receipt", self._deposit(self.bidder), "officer")

    def test_receipt_names_what_found_its_bidder(self):
        other = self._register(self.lot)
        self._import(self._line(other, sub_account=""))
        self._open(self.lot)
        line = self.env["shenpi.bank.line"].search([("payer_account", "=", other["account"])])
        self._as(self.trade["cashier"], self.env["shenpi.bank.line.wizard"]).create(
            {"line_id": line.id, "deposit_id": self._deposit(other).id, "reason": "Letter"}
        ).action_confirm()
        self.assertIn(other["account"], self._render("receipt", self._deposit(other)))

    def test_voucher(self):
        refund = self._fail()
        with self.assertRaisesRegex(UserError, "not been approved"):
            self._render("voucher", refund)
        self._as(self.trade["cashier"], refund)._do_approve()
        self._as(self.trade["checker"], refund)._do_check()
        html = self._render("voucher", refund, "officer")
        for text in (
            refund.number,
            refund.payee_name,
            refund.payee_account,
            "¥60,000.00",
            self.trade["cashier"].name,
            self.trade["checker"].name,
            ACCOUNT,
            "Tender failed",
        ):
            self.assertIn(text, html)

    def test_voucher_of_what_went_by_rule(self):
        """The two who answer for the rule answer for the refund."""
        self.account.sudo().write(
            {
                "connector": "http",
                "gateway_url": "http://bank.test",
                "gateway_key": "k" * 16,
                "proved_date": "2026-06-10",
            }
        )
        vals = {"reason": "fail", "limit": 60000, "date_from": "2026-06-01"}
        rule = self._as(self.trade["manager"], self.env["shenpi.refund.automation"]).create(
            vals | {"account_id": self.account.id}
        )
        rule.action_propose()
        rule.with_user(self.trade["checker"]).action_confirm()
        refund = self._fail()
        self._run("automatic_refunds", "2026-06-11 11:00:00")
        html = self._render("voucher", refund)
        for text in (self.trade["manager"].name, self.trade["checker"].name, rule.display_name):
            self.assertIn(text, html)

    def test_amount_in_words_where_papers_are_chinese(self):
        refund = self._fail()
        self._as(self.trade["cashier"], refund)._do_approve()
        documents = type(self.env["shenpi.application.document"])
        self.env["res.lang"]._activate_lang("zh_CN")
        with patch.object(documents, "_get_lang", lambda _self: "zh_CN"):
            self.assertIn("人民币陆万元整", self._render("voucher", refund))

    def test_before_the_opening_there_is_no_paper(self):
        """Neither receipt, voucher nor statement of what is sealed, for whoever asks."""
        deposit = self._deposit(self.bidder)
        refund = self._withdraw()
        for role in self.trade:
            for name, record in (("receipt", deposit), ("voucher", refund)):
                with self.assertRaises(MissingError, msg=(role, name)):
                    self._render(name, record, role)
        for role in READERS:
            with self.assertRaises(MissingError, msg=role):
                self._statement(role)
        with self.assertRaises(AccessError):
            self._statement("officer")

    def _withdraw(self):
        """The bidder withdraws: his refund is due before the opening, and sealed all the same."""
        with at("2026-06-09 10:00:00"):
            self._api("shenpi.deposit").api_withdraw(self.bidder["number"], {"reason": "Withdrawn"})
        return self.env["shenpi.refund"].search([("lot_id", "=", self.lot.id)])


@tagged("post_install", "-at_install")
class TestStatement(PapersCommon):
    def test_what_came_and_went(self):
        refund = self._fail()
        self.assertEqual(self._figures(self._statement()), (0, 60000, 0, 60000))
        self._as(self.trade["cashier"], refund)._do_approve()
        self._as(self.trade["checker"], refund)._do_check()
        self._as(self.trade["cashier"], refund)._do_send()
        with at("2026-07-03 10:00:00"):
            self._api("shenpi.refund").api_result([{"number": refund.number, "status": "settled"}])
        june, july = (
            self._statement(date_from=f"2026-{month}-01", date_to=f"2026-{month}-30")
            for month in ("06", "07")
        )
        self.assertEqual(self._figures(june), (0, 60000, 0, 60000))
        self.assertEqual(self._figures(july), (60000, 0, 60000, 0))

    def _figures(self, statement):
        _lines, total = statement._get_lines()
        amounts = (total.opening, total.received, total.refunded, total.closing)
        return tuple(fen / 100 for fen in amounts)

    def test_lots_that_are_sealed_are_left_out(self):
        """The same bidder has paid for another lot: his statement does not tell before its
        opening."""
        sealed = self._publish(
            deadline="2026-07-10T09:00:00+08:00", opening="2026-07-10T09:00:00+08:00"
        )
        uscc = (
            self.env["shenpi.deposit"].search([("number", "=", self.bidder["number"])]).bidder_uscc
        )
        again = self._register(sealed, bidder={"name": self.bidder["name"], "uscc": uscc})
        self._import(self._line(again, "60000.00"))
        self._open(self.lot)
        for role in READERS:
            statement = self._statement(role)
            self.assertEqual(self._figures(statement), (0, 60000, 0, 60000))
            self.assertNotIn(sealed.code, self._render("statement", statement, role))
            content, _kind = self._as(self.trade[role], self.env["ir.actions.report"])._render_xlsx(
                "shenpi_tender.report_statement_xlsx", statement.ids, {}
            )
            self.assertNotIn(sealed.code, str(self._read(content)))

    def test_workbook(self):
        self._open(self.lot)
        statement = self._statement()
        content, _kind = self._as(
            self.trade["cashier"], self.env["ir.actions.report"]
        )._render_xlsx("shenpi_tender.report_statement_xlsx", statement.ids, {})
        sheets = self._read(content)
        self.assertEqual(list(sheets), ["Lots", "Postings"])
        self.assertEqual(sheets["Lots"][3][1:4], ("—", 60000, "—"))
        self.assertEqual(sheets["Postings"][3][3], 60000)

    def test_period_in_order(self):
        self._open(self.lot)
        with self.assertRaisesRegex(ValidationError, "Up to"):
            self._statement(date_to="2026-05-31")


@tagged("post_install", "-at_install")
class TestLedgerExport(PapersCommon):
    def _export(self, role="cashier", account=None, first="2026-06-01", last="2026-06-30"):
        file = self._write_file(role, account or self.account, first, last)
        return [row for rows in self._read(file).values() for row in rows[1:]]

    def _write_file(self, role, account, first, last):
        entries = self._as(self.trade[role], self.env["shenpi.ledger.entry"])
        file = io.BytesIO()
        entries._export(file, account, *map(fields.Date.to_date, (first, last)))
        return file.getvalue()

    def test_postings_of_the_period(self):
        unclear = {"amount": "5.10", "at": "2026-06-08T16:00:00+08:00", "txn_no": "U"}
        self._import(unclear)
        self.assertEqual([row[7] for row in self._export()], [5.1])
        self._open(self.lot)
        rows = self._export()
        self.assertEqual([row[7] for row in rows], [60000, 5.1])
        self.assertEqual([row[0] for row in rows], [1, 2])
        self.assertEqual(rows[0][8:10], (self.lot.code, self.bidder["name"]))
        self.assertEqual(rows[0][2], "2026-06-08 15:00:00")
        self.assertEqual(self._export(first="2026-06-09"), [])
        self.assertEqual(self._export(last="2026-06-07"), [])

    def test_what_is_sealed_is_left_out(self):
        for role in READERS:
            self.assertEqual(self._export(role), [])
        with self.assertRaises(AccessError):
            self._export("officer")

    def test_many_rows_on_several_sheets(self):
        self._import(
            *(
                {"amount": "1.00", "at": "2026-06-08T16:00:00+08:00", "txn_no": f"U{n}"}
                for n in range(7)
            )
        )
        module = "odoo.addons.shenpi_tender.models.shenpi_ledger_export"
        with patch(f"{module}.SHEET_ROWS", 3), patch(f"{module}.FETCHED", 2):
            file = self._write_file("cashier", self.account, "2026-06-01", "2026-06-30")
        self.assertEqual([len(rows) - 1 for rows in self._read(file).values()], [3, 3, 1])


@tagged("post_install", "-at_install")
class TestLedgerDoor(TenderCommon, HttpCase):
    URL = "/shenpi/ledger.xlsx?date_from=2026-06-01&date_to=2026-06-30"

    def test_who_gets_the_file(self):
        for role in (*READERS, "officer"):
            user = new_test_user(
                self.env,
                login=f"t_door_{role}",
                password=f"t_door_{role}",
                groups=f"shenpi_tender.group_tender_{role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            self.authenticate(user.login, user.login)
            answer = self.url_open(self.URL)
            if role == "officer":
                self.assertEqual(answer.status_code, 404)
                continue
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
            book = openpyxl.load_workbook(io.BytesIO(answer.content))
            self.assertEqual(book.worksheets[0].max_row, 1)
            for wrong in ("x", ""):
                path = f"/shenpi/ledger.xlsx?date_from={wrong}&date_to=2026-06-30"
                self.assertEqual(self.url_open(path).status_code, 404)

    def test_a_stranger_is_asked_to_log_in(self):
        answer = self.url_open(self.URL, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
