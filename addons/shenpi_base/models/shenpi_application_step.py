from odoo import api, fields, models, tools

ROLE_GROUPS = {
    "reviewer": "shenpi_base.group_shenpi_reviewer",
    "decider": "shenpi_base.group_shenpi_decider",
}


class ShenpiApplicationStep(models.Model):
    """One step of an application's approval chain, copied from the item version at acceptance.

    A step belongs to a role within a department, or to a named person. Who did it, on whose behalf,
    when and with what opinion is written here by the flow and stays in the event chain.
    """

    _name = "shenpi.application.step"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Approval step"
    _order = "sequence, id"
    _log_access = False

    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(required=True)
    name = fields.Char(required=True)
    kind = fields.Selection([("review", "Review"), ("decide", "Decision")], required=True)
    role = fields.Selection([("reviewer", "Reviewer"), ("decider", "Decider")], required=True)
    department_id = fields.Many2one("shenpi.department", ondelete="restrict", index=True)
    user_id = fields.Many2one(
        "res.users", string="Named person", ondelete="restrict", index="btree_not_null"
    )
    status = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("current", "In hand"),
            ("passed", "Passed"),
            ("returned", "Returned"),
            ("rejected", "Rejection proposed"),
            ("granted", "Granted"),
            ("denied", "Denied"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
    )
    done_by_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    for_user_id = fields.Many2one("res.users", string="For", ondelete="restrict")
    done_at = fields.Datetime(string="Done on")
    opinion = fields.Text()

    _done_range = models.Index("(done_at) WHERE done_at IS NOT NULL")

    @api.model
    def _get_chain(self, application):
        """All steps of one application, by sequence, in one query."""
        return self.sudo().search_fetch([("application_id", "=", application.id)])

    @api.model
    def _prepare_chain(self, application):
        """The chain of the application's item version as values of steps, the first one in hand."""
        return [
            step
            | {
                "application_id": application.id,
                "sequence": place,
                "department_id": step["department_id"] or application.department_id.id,
                "status": "current" if place == 1 else "waiting",
            }
            for place, step in enumerate(self._get_item_chain(application.item_id), start=1)
        ]

    @api.model
    @tools.ormcache("item.id")
    def _get_item_chain(self, item):
        """The chain of a published item version, which is never edited, as values of steps."""
        steps = self.env["shenpi.item.step"].sudo()
        steps = steps.search([("item_id", "=", item.id)], order="sequence, id")
        return [
            {
                "name": step.name,
                "kind": step.kind,
                "role": step.role or ("decider" if step.kind == "decide" else "reviewer"),
                "department_id": step.department_id.id,
                "user_id": step.user_id.id,
            }
            for step in steps
        ]

    def _get_principal(self, user):
        """The person as whom ``user`` may act on this step: himself, the one he stands in for, or
        nobody (an empty record)."""
        self.ensure_one()
        if self._belongs_to(user):
            return user
        day = self.application_id._get_today()
        principals = self.env["shenpi.deputy"]._principals_of(user, day, self.department_id)
        return principals.filtered(self._belongs_to)[:1]

    def _belongs_to(self, person):
        """Whether the step is this person's: named, taken in hand, or open to his role."""
        owner = self.user_id or self.application_id.handler_id
        if owner and owner != person:
            return False
        return bool(self.user_id) or self._has_role(person)

    def _has_role(self, person):
        """Whether the person holds the step's role in its department (or one above it)."""
        has_group = person.sudo().has_group(ROLE_GROUPS[self.role])
        return has_group and self.department_id._is_visible_to(person)
