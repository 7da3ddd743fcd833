import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.roles import EVALUATION_MANAGER

CODE_MINUTES = 10
CODE_DIGITS = 8


class ShenpiRatingTerminal(models.Model):
    """A tablet on the counter of a window, at which whoever has just been served rates the visit.

    The head of the window (or an evaluation manager) sets it up and pairs it by a code that is
    shown once and typed on the tablet within ten minutes; members of the window say who sits at
    the counter. The tablet is known by a secret that only its browser keeps.
    """

    _name = "shenpi.rating.terminal"
    _inherit = ["shenpi.flow.fields"]
    _description = "Rating tablet"
    _order = "window_id, name"
    _check_company_auto = True

    _flow_fields = frozenset({"clerk_id", "paired_at", "paired_by_id"})

    name = fields.Char(string="Counter", required=True)
    active = fields.Boolean(default=True)
    window_id = fields.Many2one(
        "shenpi.department",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('kind', '=', 'window'), ('company_id', '=', company_id)]",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    clerk_id = fields.Many2one(
        "res.users", string="At the counter", readonly=True, ondelete="set null"
    )
    paired_at = fields.Datetime(string="Paired on", readonly=True, copy=False)
    paired_by_id = fields.Many2one("res.users", string="Paired by", readonly=True, copy=False)
    code_digest = fields.Char(groups=fields.NO_ACCESS, copy=False)
    code_until = fields.Datetime(groups=fields.NO_ACCESS, copy=False)
    device_digest = fields.Char(groups=fields.NO_ACCESS, copy=False, index="btree_not_null")
    can_pair = fields.Boolean(compute="_compute_can")
    can_sit_down = fields.Boolean(compute="_compute_can")

    # === Compute methods === #

    @api.depends("window_id", "clerk_id")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        for terminal in self:
            terminal.can_pair = bool(terminal.window_id) and terminal._may_pair()
            members = terminal.sudo().window_id.user_ids
            terminal.can_sit_down = user in members and terminal.clerk_id != user

    def _may_pair(self):
        self.ensure_one()
        user = self.env.user
        return self.sudo().window_id._get_head() == user or user.has_group(EVALUATION_MANAGER)

    # === Actions === #

    def action_pair(self):
        """Show the code that pairs a tablet; the one that was paired before is let go of."""
        self.ensure_one()
        self.check_access("read")
        if not self._may_pair():
            raise AccessError(self.env._("The head of the window pairs its tablets."))
        code = "".join(secrets.choice("0123456789") for _place in range(CODE_DIGITS))
        self.sudo().write(
            {
                "code_digest": self._digest(code),
                "code_until": fields.Datetime.now() + timedelta(minutes=CODE_MINUTES),
                "device_digest": False,
                "paired_at": False,
                "paired_by_id": self.env.uid,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Code for %s", self.name),
                "message": self.env._(
                    "%(code)s — open /shenpi/terminal on the tablet and type it within %(minutes)s"
                    " minutes. It is shown only now.",
                    code=f"{code[:4]} {code[4:]}",
                    minutes=CODE_MINUTES,
                ),
                "type": "info",
                "sticky": True,
            },
        }

    def action_sit_down(self):
        """The user sits at this counter now; what is rated there is his service."""
        self.ensure_one()
        self.check_access("read")
        if self.env.user not in self.sudo().window_id.user_ids:
            raise UserError(self.env._("You do not work at this window."))
        self.sudo().search([("clerk_id", "=", self.env.uid)]).clerk_id = False
        self.sudo().clerk_id = self.env.user
        return True

    # === Business methods === #

    @api.model
    def _digest(self, text):
        secret = self.env["shenpi.rating.token"]._get_secret()
        return hashlib.sha256(f"{secret}/terminal/{text}".encode()).hexdigest()

    @api.model
    def _pair(self, code):
        """Use a code up; answers the secret of the tablet, or None without such a code."""
        terminal = self.sudo().search(
            [
                ("code_digest", "=", self._digest(code)),
                ("code_until", ">", fields.Datetime.now()),
            ],
            limit=1,
        )
        if not terminal:
            return None
        device = secrets.token_urlsafe(24)
        terminal.write(
            {
                "code_digest": False,
                "code_until": False,
                "device_digest": self._digest(device),
                "paired_at": fields.Datetime.now(),
            }
        )
        return device

    @api.model
    def _find_device(self, device):
        """The tablet with this secret, as sudo; empty when there is none."""
        if not device or len(device) > 64:
            return self.sudo().browse()
        return self.sudo().search([("device_digest", "=", self._digest(device))], limit=1)

    def _take_rating(self, level, tags):
        """Rate the visit that has just ended at this counter."""
        self.ensure_one()
        service = self.env["shenpi.rating.service"]._finish(
            [
                {
                    "kind": "visit",
                    "company_id": self.company_id.id,
                    "department_id": self.window_id.id,
                    "window_id": self.window_id.id,
                    "clerk_id": self.clerk_id.id,
                    "finished_at": fields.Datetime.now(),
                    "asked": False,
                }
            ]
        )
        vals = {"level": level, "tags": tags, "channel": "tablet"}
        return self.env["shenpi.rating"]._take(service, vals)
