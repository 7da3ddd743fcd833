"""Who sees a case and who can change what, tried at every door of the server.

The case belongs to one office of the city. Strangers to it are a reviewer of another office, people
of another bureau, an employee without a role, a portal user and somebody who is not logged in.
"""

import base64

import pytest
from support.access import readers
from support.attempts import attempts_to_change
from support.rpc import Fault
from support.web import Session

APPLICATION = "shenpi.application"
OFFICE = "工程建设审批处"
SECRET = "绝密文件内容"
ID_NUMBER = "91350100M000100Y43"
PHONE = "13812345678"
COLLEAGUES = (
    "reviewer",
    "decider",
    "clerk",
    "clerk2",
    "inspector",
    "navigator",
    "supervisor",
    "manager",
    "integrator",
)
STRANGERS = ("reviewer2", "clerk_b", "reviewer_b", "demo", "portal")
STAFF_STRANGERS = ("reviewer2", "clerk_b", "reviewer_b")
EVERYBODY = (*COLLEAGUES, *STRANGERS)
PARTS = (
    "shenpi.application.material",
    "shenpi.application.step",
    "shenpi.application.clock",
    "shenpi.application.correction",
    "shenpi.event",
    "shenpi.licence",
)
GROUP_BY = {APPLICATION: "state", "ir.attachment": "res_model", "mail.message": "model"}
RAW_FIELDS = (
    "applicant_id_number_raw",
    "applicant_phone_raw",
    "applicant_phone_end",
    "agent_id_number_raw",
    "agent_phone_raw",
    "progress_token",
)


@pytest.fixture(scope="module")
def case(api, payload, items, xmlrpc, sql):
    """Ids by model of a case that has one record of everything, granted and not yet delivered."""
    item = next(i for i in (items(place=n) for n in range(30)) if i.department == OFFICE)
    first, second, *others = item.required
    filing = payload(item)
    filing["applicant"] |= {"id_number": ID_NUMBER, "phone": PHONE}
    content = base64.b64encode(SECRET.encode()).decode()
    filing["materials"] = [{"code": first, "content": content, "filename": "绝密.txt"}]
    filing["materials"] += [{"code": code} for code in others]
    number = api.submit("integrator", filing)["number"]
    api.act("clerk", "request_correction", number, items=[{"text": "缺件"}])
    api.act("clerk", "supplement", number, materials=[{"code": second}])
    api.act("clerk", "accept", number)
    api.review_all(number)
    api.act("decider", "decide", number, outcome="grant")

    reader = xmlrpc("manager")
    (case_id,) = reader(APPLICATION, "search", [("number", "=", number)])
    ids = {APPLICATION: [case_id]}
    for model in PARTS:
        ids[model] = reader(model, "search", [("application_id", "=", case_id)])
    materials = ids["shenpi.application.material"]
    domain = [("res_model", "=", "shenpi.application.material"), ("res_id", "in", materials)]
    ids["ir.attachment"] = reader("ir.attachment", "search", domain)
    reader(APPLICATION, "message_post", [case_id], body=SECRET)
    ((message_id,),) = sql(
        "SELECT max(id) FROM mail_message WHERE model = %s AND res_id = %s", APPLICATION, case_id
    )
    ids["mail.message"] = [message_id]
    assert all(ids.values()), "the case lacks something"
    return ids


@pytest.fixture(scope="module", autouse=True)
def exporters(xmlrpc):
    """Everybody may export while these tests run, so that the door of the export is open."""
    admin = xmlrpc("admin")
    domain = [("module", "=", "base"), ("name", "=", "group_allow_export")]
    (right,) = admin("ir.model.data", "search_read", domain, ["res_id"])
    users = [xmlrpc(login).uid for login in EVERYBODY if login != "portal"]
    for command in (4, 3):
        links = [[command, user] for user in users]
        admin("res.groups", "write", [right["res_id"]], {"user_ids": links})
        if command == 4:
            yield


