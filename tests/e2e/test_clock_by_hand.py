"""The clock over RPC against dates that were counted by hand on a wall calendar of 2026.

Days off of 2026 (国办发明电〔2025〕7号): 1-3 January, 15-23 February, 4-6 April, 1-5 May,
19-21 June, 25-27 September, 1-7 October. Worked in exchange: 4 January, 14 and 28 February, 9 May,
20 September, 10 October. The numbers in brackets below say how many days have passed.
"""

import secrets

import pytest
from support.api import Item
from support.rpc import Fault

PROMISED = 7  # of the item of these stories; 20 by law

# One line: action, day (and hour, 10 o'clock if none is given), values, and what follows from it.
NEW_YEAR = [
    # 4 Jan (1), 5-8 (5)
    ("submit", "2025-12-31", {}, {"correction": "2026-01-08"}),
    ("request_correction", "2026-01-04", {"items": [{"text": "申请表未签名"}]}, {}),
    # 7-9 (3), 12-13 (5)
    ("supplement", "2026-01-06", {"materials": []}, {"correction": "2026-01-13"}),
    # The days of the correction cost nothing. 8-9 (2), 12-16 (7); 19-23 (12), 26-30 (17), 2-4 Feb
    ("accept", "2026-01-07", {}, {"promised": "2026-01-16", "statutory": "2026-02-04"}),
]
SPRING_FESTIVAL = [
    # 12-14 Feb (3), 24-25 (5)
    ("submit", "2026-02-11", {}, {"correction": "2026-02-25"}),
    # 13-14 (2), 24-28 (7); 2-6 Mar (12), 9-13 (17), 16-18 (20)
    ("accept", "2026-02-12", {}, {"promised": "2026-02-28", "statutory": "2026-03-18"}),
    # Two days used. While it is stopped the limits stay where they were.
    (
        "pause",
        "2026-02-14",
        {"kind": "expert_review", "planned_days": 5, "notice": "组织专家评审"},
        {"promised": "2026-02-28", "statutory": "2026-03-18", "used": 2, "left": 5},
    ),
    # 5 left: 26-28 Feb (3), 2-3 Mar (5); 18 left: 4-6 Mar (8), 9-13 (13), 16-20 (18)
    ("resume", "2026-02-25", {}, {"promised": "2026-03-03", "statutory": "2026-03-20"}),
    # 15 left: 26-28 Feb (3), 2-6 Mar (8), 9-13 (13), 16-17 (15);
    # 28 left: 18-20 Mar (18), 23-27 (23), 30 Mar - 3 Apr (28)
    (
        "extend",
        "2026-02-28",
        {"days": 10, "reason": "评审意见需要补充论证"},
        {"promised": "2026-03-17", "statutory": "2026-04-03"},
    ),
    # Stopped and resumed on one day: it costs nothing and gives nothing.
    (
        "pause",
        "2026-03-02T09",
        {"kind": "hearing", "planned_days": 3, "notice": "依申请举行听证"},
        {"promised": "2026-03-17", "statutory": "2026-04-03"},
    ),
    ("resume", "2026-03-02T17", {}, {"promised": "2026-03-17", "statutory": "2026-04-03"}),
    ("review", "2026-03-03", {"decision": "pass"}, {}),
    # Used: 2 before the pause, 26-28 Feb (5), 2-4 Mar (8), of 17. Deliver: 5-6 Mar (2), 9-13 (7),
    # 16-18 (10)
    (
        "decide",
        "2026-03-04",
        {"outcome": "grant"},
        {"delivery": "2026-03-18", "used": 8, "left": 9},
    ),
    ("deliver", "2026-03-05", {"method": "window"}, {"delivery": "2026-03-18", "used": 8}),
]
LABOUR_DAY = [
    # 29-30 Apr (2), 6-8 May (5)
    ("submit", "2026-04-28", {}, {"correction": "2026-05-08"}),
    # 30 Apr (1), 6-9 May (5), 11-12 (7); 13-15 (10), 18-22 (15), 25-29 (20)
    ("accept", "2026-04-29", {}, {"promised": "2026-05-12", "statutory": "2026-05-29"}),
    (
        "pause",
        "2026-05-09",
        {"kind": "testing", "planned_days": 5, "notice": "委托检测"},
        {"used": 5, "left": 2},
    ),
    # A day of rest: 2 left: 18-19 May; 15 left: 18-22 (5), 25-29 (10), 1-5 June (15)
    ("resume", "2026-05-16", {}, {"promised": "2026-05-19", "statutory": "2026-06-05"}),
]
NATIONAL_DAY = [
    # 18 Sep (1), 20-23 (5)
    ("submit", "2026-09-17", {}, {"correction": "2026-09-23"}),
    # 20-24 Sep (5), 28-29 (7); 30 (8), 8-10 Oct (11), 12-16 (16), 19-22 (20)
    ("accept", "2026-09-18", {}, {"promised": "2026-09-29", "statutory": "2026-10-22"}),
    # 12: 30 Sep (8), 8-10 Oct (11), 12 (12); 25: 23 Oct (21), 26-29 (25)
    (
        "extend",
        "2026-09-28",
        {"days": 5, "reason": "案情复杂"},
        {"promised": "2026-10-12", "statutory": "2026-10-29"},
    ),
    (
        "pause",
        "2026-09-29",
        {"kind": "auction", "planned_days": 8, "notice": "依法组织拍卖"},
        {"used": 7, "left": 5},
    ),
    # 5 left: 12-16 Oct; 18 left: 19-23 (10), 26-30 (15), 2-4 Nov (18)
    ("resume", "2026-10-10", {}, {"promised": "2026-10-16", "statutory": "2026-11-04"}),
]
STOPPED_LATE = [
    ("submit", "2026-03-02", {}, {"correction": "2026-03-09"}),
    # 3-6 Mar (4), 9-11 (7); 12-13 (9), 16-20 (14), 23-27 (19), 30 (20)
    ("accept", "2026-03-02", {}, {"promised": "2026-03-11", "statutory": "2026-03-30"}),
    # Three days after the promise: a stop does not mend that.
    (
        "pause",
        "2026-03-16",
        {"kind": "quarantine", "planned_days": 10, "notice": "送检疫"},
        {"promised": "2026-03-11", "used": 10, "left": -3},
    ),
    # 10 left by law: 2-3 Apr (2), 7-10 (6), 13-16 (10)
    ("resume", "2026-04-01", {}, {"promised": "2026-03-11", "statutory": "2026-04-16"}),
]
STOPPED_ON_THE_LAST_DAY = [
    ("submit", "2026-03-02", {}, {}),
    ("accept", "2026-03-02", {}, {"promised": "2026-03-11"}),
    (
        "pause",
        "2026-03-11",
        {"kind": "appraisal", "planned_days": 10, "notice": "委托鉴定"},
        {"used": 7, "left": 0},
    ),
    # Until the day on which it goes on; 13 left by law: 2-3 Apr (2), 7-10 (6), 13-17 (11), 20-21
    ("resume", "2026-04-01", {}, {"promised": "2026-04-01", "statutory": "2026-04-21"}),
]
STORIES = {
    "new year": NEW_YEAR,
    "spring festival": SPRING_FESTIVAL,
    "labour day": LABOUR_DAY,
    "national day": NATIONAL_DAY,
    "stopped late": STOPPED_LATE,
    "stopped on the last day": STOPPED_ON_THE_LAST_DAY,
}


