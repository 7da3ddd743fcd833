from odoo import api, fields, models
from odoo.fields import Domain

from .shenpi_licence_status import RENEWABLE_STATUSES

OUTCOMES = [
    ("renewing", "Will renew"),
    ("not_renewing", "Will not renew"),
    ("unreachable", "Not reached"),
    ("other", "Other"),
]
# Lines that count as "the holder has been told".
REACHED = ("done", "announced")


class ShenpiLicenceReminder(models.Model):
    """One line of the reminder ledger 台账: what a rung of the ladder did about one deadline of one
    licence, who told the holder, when, and what he answered.

    The unique key makes each rung act once in one round; a round is named by the deadline it is
    counted from, so a corrected date begins a new one. Written by the daily run and by what happens
    to its contact; read by whoever reads the licence, by its specialist, and all of the bureau by
    supervisors and bureau heads.
    """

    _name = "shenpi.licence.reminder"
    _description = "Reminder of a licence"
    _order = "id desc"
    _rec_name = "licence_id"
    _log_access = False

    licence_id = fields.Many2one(
        "shenpi.licence", required=True, readonly=True, index=True, ondelete="cascade"
    )
    type_id = fields.Many2one("shenpi.licence.type", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, readonly=True, ondelete="restrict"
    )
    department_id = fields.Many2one("shenpi.department", readonly=True, ondelete="restrict")
    holder_name = fields.Char(string="Holder", readonly=True, index="trigram")
    rung_id = fields.Many2one(
        "shenpi.licence.type.rung",
        string="Rung of the reminders",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    duty_id = fields.Many2one(
        "shenpi.licence.duty",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the renewal.",
    )
    epoch = fields.Date(
        string="Deadline date", required=True, readonly=True, help="What the days are counted to."
    )
    days_before = fields.Integer(string="Days before", readonly=True, aggregator=None)
    channel = fields.Selection(
        [
            ("call", "Call"),
            ("sms", "SMS"),
            ("mail", "E-mail message"),
            ("visit", "Visit"),
            ("notice", "Public notice"),
        ],
        string="Way",
        required=True,
        readonly=True,
    )
    raised_on = fields.Date(string="Raised", required=True, readonly=True)
    state = fields.Selection(
        [
            ("open", "To do"),
            ("done", "Holder told"),
            ("announced", "Announced"),
            ("failed", "Failed"),
            ("passed", "Passed over"),
            ("stopped", "Not needed"),
        ],
        string="Result",
        required=True,
        readonly=True,
        help="Passed over: a later rung was due already, only that one acted. Not needed: the"
        " holder has said that he does not renew.",
    )
    contact_id = fields.Many2one(
        "shenpi.licence.contact",
        string="Contact task",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    announcement_id = fields.Many2one(
        "shenpi.licence.announcement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    specialist_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    told_by_id = fields.Many2one("res.users", string="By", readonly=True, ondelete="restrict")
    told_at = fields.Datetime(string="Told on", readonly=True)
    outcome = fields.Selection(OUTCOMES, string="Answer", readonly=True)
    answer = fields.Text(string="In his words", readonly=True)
    in_sight = fields.Boolean(compute="_compute_in_sight", search="_search_in_sight")
    can_renew = fields.Boolean(compute="_compute_can_renew")

    _once = models.UniqueIndex(
        "(licence_id, rung_id, epoch, COALESCE(duty_id, 0)) WHERE rung_id IS NOT NULL",
        "This rung has acted for this deadline already.",
    )
    _round = models.Index("(licence_id, epoch) WHERE state IN ('done', 'announced')")
    _ledger = models.Index("(company_id, raised_on)")
    _at_specialist = models.Index("(specialist_id, raised_on) WHERE specialist_id IS NOT NULL")

    # === Compute methods === #

    @api.depends("specialist_id", "department_id")
    @api.depends_context("uid")
    def _compute_in_sight(self):
        visible_ids = set(self.env["shenpi.department"]._get_visible_ids())
        for line in self:
            line.in_sight = (
                line.specialist_id.id == self.env.uid or line.department_id.id in visible_ids
            )

    @api.depends("outcome", "licence_id.status")
    def _compute_can_renew(self):
        """Whether the holder wants to renew a licence that still can be."""
        for line in self:
            can_be = line.sudo().licence_id.status in RENEWABLE_STATUSES
            line.can_renew = line.outcome == "renewing" and can_be

    @api.model
    def _search_in_sight(self, operator, value):
        if operator != "in":
            return NotImplemented
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        domain = Domain("specialist_id", "=", self.env.uid)
        domain |= Domain("department_id", "in", visible_ids)
        return Domain.OR(domain if wanted else ~domain for wanted in value)

    # === Actions === #

    def action_renew(self):
        """Open the renewal application of the licence."""
        self.ensure_one()
        return self.licence_id.action_renew()
