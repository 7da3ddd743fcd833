"""Opening a restaurant in the bureau's own screens: one form, one visit, several permits, one code.

The clerk takes in one matter and lets a register answer for papers, decider and reviewer pass each
item, the inspector visits once for two of them, and whoever scans the one code sees every permit.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from support.browser import screenshot, settle
from support.identity import uscc
from support.lookup_provider import LookupProvider
from support.screens import (
    choose,
    enter,
    expect_state,
    field,
    find,
    open_menu,
    pass_every_line,
    press,
    search_for,
)
from support.server import wait_for

BUNDLE = "开办餐饮店"
APPLICANT = "青云同心餐饮有限公司"
NUMBER = uscc(6_300_001)
SITUATION = {"经营主体": "企业", "面积": "是", "招牌": "否", "排水": "否"}
REGISTRATION, FOOD, FIRE = (
    "企业设立登记",
    "食品经营许可证核发",
    "公众聚集场所投入使用、营业前消防安全检查",
)
# What is not handed in: two proofs that a register has, the second one once the company is
# registered, and one that the applicant states in writing.
FOUND = IDENTITY, BUSINESS = "申请人身份证明", "营业执照"
STATED = "住所使用证明"
# Of the items for signs and drains.
NOT_ASKED = (
    "验收申请表",
    "竣工验收报告",
    "竣工图",
    "第三方检测报告",
    "施工阶段申请表",
    "建设工程规划许可证",
    "施工图审查合格书",
    "施工合同",
    "保险凭证",
)
FORM = {
    "经营场所地址": "青云市海棠路18号",
    "经营场所面积（平方米）": "380",
    "经营项目": "热食类食品制售",
}
PHONE = {"width": 390, "height": 844}
KEY = "the key of the register"


@pytest.fixture(scope="module")
def case():
    """What one test leaves for the next: they follow one case."""
    return {}


def _know(provider, *names):
    """Let the register have these proofs of the applicant."""
    provider.control(proofs={name: {NUMBER: f"E-{name}"} for name in names})


@pytest.fixture(scope="module")
def register(xmlrpc):
    """A register that knows the applicant, and that the administrator has named."""
    with LookupProvider({"restaurant": KEY}) as provider:
        _know(provider, IDENTITY)
        admin = xmlrpc("admin")
        values = {
            "name": "市政务数据共享平台",
            "sequence": 1,
            "company_id": 1,
            "material_names": "\n".join(FOUND),
            "legal_basis": "《国务院关于在线政务服务的若干规定》第七条",
            "is_demo": True,
            "url": provider.url,
            "account": "restaurant",
            "key": KEY,
        }
        source = admin("shenpi.lookup.source", "create", values)
        yield provider
        admin("shenpi.lookup.source", "write", [source], {"active": False})


def _open_bundle_case(browser, login, number):
    """The bundle case, found by its number."""
    page = browser.login(login, path="/odoo/shenpi-bundle-cases")
    search_for(page, number)
    page.locator(".o_data_row").click()
    settle(page)
    return page


def _row(page, item):
    name = page.locator("[name=item_id]", has_text=item)
    return page.locator("[name=line_ids] .o_data_row").filter(has=name)


def _children(xmlrpc, number):
    """Numbers of the applications under way, by item."""
    status = xmlrpc("clerk")("shenpi.bundle", "api_status", number)
    return {child["item_name"]: child.get("number") for child in status["children"]}


def _look_up(page, xmlrpc, number, items):
    """Ask the register for what is missing; what it finds is entered by itself."""
    press(page, "action_look_up")
    screenshot(page, "restaurant-asked")
    clerk = xmlrpc("clerk")

    def answered():
        domain = [
            ("application_id.bundle_case_id.number", "=", number),
            ("answer", "=", "found"),
            ("taken", "=", True),
        ]
        return clerk("shenpi.lookup", "search_count", domain) == items

    wait_for(answered, 60, "the answer of the register")


def test_clerk_takes_in_one_form(browser, case, register):
    page = browser.login("clerk", path="/odoo/shenpi-bundle-cases")
    open_menu(page, "办件", "一件事收件")
    dialog = page.locator(".o_dialog")
    choose(page, dialog.locator("[name=bundle_id]"), BUNDLE)
    dialog.locator("[name=applicant_kind] input").first.check()
    enter(page, "applicant_name", APPLICANT)
    enter(page, "applicant_id_number", NUMBER)
    enter(page, "applicant_phone", "13900061002")
    screenshot(page, "restaurant-form")
    questions = dialog.locator("[name=question_ids] .o_data_row")
    expect(questions).to_have_count(len(SITUATION))
    for place, answer in enumerate(SITUATION.values()):
        questions.nth(place).locator("[name=answer_id]").click()
        choose(page, questions.nth(place).locator("[name=answer_id]"), answer)
    expect(dialog.locator("[name=needed]")).to_contain_text(FIRE)
    expect(dialog.locator("[name=needed]")).not_to_contain_text("户外广告")
    for label, value in FORM.items():
        row = dialog.locator("[name=field_ids] .o_data_row", has_text=label)
        row.locator("[name=value]").click()
        row.locator("[name=value] input").fill(value)
    materials = dialog.locator("[name=material_ids] .o_data_row")
    for place in range(materials.count()):
        row = materials.nth(place)
        name = row.locator("[name=material_id]").inner_text().strip()
        toggle = row.locator("[name=provided] input")
        # What no item of this situation asks for has no toggle.
        assert toggle.count() == (name not in NOT_ASKED), name
        if toggle.count() and name not in (*FOUND, STATED):
            toggle.check(force=True)
    screenshot(page, "restaurant-materials")
    press(page, "action_confirm")
    expect(page.locator("[name=line_ids] .o_data_row")).to_have_count(3)
    case["number"] = page.locator("[name=number]").first.inner_text().strip()
    expect(_row(page, FOOD)).to_contain_text(REGISTRATION)
    screenshot(page, "restaurant-case")


def test_clerk_completes_it_without_papers(browser, case, register, xmlrpc):
    page = _open_bundle_case(browser, "clerk", case["number"])
    _look_up(page, xmlrpc, case["number"], 1)
    _row(page, REGISTRATION).locator("button[name=action_open]").click()
    settle(page)
    expect(page.locator("[name=material_ids]")).to_contain_text("数据共享核查")
    press(page, "action_open_spare")
    dialog = page.locator(".o_dialog")
    expect(dialog.locator("[name=material_id] input")).to_have_value(STATED)
    dialog.locator("[name=signed] input").check(force=True)
    screenshot(page, "restaurant-spare")
    press(page, "action_confirm")
    press(page, "action_accept")
    expect_state(page, "accepted")
    screenshot(page, "restaurant-registration")


def _decide(browser, number, name):
    page = browser.login("decider")
    find(page, number)
    press(page, "action_open_decision")
    page.locator(".o_dialog [name=outcome] input").first.check()
    screenshot(page, f"restaurant-decide-{name}")
    with page.expect_download():
        press(page, "action_confirm")
    find(page, number)
    expect_state(page, "granted")


def test_decider_registers_the_company(browser, case, xmlrpc):
    _decide(browser, _children(xmlrpc, case["number"])[REGISTRATION], "registration")


def test_clerk_accepts_what_waited(browser, case, register, xmlrpc):
    page = _open_bundle_case(browser, "clerk", case["number"])
    expect(_row(page, REGISTRATION)).to_contain_text("准予")
    _know(register, *FOUND)
    _look_up(page, xmlrpc, case["number"], 3)
    for item in (FOOD, FIRE):
        page = _open_bundle_case(browser, "clerk", case["number"])
        _row(page, item).locator("button[name=action_open]").click()
        settle(page)
        press(page, "action_accept")
        expect_state(page, "accepted")
    page = _open_bundle_case(browser, "clerk", case["number"])
    expect(page.locator("button[name=action_open_inspections]")).to_be_visible()
    screenshot(page, "restaurant-running")


def test_inspector_visits_once(browser, case, xmlrpc):
    page = _open_bundle_case(browser, "inspector", case["number"])
    page.locator("button[name=action_open_inspections]").click()
    settle(page)
    press(page, "action_open_schedule")
    tomorrow = datetime.now(tz=ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    enter(page, "date_start", f"{tomorrow:%Y-%m-%d} 10:00:00")
    enter(page, "place", FORM["经营场所地址"])
    box = page.locator(".o_dialog [name=inspector_ids]").get_by_label("孙立新")
    box.click()
    expect(box).to_be_checked()
    screenshot(page, "restaurant-schedule")
    press(page, "action_confirm")
    press(page, "action_start")
    pass_every_line(page)
    screenshot(page, "restaurant-checked")
    press(page, "action_open_result")
    expect(page.locator(".o_dialog [name=line_ids] .o_data_row")).to_have_count(2)
    expect(page.locator(".o_dialog [name=rectify_date]")).to_have_count(0)
    screenshot(page, "restaurant-result")
    with page.expect_download():
        press(page, "action_confirm")
    domain = [("bundle_case_id.number", "=", case["number"])]
    (visit,) = xmlrpc("inspector")("shenpi.inspection", "search_read", domain, ["state"])
    assert visit["state"] == "passed"


@pytest.mark.parametrize("item", [FOOD, FIRE])
def test_reviewer_passes_each_item(item, browser, case, xmlrpc):
    page = browser.login("reviewer")
    find(page, _children(xmlrpc, case["number"])[item])
    press(page, "action_open_review")
    field(page, "opinion").fill("材料齐全，现场符合条件。")
    press(page, "action_confirm")
    expect_state(page, "deciding")


@pytest.mark.parametrize("item", [FOOD, FIRE])
def test_decider_grants_each_item(item, browser, case, xmlrpc):
    _decide(browser, _children(xmlrpc, case["number"])[item], "permit")


def test_one_code_shows_every_permit(browser, case, sql):
    page = _open_bundle_case(browser, "clerk", case["number"])
    page.locator("button[name=action_open_permit]").click()
    settle(page)
    expect_state(page, "complete")
    expect(page.locator("[name=licence_ids] .o_data_row")).to_have_count(3)
    screenshot(page, "restaurant-industry-licence")
    ((token, number),) = sql(
        """SELECT verify_token, p.number FROM shenpi_permit p
             JOIN shenpi_bundle_case c ON c.id = p.bundle_case_id WHERE c.number = %s""",
        case["number"],
    )
    scanned = browser.open(f"/shenpi/permit/{token}", **PHONE)
    expect(scanned.locator("main")).to_contain_text(number)
    expect(scanned.locator("main h2.good")).to_have_count(4)  # itself and its three permits
    expect(scanned.locator("main h2.bad")).to_have_count(0)
    expect(scanned.locator("main")).not_to_contain_text("同心餐饮")
    assert scanned.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screenshot(scanned, "restaurant-public", full_page=True)
