import secrets
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools.localtime import local_date

# What a licence takes from the item, a wide table.
ITEM_FIELDS = ("name", "basic_code", "result_name", "licence_name", "licence_validity_years")


class ShenpiLicence(models.Model):
    """A licence 证照: what a granted application made. Made by the flow, read by the staff who may
    read its application, edited by nobody."""

    _name = "shenpi.licence"
    _inherit = ["shenpi.bulk.insert"]
    _description = "Licence"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "holder_name"]

    number = fields.Char(required=True, readonly=True)
    application_id = fields.Many2one(
        "shenpi.application", required=True, readonly=True, index=True, ondelete="restrict"
    )
    item_id = fields.Many2one("shenpi.item", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    holder_name = fields.Char(string="Holder", required=True, readonly=True, index="trigram")
    valid_from = fields.Date(required=True, readonly=True)
    valid_to = fields.Date(readonly=True, help="Empty: without limit.")
    verify_token = fields.Char(copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [("valid", "Valid"), ("revoked", "Revoked")],
        string="Status",
        required=True,
        readonly=True,
        default="valid",
    )
    revoked_on = fields.Date(readonly=True)
    revocation_ground = fields.Selection(
        [
            ("false_commitment", "False commitment"),
            ("fraud", "Obtained by fraud or bribery"),
            ("power", "Granted in abuse of or beyond power"),
            ("procedure", "Granted against the procedure"),
            ("unqualified", "Granted to somebody unqualified"),
            ("other", "Another ground set by law"),
        ],
        readonly=True,
    )
    revocation_reason = fields.Text(readonly=True)

    _revocation_complete = models.Constraint(
        "CHECK ((state = 'revoked') = (revoked_on IS NOT NULL)"
        " AND (state = 'revoked') = (revocation_ground IS NOT NULL))",
        "A revoked licence has its day and its ground.",
    )
    _number_unique = models.UniqueIndex("(number)", "A licence with this number exists already.")
    _verify_token_unique = models.UniqueIndex(
        "(verify_token)", "This code belongs to another licence."
    )
    _application_unique = models.UniqueIndex(
        "(application_id)", "This application has its licence already."
    )

    @api.model
    def _issue(self, application, moment):
        """Make the licence of a granted application."""
        return self._issue_all(application, [moment])

    @api.model
    def _issue_all(self, applications, moments):
        """Make the licences of granted applications, each at its own moment."""
        applications.item_id.fetch(ITEM_FIELDS)
        applications.fetch(["applicant_name"])
        days = [local_date(moment) for moment in moments]
        numbers = self._get_numbers(
            [(a.item_id.basic_code, day.year) for a, day in zip(applications, days, strict=True)]
        )
        return self._insert_all(
            [
                self._prepare_licence(application, day, number)
                for application, day, number in zip(applications, days, numbers, strict=True)
            ]
        )

    @api.model
    def _prepare_licence(self, application, day, number):
        item = application.item_id
        years = item.licence_validity_years
        return {
            "number": number,
            "application_id": application.id,
            "item_id": item.id,
            "company_id": application.company_id.id,
            "name": item.licence_name or item.result_name or item.name,
            "holder_name": application.applicant_name,
            "verify_token": secrets.token_urlsafe(24),
            "valid_from": day,
            "valid_to": day + relativedelta(years=years, days=-1) if years else None,
        }

    @api.model
    def _get_numbers(self, keys):
        """Basic code of the item, year, and a serial of five digits within both.

        Bureaus that handle the same basic item share the serials, so numbers never collide.

        :param list keys: (basic code, year)
        :return: a number for each, in the same order
        """
        serials = self.env["shenpi.application.counter"]._reserve_each(
            [(f"licence {basic_code}", date(year, 1, 1)) for basic_code, year in keys]
        )
        return [
            f"{basic_code}{year}{serial:05d}"
            for (basic_code, year), serial in zip(keys, serials, strict=True)
        ]

    def _is_valid(self, day):
        """Whether the licence is in force on a legal date."""
        self.ensure_one()
        in_time = self.valid_from <= day and (not self.valid_to or day <= self.valid_to)
        return in_time and self.state == "valid"

    def _revoke(self, ground, reason, day):
        """Note that the licences are revoked; the flow of their application has checked who does
        it and why."""
        self.write(
            {
                "state": "revoked",
                "revoked_on": day,
                "revocation_ground": ground,
                "revocation_reason": reason,
            }
        )

    def _get_api_dict(self):
        """The licence as ``api_status`` shows it."""
        self.ensure_one()
        answer = {
            "number": self.number,
            "name": self.name,
            "status": self.state,
            "revoked_on": self.revoked_on and self.revoked_on.isoformat(),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
        }
        return {key: value for key, value in answer.items() if value}
