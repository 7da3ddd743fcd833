"""Refunds on their way to the bank, and the server dies in the middle: each is paid once."""

from support.crash import finish_through_kills
from support.fake_bank import FakeBank
from support.identity import uscc
from support.server import in_shell

COUNT = 250  # five calls
KEY = "the key that bureau and bank share"
FAILED_LOT = """
from datetime import timedelta
from odoo import fields
from odoo.addons.shenpi_base.tools.localtime import format_moment
people = {login: env["res.users"].search([("login", "=", login)])
          for login in ("integrator", "cashier", "checker", "tendermanager")}
def by(login, model):
    user = people[login]
    return env[model].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
now = fields.Datetime.now()
def at(days):
    return format_moment(now + timedelta(days=days))
account = env["shenpi.bank.account"].create({
    "name": "专户", "number": number, "bank_name": "银行",
    "connector": "http", "gateway_url": url, "gateway_key": key,
    "company_id": env.ref("base.main_company").id})
account._add_subaccounts(300)
by("integrator", "shenpi.tender.lot").api_publish({
    "client_ref": code, "code": code, "name": "标段", "kind": "works",
    "tender": {"code": code, "name": "项目", "regime": "other", "owner": "业主"},
    "estimate": "1000000.00", "amount": "20000.00", "account": account.number,
    "deadline": at(-3), "opening": at(-3), "at": at(-20)})
lines = []
for place, uscc in enumerate(codes):
    answer = by("integrator", "shenpi.deposit").api_register({
        "client_ref": f"{code}-{place}", "lot": code, "at": at(-10),
        "bidder": {"name": f"投标人{place}", "uscc": uscc}})
    lines.append({"txn_no": f"{code}{place}", "amount": "20000.00", "payer_account": f"62{place}",
                  "payer_name": f"投标人{place}", "sub_account": answer["sub_account"],
                  "at": at(-5)})
by("integrator", "shenpi.bank.line").api_import(account.number, lines)
by("integrator", "shenpi.tender.lot").api_event(
    code, {"event": "fail", "reason": "流标", "at": at(-2)})
numbers = env["shenpi.refund"].search([("lot_id.code", "=", code)]).mapped("number")
"""
BY_HAND = """
by("cashier", "shenpi.refund").api_approve(numbers)
by("checker", "shenpi.refund").api_check(numbers)
by("cashier", "shenpi.refund").api_send(numbers)
env.flush_all()
# As if the server had died before it could start a job.
env.cr.postcommit.clear()
env.cr.execute("UPDATE shenpi_refund_order SET next_attempt_at = next_attempt_at - interval '1 h'")
result = numbers
"""
BY_RULE = """
rule = by("tendermanager", "shenpi.refund.automation").create({
    "account_id": account.id, "reason": "fail", "limit": 20000})
rule.action_propose()
by("checker", "shenpi.refund.automation").browse(rule.id).action_confirm()
account.proved_date = fields.Date.today()
env.flush_all()
env.cr.postcommit.clear()
result = numbers
"""


def test_refunds(database, sql):
    """Handed over by people: the bank's own book has each instruction once."""
    pay_through_kills(database, sql, 1, BY_HAND, "shenpi_tender.cron_send_refunds")


def test_refunds_by_rule(database, sql):
    """Sent by a rule: each is reserved, handed over and paid once."""
    pay_through_kills(database, sql, 2, BY_RULE, "shenpi_tender.cron_automatic_refunds")


def pay_through_kills(database, sql, serial, ending, action):
    """Let a scheduled action pay the refunds of a lot back, whatever kills it."""
    code = f"CRASH{serial}"
    with FakeBank(KEY) as bank:
        bank.control(faults=["slow"] * 200, slowness=0.4)
        words = {"url": bank.url, "key": KEY, "code": code, "number": f"622999000000000{serial}"}
        start = 8_600_000 + serial * COUNT
        words["codes"] = [uscc(start + place) for place in range(COUNT)]
        given = "\n".join(f"{name} = {word!r}" for name, word in words.items())
        numbers = in_shell(database, f"{given}\n{FAILED_LOT}\n{ending}")
        assert len(numbers) == COUNT

        def count():
            rows = sql("SELECT state FROM shenpi_refund WHERE number = ANY(%s)", numbers)
            return sum(state == "accepted" for (state,) in rows)

        finish_through_kills(database, count, COUNT, action=action)
        book = bank.book()
    assert sorted(book) == sorted(numbers)
    assert {entry["times"] for entry in book.values()} == {1}
    reserved = sql(
        """SELECT sum(d.in_refund), sum(d.held) FROM shenpi_deposit d
             JOIN shenpi_tender_lot l ON l.id = d.lot_id WHERE l.code = %s""",
        code,
    )
    assert [tuple(map(int, row)) for row in reserved] == [(20_000 * COUNT, 0)]
