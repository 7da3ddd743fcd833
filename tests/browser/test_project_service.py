"""What goes with a key project besides its permits, in the browsers of those it concerns: the team,
blockers, letters of authority, visits, meetings and their to-dos."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from support.browser import screenshot, settle
from support.screens import press
from support.server import in_shell

PROJECT, BLOCKER = "青云湾海景酒店", "shenpi.blocker"
OPENED = """
navigator = env["res.users"].search([("login", "=", "navigator")])
line = env["shenpi.menu.line"].search([("name", "=", "企业设立登记")], limit=1)
projects = env["project.project"].with_user(navigator).with_company(line.menu_id.company_id)
project = projects._do_open(
    {
        "name": f"浏览测试代办项目{env['project.project'].search_count([]):04d}",
        "key_kind": "industry",
        "planned_start": env["shenpi.application"]._get_today(),
        "applicant_name": "青云代办测试有限公司",
        "applicant_id_number": "91350100M000100Y43",
    },
    line._prepare_permits(),
)
result = [project.name, project.permit_ids.id]
"""
ESCALATED = """
project = env["project.project"].search([("name", "=", "青云湾海景酒店")])
navigator = env["res.users"].search([("login", "=", "navigator")])
owner = env["res.users"].search([("login", "=", "reviewer2")])
blocker = env["shenpi.blocker"].with_user(navigator).create({
    "project_id": project.id,
    "matter": "浏览测试：红线内管线尚未迁改",
    "department_id": owner.with_user(1).shenpi_department_ids[:1].id or project.department_id.id,
    "user_id": owner.id,
    "due_days": 2,
})
from datetime import timedelta
from odoo import fields
blocker._do_raise(at=fields.Datetime.now() - timedelta(days=21))
env["shenpi.demo"]._run_ladder(env.ref("shenpi_base.ladder_blocker"))
result = blocker.id
"""


def hours(count: int) -> str:
    """A moment so many hours from now, as the API takes it."""
    return f"{datetime.now(UTC) + timedelta(hours=count):%Y-%m-%d %H:%M:%S}"


def in_a_month() -> str:
    return f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%d}"


def choose(page: Page, field: str, text: str, place=None) -> None:
    """Choose a record by its name in a field that points to one."""
    box = (place or page).locator(f"[name={field}] input").first
    box.fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()
    settle(page)


def pick(page: Page, field: str, text: str) -> None:
    """Pick a value of a selection."""
    page.locator(f".o_form_view [name={field}] input").first.click()
    page.locator(".o_select_menu_item", has_text=text).first.click()
    settle(page)


def save(page: Page) -> None:
    page.locator(".o_form_button_save").click()
    settle(page)


def go(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector(".o_web_client .o_navbar")
    settle(page)


@pytest.fixture
def project_id(xmlrpc):
    domain = [("name", "=", PROJECT)]
    return xmlrpc("navigator")("project.project", "search", domain)[0]


def test_the_team_and_its_first_contact(browser, project_id):
    page = browser.login("navigator", path=f"/odoo/shenpi-key-projects/{project_id}")
    press(page, "action_open_team")
    page.locator(".o_list_button_add").click()
    settle(page)
    pick(page, "role", "投资主体联系人")
    page.locator("[name=name] input").fill("周晓岚")
    page.locator("[name=organisation] input").fill("海景酒店管理有限公司")
    page.locator("[name=phone] input").fill("13805920001")
    save(page)
    go(page, f"/odoo/shenpi-key-projects/{project_id}")
    page.get_by_role("tab", name="专班").click()
    row = page.locator("[name=member_ids] .o_data_row", has_text="周晓岚")
    expect(row.first).to_contain_text("海景酒店管理有限公司")
    screenshot(page, "project_team")


def test_a_blocker_from_the_project_until_it_is_struck_off(browser, project_id):
    """Raised by the navigator, cleared by its owner, struck off by the supervisor, never by the
    owner himself."""
    matter = "浏览测试：临时用电未接通"
    page = browser.login("navigator", path=f"/odoo/shenpi-key-projects/{project_id}")
    press(page, "action_add_blocker")
    page.locator("[name=matter] input").fill(matter)
    choose(page, "user_id", "赵海峰")
    save(page)
    press(page, "action_raise")
    number = page.locator("[name=number]").first.inner_text()
    assert number.startswith("DX")
    blocker = page.url.rstrip("/").rsplit("/", 1)[-1]
    screenshot(page, "blocker_raised")

    owner = browser.login("inspector", path=f"/odoo/shenpi-blockers/{blocker}")
    press(owner, "action_open_answer")
    owner.locator(".o_dialog [name=text] textarea").fill("供电公司已送电。")
    press(owner, "action_confirm")
    expect(owner.locator("button[name=action_open_strike_off]:visible")).to_have_count(0)

    supervisor = browser.login("supervisor", path=f"/odoo/shenpi-blockers/{blocker}")
    press(supervisor, "action_open_strike_off")
    supervisor.locator(".o_dialog [name=text] textarea").fill("现场查看，已通电。")
    press(supervisor, "action_confirm")
    expect(supervisor.locator("[name=finding]")).to_contain_text("现场查看")
    current = supervisor.locator(".o_statusbar_status .o_arrow_button_current")
    expect(current).to_contain_text("销号")
    screenshot(supervisor, "blocker_struck_off")


def test_a_blocker_that_is_not_cleared_climbs(browser, xmlrpc, database):
    blocker = in_shell(database, ESCALATED)
    page = browser.login("supervisor", path=f"/odoo/shenpi-blockers/{blocker}")
    expect(page.locator("[name=light].o_field_badge").first).to_be_visible()
    orders = page.locator("button[name=action_open_supervision]")
    expect(orders).to_contain_text("1")
    screenshot(page, "blocker_escalated")
    (row,) = xmlrpc("supervisor")(BLOCKER, "read", [blocker], ["light", "state"])
    assert (row["light"], row["state"]) == ("red", "raised")


def test_nobody_files_on_behalf_without_a_letter(browser, xmlrpc, database):
    """The project has no letter in force: acting for the investor is refused in words that say
    why; with the letter signed and in force it goes."""
    navigator = xmlrpc("navigator")
    name, permit = in_shell(database, OPENED)
    navigator("project.task", "action_file", [permit])
    (task,) = navigator("project.task", "read", [permit], ["application_id"])
    draft = task["application_id"][0]
    page = browser.login("navigator", path=f"/odoo/shenpi-permits/{permit}")
    press(page, "action_open_application")
    press(page, "action_act_on_behalf")
    expect(page.locator(".o_notification, .o_dialog").last).to_contain_text("委托书")
    screenshot(page, "mandate_refused")
    page.locator(".o_dialog .btn-close, .o_notification_close").first.click()

    go(page, "/odoo/shenpi-mandates/new")
    choose(page, "project_id", name)
    page.locator("[name=signatory] input").fill("林海")
    page.set_input_files(
        "[name=attachment_ids] input[type=file]",
        {"name": "委托书.txt", "mimeType": "text/plain", "buffer": "已签字".encode()},
    )
    settle(page)
    page.locator("[name=date_to] input, [name=date_to] button").first.click()
    page.locator("[name=date_to] input").fill(in_a_month())
    page.keyboard.press("Enter")
    save(page)
    press(page, "action_come_into_force")
    screenshot(page, "mandate_in_force")

    go(page, f"/odoo/shenpi-permits/{permit}")
    press(page, "action_open_application")
    press(page, "action_act_on_behalf")
    expect(page.locator("button[name=action_advise_only]")).to_be_visible()
    (row,) = navigator("shenpi.application", "read", [draft], ["agent_user_id", "state"])
    assert (row["agent_user_id"][1:], row["state"]) == (["孙丽娜"], "draft")


def test_a_visit_from_the_wish_to_its_result(browser, xmlrpc, project_id):
    """What is lacking for a visit is named; planned and done, it stands on the project."""
    navigator = xmlrpc("navigator")
    own = navigator("res.users", "search", [("login", "=", "navigator")])
    page = browser.login("navigator", path="/odoo/shenpi-visits/new")
    page.locator("[name=beneficiary] input").fill("浏览测试上门")
    choose(page, "project_id", PROJECT)
    save(page)
    press(page, "action_plan")
    expect(page.locator(".o_dialog")).to_contain_text("还缺")
    page.locator(".o_dialog .btn-primary").click()
    visit = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    times = {"date_start": hours(-2), "date_stop": hours(-1)}
    who = {"address": "海景路1号", "staff_ids": [(6, 0, own)]}
    navigator("shenpi.home.service", "write", [visit], times | who)
    page.reload()
    settle(page)
    press(page, "action_plan")
    press(page, "action_open_result")
    page.locator(".o_dialog [name=text] textarea").fill("现场指导完善消防资料。")
    page.locator(".o_dialog [name=satisfaction] input[type=radio]").first.check()
    press(page, "action_confirm")
    expect(page.locator("[name=result]")).to_contain_text("现场指导")
    screenshot(page, "visit_done")


def test_a_meeting_and_what_it_decided_to_be_done(browser, xmlrpc, project_id):
    """Minutes are closed; the to-do stands on the project, its owner ticks it off."""
    name = f"浏览测试：核对消防资料{secrets.token_hex(2)}"
    navigator = xmlrpc("navigator")
    owner = navigator("res.users", "search", [("login", "=", "inspector")])[0]
    meeting = navigator(
        "shenpi.meeting",
        "create",
        {
            "name": "浏览测试协调会",
            "kind": "coordination",
            "project_id": project_id,
            "date_start": hours(-2),
            "date_stop": hours(-1),
            "minutes": "<p>议定事项如下。</p>",
            "decision_ids": [(0, 0, {"matter": name, "user_id": owner, "due_date": in_a_month()})],
        },
    )
    page = browser.login("navigator", path=f"/odoo/shenpi-meetings/{meeting}")
    press(page, "action_close")
    page.locator(".modal .btn-primary").click()
    settle(page)
    expect(page.locator("[name=decision_ids] .o_data_row [name=to_do_id]")).to_contain_text(name)
    screenshot(page, "meeting_closed")
    go(page, f"/odoo/shenpi-key-projects/{project_id}")
    page.locator(".o_notebook .nav-link[name=to_dos]").click()
    expect(page.locator("[name=to_do_ids] .o_data_row", has_text=name)).to_be_visible()
    screenshot(page, "project_to_dos")

    own = browser.login("inspector", path="/odoo/shenpi-to-dos")
    row = own.locator(".o_data_row", has_text=name)
    row.locator("button[name=action_finish]").click()
    settle(own)
    screenshot(own, "to_dos_of_the_owner")
    expect(own.locator(".o_data_row", has_text=name)).to_have_count(0)


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_wall_fits_its_screen(browser, width):
    page = browser.login("navigator", width=width, height=width * 9 // 16)
    page.goto("/shenpi/wall")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for row in page.locator("tbody tr").all():
        boxes = [cell.bounding_box() for cell in row.locator(".cell, .percent").all()]
        for left, right in zip(boxes, boxes[1:], strict=False):
            assert left["x"] + left["width"] <= right["x"] + 1
    screenshot(page, f"wall-{width}")
