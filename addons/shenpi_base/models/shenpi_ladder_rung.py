from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import ladder


class ShenpiLadderRung(models.Model):
    """One rung of a ladder: so many working days from a date, this is done.

    Another action is added with ``selection_add`` and a method ``_do_<action>(document)`` that
    answers the people to be told (``res.users``) and what was done, in words.
    """

    _name = "shenpi.ladder.rung"
    _description = "Rung of an escalation ladder"
    _order = "ladder_id, sequence, id"

    ladder_id = fields.Many2one("shenpi.ladder", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10, help="The higher rung acts when several are due.")
    active = fields.Boolean(default=True)
    offset = fields.Integer(
        string="Working days after",
        default=0,
        aggregator=None,
        help="After the date; negative: before it. 0: on the day itself.",
    )
    anchor = fields.Selection(
        [("warn", "Yellow from"), ("alarm", "Red from"), ("due", "Due date")],
        string="Counted from",
        required=True,
        default="due",
    )
    action = fields.Selection(
        [
            ("handler", "Remind the handler"),
            ("head", "Tell the head of the office"),
            ("bureau", "Tell the bureau head"),
            ("order", "Issue a supervision order"),
        ],
        string="What is done",
        required=True,
        default="handler",
    )
    order_severity = fields.Selection(
        selection=lambda self: (
            self.env["shenpi.supervision"]._fields["severity"]._description_selection(self.env)
        ),
        string="Severity of the order",
        default="yellow",
    )
    order_days = fields.Integer(string="Answer within (working days)", default=3, aggregator=None)
    firing_ids = fields.One2many("shenpi.ladder.firing", "rung_id")

    _order_days_positive = models.Constraint(
        "CHECK (action <> 'order' OR order_days > 0)", "Answer within: at least one working day."
    )

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("offset", "anchor", "action")
    def _compute_display_name(self):
        actions, anchors = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("action", "anchor")
        )
        for rung in self:
            rung.display_name = self.env._(
                "%(action)s (%(date)s %(days)s)",
                action=actions.get(rung.action, ""),
                date=anchors.get(rung.anchor, ""),
                days=f"{rung.offset:+}" if rung.offset else "+0",
            )

    # === Constraint methods === #

    @api.constrains("anchor", "ladder_id")
    def _check_anchor(self):
        for rung in self:
            if rung.anchor not in rung.ladder_id._get_track().anchors:
                raise ValidationError(
                    self.env._(
                        "From: “%(track)s” has no such date.",
                        track=rung.ladder_id._get_track().label,
                    )
                )

    @api.constrains("action", "ladder_id")
    def _check_orders(self):
        for rung in self:
            documents = rung.ladder_id._get_documents()[0]
            if rung.action == "order" and not hasattr(documents, "_prepare_supervision_vals"):
                raise ValidationError(
                    self.env._("What is done: no supervision orders are issued about these.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fired(self):
        if self.firing_ids:
            raise UserError(
                self.env._("A rung that has fired is kept as evidence: archive it instead.")
            )

    # === Business methods === #

    def _get_reach(self, calendar, today):
        """The latest date of the rung's anchor for which it is due today."""
        return ladder.reach(calendar, today, self.offset)

    def _do(self, document):
        """Act for one document.

        :return: (res.users to be told, what was done in words)
        :raise UserError: there is nobody to tell
        """
        self.ensure_one()
        return getattr(self, f"_do_{self.action}")(document)

    def _do_handler(self, document):
        return self._tell("handler", document)

    def _do_head(self, document):
        return self._tell("head", document)

    def _do_bureau(self, document):
        return self._tell("bureau", document)

    def _do_order(self, document):
        """A supervision order, unless one for the same signal is open."""
        orders = self.env["shenpi.supervision"]
        order = orders._find_open(document, "overdue")
        if order:
            return self.env["res.users"], self.env._("Order open already: %s", order.number)
        order = orders._issue(
            document,
            source="ladder",
            kind="overdue",
            severity=self.order_severity,
            due_days=self.order_days,
            demand=document._get_supervision_demand(),
        )
        return order._get_addressees(), self.env._("Supervision order %s", order.number)

    def _tell(self, role, document):
        """Whoever has the role, or the next one up; nobody twice for two roles."""
        roles = document._get_ladder_roles()
        for wanted in roles[roles.index(role) :]:
            people = document._get_ladder_people(wanted)
            if people:
                return people, self.env._("Told: %s", "、".join(people.mapped("name")))
        raise UserError(self.env._("There is nobody to tell: the bureau has no head."))
