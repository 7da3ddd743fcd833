from odoo import fields, models


class ShenpiItemCheckpoint(models.Model):
    """What inspectors look at when they inspect a case of the item, and by which standard."""

    _name = "shenpi.item.checkpoint"
    _inherit = ["shenpi.item.part"]
    _description = "Checkpoint of an item"

    name = fields.Char(string="What is checked", required=True)
    standard = fields.Char(help="What it must be like to pass.")
    needs_photo = fields.Boolean(string="Photo", help="It passes only with a photo.")
