from odoo import api, fields, models

# Which answers a question needs beside the words.
WITH_DAYS = ("postpone", "send_back", "reopen")


class ShenpiBlockerWizard(models.TransientModel):
    """One question about one blocker: the words, and where they are asked for, days and owner."""

    _name = "shenpi.blocker.wizard"
    _inherit = ["shenpi.document.wizard"]
    _description = "Question about a blocker"

    _document_field = "blocker_id"

    blocker_id = fields.Many2one("shenpi.blocker", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("reassign", "Another owner"),
            ("postpone", "More time"),
            ("answer", "Cleared"),
            ("send_back", "Send back"),
            ("strike_off", "Strike off"),
            ("reopen", "Open again"),
            ("drop", "Drop"),
        ],
        required=True,
    )
    matter = fields.Char(related="blocker_id.matter")
    description = fields.Text(related="blocker_id.description")
    answer = fields.Text(related="blocker_id.answer", string="Answer")
    company_id = fields.Many2one(related="blocker_id.company_id")
    text = fields.Text(required=True)
    days = fields.Integer(string="Within (working days)", default=3, aggregator=None)
    department_id = fields.Many2one(
        "shenpi.department",
        string="Responsible department",
        domain="[('company_id', '=', company_id)]",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    @api.onchange("department_id")
    def _onchange_department_id(self):
        self.user_id = self.department_id.manager_id

    def action_confirm(self):
        """Pass the answer to the blocker's worker, which checks everything once more."""
        blocker = self._get_document()
        if self.action == "reassign":
            blocker._do_reassign(self.user_id, self.department_id, self.text, self.days)
        else:
            details = (self.text, self.days) if self.action in WITH_DAYS else (self.text,)
            getattr(blocker, f"_do_{self.action}")(*details)
        return {"type": "ir.actions.act_window_close"}