@pytest.fixture(scope="module")
def item_of_seven(items):
    found = (items(place=place) for place in range(40))
    return next(item for item in found if item.promised == PROMISED)


def moment(day):
    day, _, hour = day.partition("T")
    return f"{day}T{hour or 10}:00:00+08:00"


def read(status):
    """What a status says, by the short names of the stories."""
    names = {"used": "days_used", "left": "days_left"}
    names |= {
        name: f"{name}_due_date" for name in ("correction", "promised", "statutory", "delivery")
    }
    return {name: status[key] for name, key in names.items() if key in status}


def tell(api, payload, item, story):
    """Live a story through; each line must answer what it says."""
    number = None
    for action, day, values, expected in story:
        if action == "submit":
            answer = api.submit("integrator", payload(item, at=moment(day)))
            number = answer["number"]
        else:
            login = "manager" if action in ("extend", "review", "decide") else "integrator"
            answer = api.act(login, action, number, **values, at=moment(day))
        told = read(answer)
        assert {name: told.get(name) for name in expected} == expected, (action, day)
    return number


@pytest.mark.parametrize("name", STORIES)
def test_stories(any_api, payload, item_of_seven, name):
    number = tell(any_api, payload, item_of_seven, STORIES[name])
    told = read(any_api.status("supervisor", number))
    expected = STORIES[name][-1][-1]
    assert {key: told[key] for key in expected} == expected


