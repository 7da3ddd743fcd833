"""A printed code, a phone, and the officer who works on what was said."""

import secrets

from playwright.sync_api import expect
from support.browser import screenshot, settle
from support.ratings import file_at_window, find_address
from support.screens import press, send

PHONE_SIZE = {"width": 390, "height": 844}


def ask(xmlrpc, login, case_id, action, **values):
    """Answer one question about a case as the dialog does."""
    call = xmlrpc(login)
    values |= {"case_id": case_id, "action": action}
    wizard_id = call("shenpi.rating.case.wizard", "create", values)
    call("shenpi.rating.case.wizard", "action_confirm", [wizard_id])


def test_from_the_receipt_to_the_closed_case(browser, server, xmlrpc):
    path = find_address(server, xmlrpc, file_at_window(xmlrpc))
    words = f"没有样表，多跑了一趟 {secrets.token_hex(3)}"

    # On the phone, by keyboard only.
    page = browser.open(path, **PHONE_SIZE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SIZE["width"]
    page.locator("input[name=level]").first.focus()
    for _step in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#l_unsatisfied")).to_be_checked()
    expect(page.locator("label[for=t_510]")).to_be_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#t_207")).to_be_checked()
    page.fill("#text", words)
    page.click("summary")
    page.fill("#name", "评价人甲")
    page.fill("#phone", "13900006666")
    screenshot(page, "rating-phone", full_page=True)
    page.wait_for_timeout(2100)
    send(page)
    expect(page.get_by_text("感谢您的评价")).to_be_visible()

    # Another officer contacts him; the office puts it right; it is verified and closed.
    officer = browser.login("evaluator2", path="/odoo/bad-ratings")
    officer.get_by_text(words).first.click()
    settle(officer)
    expect(officer.get_by_text("评价人甲")).to_be_visible()
    press(officer, "action_open_contact")
    officer.get_by_label("电话", exact=True).check()
    officer.locator(".o_dialog .o_field_widget[name=text]:visible textarea").fill("情况属实")
    press(officer, "action_confirm")
    expect(officer.locator("button[name=action_open_rectify]:visible")).to_be_visible()
    screenshot(officer, "rating-case")
    call = xmlrpc("evaluator2")
    (case_id,) = call("shenpi.rating.case", "search", [("text", "=", words)])
    ask(xmlrpc, "evaluator2", case_id, "rectify", text="补充样表", days=5)
    ask(xmlrpc, "manager", case_id, "rectified", text="样表已上墙")
    ask(xmlrpc, "evaluator", case_id, "verify", text="现场查看属实")
    ask(xmlrpc, "evaluator2", case_id, "visit", result="satisfied", text="认可")
    officer.reload()
    settle(officer)
    press(officer, "action_close")
    (case,) = call("shenpi.rating.case", "read", [case_id], ["state", "outcome"])
    assert (case["state"], case["outcome"]) == ("closed", "rectified")


def test_the_tablet_in_three_taps(browser, xmlrpc):
    call = xmlrpc("evaluationmanager")
    (terminal,) = call("shenpi.rating.terminal", "search_read", [], ["name"], limit=1)
    shown = call("shenpi.rating.terminal", "action_pair", [terminal["id"]])
    code = shown["params"]["message"][:9]
    page = browser.open("/shenpi/terminal", width=1280, height=800)
    page.fill("#code", code)
    send(page)
    screenshot(page, "tablet")
    page.locator("button[value=satisfied]").click()
    page.locator("label[for=t_406]").click()
    page.click("button.send")
    expect(page.get_by_text("感谢您的评价")).to_be_visible()
    expect(page.locator("button[value=satisfied]")).to_be_visible()
    domain = [("channel", "=", "tablet")]
    (rating,) = call("shenpi.rating", "search_read", domain, ["level", "turn"], limit=1)
    assert rating["level"] == "satisfied"


def test_what_the_desk_sees_first(browser):
    """Officers begin with the bad ratings; suggestions stand by age, windows by failures."""
    page = browser.login("evaluator")
    expect(page.locator(".o_breadcrumb")).to_contain_text("差评")
    page.goto("/odoo/shenpi-suggestions")
    settle(page)
    ages = page.locator(".o_data_row [name=age_days]").all_inner_texts()
    assert len(ages) > 1
    assert ages == sorted(ages, key=int, reverse=True)
    page.goto("/odoo/shenpi-windows-with-failures")
    settle(page)
    counts = page.locator(".o_pivot tbody tr td:last-child").all_inner_texts()[1:]
    assert len(counts) > 1
    assert counts == sorted(counts, key=int, reverse=True)
