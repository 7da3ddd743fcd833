from odoo import api, fields, models
from odoo.fields import Domain


class ShenpiLicence(models.Model):
    """The reminders of a licence, on its form; its specialist reads it, wherever he works."""

    _inherit = "shenpi.licence"

    reminder_ids = fields.One2many(
        "shenpi.licence.reminder", "licence_id", string="Licence reminders"
    )
    reminder_count = fields.Integer(string="Reminders made", compute="_compute_reminder_count")

    # What the daily run asks.
    _reminder_list = models.Index(
        "(type_id, renewal_due_date, valid_to) WHERE state IN ('valid', 'suspended')"
    )

    @api.depends("reminder_ids")
    def _compute_reminder_count(self):
        counts = dict(
            self.env["shenpi.licence.reminder"]._read_group(
                [("licence_id", "in", self._origin.ids)], ["licence_id"], ["__count"]
            )
        )
        for licence in self:
            licence.reminder_count = counts.get(licence._origin, 0)

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        seen = Domain(super()._search_in_sight("in", [True]))
        seen |= Domain("type_id.specialist_id", "=", self.env.uid)
        return Domain.OR(seen if wanted else ~seen for wanted in value)

    def action_open_reminders(self):
        """What the ledger says about this licence."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "shenpi_base.shenpi_licence_reminder_action"
        )
        return dict(action, domain=[("licence_id", "=", self.id)], context={})
