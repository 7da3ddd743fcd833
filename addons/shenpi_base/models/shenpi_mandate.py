from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.localtime import local_date


class ShenpiMandate(models.Model):
    """A letter of authority 委托书: the investor lets a navigator act for him, free of charge.

    Helping 帮办 (advice, preparing papers, leading to the window) needs none. Acting 代办, that is
    filing in the investor's name, needs a letter in force that covers the permit, and complete
    papers. Navigators and bureau heads who see the project write the letter, print it for
    signature and put it in force with the signed copy; they revoke it with a reason. It ends by
    itself after its last day. Once in force it is changed by nobody.
    """

    _name = "shenpi.mandate"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.project.part",
        "shenpi.attachment.owner",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Letter of authority"
    _order = "date_from desc, id desc"
    _rec_name = "number"
    _mail_post_access = "read"

    _event_field = "mandate_id"
    _flow_fields = frozenset({"state", "number", "in_force_at", "in_force_by_id", "ended_on"})

    number = fields.Char(readonly=True, copy=False, required=True, default="/")
    state = fields.Selection(
        [
            ("draft", "To be signed"),
            ("in_force", "In force"),
            ("ended", "Expired"),
            ("revoked", "Revoked"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    applicant_name = fields.Char(related="project_id.applicant_name", string="Investor")
    signatory = fields.Char(required=True, help="The legal representative or head of the investor.")
    agent_id = fields.Many2one(
        "res.users",
        string="Navigator",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    scope = fields.Selection(
        [("all", "All permits of the project"), ("permits", "The permits named")],
        required=True,
        default="all",
    )
    permit_ids = fields.Many2many(
        "project.task",
        "shenpi_mandate_task_rel",
        "mandate_id",
        "task_id",
        string="Permits",
        domain="[('project_id', '=', project_id), ('is_key_to_do', '=', False)]",
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self._get_today())
    date_to = fields.Date(string="To", required=True, help="The last day.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_mandate_attachment_rel",
        "mandate_id",
        "attachment_id",
        string="Signed copy",
        copy=False,
    )
    in_force_at = fields.Datetime(string="In force since", readonly=True, copy=False)
    in_force_by_id = fields.Many2one(
        "res.users", string="Put in force by", readonly=True, copy=False, ondelete="restrict"
    )
    ended_on = fields.Date(readonly=True, copy=False)
    event_ids = fields.One2many("shenpi.event", "mandate_id", readonly=True)
    can_come_into_force = fields.Boolean(compute="_compute_can")
    can_revoke = fields.Boolean(compute="_compute_can")

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number <> '/'", "A letter with this number exists already."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "To: the last day lies before the first."
    )
    _running = models.Index("(date_to) WHERE state = 'in_force'")

    # === Compute methods === #

    @api.depends("state", "attachment_ids", "date_to")
    @api.depends_context("uid")
    def _compute_can(self):
        for mandate in self:
            allowed = mandate._get_allowed_actions()
            mandate.can_revoke = "revoke" in allowed
            # The button is there before the signed copy is: it says what is lacking.
            mandate.can_come_into_force = mandate.state == "draft" and mandate._holds_role()

    @api.model
    def _get_today(self):
        return local_date(fields.Datetime.now())

    # === Constraint methods === #

    @api.constrains("permit_ids", "project_id")
    def _check_permits(self):
        for mandate in self:
            if mandate.permit_ids.project_id - mandate.project_id:
                raise ValidationError(
                    self.env._("Permits: a letter covers permits of its own project.")
                )

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        counter = self.env["shenpi.application.counter"]
        now = fields.Datetime.now()
        for mandate in mandates.sudo():
            mandate.number = counter._reserve_yearly("mandate", "WT", mandate.company_id, now)
        mandates._adopt_attachments("attachment_ids")
        return mandates

    def write(self, vals):
        if not self.env.su:
            self._check_draft(vals)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments("attachment_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_draft({})

    def _check_draft(self, vals):
        for mandate in self:
            if mandate.state != "draft" and not self._is_chatter(vals):
                raise UserError(
                    self.env._("%s has been in force: it stays as it is.", mandate.number)
                )

    @api.model
    def _is_chatter(self, vals):
        """Whether these values are those of messages and activities alone."""
        return bool(vals) and all(name.startswith(("message_", "activity_")) for name in vals)

    # === Questions === #

    @api.model
    def _find(self, permit, day):
        """The letter in force on a day that covers a permit, the one that lasts longest first."""
        return self.search(
            Domain("project_id", "=", permit.project_id.id)
            & Domain("state", "=", "in_force")
            & Domain("date_from", "<=", day)
            & Domain("date_to", ">=", day)
            & (Domain("scope", "=", "all") | Domain("permit_ids", "in", permit.ids)),
            order="date_to desc",
            limit=1,
        )
