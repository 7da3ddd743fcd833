from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .shenpi_application_flow import IN_HAND
from .shenpi_inspection import INSPECTOR, PENDING
from .shenpi_inspection_flow import ORDER

# An inspection may be ordered while the applicant completes his materials, too.
INSPECTABLE = ("correcting", *IN_HAND.split())
ENDINGS = frozenset({"deny", "not_accept", "withdraw", "deem_withdrawn", "terminate"})


class ShenpiApplication(models.Model):
    """The inspections of a case: when they come about, and how long a grant waits for them."""

    _inherit = "shenpi.application"

    inspection_ids = fields.One2many("shenpi.inspection", "application_id", readonly=True)
    inspection_part_ids = fields.One2many(
        "shenpi.inspection.part", "application_id", string="Common inspections", readonly=True
    )
    inspection_note = fields.Char(string="Inspections", compute="_compute_inspection_note")
    can_order_inspection = fields.Boolean(compute="_compute_can_order_inspection")

    # === Compute methods === #

    @api.depends("inspection_ids.state", "inspection_part_ids.state")
    def _compute_inspection_note(self):
        """The state of the newest inspection."""
        labels = self.env["shenpi.inspection"]._get_state_labels()
        for application in self:
            states = application._get_inspection_states()
            application.inspection_note = labels[states[-1][1]] if states else False

    @api.depends("state", "inspection_ids.state", "inspection_part_ids.state")
    @api.depends_context("uid")
    def _compute_can_order_inspection(self):
        for application in self:
            application.can_order_inspection = not application._refuse_inspection()

    # === Order === #

    def _do_order_inspection(self, mode=None, note="", at=None):
        """Have the case inspected.

        :param str mode: on_site, video, remote or commitment; the item's when absent
        :param str note: what the inspectors are to look at
        """
        self._open()
        refusal = self._refuse_inspection()
        if refusal:
            raise refusal
        # Of two who order at once, the second one is told what the first one did.
        self._touch()
        values = {"note": note} | ({"mode": mode} if mode else {})
        return self._order_inspection("order_inspection", at=at, **values)

    def _order_inspection(self, action, at=None, **values):
        """An inspection of this case, or its part in a common one of its bundle case."""
        inspections = self.env["shenpi.inspection"]
        case = self.sudo().bundle_line_id.case_id
        if case.common_inspection:
            return inspections._order_common(action, self, case, at=at, **values)
        return inspections._do_order(action, self, at=at, **values)

    def _get_inspection_states(self):
        """(inspection as sudo, what it means for this case: one of its states), oldest first."""
        application = self.sudo()
        states = {inspection: inspection.state for inspection in application.inspection_ids}
        if application.bundle_line_id:
            for part in application.inspection_part_ids:
                states[part.inspection_id] = part.state
        return sorted(states.items(), key=lambda pair: pair[0].id)

    def _get_inspections(self):
        """The inspections of this case, its own and the common ones, oldest first."""
        states = self._get_inspection_states()
        return self.env["shenpi.inspection"].union(*(inspection for inspection, _state in states))

    def _refuse_inspection(self):
        """The error that an order of this user meets now, or None."""
        if not any(self.env.user.has_group(group) for group in ORDER):
            return AccessError(
                self.env._("Reviewers, deciders and the bureau head order inspections.")
            )
        if self.state not in INSPECTABLE:
            return UserError(
                self.env._(
                    "%s: an inspection is ordered while the applicant corrects, or after"
                    " acceptance until the decision.",
                    self.display_name,
                )
            )
        if any(state in PENDING for _inspection, state in self._get_inspection_states()):
            return UserError(self.env._("%s: an inspection is pending already.", self.display_name))
        return None

    # === What follows from the flow of the case === #

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        for application, event in zip(self, events, strict=True):
            if event.action in ("accept", "deem_accepted"):
                if application.sudo().item_id._is_inspected():
                    application._order_inspection_by_item(event)
            elif event.action in ENDINGS:
                application._let_inspections_lapse(event)
        return result

    def _order_inspection_by_item(self, event):
        """The item asks for an inspection, and none has been ordered during the correction."""
        states = {state for _inspection, state in self._get_inspection_states()}
        if states <= {"failed", "cancelled"}:
            at = event.happened_at if event.happened_at < event.recorded_at else None
            self._order_inspection("order_by_item", at=at)

    def _let_inspections_lapse(self, event):
        reason = self._in_writing().env._("The case has ended.")
        for inspection, state in self._get_inspection_states():
            if state in PENDING:
                inspection.with_env(self.env)._leave(self, reason)

    def _get_grant_blockers(self):
        blockers = super()._get_grant_blockers()
        live = [pair for pair in self._get_inspection_states() if pair[1] != "cancelled"]
        open_ones = [pair for pair in live if pair[1] in PENDING]
        if not open_ones and live and live[-1][1] != "passed":
            open_ones = live[-1:]
        labels = self.env["shenpi.inspection"]._get_state_labels() if open_ones else {}
        blockers += [
            self.env._(
                "The inspection %(number)s has not been passed: %(state)s.",
                number=inspection.number,
                state=labels[state],
            )
            for inspection, state in open_ones
        ]
        if not live and self._needs_inspection():
            blockers.append(self.env._("The item asks for an inspection; none has been passed."))
        return blockers

    def _needs_inspection(self):
        """Whether the item asks for one: the applicant's written commitment takes its place."""
        return not self.commitment and self.sudo().item_id._is_inspected()

    # === Sight === #

    @api.model
    def _get_inspected_ids(self, visible_ids):
        """Ids of the cases outside these departments that the user sees because he inspects them.

        Few or none: inspectors mostly inspect the cases of their departments.
        """
        if not self.env.user.has_group(INSPECTOR):
            return []
        self.env["shenpi.inspection"].flush_model(["inspector_ids", "application_id"])
        self.env["shenpi.inspection.part"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT inspection.application_id
                     FROM shenpi_inspection_user_rel named
                     JOIN shenpi_inspection inspection ON inspection.id = named.inspection_id
                    WHERE named.user_id = %(user)s
                      AND NOT inspection.department_id = ANY(%(visible)s)
                    UNION
                   SELECT part.application_id
                     FROM shenpi_inspection_user_rel named
                     JOIN shenpi_inspection_part part
                       ON part.inspection_id = named.inspection_id
                    WHERE named.user_id = %(user)s""",
                user=self.env.uid,
                visible=list(visible_ids),
            )
        )
        return [application_id for (application_id,) in rows]

    # === Actions === #

    def action_open_inspection_order(self):
        """Have the case inspected."""
        return self._open_wizard("shenpi.inspection.order.wizard", self.env._("Order inspection"))

    def action_open_inspections(self):
        """The inspections of this case: the only one opened at once."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_inspection_action")
        inspections = self._get_inspections()
        action |= {"domain": [("id", "in", inspections.ids)], "context": {}}
        if len(inspections) == 1:
            action |= {"views": [(False, "form")], "res_id": inspections.id}
        return action
