"""What a bench is given, and what it gives back."""

import contextlib
import gc
import operator
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_COMPARE = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Goal:
    """A goal on a ratio: ours divided by the other side's (`sign` is "<=" or ">=")."""

    against: str
    sign: str
    value: float

    def is_met(self, ratio: float) -> bool:
        """Tell whether a ratio meets the goal."""
        return _COMPARE[self.sign](ratio, self.value)

    def __str__(self) -> str:
        return f"{self.sign} {self.value:.3g} x {self.against}"


@dataclass
class Row:
    """One line of the table: the median of each side, the ratios, and whether each goal is met.

    `number` is the goal's in the list of goals; `sides` maps a side ("ours", "project.task",
    "SQL") to its median in `unit`; `ratios` maps the other sides to the median of ours / theirs.
    """

    number: int
    what: str
    unit: str
    sides: dict[str, float]
    ratios: dict[str, float]
    goals: list[Goal] = field(default_factory=list)
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Tell whether all goals are met."""
        return all(goal.is_met(self.ratios[goal.against]) for goal in self.goals)


class Bench:
    """The database a bench works on."""

    def __init__(self, registry, uid: int, quick: bool = False):
        self._registry = registry
        self._uid = uid
        self.quick = quick
        self.env = None

    @contextlib.contextmanager
    def transaction(self):
        """A new transaction, with its environment in `bench.env`; committed at the end."""
        from odoo import api

        with self._registry.cursor() as cursor:
            self.env = api.Environment(cursor, self._uid, {})
            yield self.env

    @contextlib.contextmanager
    def sql(self):
        """A bare psycopg2 cursor on a connection of its own, for the raw side."""
        with self._registry.cursor() as cursor:
            yield cursor._obj

    def scaled(self, number: int) -> int:
        """Return a number of records, or a tenth of it in a quick run."""
        return max(number // 10, 1) if self.quick else number


def race(
    sides: dict[str, Callable[[], int | None]], *, rounds: int = 5, per: str = "s"
) -> tuple[dict[str, float], dict[str, float]]:
    """Run the sides in turn; return each side's median time and the medians of the ratios.

    Each side is a function that does its work once and returns how many records that was (None is
    one); its time is divided by that. The first side is ours; a ratio is ours divided by the
    other's in the same round. One round more is run first and thrown away. `per` is "s", "ms" or
    "us".
    """
    factor = {"s": 1, "ms": 1e3, "us": 1e6}[per]
    times = {name: [] for name in sides}
    for turn in range(rounds + 1):
        for name, work in sides.items():
            gc.collect()
            began = time.perf_counter()
            count = work() or 1
            seconds = time.perf_counter() - began
            if turn:
                times[name].append(seconds / count * factor)
    ours = next(iter(sides))
    ratios = {
        name: statistics.median(a / b for a, b in zip(times[ours], values, strict=True))
        for name, values in times.items()
        if name != ours
    }
    return {name: statistics.median(values) for name, values in times.items()}, ratios
