import hashlib
import json

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ShenpiApiCall(models.Model):
    """The creating calls of integrators, by the reference that each of them carries.

    A reference is claimed before the work is done. Whoever comes with the same one at the same
    moment waits for the first call to end; PostgreSQL then refuses his stale snapshot, Odoo runs
    him again and he is given the first answer. Read and written by this code only.
    """

    _name = "shenpi.api.call"
    _description = "Creating API call"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    model = fields.Char(required=True)
    client_ref = fields.Char(required=True)
    digest = fields.Char(required=True)
    answer = fields.Json()

    _client_ref_unique = models.UniqueIndex("(user_id, model, client_ref)")

    @api.model
    def _claim(self, model, payload):
        """Claim the ``client_ref`` of a payload for the caller.

        :return: (id, None) when the call is new; (None, answer) of the first call when it is not
        :raise ValidationError: the reference was used with other content
        """
        reference = (self.env.uid, model, payload["client_ref"].strip())
        digest = self._get_digest(payload)
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_api_call (user_id, model, client_ref, digest)
                        VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                *reference,
                digest,
            )
        )
        if rows:
            return rows[0][0], None
        ((first, answer),) = self.env.execute_query(
            SQL(
                """SELECT digest, answer FROM shenpi_api_call
                    WHERE user_id = %s AND model = %s AND client_ref = %s""",
                *reference,
            )
        )
        if first != digest:
            raise ValidationError(
                self.env._("client_ref: was used for an earlier call with other content.")
            )
        return None, dict(answer, duplicate=True)

    @api.model
    def _keep(self, call_id, answer):
        """Keep the answer of a claimed call, and return it."""
        self.env.cr.execute(
            SQL("UPDATE shenpi_api_call SET answer = %s WHERE id = %s", Json(answer), call_id)
        )
        return answer

    @api.model
    def _get_digest(self, payload):
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
