from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.shenpi_base.tools import identifiers
from odoo.addons.shenpi_base.tools.localtime import to_local

TICKET_LENGTH = 20


class ShenpiRatingSlip(models.TransientModel):
    """A queue slip 评价小票 with the code by which a visit to the window is rated, for those who
    asked or handed something in without an application (who files one has it on his receipt).

    A clerk prints it for the visitors of his own window, once for each queue number and day: the
    visit counts among those that can be rated, whether it is rated or not.
    """

    _name = "shenpi.rating.slip"
    _description = "Queue slip"

    window_id = fields.Many2one(
        "shenpi.department",
        required=True,
        default=lambda self: self._get_own_windows()[:1],
        domain=lambda self: [("id", "in", self._get_own_windows().ids)],
    )
    ticket = fields.Char(string="Queue number", required=True, size=TICKET_LENGTH)
    item_id = fields.Many2one(
        "shenpi.item",
        string="About",
        domain="[('state', '=', 'published')]",
        help="What the visit was about, if it was about an item.",
    )

    @api.model
    def _get_own_windows(self):
        departments = self.env["shenpi.department"]
        domain = [
            ("kind", "=", "window"),
            ("id", "in", list(departments._get_staffed_ids(self.env.user))),
            ("company_id", "in", self.env.companies.ids),
        ]
        return departments.search(domain)

    # === Actions === #

    def action_print(self):
        """Note the visit as one that has ended, and print its slip; the same slip once more for a
        number that the clerk has printed today."""
        self.ensure_one()
        self._take_service()
        report = self.env.ref("shenpi_evaluation.action_report_rating_slip")
        return report.report_action(self, config=False)

    def _take_service(self):
        """The visit of the queue number, as sudo; written when there is none yet.

        :raise AccessError: the user does not work at the window
        :raise UserError: a colleague has printed the slip of this number
        """
        self.ensure_one()
        if self.window_id not in self._get_own_windows():
            raise AccessError(self.env._("You do not work at this window."))
        ticket = identifiers.normalise(self.ticket or "")
        if not ticket:
            raise ValidationError(self.env._("ticket: type the number of the queue."))
        services = self.env["shenpi.rating.service"].sudo()
        now = fields.Datetime.now()
        domain = [
            ("window_id", "=", self.window_id.id),
            ("day", "=", to_local(now).date()),
            ("ticket", "=", ticket),
        ]
        service = services.search(domain, limit=1)
        if not service:
            vals = {
                "kind": "visit",
                "company_id": self.window_id.company_id.id,
                "department_id": self.window_id.id,
                "window_id": self.window_id.id,
                "clerk_id": self.env.uid,
                "item_id": self.item_id.id,
                "finished_at": now,
                "ticket": ticket,
                "asked": True,
            }
            return services._finish([vals])
        if service.clerk_id != self.env.user:
            raise UserError(self.env._("A colleague has printed the slip of %s.", ticket))
        return service

    # === The slip === #

    def _prepare_slip(self):
        """What the paper shows; the code leads to the page that rates."""
        self.check_access("read")
        service = self._take_service()
        return service._prepare_slip(self.env._("Queue number %s", service.ticket))