@pytest.fixture
def frozen_case(sql, case):
    """Checks that the test changed no material of the case."""

    def digest():
        ids = case["shenpi.application.material"]
        return sql("SELECT t::text FROM shenpi_application_material t WHERE id = ANY(%s)", ids)

    before = digest()
    yield
    assert digest() == before


def try_(client, model, method, *arguments, **keywords):
    """What a call answers, or the name of the error."""
    try:
        return client(model, method, *arguments, **keywords)
    except Fault as fault:
        assert fault.name in ("AccessError", "UserError"), fault
        return fault.name


def is_nothing(answer) -> bool:
    """Whether an answer is a refusal, or tells that there is nothing."""
    if isinstance(answer, str):
        return answer in ("AccessError", "UserError")
    if isinstance(answer, dict):
        return all(is_nothing(v) for key, v in answer.items() if key != "__extra_domain")
    if isinstance(answer, list):
        return all(isinstance(row, dict) and is_nothing(row) for row in answer)
    return not answer


# === Reading === #


@pytest.mark.parametrize("login", STRANGERS)
@pytest.mark.parametrize("model", [APPLICATION, *PARTS, "ir.attachment", "mail.message"])
def test_strangers_read_nothing(xmlrpc, case, login, model):
    client, ids = xmlrpc(login), case[model]
    domain = [("id", "in", ids)]
    specification = {"display_name": {}}
    doors = {
        "search": (domain,),
        "search_count": (domain,),
        "search_read": (domain, ["display_name"]),
        "read": (ids, ["display_name"]),
        "web_read": (ids, specification),
        "web_search_read": (domain, specification),
        "name_search": ("", domain),
        "export_data": (ids, ["id", "display_name"]),
        "formatted_read_group": (domain, [], ["__count"]),
        "web_read_group": (domain, [GROUP_BY.get(model, "application_id")], ["__count"]),
        "copy": (ids,),
    }
    for method, arguments in doors.items():
        answer = try_(client, model, method, *arguments)
        assert is_nothing(answer), (method, answer)


@pytest.mark.parametrize("login", STRANGERS)
def test_strangers_find_nothing_by_name_or_number(xmlrpc, case, sql, login):
    number, name = sql(
        "SELECT number, applicant_name FROM shenpi_application WHERE id = %s", case[APPLICATION][0]
    )[0]
    client = xmlrpc(login)
    for text in (number, name):
        assert is_nothing(try_(client, APPLICATION, "name_search", text))
    for domain in (
        [("number", "=", number)],
        [("applicant_name", "ilike", name)],
        [("applicant_id_number", "=", ID_NUMBER), ("number", "=", number)],
        [("find", "ilike", name)],
        [("event_ids.opinion", "ilike", "缺件"), ("number", "=", number)],
    ):
        assert is_nothing(try_(client, APPLICATION, "search", domain)), domain
    answer = try_(client, APPLICATION, "api_status", number)
    assert answer in ("AccessError", "UserError")


@pytest.mark.parametrize("login", ["clerk_b", "reviewer_b"])
def test_another_bureau_sees_none_of_the_citys_cases(xmlrpc, sql, login):
    client = xmlrpc(login)
    (city_id,) = [row[0] for row in sql("SELECT min(id) FROM res_company")]
    assert client(APPLICATION, "search_count", [("company_id", "=", city_id)]) == 0
    assert client("shenpi.licence", "search_count", [("company_id", "=", city_id)]) == 0
    seen = client(APPLICATION, "search_count", [])
    assert 0 < seen < sql("SELECT count(*) FROM shenpi_application")[0][0]


@pytest.mark.parametrize("login", ["demo", "portal"])
def test_people_without_a_role_see_no_case_at_all(xmlrpc, login):
    for model in (APPLICATION, *PARTS, "shenpi.item", "shenpi.department", "shenpi.api.call"):
        assert is_nothing(try_(xmlrpc(login), model, "search_count", [])), model


