"""The navigator opens a key project from the menu, files its first permit, sees the next one begin
and a delay move the bars, in the browser."""

import pytest
from playwright.sync_api import expect
from support.api import Api
from support.browser import screenshot, settle
from support.identity import uscc
from support.screens import press

NAME = "青云浏览测试酒店"
PERMIT = "政府投资项目建议书审批"
TASK, APPLICATION = "project.task", "shenpi.application"
RED = "241, 174, 181"


@pytest.fixture
def page(browser):
    """The screen of the navigator's projects."""
    return browser.login("navigator", path="/odoo/shenpi-my-projects")


def test_from_the_menu_to_a_delay_that_lights_up(page, xmlrpc):
    page.get_by_role("button", name="重点项目").click()
    page.get_by_role("menuitem", name="新建项目").click()
    settle(page)
    dialog = page.locator(".o_dialog")
    dialog.locator("[name=name] input").fill(NAME)
    dialog.locator("[name=applicant_name] input").fill("青云浏览酒店管理有限公司")
    dialog.locator("[name=applicant_id_number] input").fill(uscc(4_711))
    dialog.locator("[name=kind] input").click()
    page.locator(".o_select_menu_item", has_text="市政工程").first.click()
    settle(page)
    screenshot(page, "key_project_head")
    press(page, "action_next")
    _search_the_menu(page, dialog)
    screenshot(page, "key_project_tick")
    press(page, "action_next")
    expect(dialog.locator("[name=pulled_ids]")).to_contain_text(PERMIT)
    screenshot(page, "key_project_check")
    press(page, "action_next")
    expect(dialog.locator("[name=chart] svg")).to_be_visible()
    expect(dialog.locator("[name=path_names]")).to_contain_text(PERMIT)
    screenshot(page, "key_project_plan")
    press(page, "action_confirm")
    expect(page.locator("h2 [name=name]")).to_contain_text(NAME)
    screenshot(page, "key_project_opened")
    _file_the_first(page)
    _try_a_plan(page)
    _watch_the_next_begin(page, xmlrpc)
    _see_a_delay(page, xmlrpc)


def _search_the_menu(page, dialog):
    """Words and phases hide rows; what is ticked stays ticked."""
    rows = dialog.locator("[name=line_ids] .o_data_row:visible")
    search = dialog.locator(".o_shenpi_menu_search")
    expect(rows).to_have_count(84)
    ticked = dialog.locator("[name=line_ids] [name=ticked] input:checked")
    before = ticked.count()
    assert before
    search.locator("input[type=search]").fill("建议书")
    expect(rows).to_have_count(1)
    search.locator("input[type=search]").fill("工程建设 消防")
    expect(rows.first).to_contain_text("消防")
    assert rows.count() < 10
    search.locator("input[type=search]").fill("")
    search.locator("select").select_option("1")
    expect(rows).to_have_count(14)
    search.locator("select").select_option("")
    search.locator("input[type=checkbox]").check()
    expect(rows).to_have_count(before)
    search.locator("input[type=checkbox]").uncheck()
    expect(ticked).to_have_count(before)


def _file_the_first(page):
    """What is not complete opens as a draft, with the investor and the project filled in."""
    page.get_by_role("tab", name="许可").click()
    row = page.locator("[name=permit_ids] .o_data_row", has_text=PERMIT)
    row.locator("button[name=action_file]").click()
    settle(page)
    expect(page.locator("[name=applicant_name]").first).to_be_visible()
    screenshot(page, "key_project_draft")
    page.go_back()
    settle(page)


def _try_a_plan(page):
    """What if: before and after, nothing saved."""
    press(page, "action_open_what_if")
    dialog = page.locator(".o_dialog")
    expect(dialog.locator("[name=line_ids] .o_data_row").first).to_be_visible()
    dialog.get_by_role("tab", name="调整前后").click()
    expect(dialog.locator("[name=chart] svg")).to_be_visible()
    screenshot(page, "key_project_what_if")
    dialog.locator("button[special=cancel]").click()
    settle(page)
    press(page, "action_view_timeline")
    expect(page.locator(".vis-item").first).to_be_visible()
    bars = page.locator(".vis-item").count()
    expect(page.locator(".o_shenpi_baseline")).to_have_count(bars)
    expect(page.locator(".o_shenpi_bar_critical")).not_to_have_count(0)
    expect(page.locator(".o_shenpi_arrow_all_of")).not_to_have_count(0)
    expect(page.locator(f".vis-item[style*='{RED}']")).to_have_count(0)
    screenshot(page, "key_project_timeline")
    page.go_back()
    settle(page)


def _bring(xmlrpc, name):
    """Hand in what the draft of a permit lacks and have the window take it in; its number."""
    navigator = xmlrpc("navigator")
    domain = [("name", "=", name), ("project_id.name", "=", NAME)]
    task = navigator(TASK, "search", domain, order="id desc", limit=1)
    if not navigator(TASK, "read", task, ["application_id"])[0]["application_id"]:
        navigator(TASK, "action_file", task)
    application = navigator(TASK, "read", task, ["application_id"])[0]["application_id"][0]
    papers = "shenpi.application.material"
    lacking = navigator(papers, "search", [("application_id", "=", application)])
    navigator(papers, "write", lacking, {"status": "provided"})
    navigator(TASK, "action_file", task)
    number = navigator(APPLICATION, "read", [application], ["number"])[0]["number"]
    Api(xmlrpc).act("manager", "accept", number)
    return number


def _watch_the_next_begin(page, xmlrpc):
    """The first is granted, and what waited for it can be filed."""
    following = page.locator("[name=next_steps]")
    expect(following.first).to_contain_text(PERMIT)
    api, number = Api(xmlrpc), _bring(xmlrpc, PERMIT)
    api.review_all(number, login="manager")
    api.act("decider", "decide", number, outcome="grant")
    page.reload()
    settle(page)
    expect(following.first).not_to_contain_text(PERMIT)
    page.get_by_role("tab", name="许可").click()
    rows = page.locator("[name=permit_ids] .o_data_row")
    expect(rows.filter(has_text=PERMIT)).to_contain_text("已取得")
    expect(rows.locator("button[name=action_file]:visible")).not_to_have_count(0)
    screenshot(page, "key_project_next")


def _see_a_delay(page, xmlrpc):
    """A further permit is extended: its bar grows beyond the baseline and turns red."""
    rows = page.locator("[name=permit_ids] .o_data_row")
    ready = rows.filter(has=page.locator("button[name=action_file]:visible")).first
    name = ready.locator("[name=name]").inner_text()
    Api(xmlrpc).act("manager", "extend", _bring(xmlrpc, name), days=9, reason="情况复杂")
    page.reload()
    settle(page)
    expect(page.locator("[name=light].o_field_badge").first).to_contain_text("晚于基线")
    press(page, "action_view_timeline")
    expect(page.locator(f".vis-item[style*='{RED}']", has_text=name)).to_be_visible()
    screenshot(page, "key_project_delay")
