from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.shenpi_base.models.shenpi_application_screen import SHORT_NUMBER
from odoo.addons.shenpi_base.tools import identifiers

from ..models.shenpi_rating_tag import LEVEL_SELECTION
from ..tools.roles import EVALUATORS


class ShenpiRatingPhoneWizard(models.TransientModel):
    """A rating that somebody gives on the phone, taken down by an officer of evaluation who had no
    part in the service."""

    _name = "shenpi.rating.phone.wizard"
    _description = "Rating on the phone"

    number = fields.Char(string="Number of the case", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    service_id = fields.Many2one("shenpi.rating.service", compute="_compute_service")
    turn = fields.Selection(
        [("first", "First rating"), ("addition", "Addition")], default="first", required=True
    )
    level = fields.Selection(LEVEL_SELECTION, required=True)
    tag_ids = fields.Many2many(
        "shenpi.rating.tag",
        "shenpi_rating_phone_tag_rel",
        string="Tags",
        domain="[('level', '=', level)]",
    )
    text = fields.Text(string="In own words")
    name = fields.Char(string="Name of the rater", help="Empty: anonymous.")
    phone = fields.Char()
    called_at = fields.Datetime(
        string="Call on", required=True, default=lambda self: fields.Datetime.now()
    )
    call_number = fields.Char(string="Called from", help="The number the call came from.")
    call_note = fields.Text(string="Record of the call", required=True)

    # === Compute methods === #

    @api.depends("number", "company_id", "turn")
    def _compute_service(self):
        for wizard in self:
            wizard.service_id = wizard._find_service()

    def _find_service(self):
        """The newest service of the case that has ended, as sudo: whom it concerns does not read
        it, and is told so."""
        services = self.env["shenpi.rating.service"].sudo()
        number = identifiers.normalise(self.number or "")
        cases = self.env["shenpi.application"].sudo()
        domain = Domain("number", "=", number)
        if SHORT_NUMBER.fullmatch(number):
            domain = cases._get_number_end_domain(number.replace("-", ""))
        bureaus = self.company_id & self.env.companies
        case = cases.search(domain & Domain("company_id", "in", bureaus.ids), limit=1)
        return services.search([("application_id", "=", case.id)], limit=1) if case else services

    # === Onchange === #

    @api.onchange("level")
    def _onchange_level(self):
        self.tag_ids = self.tag_ids.filtered(lambda tag: tag.level == self.level)

    # === Actions === #

    def action_confirm(self):
        """Write the rating down.

        :raise AccessError: the user is no officer of evaluation, or had a part in the service
        """
        self.ensure_one()
        user = self.env.user
        if not user.has_groups(EVALUATORS):
            raise AccessError(self.env._("Officers of evaluation take ratings down."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This is a case of another bureau."))
        service = self._find_service()
        if not service:
            raise UserError(self.env._("No service of this case has ended yet."))
        if service._is_served_by(user):
            raise AccessError(self.env._("Nobody takes down a rating of his own case."))
        if self.called_at > fields.Datetime.now():
            raise ValidationError(self.env._("Call on: lies in the future."))
        rating = self.env["shenpi.rating"]._take(
            service,
            {
                "level": self.level,
                "tags": self.tag_ids,
                "text": self.text,
                "channel": "phone",
                "name": self.name,
                "phone": self.phone,
                "call_note": self._describe_call(),
                "entered_by_id": user.id,
            },
            self.turn,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.rating",
            "res_id": rating.id,
            "views": [(False, "form")],
        }

    def _describe_call(self):
        moment = fields.Datetime.context_timestamp(self, self.called_at)
        words = (f"{moment:%Y-%m-%d %H:%M}", self.call_number, self.call_note)
        return " · ".join(filter(None, words))
