"""Bid security in the screens: the statement is taken in, the bids are opened, money goes back."""

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.browser import screenshot, settle
from support.fake_bank import FakeBank
from support.floor import KEY, LOT, Floor, at
from support.screens import (
    agree,
    attach,
    choose,
    enter,
    enter_date,
    expect_state,
    field,
    open_menu,
    press,
    search_in,
    select_all,
)

HEADINGS = ("交易流水号", "收支方向", "交易金额", "对方账号", "对方户名", "子账号", "交易时间")


@pytest.fixture
def floor(xmlrpc, sql, server):
    with FakeBank(KEY) as bank:
        yield Floor(xmlrpc, sql, server, bank)


def statement(*lines) -> dict:
    """A statement as a bank gives it out: CSV in its own words."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    for line in lines:
        moment = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo("Asia/Shanghai"))
        rows.writerow(
            (
                line["txn_no"],
                "收入",
                line["amount"],
                line["payer_account"],
                line["payer_name"],
                line["sub_account"],
                moment.strftime("%Y-%m-%d %H:%M:%S"),
            )
        )
    content = text.getvalue().encode("utf-8-sig")
    return {"name": "statement.csv", "mimeType": "text/csv", "buffer": content}


def take_in(page: Page, account: str, file: dict) -> str:
    """Take in a statement; answer what the cashier is told."""
    page.goto("/odoo/bank-lines")
    settle(page)
    open_menu(page, "投标保证金", "导入银行流水")
    enter(page, "account_id", account)
    attach(page, "file", file)
    press(page, "action_import")
    return page.locator(".o_dialog [name=summary]").inner_text()


def clock(moment: datetime) -> str:
    """A moment as the desk types it."""
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")


def enter_lot(browser, floor) -> Page:
    """The trade desk enters a tender that came on paper, and its lot, and publishes it."""
    page = browser.login("trade", path="/odoo/tenders/new")
    for name, text in (("name", "学校改造"), ("code", floor.code), ("owner_name", "市教育局")):
        field(page, name).fill(text)
    page.click(".o_form_button_save")
    settle(page)
    press(page, "action_open_lots")
    page.click(".o_list_button_add")
    settle(page)
    for name, text in (
        ("name", "一标段"),
        ("code", floor.code),
        ("estimate", "5000000"),
        ("amount", "100000"),
        ("deadline", clock(datetime.now(UTC) + timedelta(hours=1))),
        ("opening_at", clock(datetime.now(UTC) + timedelta(hours=1))),
    ):
        enter(page, name, text)
    choose(page, page.locator("[name=account_id]"), floor.account[-4:])
    screenshot(page, "bid-security-new-lot")
    press(page, "action_publish")
    expect_state(page, "published")
    return page


def test_a_lot_is_entered_at_the_desk(browser, floor):
    page = enter_lot(browser, floor)
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    bidder = floor.register(now)
    cashier = browser.login("cashier")
    take_in(cashier, floor.account, statement(floor.line(bidder, moment=now)))
    page.reload()
    settle(page)
    expect(page.get_by_text(bidder["name"])).to_have_count(0)

    # The deadline is brought forward: a few seconds, and the bids are opened.
    press(page, "action_change_deadline")
    opening = datetime.now(UTC) + timedelta(seconds=30)
    for name in ("deadline", "opening_at"):
        enter_date(page, name, clock(opening))
    enter(page, "reason", "招标人书面通知")
    screenshot(page, "bid-security-deadline")
    press(page, "action_confirm")
    expect(page.locator("button[name=action_open_bids]")).to_have_count(0)
    page.wait_for_timeout(max(0, (opening - datetime.now(UTC)).total_seconds() + 1) * 1000)
    page.reload()
    settle(page)
    if page.locator("button[name=action_open_bids]").count():
        press(page, "action_open_bids")
    expect_state(page, "opened")
    press(page, "action_open_deposits")
    expect(page.locator(".o_data_row", has_text=bidder["name"])).to_contain_text("合格")


def open_lot(browser, floor, login: str) -> Page:
    (lot_id,) = floor.client(login)(LOT, "search", [("code", "=", floor.code)])
    return browser.login(login, path=f"/odoo/lots/{lot_id}")


def work_list(browser, floor, login: str) -> Page:
    """The refunds of the lot that somebody has to act on."""
    page = browser.login(login, path="/odoo/refunds")
    search_in(page, "标段", floor.code)
    return page


def states(floor) -> list[str]:
    domain = [("lot_id.code", "=", floor.code)]
    refunds = floor.client("checker")("shenpi.refund", "search_read", domain, ["state"], order="id")
    return [refund["state"] for refund in refunds]


def test_money_comes_in_and_goes_back(browser, floor):
    floor.publish()
    right, short, late = (floor.register() for _ in range(3))
    lines = (
        floor.line(right),
        floor.line(short, "99999.99"),
        floor.line(late, moment=at(seconds=1)),
    )

    # The cashier takes in the statement; whose money it is stays sealed.
    page = browser.login("cashier")
    told = take_in(page, floor.account, statement(*lines))
    screenshot(page, "bid-security-statement")
    assert "3" in told
    page.goto("/odoo/bank-lines")
    settle(page)
    for bidder in (right, short, late):
        expect(page.get_by_text(bidder["name"])).to_have_count(0)

    # The trade desk opens the bids and enters what follows.
    page = open_lot(browser, floor, "trade")
    press(page, "action_open_bids")
    expect_state(page, "opened")
    screenshot(page, "bid-security-lot")
    press(page, "action_open_deposits")
    for bidder, code in ((right, "合格"), (short, "金额不足"), (late, "逾期到账")):
        expect(page.locator(".o_data_row", has_text=bidder["name"])).to_contain_text(code)
    screenshot(page, "bid-security-opened")
    page.go_back()
    settle(page)
    press(page, "action_name_candidates")
    agree(page)
    press(page, "action_award")
    choose(page, page.locator(".o_dialog [name=winner_ids]"), right["name"])
    press(page, "action_confirm")
    press(page, "action_sign_contract")
    agree(page)
    expect_state(page, "contracted")

    # Two people let it go, and the cashier hands it to the bank.
    page = work_list(browser, floor, "cashier")
    expect(page.locator(".o_data_row")).to_have_count(3)
    select_all(page)
    screenshot(page, "bid-security-to-approve")
    press(page, "action_approve")
    assert states(floor) == ["approved"] * 3
    checker = work_list(browser, floor, "checker")
    select_all(checker)
    press(checker, "action_check")
    assert states(floor) == ["checked"] * 3
    page = work_list(browser, floor, "cashier")
    select_all(page)
    press(page, "action_send")
    floor.wait_until_drained()
    assert states(floor) == ["accepted"] * 3
    numbers = [floor.refunds(bidder)[0]["number"] for bidder in (right, short, late)]
    floor.settle(*numbers)
    assert states(floor) == ["settled"] * 3
    assert [floor.bank.book()[number]["times"] for number in numbers] == [1, 1, 1]


def letter(name: str) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}


def complain_and_fail(browser, floor) -> Page:
    """The trade desk enters a complaint with its document, then the end of the lot."""
    page = open_lot(browser, floor, "trade")
    press(page, "action_hold")
    field(page, "name").fill("投诉书第1号")
    attach(page, "document", letter("投诉.pdf"))
    screenshot(page, "bid-security-complaint")
    page.click(".o_dialog .o_form_button_save")
    settle(page)
    press(page, "action_fail")
    field(page, "reason").fill("有效投标不足三家")
    press(page, "action_confirm")
    expect_state(page, "failed")
    return page


def let_go(browser, floor) -> dict:
    """Two people let the one refund go, and the bank pays it; answer the refund."""
    for login, action in (
        ("cashier", "action_approve"),
        ("checker", "action_check"),
        ("cashier", "action_send"),
    ):
        page = work_list(browser, floor, login)
        select_all(page)
        press(page, action)
    floor.wait_until_drained()
    domain = [("lot_id.code", "=", floor.code), ("state", "=", "accepted")]
    (refund,) = floor.client("checker")(
        "shenpi.refund", "search_read", domain, ["number", "amount"]
    )
    floor.settle(refund["number"])
    return refund


def test_held_by_a_complaint_returned_and_made_anew(browser, floor):
    floor.publish()
    bidder = floor.register()
    floor.take_in(floor.line(bidder))
    floor.event("open", 0)
    page = complain_and_fail(browser, floor)

    # What is held is due, and nobody can let it go until the complaint is decided.
    cashier = work_list(browser, floor, "cashier")
    select_all(cashier)
    press(cashier, "action_approve")
    expect(cashier.locator(".o_dialog, .o_notification")).to_contain_text(bidder["name"])
    screenshot(cashier, "bid-security-held")
    assert states(floor) == ["due"]
    page.goto("/odoo/refund-holds")
    settle(page)
    page.locator(".o_data_row", has_text=floor.code).locator("[name=name]").click()
    settle(page)
    press(page, "action_release")
    field(page, "reason").fill("投诉不成立，处理决定第8号")
    press(page, "action_confirm")

    first = let_go(browser, floor)
    floor.show(first, days=6)
    url = f"{floor.server.url}/shenpi/bank/{floor.account_id}/results"
    assert floor.bank.tell(url, [{"number": first["number"], "status": "returned"}]) == 200
    floor.show(first, "in", days=9)
    assert states(floor) == ["returned"]

    # The cashier makes it anew to an account that the bidder has proved; two people again.
    page = browser.login("cashier", path=f"/odoo/refunds/{first['id']}")
    press(page, "action_renew")
    page.locator(".o_dialog [name=other_payee] input").check()
    field(page, "payee_name").fill(bidder["name"])
    field(page, "payee_account").fill("6217000010001234567")
    attach(page, "proof", letter("证明.pdf"))
    screenshot(page, "bid-security-made-anew")
    press(page, "action_confirm")
    second = let_go(browser, floor)
    floor.show(second, days=12)
    assert states(floor) == ["returned", "settled"]
    assert floor.bank.book()[second["number"]]["payee_account"] == "6217000010001234567"
    assert floor.proof(12)["difference"] == "0.00"
