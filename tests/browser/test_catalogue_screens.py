"""The bureau head keeps catalogue and calendar; staff enter deputies and hold several roles."""

import secrets

from playwright.sync_api import expect
from support.browser import screenshot, settle

ITEM = "户外广告及招牌设置审批"


def save(page):
    page.click(".o_form_button_save")
    settle(page)


def choose(page, field, text):
    """Type into a many2one and take the first proposal."""
    page.fill(f"[name={field}] input", text)
    page.click(f".o-autocomplete--dropdown-item:has-text('{text}') >> nth=0")
    settle(page)


def test_a_new_version_takes_the_place_of_the_old_one(browser):
    page = browser.login("manager", path="/odoo/shenpi-items")
    page.fill(".o_searchview_input", ITEM)
    page.keyboard.press("Enter")
    settle(page)
    page.click(f"tr.o_data_row:has-text('{ITEM}') td[name=name]")
    settle(page)
    expect(page.locator("[name=name] textarea, [name=name] input")).to_have_count(0)
    screenshot(page, "item")
    page.click("button[name=action_new_version]")
    settle(page)
    page.fill("[name=promised_limit] input", "99")
    save(page)
    problems = page.locator(".o_shenpi_problems li")
    expect(problems).to_have_count(1)
    screenshot(page, "item-problems")
    page.click("button[name=action_publish]")
    expect(page.locator(".modal")).to_contain_text("99")
    page.click(".modal footer button")
    page.fill("[name=promised_limit] input", "2")
    save(page)
    expect(problems).to_have_count(0)
    page.click("button[name=action_publish]")
    settle(page)
    expect(page.locator("button[name=action_retire]")).to_be_visible()
    expect(page.locator("[name=version]")).to_have_text("2")


def test_a_year_is_corrected(browser):
    page = browser.login("manager", path="/odoo/shenpi-workdays")
    page.click("tr.o_data_row:has-text('2024') td[name=state]")
    settle(page)
    page.click("button[name=action_correct]:visible")
    settle(page)
    page.fill(".modal [name=notice] input", "国办发明电〔2023〕7号")
    screenshot(page, "calendar-wizard")
    page.click(".modal button[name=action_apply]")
    settle(page)
    expect(page.locator(".modal .alert-success")).to_contain_text("2024")
    page.click(".modal footer button:visible")
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator(".o_form_view [name=source]")).to_have_text("国办发明电〔2023〕7号")
    screenshot(page, "calendar-year")


def test_a_clerk_enters_his_deputy(browser):
    page = browser.login("clerk2", path="/odoo/shenpi-my-deputies/new")
    choose(page, "deputy_id", "李文静")
    save(page)
    expect(page.locator("[name=status]")).to_be_visible()


def test_roles_are_held_side_by_side(browser, xmlrpc):
    admin = xmlrpc("admin")

    def ref(name):
        domain = [["module", "=", "shenpi_base"], ["name", "=", name]]
        return admin("ir.model.data", "search_read", domain, ["res_id"])[0]["res_id"]

    login = f"two_roles_{secrets.token_hex(4)}"
    groups = [[6, 0, [ref("group_shenpi_navigator")]]]
    vals = {"name": "Two roles", "login": login, "group_ids": groups}
    (user,) = admin("res.users", "create", [vals])
    page = browser.login("admin", path=f"/odoo/users/{user}")
    page.click(f"[name=field_{ref('privilege_shenpi_inspector')}] .o_select_menu_input")
    page.click(".o_select_menu_item >> nth=-1")
    save(page)
    (found,) = admin("res.users", "read", [user], ["group_ids"])
    assert {ref("group_shenpi_navigator"), ref("group_shenpi_inspector")} <= set(found["group_ids"])
