import secrets
from datetime import date, timedelta

from odoo import api, models

from ..tools import licences
from ..tools.localtime import local_date
from .shenpi_document_mixin import Move

# What a licence takes from the item and the application, wide tables.
ITEM_FIELDS = (
    "name",
    "basic_code",
    "result_name",
    "licence_name",
    "licence_validity_years",
    "licence_type_id",
)
APPLICATION_FIELDS = (
    "applicant_name",
    "applicant_kind",
    "applicant_id_type",
    "applicant_id_number_raw",
    "applicant_phone_raw",
    "applicant_email",
    "licence_scope",
    "licence_place",
    "licence_conditions",
)


class ShenpiLicence(models.Model):
    """Issuing: one licence or a thousand, with number, dates, electronic number and event."""

    _inherit = "shenpi.licence"

    @api.model
    def _issue_all(self, applications, moments):
        """Make the licences of granted applications, each at its own moment; what is renewed or
        changed gets its next version, and the version before is replaced.

        :return: the licences, in the order of the applications
        """
        applications = applications.sudo()
        applications.item_id.fetch(ITEM_FIELDS)
        applications.fetch(APPLICATION_FIELDS)
        days = [local_date(moment) for moment in moments]
        bases = [
            a._get_base_licence() if a.licence_base_id else self.browse() for a in applications
        ]
        vals_list = self._prepare_licences(applications, days, bases)
        replaced = [(place, base, base.state) for place, base in enumerate(bases) if base]
        for place, base, _state in replaced:
            base._do_supersede(moments[place])
        issued = self._begin_all("issue", vals_list, moments)
        for place, base, state in replaced:
            if state == "renewing" and applications[place].purpose == "change":
                issued[place]._carry_renewal(base)
        return issued

    @api.model
    def _prepare_licences(self, applications, days, bases):
        """Values of the licences that applications make on the days of their decisions; ``bases``:
        of each the licence that it renews or changes, empty for a new one."""
        numbers = iter(
            self._get_numbers(
                [
                    (application.item_id.basic_code, day.year)
                    for application, day, base in zip(applications, days, bases, strict=True)
                    if not base
                ]
            )
        )
        vals_list = []
        for application, day, base in zip(applications, days, bases, strict=True):
            vals = self._prepare_licence(application, day)
            if base:
                vals |= base._prepare_next_version(application, day)
            else:
                vals |= {"number": next(numbers), "version": 1, "in_force_from": vals["valid_from"]}
            vals_list.append(vals)
        derived = self._prepare_derived_all(vals_list)
        return [vals | own for vals, own in zip(vals_list, derived, strict=True)]

    def _carry_renewal(self, base):
        """A renewal under way goes on with the version that a change has made."""
        move = Move(
            values={
                "renewal_in_time": base.renewal_in_time,
                "deemed_renewed": base.deemed_renewed,
            },
            event={"data": {"version": base.version}},
        )
        self._transition_all("ask_renewal", [move])

    @api.model
    def _create_begun(self, vals_list):
        return self.sudo()._insert_all(vals_list).with_env(self.env)

    @api.model
    def _prepare_begin_vals(self, row, moment, vals):
        return {"verify_token": secrets.token_urlsafe(24)}

    @api.model
    def _prepare_licence(self, application, day):
        item = application.item_id
        licence_type = item.licence_type_id
        return {
            "application_id": application.id,
            "item_id": item.id,
            "type_id": licence_type.id,
            "company_id": application.company_id.id,
            "department_id": application.department_id.id,
            "name": item.licence_name or item.result_name or item.name,
            "holder_name": application.applicant_name,
            "holder_kind": application.applicant_kind,
            "holder_id_type": application.applicant_id_type,
            "holder_id_number_raw": application.applicant_id_number_raw,
            "holder_phone_raw": application.applicant_phone_raw,
            "holder_email": application.applicant_email,
            "scope": application.licence_scope,
            "place": application.licence_place,
            "conditions": application.licence_conditions or licence_type.conditions,
            "valid_from": day,
            "valid_to": self._get_last_day(item, licence_type, day),
        }

    @api.model
    def _get_last_day(self, item, licence_type, first):
        """The last day of a validity that begins on ``first``: the item's years, else the type's
        validity; None: without limit."""
        if item.licence_validity_years:
            return licences.last_day(first, item.licence_validity_years, "years")
        if licence_type:
            return licences.last_day(first, licence_type.validity_count, licence_type.validity_unit)
        return None

    def _prepare_next_version(self, application, day):
        """What the next version of this licence has of it: a renewal runs on from the day after its
        last one, or begins on the day of the decision where that is later; a change keeps the
        dates and a renewal that is under way.

        :param date day: the day of the decision
        """
        self.ensure_one()
        vals = {
            "number": self.number,
            "version": self.version + 1,
            "previous_id": self.id,
            "scope": application.licence_scope or self.scope,
            "place": application.licence_place or self.place,
            "conditions": application.licence_conditions or self.conditions,
        }
        if not self.type_id or self.type_id == application.item_id.licence_type_id:
            vals["name"] = self.name
        if application.purpose == "change":
            return vals | {
                "valid_from": max(day, self.valid_from),
                "in_force_from": self.in_force_from,
                "valid_to": self.valid_to,
            }
        first = max(day, self.valid_to + timedelta(days=1)) if self.valid_to else day
        seamless = self.renewal_in_time or not self.valid_to or day <= self.valid_to
        item = application.item_id
        return vals | {
            "valid_from": first,
            "in_force_from": self.in_force_from if seamless else first,
            "valid_to": self._get_last_day(item, item.licence_type_id or self.type_id, first),
        }

    @api.model
    def _prepare_derived(self, vals):
        """:meth:`_prepare_derived_all` of one licence."""
        (derived,) = self._prepare_derived_all([vals])
        return derived

    @api.model
    def _prepare_derived_all(self, vals_list):
        """What follows from the other values of new licences: the renewal dates and the electronic
        number of each, in their order.

        :param list vals_list: dicts with type_id, company_id, number, version, valid_to
        """
        codes, dates, derived = {}, {}, []
        for vals in vals_list:
            type_id, company_id = vals.get("type_id"), vals["company_id"]
            if (type_id, company_id) not in codes:
                codes[type_id, company_id] = self._get_electronic_codes(type_id, company_id)
            ends = (type_id, vals["valid_to"])
            if ends not in dates:
                licence_type = self.env["shenpi.licence.type"].browse(type_id or ())
                dates[ends] = self._prepare_renewal_dates(licence_type, vals["valid_to"])
            number = (vals["number"], vals["version"])
            parts = codes[type_id, company_id]
            electronic_id = licences.electronic_id(*parts, *number) if parts else None
            derived.append({"electronic_id": electronic_id, **dates[ends]})
        return derived

    @api.model
    def _get_electronic_codes(self, type_id, company_id):
        """Code of the type and credit code of the bureau, with which electronic numbers begin, or
        None where there are none."""
        licence_type = self.env["shenpi.licence.type"].sudo().browse(type_id or ())
        if not licence_type.type_code:
            return None
        issuer = self.env["res.company"].sudo().browse(company_id).shenpi_uscc
        return (licence_type.type_code, issuer) if issuer else None

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
