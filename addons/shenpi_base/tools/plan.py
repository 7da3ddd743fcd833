"""When the parts of a whole can start and end: dependencies, critical path, slack.

What
====
A bundle (一件事) or a key project is a set of tasks, each with its working days and with
requirements: groups of other tasks of which one must be finished before it starts. A group of one
is a plain predecessor ("all of" is one group for each), a larger group is "any of".

Example
=======
>>> tasks = [
...     Task("register", 1),
...     Task("hygiene", 10, (frozenset({"register"}),)),
...     Task("food", 5, (frozenset({"register"}),)),
...     Task("open", 2, (frozenset({"food"}), frozenset({"hygiene"}))),
... ]
>>> slots = schedule(tasks)
>>> slots["open"].start, slots["open"].end, slots["food"].slack
(11, 13, 5)
>>> [key for key, slot in slots.items() if slot.critical]
['register', 'hygiene', 'open']
>>> critical_path(tasks)
['register', 'hygiene', 'open']

What if hygiene need not wait, and food is not filed before day 4?

>>> changes = Changes(not_before={"food": 4}, parallel=frozenset({("register", "hygiene")}))
>>> total_days(schedule(change(tasks, changes)))
12

How it works
============
Time is counted in whole working days from the start of the whole; a task takes the days
(start, end]. Forward, a task starts when the earliest member of its every group has ended; of an
"any of" group the member that ends first is the one waited for, the one listed first among equals.
Backward, only the ties waited for bind, so the slack of an alternative nobody waits for runs to the
end of the whole. Every tie, any-of ones too, must be free of loops: a loop is named, not broken.

Facts go before the plan: a task that has begun (``start``) begins there whatever it was to wait
for, so its ties bind nobody any more; one whose end is known or promised (``end``) ends there.
Facts may lie before the start of the whole: days are counted below zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Task:
    """One task: its ``days`` and the groups of keys of which one must be finished before it.

    ``earliest``: it does not start before this day; ``start`` and ``end``: the days on which it has
    begun and on which it has ended or is known to end, None while they are the plan's to choose. A
    task with an end has a start.
    """

    key: str
    days: int
    requires: tuple[frozenset[str], ...] = ()
    earliest: int = 0
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan is tried with: first days and durations by key, and pairs (before, after) of
    which the second need not wait for the first any more."""

    not_before: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    parallel: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """When a task runs at the earliest, and how late it may run without moving the whole."""

    start: int
    end: int
    latest_start: int
    latest_end: int

    @property
    def slack(self) -> int:
        return self.latest_start - self.start

    @property
    def critical(self) -> bool:
        return not self.slack


class CycleError(ValueError):
    """Tasks that wait for each other; ``loop`` names them, the first one again at the end."""

    def __init__(self, loop: tuple[str, ...]):
        super().__init__(" -> ".join(loop))
        self.loop = loop


def schedule(tasks: Iterable[Task]) -> dict[str, Slot]:
    """The slot of every task, in an order in which they can be done.

    Raises CycleError for tasks that wait for each other, KeyError for an unknown predecessor.
    """
    by_key = {task.key: task for task in tasks}
    order = _sort(by_key)
    starts, ends, waits = _run(by_key, order)
    latest = dict.fromkeys(order, max(ends.values(), default=0))
    for key in reversed(order):
        if by_key[key].start is None:
            for waited in waits[key]:
                latest[waited] = min(latest[waited], latest[key] - (ends[key] - starts[key]))
    return {
        key: Slot(
            start=starts[key],
            end=ends[key],
            latest_start=latest[key] - (ends[key] - starts[key]),
            latest_end=latest[key],
        )
        for key in order
    }


def critical_path(tasks: Iterable[Task]) -> list[str]:
    """The chain of tasks that ends last, each waiting for the one before it.

    Raises what :func:`schedule` raises.
    """
    by_key = {task.key: task for task in tasks}
    _starts, ends, waits = _run(by_key, _sort(by_key))
    path = []
    key = max(ends, key=ends.__getitem__, default=None)
    while key is not None:
        path.append(key)
        key = max(waits[key], key=ends.__getitem__, default=None)
    return path[::-1]


def change(tasks: Iterable[Task], changes: Changes) -> list[Task]:
    """The tasks with the changes.

    Raises KeyError with the key of a task that is not there, or the pair of a tie that is not.
    """
    tasks = list(tasks)
    known = {task.key for task in tasks}
    for key in (*changes.not_before, *changes.days):
        if key not in known:
            raise KeyError(key)
    ties = {(before, task.key) for task in tasks for group in task.requires for before in group}
    for tie in changes.parallel:
        if tie not in ties:
            raise KeyError(tie)
    return [
        replace(
            task,
            days=changes.days.get(task.key, task.days),
            earliest=changes.not_before.get(task.key, task.earliest),
            requires=tuple(
                group
                for group in task.requires
                if not any((before, task.key) in changes.parallel for before in group)
            ),
        )
        for task in tasks
    ]


def total_days(slots: dict[str, Slot]) -> int:
    """The days of the whole: the length of its critical path."""
    return max((slot.end for slot in slots.values()), default=0)


def _run(
    by_key: dict[str, Task], order: list[str]
) -> tuple[dict[str, int], dict[str, int], dict[str, list[str]]]:
    """When each task starts and ends at the earliest, and of each group the one waited for."""
    places = {key: place for place, key in enumerate(by_key)}
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    waits: dict[str, list[str]] = {}
    for key in order:
        task = by_key[key]
        waits[key] = [min(group, key=lambda k: (ends[k], places[k])) for group in task.requires]
        starts[key] = task.start
        if task.start is None:
            starts[key] = max([task.earliest, *(ends[k] for k in waits[key])])
        ends[key] = starts[key] + task.days if task.end is None else task.end
    return starts, ends, waits


def _sort(by_key: dict[str, Task]) -> list[str]:
    """The keys in an order that respects every tie; among equals the given order."""
    done: dict[str, bool] = {}  # False while it is on the path being walked
    order: list[str] = []
    places = {key: place for place, key in enumerate(by_key)}

    def walk(root: str) -> None:
        path = [(root, iter(_predecessors(by_key[root], places)))]
        done[root] = False
        while path:
            key, following = path[-1]
            step = next(following, None)
            if step is None:
                path.pop()
                done[key] = True
                order.append(key)
            elif step not in done:
                done[step] = False
                path.append((step, iter(_predecessors(by_key[step], places))))
            elif not done[step]:
                keys = [k for k, _ in path]
                # The path leads from a task to what it waits for; people read it the other way.
                loop = [*keys[keys.index(step) :], step]
                raise CycleError(tuple(reversed(loop)))

    for key in by_key:
        if key not in done:
            walk(key)
    return order


def _predecessors(task: Task, places: dict[str, int]) -> list[str]:
    return sorted({key for group in task.requires for key in group}, key=places.__getitem__)
