"""A key project over RPC, from the menu to the permits that follow each other, and its doors.

The navigator ticks, sees the plan, files; the offices grant; the next permits begin; what is
extended moves what follows and lights up.
"""

import pytest
from support.rpc import Fault

PROJECT, TASK, APPLICATION = "project.project", "project.task", "shenpi.application"
MATERIAL, WIZARD, CHOICE = (
    "shenpi.application.material",
    "shenpi.menu.wizard",
    "shenpi.menu.wizard.choice",
)
STRANGERS = ("reviewer2", "clerk_b", "reviewer_b", "demo", "portal")
REFUSALS = ("AccessError", "UserError", "ValidationError")
REGISTRATION, FOOD, SIGN = "企业设立登记", "食品小作坊小餐饮登记", "户外广告及招牌设置审批"
BUTTONS = {
    PROJECT: ("action_close", "action_open_what_if", "action_open_menu", "action_view_permits"),
    TASK: ("action_file", "action_precheck", "action_refile", "action_open_application"),
}


def try_(client, model, method, *arguments, **keywords):
    """What a call answers, or the name of the error."""
    try:
        return client(model, method, *arguments, **keywords)
    except Fault as fault:
        assert fault.name in REFUSALS, fault
        return fault.name


@pytest.fixture(scope="module")
def navigator(xmlrpc):
    return xmlrpc("navigator")


@pytest.fixture(scope="module")
def project_id(navigator, payload):
    """A project that the navigator has opened by the wizard: a registration, then two permits."""
    applicant = payload()["applicant"]
    today = navigator(WIZARD, "default_get", ["planned_start", "menu_id"])
    wizard = navigator(
        WIZARD,
        "create",
        {
            "name": f"{applicant['name']}项目",
            "kind": "hotel",
            "planned_start": today["planned_start"],
            "menu_id": today["menu_id"],
            "applicant_name": applicant["name"],
            "applicant_id_number": applicant["id_number"],
        },
    )
    _next(navigator, wizard)
    lines = navigator(
        "shenpi.menu.wizard.line", "search_read", [("wizard_id", "=", wizard)], ["name", "ticked"]
    )
    assert len(lines) == 84
    for line in lines:
        ticked = line["name"] in (FOOD, SIGN)
        if ticked != line["ticked"]:
            navigator("shenpi.menu.wizard.line", "write", [line["id"]], {"ticked": ticked})
    assert _next(navigator, wizard)["step"] == "check"
    asked = navigator(CHOICE, "search_read", [("wizard_id", "=", wizard)], ["option_ids"])
    for choice in asked:
        options = navigator("shenpi.menu.line", "read", choice["option_ids"], ["name"])
        (chosen,) = [option["id"] for option in options if option["name"] == REGISTRATION]
        navigator(CHOICE, "write", [choice["id"]], {"chosen_id": chosen})
    plan = _next(navigator, wizard)
    assert (plan["step"], plan["permit_count"], plan["total_days"]) == ("plan", 3, 3)
    assert "<svg" in plan["chart"]
    assert plan["path_names"].split(" → ")[0] == REGISTRATION
    return navigator(WIZARD, "action_confirm", [wizard])["res_id"]


def _next(client, wizard):
    client(WIZARD, "action_next", [wizard])
    names = ["step", "permit_count", "total_days", "path_names", "chart"]
    return client(WIZARD, "read", [wizard], names)[0]


@pytest.fixture(scope="module")
def code(navigator, project_id):
    return navigator(PROJECT, "read", [project_id], ["key_code"])[0]["key_code"]


def _permits(client, project_id):
    names = ["name", "permit_state", "plan_end", "light", "application_id"]
    found = client(TASK, "search_read", [("project_id", "=", project_id)], names)
    return {permit["name"]: permit for permit in found}


def _file(client, permit):
    """Open the application, hand in what it lacks, and file it; answers its number."""
    client(TASK, "action_file", [permit["id"]])
    application = client(TASK, "read", [permit["id"]], ["application_id"])[0]["application_id"][0]
    materials = client(MATERIAL, "search", [("application_id", "=", application)])
    client(MATERIAL, "write", materials, {"status": "provided"})
    client(TASK, "action_file", [permit["id"]])
    return client(APPLICATION, "read", [application], ["number"])[0]["number"]


