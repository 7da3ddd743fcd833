from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import tokens

TURN_SELECTION = [
    ("first", "First rating"),
    ("addition", "Addition"),
    ("second", "After rectification"),
    ("default", "By default"),
]
BASE_PATH = "/shenpi/rate"
GC_ROWS = 10000


class ShenpiRatingToken(models.Model):
    """What lets somebody rate one service once, without a login.

    The token itself is kept nowhere: it is worked out from the server's secret and the row's salt
    when it is handed out on paper or sent, and found again by its digest. No role reads this model;
    only the public page and what hands tokens out do.
    """

    _name = "shenpi.rating.token"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Rating token"
    _log_access = False

    service_id = fields.Many2one(
        "shenpi.rating.service", required=True, index=True, ondelete="restrict"
    )
    turn = fields.Selection(TURN_SELECTION, required=True)
    salt = fields.Char(required=True, groups=fields.NO_ACCESS)
    digest = fields.Char(required=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime()

    _digest_unique = models.UniqueIndex("(digest)")
    _turn_unique = models.UniqueIndex("(service_id, turn)")

    # === Handing out === #

    @api.model
    def _issue(self, services, turn, expires_at=None):
        """Make the tokens of services for one turn; a service has one for each.

        :param datetime expires_at: naive UTC; by default the end of the service's time to rate
        """
        rows = []
        for service in services:
            salt = tokens.new_salt()
            rows.append(
                {
                    "service_id": service.id,
                    "turn": turn,
                    "salt": salt,
                    "digest": tokens.digest(self._derive(service.id, turn, salt)),
                    "expires_at": expires_at or service._get_expiry(),
                }
            )
        return self.sudo()._insert_all(rows)

    @api.model
    def _derive(self, service_id, turn, salt):
        return tokens.derive(self._get_secret(), f"{service_id}/{turn}", salt)

    @api.model
    def _get_secret(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.secret")

    def _get_plain(self):
        """The token in clear, for paper and messages only."""
        self.ensure_one()
        token = self.sudo()
        return self._derive(token.service_id.id, token.turn, token.salt)

    def _get_url(self, channel):
        """The address that rates; ``channel`` says over which way it was handed out."""
        return f"{self.get_base_url()}{BASE_PATH}/{self._get_plain()}?by={channel}"

    # === Using === #

    @api.model
    def _find_live(self, text):
        """The token that may be used now, as sudo; empty when there is none."""
        if not text or len(text) != tokens.TOKEN_LENGTH:
            return self.sudo().browse()
        return self.sudo().search_fetch(
            [
                ("digest", "=", tokens.digest(text)),
                ("used_at", "=", False),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            ["service_id", "turn", "salt", "expires_at"],
            limit=1,
        )

    def _use(self):
        """Use the token up. Of two at the same moment the second waits here, is refused by
        PostgreSQL, runs again and finds nothing live; answers whether this one was first."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "UPDATE shenpi_rating_token SET used_at = %s"
                " WHERE id = %s AND used_at IS NULL RETURNING id",
                fields.Datetime.now(),
                self.id,
            )
        )
        self.invalidate_recordset(["used_at"])
        return bool(rows)

    # === Cron === #

    @api.autovacuum
    def _gc_dead(self):
        """Digests of tokens that expired a month ago lead nowhere: they are dropped."""
        dead = fields.Datetime.now() - timedelta(days=30)
        tokens_sudo = self.sudo().search([("expires_at", "<", dead)], limit=GC_ROWS)
        tokens_sudo.unlink()
        return len(tokens_sudo), int(len(tokens_sudo) == GC_ROWS)
