from odoo import fields, models


class ShenpiLadderRun(models.Model):
    """One pass of a ladder over its documents."""

    _name = "shenpi.ladder.run"
    _inherit = ["shenpi.run.mixin"]
    _description = "Run of an escalation ladder"
    _run_lock = 4_735_810
    _run_over = ("ladder_id",)

    ladder_id = fields.Many2one("shenpi.ladder", required=True, index=True, ondelete="cascade")
