from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL

from ..tools import bulletin
from ..tools.localtime import format_moment, start_of_day

LATE_PERMITS = 100
PERIODS = ("week", "last", "year", "last_year")
# By what the figures are split: the place of each in a cell's key.
SPLITS = {"districts": 0, "kinds": 1, "phases": 2}
NO_PHASE = ""


class Span(NamedTuple):
    """A stretch of days: both ends count."""

    first: object
    last: object


class ShenpiProjectBulletin(models.Model):
    """The figures of a bulletin of key projects, each kind counted over its range in one query.

    Counted for the week, the one before it, the year up to the end of the week, and the same
    stretch of the year before. Stocks (projects, projects with construction permit, blockers
    listed and struck off) are those of the last day of the stretch, from the dates that are kept;
    flows (permits granted, visits) those of all its days. Rows are grouped by bureau, kind and
    phase; everything else is added up from that.

    A project counts from the day it was entered or began, whichever is earlier; a cancelled one
    does not. Working days are counted from the day after the filing to the day of the grant. On
    time: granted no later than in the frozen plan. At the first pass: without a correction notice.
    """

    _inherit = "shenpi.project.bulletin"

    def _evaluate(self):
        """All figures as they are now, as JSON keeps them.

        :return: dict with ``as_of``; ``periods`` {period: [first, last]}; ``total`` {period:
            figures}; ``districts``, ``kinds`` and ``phases``: lists of {key, name, <period>:
            figures}; ``late``: the permits later than the frozen plan, the latest first
        """
        self.ensure_one()
        self._flush_counted()
        spans = self._get_spans()
        cells = {period: self._count(span) for period, span in spans.items()}
        names = self._get_names()
        answer = {
            "as_of": format_moment(fields.Datetime.now()),
            "periods": {p: [d.isoformat() for d in span] for p, span in spans.items()},
            "total": {p: bulletin.add_up(cells[p].values()) for p in PERIODS},
            "late": self._list_late(),
        }
        for split, place in SPLITS.items():
            groups = {period: self._group(cells[period], place) for period in PERIODS}
            found = set().union(*groups.values()) - {NO_PHASE}
            answer[split] = [
                {"key": key, "name": name, **{p: groups[p].get(key, {}) for p in PERIODS}}
                for key, name in names[split].items()
                if key in found
            ]
        return answer

    def _get_spans(self):
        first, last = self.date_from, self.date_to
        before = bulletin.year_before(last)
        return {
            "week": Span(first, last),
            "last": Span(first - timedelta(days=7), last - timedelta(days=7)),
            "year": Span(last.replace(month=1, day=1), last),
            "last_year": Span(before.replace(month=1, day=1), before),
        }

    def _get_companies(self):
        """The bureaus whose projects are counted."""
        return self.company_id | self.company_id.sudo().shenpi_bulletin_district_ids

    def _get_names(self):
        """Names as they are kept with the figures: in the language of documents, whoever asks."""
        lang = self.env["shenpi.application.document"]._get_lang()
        env = self.with_context(lang=lang).env
        kinds, phases = (
            env["project.project"]._fields["key_kind"],
            env["project.task"]._fields["phase"],
        )
        return {
            "districts": {str(company.id): company.name for company in self._get_companies()},
            "kinds": dict(kinds._description_selection(env)),
            "phases": dict(phases._description_selection(env)),
        }

    def _flush_counted(self):
        for model in (
            "project.project",
            "project.task",
            "shenpi.blocker",
            "shenpi.home.service",
            "shenpi.item",
            "shenpi.application",
        ):
            self.env[model].flush_model()

    # === Counting === #

    def _count(self, span):
        """Figures of a stretch by (bureau, kind, phase), ids as text."""
        cells = defaultdict(dict)
        for query in (
            self._get_projects(span),
            self._get_granted(span),
            self._get_blockers(span),
            self._get_visits(span),
        ):
            for row in self.env.execute_query_dict(query):
                self._add(cells, row)
        for row in self._get_days(span):
            self._add(cells, row)
        return cells

    def _add(self, cells, row):
        phase = row.pop("phase", None) or NO_PHASE
        key = str(row.pop("company_id")), row.pop("kind"), phase
        cells[key] = bulletin.add_up([cells[key], row])

    def _group(self, cells, place):
        groups = defaultdict(list)
        for key, row in cells.items():
            groups[key[place]].append(row)
        return {key: bulletin.add_up(rows) for key, rows in groups.items()}

    def _get_counted(self):
        """The condition on ``project`` of all that is counted."""
        return SQL(
            "project.is_key_project AND project.key_state <> 'cancelled'"
            " AND project.company_id IN %s",
            tuple(self._get_companies().ids),
        )

    def _get_projects(self, span):
        """Projects, and those that have their construction permit; opened ones."""
        codes = self.company_id.sudo().shenpi_construction_item_ids.mapped("code") or [""]
        return SQL(
            """SELECT project.company_id, project.key_kind AS kind, count(*) AS projects,
                      count(*) FILTER (WHERE EXISTS (
                          SELECT FROM project_task task JOIN shenpi_item item
                              ON item.id = task.item_id
                           WHERE task.project_id = project.id AND item.code IN %(codes)s
                             AND task.permit_state = 'granted' AND task.actual_end <= %(last)s
                      )) AS with_construction,
                      count(*) FILTER (WHERE project.opened_on <= %(last)s) AS opened
                 FROM project_project project
                WHERE %(counted)s
                  AND least(project.planned_start, (project.create_date AT TIME ZONE 'UTC'
                            AT TIME ZONE 'Asia/Shanghai')::date) <= %(last)s
             GROUP BY project.company_id, project.key_kind""",
            codes=tuple(codes),
            last=span.last,
            counted=self._get_counted(),
        )

    def _get_granted(self, span):
        return SQL(
            """SELECT project.company_id, project.key_kind AS kind, task.phase,
                      count(*) AS granted,
                      count(task.baseline_end) AS planned,
                      count(*) FILTER (WHERE task.actual_end <= task.baseline_end) AS on_time,
                      count(task.application_id) AS filed,
                      count(task.application_id) FILTER (WHERE NOT EXISTS (
                          SELECT FROM shenpi_event event
                           WHERE event.application_id = task.application_id
                             AND event.action IN ('request_correction', 'repeat_correction')
                      )) AS first_pass
                 FROM project_task task JOIN project_project project
                   ON project.id = task.project_id
                WHERE %(counted)s AND task.permit_state = 'granted'
                  AND task.actual_end BETWEEN %(first)s AND %(last)s
             GROUP BY project.company_id, project.key_kind, task.phase""",
            counted=self._get_counted(),
            first=span.first,
            last=span.last,
        )

    def _get_days(self, span):
        """Working days of the permits granted: equal stretches are counted once."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT project.company_id, project.key_kind AS kind, task.phase,
                          task.actual_start, task.actual_end, count(*) AS days_count
                     FROM project_task task JOIN project_project project
                       ON project.id = task.project_id
                    WHERE %(counted)s AND task.permit_state = 'granted'
                      AND task.actual_start <= task.actual_end
                      AND task.actual_end BETWEEN %(first)s AND %(last)s
                 GROUP BY project.company_id, project.key_kind, task.phase, task.actual_start,
                          task.actual_end""",
                counted=self._get_counted(),
                first=span.first,
                last=span.last,
            )
        )
        calendar = self.env["shenpi.workday"]._get_calendar()
        for row in rows:
            days = calendar.count(row.pop("actual_start"), row.pop("actual_end"))
            yield row | {"days_sum": days * row["days_count"]}

    def _get_blockers(self, span):
        """Blockers listed up to the last day, and those struck off by then."""
        return SQL(
            """SELECT project.company_id, project.key_kind AS kind, count(*) AS listed,
                      count(*) FILTER (WHERE blocker.struck_off_at < %(end)s) AS struck_off
                 FROM shenpi_blocker blocker JOIN project_project project
                   ON project.id = blocker.project_id
                WHERE %(counted)s AND blocker.state NOT IN ('draft', 'dropped')
                  AND blocker.raised_at < %(end)s
             GROUP BY project.company_id, project.key_kind""",
            counted=self._get_counted(),
            end=start_of_day(span.last + timedelta(days=1)),
        )

    def _get_visits(self, span):
        return SQL(
            """SELECT project.company_id, project.key_kind AS kind, count(*) AS visits,
                      count(visit.satisfaction) AS rated,
                      count(*) FILTER (WHERE visit.satisfaction IN ('3', '4', '5')) AS satisfied
                 FROM shenpi_home_service visit JOIN project_project project
                   ON project.id = visit.project_id
                WHERE %(counted)s AND visit.state = 'done'
                  AND visit.done_at >= %(begin)s AND visit.done_at < %(end)s
             GROUP BY project.company_id, project.key_kind""",
            counted=self._get_counted(),
            begin=start_of_day(span.first),
            end=start_of_day(span.last + timedelta(days=1)),
        )

    def _list_late(self):
        """The open permits that are later than the frozen plan, the latest first."""
        today = self._get_today()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT project.key_code AS code,
                          project.id AS project_id, task.name AS permit, task.phase,
                          partner.name AS navigator, task.baseline_end AS due_date
                     FROM project_task task
                     JOIN project_project project ON project.id = task.project_id
                LEFT JOIN res_users person ON person.id = project.user_id
                LEFT JOIN res_partner partner ON partner.id = person.partner_id
                    WHERE %(counted)s AND task.baseline_end < %(today)s
                      AND task.permit_state NOT IN ('granted', 'failed', 'skipped')
                 ORDER BY task.baseline_end, task.id LIMIT %(limit)s""",
                counted=self._get_counted(),
                today=today,
                limit=LATE_PERMITS,
            )
        )
        calendar = self.env["shenpi.workday"]._get_calendar()
        projects = self.env["project.project"].sudo().browse(row["project_id"] for row in rows)
        names = {project.id: project.name for project in projects}
        for row in rows:
            row["project"] = names[row.pop("project_id")]
            row["days_late"] = -calendar.count(today, row["due_date"])
            row["due_date"] = row["due_date"].isoformat()
        return rows
