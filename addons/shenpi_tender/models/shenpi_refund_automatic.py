import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.shenpi_base.models.shenpi_document_mixin import Move


class ShenpiRefund(models.Model):
    """Refunds that go from due to the bank without a hand, by a rule of two people
    (``shenpi.refund.automation``).

    Withdrawal before the opening is where two laws meet: the money goes back within five days of
    the notice (招标投标法实施条例 art. 35), and who has paid is secret until the opening. So a
    refund of a lot that is still sealed is not kept waiting: where a rule covers it, it is sent
    without anybody seeing it. It stands on no payment list, no job is started for it, the line
    of the statement that shows it is sealed as well, and nothing counts or logs it; the opening
    reveals all of it together with the rest. Where no rule covers it, nobody can approve what he
    may not see: it waits for the opening, or the end, of its lot. A bureau therefore has a rule
    for withdrawn bids that covers the largest security it asks for.
    """

    _inherit = "shenpi.refund"

    automation_id = fields.Many2one(
        "shenpi.refund.automation",
        string="Sent by rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The rule that stands in for approval and check.",
    )
    by_hand = fields.Boolean(
        string="By hand only",
        readonly=True,
        help="A checker has sent it back: no rule sends it any more.",
    )

    _answered_for = models.Constraint(
        "CHECK (state IN ('due', 'approved', 'dropped') OR automation_id IS NOT NULL"
        " OR (approved_by_id IS NOT NULL AND checked_by_id IS NOT NULL))",
        "A refund goes to the bank when two people, or a rule of two people, answer for it.",
    )

    # === Guards === #

    def _guard_by_rule(self):
        """Only the scheduled action sends by rule, and only what no person has to look at."""
        if self.env.uid != SUPERUSER_ID:
            raise AccessError(self.env._("Refunds are sent by rule by the scheduled action only."))
        account = self.account_id
        if not account._may_pay_by_rule(self.env["shenpi.application"]._get_today()):
            raise UserError(self.env._("account: nothing leaves it without a hand now."))
        if self.previous_id or self.by_hand or not self.payee_account:
            raise UserError(self.env._("%s: is for people to approve.", self.number))
        if self.state == "due" and self.deposit_id.held < self.amount:
            raise UserError(self.env._("amount: more than is held."))
        return self._guard_free()

    # === Cron === #

    @api.model
    def _cron_automatic(self, batch=200):
        """Send what is due and covered by a rule, chunk by chunk, each committed.

        A refund that fails takes none with it: it says why (``trouble``), and is tried again at
        the next run. The number of refunds is told to nobody, sealed ones are among them.
        """
        crons = self.env["ir.cron"]
        sealed_at = set()
        for rule in self.env["shenpi.refund.automation"]._get_at_work():
            last = 0
            while refunds := self.search(
                rule._get_refund_domain() & Domain("id", ">", last), order="id", limit=batch
            ):
                last = refunds[-1].id
                sent = refunds._send_by_rule(rule)
                sealed_at.update(sent.filtered("lot_sealed").company_id.ids)
                if not crons._commit_progress():
                    return
        orders = self.env["shenpi.refund.order"]
        for company_id in sealed_at:
            while orders._outbox_send_chunk(company_id):
                if not crons._commit_progress():
                    return

    def _send_by_rule(self, rule):
        """Clear each of these refunds, then hand over together what could be cleared.

        :return: what has been handed over
        """
        free = self - self.filtered("is_held")
        cleared = free.filtered(
            lambda refund: refund.state == "checked" or refund._try(refund._clear, rule)
        )
        if cleared and cleared._try(cleared._hand_over_by_rule):
            return cleared
        return self.browse()

    def _clear(self, rule):
        """Approved and checked beforehand: the amount is reserved."""
        vals = {"automation_id": rule.id, "trouble": False}
        data = {
            "proposed_by": rule.proposed_by_id.login,
            "confirmed_by": rule.confirmed_by_id.login,
        }
        self._transition_all("clear_refund", [Move(values=vals, event={"data": data})])
        self._post("reserve", "held", "in_refund")

    def _hand_over_by_rule(self):
        self._move_all("batch_by_rule", {"sent_at": fields.Datetime.now()})
        self.env["shenpi.refund.batch"]._hand_over(self.filtered(lambda r: not r.lot_sealed))
        self._put_orders()

    def _try(self, step, *arguments):
        """Take a step in a savepoint of its own; answers whether it could be taken. Why not stands
        on the refunds, and nowhere else: they may be sealed."""
        try:
            with self.env.cr.savepoint():
                step(*arguments)
                self.env.flush_all()
        except psycopg2.OperationalError:
            # Somebody is at work on one of them: the next run sees what he has done.
            return False
        except (UserError, psycopg2.Error) as error:
            reason = str(error) if isinstance(error, UserError) else type(error).__name__
            self.sudo().write({"trouble": self.env._("Not sent by rule: %s", reason)})
            return False
        return True