# === Other units === #


@pytest.fixture(scope="module")
def item_in(xmlrpc, items):
    """A function that gives an item with limits in another unit; they are retired afterwards."""
    manager, made, like = xmlrpc("manager"), [], items()
    names = ["company_id", "department_id"]
    (places,) = manager("shenpi.item", "read", [like.id], names)

    def make(unit, statutory, promised):
        basic_code = f"370117{secrets.randbelow(900_000) + 100_000}"
        values = {
            "name": "手算期限",
            "basic_code": basic_code,
            "code": like.code[:19] + basic_code,
            "level": like.code[18],
            "limit_unit": unit,
            "statutory_limit": statutory,
            "promised_limit": promised,
            "valid_from": "2024-01-01",
            "statutory_note": "特别法另有规定",
            "legal_basis": "《行政许可法》",
            "conditions": "具备条件",
            "visit_reason": "核验原件",
            "material_ids": [[0, 0, {"code": "M01", "name": "申请表"}]],
            "faq_ids": [[0, 0, {"question": "何时办结？", "answer": "见承诺期限。"}]],
            **{name: places[name][0] for name in names},
        }
        (item_id,) = manager("shenpi.item", "create", [values])
        manager("shenpi.item", "action_publish", [item_id])
        made.append(item_id)
        return Item(
            id=item_id,
            code=values["code"],
            name=values["name"],
            department=like.department,
            statutory=statutory,
            promised=promised,
            materials=("M01",),
            required=("M01",),
        )

    yield make
    manager("shenpi.item", "action_retire", made)


def test_calendar_days(api, payload, item_in):
    """A last day in the holidays moves to the first working day after them."""
    pause = {"kind": "bidding", "planned_days": 10, "notice": "依法招标"}
    tell(
        api,
        payload,
        item_in("calendar_days", 15, 10),
        [
            ("submit", "2026-02-05", {}, {"correction": "2026-02-12"}),
            # 15 and 20 February lie in the Spring Festival.
            ("accept", "2026-02-05", {}, {"promised": "2026-02-24", "statutory": "2026-02-24"}),
            ("pause", "2026-02-10", pause, {"used": 5, "left": 5}),
            # 5 left: 3 March; 10 left: 8 March, a Sunday
            ("resume", "2026-02-26", {}, {"promised": "2026-03-03", "statutory": "2026-03-09"}),
        ],
    )


def test_months(api, payload, item_in):
    """A month from 30 January ends on the last of February, a Saturday that is worked."""
    pause = {"kind": "examination", "planned_days": 4, "notice": "送检验"}
    tell(
        api,
        payload,
        item_in("months", 1, 1),
        [
            ("submit", "2026-01-30", {}, {}),
            ("accept", "2026-01-30", {}, {"promised": "2026-02-28", "statutory": "2026-02-28"}),
            # 5 of the 29 days
            ("pause", "2026-02-04", pause, {"used": 5, "left": 24}),
            ("resume", "2026-02-10", {}, {"promised": "2026-03-06", "statutory": "2026-03-06"}),
        ],
    )


