from odoo import fields, models


class ShenpiItemStage(models.Model):
    """A stage of the procedure as published in the guide (办理环节): acceptance to delivery."""

    _name = "shenpi.item.stage"
    _inherit = ["shenpi.item.part"]
    _description = "Stage of an item's procedure"

    name = fields.Char(string="Stage", required=True)
    duration = fields.Char(string="Time", help="As published, for example 1 working day.")
    standard = fields.Char(help="What is examined at this stage.")
    outcome = fields.Char(help="What the applicant receives.")
