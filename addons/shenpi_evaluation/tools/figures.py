"""The figures of ratings: each share with its numerator and denominator, and no share of nothing.

>>> derive({"rated": 10, "satisfied": 9, "bad": 1, "due": 0, "in_time": 0})["rate"]
0.9
>>> "rectified_in_time_rate" in derive({"due": 0, "in_time": 0})    # nothing was due: a dash
False
"""

from collections.abc import Mapping

# name of the share: numerator, denominator
SHARES = {
    "rate": ("satisfied", "rated"),
    "active_rate": ("answered", "asked"),
    "bad_rate": ("bad", "rated"),
    "rectified_rate": ("rectified", "bad"),
    "rectified_in_time_rate": ("in_time", "due"),
    "visited_rate": ("visited", "named"),
}
COUNTS = tuple(dict.fromkeys(name for share in SHARES.values() for name in share))


def derive(counts: Mapping[str, int]) -> dict[str, float]:
    """Return the shares that the counts give; one whose denominator is nought is left out."""
    return {
        name: counts.get(part, 0) / counts[whole]
        for name, (part, whole) in SHARES.items()
        if counts.get(whole)
    }
