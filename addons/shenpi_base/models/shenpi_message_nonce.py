from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import signing


class ShenpiMessageNonce(models.Model):
    """The words that signed calls have been made with: a call that comes twice is taken once.

    Kept for as long as a signature holds, and then some.
    """

    _name = "shenpi.message.nonce"
    _description = "Words used in signatures"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    nonce = fields.Char(required=True)
    used_at = fields.Datetime(required=True, index=True)

    _once = models.UniqueIndex("(company_id, nonce)")

    @api.model
    def _use(self, company, nonce):
        """Whether the word is used for the first time; from now on it has been."""
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_message_nonce (company_id, nonce, used_at)
                        VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                company.id,
                nonce,
                fields.Datetime.now(),
            )
        )
        return bool(rows)

    @api.autovacuum
    def _gc_nonces(self):
        before = fields.Datetime.now() - timedelta(seconds=2 * signing.WINDOW)
        self.sudo().search([("used_at", "<", before)], limit=10_000).unlink()
