from itertools import repeat

from psycopg2.extensions import AsIs

from odoo import api, models
from odoo.tools import SQL

# What one statement carries.
ROWS = 1000
DEFAULT = AsIs("DEFAULT")
NOW = AsIs("now() AT TIME ZONE 'UTC'")


class ShenpiBulkInsert(models.AbstractModel):
    """Rows of a model written many at a time.

    The same as ``create`` for values that are stored columns: defaults are filled in, constraints
    are asked, dependents recomputed, and the cache knows the rows. Lines, precomputed columns and
    checks of access are the caller's work.
    """

    _name = "shenpi.bulk.insert"
    _description = "Rows written many at a time"

    @api.model
    def _insert_all(self, vals_list):
        """Insert rows.

        :param vals_list: list of dicts, values by name of stored field
        :return: the records, in the same order
        """
        if not vals_list:
            return self.browse()
        vals_list = self._add_defaults(vals_list)
        names = list(dict.fromkeys(name for vals in vals_list for name in vals))
        columns = [self._fields[name] for name in names]
        ids = []
        for start in range(0, len(vals_list), ROWS):
            ids += self._insert_rows(columns, vals_list[start : start + ROWS])
        records = self.browse(ids)
        self._fill_cache(records, columns, vals_list)
        self._mark_dependents(records, columns)
        records._validate_fields(names)
        return records

    def _add_defaults(self, vals_list):
        """The values, default ones (the same for all rows) added where a column is not given."""
        given = set(vals_list[0]).intersection(*vals_list[1:])
        defaults = {
            field.name: field.convert_to_write(field.default(self), self)
            for field in self._fields.values()
            if field.default and field.store and field.column_type and field.name not in given
        }
        return [defaults | vals for vals in vals_list] if defaults else vals_list

    def _insert_rows(self, columns, vals_list):
        names = [column.name for column in columns]
        log, stamps = [], ()
        if self._log_access:
            log = ["create_uid", "write_uid", "create_date", "write_date"]
            stamps = (self.env.uid, self.env.uid, NOW, NOW)
        rows = (
            tuple(
                c.convert_to_column_insert(vals[c.name], self, vals) if c.name in vals else DEFAULT
                for c in columns
            )
            + stamps
            for vals in vals_list
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES %s RETURNING id",
                SQL.identifier(self._table),
                SQL(", ").join(SQL.identifier(name) for name in names + log),
                SQL(", ").join(rows),
            )
        )
        return [row_id for (row_id,) in self.env.cr.fetchall()]

    def _mark_dependents(self, records, columns):
        """Have computed what is stored, computed and not given, here and in other records."""
        given = set(columns)
        for field in self._fields.values():
            if field.compute and field.store and field not in given:
                self.env.add_to_compute(field, records)
        computed = [column for column in columns if column.compute]
        with self.env.protecting(computed, records):
            records.modified([column.name for column in columns], create=True)

    def _fill_cache(self, records, columns, vals_list):
        given = set(columns)
        for field in self._fields.values():
            if field in given:
                values = [
                    field.convert_to_cache(vals.get(field.name), self, False) for vals in vals_list
                ]
                field._insert_cache(records, values)
                if field.type == "many2one":
                    # Lists of lines that somebody has read before are longer now.
                    for inverse in self.pool.field_inverses[field]:
                        inverse._invalidate_cache(self.env, set(values))
            elif field.column_type and field.store and field.name not in models.MAGIC_COLUMNS:
                field._insert_cache(records, repeat(None))
