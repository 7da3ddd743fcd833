from odoo import fields


class Fen(fields.Integer):
    """Whole fen in eight bytes: Odoo's Integer ends at 21,474,836.47 yuan."""

    _column_type = ("int8", "int8")