def test_from_the_menu_to_the_next_permits(navigator, api, project_id, code):
    permits = _permits(navigator, project_id)
    states = {name: permit["permit_state"] for name, permit in permits.items()}
    assert states == {REGISTRATION: "ready", FOOD: "waiting", SIGN: "waiting"}
    number = _file(navigator, permits[REGISTRATION])
    assert _permits(navigator, project_id)[REGISTRATION]["permit_state"] == "filed"
    api.act("clerk", "accept", number)
    api.act("decider", "decide", number, outcome="grant")
    permits = _permits(navigator, project_id)
    assert permits[REGISTRATION]["permit_state"] == "granted"
    assert {permits[name]["permit_state"] for name in (FOOD, SIGN)} == {"ready"}
    progress = navigator(PROJECT, "api_progress", code)
    assert (progress["needed"], progress["granted"], progress["light"]) == (3, 1, "green")

    number = _file(navigator, permits[FOOD])
    api.act("clerk", "accept", number)
    before = _permits(navigator, project_id)[FOOD]["plan_end"]
    api.act("manager", "extend", number, days=5, reason="情况复杂")
    late = _permits(navigator, project_id)[FOOD]
    assert late["plan_end"] > before
    assert late["light"] == "red"
    progress = navigator(PROJECT, "api_progress", code)
    assert (progress["light"], progress["end"]) == ("red", late["plan_end"])
    assert progress["end"] > progress["baseline_end"]


def test_open_permits_keep_it_from_closing(navigator, project_id):
    with pytest.raises(Fault, match=SIGN):
        navigator(PROJECT, "action_close", [project_id])


def test_over_the_contract(xmlrpc, payload):
    client, filing = xmlrpc("integrator"), payload()
    applicant = {key: filing["applicant"][key] for key in ("name", "id_number")}
    codes = {
        item["name"]: item["code"]
        for item in client("shenpi.item", "api_list", {})
        if item["name"] in (REGISTRATION, FOOD)
    }
    call = {
        "client_ref": filing["client_ref"],
        "name": f"{applicant['name']}项目",
        "kind": "industry",
        "start": client("shenpi.workday", "api_add", "2026-03-02", 1),
        "applicant": applicant,
        "items": [codes[FOOD]],
        "choices": {codes[FOOD]: codes[REGISTRATION]},
    }
    answer = client(PROJECT, "api_open", call)
    assert [task["item"] for task in answer["tasks"]] == [REGISTRATION, FOOD]
    assert client(PROJECT, "api_open", call) == answer | {"duplicate": True}
    assert client(PROJECT, "api_progress", answer["code"])["needed"] == 2
    for changes, field in (
        ({"kind": "castle"}, "kind"),
        ({"items": ["x"]}, "items"),
        ({"choices": {}}, "choices"),
        ({"start": "tomorrow"}, "start"),
    ):
        with pytest.raises(Fault, match=field):
            client(PROJECT, "api_open", call | {"client_ref": "other"} | changes)


# === Doors === #


@pytest.mark.parametrize("login", STRANGERS)
def test_strangers_read_nothing(xmlrpc, sql, login, project_id, code):
    client = xmlrpc(login)
    tasks = [row for (row,) in sql("SELECT id FROM project_task WHERE project_id = %s", project_id)]
    found = {
        PROJECT: [project_id],
        TASK: tasks,
        "shenpi.project.baseline": _rows(sql, "shenpi_project_baseline", project_id),
        "shenpi.event": _rows(sql, "shenpi_event", project_id),
    }
    for model, ids in found.items():
        assert ids, model
        domain = [("id", "in", ids)]
        for method, arguments in {
            "search": (domain,),
            "search_count": (domain,),
            "search_read": (domain, ["display_name"]),
            "read": (ids, ["display_name"]),
            "web_read": (ids, {"display_name": {}}),
            "name_search": ("", domain),
            "export_data": (ids, ["id", "display_name"]),
        }.items():
            answer = try_(client, model, method, *arguments)
            assert not answer or answer in REFUSALS or answer == {"datas": []}, (method, answer)
    for model, methods in BUTTONS.items():
        for method in methods:
            assert try_(client, model, method, found[model][:1]) in REFUSALS, method
    assert try_(client, PROJECT, "api_progress", code) in REFUSALS


def _rows(sql, table, project_id):
    return [row for (row,) in sql(f"SELECT id FROM {table} WHERE project_id = %s", project_id)]


@pytest.mark.parametrize("login", ["navigator", "manager", "supervisor", "admin"])
def test_nobody_writes_past_the_flow(xmlrpc, sql, login, project_id):
    client = xmlrpc(login)
    before = sql("SELECT key_state, light FROM project_project WHERE id = %s", project_id)
    ((task_id,),) = sql("SELECT max(id) FROM project_task WHERE project_id = %s", project_id)
    for model, ids, vals in (
        (PROJECT, [project_id], {"key_state": "closed"}),
        (PROJECT, [project_id], {"light": "green"}),
        (PROJECT, [project_id], {"is_key_project": False}),
        (PROJECT, [project_id], {"privacy_visibility": "employees"}),
        (TASK, [task_id], {"permit_state": "granted"}),
        (TASK, [task_id], {"plan_end": "2030-01-01"}),
        (TASK, [task_id], {"application_id": False}),
    ):
        assert try_(client, model, "write", ids, vals) in REFUSALS, vals
    for model, ids in ((PROJECT, [project_id]), (TASK, [task_id])):
        assert try_(client, model, "unlink", ids) in REFUSALS
    assert sql("SELECT key_state, light FROM project_project WHERE id = %s", project_id) == before
