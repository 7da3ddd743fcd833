"""A restaurant as people see it: the designer, the case with its items, the common inspection on a
phone, the one code that shows all permits, and what the sources of shared data spare."""

import pytest
from playwright.sync_api import expect
from support.browser import screenshot, settle

BUNDLE = "开办餐饮店"
RESTAURANT = "青云海风大酒楼有限公司"  # of the demo: inspected for all its items on one visit
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def case(xmlrpc):
    """Id of the bundle case of the demo's large restaurant."""
    clerk = xmlrpc("clerk")
    domain = [("applicant_name", "=", RESTAURANT)]
    (found,) = clerk("shenpi.bundle.case", "search", domain, limit=1)
    return found


def _fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_designer_draws_what_waits_for_what(browser, xmlrpc):
    manager = xmlrpc("manager")
    (bundle,) = manager("shenpi.bundle", "search", [("name", "=", BUNDLE)])
    page = browser.login("manager", path=f"/odoo/shenpi-bundles/{bundle}")
    graph = page.locator("[name=graph] svg")
    expect(graph.locator("g")).to_have_count(6)
    # Either registration opens the way: two broken arrows to each of the four permits.
    expect(graph.locator("path[stroke-dasharray]")).to_have_count(8)
    graph.scroll_into_view_if_needed()
    screenshot(page, "bundle-designer")


def test_a_case_is_found_by_its_items(browser, case, xmlrpc):
    clerk = xmlrpc("clerk")
    (row,) = clerk("shenpi.bundle.case", "read", [case], ["number", "line_ids"])
    lines = clerk("shenpi.bundle.case.line", "read", row["line_ids"], ["application_id"])
    (child,) = clerk("shenpi.application", "read", [lines[0]["application_id"][0]], ["number"])
    page = browser.login("clerk", path="/odoo/shenpi-bundle-cases")
    search = page.locator(".o_searchview_input")
    search.fill(child["number"])
    suggestions = page.locator(".o_searchview_autocomplete")
    suggestions.get_by_text("事项名称或编号").first.click()
    settle(page)
    expect(page.locator(".o_data_row")).to_have_count(1)
    expect(page.locator(".o_data_row")).to_contain_text(row["number"])
    screenshot(page, "bundle-found")
    page.locator(".o_data_row").click()
    settle(page)
    expect(page.locator("[name=line_ids] .o_data_row")).to_have_count(5)
    expect(page.locator("button[name=action_open_inspections]")).to_be_visible()
    expect(page.locator("button[name=action_open_permit]")).to_be_visible()
    screenshot(page, "bundle-case")


def test_common_inspection_on_a_phone(browser, case, xmlrpc):
    inspector = xmlrpc("inspector")
    domain = [("bundle_case_id", "=", case), ("state", "=", "rectify")]
    (inspection,) = inspector("shenpi.inspection", "search", domain, limit=1)
    page = browser.login("inspector", path=f"/odoo/shenpi-inspections/{inspection}", **PHONE)
    expect(page.locator(".o_shenpi_inspection")).to_contain_text("食品经营许可证核发")
    cards = page.locator(".o_shenpi_checklist .o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_contain_text("食品经营许可证核发")
    assert _fits(page)
    screenshot(page, "inspection-common-phone")


def test_one_code_shows_every_permit(browser, case, sql):
    ((token, number),) = sql(
        "SELECT verify_token, number FROM shenpi_permit WHERE bundle_case_id = %s", case
    )
    page = browser.open(f"/shenpi/permit/{token}", **PHONE)
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text("营业执照")
    expect(page.locator("main")).not_to_contain_text("海风大酒楼")
    assert _fits(page)
    screenshot(page, "permit-phone", full_page=True)


def test_papers_saved(browser):
    page = browser.login("supervisor", path="/odoo/shenpi-papers-saved")
    expect(page.locator(".o_pivot table")).to_contain_text("数据共享核查")
    screenshot(page, "papers-saved")
