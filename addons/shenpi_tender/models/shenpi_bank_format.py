import base64
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.shenpi_base.tools import sheets

from ..tools.statement_files import DATE_FORMATS, PAID, RECEIVED, Format, find_headings, read_lines

# A table begins within so many rows.
LOOKED_AT = 30
DATE_EXAMPLES = (
    "2026-06-08 15:00:01",
    "2026/06/08 15:00:01",
    "20260608 15:00:01",
    "20260608150001",
    "20260608 150001",
    "2026-06-08-15.00.01",
    "2026.06.08 15:00:01",
    "2026年06月08日 15:00:01",
    "08/06/2026 15:00:01",
)
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


class ShenpiBankFormat(models.Model):
    """How the bank of an account writes its statements: which column is what, in which encoding,
    with which dates and signs. Saved once, chosen when a statement is taken in.

    Cashiers and the trade manager keep them; who handles money reads them. The sample that the
    columns are read from is not kept: it may hold what is sealed.

    Statements do not pass through ``shenpi.import.mixin``: it keeps the file, and takes in the good
    rows of a bad one, both of which would be wrong for money.
    """

    _name = "shenpi.bank.format"
    _description = "Statement format"
    _order = "account_id, sequence, id"

    name = fields.Char(required=True, help="As the bank calls this file.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    account_id = fields.Many2one(
        "shenpi.bank.account", string="Bank account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    encoding = fields.Selection(
        [("auto", "UTF-8 or GB 18030"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB 18030 (GBK)")],
        required=True,
        default="auto",
        help="Of text files; a workbook needs none.",
    )
    delimiter = fields.Selection(
        [("comma", "Comma"), ("semicolon", "Semicolon"), ("tab", "Tab"), ("bar", "Bar |")],
        required=True,
        default="comma",
        help="Between the columns of a text file.",
    )
    header_row = fields.Integer(
        string="Headings in row", required=True, default=1, help="Rows above it are left aside."
    )
    direction = fields.Selection(
        [
            ("word", "A word in a column of its own"),
            ("sign", "The sign: what was paid is negative"),
            ("columns", "Two columns of amounts"),
            ("in", "All of it was received"),
        ],
        string="Received or paid",
        required=True,
        default="word",
    )
    received_words = fields.Char(
        string="Words for received", default=lambda self: "、".join(filter(None, RECEIVED))
    )
    paid_words = fields.Char(string="Words for paid", default=lambda self: "、".join(PAID))
    date_format = fields.Selection(
        list(zip(DATE_FORMATS, DATE_EXAMPLES, strict=True)),
        string="Times look like",
        help="Empty: as 2026-06-08 15:00:01, with dashes or slashes. The date of a workbook is"
        " always understood.",
    )
    end_mark = fields.Char(
        string="Table ends with", help="A row that begins with it, and all below, is no line."
    )
    column_ids = fields.One2many(
        "shenpi.bank.format.column", "format_id", string="Columns", copy=True
    )
    sample = fields.Binary(
        string="Sample file", attachment=True, help="A statement to read the columns from."
    )
    sample_name = fields.Char()

    _header_row_positive = models.Constraint(
        "CHECK (header_row >= 1)", "Headings in row: the first row is 1."
    )

    @api.model_create_multi
    def create(self, vals_list):
        formats = super().create(vals_list)
        formats.filtered("sample")._read_sample()
        return formats

    def write(self, vals):
        result = super().write(vals)
        if vals.get("sample"):
            self._read_sample()
        return result

    # === Reading === #

    def _get_layout(self):
        """As ``tools.statement_files`` takes it; the usual headings without a format."""
        if not self:
            return Format()
        return Format(
            columns={column.key: column.heading for column in self.column_ids},
            header_row=self.header_row,
            direction=self.direction,
            date_format=self.date_format or "",
            received=_split(self.received_words),
            paid=_split(self.paid_words),
            end_mark=self.end_mark or "",
        )

    def _read_rows(self, content, filename):
        """The rows of a file in this format; see ``sheets.read_rows``."""
        encoding = self.encoding if self and self.encoding != "auto" else ""
        delimiter = DELIMITERS[self.delimiter or "comma"]
        return sheets.read_rows(
            content, filename or "", times=True, encoding=encoding, delimiter=delimiter
        )

    def _read_lines(self, content, filename):
        """``(row, line)`` of a file: see ``tools.statement_files.read_lines``."""
        return read_lines(self._read_rows(content, filename), self._get_layout())

    def _read_sample(self):
        """Fill in row and columns of the headings from a sample, and drop it."""
        for record in self:
            content = base64.b64decode(record.sample)
            try:
                rows = record._read_rows(content, record.sample_name)
                found = find_headings(islice(rows, LOOKED_AT))
            except sheets.SheetError as error:
                raise UserError(self.env._("The file is no table that can be read.")) from error
            vals = {"sample": False, "sample_name": False}
            if not found:
                raise UserError(
                    self.env._(
                        "No row has headings of amount and time that are known: enter the columns"
                        " by hand."
                    )
                )
            header_row, headings = found
            new = fields.Command.create
            vals |= {
                "header_row": header_row,
                "column_ids": [
                    fields.Command.clear(),
                    *(new({"key": key, "heading": text}) for key, text in headings.items()),
                ],
            }
            if "amount" not in headings:
                vals["direction"] = "columns"
            record.write(vals)


def _split(words):
    return [word.strip() for word in (words or "").replace(",", "、").split("、")]