def test_hours(api, payload, item_in):
    """Hours pass by day and night; what ends in the holidays ends on the day after them."""
    pause = {"kind": "examination", "planned_days": 1, "notice": "送检验"}
    tell(
        api,
        payload,
        item_in("hours", 72, 24),
        [
            ("submit", "2026-09-28T09", {}, {}),
            # 29 September, 10 o'clock; 1 October, 10 o'clock
            ("accept", "2026-09-28", {}, {"promised": "2026-09-29", "statutory": "2026-10-08"}),
            ("pause", "2026-09-28T16", pause, {"used": 6, "left": 18}),
            # 18 left: 30 September, 4 o'clock; 66 left: 2 October, 4 o'clock
            ("resume", "2026-09-29", {}, {"promised": "2026-09-30", "statutory": "2026-10-08"}),
        ],
    )


# === What the law does not allow === #


def test_the_limit_is_extended_once_and_in_time(api, payload, item_of_seven):
    story = [
        ("submit", "2026-09-17", {}, {}),
        ("accept", "2026-09-18", {}, {"statutory": "2026-10-22"}),
    ]
    extension = {"days": 10, "reason": "案情复杂"}
    late = tell(api, payload, item_of_seven, story)
    with pytest.raises(Fault, match="2026-10-22"):
        api.act("manager", "extend", late, **extension, at=moment("2026-10-23"))
    with pytest.raises(Fault, match="days"):
        api.act("manager", "extend", late, days=11, reason="案情复杂", at=moment("2026-10-22"))
    with pytest.raises(Fault) as caught:
        api.act("integrator", "extend", late, **extension, at=moment("2026-10-22"))
    assert caught.value.name == "AccessError"
    # The last day is in time. 30 days: 23 Oct (21), 26-30 (26), 2-5 Nov (30)
    told = read(api.act("manager", "extend", late, **extension, at=moment("2026-10-22")))
    assert told["statutory"] == "2026-11-05"
    with pytest.raises(Fault):
        api.act("manager", "extend", late, **extension, at=moment("2026-10-22"))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"kind": "lunch", "planned_days": 1, "notice": "x"}, "kind"),
        ({"kind": "publicity", "planned_days": 5, "notice": "公示"}, "kind"),
        ({"kind": "hearing", "planned_days": 0, "notice": "听证"}, "planned_days"),
        ({"kind": "hearing", "planned_days": 5}, "notice"),
    ],
)
def test_the_clock_stops_for_what_the_law_names_only(api, payload, item_of_seven, values, word):
    story = [("submit", "2026-03-02", {}, {}), ("accept", "2026-03-02", {}, {})]
    number = tell(api, payload, item_of_seven, story)
    with pytest.raises(Fault, match=word):
        api.act("integrator", "pause", number, **values, at=moment("2026-03-03"))
    assert read(api.status("manager", number))["promised"] == "2026-03-11"


def test_it_is_stopped_once_at_a_time_and_no_decision_falls(api, payload, item_of_seven):
    hearing = {"kind": "hearing", "planned_days": 5, "notice": "听证", "at": moment("2026-03-03")}
    story = [
        ("submit", "2026-03-02", {}, {}),
        ("accept", "2026-03-02", {}, {}),
        ("review", "2026-03-03T09", {"decision": "pass"}, {}),
    ]
    number = tell(api, payload, item_of_seven, story)
    with pytest.raises(Fault):
        api.act("integrator", "resume", number, at=moment("2026-03-03"))
    api.act("integrator", "pause", number, **hearing)
    for login, action, values in (
        ("integrator", "pause", hearing),
        ("manager", "decide", {"outcome": "grant", "at": moment("2026-03-03")}),
    ):
        with pytest.raises(Fault):
            api.act(login, action, number, **values)
    status = api.status("manager", number)
    assert (status["state"], status["days_used"]) == ("deciding", 1)
    assert status["light"] == "red", "the five days that were planned are long over"
