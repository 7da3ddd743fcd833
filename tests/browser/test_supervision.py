"""Supervisors and the bureau head in their own screens: what is red, why, and what is done."""

import io
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from support.browser import screenshot, settle
from support.screens import press


def download(page: Page, action: str) -> bytes:
    """Press the button of an action and take the file that it brings."""
    with page.expect_download() as event:
        place = page.locator(".o_dialog") if page.locator(".o_dialog").count() else page
        place.locator(f"button[name={action}]:visible").first.click()
    settle(page)
    return Path(event.value.path()).read_bytes()


def tile(page: Page, name: str):
    """The tile of the board with this name."""
    heading = page.get_by_text(name, exact=True)
    return page.locator(".o_shenpi_board .o_kanban_record", has=heading).first


def read_paper(content: bytes) -> str:
    """The text of a PDF's first page, without blanks, radicals written as characters."""
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.fixture
def names(xmlrpc):
    """A function that gives the Chinese name of a record of the addon."""
    admin = xmlrpc("admin")

    def name(key: str) -> str:
        domain = [["module", "=", "shenpi_base"], ["name", "=", key]]
        (found,) = admin("ir.model.data", "search_read", domain, ["model", "res_id"])
        context = {"lang": "zh_CN"}
        (record,) = admin(found["model"], "read", [found["res_id"]], ["name"], context=context)
        return record["name"]

    return name


def open_red(page: Page, name: str) -> int:
    """Open the list behind the red tile; answer the number that the tile shows."""
    number = int(tile(page, name).locator(".o_shenpi_number").inner_text())
    tile(page, name).click()
    settle(page)
    return number


def get_unchased(supervisor) -> str:
    """The applicant of a red case about which no order has been issued."""
    orders = supervisor("shenpi.supervision", "search_read", [], ["application_id"])
    chased = [order["application_id"][0] for order in orders if order["application_id"]]
    domain = [["light", "=", "red"], ["at_work", "=", True], ["id", "not in", chased]]
    (case,) = supervisor("shenpi.application", "search_read", domain, ["applicant_name"], limit=1)
    return case["applicant_name"]


def test_a_supervisor_finds_a_red_case_and_chases_it(browser, names, xmlrpc):
    applicant = get_unchased(xmlrpc("supervisor"))
    page = browser.login("supervisor", path="/odoo/shenpi-board")
    screenshot(page, "board")
    number = open_red(page, names("tile_red"))
    assert number > 0
    expect(page.locator(".o_data_row")).to_have_count(number)
    screenshot(page, "red")
    page.locator(".o_data_row", has_text=applicant).first.locator("[name=applicant_name]").click()
    settle(page)
    expect(page.locator("[name=light] .text-bg-danger").first).to_be_visible()
    expect(page.locator("[name=clock_note]").first).not_to_be_empty()
    page.click(".o_cp_action_menus button")
    order = names("shenpi_supervision_bulk_action")
    page.locator(".o-dropdown--menu .dropdown-item", has_text=order).click()
    settle(page)
    page.locator(".o_dialog [name=demand] textarea").fill("请说明超期原因并限期办结。")
    screenshot(page, "chase")
    press(page, "action_confirm")
    expect(page.locator(".o_dialog")).to_have_count(0)
    page.reload()
    settle(page)
    expect(page.locator("button[name=action_open_supervision]")).to_be_visible()


def test_the_bulletin_is_made_printed_and_issued(browser):
    page = browser.login("supervisor", path="/odoo/shenpi-bulletin-last-week")
    expect(page.locator("[name=overview] svg").first).to_be_visible()
    screenshot(page, "bulletin", full_page=True)
    book = openpyxl.load_workbook(io.BytesIO(download(page, "action_print_xlsx")))
    assert len(book.sheetnames) == 5
    assert all(any("一" <= char <= "鿿" for char in name) for name in book.sheetnames)
    assert len(book.worksheets[0]._charts) == 4
    assert "审批服务局" in read_paper(download(page, "action_print_pdf"))
    press(page, "action_issue")
    page.locator(".modal footer .btn-primary").click()
    settle(page)
    current = page.locator(".o_statusbar_status [aria-checked=true]")
    expect(current).to_have_attribute("data-value", "issued")
    expect(page.locator("[name=date_from] input")).to_have_count(0)


def test_the_bureau_head_extends_a_case(browser, xmlrpc):
    domain = [["state", "=", "reviewing"], ["extended", "=", False], ["light", "=", "green"]]
    (case,) = xmlrpc("manager")(
        "shenpi.application", "search_read", domain, ["statutory_due_date"], limit=1
    )
    page = browser.login("manager", path=f"/odoo/shenpi-applications/{case['id']}")
    press(page, "action_open_extension")
    page.locator(".o_dialog [name=reason] textarea").fill("案情复杂，需专家论证。")
    screenshot(page, "extension")
    assert "期限告知书" in read_paper(download(page, "action_confirm"))
    (after,) = xmlrpc("manager")(
        "shenpi.application", "read", [case["id"]], ["statutory_due_date", "extended"]
    )
    assert after["extended"]
    assert after["statutory_due_date"] > case["statutory_due_date"]


def test_a_closed_case_is_found_though_the_list_shows_open_ones(browser, xmlrpc):
    (case,) = xmlrpc("supervisor")(
        "shenpi.application",
        "search_read",
        [["state", "=", "closed"]],
        ["number", "applicant_name"],
        limit=1,
    )
    page = browser.login("supervisor", path="/odoo/shenpi-applications")
    expect(page.locator(".o_searchview_facet")).to_have_count(1)
    search = page.locator(".o_searchview_input")
    search.fill(case["number"])
    # Entered before they are offered, the suggestions would lie over the list afterwards.
    suggestions = page.locator(".o_searchview_autocomplete")
    expect(suggestions).to_be_visible()
    search.press("Enter")
    expect(suggestions).to_be_hidden()
    settle(page)
    expect(page.locator(".o_searchview_facet")).to_have_count(2)
    expect(page.locator(".o_data_row")).to_have_count(1)
    expect(page.locator(".o_data_row")).to_contain_text(case["applicant_name"])


def test_statistics_of_the_bureau(browser):
    page = browser.login("manager", path="/odoo/shenpi-statistics")
    expect(page.locator(".o_pivot td").first).to_be_visible()
    screenshot(page, "statistics")
    page.click(".o_switch_view.o_graph")
    settle(page)
    expect(page.locator(".o_graph_renderer canvas")).to_be_visible()


@pytest.mark.parametrize("login", ["supervisor", "manager"])
def test_every_tile_opens_its_list(browser, login):
    page = browser.login(login, path="/odoo/shenpi-board")
    tiles = page.locator(".o_shenpi_board .o_kanban_record:not(.o_kanban_ghost)")
    count = tiles.count()
    assert count > 10
    for place in range(count):
        page.goto("/odoo/shenpi-board")
        settle(page)
        tiles.nth(place).click()
        settle(page)
        expect(page.locator(".o_shenpi_board")).to_have_count(0)
        expect(page.locator(".o_list_view, .o_pivot_view, .o_kanban_view").first).to_be_visible()