@pytest.mark.parametrize("login", [*STAFF_STRANGERS, None])
def test_strangers_get_no_file_and_no_paper(server, case, login):
    session = Session(server.url, server.database)
    if login:
        session.login(login)
    case_id = case[APPLICATION][0]
    paths = [f"/web/content/{case['ir.attachment'][0]}"]
    for paper in ("filing", "decision"):
        for kind in ("html", "pdf"):
            paths += [f"/report/{kind}/shenpi_base.report_{paper}/{case_id}"]
    for path in paths:
        status, text = session.get(path)
        assert SECRET not in text, path
        assert ID_NUMBER not in text, path
        assert status != 200 or "login" in text, (path, status)


def test_a_colleague_gets_the_file(server, case):
    session = Session(server.url, server.database).login("manager")
    status, text = session.get(f"/web/content/{case['ir.attachment'][0]}")
    assert (status, text) == (200, SECRET)


def test_the_progress_page_tells_no_personal_data(server, case, sql):
    session = Session(server.url, server.database)
    token, name = sql(
        "SELECT progress_token, applicant_name FROM shenpi_application WHERE id = %s",
        case[APPLICATION][0],
    )[0]
    status, text = session.get(f"/shenpi/progress/{token}")
    assert status == 200
    for secret in (name, ID_NUMBER, PHONE, PHONE[-4:]):
        assert secret not in text
    for guess in (token[:-1], token.swapcase(), "0", "%27", "../web"):
        assert session.get(f"/shenpi/progress/{guess}")[0] in (303, 404), guess


# === Personal data === #


@pytest.mark.parametrize("login", ["supervisor", "inspector"])
def test_colleagues_without_a_part_see_masks(xmlrpc, case, login):
    client, ids = xmlrpc(login), case[APPLICATION]
    names = ["applicant_id_number", "applicant_phone"]
    answers = [
        client(APPLICATION, "read", ids, names),
        client(APPLICATION, "search_read", [("id", "in", ids)], names),
        client(APPLICATION, "web_read", ids, {name: {} for name in names}),
        client(APPLICATION, "export_data", ids, names)["datas"],
    ]
    for answer in answers:
        assert "*" in str(answer)
        assert ID_NUMBER not in str(answer)
        assert PHONE not in str(answer)


@pytest.mark.parametrize("login", ["supervisor", "inspector", "navigator"])
def test_nothing_on_the_case_tells_them(json2, surface, case, login):
    """Every row that hangs on the case; some may not even be searched by it."""
    client = json2(login)
    for name, model in surface.lasting.items():
        if model.to_application and login in readers(name):
            domain = [[model.to_application, "in", case[APPLICATION]]]
            try:
                told = str(client(name, "search_read", domain=domain))
            except Fault as fault:
                assert fault.name == "AccessError", name
                continue
            assert ID_NUMBER not in told, name
            assert PHONE not in told, name


def test_those_who_have_a_part_see_them_in_clear(xmlrpc, case):
    for login in ("integrator", "clerk", "reviewer", "decider"):
        (row,) = xmlrpc(login)(APPLICATION, "read", case[APPLICATION], ["applicant_id_number"])
        assert row["applicant_id_number"] == ID_NUMBER


@pytest.mark.parametrize("name", RAW_FIELDS)
@pytest.mark.parametrize("login", ["supervisor", "manager", "admin"])
def test_raw_fields_are_for_nobody(xmlrpc, case, login, name):
    client, ids = xmlrpc(login), case[APPLICATION]
    attempts = [
        ("read", (ids, [name])),
        ("search_read", ([], [name])),
        ("web_read", (ids, {name: {}})),
        ("export_data", (ids, [name])),
        ("search", ([(name, "=like", "9%")],)),
        ("search", ([(f"event_ids.application_id.{name}", "=like", "9%")],)),
        ("search", ([("licence_id", "any", [(f"application_id.{name}", "!=", False)])],)),
        ("search", ([], 0, 1, name)),
        ("formatted_read_group", ([], [name], ["__count"])),
        ("formatted_read_group", ([], [], [f"{name}:max"])),
        ("write", (ids, {name: "1"})),
    ]
    for method, arguments in attempts:
        with pytest.raises(Fault) as caught:
            client(APPLICATION, method, *arguments)
        assert caught.value.name in ("AccessError", "UserError", "Error"), (method, arguments)
    assert name not in client(APPLICATION, "fields_get", [name])


