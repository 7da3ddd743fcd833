"""Every model, route, report, button and call that there is, against what `support.access` allows.

What is new is found in the registry: a test fails until somebody has said who may use it.
"""

import pytest
from support import access
from support.rpc import Fault
from support.web import Session

APPLICATION = "shenpi.application"
REFUSALS = ("AccessError", "UserError")
OPENERS = ("ir.actions.act_window", "ir.actions.report")
SAMPLE = 3  # rows tried one by one


@pytest.fixture(scope="module")
def city_id(sql):
    return sql("SELECT min(id) FROM res_company")[0][0]


def ask(client, model, method, *arguments, **keywords):
    """What a call answers, or the name of the refusal."""
    try:
        return client(model, method, *arguments, **keywords)
    except Fault as fault:
        assert fault.name in REFUSALS, fault
        return fault.name


# === Is everything named? === #


def test_everything_is_named(surface):
    lasting = surface.lasting
    passing = set(surface.models) - set(lasting)
    assert set(lasting) == set(access.READERS)
    assert passing == set(access.WIZARDS)
    assert set(access.WRITERS) <= set(lasting)
    calls = {name: set(model.calls) for name, model in surface.models.items() if model.calls}
    assert calls == access.CALLS


def test_every_row_belongs_to_a_bureau(surface):
    """Or it is known why not."""
    homeless = {name for name, model in surface.lasting.items() if not model.to_company}
    readable = {name for name in homeless if access.readers(name)}
    assert readable == set(access.SHARED) | set(access.OWN)


def test_open_routes(surface, server):
    public = {route for route, auth in surface.routes.items() if auth != "user"}
    assert public == set(access.PUBLIC_ROUTES)
    session = Session(server.url, server.database)
    for route in surface.routes.keys() - public:
        status, text = session.get(route.split("<")[0])
        assert status in (303, 404) or "login" in text, route


# === Rights === #


def test_rights(surface):
    """The right to read, write, create, delete at all, for every login and model."""
    for login, of_models in surface.rights.items():
        for name, operations in of_models.items():
            assert ("read" in operations) == (login in access.readers(name)), (
                login,
                name,
                operations,
            )
            written = bool(set(operations) - {"read"})
            assert written == (login in access.writers(name)), (login, name, operations)


@pytest.mark.parametrize("login", access.LOGINS)
def test_the_door_is_shut(xmlrpc, surface, login):
    """Where there is no right, the server says so over RPC."""
    client = xmlrpc(login)
    for name in surface.models:
        if login not in access.readers(name):
            assert ask(client, name, "search_count", []) == "AccessError", name


# === Rows === #


@pytest.mark.parametrize("login", ["clerk_b", "reviewer_b"])
def test_nothing_of_another_bureau(xmlrpc, surface, city_id, frozen, login):
    client = xmlrpc(login)
    for name, rows in surface.bureau_of.items():
        if login not in access.readers(name):
            continue
        theirs = [row for row, company in rows.items() if company == city_id]
        assert not client(name, "search_count", [("id", "in", theirs)]), name
        few, domain = theirs[:SAMPLE], [("id", "in", theirs[:SAMPLE])]
        if not few:
            continue
        assert not client(name, "search_read", domain, ["display_name"]), name
        assert not client(name, "web_search_read", domain, {"display_name": {}})["records"], name
        assert not client(name, "name_search", "", domain), name
        groups = client(name, "formatted_read_group", domain, [], ["__count"])
        assert not any(group["__count"] for group in groups), name
        for row in few:
            for method, arguments in (
                ("read", (["display_name"],)),
                ("web_read", ({"display_name": {}},)),
                *((button, ()) for button in surface.models[name].buttons),
            ):
                answer = ask(client, name, method, [row], *arguments)
                # A button may open a wizard or name a report: those doors are tried elsewhere.
                opens = isinstance(answer, dict) and answer["type"] in OPENERS
                assert answer in ("AccessError", []) or opens, (name, row, method, answer)


@pytest.mark.parametrize("login", access.ROLES)
def test_who_sees_the_case_sees_what_hangs_on_it(xmlrpc, surface, login):
    """And nobody else does: not the colleague of another office, not the other bureau."""
    client = xmlrpc(login)
    everything = {"context": {"active_test": False}}
    cases = set(client(APPLICATION, "search", [], **everything))
    for name, rows in surface.case_of.items():
        if login not in access.readers(name) or name in access.SEEN_APART:
            continue
        hanging = {row: case for row, case in rows.items() if case}
        seen = client(name, "search", [("id", "in", list(hanging))], **everything)
        foreign = [row for row in seen if hanging[row] not in cases]
        assert not foreign, (name, foreign[:SAMPLE])


@pytest.mark.parametrize("login", access.ROLES)
def test_own_rows(xmlrpc, login):
    client = xmlrpc(login)
    for name, field in access.OWN.items():
        assert not client(name, "search_count", [(field, "!=", client.uid)]), name


@pytest.mark.parametrize("login", ["manager", "admin"])
def test_raw_values_are_for_nobody(xmlrpc, surface, login):
    client = xmlrpc(login)
    for name, model in surface.lasting.items():
        for field in model.raw:
            assert ask(client, name, "search_read", [], [field], limit=1) in REFUSALS, field
            assert ask(client, name, "search", [(field, "!=", False)]) in REFUSALS, field


# === Calls === #


@pytest.mark.parametrize("login", access.OUTSIDERS)
def test_outsiders_call_nothing(xmlrpc, surface, login):
    client = xmlrpc(login)
    for name, model in surface.models.items():
        for method, parameters in model.calls.items():
            arguments = ["2026-01-01" if "date" in p else {} for p in parameters]
            arguments = ["x" if p == "number" else a for p, a in zip(parameters, arguments)]
            assert ask(client, name, method, *arguments) == "AccessError", (name, method)


@pytest.mark.parametrize("table", ["shenpi_application", "shenpi_bundle_case", "shenpi_grievance"])
@pytest.mark.parametrize("login", ["clerk_b", "reviewer_b"])
def test_another_bureau_calls_in_vain(xmlrpc, surface, sql, city_id, login, table):
    """A case that the caller does not see does not exist for him."""
    client, name = xmlrpc(login), table.replace("_", ".").removesuffix(".case")
    ((number,),) = sql(f"SELECT max(number) FROM {table} WHERE company_id = %s", city_id)
    for method, parameters in surface.models[name].calls.items():
        if parameters[0] == "number":
            arguments = [number or "x", {}][: len(parameters)]
            assert ask(client, name, method, *arguments) in REFUSALS, method


def test_nobody_logged_in_reads_a_paper(server, surface, sql, xmlrpc):
    session = Session(server.url, server.database)
    for report, model in surface.reports.items():
        table = model.replace(".", "_")
        if sql("SELECT to_regclass(%s)", table) == [(None,)]:
            row = max(xmlrpc("manager")(model, "search", []))  # rows that no table keeps
        else:
            ((row,),) = sql(f'SELECT max(id) FROM "{table}"')
        for kind in ("html", "pdf"):
            status, text = session.get(f"/report/{kind}/{report}/{row}")
            assert status != 200 or "login" in text, (report, kind, status)
