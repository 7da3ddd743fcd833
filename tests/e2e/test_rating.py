"""Rating a service by the code on its receipt, without a login, from outside."""

import secrets
from urllib.error import HTTPError

import pytest
from support.api import at_once
from support.ratings import file_at_window, find_address, find_slip_address, read_form
from support.rpc import Fault
from support.web import Session

NAME, PHONE = "司马评", "13900007788"
STRANGERS = ("clerk", "clerk2", "reviewer", "manager", "supervisor", "clerk_b")


@pytest.fixture(scope="module")
def rated(server, xmlrpc, sql):
    """A case whose visit was rated badly, by somebody who gave his name."""
    number = file_at_window(xmlrpc)
    path = find_address(server, xmlrpc, number)
    visitor = Session(server.url, server.database)
    form = read_form(visitor, path)
    form |= {"level": "very_unsatisfied", "tag_very_unsatisfied": ["113", "115"]}
    status, text = visitor.post(path, **form, name=NAME, phone=PHONE, text="来回跑了三趟")
    assert status == 200, text
    # Whoever rated is found from the case by the database alone: no role sees both.
    ((rating_id,),) = sql(
        """SELECT rating.id FROM shenpi_rating rating
             JOIN shenpi_rating_service service ON service.id = rating.service_id
             JOIN shenpi_application application ON application.id = service.application_id
            WHERE application.number = %s""",
        number,
    )
    names = ["level", "channel", "rater_name", "case_ids"]
    (rating,) = xmlrpc("evaluator")("shenpi.rating", "read", [rating_id], names)
    return rating | {"number": number, "path": path}


def test_the_receipt_rates(rated, server):
    assert (rated["level"], rated["channel"]) == ("very_unsatisfied", "qr")
    assert rated["rater_name"] == NAME
    assert len(rated["case_ids"]) == 1
    visitor = Session(server.url, server.database)
    used = visitor.get(rated["path"])
    assert used[0] == 404
    assert visitor.get("/shenpi/rate/" + "x" * 32) == used, "one answer, whatever the reason"


def test_the_slip_of_the_queue_rates(server, xmlrpc):
    """Somebody who filed nothing scans the slip that the clerk gave him."""
    path = find_slip_address(server, xmlrpc)
    visitor = Session(server.url, server.database)
    words = f"取号后很快就办好了 {secrets.token_hex(4)}"
    form = read_form(visitor, path) | {"level": "satisfied", "text": words}
    assert visitor.post(path, **form)[0] == 200
    domain = [["text", "=", words]]
    names = ["kind", "level", "channel", "clerk_id"]
    (rating,) = xmlrpc("evaluator")("shenpi.rating", "search_read", domain, names)
    assert (rating["kind"], rating["level"], rating["channel"]) == ("visit", "satisfied", "qr")
    (clerk_id,) = xmlrpc("evaluator")("res.users", "search", [("login", "=", "clerk")])
    assert rating["clerk_id"][0] == clerk_id
    assert visitor.post(path, **form)[0] == 404


def test_slips_are_printed_by_who_wrote_them(server, xmlrpc):
    slip_id = xmlrpc("clerk")("shenpi.rating.slip", "create", {"ticket": secrets.token_hex(5)})
    path = f"/report/pdf/shenpi_evaluation.report_rating_slip/{slip_id}"
    for login in ("clerk2", "clerk_b", "reviewer", "manager", "evaluator", "portal"):
        with pytest.raises(HTTPError):
            Session(server.url, server.database).login(login).download(path)


def test_of_two_at_once_one_counts(server, prefork, xmlrpc, sql):
    number = file_at_window(xmlrpc)
    path = find_address(server, xmlrpc, number)
    visitors = [Session(prefork.url, prefork.database) for _ in range(4)]
    form = read_form(visitors[0], path)
    levels = ("very_satisfied", "satisfied", "unsatisfied", "very_unsatisfied")
    answers = at_once(
        *[
            lambda visitor=visitor, level=level: visitor.post(path, **form | {"level": level})
            for visitor, level in zip(visitors, levels, strict=True)
        ]
    )
    assert sorted(status for status, _text in answers) == [200, 404, 404, 404]
    ((count,),) = sql(
        """SELECT count(*) FROM shenpi_rating rating
             JOIN shenpi_rating_service service ON service.id = rating.service_id
             JOIN shenpi_application application ON application.id = service.application_id
            WHERE application.number = %s""",
        number,
    )
    assert count == 1


@pytest.mark.parametrize("login", STRANGERS)
def test_who_rated_is_told_to_nobody_else(xmlrpc, json2, rated, login):
    """Not by any field of any door, whoever leads the office."""
    client = json2(login)
    for model, ids, raw in (
        ("shenpi.rating", [rated["id"]], "rater_name_raw"),
        ("shenpi.rating.case", rated["case_ids"], "rating_id.rater_name_raw"),
    ):
        domain = [["id", "in", ids]]
        told = str(client(model, "search_read", domain=domain))
        for secret in (NAME, PHONE, rated["number"]):
            assert secret not in told, (model, secret)
        for method, keywords in (
            ("read", {"ids": ids, "fields": ["rater_name"]}),
            ("web_read", {"ids": ids, "specification": {"rater_phone": {}}}),
            ("export_data", {"ids": ids, "fields_to_export": ["rater_name"]}),
            ("formatted_read_group", {"domain": domain, "groupby": ["service_id"]}),
            ("search", {"domain": [[raw, "=", NAME]]}),
        ):
            with pytest.raises(Fault):
                client(model, method, **keywords)
    messages = [["model", "=", "shenpi.rating.case"], ["res_id", "in", rated["case_ids"]]]
    assert NAME not in str(client("mail.message", "search_read", domain=messages, fields=["body"]))


@pytest.mark.parametrize("login", [*STRANGERS, "evaluator", "evaluator2"])
def test_nobody_changes_a_rating(json2, rated, login):
    client = json2(login)
    for method, keywords in (
        ("write", {"vals": {"level": "very_satisfied"}}),
        ("write", {"vals": {"valid": False}}),
        ("unlink", {}),
        ("copy", {}),
    ):
        with pytest.raises(Fault):
            client("shenpi.rating", method, ids=[rated["id"]], **keywords)
    with pytest.raises(Fault):
        client("shenpi.rating.token", "search_read", domain=[])


def test_contract(xmlrpc):
    """The same reference again gives the first answer; a tag of another level stores nothing."""
    number = file_at_window(xmlrpc, "integrator")
    call = xmlrpc("integrator")
    payload = {
        "client_ref": f"rating {number}",
        "number": number,
        "level_code": 5,
        "numbering": "gbt39046",
        "tags": ["108"],
        "channel_code": "1",
    }
    with pytest.raises(Fault):
        call("shenpi.rating", "api_submit", payload | {"tags": ["510"]})
    first = call("shenpi.rating", "api_submit", payload)
    assert first["level"] == "very_unsatisfied"
    assert first["case"]
    assert call("shenpi.rating", "api_submit", payload) == first | {"duplicate": True}
    with pytest.raises(Fault):
        call("shenpi.rating", "api_submit", payload | {"client_ref": f"again {number}"})
    query = {"date_from": "2020-01-01", "date_to": "2099-12-31"}
    stats = call("shenpi.rating", "api_stats", query)
    assert stats["rate"] == pytest.approx(stats["satisfied"] / stats["rated"], abs=1e-6)
