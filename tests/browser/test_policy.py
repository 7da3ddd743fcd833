"""Behind nginx every page of the client carries a content security policy: all of it still works.

What a page may not load is complained of in its console, which fails the test by itself.
"""

from io import BytesIO

import pytest
from playwright.sync_api import expect
from reportlab.pdfgen.canvas import Canvas
from support.browser import screenshot, settle
from support.policy import behind_nginx

SHOWS = {
    "kanban": ".o_kanban_record",
    "timeline": ".vis-item",
    "list": ".o_data_row",
    "calendar": ".fc-event",
    "pivot": ".o_pivot td",
}
OUTSIDE = """() => new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (e) => resolve(e.effectiveDirective));
    new Image().src = "http://127.0.0.2:9/outside.png";
    setTimeout(resolve, 5000, "nothing");
})"""


@pytest.fixture
def nginx(server):
    """The address of the server behind nginx."""
    with behind_nginx(server.url) as url:
        yield url


@pytest.fixture
def page(nginx, browser):
    """The bureau head's client."""
    page = browser.open(f"{nginx}/web/login")
    page.fill("input#login", "manager")
    page.fill("input#password", "manager")
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client .o_navbar")
    settle(page)
    return page


def test_the_policy_is_in_force(page):
    assert page.evaluate(OUTSIDE) == "img-src"
    refused = [text for text in page.complaints if "outside.png" in text]
    assert refused
    assert page.complaints == refused
    page.complaints.clear()


def test_every_kind_of_view(nginx, page):
    page.goto(f"{nginx}/odoo/shenpi-permits")
    for kind, shown in SHOWS.items():
        page.locator(f".o_switch_view.o_{kind}").click()
        settle(page)
        expect(page.locator(shown).first).to_be_visible()
        screenshot(page, f"policy-{kind}")
    page.goto(f"{nginx}/odoo/shenpi-inspection-statistics")
    page.locator(".o_switch_view.o_graph").click()
    settle(page)
    expect(page.locator(".o_graph_renderer canvas")).to_be_visible()
    page.goto(f"{nginx}/odoo/shenpi-board")
    expect(page.locator(".o_kanban_record").first).to_be_visible()


def test_the_public_pages_keep_their_own(nginx, page):
    for path in ("/shenpi/wall", "/shenpi/licence"):
        response = page.goto(f"{nginx}{path}")
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
    screenshot(page, "policy-licence")


def test_a_file_is_sent_and_shown(nginx, page):
    page.goto(f"{nginx}/odoo/shenpi-key-projects")
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.click()
    settle(page)
    expect(page.locator(".o_form_view")).to_be_visible()
    attach = page.locator(".o-mail-Chatter-attachFiles")
    expect(attach).to_be_enabled()
    files = page.locator(".o-mail-Chatter input[type=file]")
    if not files.count():  # it has files, which stand in a box of their own
        attach.click()
    paper = BytesIO()
    canvas = Canvas(paper)
    canvas.drawString(72, 700, "Licence")
    canvas.save()
    files.first.set_input_files(
        {"name": "许可证.pdf", "mimeType": "application/pdf", "buffer": paper.getvalue()}
    )
    card = page.locator(".o-mail-AttachmentContainer", has_text="许可证.pdf").first
    card.click()
    viewer = page.frame_locator("iframe.o-FileViewer-view")
    expect(viewer.locator(".textLayer")).to_have_text("Licence", timeout=20_000)
    screenshot(page, "policy-pdf")
