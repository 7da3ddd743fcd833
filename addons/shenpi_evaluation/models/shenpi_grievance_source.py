from odoo import fields, models


class ShenpiGrievanceSource(models.Model):
    """A way in which grievances come: a window, a box, a hotline. The same for all bureaus; the
    evaluation manager adds and archives them, integrators name them by their codes."""

    _name = "shenpi.grievance.source"
    _description = "Source of grievances"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="What integrators call it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    has_external_number = fields.Boolean(
        string="With order numbers", help="Its orders carry a number of their own, each once."
    )
    is_public = fields.Boolean(string="On the public page")

    _code_unique = models.UniqueIndex("(code)", "Another source already has this code.")
