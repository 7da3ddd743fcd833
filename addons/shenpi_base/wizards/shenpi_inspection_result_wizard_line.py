from odoo import api, fields, models


class ShenpiInspectionResultWizardLine(models.TransientModel):
    """The result of one case of a common inspection."""

    _name = "shenpi.inspection.result.wizard.line"
    _description = "Result of one case"

    wizard_id = fields.Many2one(
        "shenpi.inspection.result.wizard", required=True, index=True, ondelete="cascade"
    )
    part_id = fields.Many2one("shenpi.inspection.part", required=True, ondelete="cascade")
    item_name = fields.Char(related="part_id.item_name")
    result = fields.Selection(
        [("pass", "Pass"), ("rectify", "To be rectified"), ("fail", "Fail")], required=True
    )
    opinion = fields.Text(string="Findings")

    @api.model
    def _prepare_from_parts(self, parts):
        """Commands with what the checklist of each case suggests."""
        commands = []
        for part in parts:
            lines = part._get_lines()
            faults = lines.filtered(lambda line: line.result == "fail")
            vals = {"part_id": part.id, "result": "rectify" if faults else "pass"}
            commands.append(fields.Command.create(vals | {"opinion": faults._describe_faults()}))
        return commands
