import zlib
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import signed_http, signing

SYSTEM = "base.group_system"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
KEY_LENGTH = 16


class ShenpiLookupSource(models.Model):
    """A register that answers whether a proof exists: a data sharing platform, a licence library.

    The administrator enters where it is and with which key; staff see its name and what it answers.
    """

    _name = "shenpi.lookup.source"
    _description = "Source of shared data"
    _order = "company_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    material_names = fields.Text(
        string="Answers for", required=True, help="Names of materials, one a line."
    )
    legal_basis = fields.Char(
        required=True, help="By which rule the bureau may ask; kept with every question."
    )
    is_demo = fields.Boolean(
        string="Demonstration", help="A source on this machine that answers with invented proofs."
    )
    url = fields.Char(string="Address", required=True, groups=SYSTEM)
    account = fields.Char(
        required=True, groups=SYSTEM, help="Who asks, as the source knows the bureau."
    )
    key = fields.Char(
        string="Shared key",
        required=True,
        groups=SYSTEM,
        help="Signs the questions. Only the administrator reads it.",
    )

    # === Constraint methods === #

    @api.constrains("url", "is_demo")
    def _check_url(self):
        """Personal data leave over TLS, or not at all."""
        for source in self.sudo():
            parts = urlsplit(source.url)
            local = source.is_demo and parts.scheme == "http" and parts.hostname in LOOPBACK
            if not (local or parts.scheme == "https") or not parts.hostname or parts.username:
                raise ValidationError(
                    self.env._("Address: write https:// and the name of the source.")
                )

    @api.constrains("is_demo")
    def _check_demo(self):
        if any(source.is_demo for source in self) and not self._has_demo_data():
            raise ValidationError(
                self.env._("Demonstration: invented proofs have no place beside real cases.")
            )

    @api.constrains("key", "account")
    def _check_key(self):
        for source in self.sudo():
            if not source.account.isascii():
                raise ValidationError(self.env._("Account: letters, digits and signs only."))
            if len(source.key) < KEY_LENGTH:
                raise ValidationError(
                    self.env._("Shared key: it must have %s characters or more.", KEY_LENGTH)
                )

    # === Business methods === #

    def _get_service(self):
        source = self.sudo()
        return signed_http.Service(source.url, source.account, source.key)

    # === Demonstration === #

    @api.model
    def _has_demo_data(self):
        """Whether this is a database with demo data: only there is the second bureau."""
        return bool(self.env.ref("shenpi_base.company_district", raise_if_not_found=False))

    @api.model
    def _find_demo(self, headers, body, now):
        """The demonstration source that has signed a question.

        :param headers: mapping of the headers; :param bytes body: as received; :param now: seconds
        """
        account = headers.get("X-Shenpi-Account", "")
        domain = [("is_demo", "=", True), ("account", "=", account)]
        source = self.sudo().search(domain, limit=1)
        if not source or not self._has_demo_data():
            return self.browse()
        signed = signing.verify_headers(source.key, headers, body, now)
        return source if signed else self.browse()

    @api.model
    def _invent_answer(self, question):
        """Most proofs are found, some are not; the same question has the same answer."""
        subject = question["subject"]
        number = zlib.crc32(f"{question['material']} {subject['id_number']}".encode())
        status = {3: "not_found", 7: "mismatch"}.get(number % 10, "found")
        answer = {"id": question["id"], "status": status}
        return answer | {"evidence": f"DEMO-{number:010d}"} if status == "found" else answer

    @api.model
    def _get_by_material(self, company):
        """The source to ask for each name of a material, at a bureau."""
        sources = {}
        for source in self.search([("company_id", "=", company.id)]):
            for name in source.material_names.splitlines():
                if name.strip():
                    sources.setdefault(name.strip(), source)
        return sources
