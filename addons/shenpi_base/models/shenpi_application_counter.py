from collections import Counter
from contextlib import contextmanager
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.localtime import local_date


class ShenpiApplicationCounter(models.Model):
    """The last serial given per item and day.

    Serials are taken in a transaction of their own, so that two people filing at once wait a moment
    for the number and not for each other's whole filing. A number whose filing fails is not used
    again: numbers are unique, not gapless.
    """

    _name = "shenpi.application.counter"
    _description = "Application serials"
    _log_access = False

    item_code = fields.Char(required=True)
    day = fields.Date(required=True)
    last = fields.Integer(required=True)

    _item_day = models.UniqueIndex("(item_code, day)")

    @api.model
    def _reserve(self, item_code, day):
        """Reserve one serial of an item and day."""
        (serial,) = self._reserve_each([(item_code, day)])
        return serial

    @api.model
    def _reserve_each(self, keys):
        """Reserve a serial for each (item code, day); answers them in the order given."""
        serials = self._reserve_counts(Counter(keys)) if keys else {}
        reserved = []
        for key in keys:
            reserved.append(serials[key])
            serials[key] += 1
        return reserved

    @api.model
    def _reserve_yearly(self, kind, prefix, company, moment):
        """A number counted per kind of document, bureau and year: DB2026-0017.

        :param moment: naive UTC
        """
        year = local_date(moment).year
        serial = self._reserve(f"{kind}/{company.id}", date(year, 1, 1))
        return f"{prefix}{year}-{serial:04d}"

    def _reserve_counts(self, counts):
        """Reserve so many serials of each (item code, day); answers the first of each."""
        with self._open_cursor() as cr:
            # The lock is taken before the snapshot, so that the count read is the newest. Losing
            # the last commits in a crash loses only numbers whose filings, written later, are lost
            # too.
            cr.execute(
                SQL(
                    """SET LOCAL synchronous_commit TO OFF; SET LOCAL lock_timeout TO '10s';
                       LOCK TABLE shenpi_application_counter IN SHARE ROW EXCLUSIVE MODE;
                       INSERT INTO shenpi_application_counter AS counter (item_code, day, last)
                            VALUES %s
                       ON CONFLICT (item_code, day)
                         DO UPDATE SET last = counter.last + EXCLUDED.last
                         RETURNING item_code, day, last""",
                    SQL(", ").join((*key, count) for key, count in counts.items()),
                )
            )
            return {(code, day): last - counts[code, day] + 1 for code, day, last in cr.fetchall()}

    @contextmanager
    def _open_cursor(self):
        """A transaction of its own; while an installation makes the table, only its transaction
        knows the table and serves."""
        if self.env.registry.ready:
            with self.env.registry.cursor() as cr:
                yield cr
        else:
            yield self.env.cr
