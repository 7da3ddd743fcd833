"""A browser's session without the browser: log in, then ask for addresses."""

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request

_TIMEOUT = 120  # s


class Session:
    """Whoever sits at a browser; nobody in particular until `login`."""

    def __init__(self, url: str, database: str):
        self._url, self._database = url, database
        jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def login(self, login: str, password: str | None = None) -> "Session":
        """Log in; the password is the login unless given."""
        parameters = {"db": self._database, "login": login, "password": password or login}
        request = urllib.request.Request(
            f"{self._url}/web/session/authenticate",
            data=json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=_TIMEOUT) as answer:
            assert json.load(answer)["result"]["uid"], f"{login} cannot log in"
        return self

    def download(self, path: str) -> bytes:
        """Return the bytes of a file; an error is raised."""
        with self._opener.open(f"{self._url}{path}", timeout=_TIMEOUT) as answer:
            return answer.read()

    def post(self, path: str, **fields) -> tuple[int, str]:
        """Send a form; return the HTTP status and the text of the answer."""
        data = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._read(urllib.request.Request(f"{self._url}{path}", data=data))

    def get(self, path: str) -> tuple[int, str]:
        """Return the HTTP status and the text of a page."""
        return self._read(f"{self._url}{path}")

    def _read(self, request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
