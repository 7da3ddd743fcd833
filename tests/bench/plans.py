"""The plan of a key project of 84 permits: counted from facts, in less than 50 ms.

The graph is that of the sample menu's kind: six phases, every permit waits for some of the phase
before it. Against the planner stands the whole question asked of a project in the database, with
the reading of its permits and the writing of their dates.
"""

import random
from datetime import timedelta

from support.bureau import make_bureau

from odoo.addons.shenpi_base.tools import plan

from . import Bench, Goal, Row, race

_PERMITS = 84
_PHASES = 6
_ALLOWED = 50.0


def run(bench: Bench) -> list[Row]:
    """Plan 84 permits, in memory and in the database."""
    tasks = _make_tasks(random.Random(84))
    slots = plan.schedule(tasks)
    assert len(slots) == _PERMITS
    assert all(slot.slack >= 0 for slot in slots.values())
    with bench.transaction() as env:
        project = _open_project(env, tasks)

        def planned():
            plan.schedule(tasks)
            plan.critical_path(tasks)
            return 1

        def replanned():
            env.invalidate_all()
            project._replan()
            env.flush_all()
            return 1

        times, _ratios = race({"planner": planned, "project": replanned}, rounds=7, per="ms")
    times["allowed"] = _ALLOWED
    ratios = {"allowed": times["planner"] / _ALLOWED}
    note = f"with reading and writing in the database {times['project']:.0f} ms"
    return [
        Row(
            14,
            f"plan of {_PERMITS} permits",
            "ms",
            times,
            ratios,
            [Goal("allowed", "<=", 1)],
            note,
        )
    ]


def _make_tasks(dice) -> list[plan.Task]:
    phases = [[] for _ in range(_PHASES)]
    tasks = []
    for place in range(_PERMITS):
        phase = place * _PHASES // _PERMITS
        before = phases[phase - 1] if phase else []
        groups = [frozenset({key}) for key in dice.sample(before, min(2, len(before)))]
        if before:
            groups.append(frozenset(dice.sample(before, 2)))
        tasks.append(plan.Task(f"new {place}", dice.randrange(1, 15), tuple(groups)))
        phases[phase].append(f"new {place}")
    return tasks


def _open_project(env, tasks):
    user_id = make_bureau(env).users["integrator"]
    projects = env(user=user_id)["project.project"].with_company(env.ref("base.main_company"))
    permits = [
        {
            "key": task.key,
            "name": f"permit {task.key}",
            "phase": "1",
            "item_id": False,
            "elsewhere_body": "Another body",
            "days": task.days,
            "after_all": [key for group in task.requires if len(group) == 1 for key in group],
            "after_any": [key for group in task.requires if len(group) > 1 for key in group],
        }
        for task in tasks
    ]
    today = env["shenpi.application"]._get_today()
    vals = {
        "name": "Bench",
        "key_kind": "industry",
        "planned_start": today - timedelta(days=1),
    }
    return projects._do_open(vals, permits)
