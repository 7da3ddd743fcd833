from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import create_index

PAIR = 2
WILDCARDS = frozenset("%_\\")
# Pairs that most names of organisations have (有限责任公司): the index would find them all.
EVERYWHERE = frozenset({"有限", "限责", "责任", "任公", "限公", "公司"})


class ShenpiApplication(models.Model):
    """Applicants found by two characters of their names, as Chinese names are looked for.

    The trigram index of Odoo knows three characters and more; for two it is read whole, or the
    table is. Names are therefore indexed by the pairs of their neighbouring characters, too.
    """

    _inherit = "shenpi.application"

    def init(self):  # pylint: disable=missing-return
        super().init()
        self.env.cr.execute(
            """CREATE OR REPLACE FUNCTION shenpi_pairs(text) RETURNS text[]
                LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT array_agg(DISTINCT substr(lower($1), place, 2))
                  FROM generate_series(1, length($1) - 1) place
            $$"""
        )
        # No ``models.Index``: those are made before the function is.
        create_index(
            self.env.cr,
            f"{self._table}_applicant_pairs",
            self._table,
            ["shenpi_pairs(applicant_name)"],
            method="gin",
        )

    @api.model
    def _get_name_domain(self, text):
        """Applications of applicants in whose name the text stands."""
        domain = Domain("applicant_name", "ilike", text)
        if len(text) != PAIR or text in EVERYWHERE or not WILDCARDS.isdisjoint(text):
            return domain

        def to_sql(model, alias, query):
            name = model._field_to_sql(alias, "applicant_name", query)
            return SQL("shenpi_pairs(%s) @> shenpi_pairs(%s)", name, text)

        return Domain.custom(to_sql=to_sql) & domain
