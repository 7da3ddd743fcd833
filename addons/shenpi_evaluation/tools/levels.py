"""The five levels of a rating, as words, and the numbers that others have for them.

There are two opposite numberings: the national platform's interface counts stars (5 is the best),
GB/T 39046-2020 A.8 counts from the best (1 is the best). Inside there are words only; numbers are
mapped where they come in and go out.
"""

LEVELS = (
    "very_satisfied",
    "satisfied",
    "basically_satisfied",
    "unsatisfied",
    "very_unsatisfied",
)
# The last two levels are bad ratings 差评; the first three count as satisfied.
BAD_LEVELS = ("unsatisfied", "very_unsatisfied")
SATISFIED_LEVELS = ("very_satisfied", "satisfied", "basically_satisfied")
NUMBERINGS = {
    "stars": {level: 5 - place for place, level in enumerate(LEVELS)},
    "gbt39046": {level: 1 + place for place, level in enumerate(LEVELS)},
}


def number_of(level: str, numbering: str) -> int:
    """Return the number of a level in one of the ``NUMBERINGS``.

    :raise ValueError: there is no such level or numbering
    """
    try:
        return NUMBERINGS[numbering][level]
    except KeyError as error:
        raise ValueError(f"no such level or numbering: {error}") from None


def level_of(number: int, numbering: str) -> str:
    """Return the level that a number means in one of the ``NUMBERINGS``.

    :raise ValueError: there is no such numbering, or it has no such number
    """
    for level, own in NUMBERINGS.get(numbering, {}).items():
        if own == number and not isinstance(number, bool):
            return level
    raise ValueError(f"no level {number!r} in the numbering {numbering!r}")
