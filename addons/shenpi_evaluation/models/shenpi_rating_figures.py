from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools.levels import BAD_LEVELS, SATISFIED_LEVELS

# By what figures may be split: column of the service, model of its names.
DIMENSIONS = {
    "department_id": "shenpi.department",
    "window_id": "shenpi.department",
    "clerk_id": "res.users",
    "item_id": "shenpi.item",
    "channel": None,
}


class ShenpiRatingFigures(models.AbstractModel):
    """The counts from which every figure of ratings follows, in one query over the services that
    ended in a period. What counts: see ``tools/figures.py``."""

    _name = "shenpi.rating.figures"
    _description = "Figures of ratings"

    @api.model
    def _count(self, company_ids, first, last, filters=None):
        """The counts of a period.

        :param company_ids: ids of bureaus; :param date first, last: days of service, both included
        :param dict filters: {column of ``DIMENSIONS``: values}
        :return: {rated, satisfied, bad, asked, answered, defaults, rectified, due, in_time, named,
            visited: int}
        """
        (row,) = self._query(company_ids, first, last, filters=filters)
        row.pop("key")
        return row

    @api.model
    def _count_by(self, dimension, company_ids, first, last, filters=None):
        """The counts of a period for each value of a dimension; services without one are left out.

        :param str dimension: a column of ``DIMENSIONS``
        :return: {value: counts as of :meth:`_count`}
        """
        rows = self._query(company_ids, first, last, dimension, filters)
        return {row.pop("key"): row for row in rows}

    @api.model
    def _query(self, company_ids, first, last, dimension=None, filters=None):
        self.env["shenpi.rating.service"].flush_model()
        self.env["shenpi.rating.case"].flush_model()
        key = SQL("service.%s", SQL.identifier(dimension)) if dimension else SQL("NULL::int")
        where = self._get_condition(company_ids, first, last, dimension, filters or {})
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT %(key)s AS key,
                          count(*) FILTER (WHERE service.counted)::int AS rated,
                          count(*) FILTER (WHERE service.counted
                                             AND service.level IN %(satisfied)s)::int AS satisfied,
                          count(*) FILTER (WHERE service.counted
                                             AND service.level IN %(bad)s)::int AS bad,
                          count(*) FILTER (WHERE service.asked)::int AS asked,
                          count(*) FILTER (WHERE service.asked AND service.answered)::int
                              AS answered,
                          count(*) FILTER (WHERE service.is_default
                                             AND service.answered IS NOT TRUE)::int AS defaults
                     FROM shenpi_rating_service service
                    WHERE %(where)s %(group)s""",
                key=key,
                satisfied=SATISFIED_LEVELS,
                bad=BAD_LEVELS,
                where=where,
                group=SQL("GROUP BY 1") if dimension else SQL(),
            )
        )
        cases = {row.pop("key"): row for row in self._query_cases(key, where, bool(dimension))}
        nothing = dict.fromkeys(("rectified", "due", "in_time", "named", "visited"), 0)
        return [row | cases.get(row["key"], nothing) for row in rows]

    @api.model
    def _query_cases(self, key, where, grouped):
        """What became of the bad ratings; those whose appeal was upheld do not count."""
        return self.env.execute_query_dict(
            SQL(
                """SELECT %(key)s AS key,
                          count(*) FILTER (WHERE bad.outcome = 'rectified')::int AS rectified,
                          count(*) FILTER (WHERE bad.rectify_due_date IS NOT NULL
                                             AND (bad.rectified_on IS NOT NULL
                                                  OR bad.rectify_due_date < %(today)s))::int AS due,
                          count(*) FILTER (WHERE bad.rectified_on <= bad.rectify_due_date)::int
                              AS in_time,
                          count(*) FILTER (WHERE NOT rating.anonymous)::int AS named,
                          count(*) FILTER (WHERE NOT rating.anonymous
                                             AND bad.visited_at IS NOT NULL)::int AS visited
                     FROM shenpi_rating_case bad
                     JOIN shenpi_rating rating ON rating.id = bad.rating_id
                     JOIN shenpi_rating_service service ON service.id = bad.service_id
                    WHERE bad.outcome IS DISTINCT FROM 'upheld' AND %(where)s %(group)s""",
                key=key,
                today=local_date(fields.Datetime.now()),
                where=where,
                group=SQL("GROUP BY 1") if grouped else SQL(),
            )
        )

    @api.model
    def _get_condition(self, company_ids, first, last, dimension, filters):
        conditions = [
            SQL("service.company_id = ANY(%s)", list(company_ids)),
            SQL("service.day BETWEEN %s AND %s", first, last),
        ]
        if dimension:
            conditions.append(SQL("service.%s IS NOT NULL", SQL.identifier(dimension)))
        for column, values in filters.items():
            conditions.append(SQL("service.%s = ANY(%s)", SQL.identifier(column), list(values)))
        return SQL(" AND ").join(conditions)
