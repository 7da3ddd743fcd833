from odoo import fields, models


class ShenpiApplicationCorrectionLine(models.Model):
    """One thing the applicant has to supply or put right."""

    _name = "shenpi.application.correction.line"
    _description = "Correction notice line"
    _order = "correction_id, id"

    correction_id = fields.Many2one(
        "shenpi.application.correction", required=True, index=True, ondelete="cascade"
    )
    material_id = fields.Many2one(
        "shenpi.application.material", index="btree_not_null", ondelete="restrict"
    )
    text = fields.Char(string="What is to be done", required=True)
    done = fields.Boolean(string="Supplied")
