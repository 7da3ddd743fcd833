from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import format_datetime

from ..tools import identifiers

TYPE_CODE_LENGTH = 21
ISSUER_LENGTH = 18
# What a new type begins with: a proposal, to be changed at will.
PROPOSED_LADDER = (
    (180, "sms"),
    (90, "sms"),
    (60, "call"),
    (30, "call"),
    (7, "call"),
    (0, "visit"),
)
UNITS = [("years", "years"), ("months", "months"), ("days", "days")]


class ShenpiLicenceType(models.Model):
    """A kind of licence 证照类型: how long it holds, by when its renewal is to be asked for, and
    how its holders are reminded.

    A type is of one bureau or, without one, of all. Staff read the types, the bureau head writes
    them. A changed lead or ladder moves the stored dates of the licences at once; the reminders
    already made stay as they are.
    """

    _name = "shenpi.licence.type"
    _description = "Licence type"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(required=True, help="Short code, unique in the bureau; imports name it.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", string="Bureau", index=True, help="Empty: every bureau."
    )
    type_code = fields.Char(
        string="Code of the electronic licence",
        size=TYPE_CODE_LENGTH,
        help="21 characters: the credit code of who issued the type (18) and its serial (3)."
        " Without it no electronic licence number is made.",
    )
    conditions = fields.Text(help="What every licence of this type is bound to.")
    is_sample = fields.Boolean(string="Sample type", help="Shipped as an example: check it first.")

    # === Validity and renewal === #
    validity_count = fields.Integer(
        string="Valid for", aggregator=None, help="0: without limit. The item may say otherwise."
    )
    validity_unit = fields.Selection(UNITS, string="Counted in", required=True, default="years")
    renewal_lead = fields.Integer(
        string="Lead of the renewal",
        default=30,
        aggregator=None,
        help="Renewal is to be asked for at least so long before the licence ends.",
    )
    renewal_lead_unit = fields.Selection(
        [
            ("calendar_days", "calendar days"),
            ("working_days", "working days"),
            ("months", "months"),
        ],
        string="Lead counted in",
        required=True,
        default="calendar_days",
    )
    renewal_basis = fields.Char(
        string="Legal basis of the lead",
        default=lambda self: self.env._("Administrative Licensing Law, article 50"),
    )
    renewal_item_id = fields.Many2one(
        "shenpi.item",
        string="Item of the renewal",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('state', '=', 'published')]",
        help="Empty: renewed by the item that it was granted by.",
    )
    duty_ids = fields.One2many("shenpi.licence.duty", "type_id", string="Duties", copy=True)

    # === Reminders === #
    remind = fields.Boolean(string="Holders are reminded", index=True)
    remind_since = fields.Date(
        string="Reminded since",
        readonly=True,
        copy=False,
        help="Deadlines before this day count in no figure.",
    )
    specialist_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Calls and visits the holders.",
    )
    rung_ids = fields.One2many(
        "shenpi.licence.type.rung",
        "type_id",
        string="Reminder ladder",
        copy=True,
        default=lambda self: self._propose_ladder(),
    )

    run_note = fields.Char(string="Daily run", compute="_compute_run_note")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "The bureau has a licence type with this code."
    )
    _counts_not_negative = models.Constraint(
        "CHECK (validity_count >= 0 AND renewal_lead >= 0)",
        "Validity and renewal lead cannot be negative.",
    )
    _specialist_when_reminded = models.Constraint(
        "CHECK (remind IS NOT TRUE OR specialist_id IS NOT NULL)",
        "Specialist: holders are reminded, so name who calls and visits them.",
    )

    # === Compute methods === #

    @api.depends_context("lang")
    def _compute_run_note(self):
        """Whether the reminders run: when they did last, and how it went."""
        run = self.env["shenpi.licence.reminder.run"].sudo().search([], limit=1)
        note = run and self.env._(
            "%(moment)s: %(due)s licences due, %(done)s rungs acted, %(failed)s failed",
            moment=format_datetime(self.env, run.started_at, dt_format="short"),
            due=run.backlog,
            done=run.done_count,
            failed=run.failed_count,
        )
        self.run_note = note or self.env._("The reminders have not run yet.")

    @api.model
    def _propose_ladder(self):
        return [
            Command.create({"days_before": days, "channel": channel})
            for days, channel in PROPOSED_LADDER
        ]

    # === Constraint methods === #

    @api.constrains("remind", "rung_ids")
    def _check_ladder(self):
        for kind in self:
            if kind.remind and not kind.rung_ids:
                raise ValidationError(
                    self.env._("Holders are reminded: the ladder has no rung yet.")
                )

    @api.constrains("type_code")
    def _check_type_code(self):
        for kind in self.filtered("type_code"):
            issuer = kind.type_code[:ISSUER_LENGTH]
            if len(kind.type_code) != TYPE_CODE_LENGTH or identifiers.check_uscc(issuer):
                raise ValidationError(
                    self.env._(
                        "Code of the electronic licence: a valid credit code of 18 characters"
                        " and three more."
                    )
                )

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        kinds._note_opted_in()
        return kinds

    def write(self, vals):
        before = self._get_reaches()
        result = super().write(vals)
        self._note_opted_in()
        self._apply_reach(before)
        return result

    # === Business methods === #

    def _note_opted_in(self):
        """Figures begin with the day on which a type was opted in."""
        fresh = self.filtered(lambda kind: kind.remind and not kind.remind_since)
        if fresh:
            fresh.remind_since = self.env["shenpi.licence"]._get_today()

    def _get_reaches(self):
        """What the stored dates of licences follow from, by type."""
        return {
            kind: (
                kind.renewal_lead,
                kind.renewal_lead_unit,
                max([0, *kind.rung_ids.filtered("active").mapped("days_before")]),
            )
            for kind in self
        }

    def _apply_reach(self, before):
        """Move the dates of the licences of those types whose reach has changed."""
        after = self._get_reaches()
        moved = self.filtered(lambda kind: before.get(kind) != after[kind])
        licences = self.env["shenpi.licence"].sudo()
        used = licences._read_group([("type_id", "in", moved.ids)], ["type_id"])
        if used:
            licences._refresh_renewal_dates(self.browse(kind.id for (kind,) in used))
