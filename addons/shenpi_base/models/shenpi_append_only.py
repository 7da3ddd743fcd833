from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


def guard_table(model, name, function):
    """Let a function of PostgreSQL judge every change of a model's rows: update, delete, truncate.

    :param str name: what the triggers are called, after the table; :param str function: its name
    """
    for kind, timing, level in (
        ("row", "UPDATE OR DELETE", "ROW"),
        ("table", "TRUNCATE", "STATEMENT"),
    ):
        model.env.cr.execute(
            SQL(
                "CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s FOR EACH %s EXECUTE FUNCTION %s()",
                SQL.identifier(f"{model._table}_{name}_{kind}"),
                SQL(timing),
                SQL.identifier(model._table),
                SQL(level),
                SQL.identifier(function),
            )
        )


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
        function = "shenpi_refuse_change"
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'rows of %% are append-only: %% refused', TG_TABLE_NAME, TG_OP
                        USING ERRCODE = 'restrict_violation';
                END $$""",
                SQL.identifier(function),
            )
        )
        guard_table(self, "append_only", function)

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("%s: recorded facts are never changed.", self._description))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise AccessError(self.env._("%s: recorded facts are never deleted.", self._description))
