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
    inspection_note = fields.Char(string="Inspections", compute="_compute_inspection_note")
    can_order_inspection = fields.Boolean(compute="_compute_can_order_inspection")

    # === Compute methods === #

    @api.depends("inspection_ids.state")
    def _compute_inspection_note(self):
        """The state of the newest inspection."""
        labels = self.env["shenpi.inspection"]._get_state_labels()
        for application in self:
            newest = application.sudo().inspection_ids.sorted("id")[-1:]
            application.inspection_note = labels.get(newest.state)

    @api.depends("state", "inspection_ids.state")
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
        self._touch()
        values = {"note": note} | ({"mode": mode} if mode else {})
        return self.env["shenpi.inspection"]._do_order("order_inspection", self, at=at, **values)

    def _touch(self):
        """Write the row of the case: of two who order at once, the second one is run again and
        told what the first one did."""
        self.env.cr.execute(
            SQL(
                "UPDATE shenpi_application SET write_date = %s, write_uid = %s WHERE id = %s",
                fields.Datetime.now(),
                self.env.uid,
                self.id,
            )
        )

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
        if self.sudo().inspection_ids.filtered(lambda i: i.state in PENDING):
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
        live = self.sudo().inspection_ids.filtered(lambda i: i.state not in ("failed", "cancelled"))
        if not live:
            at = event.happened_at if event.happened_at < event.recorded_at else None
            self.env["shenpi.inspection"]._do_order("order_by_item", self, at=at)

    def _let_inspections_lapse(self, event):
        pending = self.sudo().inspection_ids.filtered(lambda i: i.state in PENDING)
        for inspection in pending.with_env(self.env):
            inspection._do_lapse(self._in_writing().env._("The case has ended."))

    def _get_grant_blockers(self):
        blockers = super()._get_grant_blockers()
        inspections_sudo = self.sudo().inspection_ids.sorted("id")
        live = inspections_sudo.filtered(lambda i: i.state != "cancelled")
        labels = live._get_state_labels()
        open_ones = live.filtered(lambda i: i.state in PENDING)
        if not open_ones and live[-1:].state not in (False, "passed"):
            open_ones = live[-1:]
        blockers += [
            self.env._(
                "The inspection %(number)s has not been passed: %(state)s.",
                number=inspection.number,
                state=labels[inspection.state],
            )
            for inspection in open_ones
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
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT inspection.application_id
                     FROM shenpi_inspection_user_rel named
                     JOIN shenpi_inspection inspection ON inspection.id = named.inspection_id
                    WHERE named.user_id = %s AND NOT inspection.department_id = ANY(%s)""",
                self.env.uid,
                list(visible_ids),
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
        action |= {"domain": [("application_id", "=", self.id)], "context": {}}
        if len(self.inspection_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.inspection_ids.id}
        return action
