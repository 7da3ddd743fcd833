"""Levels and channels against the tables of the national interface and of the standard."""

import pytest
from shenpi_evaluation.tools import channels, levels

# 非常满意 to 非常不满意, as the national platform's interface and GB/T 39046-2020 A.8 number them.
STARS = {
    "very_satisfied": 5,
    "satisfied": 4,
    "basically_satisfied": 3,
    "unsatisfied": 2,
    "very_unsatisfied": 1,
}
STANDARD = {
    "very_satisfied": 1,
    "satisfied": 2,
    "basically_satisfied": 3,
    "unsatisfied": 4,
    "very_unsatisfied": 5,
}
CHANNELS = {
    "1": "pc",
    "2": "mobile",
    "3": "qr",
    "4": "tablet",
    "5": "terminal",
    "6": "phone",
    "7": "sms",
}


@pytest.mark.parametrize(("numbering", "table"), [("stars", STARS), ("gbt39046", STANDARD)])
def test_both_numberings(numbering, table):
    for level, number in table.items():
        assert levels.number_of(level, numbering) == number
        assert levels.level_of(number, numbering) == level


@pytest.mark.parametrize("number", [0, 6, -1, True, "5", 2.5, None])
def test_no_such_number(number):
    for numbering in levels.NUMBERINGS:
        with pytest.raises(ValueError, match="level"):
            levels.level_of(number, numbering)


def test_no_such_numbering():
    with pytest.raises(ValueError, match="numbering"):
        levels.level_of(1, "points")
    with pytest.raises(ValueError, match="level"):
        levels.number_of("great", "stars")


def test_good_and_bad_are_all():
    assert (*levels.SATISFIED_LEVELS, *levels.BAD_LEVELS) == levels.LEVELS == tuple(STARS)


def test_channels():
    assert {code: channels.channel_of(code) for code in CHANNELS} == CHANNELS
    for code in ("0", "8", "", "pc"):
        with pytest.raises(ValueError, match="channel"):
            channels.channel_of(code)
