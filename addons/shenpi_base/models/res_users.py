from odoo import api, fields, models
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = "res.users"

    shenpi_department_ids = fields.Many2many(
        "shenpi.department",
        "shenpi_department_user_rel",
        "user_id",
        "department_id",
        string="Approval departments",
        help="The departments this person works in. Cases of these departments, and of all below"
        " them, are visible to him.",
    )
    shenpi_deputy_ids = fields.One2many(
        "shenpi.deputy", "principal_id", string="Deputies", help="Who stands in for this person."
    )
    shenpi_seen_department_ids = fields.Many2many(
        "shenpi.department",
        "shenpi_department_visible_user_rel",
        "user_id",
        "department_id",
        string="Departments whose cases are seen",
        readonly=True,
        context={"active_test": False},
        groups=fields.NO_ACCESS,
    )
    shenpi_standing_in_ids = fields.One2many(
        "shenpi.deputy", "deputy_id", string="Stands in for", groups=fields.NO_ACCESS
    )
    shenpi_sight = fields.Json(
        compute="_compute_shenpi_sight", groups=fields.NO_ACCESS, export_string_translation=False
    )

    @api.depends(
        "shenpi_seen_department_ids",
        "shenpi_standing_in_ids.active",
        "shenpi_standing_in_ids.date_from",
        "shenpi_standing_in_ids.date_to",
    )
    def _compute_shenpi_sight(self):
        """What every rule about cases asks, in one query and then out of the cache: the departments
        whose cases a person sees, and by which entries (id, from, to) he stands in for others."""
        self.env["shenpi.department"].flush_model(["visible_user_ids"])
        self.env["shenpi.deputy"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT user_id, department_id, NULL, NULL, NULL
                     FROM shenpi_department_visible_user_rel WHERE user_id = ANY(%(ids)s)
                    UNION ALL
                   SELECT deputy_id, NULL, id, date_from::text, date_to::text
                     FROM shenpi_deputy WHERE active AND deputy_id = ANY(%(ids)s)""",
                ids=list(self.ids),
            )
        )
        sights = {user_id: ([], []) for user_id in self.ids}
        for user_id, department_id, *entry in rows:
            departments, entries = sights[user_id]
            if department_id:
                departments.append(department_id)
            else:
                entries.append(entry)
        for user in self:
            departments, entries = sights.get(user.id, ([], []))
            user.shenpi_sight = {"departments": departments, "entries": entries}
