"""A grievance in the screens: written on a phone, dispatched by the desk, answered by the office,
reviewed by another officer, called back and closed."""

import re
import uuid

from playwright.sync_api import Page, expect
from support.browser import screenshot, settle
from support.screens import choose, expect_state, press, send


def write_on_the_phone(browser, title: str) -> tuple[str, str]:
    """Fill in the public page at phone width; answer the number and the query code."""
    page = browser.open("/shenpi/grievance", width=390, height=844)
    page.select_option("#bureau", label="青云市行政审批服务局")
    page.select_option("#kind", "failed")
    page.fill("#title", title)
    page.fill("#text", "材料齐全，窗口让我改天再来，已经来了三次。")
    page.fill("#name", "王晓")
    page.fill("#phone", "13711112222")
    screenshot(page, "grievance-phone", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    send(page)
    number, code = page.locator(".code").all_inner_texts()
    assert re.fullmatch(r"SQ\d{4}-\d{5}", number)
    return number, code


def ask_on_the_phone(browser, number: str, code: str) -> str:
    page = browser.open("/shenpi/grievance/status", width=390, height=844)
    page.fill("#number", number)
    page.fill("#code", code)
    send(page)
    return page.locator("main").inner_text()


def open_form(browser, xmlrpc, login: str, number: str) -> Page:
    domain = [["number", "=", number]]
    (grievance_id,) = xmlrpc("evaluator")("shenpi.grievance", "search", domain)
    return browser.login(login, path=f"/odoo/shenpi-grievances/{grievance_id}")


def test_from_the_phone_to_the_reply(browser, xmlrpc):
    title = f"三次未受理{uuid.uuid4().hex[:6]}"
    number, code = write_on_the_phone(browser, title)

    officer = browser.login("evaluator", path="/odoo/shenpi-grievances")
    expect(officer.locator(".o_kanban_group").first).to_be_visible()
    screenshot(officer, "grievance-kanban")
    officer.locator(".o_kanban_record", has_text=number).click()
    settle(officer)
    press(officer, "action_open_dispatch")
    choose(officer, officer.locator(".o_dialog [name=lead_id]"), "市场准入")
    screenshot(officer, "grievance-dispatch")
    press(officer, "action_confirm")
    expect_state(officer, "dispatched")
    screenshot(officer, "grievance-form")

    office = browser.login("decider", path="/odoo/shenpi-grievances-to-my-office")
    office.locator(".o_data_row", has_text=title).locator("[name=title]").click()
    settle(office)
    press(office, "action_take")
    press(office, "action_open_answer")
    office.locator(".o_dialog [name=text]:visible textarea").fill("已当场受理，下次无须再跑。")
    screenshot(office, "grievance-answer")
    press(office, "action_confirm")
    expect_state(office, "answered")
    assert "已当场受理" not in ask_on_the_phone(browser, number, code)

    second = open_form(browser, xmlrpc, "evaluator2", number)
    press(second, "action_approve_reply")
    expect_state(second, "replied")
    assert "已当场受理" in ask_on_the_phone(browser, number, code)
    press(second, "action_open_visit")
    for field in ("process_level", "result_level"):
        second.locator(f".o_dialog [name={field}] input[data-value='5']").check()
    screenshot(second, "grievance-visit")
    press(second, "action_confirm")
    expect_state(second, "visited")
    press(second, "action_open_close")
    second.locator(".o_dialog [name=outcome] input, .o_dialog [name=outcome] select").first.click()
    screenshot(second, "grievance-close")


def test_lists_of_the_desk(browser):
    for path in (
        "shenpi-grievances-hard",
        "shenpi-suggestions",
        "shenpi-windows-with-failures",
        "shenpi-grievance-figures",
        "shenpi-faq",
    ):
        page = browser.login("evaluationmanager", path=f"/odoo/{path}")
        expect(page.locator(".o_list_view, .o_pivot_view").first).to_be_visible()
        rows = page.locator(".o_data_row, .o_group_header, .o_pivot td")
        expect(rows.first).to_be_visible()
        screenshot(page, path)