def test_numbers_are_found_whole_never_by_probing(xmlrpc, case):
    client, (case_id,) = xmlrpc("supervisor"), case[APPLICATION]

    def finds(*condition):
        found = try_(client, APPLICATION, "search", [condition])
        return isinstance(found, list) and case_id in found

    assert finds("applicant_id_number", "=", ID_NUMBER)
    assert finds("applicant_phone", "=", PHONE)
    assert finds("applicant_phone", "=", PHONE[-4:])
    for part in (ID_NUMBER[:17], ID_NUMBER[1:], ID_NUMBER[:6], f"{ID_NUMBER[:10]}%", "%", "_" * 18):
        for operator in ("=", "like", "ilike", "=like", "=ilike"):
            assert not finds("applicant_id_number", operator, part), (operator, part)
    for part in (PHONE[:7], PHONE[-5:], PHONE[-3:]):
        assert not finds("applicant_phone", "ilike", part)


# === Writing === #


@pytest.mark.parametrize("login", EVERYBODY)
def test_nothing_is_changed_past_the_flow(xmlrpc, case, item, frozen, login):
    client = xmlrpc(login)
    for model, method, arguments in attempts_to_change(case, item.id):
        with pytest.raises(Fault) as caught:
            client(model, method, *arguments)
        assert caught.value.name in ("AccessError", "UserError"), (model, method, caught.value)


@pytest.mark.parametrize(
    "method", ["_do_decide", "_transition", "_begin", "_append", "_insert", "sudo", "with_user"]
)
def test_private_methods_are_private(xmlrpc, case, method, frozen):
    with pytest.raises(Fault):
        xmlrpc("manager")(APPLICATION, method, case[APPLICATION])


@pytest.mark.parametrize("login", STAFF_STRANGERS)
def test_strangers_press_no_button(xmlrpc, case, frozen, login):
    client = xmlrpc(login)
    for action in ("receive", "accept", "assign_to_me", "print_decision", "verify_chain"):
        with pytest.raises(Fault) as caught:
            client(APPLICATION, f"action_{action}", case[APPLICATION])
        assert caught.value.name == "AccessError", action


WIZARDS = {
    "review": {"decision": "pass"},
    "decision": {"outcome": "deny", "reason": "x"},
    "delivery": {"method": "window"},
    "ending": {"action": "withdraw", "reason": "x"},
    "refusal": {"refusal_code": "not_needed", "reason": "x"},
    "pause": {"kind": "hearing", "planned_days": 1, "notice": "x"},
    "extension": {"days": 1, "reason": "x"},
    "correction": {},
    "supplement": {},
    "deferral": {},
    "clock": {"reason": "x"},
    "inspection.order": {},
    "spare": {},
}


def test_every_wizard_of_a_case_is_tried(surface):
    """Those that lead to the case by another document are refused with that document."""
    passing = {name: model for name, model in surface.models.items() if model.transient}
    direct = {name for name, model in passing.items() if model.to_application == "application_id"}
    results = {"shenpi.bulk.wizard.line", "shenpi.workday.wizard.result"}
    assert direct - results == {f"shenpi.{name}.wizard" for name in WIZARDS}


