import io
from itertools import repeat

from psycopg2 import sql
from psycopg2.extras import Json

from odoo import api, models
from odoo.tools import SQL

# What one statement carries.
ROWS = 1000
# From how many rows on they are copied.
COPIED_FROM = 20
_NOTHING = object()
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _encode(value):
    """A value of a column as COPY reads it."""
    if value is None:
        return r"\N"
    if isinstance(value, Json):
        value = value.dumps(value.adapted)
    return str(value).translate(_ESCAPES)


def _convert_each(values, convert):
    """Convert the values of a column; one that repeats from row to row is converted once."""
    converted, given, result = [], values, None
    for value in values:
        if value is not given:
            given, result = value, convert(value)
        converted.append(result)
    return converted


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

    def _update_all(self, vals_list):
        """Write each record its own values in one UPDATE: what ``write`` does for stored columns.

        :param vals_list: list of dicts with the same names, in the order of the records
        """
        if self._log_access:
            stamps = {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
            vals_list = [vals | stamps for vals in vals_list]
        names = list(vals_list[0])
        columns = [self._fields[name] for name in names]
        self.flush_recordset(names)
        related = [name for name in names if self.pool.is_modifying_relations(self._fields[name])]
        self.modified(related, before=True)
        self._update_rows(columns, vals_list)
        for column in columns:
            column._invalidate_cache(self.env, self.ids)
        self._fill_columns(self, columns, vals_list)
        self.modified(names)
        self._validate_fields(names)

    def _update_rows(self, columns, vals_list):
        types = {column.name: column.column_type[1] for column in columns}
        values = {column.name: self._convert_column(column, vals_list) for column in columns}
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s row
                      SET %(assignments)s
                     FROM unnest(%(ids)s, %(arrays)s) AS given (id, %(names)s)
                    WHERE row.id = given.id""",
                table=SQL.identifier(self._table),
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("given", name))
                    for name in types
                ),
                ids=self.ids,
                arrays=SQL(", ").join(
                    SQL("%s::%s[]", values[name], SQL(kind)) for name, kind in types.items()
                ),
                names=SQL(", ").join(map(SQL.identifier, types)),
            )
        )

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
        rows = [self._convert_column(column, vals_list) for column in columns]
        if self._log_access:
            stamps = (self.env.uid, self.env.uid, self.env.cr.now(), self.env.cr.now())
            names += ["create_uid", "write_uid", "create_date", "write_date"]
            rows += [[stamp] * len(vals_list) for stamp in stamps]
        if len(vals_list) < COPIED_FROM:
            return self._insert_values(names, zip(*rows, strict=True))
        return self._copy_values(names, rows, len(vals_list))

    def _insert_values(self, names, rows):
        return [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s) VALUES %s RETURNING id",
                    SQL.identifier(self._table),
                    SQL(", ").join(map(SQL.identifier, names)),
                    SQL(", ").join(rows),
                )
            )
        ]

    def _copy_values(self, names, columns, count):
        """What :meth:`_insert_values` does for few rows: PostgreSQL reads many of them faster by
        COPY, which answers no ids, so these are taken first."""
        ids = [
            row_id
            for (row_id,) in self.env.execute_query(
                SQL(
                    "SELECT nextval(%s) FROM generate_series(1, %s)", f"{self._table}_id_seq", count
                )
            )
        ]
        cells = [_convert_each(values, _encode) for values in columns]
        lines = ("\t".join(row) for row in zip(map(str, ids), *cells, strict=True))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self._table), sql.SQL(", ").join(map(sql.Identifier, ("id", *names)))
        )
        self.env.cr.copy_expert(statement, io.StringIO("\n".join(lines)))
        return ids

    def _convert_column(self, column, vals_list):
        """The values of a column as psycopg2 takes them."""

        def convert(value, vals):
            if value is _NOTHING:
                return None
            return column.convert_to_column_insert(value, self, vals)

        values = [vals.get(column.name, _NOTHING) for vals in vals_list]
        if column.type == "monetary":  # rounded by the currency beside it
            return list(map(convert, values, vals_list))
        return _convert_each(values, lambda value: convert(value, None))

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
        self._fill_columns(records, columns, vals_list)
        given = set(columns)
        for field in self._fields.values():
            is_ours = field.column_type and field.store and field.name not in models.MAGIC_COLUMNS
            if is_ours and field not in given:
                field._insert_cache(records, repeat(None))

    def _fill_columns(self, records, columns, vals_list):
        for column in columns:
            values = _convert_each(
                [vals.get(column.name) for vals in vals_list],
                lambda value, column=column: column.convert_to_cache(value, self, False),
            )
            column._insert_cache(records, values)
            if column.type == "many2one":
                # Lists of lines that somebody has read before are longer now.
                for inverse in self.pool.field_inverses[column]:
                    inverse._invalidate_cache(self.env, set(values))
