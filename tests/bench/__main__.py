"""Run the benches on a database and show the table: python -m bench DB NAME... [--quick]."""

import argparse
import dataclasses
import importlib
import json
import sys
import time
from pathlib import Path

from bootstrap.paths import LOCAL

from . import Bench, Row

_NOT_BENCHES = {"__init__", "__main__", "measure", "peers"}


def names() -> list[str]:
    """Return the benches there are."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")}
    return sorted(found - _NOT_BENCHES)


def main() -> int:
    """Run the named benches, all by default; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="./shenpi bench")
    parser.add_argument("--database", required=True)
    parser.add_argument("--options", required=True, help="Odoo's options, as JSON")
    parser.add_argument("--quick", action="store_true", help="a tenth of the records")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    chosen = arguments.names or names()
    unknown = set(chosen) - set(names())
    if unknown:
        print(f"there is no bench {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    bench = _open(arguments.database, json.loads(arguments.options), arguments.quick)
    rows = []
    for name in chosen:
        print(f"-> {name} ...", flush=True)
        rows += importlib.import_module(f"bench.{name}").run(bench)
    _save(rows)
    print(*_table(rows), sep="\n")
    return 0 if all(row.is_met for row in rows) else 1


def _open(database: str, options: list[str], quick: bool) -> Bench:
    """Load Odoo in this process, as its shell does."""
    import odoo.init  # noqa: F401  patches what Odoo needs patched
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(
        [*options, "-d", database, "--no-http", "--log-level=warn"], setup_logging=True
    )
    return Bench(Registry(database), 2, quick)


def _table(rows: list[Row]):
    """Yield the lines of a Markdown table."""
    yield "| # | what | medians | ratio (goal) | goal | note |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        sides = ", ".join(f"{name} {value:.3g} {row.unit}" for name, value in row.sides.items())
        ratios = ", ".join(_ratio(row, name) for name in row.ratios)
        verdict = ("met" if row.is_met else "MISSED") if row.goals else ""
        yield f"| {row.number} | {row.what} | {sides} | {ratios} | {verdict} | {row.note} |"


def _ratio(row: Row, name: str) -> str:
    goals = [f"{goal.sign} {goal.value:.3g}" for goal in row.goals if goal.against == name]
    return f"{row.ratios[name]:.3g} x {name}" + (f" ({', '.join(goals)})" if goals else "")


def _save(rows: list[Row]) -> None:
    folder = LOCAL / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    content = [dataclasses.asdict(row) | {"met": row.is_met} for row in rows]
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    print(f"saved as {path}")


if __name__ == "__main__":
    sys.exit(main())
