"""Ratings: one through the public page, and figures over a million.

The page is asked on two worker processes, by two visitors at a time, against the route on which a
customer rates a task in stock Odoo (`/rate/<token>/submit_feedback`), on the same server. The goals
are half of its time, a hundred ratings a second, a second for the figures, and two for the workbook
that ranks a hundred departments.
"""

import http.cookiejar
import re
import secrets
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from support.bureau import make_bureau
from support.server import running

from . import Bench, Goal, Row, race

_VISITORS = 2
_ROUNDS = 5
_SERVICES = 1_000_000
_LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "unsatisfied")
_LIMIT = "the limit"
# As phones send it; without it, Odoo looks the language up with three queries for each request.
_HEADERS = {"Accept-Language": "zh-CN,zh;q=0.9"}


def run(bench: Bench) -> list[Row]:
    """Measure the page, then the figures."""
    return [*_measure_page(bench), *_measure_figures(bench)]


# === The page === #


def _measure_page(bench):
    count = bench.scaled(100)
    with bench.transaction() as env:
        ours = iter(_make_services(env, count * (_ROUNDS + 1)))
        theirs = iter(_make_tasks(env, count * (_ROUNDS + 1)))
        database = env.cr.dbname
    with running(database, workers=2) as server, ThreadPoolExecutor(_VISITORS) as visitors:
        opener, csrf = _open_session(server.url, next(theirs))

        def rate_service(entry):
            token, stamp = entry
            form = {"level": "very_satisfied", "stamp": stamp, "tag_very_satisfied": "510"}
            return _post(urllib.request.urlopen, f"{server.url}/shenpi/rate/{token}", form)

        def rate_task(token):
            form = {"rate": 5, "csrf_token": csrf}
            return _post(opener.open, f"{server.url}/rate/{token}/submit_feedback", form)

        def take(work, entries):
            return sum(visitors.map(work, [next(entries) for _ in range(count)]))

        times, ratios = race(
            {"ours": lambda: take(rate_service, ours), "/rate/": lambda: take(rate_task, theirs)},
            rounds=_ROUNDS - 1,
            per="ms",
        )
    ratios[_LIMIT] = times["ours"] / 10
    times[_LIMIT] = 10
    goals = [Goal("/rate/", "<=", 1 / 2), Goal(_LIMIT, "<=", 1)]
    note = f"{1000 / times['ours']:.0f} ratings/s"
    return [Row(13, "a rating through the public page", "ms", times, ratios, goals, note)]


def _post(open_, url, form):
    data = urllib.parse.urlencode(form).encode()
    with open_(urllib.request.Request(url, data, _HEADERS), timeout=60) as answer:
        assert answer.status == 200
        answer.read()
    return 1


def _open_session(url, token):
    """A customer's session at the other side's page, with its token against forged requests."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with opener.open(f"{url}/rate/{token}/5", timeout=120) as answer:
        text = answer.read().decode()
    return opener, re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)


def _make_services(env, count):
    """Services that have ended: their tokens, with the stamps of forms opened a while ago."""
    from odoo import fields

    from odoo.addons.shenpi_evaluation.tools import tokens

    make_bureau(env)
    department = env["shenpi.department"].search([], limit=1)
    services = env["shenpi.rating.service"]._finish(
        [
            {
                "kind": "case",
                "company_id": department.company_id.id,
                "department_id": department.id,
                "finished_at": fields.Datetime.now(),
                "asked": True,
            }
            for _n in range(count)
        ]
    )
    secret = env["shenpi.rating.token"]._get_secret()
    moment = int(time.time()) - 10
    plain = [token._get_plain() for token in services.sudo().token_ids]
    return [(token, tokens.make_stamp(secret, token, moment)) for token in plain]


def _make_tasks(env, count):
    """Tasks whose customer is asked to rate them; the tokens."""
    project = env["project.project"].create({"name": "Bench"})
    customer = env["res.partner"].create({"name": "Customer", "email": "customer@example.org"})
    tasks = env["project.task"].create(
        [{"name": "Task", "project_id": project.id, "partner_id": customer.id}] * count
    )
    model_id = env["ir.model"]._get_id("project.task")
    ratings = env["rating.rating"].create(
        [
            {
                "res_model_id": model_id,
                "res_id": task.id,
                "partner_id": customer.id,
                "access_token": secrets.token_hex(16),
            }
            for task in tasks
        ]
    )
    return ratings.mapped("access_token")


# === The figures === #


def _measure_figures(bench):
    count = bench.scaled(_SERVICES)
    with bench.transaction() as env:
        company = env["shenpi.department"].search([], limit=1).company_id
        _fill(env, company, count)
    with bench.sql() as cursor:
        cursor.connection.rollback()
        cursor.connection.autocommit = True
        cursor.execute("VACUUM ANALYZE shenpi_rating_service")
        cursor.connection.autocommit = False
    rows = []
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    for what, most, work in (
        ("figures", 1, lambda env: _count(env, company.ids, first, last)),
        ("workbook ranking 100 departments", 2, lambda env: _export(env, company.id, first, last)),
    ):

        def ask(work=work):
            with bench.transaction() as env:
                work(env)

        times, _ratios = race({"ours": ask}, rounds=3)
        ratios = {_LIMIT: times["ours"] / most}
        times[_LIMIT] = most
        name = f"{what} over {count:,} ratings"
        rows.append(Row(14, name, "s", times, ratios, [Goal(_LIMIT, "<=", 1)]))
    return rows


def _count(env, company_ids, first, last):
    counts = env["shenpi.rating.figures"]._count(company_ids, first, last)
    assert counts["rated"]


def _export(env, company_id, first, last):
    env = env(context={"allowed_company_ids": [company_id]})
    ranking = env["shenpi.rating.ranking"].create(
        {
            "company_id": company_id,
            "period": "custom",
            "date_from": first,
            "date_to": last,
            "dimension": "department_id",
        }
    )
    report = env.ref("shenpi_evaluation.action_report_rating_ranking_xlsx")
    content, _type = report._render_xlsx(report.report_name, ranking.ids, {})
    assert content.startswith(b"PK")


def _fill(env, company, count):
    """A year of rated services, over a hundred departments."""
    departments = env["shenpi.department"].create(
        [{"name": f"D{n}", "kind": "office", "company_id": company.id} for n in range(100)]
    )
    env.flush_all()
    env.cr.execute(
        """INSERT INTO shenpi_rating_service (kind, company_id, department_id, finished_at, day,
                                              asked, level, channel, answered, counted)
           SELECT 'case', %s, %s + n %% 100, timestamp '2025-01-01' + n %% 365 * interval '1 day',
                  date '2025-01-01' + n %% 365, true, (%s::text[])[1 + n %% 50 / 16], 'sms',
                  true, true
             FROM generate_series(1, %s) n""",
        [company.id, min(departments.ids), list(_LEVELS), count],
    )
