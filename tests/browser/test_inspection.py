"""An inspection as people see it: the inspector on his phone, then the regulator at his desk."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from support.browser import screenshot, settle
from support.identity import uscc
from support.screens import enter, pass_every_line, press

ITEM = "食品经营许可证核发"
PHONE = {"width": 390, "height": 844}


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
    box.click()
    expect(box).to_be_checked()
    screenshot(page, "inspection-schedule")
    press(page, "action_confirm")
    expect(page.locator("[name=place]").first).to_have_text("青云市海州路1号")
    expect(page.locator("[name=inspector_ids] .o_tag")).to_have_count(2)


def test_inspector_checks_line_by_line(browser, inspection, xmlrpc):
    page = browser.login("inspector", path=f"/odoo/shenpi-my-inspections/{inspection}", **PHONE)
    press(page, "action_start")
    cards = pass_every_line(page)
    assert cards.count() >= 5
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
