"""The planner against a simulation that lives day after day, and against every way of choosing."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.plan import (
    Changes,
    CycleError,
    Task,
    change,
    critical_path,
    schedule,
    total_days,
)


@st.composite
def graphs(draw, most=7):
    """Tasks that wait for earlier ones only, so that no loop arises."""
    count = draw(st.integers(0, most))
    tasks = []
    for number in range(count):
        earlier = [f"t{place}" for place in range(number)]
        groups = (
            draw(st.lists(st.frozensets(st.sampled_from(earlier), min_size=1), max_size=3))
            if earlier
            else []
        )
        tasks.append(Task(f"t{number}", draw(st.integers(0, 5)), tuple(groups)))
    return draw(st.permutations(tasks))


def simulate(tasks):
    """When each task ends if everything starts as soon as it may: one moment after the other."""
    ends = {}
    for now in itertools.count():
        moved = True
        while moved:
            moved = False
            for task in tasks:
                ready = all(any(ends.get(k, now + 1) <= now for k in g) for g in task.requires)
                if task.key not in ends and ready:
                    ends[task.key] = now + task.days
                    moved = True
        if len(ends) == len(tasks):
            return ends
    raise AssertionError


@given(graphs())
def test_earliest_ends(tasks):
    slots = schedule(tasks)
    assert {key: slot.end for key, slot in slots.items()} == simulate(tasks)
    assert all(slot.end - slot.start == task.days for task in tasks for slot in [slots[task.key]])


@given(graphs(most=5))
def test_slack_is_what_may_be_lost(tasks):
    """A task delayed by its slack does not move the whole; where all of its ties are plain ones, a
    day more does."""
    slots = schedule(tasks)
    total = total_days(slots)
    plain = all(len(group) == 1 for task in tasks for group in task.requires)
    for task in tasks:
        slack = slots[task.key].slack
        assert slack >= 0
        assert total_days(schedule(_delay(tasks, task, slack))) <= total
        if plain:
            assert total_days(schedule(_delay(tasks, task, slack + 1))) == total + 1


def _delay(tasks, late, days):
    return [Task(t.key, t.days + (days if t is late else 0), t.requires) for t in tasks]


@given(graphs())
def test_some_path_is_critical(tasks):
    slots = schedule(tasks)
    if tasks:
        assert any(slot.critical for slot in slots.values())


@given(graphs())
def test_order_can_be_done(tasks):
    seen = set()
    needs = {task.key: task.requires for task in tasks}
    for key in schedule(tasks):
        assert all(group <= seen for group in needs[key])
        seen.add(key)


def test_a_loop_is_named():
    tasks = [
        Task("a", 1, (frozenset("c"),)),
        Task("b", 1, (frozenset("a"),)),
        Task("c", 1, (frozenset("b"),)),
    ]
    with pytest.raises(CycleError) as caught:
        schedule(tasks)
    assert caught.value.loop == ("a", "b", "c", "a")


def test_a_task_that_waits_for_itself():
    with pytest.raises(CycleError, match="a -> a"):
        schedule([Task("a", 1, (frozenset("a"),))])


def test_unknown_predecessor():
    with pytest.raises(KeyError):
        schedule([Task("a", 1, (frozenset("x"),))])


def test_a_long_chain_needs_no_recursion():
    tasks = [Task("0", 1)]
    tasks += [Task(str(n), 1, (frozenset({str(n - 1)}),)) for n in range(1, 5000)]
    assert total_days(schedule(reversed(tasks))) == 5000


# === Facts, first days, what-if === #


@st.composite
def living_graphs(draw, most=7):
    """Tasks of which some must not start before a day, have begun, or have ended."""
    tasks = []
    for task in draw(graphs(most)):
        kind = draw(st.sampled_from(("planned", "later", "begun", "ended")))
        earliest = draw(st.integers(0, 8)) if kind == "later" else 0
        start = draw(st.integers(-5, 8)) if kind in ("begun", "ended") else None
        end = start + draw(st.integers(0, 6)) if kind == "ended" else None
        tasks.append(Task(task.key, task.days, task.requires, earliest, start, end))
    return tasks


def live(tasks):
    """The same simulation with facts: what has begun is asked nothing, what has an end has it."""
    slots = {
        t.key: (t.start, t.start + t.days if t.end is None else t.end)
        for t in tasks
        if t.start is not None
    }
    for now in itertools.count(-6):
        moved = True
        while moved:
            moved = False
            for task in tasks:
                ready = now >= task.earliest and all(
                    any(k in slots and slots[k][1] <= now for k in group) for group in task.requires
                )
                if task.key not in slots and ready:
                    slots[task.key] = (now, now + task.days)
                    moved = True
        if len(slots) == len(tasks):
            return slots
    raise AssertionError


@given(living_graphs())
def test_facts_go_before_the_plan(tasks):
    found = {key: (slot.start, slot.end) for key, slot in schedule(tasks).items()}
    assert found == live(tasks)


@given(living_graphs(most=5))
def test_slack_with_facts(tasks):
    """What has not begun may start later by its slack without moving the whole."""
    slots = schedule(tasks)
    for task in tasks:
        slot = slots[task.key]
        assert slot.slack >= 0
        if task.start is None:
            late = replace(task, earliest=slot.start + slot.slack)
            moved = schedule([late if t is task else t for t in tasks])
            assert total_days(moved) == total_days(slots)


@given(living_graphs())
def test_the_critical_path_is_one_chain_to_the_last_end(tasks):
    path, slots = critical_path(tasks), schedule(tasks)
    by_key = {task.key: task for task in tasks}
    assert bool(path) == bool(tasks)
    for before, after in itertools.pairwise(path):
        assert any(before in group for group in by_key[after].requires)
    if path:
        assert slots[path[-1]].end == max(slot.end for slot in slots.values())
        # Nothing lies between: each one starts when the one before ends, unless a day or a fact
        # holds it.
        for before, after in itertools.pairwise(path):
            free = by_key[after].start is None and not by_key[after].earliest
            assert not free or slots[after].start == max(slots[before].end, 0)


@given(graphs(), st.data())
def test_what_if_is_the_plan_of_the_changed_tasks(tasks, data):
    keys = [task.key for task in tasks]
    ties = [(b, t.key) for t in tasks for group in t.requires for b in sorted(group)]
    some = st.lists(st.sampled_from(keys), unique=True) if keys else st.just([])
    not_before = {key: data.draw(st.integers(0, 9)) for key in data.draw(some)}
    days = {key: data.draw(st.integers(0, 5)) for key in data.draw(some)}
    lifted = frozenset(data.draw(st.lists(st.sampled_from(ties)))) if ties else frozenset()
    tried = change(tasks, Changes(not_before, days, lifted))
    expected = live([
        Task(
            t.key,
            days.get(t.key, t.days),
            tuple(g for g in t.requires if not any((b, t.key) in lifted for b in g)),
            not_before.get(t.key, 0),
        )
        for t in tasks
    ])  # fmt: skip
    assert {key: (slot.start, slot.end) for key, slot in schedule(tried).items()} == expected


def test_what_if_names_what_is_not_there():
    tasks = [Task("a", 1), Task("b", 1, (frozenset("a"),))]
    with pytest.raises(KeyError, match="x"):
        change(tasks, Changes(days={"x": 1}))
    with pytest.raises(KeyError, match=r"\('b', 'a'\)"):
        change(tasks, Changes(parallel=frozenset({("b", "a")})))
