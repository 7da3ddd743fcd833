"""The vocabulary of transition tables.

A document's life is one table of ``Transition`` rows, as data. The method that applies a
transition, the ``can_*`` booleans behind the buttons and the tests of every state x action x role
all read that table, so that "who may do what next" is written down once.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """One permitted step in a document's life.

    ``sources`` are the states it starts from, ``target`` the state it ends in (None: the state
    stays, or the worker chooses). ``groups`` are external ids of groups; holding one of them is
    necessary. ``guard`` names a method of the document that raises when this record or this
    person does not qualify.
    """

    action: str
    sources: frozenset[str]
    target: str | None
    groups: frozenset[str]
    guard: str | None = None


def table(rows: Iterable[Transition]) -> dict[str, Transition]:
    """Index the rows by action; an action that appears twice is a mistake in the table."""
    by_action: dict[str, Transition] = {}
    for row in rows:
        if row.action in by_action:
            raise ValueError(f"action {row.action!r} appears twice in the transition table")
        by_action[row.action] = row
    return by_action