@pytest.mark.parametrize("login", STAFF_STRANGERS)
@pytest.mark.parametrize("wizard", WIZARDS)
def test_strangers_ask_no_wizard(xmlrpc, case, frozen, login, wizard):
    """A wizard shows the applicant of its application: it cannot even be opened on the case."""
    client, model = xmlrpc(login), f"shenpi.{wizard}.wizard"
    link = {"application_id": case[APPLICATION][0]}
    if wizard == "clock":
        link["entry_id"] = case["shenpi.application.clock"][0]
    context = {"context": {"default_application_id": case[APPLICATION][0]}}
    spec = {"application_id": {"fields": {"display_name": {}}}, "applicant_name": {}}
    for method, arguments, keywords in (
        ("create", (link | WIZARDS[wizard],), {}),
        ("web_save", ([], link | WIZARDS[wizard], spec), {}),
        ("onchange", ([], link, ["application_id"], spec), {}),
        ("onchange", ([], {}, [], spec), context),
        ("default_get", (["application_id"],), context),
    ):
        with pytest.raises(Fault) as caught:
            client(model, method, *arguments, **keywords)
        assert caught.value.name == "AccessError", (method, caught.value)


def test_a_supplement_takes_no_material_of_another_case(api, payload, case, xmlrpc, frozen_case):
    """The line of a wizard names its material: one of a case that the clerk sees is not enough."""
    client = xmlrpc("clerk")
    number = api.submit("clerk", payload(materials=[]))["number"]
    api.act("clerk", "request_correction", number, items=[])
    (case_id,) = client(APPLICATION, "search", [("number", "=", number)])
    line = {"material_id": case["shenpi.application.material"][0], "provided": True}
    with pytest.raises(Fault):
        wizard_id = client(
            "shenpi.supplement.wizard",
            "create",
            {"application_id": case_id, "line_ids": [[0, 0, line | {"digital_ref": "x"}]]},
        )
        client("shenpi.supplement.wizard", "action_confirm", [wizard_id])


@pytest.mark.parametrize("login", STAFF_STRANGERS)
def test_strangers_decide_nothing_in_bulk(xmlrpc, case, frozen, login):
    client, link = xmlrpc(login), [[6, 0, case[APPLICATION]]]
    line = {"application_id": case[APPLICATION][0]}
    spec = {"application_ids": {"fields": {"display_name": {}}}}
    line_spec = {"application_id": {"fields": {"display_name": {}}}, "number_short": {}}
    for model, method, arguments in (
        ("shenpi.bulk.wizard", "create", ({"operation": "review", "application_ids": link},)),
        ("shenpi.bulk.wizard", "onchange", ([], {"application_ids": link}, [], spec)),
        ("shenpi.bulk.wizard.line", "onchange", ([], line, ["application_id"], line_spec)),
        (
            "shenpi.bulk.wizard",
            "create",
            ({"operation": "review", "line_ids": [[0, 0, line | {"reason": "x"}]]},),
        ),
    ):
        with pytest.raises(Fault) as caught:
            client(model, method, *arguments)
        assert caught.value.name == "AccessError", (model, method, caught.value)


@pytest.mark.parametrize("login", STRANGERS)
def test_strangers_leave_no_word_on_a_case(xmlrpc, case, unchanged, login):
    client, (case_id,) = xmlrpc(login), case[APPLICATION]
    file = {"name": "x", "raw": "x", "res_model": APPLICATION, "res_id": case_id}
    for model, method, arguments in (
        (APPLICATION, "message_post", ([case_id],)),
        (APPLICATION, "activity_schedule", ([case_id], "mail.mail_activity_data_todo")),
        (APPLICATION, "message_subscribe", ([case_id], [1])),
        ("ir.attachment", "create", (file,)),
        ("ir.attachment", "write", (case["ir.attachment"], {"name": "x"})),
        ("ir.attachment", "unlink", (case["ir.attachment"],)),
    ):
        with pytest.raises(Fault) as caught:
            client(model, method, *arguments)
        assert caught.value.name == "AccessError", (model, method, caught.value)
