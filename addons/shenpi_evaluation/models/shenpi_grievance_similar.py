from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# Two tellings of one matter share about half of their pairs of characters, two matters that have
# the bureau in common a tenth.
THRESHOLD = 0.3
WITHIN = timedelta(days=90)
MOST = 5


class ShenpiGrievance(models.Model):
    """Grievances about the same matter, found by their words (``tools/similarity.py``)."""

    _inherit = "shenpi.grievance"

    similar_ids = fields.Many2many(
        "shenpi.grievance", string="Similar ones", compute="_compute_similar_ids"
    )
    similar_count = fields.Integer(compute="_compute_similar_ids")

    @api.depends("text_key")
    @api.depends_context("uid")
    def _compute_similar_ids(self):
        for grievance in self:
            grievance.similar_ids = grievance._get_similar()
            grievance.similar_count = len(grievance.similar_ids)

    def _get_similar(self):
        """Those that the user sees of the last months, the most similar first."""
        self.ensure_one()
        key = self.text_key
        if not key:
            return self.browse()
        self.flush_model(["text_key", "company_id", "received_at", "state"])
        # Settled for this transaction: the operator that the index answers asks for it.
        self.env.execute_query(
            SQL("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", str(THRESHOLD))
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM shenpi_grievance
                    WHERE text_key %% %(key)s AND company_id = %(company)s AND id <> %(own)s
                      AND received_at > %(since)s AND state NOT IN ('draft', 'withdrawn')
                 ORDER BY similarity(text_key, %(key)s) DESC, id LIMIT %(most)s""",
                key=key,
                company=self.company_id.id,
                own=self._origin.id or 0,
                since=fields.Datetime.now() - WITHIN,
                most=MOST,
            )
        )
        return self.browse(row_id for (row_id,) in rows)._filtered_access("read")
