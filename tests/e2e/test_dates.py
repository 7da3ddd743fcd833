"""Facts entered afterwards, and due dates against a calendar typed from the official notice."""

from datetime import date, datetime, timedelta, timezone

import pytest
from support.rpc import Fault

SHANGHAI = timezone(timedelta(hours=8))

# 国办发明电〔2023〕7号, the arrangement for 2024: first days and lengths of the holidays, and the
# weekend days that are worked in exchange.
_DAYS_OFF = (
    ("2024-01-01", 1),
    ("2024-02-10", 8),
    ("2024-04-04", 3),
    ("2024-05-01", 5),
    ("2024-06-10", 1),
    ("2024-09-15", 3),
    ("2024-10-01", 7),
)
_WORKED = {
    date(2024, month, day)
    for month, day in (
        (2, 4),
        (2, 18),
        (4, 7),
        (4, 28),
        (5, 11),
        (9, 14),
        (9, 29),
        (10, 12),
    )
}
_OFF = {
    date.fromisoformat(first) + timedelta(days=place)
    for first, length in _DAYS_OFF
    for place in range(length)
}


def is_worked(day):
    return day in _WORKED or (day.weekday() < 5 and day not in _OFF)


def working_days_after(day, count):
    """Walk day by day."""
    while count:
        day += timedelta(days=1)
        count -= is_worked(day)
    return day.isoformat()


def at(day, hour=10, minute=0):
    moment = datetime.combine(day, datetime.min.time(), SHANGHAI)
    return (moment + timedelta(hours=hour, minutes=minute)).isoformat()


# Receipt, acceptance and decision around make-up days, a long holiday, a day of rest and midnight.
CASES = [
    (date(2024, 9, 11), date(2024, 9, 13), date(2024, 9, 26)),
    (date(2024, 9, 14), date(2024, 9, 14), date(2024, 9, 29)),
    (date(2024, 9, 29), date(2024, 9, 30), date(2024, 10, 12)),
    (date(2024, 10, 3), date(2024, 10, 8), date(2024, 10, 10)),
    (date(2024, 2, 4), date(2024, 2, 8), date(2024, 2, 18)),
    (date(2024, 4, 27), date(2024, 4, 28), date(2024, 5, 11)),
]


@pytest.mark.parametrize(("received", "accepted", "decided"), CASES)
@pytest.mark.parametrize("place", [0, 5, 20])
def test_due_dates(api, items, payload, received, accepted, decided, place):
    item = items(place=place)
    filed = api.submit("integrator", payload(item, at=at(received)))
    number = filed["number"]
    assert number[31:39] == received.strftime("%Y%m%d")
    assert filed["correction_due_date"] == working_days_after(received, 5)

    status = api.act("integrator", "accept", number, at=at(accepted))
    assert status["accepted_date"] == accepted.isoformat()
    assert status["statutory_due_date"] == working_days_after(accepted, item.statutory)
    assert status["promised_due_date"] == working_days_after(accepted, item.promised)
    assert status["light"] == "red"

    api.review_all(number, login="manager", at=at(decided))
    status = api.act("manager", "decide", number, outcome="grant", at=at(decided, 17))
    assert status["delivery_due_date"] == working_days_after(decided, 10)
    walked = sum(is_worked(accepted + timedelta(n + 1)) for n in range((decided - accepted).days))
    assert status["days_used"] == walked
    assert status["licence"]["valid_from"] == decided.isoformat()


def test_the_legal_date_is_that_of_shanghai(api, payload):
    """Half past midnight in Shanghai is still the day before in UTC, the server's own time."""
    moment = at(date(2024, 9, 12), 0, 30)
    filed = api.submit("integrator", payload(at=moment))
    assert filed["number"][31:39] == "20240912"
    status = api.status("integrator", filed["number"])
    assert status["received_at"] == moment
    assert filed["correction_due_date"] == working_days_after(date(2024, 9, 12), 5)


def test_the_supplement_starts_the_five_days_anew(api, payload, item):
    first, *others = item.required
    materials = [{"code": code} for code in others]
    filed = api.submit("integrator", payload(materials=materials, at=at(date(2024, 9, 9))))
    number = filed["number"]
    items = [{"code": first, "text": "缺件"}]
    api.act("integrator", "request_correction", number, items=items, at=at(date(2024, 9, 10)))
    status = api.act(
        "integrator", "supplement", number, materials=[{"code": first}], at=at(date(2024, 9, 14))
    )
    assert status["correction_due_date"] == working_days_after(date(2024, 9, 14), 5)


def test_a_case_of_today_is_in_time(api, payload):
    filed = api.submit("clerk", payload())
    today = datetime.now(SHANGHAI).date()
    assert filed["correction_due_date"] > today.isoformat()
    status = api.act("clerk", "accept", filed["number"])
    assert status["accepted_date"] in (today.isoformat(), filed["number"][31:39])
    assert status["light"] == "green"


# === Who may enter the past, and which past === #


@pytest.mark.parametrize("login", ["clerk", "reviewer", "decider"])
def test_others_may_not_enter_the_past(api, payload, login, unchanged):
    with pytest.raises(Fault) as caught:
        api.submit(login, payload(at=at(date(2024, 9, 9))))
    assert caught.value.name == "AccessError"


@pytest.mark.parametrize("login", ["integrator", "manager"])
def test_integrator_and_manager_may(api, payload, login):
    filed = api.submit(login, payload(at=at(date(2024, 9, 9))))
    status = api.act(login, "accept", filed["number"], at=at(date(2024, 9, 10)))
    happened, recorded = (status["events"][-1][key] for key in ("at", "recorded_at"))
    assert happened == at(date(2024, 9, 10)) < recorded


def test_an_action_of_the_past_is_refused_to_the_clerk(api, payload):
    number = api.submit("integrator", payload(at=at(date(2024, 9, 9))))["number"]
    with pytest.raises(Fault) as caught:
        api.act("clerk", "accept", number, at=at(date(2024, 9, 10)))
    assert caught.value.name == "AccessError"
    assert api.status("clerk", number)["state"] == "received"


def test_facts_come_in_their_order(api, payload):
    number = api.submit("integrator", payload(at=at(date(2024, 9, 12))))["number"]
    with pytest.raises(Fault, match=r"\bat[:：].*2024-09-11"):
        api.act("integrator", "accept", number, at=at(date(2024, 9, 11)))
    with pytest.raises(Fault, match=r"\bat[:：]"):
        api.act("integrator", "accept", number, at="2124-01-01T00:00:00+08:00")
    assert api.act("integrator", "accept", number, at=at(date(2024, 9, 12)))["state"] == "accepted"
