from odoo import api, fields, models
from odoo.exceptions import UserError


class ShenpiLicenceTypeRung(models.Model):
    """One rung of the reminder ladder of a licence type: so many calendar days before the day by
    which renewal is to be asked for, the holder is told in this way.

    The ladder is the bureau's own arrangement; no law asks for it.
    """

    _name = "shenpi.licence.type.rung"
    _description = "Rung of the reminder ladder"
    _order = "type_id, days_before desc, sequence, id"

    type_id = fields.Many2one("shenpi.licence.type", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    days_before = fields.Integer(
        string="Days before",
        required=True,
        aggregator=None,
        help="Calendar days before the renewal deadline, or before the day of a duty. 0: on the day"
        " itself; negative: after it.",
    )
    channel = fields.Selection(
        [("call", "Call"), ("sms", "SMS"), ("mail", "E-mail message"), ("visit", "Visit")],
        string="Way",
        required=True,
        default="call",
        help="Calls and visits are tasks of the specialist.",
    )

    line_ids = fields.One2many("shenpi.licence.reminder", "rung_id")

    _once = models.UniqueIndex(
        "(type_id, days_before, channel) WHERE active",
        "The ladder has this rung already.",
    )

    @api.depends_context("lang")
    @api.depends("days_before", "channel")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for rung in self:
            days, channel = rung.days_before, channels.get(rung.channel, "")
            if days < 0:
                text = self.env._("%(days)s days after: %(channel)s", days=-days, channel=channel)
            else:
                text = self.env._("%(days)s days before: %(channel)s", days=days, channel=channel)
            rung.display_name = text

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        kinds = self.env["shenpi.licence.type"].browse(vals["type_id"] for vals in vals_list)
        before = kinds._get_reaches()
        rungs = super().create(vals_list)
        kinds._apply_reach(before)
        return rungs

    def write(self, vals):
        before = self.type_id._get_reaches()
        result = super().write(vals)
        self.type_id._apply_reach(before)
        return result

    def unlink(self):
        kinds = self.type_id
        before = kinds._get_reaches()
        result = super().unlink()
        kinds.exists()._apply_reach(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_acted(self):
        if self.sudo().line_ids:
            raise UserError(
                self.env._("A rung that has acted is kept as evidence: archive it instead.")
            )
