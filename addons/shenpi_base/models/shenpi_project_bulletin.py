from odoo import fields, models


class ShenpiProjectBulletin(models.Model):
    """The weekly bulletin of key projects 重点项目周报: how far they are, how fast their permits
    come, what blocks them, this year against the last. It counts the bureau's projects and those of
    the districts that the bureau has named."""

    _name = "shenpi.project.bulletin"
    _inherit = ["shenpi.bulletin.mixin"]
    _description = "Weekly bulletin of key projects"
    _order = "date_from desc, company_id"

    _event_field = "project_bulletin_id"
    _pages = "shenpi.project.bulletin.document"
    _report_pdf = "shenpi_base.action_report_project_bulletin"
    _report_xlsx = "shenpi_base.action_report_project_bulletin_xlsx"

    event_ids = fields.One2many("shenpi.event", "project_bulletin_id", readonly=True)

    _week_unique = models.Constraint(
        "UNIQUE (company_id, date_from)", "This bureau already has a bulletin of this week."
    )
    _begins_on_monday = models.Constraint(
        "CHECK (EXTRACT(ISODOW FROM date_from) = 1)", "A week begins on a Monday."
    )
