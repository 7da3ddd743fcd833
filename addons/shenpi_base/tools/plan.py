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

How it works
============
Time is counted in whole working days from the start of the whole; a task takes the days
(start, end]. Forward, a task starts when the earliest member of its every group has ended; of an
"any of" group the member that ends first is the one waited for, the one listed first among equals.
Backward, only the ties waited for bind, so the slack of an alternative nobody waits for runs to the
end of the whole. Every tie, any-of ones too, must be free of loops: a loop is named, not broken.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """One task: its ``days`` and the groups of keys of which one must be finished before it."""

    key: str
    days: int
    requires: tuple[frozenset[str], ...] = ()


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
    places = {key: place for place, key in enumerate(by_key)}
    order = _sort(by_key)
    ends: dict[str, int] = {}
    waits: dict[str, list[str]] = {}
    for key in order:
        waits[key] = [
            min(group, key=lambda k: (ends[k], places[k])) for group in by_key[key].requires
        ]
        ends[key] = max((ends[k] for k in waits[key]), default=0) + by_key[key].days
    total = max(ends.values(), default=0)
    latest = dict.fromkeys(order, total)
    for key in reversed(order):
        for waited in waits[key]:
            latest[waited] = min(latest[waited], latest[key] - by_key[key].days)
    return {
        key: Slot(
            start=ends[key] - by_key[key].days,
            end=ends[key],
            latest_start=latest[key] - by_key[key].days,
            latest_end=latest[key],
        )
        for key in order
    }


def total_days(slots: dict[str, Slot]) -> int:
    """The days of the whole: the length of its critical path."""
    return max((slot.end for slot in slots.values()), default=0)


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
