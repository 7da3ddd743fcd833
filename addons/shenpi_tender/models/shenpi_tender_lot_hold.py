from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.tools.localtime import local_date

from ..tools import holds


class ShenpiTenderLot(models.Model):
    """Complaints, objections and their end, as the trading platform tells them."""

    _inherit = "shenpi.tender.lot"

    def _api_complaint(self, values, at):
        self._api_hold("complaint", values, at)

    def _api_objection(self, values, at):
        self._api_hold("objection", values, at)

    def _api_hold(self, kind, values, at):
        self._api_need(values, "document", "content")
        first = local_date(at or fields.Datetime.now())
        if values.get("from"):
            first = self._api_read_date(values["from"], "from")
        calendar = self.env["shenpi.workday"]._get_calendar()
        last = holds.last_day(calendar, kind, self.regime, first)
        if values.get("until"):
            until = self._api_read_date(values["until"], "until")
        elif last:
            until = last
        else:
            raise ValidationError(self.env._("%s: is required.", "until"))
        if until < first or (last and until > last):
            raise ValidationError(
                self.env._(
                    "until: must lie between %(first)s and %(last)s.",
                    first=first,
                    last=last or self.env._("any later day"),
                )
            )
        vals = {
            "name": values["document"],
            "kind": kind,
            "lot_id": self.id,
            "deposit_id": self._api_find_bidder(values).id,
            "document": self.env["shenpi.deposit"]._api_read_content(values),
            "filename": values.get("filename"),
            "date_from": first,
            "date_to": until,
            "told_at": at,
        }
        # The role was checked by the call, and is again by the transition of the lot.
        self.env["shenpi.hold"].sudo().create(vals)

    def _api_find_bidder(self, values):
        """The one bid security that a hold is about, among those that are shown."""
        deposits = self.env["shenpi.deposit"]
        number = values.get("bidder")
        if not number:
            return deposits
        deposit = deposits.search([("lot_id", "=", self.id), ("number", "=", number)])
        if not deposit:
            raise ValidationError(self.env._("bidder: %s is no bid security of this lot.", number))
        return deposit

    def _api_release(self, values, at):
        self._api_need(values, "document", "reason")
        found = self.hold_ids.filtered(
            lambda hold: hold.name == values["document"] and not hold.released_at
        )
        if not found:
            raise UserError(
                self.env._("document: no hold of this lot is called %s.", values["document"])
            )
        found._do_release(values["reason"], at=at)

    def _get_status(self):
        """What holds refunds is told as well."""
        active = self.hold_ids.filtered("is_active")
        return super()._get_status() | {"holds": [hold._get_api_dict() for hold in active]}


class ShenpiHold(models.Model):
    _inherit = "shenpi.hold"

    def _get_api_dict(self):
        self.ensure_one()
        told = {
            "document": self.name,
            "kind": self.kind,
            "from": fields.Date.to_string(self.date_from),
            "until": fields.Date.to_string(self.date_to),
        }
        return told | ({"bidder": self.deposit_id.number} if self.deposit_id else {})
