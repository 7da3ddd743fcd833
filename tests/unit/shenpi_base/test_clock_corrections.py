"""Corrected entries: what counts, whatever was recorded before, and in whatever order."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from calendars import provisional_calendar
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.clock import Limits, evaluate
from shenpi_base.tools.clock_entries import Entry, in_force, in_order
from shenpi_base.tools.clock_order import first_impossible

CALENDAR = provisional_calendar()
LIMITS = Limits("working_days", statutory=20, promised=5)
FIRST = datetime.combine(date(2026, 3, 2), time(9))
KINDS = ("received", "accepted", "pause", "resume", "extend", "decided", "delivered")


def day(n: int, hour: int = 9) -> datetime:
    return datetime.combine(FIRST.date() + timedelta(days=n), time(hour))


entries_of_a_day = st.builds(
    Entry,
    kind=st.sampled_from(KINDS),
    at=st.integers(0, 40).map(day),
    seq=st.just(0),
    planned_days=st.integers(0, 9),
    days=st.integers(0, 9),
)


@st.composite
def records(draw):
    """What is on record, and what of it is in force: (all versions, last versions)."""
    ledger, truth = [], []
    seq = 0
    for last in draw(st.lists(entries_of_a_day, max_size=8)):
        place = seq = seq + 1
        versions = draw(st.lists(entries_of_a_day, max_size=3))
        struck = bool(versions) and draw(st.booleans())
        # Every version before the last one was wrong; the last one is true, or strikes it out.
        for number, version in enumerate([*versions, last]):
            if number:
                seq += 1
            ledger.append(
                replace(version, seq=seq, supersedes=seq - 1 if number else 0)
                if number < len(versions)
                else replace(last, seq=seq, supersedes=seq - 1 if number else 0, struck=struck)
            )
        if not struck:
            truth.append(replace(last, seq=place))
    return ledger, truth


@given(records(), st.randoms(use_true_random=False))
def test_the_clock_reads_what_is_in_force(record, chance: random.Random):
    ledger, truth = record
    shuffled = chance.sample(ledger, len(ledger))
    assert sorted(in_force(shuffled), key=in_order) == sorted(truth, key=in_order)
    now = day(60)
    assert evaluate(shuffled, LIMITS, CALENDAR, now) == evaluate(truth, LIMITS, CALENDAR, now)
    assert first_impossible(shuffled, now) == first_impossible(truth, now)


@given(records())
def test_what_is_in_force_is_in_force(record):
    force = in_force(record[0])
    assert in_force(force) == force


def test_a_correction_keeps_its_place_within_one_moment():
    """Accepted at the moment of receipt, the receipt corrected later to that same moment."""
    ledger = [
        Entry("received", day(1), 1),
        Entry("accepted", day(0), 2),
        Entry("received", day(0), 3, supersedes=1),
    ]
    assert [entry.kind for entry in sorted(in_force(ledger), key=in_order)] == [
        "received",
        "accepted",
    ]
    assert first_impossible(ledger, day(9)) is None


# ---------------------------------------------------------------------------
# Order
# ---------------------------------------------------------------------------

LIFE = [
    Entry("received", day(0), 1),
    Entry("correction_sent", day(1), 2),
    Entry("supplement_received", day(3), 3),
    Entry("accepted", day(4), 4),
    Entry("pause", day(7), 5, planned_days=3),
    Entry("extend", day(8), 6, days=5),
    Entry("resume", day(10), 7),
    Entry("pause", day(11), 8, planned_days=1),
    Entry("resume", day(11), 9),
    Entry("decided", day(14), 10),
    Entry("delivered", day(16), 11),
]


@pytest.mark.parametrize("length", range(len(LIFE) + 1))
def test_a_life_is_possible_at_every_point(length):
    assert first_impossible(LIFE[:length], day(30)) is None


@pytest.mark.parametrize(
    ("moved", "at", "entry", "previous"),
    [
        (1, day(2), "correction_sent", None),  # nothing before the receipt
        (4, day(0, 8), "accepted", None),
        (4, day(2), "accepted", "correction_sent"),
        (7, day(5), "resume", "accepted"),  # before its pause
        (7, day(12), "pause", "extend"),  # a pause within a pause
        (8, day(9), "pause", "extend"),
        (10, day(9), "decided", "extend"),  # decided while the clock stands still
        (11, day(13), "delivered", "resume"),  # handed over before it is decided
    ],
)
def test_the_first_impossible_entry_is_named(moved, at, entry, previous):
    ledger = [replace(e, at=at) if e.seq == moved else e for e in LIFE]
    problem = first_impossible(ledger, day(30))
    assert (problem.entry.kind, problem.reason) == (entry, "order")
    assert (problem.previous.kind if problem.previous else None) == previous


def test_nothing_has_happened_in_the_future():
    problem = first_impossible(LIFE, day(9))
    assert (problem.entry.kind, problem.reason) == ("resume", "future")


def test_nothing_follows_the_end():
    ledger = [*LIFE[:4], Entry("ended", day(5), 50), Entry("pause", day(6), 51)]
    assert first_impossible(ledger, day(30)).entry.kind == "pause"


@given(st.lists(entries_of_a_day, max_size=8), st.integers(0, 60))
def test_what_is_possible_agrees_with_living_through_it(entries, now):
    """Against a clerk who keeps the file: what he may note next depends on what he holds."""
    entries = [replace(entry, seq=seq) for seq, entry in enumerate(entries, start=1)]
    problem = first_impossible(entries, day(now))
    held = {"received": 0, "accepted": 0, "stopped": 0, "decided": 0, "delivered": 0}
    for entry in sorted(entries, key=in_order):
        if entry.at > day(now) or not may_note(held, entry.kind):
            assert problem.entry == entry
            return
        note(held, entry.kind)
    assert problem is None


def may_note(held, kind):
    handled = held["accepted"] and not held["decided"]
    return {
        "received": not held["received"],
        "accepted": held["received"] and not held["accepted"],
        "pause": handled and not held["stopped"],
        "resume": handled and held["stopped"],
        "extend": handled,
        "decided": handled and not held["stopped"],
        "delivered": held["decided"] and not held["delivered"],
    }[kind]


def note(held, kind):
    if kind in ("pause", "resume"):
        held["stopped"] = kind == "pause"
    elif kind in held:
        held[kind] = 1


# ---------------------------------------------------------------------------
# A correction is as good as the truth from the beginning
# ---------------------------------------------------------------------------


@given(st.integers(4, 10), st.integers(1, 9))
def test_a_wrong_resume_costs_nothing_once_corrected(right, wrong):
    stop = [Entry("received", day(0), 1), Entry("accepted", day(0), 2), Entry("pause", day(3), 3)]
    truth = [*stop, Entry("resume", day(right), 4)]
    ledger = [
        *stop,
        Entry("resume", day(right + wrong), 4),
        Entry("resume", day(right), 5, supersedes=4),
    ]
    now = day(30)
    assert evaluate(ledger, LIMITS, CALENDAR, now) == evaluate(truth, LIMITS, CALENDAR, now)


def test_a_struck_pause_is_as_if_it_never_was():
    stop = [Entry("received", day(0), 1), Entry("accepted", day(0), 2)]
    ledger = [
        *stop,
        Entry("pause", day(3), 3),
        Entry("resume", day(9), 4),
        Entry("pause", day(3), 5, supersedes=3, struck=True),
        Entry("resume", day(9), 6, supersedes=4, struck=True),
    ]
    state = evaluate(ledger, LIMITS, CALENDAR, day(2))
    assert state == evaluate(stop, LIMITS, CALENDAR, day(2))
    assert state.promised_due == date(2026, 3, 9)
