"""An inspection as people see it: the inspector on his phone, then the regulator at his desk."""

import base64
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from support.browser import screenshot, settle
from support.identity import uscc

ITEM = "食品经营许可证核发"
PHONE = {"width": 390, "height": 844}
# A picture of one white dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)


def press(page: Page, action: str) -> None:
    """Press the button of an action: in the dialog, in the header, or in the header's menu."""
    place = page.locator(".o_dialog") if page.locator(".o_dialog").count() else page
    button = place.locator(f"button[name={action}]:visible")
    menu = page.locator(".o_statusbar_buttons .dropdown-toggle:visible")
    expect(button.or_(menu).first).to_be_visible()
    if not button.count():
        menu.click()
        button = page.locator(f"button[name={action}]:visible")
    button.first.click()
    settle(page)


def enter(page: Page, name: str, text: str) -> None:
    """Type into a field of the dialog, and leave it."""
    page.locator(f".o_dialog [name={name}] input").first.fill(text)
    page.keyboard.press("Tab")
    settle(page)


@pytest.fixture(scope="module")
def inspection(xmlrpc):
    """The id of the inspection that an accepted case has brought about."""
    integrator, clerk, manager = (xmlrpc(login) for login in ("integrator", "clerk", "manager"))
    domain = [("name", "=", ITEM), ("state", "=", "published"), ("company_id", "=", 1)]
    (item,) = manager("shenpi.item", "search_read", domain, ["code", "material_ids"])
    materials = manager("shenpi.item.material", "read", item["material_ids"], ["code"])
    filing = {
        "client_ref": f"inspection-{datetime.now(tz=ZoneInfo('UTC')).isoformat()}",
        "item_code": item["code"],
        "channel": "api",
        "applicant": {
            "kind": "organisation",
            "name": "青云勘验餐饮有限公司",
            "id_type": "uscc",
            "id_number": uscc(7_000_001),
        },
        "materials": [{"code": material["code"]} for material in materials],
    }
    number = integrator("shenpi.application", "api_submit", filing)["number"]
    clerk("shenpi.application", "api_accept", number, {})
    (found,) = manager("shenpi.inspection", "search", [("application_id.number", "=", number)])
    return found


def test_inspector_makes_the_appointment(browser, inspection):
    page = browser.login("inspector", path=f"/odoo/shenpi-inspections/{inspection}", **PHONE)
    press(page, "action_open_schedule")
    tomorrow = datetime.now(tz=ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    enter(page, "date_start", f"{tomorrow:%Y-%m-%d} 10:00:00")
    enter(page, "place", "青云市海州路1号")
    people = page.locator(".o_dialog [name=inspector_ids]")
    expect(people.get_by_label("赵海峰")).to_be_checked()
    box = people.get_by_label("孙立新")
    for _attempt in range(4):  # a box that Odoo is just drawing anew forgets its tick
        if not box.is_checked():
            box.click()
            page.wait_for_timeout(1500)
    expect(box).to_be_checked()
    screenshot(page, "inspection-schedule")
    press(page, "action_confirm")
    expect(page.locator("[name=place]").first).to_have_text("青云市海州路1号")
    expect(page.locator("[name=inspector_ids] .o_tag")).to_have_count(2)


def test_inspector_checks_line_by_line(browser, inspection, xmlrpc):
    page = browser.login("inspector", path=f"/odoo/shenpi-my-inspections/{inspection}", **PHONE)
    press(page, "action_start")
    cards = page.locator(".o_shenpi_checklist .o_kanban_record:not(.o_kanban_ghost)")
    lines = cards.count()
    assert lines >= 5
    for place in range(lines):
        card = cards.nth(place)
        if card.locator(".fa-camera").count():
            card.locator("input[type=file]").set_input_files(
                {"name": f"第{place + 1}项.png", "mimeType": "image/png", "buffer": DOT}
            )
            expect(card.locator(".o_shenpi_files a")).to_be_visible()
            settle(page)
        card.locator("button[name=action_pass]").click()
        expect(card.locator("[name=result]")).to_be_visible()
        settle(page)
    # Nothing is wider than the phone, and every verdict is large enough for a thumb.
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    button = cards.first.locator("button[name=action_fail]")
    assert button.bounding_box()["height"] >= 40
    screenshot(page, "inspection-phone")
    press(page, "action_open_result")
    screenshot(page, "inspection-result")
    with page.expect_download():
        press(page, "action_confirm")
    (found,) = xmlrpc("manager")(
        "shenpi.inspection", "read", [inspection], ["state", "photo_count", "first_pass_rate"]
    )
    assert found["state"] == "passed"
    assert found["photo_count"] >= 1
    assert found["first_pass_rate"] == 100


def test_calendar_of_inspectors(browser, inspection):
    page = browser.login("inspector", path="/odoo/shenpi-inspections")
    page.locator(".o_switch_view.o_calendar").click()
    settle(page)
    expect(page.locator(".o_calendar_sidebar")).to_contain_text("赵海峰")
    screenshot(page, "inspection-calendar")


def test_regulator_signs(browser):
    page = browser.login("regulator")
    rows = page.locator(".o_data_row")
    expect(rows.first).to_be_visible()
    waiting = rows.count()
    rows.first.locator("button[name=action_sign]").click()
    settle(page)
    expect(rows).to_have_count(waiting - 1)
    page.locator("thead .o_list_record_selector input").check()
    page.locator(".o_control_panel button[name=action_sign]:visible").click()
    settle(page)
    expect(page.locator(".o_dialog [name=done_count]")).to_have_text(str(waiting - 1))
    screenshot(page, "regulator-signed")
