"""The planner against a simulation that lives day after day, and against every way of choosing."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shenpi_base.tools.plan import CycleError, Task, schedule, total_days


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
