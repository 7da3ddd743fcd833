"""Fixtures of the end-to-end tests: two servers on one database, cases, and what lies in tables."""

import itertools
import secrets
import uuid

import pytest
from support import access
from support.api import Api, Item
from support.identity import uscc
from support.rpc import Json2
from support.server import api_keys, running
from support.surface import read_surface

STAFF = ("clerk", "clerk2", "reviewer", "reviewer2", "decider", "supervisor", "manager")
LOGINS = (
    *STAFF,
    "inspector",
    "navigator",
    "integrator",
    "clerk_b",
    "reviewer_b",
    "evaluator",
    "evaluator2",
)
_serial = itertools.count(1)
_run = secrets.token_hex(3)  # so that a database may be tested twice


# === Clients === #


@pytest.fixture(scope="session")
def json2(server):
    """A function that gives a user's JSON-2 client; all keys are made in one go."""
    keys = api_keys(server.database, list(LOGINS))
    return lambda login: Json2(server.url, server.database, keys[login])


@pytest.fixture(scope="session")
def api(xmlrpc):
    """The contract over XML-RPC."""
    return Api(xmlrpc)


@pytest.fixture(params=["xmlrpc", "json2"])
def any_api(request):
    """The contract over each protocol in turn."""
    return Api(request.getfixturevalue(request.param))


@pytest.fixture(scope="session")
def prefork(database):
    """A second server on the same database: two worker processes."""
    with running(database, workers=2) as server:
        yield server
        unexpected = server.unexpected_log_lines()
    assert not unexpected, "Odoo's log:\n" + "\n".join(unexpected)


@pytest.fixture(scope="session")
def prefork_api(prefork):
    """The contract over XML-RPC, on two worker processes."""
    clients = {}

    def client(login):
        if login not in clients:
            clients[login] = prefork.xmlrpc(login)
        return clients[login]

    return Api(client)


# === Filings === #


@pytest.fixture(scope="session")
def items(xmlrpc):
    """A function that gives the n-th published item of the city that fits, by number of steps."""
    call = xmlrpc("manager")
    domain = [("state", "=", "published"), ("limit_unit", "=", "working_days")]
    fields = ["code", "step_ids", "department_id", "statutory_limit", "promised_limit", "name"]
    rows = call("shenpi.item", "search_read", domain, fields, order="code")
    names = ["item_id", "code", "required"]
    materials = call("shenpi.item.material", "search_read", [], names, order="item_id, sequence")

    def choose(steps=2, limit=20, place=0):
        fitting = [
            row for row in rows if len(row["step_ids"]) == steps and row["statutory_limit"] == limit
        ]
        row = fitting[place]
        own = [material for material in materials if material["item_id"][0] == row["id"]]
        return Item(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            department=row["department_id"][1],
            statutory=row["statutory_limit"],
            promised=row["promised_limit"],
            materials=tuple(material["code"] for material in own),
            required=tuple(material["code"] for material in own if material["required"]),
        )

    return choose


@pytest.fixture(scope="session")
def item(items):
    """An item of two steps and a limit of twenty working days."""
    return items()


@pytest.fixture(scope="session")
def payload(item):
    """A function that gives a complete filing; keywords replace or, being None, remove keys."""

    def make(of=None, **changes):
        number = next(_serial)
        filing = {
            "client_ref": str(uuid.uuid4()),
            "item_code": (of or item).code,
            "channel": "api",
            "applicant": {
                "kind": "organisation",
                "name": f"端到端{_run}第{number}号有限公司",
                "id_type": "uscc",
                "id_number": uscc(5_000_000 + number),
                "phone": f"1390{number:07d}",
            },
            "materials": [{"code": code} for code in (of or item).required],
        } | changes
        return {key: value for key, value in filing.items() if value is not None}

    return make


# === What there is === #


@pytest.fixture(scope="session")
def surface(database):
    """All models, routes, reports and calls of ours, as the registry has them."""
    return read_surface(database, access.LOGINS)


# === Tables === #


@pytest.fixture
def unchanged(sql):
    """Checks, when the test has ended, that no table of ours has more or fewer rows than before."""
    before = _count_rows(sql)
    yield
    assert _count_rows(sql) == before


def _count_rows(sql) -> dict[str, int]:
    # A serial that was given and not used is no trace of a case.
    tables = sql(
        """SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> %s
              AND (relname LIKE 'shenpi\\_%%' OR relname IN ('ir_attachment', 'mail_message'))""",
        "shenpi_application_counter",
    )
    return {name: sql(f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in sorted(tables)}


@pytest.fixture
def frozen(sql):
    """Checks that the test changed nothing: the rows of all our tables are the same after it."""
    before = _digest_tables(sql)
    yield
    assert _digest_tables(sql) == before


def _digest_tables(sql) -> dict[str, str]:
    names = sql(
        """SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'shenpi\\_%%'
              AND relname NOT LIKE '%%wizard%%'"""
    )
    text = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
    return {name: sql(text.format(name))[0][0] for (name,) in names}
