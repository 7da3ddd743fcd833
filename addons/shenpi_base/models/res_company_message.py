from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import messages, signed_http, signing
from .shenpi_sms_api import ShenpiSmsApi

SYSTEM = "base.group_system"
CHANNEL_FIELDS = frozenset({"shenpi_sms_url", "shenpi_sms_key", "shenpi_mail_on"})


class ResCompany(models.Model):
    """How a bureau sends messages: its SMS gateway, and the hours in which it is silent.

    A bureau without a gateway writes no SMS at all, one that has not switched e-mail on no mails.
    """

    _inherit = "res.company"

    shenpi_sms_url = fields.Char(
        string="Gateway address",
        groups=SYSTEM,
        help="Where SMS are posted to. Empty: this bureau sends no SMS.",
    )
    shenpi_sms_account = fields.Char(
        string="Account", groups=SYSTEM, help="Who sends, as the gateway knows the bureau."
    )
    shenpi_sms_key = fields.Char(
        string="Shared key",
        groups=SYSTEM,
        help="Signs what is posted, and the receipts that come back. Only the administrator reads"
        " it.",
    )
    shenpi_sms_receipts_url = fields.Char(
        string="Address for receipts",
        compute="_compute_shenpi_sms_receipts_url",
        groups=SYSTEM,
        help="Where the gateway posts delivery receipts to.",
    )
    shenpi_sms_signature = fields.Char(
        string="SMS signature",
        help="Stands before every SMS in lenticular brackets, as carriers demand. Empty: the name"
        " of the bureau.",
    )
    shenpi_mail_on = fields.Boolean(
        string="Send e-mail", help="Needs an outgoing mail server in the settings."
    )
    shenpi_quiet_from = fields.Float(
        string="Quiet from",
        default=21.0,
        help="Messages to applicants and agents that are raised in the quiet hours (Beijing time)"
        " go out when they end.",
    )
    shenpi_quiet_to = fields.Float(string="Quiet until", default=8.0)
    shenpi_message_days = fields.Integer(
        string="Told within (days)",
        default=3,
        help="What is entered more than this many days after it happened (paper filings, old"
        " records) is not told.",
    )

    _shenpi_quiet_hours = models.Constraint(
        "CHECK (shenpi_quiet_from >= 0 AND shenpi_quiet_from < 24"
        " AND shenpi_quiet_to >= 0 AND shenpi_quiet_to < 24)",
        "Quiet hours lie between 00:00 and 23:59.",
    )
    _shenpi_message_days = models.Constraint(
        "CHECK (shenpi_message_days >= 0)", "Told within: the days cannot be negative."
    )

    def _compute_shenpi_sms_receipts_url(self):
        for company in self:
            company.shenpi_sms_receipts_url = company._get_sms_receipts_url()

    @api.constrains("shenpi_sms_url")
    def _check_shenpi_sms_url(self):
        for company in self.sudo():
            parts = urlsplit(company.shenpi_sms_url or "https://-")
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
                raise ValidationError(
                    self.env._("Gateway address: write https:// and the name of the gateway.")
                )

    @api.constrains("shenpi_sms_url", "shenpi_sms_key", "shenpi_sms_account")
    def _check_shenpi_sms_key(self):
        for company in self.sudo():
            if not (company.shenpi_sms_account or "").isascii():
                raise ValidationError(self.env._("Account: letters, digits and signs only."))
            if company.shenpi_sms_url and len(company.shenpi_sms_key or "") < 16:
                raise ValidationError(self.env._("Shared key: it must have 16 characters or more."))

    def write(self, vals):
        result = super().write(vals)
        if not CHANNEL_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    # === Channels === #

    def _get_message_channels(self):
        """The channels over which this bureau sends."""
        self.ensure_one()
        company = self.sudo()
        switches = {"sms": company._get_sms_gateway(), "mail": company.shenpi_mail_on}
        return [channel for channel, on in switches.items() if on]

    @api.model
    @ormcache()
    def _get_messaging_ids(self):
        """The bureaus that send anything at all."""
        domain = ["|", ("shenpi_sms_url", "!=", False), ("shenpi_mail_on", "=", True)]
        companies = self.sudo().with_context(active_test=False).search(domain)
        return frozenset(c.id for c in companies if c._get_message_channels())

    def _get_sms_gateway(self):
        """Where and as whom this bureau sends SMS; None when it sends none."""
        company = self.sudo()
        if not company.shenpi_sms_url or not company.shenpi_sms_key:
            return None
        account = company.shenpi_sms_account or company.shenpi_uscc or str(company.id)
        return signed_http.Service(company.shenpi_sms_url, account, company.shenpi_sms_key)

    def _get_sms_api_class(self):
        self.ensure_one()
        return ShenpiSmsApi if self._get_sms_gateway() else super()._get_sms_api_class()

    def _get_sms_receipts_url(self):
        return f"{self.get_base_url()}/shenpi/sms/{self.id}/receipts"

    def _sign_sms(self, text):
        """A text with the signature that carriers demand of every SMS."""
        return f"【{self.shenpi_sms_signature or self.name}】{text}"

    def _is_signed(self, headers, body, now):
        """Whether a call carries this bureau's signature; one that does not exist has signed none.

        :param headers: mapping of the headers; :param bytes body: as received; :param now: seconds
        """
        key = self.sudo().shenpi_sms_key if self else ""
        return signing.verify_headers(key, headers, body, now)

    # === Quiet hours === #

    def _get_quiet_end(self, local_moment):
        """When the quiet hours end in which a moment of Beijing time lies; None outside of them."""
        return messages.quiet_until(local_moment, self.shenpi_quiet_from, self.shenpi_quiet_to)
