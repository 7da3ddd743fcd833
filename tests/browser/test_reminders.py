"""Reminders as the specialist works them off: the kanban, an answer in one click, the renewal that
it opens, a visit to whom nobody reached, and the ledger."""

import re

import pytest
from playwright.sync_api import expect
from support.browser import screenshot, settle
from support.screens import expect_state, field, open_menu, press, search_for

DONE = 3  # the place of its column
ANSWER = "负责人出差，回来后即来窗口办理。"


@pytest.fixture
def pick(sql):
    """A function that gives the name of a holder to be called about one licence; `renewed`: one
    that a published item renews."""

    def holder(*, renewed=False):
        rows = sql(
            """SELECT c.holder_name FROM shenpi_licence_contact c
                 JOIN shenpi_licence_reminder line ON line.contact_id = c.id
                 JOIN shenpi_licence l ON l.id = line.licence_id AND l.state = 'valid'
                 JOIN res_users u ON u.id = c.specialist_id AND u.login = 'clerk2'
                 LEFT JOIN shenpi_item i ON i.licence_type_id = l.type_id
                      AND i.state = 'published' AND i.company_id = l.company_id
                WHERE c.state = 'open' AND c.channel = 'call' AND c.attempts = 0
                  AND (SELECT count(*) FROM shenpi_licence_reminder r WHERE r.contact_id = c.id) = 1
                  AND (SELECT count(*) FROM shenpi_licence_contact other
                        WHERE other.holder_name = c.holder_name AND other.state = 'open') = 1
                  AND (i.id IS NOT NULL OR NOT %s)
             ORDER BY i.id IS NOT NULL, c.id DESC LIMIT 1""",
            renewed,
        )
        assert rows, "the demo has calls to be made"
        return rows[0][0]

    return holder


def _open_contacts(browser):
    page = browser.login("clerk2", path="/odoo/shenpi-licences")
    open_menu(page, "证照", "我的联系任务")
    expect(page.locator(".o_kanban_group").first).to_be_visible()
    return page


def _card(page, holder, group=0):
    column = page.locator(".o_kanban_group").nth(group)
    return column.locator(".o_kanban_record", has_text=holder)


def test_one_click_answers_and_one_more_renews(browser, pick, sql):
    holder = pick(renewed=True)
    page = _open_contacts(browser)
    card = _card(page, holder)
    expect(card).to_be_visible()
    expect(card).to_contain_text("电话")
    screenshot(page, "reminders-my-contacts")
    card.locator("button[name=action_renewing]").click()
    settle(page)
    expect(_card(page, holder)).to_have_count(0)
    # The newest answer stands on top of what is done.
    done = page.locator(".o_kanban_group").nth(DONE).locator(".o_kanban_record").first
    expect(done).to_contain_text(holder)
    screenshot(page, "reminders-answered")
    done.locator("button[name=action_renew]").click()
    settle(page)
    expect_state(page, "draft")
    expect(field(page, "applicant_name")).to_have_value(holder)
    number = field(page, "licence_base_number").input_value()
    assert sql("SELECT holder_name FROM shenpi_licence WHERE number = %s", number) == [(holder,)]
    expect(page.locator("[name=material_ids] .o_data_row").first).to_be_visible()
    screenshot(page, "reminders-renewal")


def test_an_answer_in_his_own_words_goes_to_the_ledger(browser, pick):
    holder = pick()
    page = _open_contacts(browser)
    _card(page, holder).locator(".fw-bold").first.click()
    settle(page)
    screenshot(page, "reminders-contact")
    press(page, "action_open_answer")
    page.locator(".o_dialog [name=outcome]").get_by_label("将延续").check()
    field(page, "answer").fill(ANSWER)
    screenshot(page, "reminders-answer")
    press(page, "action_confirm")
    expect_state(page, "done")
    expect(page.locator("[name=answer]").first).to_contain_text(ANSWER)
    _find_in_ledger(browser, holder)


def _find_in_ledger(browser, holder):
    """The ledger says who was told when, and what he answered."""
    page = browser.login("supervisor", path="/odoo/shenpi-licences")
    open_menu(page, "证照", "提醒台账")
    screenshot(page, "reminders-ledger")
    search_for(page, holder)
    row = page.locator(".o_data_row", has_text=ANSWER).first
    expect(row.locator("[name=outcome]")).to_have_text("将延续")
    expect(row.locator("[name=told_at]")).not_to_be_empty()
    expect(row.locator("[name=told_by_id]")).not_to_be_empty()
    screenshot(page, "reminders-ledger-found")


def test_who_is_not_reached_is_visited(browser, pick, sql):
    holder = pick()
    ((limit,),) = sql("SELECT shenpi_visit_after FROM res_company WHERE id = 1")
    page = _open_contacts(browser)
    for attempt in range(1, limit + 1):
        expect(_card(page, holder)).to_contain_text("电话")
        _card(page, holder).locator("button[name=action_unreachable]").click()
        settle(page)
        expect(_card(page, holder)).to_contain_text(re.compile(rf"未联系上：\s*{attempt}"))
    expect(_card(page, holder)).to_contain_text("上门")
    screenshot(page, "reminders-visit")
