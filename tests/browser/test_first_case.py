"""The bureau's main job in its own screens: from the window to the licence, as three people."""

import pytest
from playwright.sync_api import expect
from support.browser import screenshot, settle
from support.screens import expect_state, field, find, press

ITEM = "食品小作坊小餐饮登记"
APPLICANT = "青云浏览餐饮有限公司"


@pytest.fixture(scope="module")
def case():
    """What one test leaves for the next: they follow one case."""
    return {}


def test_clerk_takes_in_and_asks_for_the_rest(browser, case):
    page = browser.login("clerk", path="/odoo/shenpi-take-in")
    item = field(page, "item_id")
    item.fill(ITEM)
    page.locator(".o-autocomplete--dropdown-item", has_text=ITEM).first.click()
    settle(page)
    field(page, "applicant_name").fill(APPLICANT)
    field(page, "applicant_id_number").fill("91350100m000100y43")
    field(page, "applicant_phone").fill("13800138000")
    toggles = page.locator("[name=material_ids] [name=provided] input")
    expect(toggles.first).to_be_visible()
    for place in range(1, toggles.count()):
        toggles.nth(place).check(force=True)
    screenshot(page, "take-in")
    press(page, "action_receive")
    expect_state(page, "received")
    case["number"] = page.locator("[name=number]").first.inner_text().strip()
    assert len(case["number"]) == 43
    press(page, "action_open_correction")
    expect(page.locator(".o_dialog [name=line_ids] .o_data_row")).to_have_count(1)
    screenshot(page, "correction")
    press(page, "action_confirm")
    find(page, case["number"])
    expect_state(page, "correcting")
    press(page, "action_open_supplement")
    page.locator(".o_dialog [name=provided] input").first.check(force=True)
    press(page, "action_confirm")
    find(page, case["number"])
    press(page, "action_accept")
    expect_state(page, "accepted")
    screenshot(page, "accepted")


def test_reviewer_passes_it_on(browser, case):
    page = browser.login("reviewer", path="/odoo/shenpi-my-work")
    expect(page.locator(".o_data_row").first).to_be_visible()
    screenshot(page, "my-work")
    find(page, case["number"])
    expect(page.locator("button[name=action_open_decision]:visible")).to_have_count(0)
    press(page, "action_open_review")
    field(page, "opinion").fill("材料齐全，符合条件。")
    press(page, "action_confirm")
    expect_state(page, "deciding")


def test_decider_grants_it(browser, case):
    page = browser.login("decider")
    find(page, case["number"])
    expect_state(page, "deciding")
    screenshot(page, "deciding")
    press(page, "action_open_decision")
    page.locator(".o_dialog [name=outcome] input").first.check()
    press(page, "action_confirm")
    find(page, case["number"])
    expect_state(page, "granted")
    page.locator("button[name=action_open_licence]").first.click()
    settle(page)
    expect(page.locator("[name=holder_name]").first).to_contain_text(APPLICANT)
    screenshot(page, "licence")


def test_clerk_delivers_it(browser, case):
    page = browser.login("clerk")
    find(page, case["number"])
    press(page, "action_open_delivery")
    press(page, "action_confirm")
    find(page, case["number"])
    expect_state(page, "closed")
    page.locator(".o_notebook .nav-link").last.click()
    settle(page)
    screenshot(page, "events")


def test_identity_is_masked_for_those_without_a_part(browser, case):
    page = browser.login("supervisor")
    find(page, case["number"])
    expect(page.locator("[name=applicant_id_number]").first).to_contain_text("*")
    expect(page.locator("[name=applicant_phone]").first).to_contain_text("138****8000")
