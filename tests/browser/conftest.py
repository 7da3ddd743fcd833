"""Fixtures of the browser tests."""

import pytest
from support import browser as chromium


@pytest.fixture(scope="session")
def chromium_process(server):
    """The one Chromium of the run."""
    browser = chromium.Browser(server.url)
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium_process, request):
    """Chromium for one test: its pages are closed after it, and must not have complained."""
    pages = []

    class Session:
        url = chromium_process.url

        def open(self, *arguments, **options):
            pages.append(chromium_process.open(*arguments, **options))
            return pages[-1]

        def login(self, *arguments, **options):
            pages.append(chromium_process.login(*arguments, **options))
            return pages[-1]

    yield Session()
    failed = getattr(request.node, "failed", False)
    complaints = [complaint for page in pages for complaint in page.complaints]
    for number, page in enumerate(pages):
        if failed or complaints:
            chromium.screenshot(page, f"failed-{request.node.name}-{number}")
        page.context.close()
    assert not complaints, "the browser's console:\n" + "\n".join(complaints)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Let the fixture know whether the test failed."""
    outcome = yield
    if outcome.get_result().failed:
        item.failed = True
