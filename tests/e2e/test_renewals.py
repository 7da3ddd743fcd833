"""Licences from grant to renewal, change and cancellation, over the contract with integrators."""

import pytest
from support.api import at_once
from support.rpc import Fault
from support.web import Session

LICENCE = "shenpi.licence"


@pytest.fixture(scope="module")
def drugs(items):
    """An item whose licence ends some day."""
    candidates = (items(place=place) for place in range(40))
    return next(item for item in candidates if item.name == "药品经营许可证(零售)核发")


@pytest.fixture
def granted(api, payload, drugs):
    """A filing and the licence that it was granted."""
    filing = payload(drugs)
    number = api.submit("integrator", filing)["number"]
    return filing, _grant(api, number)["licence"]


def _grant(api, number):
    api.act("clerk", "accept", number)
    api.review_all(number)
    return api.act("decider", "decide", number, outcome="grant")


def _about(payload, drugs, filing, licence, purpose, **changes):
    values = {"purpose": purpose, "licence": licence["number"], "applicant": filing["applicant"]}
    return payload(drugs, **(values | changes))


def test_renewed(api, xmlrpc, payload, drugs, granted, sql):
    filing, licence = granted
    verify = xmlrpc("integrator")
    assert licence["status"] == "valid"
    number = api.submit("integrator", _about(payload, drugs, filing, licence, "renew"))["number"]
    answer = verify(LICENCE, "api_verify", licence["number"])
    assert (answer["valid"], answer["status"]) == (True, "renewing")
    status = _grant(api, number)
    assert status["licence"]["number"] == licence["number"]
    assert status["licence"]["version"] == 2
    assert status["licence"]["valid_from"] > licence["valid_to"], "it joins on to what it renews"
    answer = verify(LICENCE, "api_verify", licence["number"])
    assert answer["valid"], "the number is in force all the time"
    rows = sql(
        "SELECT version, state FROM shenpi_licence WHERE number = %s ORDER BY 1", licence["number"]
    )
    assert rows == [(1, "changed"), (2, "valid")]


def test_withdrawn(api, xmlrpc, payload, drugs, granted):
    filing, licence = granted
    number = api.submit("integrator", _about(payload, drugs, filing, licence, "renew"))["number"]
    api.act("clerk", "withdraw", number, reason="不再延续")
    answer = xmlrpc("integrator")(LICENCE, "api_verify", licence["number"])
    assert answer["status"] == "valid"


def test_changed_then_cancelled(api, xmlrpc, payload, drugs, granted):
    filing, licence = granted
    number = api.submit("integrator", _about(payload, drugs, filing, licence, "change"))["number"]
    changed = _grant(api, number)["licence"]
    assert (changed["version"], changed["valid_to"]) == (2, licence["valid_to"])
    number = api.submit("integrator", _about(payload, drugs, filing, licence, "cancel"))["number"]
    status = _grant(api, number)
    assert "licence" not in status
    answer = xmlrpc("integrator")(LICENCE, "api_verify", licence["number"])
    assert (answer["valid"], answer["status"]) == (False, "cancelled")


def test_of_somebody_else(api, payload, drugs, granted):
    """The number of another holder's licence and one that there is not: the same answer."""
    _filing, licence = granted
    messages = []
    for number in (licence["number"], "0" * len(licence["number"])):
        stranger = payload(drugs, purpose="renew", licence=number)
        with pytest.raises(Fault) as caught:
            api.submit("integrator", stranger)
        messages.append(caught.value.message.replace(number, "*"))
    assert messages[0] == messages[1]
    assert messages[0].startswith("licence")


@pytest.mark.parametrize("turn", range(3))
def test_two_renewals_at_once(api, prefork_api, payload, drugs, granted, sql, turn):
    """Two windows, two processes: one renewal is taken in, the other one hears of it."""
    filing, licence = granted
    filings = [_about(payload, drugs, filing, licence, "renew") for _ in range(2)]
    answers = at_once(*(lambda f=f: prefork_api.submit("integrator", f) for f in filings))
    (fault,) = [answer for answer in answers if isinstance(answer, Fault)]
    assert fault.message.startswith("licence"), fault
    rows = sql(
        """SELECT count(*) FROM shenpi_event e JOIN shenpi_licence l ON l.id = e.licence_id
            WHERE l.number = %s AND e.action = 'ask_renewal'""",
        licence["number"],
    )
    assert rows == [(1,)]


def test_public_page(server, granted, sql):
    """By the number and the end of the holder's document number, and by nothing less."""
    filing, licence = granted
    session = Session(server.url, server.database)
    ending = filing["applicant"]["id_number"][-4:]
    ((token,),) = sql(
        "SELECT verify_token FROM shenpi_licence WHERE number = %s", licence["number"]
    )
    status, text = session.get(f"/shenpi/licence/{token}")
    assert status == 200
    assert licence["number"] in text
    assert filing["applicant"]["name"] not in text
    assert ending not in text
