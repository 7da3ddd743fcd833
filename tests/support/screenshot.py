"""Take a screenshot of a database's page: python -m support.screenshot DB LOGIN PATH NAME."""

import sys

from .browser import Browser, screenshot
from .server import running


def main(database: str, login: str, path: str, name: str) -> None:
    """Serve the database, log in, open the path, save the picture, and say where it is."""
    with running(database) as server:
        browser = Browser(server.url)
        try:
            page = browser.login(login, path=path)
            print(screenshot(page, name))
            print(*page.complaints, sep="\n")
        finally:
            browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
