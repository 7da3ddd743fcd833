from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class ShenpiAppendOnly(models.AbstractModel):
    """Rows that are facts: written once, never changed, never deleted.

    The refusal lives in PostgreSQL, so that neither sudo code nor a database console rewrites the
    record by accident; the ORM methods only say it in words first. Facts have no defaults and no
    computed columns, so the flow writes them by ``_insert_all``, all required columns given.
    """

    _name = "shenpi.append.only"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Append-only rows"
    _log_access = False

    def init(self):
        super().init()
        if self._abstract:
            return
        function = SQL.identifier("shenpi_refuse_change")
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'rows of %% are append-only: %% refused', TG_TABLE_NAME, TG_OP
                        USING ERRCODE = 'restrict_violation';
                END $$""",
                function,
            )
        )
        for name, timing, level in (
            ("append_only_row", "UPDATE OR DELETE", "ROW"),
            ("append_only_table", "TRUNCATE", "STATEMENT"),
        ):
            self.env.cr.execute(
                SQL(
                    "CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s"
                    " FOR EACH %s EXECUTE FUNCTION %s()",
                    SQL.identifier(f"{self._table}_{name}"),
                    SQL(timing),
                    SQL.identifier(self._table),
                    SQL(level),
                    function,
                )
            )

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("%s: recorded facts are never changed.", self._description))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("%s: recorded facts are never deleted.", self._description))
