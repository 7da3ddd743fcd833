from odoo import fields, models
from odoo.tools import SQL

from .shenpi_application_material import WAYS


class ShenpiPaperSaving(models.Model):
    """Papers that nobody had to bring: one row for each spared material of a filed application.

    A figure of what the materials say now, so that one that was handed in after all is no saving.
    """

    _name = "shenpi.paper.saving"
    _description = "Papers saved"
    _auto = False
    _order = "received_on desc, id desc"
    _rec_name = "name"

    _depends = {
        "shenpi.application": ["received_at", "item_id", "department_id", "company_id"],
        "shenpi.application.material": ["status", "spared_way", "name", "application_id"],
        "shenpi.item.material": ["copies"],
    }

    name = fields.Char(string="Material", readonly=True)
    application_id = fields.Many2one("shenpi.application", string="Case", readonly=True)
    item_id = fields.Many2one("shenpi.item", readonly=True)
    department_id = fields.Many2one("shenpi.department", readonly=True)
    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    received_on = fields.Date(readonly=True)
    way = fields.Selection(WAYS, string="Spared by", readonly=True)
    papers = fields.Integer(string="Proofs", readonly=True)
    sheets = fields.Integer(
        readonly=True, help="As many as the item asks copies of, at least one for each proof."
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT material.id, material.name, material.application_id,
                      application.item_id, application.department_id, application.company_id,
                      (application.received_at + INTERVAL '8 hours')::date AS received_on,
                      material.spared_way AS way, 1 AS papers,
                      GREATEST(asked.copies, 1) AS sheets
                 FROM shenpi_application_material material
                 JOIN shenpi_application application ON application.id = material.application_id
                 JOIN shenpi_item_material asked ON asked.id = material.item_material_id
                WHERE material.status = 'spared' AND application.received_at IS NOT NULL"""
        )
