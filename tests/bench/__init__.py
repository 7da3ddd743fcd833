"""Side-by-side measurements. `./shenpi bench [NAME]` runs `tests/bench/<name>.py`, all by default.

A bench is a module with one function:

    def run(bench: Bench) -> list[Row]:

It works in one Odoo process on a database made for it (no demo data; our addons, and `project` as
the peer), whose environment is `bench.env`. Raw SQL goes through `bench.sql()`. The rows are
printed as one table and saved as JSON under `.local/bench/`. Because the machine is noisy, the
sides are run in turn, and what counts is the median of the ratios: that is what `race` is for.
"""

from .measure import Bench, Goal, Row, race

__all__ = ["Bench", "Goal", "Row", "race"]
