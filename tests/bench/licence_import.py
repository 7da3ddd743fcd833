"""Licences of before taken over from a CSV: the rate of checking and creating, for 435,000 of them.

Every chunk is checked and created as its job does, in a transaction of its own; what the rest would
take is extrapolated from some chunks. The register holds what was imported so far.
"""

import base64
import time
from datetime import timedelta

from support.identity import uscc

from . import Bench, Goal, Row

_ROWS = 10_000
_ALL = 435_000
_HOUR = 3600.0
_TYPE = "IMPORT"
_HEADINGS = "证照编号,证照类型,持证主体,证件号码,联系电话,有效期起,有效期止,许可范围"


def run(bench: Bench) -> list[Row]:
    """Import a file of some chunks."""
    count = bench.scaled(_ROWS)
    with bench.transaction() as env:
        prepare(env)
        record_id = start(env, range(count))
    began = time.perf_counter()
    _work(bench, record_id, "_job_check", 0)
    checked = time.perf_counter()
    position = 0
    while _work(bench, record_id, "_job_create", position) == "creating":
        position += 1
    ended = time.perf_counter()
    with bench.transaction() as env:
        record = env["shenpi.licence.import"].browse(record_id)
        assert (record.state, record.done_rows) == ("done", count), record.note
    whole = (ended - began) * _ALL / count
    return [
        Row(
            19,
            f"import of {_ALL:,} licences, from {count:,}",
            "s",
            {"ours": whole, "allowed": _HOUR},
            {"allowed": whole / _HOUR},
            [Goal("allowed", "<=", 1)],
            f"{count / (checked - began):,.0f} rows a second checked,"
            f" {count / (ended - checked):,.0f} created",
        )
    ]


def prepare(env) -> None:
    """Let the user import licences, and make the type that they are of."""
    if not env["shenpi.licence.type"].search_count([("code", "=", _TYPE)]):
        env["shenpi.licence.type"].create({"name": "示例许可证", "code": _TYPE})
    manager = env.ref("base.user_admin")
    manager.group_ids += env.ref("shenpi_base.group_shenpi_manager")


def start(env, serials) -> int:
    """Start an import of licences with these serials; return its id."""
    today = env["shenpi.licence"]._get_today()
    content = "\n".join(_lines(serials, today)).encode()
    vals = {"filename": "licences.csv", "file": base64.b64encode(content)}
    record = env["shenpi.licence.import"].create(vals)
    record.action_start()
    return record.id


def _lines(serials, today):
    yield _HEADINGS
    for n in serials:
        ends = today + timedelta(days=n % 1825)
        begins = ends - timedelta(days=1825)
        yield f"imp-{n},示例许可证,示例单位{n},{uscc(n)},13900000000,{begins},{ends},零售"


def _work(bench, record_id, job, position) -> str:
    """Do one job in a transaction of its own; answer the state that it leaves."""
    with bench.transaction() as env:
        record = env["shenpi.licence.import"].browse(record_id)
        getattr(record, job)(position)
        return record.state
