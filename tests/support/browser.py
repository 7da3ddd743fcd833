"""A real Chromium, driven by Playwright: pages are Chinese, in Shanghai, 1400 x 900."""

import os
import re
import shutil
import time
from pathlib import Path

from bootstrap.paths import LOCAL
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect, sync_playwright

SCREENSHOTS = Path(os.environ.get("SHENPI_SCREENSHOTS") or LOCAL / "screenshots")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TIMEOUT = 60_000  # ms; a page's first assets are bundled while it waits
_QUIET_ROUNDS = 6  # times 50 ms, and what the page itself needs
_ENDLESS = ("/websocket", "/bus/websocket_worker_bundle")  # the bus and its shared worker


class Browser:
    """One Chromium process; every page has a context, that is a session, of its own."""

    def __init__(self, url: str):
        self.url = url
        expect.set_options(timeout=_TIMEOUT)
        self._playwright = sync_playwright().start()
        program = shutil.which("chromium") or "/usr/bin/chromium"
        self._chromium = self._playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)

    def close(self) -> None:
        """End the process."""
        self._chromium.close()
        self._playwright.stop()

    def open(self, path: str = "/", *, width: int = 1400, height: int = 900) -> Page:
        """Open a page in a new session; what its console says is kept in `page.complaints`."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=self.url,
        )
        context.set_default_timeout(_TIMEOUT)
        page = context.new_page()
        _watch(page)
        page.goto(path)
        return page

    def login(self, login: str, password: str | None = None, path: str = "/odoo", **size) -> Page:
        """Log in as a person does, and open `path`; the password is the login unless given."""
        page = self.open("/web/login", **size)
        page.fill("input#login", login)
        page.fill("input#password", password or login)
        page.click(".oe_login_form button[type=submit]")
        page.wait_for_selector(".o_web_client .o_navbar")
        if path != "/odoo":
            page.goto(path)
            page.wait_for_selector(".o_web_client .o_navbar")
        settle(page)
        return page


def settle(page: Page, seconds: float = _TIMEOUT / 1000) -> None:
    """Wait until the client has drawn what it asked the server for."""
    quiet = 0
    until = time.monotonic() + seconds
    while quiet < _QUIET_ROUNDS:
        if time.monotonic() > until:
            raise AssertionError(f"the page still waits for {sorted(page.pending)}")
        page.wait_for_timeout(50)
        quiet = quiet + 1 if _is_at_leisure(page) and not page.pending else 0
    expect(page.locator(".o_blockUI")).to_have_count(0)


def _is_at_leisure(page: Page) -> bool:
    """Let the page finish what it is at: it may long be drawing one answer before it asks for the
    next. Tell whether it is still the same page."""
    try:
        page.evaluate("new Promise((done) => requestIdleCallback(done, { timeout: 1000 }))")
    except PlaywrightError:  # it has gone to another one
        return False
    return True


def _watch(page: Page) -> None:
    """Keep what the page waits for in `page.pending`, and what it complains of in `complaints`."""
    page.complaints, page.pending = [], []
    page.on("console", lambda message: _note_console(page, message))
    page.on("pageerror", lambda error: page.complaints.append(f"uncaught: {error}"))
    page.on("request", lambda request: _remember(page, request.url))
    page.on("requestfinished", lambda request: _forget(page, request.url))
    page.on("requestfailed", lambda request: _forget(page, request.url))


def _remember(page: Page, url: str) -> None:
    if not any(part in url for part in _ENDLESS):
        page.pending.append(url)


def _forget(page: Page, url: str) -> None:
    if url in page.pending:
        page.pending.remove(url)


def _note_console(page: Page, message) -> None:
    if message.type == "error":
        place = message.location.get("url", "")
        page.complaints.append(f"console: {message.text} ({place})")


def screenshot(page: Page, name: str, *, full_page: bool = False) -> Path:
    """Save what the page shows as `.local/screenshots/<name>.png`; return the file."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{re.sub(r'[^0-9A-Za-z_.-]+', '-', name)}.png"
    page.screenshot(path=path, full_page=full_page, animations="disabled")
    return path
