from odoo import fields, models


class ShenpiLicenceReminderRun(models.Model):
    """One pass of the reminder ladders over the licences. Supervisors and bureau heads read it."""

    _name = "shenpi.licence.reminder.run"
    _inherit = ["shenpi.run.mixin"]
    _description = "Run of the licence reminders"
    _run_lock = 4_735_811

    day = fields.Date(required=True, help="The legal date it reminded for.")
    contact_count = fields.Integer(string="Tasks and messages", default=0)

    def _count(self, counts):
        self.contact_count += counts["contacts"]
        return super()._count(counts)
