from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.localtime import start_of_day
from .shenpi_application_dates import CLOCK_STATES
from .shenpi_event import LastEvent

# The dates that the law or a promise knows: when one moves, the case records it.
LEGAL_DATES = (
    "correction_due_date",
    "statutory_due_date",
    "promised_due_date",
    "delivery_due_date",
    "due_date",
)


class ShenpiApplication(models.Model):
    """Counting the dates of many open cases again, when the calendar or a threshold changed.

    The entries of a whole batch are read in one query and evaluated in Python; what moved is
    written by one UPDATE, the events by one INSERT. ``shenpi.recount`` makes the batches.
    """

    _inherit = "shenpi.application"

    @api.model
    def _get_calendar_domain(self, first_day, last_day):
        """The open cases whose dates a changed stretch of calendar may touch."""
        running = ("correction_due_date", "statutory_due_date", "delivery_due_date", "alarm_date")
        return (
            fields.Domain("state", "in", CLOCK_STATES)
            & fields.Domain("received_at", "<", start_of_day(last_day + timedelta(days=1)))
            & fields.Domain.OR([(name, ">=", first_day)] for name in running)
        )

    @api.model
    def _recount(self, application_ids):
        """Count the dates of these applications again; their events keep old and new ones.

        Safe to call at any time: what has been counted does not move again.

        :return: list of {application_id, field, old, new}, one entry for every legal date moved
        """
        ends = self._lock_for_recount(application_ids)
        counted = self._count_again(ends)
        stored = self._read_stored(counted)
        changes = {
            key: stored[key] | vals
            for key, vals in counted.items()
            if any(stored[key][name] != value for name, value in vals.items())
        }
        self._write_counted(changes)
        moved = [line for key in changes for line in self._list_moved(stored[key], changes[key])]
        self._record_recount(ends, moved)
        return moved

    @api.model
    def _lock_for_recount(self, application_ids):
        """Hold the rows; ``{application id: (item id, state, end of its event chain)}``."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT document.id, document.item_id, document.state,
                          COALESCE(event.sequence, 0), event.hash, event.happened_at
                     FROM shenpi_application document
                     LEFT JOIN LATERAL (SELECT sequence, hash, happened_at FROM shenpi_event
                                         WHERE application_id = document.id
                                         ORDER BY sequence DESC LIMIT 1) event ON TRUE
                    WHERE document.id = ANY(%s)
                 ORDER BY document.id FOR NO KEY UPDATE OF document""",
                list(application_ids),
            )
        )
        return {key: (item, state, LastEvent(*last)) for key, item, state, *last in rows}

    @api.model
    def _count_again(self, ends):
        """``{application id: stored values}`` as the clock counts them now."""
        entries = self.env["shenpi.application.clock"]._read_entries(ends)
        items = self.env["shenpi.item"].sudo()
        return {
            key: self._prepare_clock_vals(self._evaluate_entries(entries[key], items.browse(item)))
            for key, (item, _state, _last) in ends.items()
        }

    @api.model
    def _read_stored(self, counted):
        """``{application id: values}``: what is stored now of all that has been counted."""
        names = sorted(set().union(*counted.values()) | {"id", *LEGAL_DATES, "paused"})
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT %s FROM shenpi_application WHERE id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                list(counted),
            )
        )
        return {row["id"]: row for row in rows}

    @api.model
    def _write_counted(self, changes):
        """Store ``{application id: values}`` in one statement."""
        if not changes:
            return
        names = list(next(iter(changes.values())))
        columns = [
            SQL(
                "%s::%s[]",
                [vals[name] for vals in changes.values()],
                SQL(self._fields[name].column_type[0]),
            )
            for name in names
        ]
        self.env.execute_query(
            SQL(
                """UPDATE shenpi_application document
                      SET %(assignments)s, write_uid = %(uid)s, write_date = %(now)s
                     FROM unnest(%(columns)s) AS counted (%(names)s)
                    WHERE document.id = counted.id RETURNING document.id""",
                assignments=SQL(", ").join(
                    SQL("%s = counted.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in names
                    if name != "id"
                ),
                uid=self.env.uid,
                now=fields.Datetime.now(),
                columns=SQL(", ").join(columns),
                names=SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        self.browse(changes).invalidate_recordset(flush=False)

    @api.model
    def _list_moved(self, old, new):
        """The legal dates that moved; ``due_date`` beside them only where it is that of a pause."""
        return [
            {"application_id": old["id"], "field": name, "old": old[name], "new": new[name]}
            for name in LEGAL_DATES
            if old[name] != new[name] and (name != "due_date" or old["paused"])
        ]

    @api.model
    def _record_recount(self, ends, moved):
        """One event with the old and the new dates for each case that has some."""
        data = {}
        for line in moved:
            dates = [str(line["old"] or ""), str(line["new"] or "")]
            data.setdefault(line["application_id"], {})[line["field"]] = dates
        events = [
            {
                "action": "recompute",
                "state_from": ends[key][1],
                "state_to": ends[key][1],
                "user_id": self.env.uid,
                "happened_at": fields.Datetime.now(),
                "data": dates,
            }
            for key, dates in data.items()
        ]
        lasts = [ends[key][2] for key in data]
        self.env["shenpi.event"]._append_all(self.browse(data), events, lasts)
