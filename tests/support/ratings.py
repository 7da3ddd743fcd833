"""Services that can be rated, and the address on the paper that the applicant takes home."""

import re
import secrets
import time
import uuid

from .codes import read_codes
from .identity import uscc
from .web import Session

_LEAST_SECONDS = 2  # what the page takes for quicker than a person


def file_at_window(xmlrpc, login: str = "clerk") -> str:
    """File a case at the window; return its number."""
    call = xmlrpc(login)
    domain = [("state", "=", "published"), ("promised_limit", ">", 0)]
    (item,) = call("shenpi.item", "search_read", domain, ["code"], limit=1)
    payload = {
        "client_ref": str(uuid.uuid4()),
        "item_code": item["code"],
        "channel": "window",
        "applicant": {
            "kind": "organisation",
            "name": "青云评价测试有限公司",
            "id_type": "uscc",
            "id_number": uscc(6_000_000 + secrets.randbelow(10**6)),
            "phone": "13900005555",
        },
        "materials": [],
    }
    return call("shenpi.application", "api_submit", payload)["number"]


def find_address(server, xmlrpc, number: str, login: str = "clerk") -> str:
    """Print the receipt of a case, and read from its picture where to rate; return the path."""
    call = xmlrpc(login)
    (case_id,) = call("shenpi.application", "search", [("number", "=", number)])
    session = Session(server.url, server.database).login(login)
    codes = read_codes(session.download(f"/report/pdf/shenpi_base.report_filing/{case_id}"))
    (address,) = [code for code in codes if "/shenpi/rate/" in code]
    return re.sub(r"^https?://[^/]+", "", address)


def find_slip_address(server, xmlrpc, login: str = "clerk") -> str:
    """Print the slip of a visit without an application, and read from its picture where to rate;
    return the path."""
    call = xmlrpc(login)
    ticket = f"T{secrets.randbelow(10**9)}"
    slip_id = call("shenpi.rating.slip", "create", {"ticket": ticket})
    session = Session(server.url, server.database).login(login)
    path = f"/report/pdf/shenpi_evaluation.report_rating_slip/{slip_id}"
    (address,) = read_codes(session.download(path))
    return re.sub(r"^https?://[^/]+", "", address)


def read_form(session: Session, path: str) -> dict:
    """Open the form of an address as a reader does who takes his time; return its hidden fields."""
    status, text = session.get(path)
    assert status == 200, text
    deadline = time.monotonic() + _LEAST_SECONDS
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    while time.monotonic() < deadline:
        session.get("/web/health")
    return fields
