from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL


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
    def _reserve(self, item_code, day, count=1):
        """Reserve ``count`` serials of one item and day; answers the first."""
        with self._open_cursor() as cr:
            # The lock is taken before the snapshot, so that the count read is the newest. Losing
            # the last commits in a crash loses only numbers whose filings, written later, are lost
            # too.
            cr.execute(
                "SET LOCAL synchronous_commit TO OFF; SET LOCAL lock_timeout TO '10s';"
                "LOCK TABLE shenpi_application_counter IN SHARE ROW EXCLUSIVE MODE"
            )
            cr.execute(
                SQL(
                    """INSERT INTO shenpi_application_counter AS counter (item_code, day, last)
                            VALUES (%(code)s, %(day)s, %(count)s)
                       ON CONFLICT (item_code, day)
                         DO UPDATE SET last = counter.last + EXCLUDED.last
                         RETURNING last""",
                    code=item_code,
                    day=day,
                    count=count,
                )
            )
            return cr.fetchone()[0] - count + 1

    @contextmanager
    def _open_cursor(self):
        """A transaction of its own; while an installation makes the table, only its transaction
        knows the table and serves."""
        if self.env.registry.ready:
            with self.env.registry.cursor() as cr:
                yield cr
        else:
            yield self.env.cr
