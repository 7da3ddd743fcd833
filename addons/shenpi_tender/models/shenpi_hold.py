from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.shenpi_base.tools.workdays import CalendarRangeError

from ..tools import holds as tools
from .shenpi_tender_lot_flow import MANAGER, SUPERVISOR


class ShenpiHold(models.Model):
    """Why money may not go back for now: a complaint, an order, a freeze, with its document.

    The trade desk, the trading platform, trade supervisor and trade manager enter holds and release
    them, each as an event of the lot; they are never changed otherwise. A hold covers a lot or one
    bid security of it, nobody outside of it. A complaint holds no longer than the law gives for its
    decision (``tools/holds.py``). A hold ends when it is released, or with its last day, and what
    was due goes on the same day. Nothing prolongs it but a new one, with a new document; on its
    last day those who watch over the money are told, when it is the last one that the law allows
    in so many words.
    """

    _name = "shenpi.hold"
    _inherit = ["shenpi.flow.fields"]
    _description = "Hold on refunds"
    _order = "date_from desc, id desc"

    _flow_fields = frozenset({"told_at", "released_at", "released_by_id", "release_reason"})

    name = fields.Char(string="Document", required=True, help="Title and number of the document.")
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("objection", "Objection"),
            ("order", "Order of the regulator"),
            ("freeze", "Freeze by a court"),
            ("collusion", "Suspected collusion"),
            ("contract", "Contract missing"),
        ],
        required=True,
    )
    lot_id = fields.Many2one("shenpi.tender.lot", required=True, index=True, ondelete="restrict")
    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bid security",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('lot_id', '=', lot_id)]",
        help="Empty: all of the lot.",
    )
    company_id = fields.Many2one(related="lot_id.company_id", store=True, index=True)
    document = fields.Binary(string="Stamped document", required=True, attachment=True)
    filename = fields.Char()
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Last day", required=True)
    longest_date = fields.Date(
        string="At most until", compute="_compute_longest_date", help="The law allows no more."
    )
    told_at = fields.Datetime(
        readonly=True, help="When it happened, if the platform told of it afterwards."
    )
    released_at = fields.Datetime(string="Released on", readonly=True)
    released_by_id = fields.Many2one(
        "res.users", string="Released by", readonly=True, ondelete="restrict"
    )
    release_reason = fields.Char(readonly=True)
    is_active = fields.Boolean(
        string="Holds now", compute="_compute_is_active", search="_search_is_active"
    )

    _in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "Last day: lies before the first day."
    )
    _at_work = models.Index("(lot_id, date_to) WHERE released_at IS NULL")

    @api.depends("kind", "lot_id", "date_from")
    def _compute_longest_date(self):
        calendar = self.env["shenpi.workday"]._get_calendar()
        for hold in self:
            regime = hold.lot_id.regime
            try:
                hold.longest_date = hold.date_from and tools.last_day(
                    calendar, hold.kind, regime, hold.date_from
                )
            except CalendarRangeError:
                hold.longest_date = False

    @api.depends("date_from", "date_to", "released_at")
    def _compute_is_active(self):
        today = self.env["shenpi.application"]._get_today()
        for hold in self:
            hold.is_active = (
                not hold.released_at
                and bool(hold.date_from and hold.date_to)
                and hold.date_from <= today <= hold.date_to
            )

    @api.model
    def _search_is_active(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env["shenpi.application"]._get_today()
        domain = Domain(
            [("released_at", "=", False), ("date_from", "<=", today), ("date_to", ">=", today)]
        )
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    @api.constrains("deposit_id", "lot_id")
    def _check_scope(self):
        for hold in self.sudo():
            if hold.deposit_id and hold.deposit_id.lot_id != hold.lot_id:
                raise ValidationError(
                    self.env._("deposit: %s is of another lot.", hold.deposit_id.number)
                )

    @api.constrains("kind", "lot_id", "date_from", "date_to")
    def _check_longest(self):
        for hold in self.sudo():
            if hold.longest_date and hold.date_to > hold.longest_date:
                raise ValidationError(
                    self.env._(
                        "Last day: the law allows this hold until %s at most.", hold.longest_date
                    )
                )

    @api.onchange("kind", "lot_id", "date_from")
    def _onchange_longest_date(self):
        if self.longest_date:
            self.date_to = self.longest_date

    @api.model_create_multi
    def create(self, vals_list):
        """Enter holds, each as an event of its lot."""
        holds = super().create(vals_list)
        # The attachment field takes an empty value; without a document nothing is held.
        for hold in holds:
            if not hold.document:
                raise ValidationError(self.env._("document: a hold needs its stamped document."))
        holds.sudo(False).deposit_id.check_access("read")
        for hold in holds:
            hold.lot_id._transition(
                "hold_refunds",
                at=hold.told_at or None,
                event={"opinion": hold.name, "data": hold._describe()},
            )
        return holds

    def _describe(self):
        self.ensure_one()
        scope = {"bidder": self.deposit_id.number} if self.deposit_id else {}
        until = fields.Date.to_string(self.date_to)
        return {"kind": self.kind, "until": until, **scope}

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Holds are entered and released, never changed."))
        return super().write(vals)

    def action_release(self):
        """Ask why it is released."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the hold"),
            "res_model": "shenpi.hold.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_hold_id": self.id},
        }

    def _do_release(self, reason, at=None):
        """Release: the reason for the hold is gone, and what was due goes on at once.

        :raise ValidationError: no reason; :raise UserError: it has been released before
        """
        self.check_access("read")
        if not reason:
            raise ValidationError(self.env._("reason: is required."))
        now = at or fields.Datetime.now()
        for hold in self:
            if hold.released_at:
                raise UserError(self.env._("The hold “%s” has been released.", hold.name))
            hold.lot_id._transition(
                "release_hold",
                at=at,
                event={"opinion": reason, "data": {"document": hold.name, **hold._describe()}},
            )
            vals = {"released_at": now, "released_by_id": self.env.uid, "release_reason": reason}
            hold.sudo().write(vals)
        self.env.ref("shenpi_tender.cron_automatic_refunds").sudo()._trigger()

    # === Cron === #

    @api.model
    def _cron_last_day(self):
        """Tell on the last day of a hold that it ends: whoever entered it, and the supervisors and
        heads of the trading floor when the law allows no longer one. Only a new document prolongs
        it."""
        today = self.env["shenpi.application"]._get_today()
        holds = self.search([("date_to", "=", today), ("released_at", "=", False)])
        for hold in holds:
            at_most = hold.date_to == hold.longest_date
            for person in hold.create_uid | hold._get_watchers() if at_most else hold.create_uid:
                lot = hold.lot_id.with_context(lang=person.lang)
                lot.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=lot.env._(
                        "The hold “%s” has reached its legal maximum and ends today.", hold.name
                    )
                    if at_most
                    else lot.env._("The hold “%s” ends today.", hold.name),
                    user_id=person.id,
                )

    def _get_watchers(self):
        watchers = self.env["res.users"]
        for group in (SUPERVISOR, MANAGER):
            watchers |= self.env.ref(group).sudo().all_user_ids
        root = self.env.ref("base.user_root")
        return watchers.filtered(
            lambda user: user.active and user != root and self.company_id in user.company_ids
        )

    # === Questions === #

    @api.model
    def _get_held(self, deposits):
        """Which of these bid securities are held today."""
        holds = self.sudo().search(
            [("is_active", "=", True), ("lot_id", "in", deposits.sudo().lot_id.ids)]
        )
        whole_lots = holds.filtered(lambda hold: not hold.deposit_id).lot_id
        return deposits.filtered(
            lambda deposit: deposit.lot_id in whole_lots or deposit in holds.deposit_id
        )
