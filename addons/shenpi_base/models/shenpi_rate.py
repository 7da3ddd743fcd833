import hashlib
import hmac
import time

from odoo import api, fields, models
from odoo.tools import SQL

DAY_SECONDS = 86400


class ShenpiRate(models.Model):
    """How often a visitor has asked a public page within a stretch of time.

    Visitors are kept as keyed digests of their addresses, for a day. Read and written by this code
    only, in a transaction of its own: a page that fails has been asked all the same.
    """

    _name = "shenpi.rate"
    _description = "Questions of visitors"
    _log_access = False

    purpose = fields.Char(required=True)
    visitor = fields.Char(required=True)
    started = fields.Integer(required=True, help="Start of the stretch, in seconds of the epoch.")
    count = fields.Integer(required=True)

    _visitor_stretch = models.UniqueIndex("(purpose, visitor, started)")

    @api.model
    def _allow(self, purpose, address, most, seconds):
        """Count one question; answers whether the visitor has asked ``most`` times or less in the
        running stretch of ``seconds``."""
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        visitor = hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
        started = int(time.time()) // seconds * seconds
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """INSERT INTO shenpi_rate AS rate (purpose, visitor, started, count)
                            VALUES (%s, %s, %s, 1)
                       ON CONFLICT (purpose, visitor, started)
                         DO UPDATE SET count = rate.count + 1 RETURNING count""",
                    purpose,
                    visitor,
                    started,
                )
            )
            return cr.fetchone()[0] <= most

    @api.autovacuum
    def _gc_old(self):
        self.sudo().search([("started", "<", int(time.time()) - DAY_SECONDS)]).unlink()
