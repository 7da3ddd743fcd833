from odoo import fields, models


class ShenpiBulletin(models.Model):
    """The weekly bulletin of approvals: everything that a bureau took in and decided. Those whom
    the bureau has chosen receive it by mail."""

    _name = "shenpi.bulletin"
    _inherit = ["shenpi.bulletin.mixin"]
    _description = "Weekly bulletin"
    _order = "date_from desc, company_id"

    _event_field = "bulletin_id"
    _flow_fields = frozenset({"state", "figures", "issued_at", "issued_by_id", "sent_at"})
    _pages = "shenpi.bulletin.document"
    _report_pdf = "shenpi_base.action_report_bulletin"
    _report_xlsx = "shenpi_base.action_report_bulletin_xlsx"

    sent_at = fields.Datetime(string="Sent on", readonly=True, copy=False)
    event_ids = fields.One2many("shenpi.event", "bulletin_id", readonly=True)

    _week_unique = models.Constraint(
        "UNIQUE (company_id, date_from)", "This bureau already has a bulletin of this week."
    )
    _begins_on_monday = models.Constraint(
        "CHECK (EXTRACT(ISODOW FROM date_from) = 1)", "A week begins on a Monday."
    )
