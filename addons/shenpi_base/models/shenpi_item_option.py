from odoo import fields, models


class ShenpiItemOption(models.Model):
    """A value of a code list that an item takes several of (GB/T 39046-2020, annex A)."""

    _name = "shenpi.item.option"
    _description = "Value of an item's code list"
    _order = "kind, sequence, code, id"

    kind = fields.Selection(
        [
            ("audience", "Applicants"),
            ("channel", "Ways to file"),
            ("depth", "What can be done online"),
            ("theme", "Theme"),
            ("area", "Subject area"),
        ],
        required=True,
    )
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    excludes_commitment = fields.Boolean(
        string="No commitment",
        help="Items of this subject area may not be granted on a written commitment.",
    )

    _kind_code_uniq = models.Constraint(
        "UNIQUE (kind, code)", "This code list already has a value with that code."
    )
