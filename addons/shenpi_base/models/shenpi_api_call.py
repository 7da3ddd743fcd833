import hashlib
import json

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ShenpiApiCall(models.Model):
    """The creating calls of integrators, by the reference that each of them carries.

    A call looks for its reference first and keeps it, with its answer, last. Of two calls with the
    same one at the same moment the second waits there for the first to end; PostgreSQL then refuses
    his stale snapshot, Odoo runs him again and he is given the first answer. Read and written by
    this code only.
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
    def _find(self, model, references):
        """The earlier calls of this user with these references: reference -> (digest, answer)."""
        if not references:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT client_ref, digest, answer FROM shenpi_api_call
                    WHERE user_id = %s AND model = %s AND client_ref = ANY(%s)""",
                self.env.uid,
                model,
                list(references),
            )
        )
        return {reference: (digest, answer) for reference, digest, answer in rows}

    @api.model
    def _repeat(self, call, digest):
        """The answer of an earlier call, given again.

        :param tuple call: (digest, answer) of that call; :param str digest: of this one
        :raise ValidationError: the reference was used with other content
        """
        first, answer = call
        if first != digest:
            raise ValidationError(
                self.env._("client_ref: was used for an earlier call with other content.")
            )
        return dict(answer, duplicate=True)

    @api.model
    def _keep(self, model, calls):
        """Keep calls, reference -> (digest, answer)."""
        if not calls:
            return
        # In order, so that two batches with the same references wait for each other one way only.
        # DO NOTHING never happens: a row that this snapshot does not see is a conflict to repeat.
        references = sorted(calls)
        self.env.cr.execute(
            SQL(
                """INSERT INTO shenpi_api_call (user_id, model, client_ref, digest, answer)
                        SELECT %s, %s, * FROM unnest(%s, %s, %s::jsonb[])
                            ON CONFLICT DO NOTHING""",
                self.env.uid,
                model,
                references,
                [calls[reference][0] for reference in references],
                [Json(calls[reference][1]) for reference in references],
            )
        )

    @api.model
    def _get_digest(self, payload):
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
