from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..tools import bulletin
from ..tools.localtime import format_moment, start_of_day
from .shenpi_application import OPEN_STATES
from .shenpi_application_dates import CLOCK_STATES

KINDS = ("departments", "items", "steps")
RED_CASES = 200


class ShenpiBulletin(models.Model):
    """The figures of a bulletin, each kind counted over its range in one query.

    Flows (received, decided, ...) are counted for the week and for the one before it; stocks (open,
    yellow, red, ...) can only be counted as they are, so those of the last week are taken from its
    bulletin if that has been issued, and are unknown otherwise. The queries group by department and
    item; everything else is added up from that.
    """

    _inherit = "shenpi.bulletin"

    def _evaluate(self):
        """All figures as they are now, as JSON keeps them.

        :return: dict with ``as_of``; ``total`` {week, last}; ``departments``, ``items`` and
            ``steps``: lists of {key, name, week, last}; ``red``: the red cases, the oldest first
        """
        self.ensure_one()
        week = self._count_week(self.date_from, stocks=True)
        last = self._get_last_figures() or self._count_week(self.date_from - timedelta(days=7))
        names = self._get_names(week, last)
        answer = {
            "as_of": format_moment(fields.Datetime.now()),
            "total": {"week": week["total"], "last": last["total"]},
            "red": self._list_red(),
        }
        for kind in KINDS:
            answer[kind] = [
                {
                    "key": key,
                    "name": names[kind].get(key, key),
                    "week": week[kind].get(key, {}),
                    "last": last[kind].get(key, {}),
                }
                for key in self._sort_keys({*week[kind], *last[kind]}, list(names[kind]))
            ]
        return answer

    def _sort_keys(self, keys, order):
        """Keys in the order of their list, those it does not know behind."""
        return [*(key for key in order if key in keys), *sorted(keys - set(order))]

    def _get_last_figures(self):
        """The figures of the week before as its bulletin gave them, None without one."""
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", self.date_from - timedelta(days=7)),
                ("state", "=", "issued"),
            ]
        )
        if not before:
            return None
        figures = before.figures
        return {
            "total": figures["total"]["week"],
            **{kind: {row["key"]: row["week"] for row in figures[kind]} for kind in KINDS},
        }

    def _get_names(self, *weeks):
        """Names by key, in the order in which they are listed."""
        departments = self.env["shenpi.department"].sudo().with_context(active_test=False)
        departments = departments.search([("company_id", "=", self.company_id.id)])
        codes = list({code for week in weeks for code in week["items"]})
        items = (
            self.env["shenpi.item"]
            .sudo()
            .search(
                [("company_id", "=", self.company_id.id), ("code", "in", codes)], order="code, id"
            )
        )
        states = self.env["shenpi.application"]._get_state_labels()
        return {
            "departments": {str(d.id): d.name for d in departments},
            "items": {item.code: item.name for item in items},
            "steps": {f"={state}": states[state] for state in OPEN_STATES},
        }

    # === Counting === #

    def _count_week(self, monday, stocks=False):
        """Figures of the week that begins on ``monday``: total, and by department, item and step.

        :param bool stocks: with what is open, yellow, red, ... now
        """
        self._flush_counted()
        span = start_of_day(monday), start_of_day(monday + timedelta(days=7))
        cells = defaultdict(dict)
        queries = [
            self._get_received(span),
            self._get_decided(span),
            self._get_events(span),
            self._get_spared(span),
        ]
        if stocks:
            queries.append(self._get_stocks())
        for query in queries:
            for row in self.env.execute_query_dict(query):
                key = str(row.pop("department_id")), row.pop("code")
                cells[key] = bulletin.add_up([cells[key], row])
        return {
            "total": self._complete(cells.values()),
            "departments": self._group(cells, 0),
            "items": self._group(cells, 1),
            "steps": self._count_steps(span, stocks),
        }

    def _flush_counted(self):
        self.env["shenpi.application"].flush_model()
        self.env["shenpi.application.step"].flush_model()
        self.env["shenpi.application.material"].flush_model(["status", "application_id"])
        self.env["shenpi.item"].flush_model(["code"])

    def _group(self, cells, place):
        groups = defaultdict(list)
        for key, row in cells.items():
            groups[key[place]].append(row)
        return {key: self._complete(rows) for key, rows in groups.items()}

    def _complete(self, rows):
        figures = {
            name: int(value) if value == int(value) else value
            for name, value in bulletin.add_up(rows).items()
        }
        figures["decided"] = figures.get("granted", 0) + figures.get("denied", 0)
        figures["closed"] = figures["decided"] + figures.get("ended", 0)
        return figures

    def _get_received(self, span):
        return SQL(
            """SELECT app.department_id, item.code, count(*) AS received
                 FROM shenpi_application app JOIN shenpi_item item ON item.id = app.item_id
                WHERE app.company_id = %s AND app.received_at >= %s AND app.received_at < %s
             GROUP BY app.department_id, item.code""",
            self.company_id.id,
            *span,
        )

    def _get_spared(self, span):
        """Papers that the applicants of the week need not bring."""
        return SQL(
            """SELECT app.department_id, item.code, count(*) AS papers_saved,
                      sum(GREATEST(asked.copies, 1)) AS sheets_saved
                 FROM shenpi_application_material material
                 JOIN shenpi_application app ON app.id = material.application_id
                 JOIN shenpi_item item ON item.id = app.item_id
                 JOIN shenpi_item_material asked ON asked.id = material.item_material_id
                WHERE material.status = 'spared'
                  AND app.company_id = %s AND app.received_at >= %s AND app.received_at < %s
             GROUP BY app.department_id, item.code""",
            self.company_id.id,
            *span,
        )

    def _get_decided(self, span):
        return SQL(
            """SELECT app.department_id, item.code,
                      count(*) FILTER (WHERE outcome = 'grant') AS granted,
                      count(*) FILTER (WHERE outcome = 'deny') AS denied,
                      count(*) FILTER (WHERE timeliness = 'on_time') AS on_time,
                      count(*) FILTER (WHERE timeliness = 'extended') AS extended,
                      count(*) FILTER (WHERE timeliness = 'late') AS late,
                      count(*) FILTER (WHERE timeliness_law = 'on_time') AS on_time_law,
                      count(*) FILTER (WHERE timeliness_law = 'late') AS late_law,
                      sum(days_taken) AS taken_sum,
                      sum(days_early) FILTER (WHERE timeliness = 'on_time') AS early_sum,
                      sum(days_early_law) FILTER (WHERE timeliness_law = 'on_time')
                          AS early_law_sum
                 FROM shenpi_application app JOIN shenpi_item item ON item.id = app.item_id
                WHERE app.company_id = %s AND app.decided_at >= %s AND app.decided_at < %s
             GROUP BY app.department_id, item.code""",
            self.company_id.id,
            *span,
        )

    def _get_events(self, span):
        """What happened besides decisions; its actions are those of ``shenpi.event``'s index."""
        return SQL(
            """SELECT app.department_id, item.code,
                      count(*) FILTER (WHERE event.action IN
                          ('not_accept', 'withdraw', 'deem_withdrawn', 'terminate')) AS ended,
                      count(*) FILTER (WHERE event.action = 'deem_accepted') AS deemed,
                      count(*) FILTER (WHERE event.action = 'repeat_correction')
                          AS second_corrections,
                      count(*) FILTER (WHERE event.action = 'extend') AS extensions
                 FROM shenpi_event event
                 JOIN shenpi_application app ON app.id = event.application_id
                 JOIN shenpi_item item ON item.id = app.item_id
                WHERE event.action IN ('not_accept', 'withdraw', 'deem_withdrawn', 'terminate',
                                       'deem_accepted', 'repeat_correction', 'extend')
                  AND app.company_id = %s AND event.happened_at >= %s AND event.happened_at < %s
             GROUP BY app.department_id, item.code""",
            self.company_id.id,
            *span,
        )

    def _get_stocks(self):
        return SQL(
            """SELECT app.department_id, item.code,
                      count(*) FILTER (WHERE app.state IN %(open)s) AS open,
                      count(*) FILTER (WHERE app.state = 'received') AS waiting,
                      count(*) FILTER (WHERE warn_date <= %(today)s AND alarm_date > %(today)s)
                          AS yellow,
                      count(*) FILTER (WHERE alarm_date <= %(today)s) AS red,
                      count(*) FILTER (WHERE paused) AS paused,
                      count(*) FILTER (WHERE paused AND due_date < %(today)s) AS overstayed
                 FROM shenpi_application app JOIN shenpi_item item ON item.id = app.item_id
                WHERE app.company_id = %(company)s AND app.state IN %(clock)s
             GROUP BY app.department_id, item.code""",
            open=OPEN_STATES,
            clock=CLOCK_STATES,
            company=self.company_id.id,
            today=self._get_today(),
        )

    def _count_steps(self, span, stocks):
        """Figures by step of the approval chain; before acceptance by state (its key begins with
        an equals sign, which no name does)."""
        rows = self.env.execute_query(
            SQL(
                """SELECT step.name, count(*)
                     FROM shenpi_application_step step
                     JOIN shenpi_application app ON app.id = step.application_id
                    WHERE app.company_id = %s AND step.done_at >= %s AND step.done_at < %s
                 GROUP BY step.name""",
                self.company_id.id,
                *span,
            )
        )
        steps = {name: {"done": count} for name, count in rows}
        if stocks:
            for row in self.env.execute_query_dict(self._get_steps_in_hand()):
                steps.setdefault(row.pop("key"), {}).update(row)
        return steps

    def _get_steps_in_hand(self):
        return SQL(
            """SELECT coalesce(step.name, '=' || app.state) AS key, count(*) AS in_hand,
                      count(*) FILTER (WHERE warn_date <= %(today)s AND alarm_date > %(today)s)
                          AS yellow,
                      count(*) FILTER (WHERE alarm_date <= %(today)s) AS red
                 FROM shenpi_application app
            LEFT JOIN shenpi_application_step step ON step.id = app.step_id
                WHERE app.company_id = %(company)s AND app.state IN %(open)s
             GROUP BY 1""",
            open=OPEN_STATES,
            company=self.company_id.id,
            today=self._get_today(),
        )

    def _list_red(self):
        """The red cases, the longest overdue first, as many as fit a bulletin."""
        today = self._get_today()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT app.number, item.name AS item, department.name AS department,
                          step.name AS step, app.state, partner.name AS handler, app.due_date
                     FROM shenpi_application app
                     JOIN shenpi_item item ON item.id = app.item_id
                LEFT JOIN shenpi_department department ON department.id = app.department_id
                LEFT JOIN shenpi_application_step step ON step.id = app.step_id
                LEFT JOIN res_users person ON person.id = app.handler_id
                LEFT JOIN res_partner partner ON partner.id = person.partner_id
                    WHERE app.company_id = %s AND app.state IN %s AND app.alarm_date <= %s
                 ORDER BY app.due_date, app.id LIMIT %s""",
                self.company_id.id,
                CLOCK_STATES,
                today,
                RED_CASES,
            )
        )
        calendar = self.env["shenpi.workday"]._get_calendar()
        for row in rows:
            row["days_late"] = -calendar.count(today, row["due_date"])
            row["due_date"] = row["due_date"].isoformat()
        return rows
