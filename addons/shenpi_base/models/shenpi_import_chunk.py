from odoo import fields, models


class ShenpiImportChunk(models.Model):
    """A thousand rows of a file being imported, from its reading to the end of the import.

    Kept so that a job needs only its own rows, and so that an import goes on where it stopped.
    """

    _name = "shenpi.import.chunk"
    _description = "Rows of an import"
    _order = "res_model, res_id, number"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    number = fields.Integer(required=True)
    rows = fields.Json(help="Good rows: [line, values, cells].")
    bad_rows = fields.Json(help="Bad rows: [line, reasons, cells].")
    created = fields.Json(help="What became of good rows: [line, record id].")
    remarks = fields.Json(help="What the last pass said: [line, name, reasons].")

    _number_uniq = models.UniqueIndex(
        "(res_model, res_id, number)", "These rows are already part of the import."
    )
