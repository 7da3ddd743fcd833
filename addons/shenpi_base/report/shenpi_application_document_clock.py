from odoo import models


class ShenpiApplicationDocument(models.AbstractModel):
    """What the applicant is told in writing when the limit moves (行政许可法 art. 42 and 45)."""

    _inherit = "shenpi.application.document"

    def _prepare_pause(self, application):
        entry = self._get_clock_entry(application, "pause")
        kinds = dict(entry._fields["pause_kind"]._description_selection(self.env))
        return {
            "title": self.env._("Notice of a Special Procedure"),
            "date": entry.happened_at,
            "paragraphs": [
                self.env._(
                    "Your application for “%(item)s”, accepted on %(date)s, needs the following"
                    " procedure: %(kind)s.",
                    item=application.item_id.name,
                    date=self._show_date(application.accepted_date),
                    kind=kinds[entry.pause_kind],
                ),
                entry.notice,
                self.env._(
                    "It is expected to take %(days)s working days. This time does not count towards"
                    " the limit (basis: %(basis)s).",
                    days=entry.planned_days,
                    basis=entry.legal_basis,
                ),
            ],
            "signature": True,
        }

    def _prepare_extension(self, application):
        entry = self._get_clock_entry(application, "extend")
        return {
            "title": self.env._("Notice of the Extension of the Limit"),
            "date": entry.happened_at,
            "paragraphs": [
                self.env._(
                    "Your application for “%(item)s”, accepted on %(date)s, cannot be decided"
                    " within the limit.",
                    item=application.item_id.name,
                    date=self._show_date(application.accepted_date),
                ),
                self.env._("Reason: %s", entry.notice),
                self._describe_extension(application, entry),
            ],
            "signature": True,
        }

    def _describe_extension(self, application, entry):
        units = dict(application.item_id._fields["limit_unit"]._description_selection(self.env))
        values = {
            "days": entry.days,
            "unit": units[application.item_id.limit_unit],
            "due": self._show_date(application.statutory_due_date),
        }
        if entry.approval_reference:
            return self.env._(
                "The application is handled jointly. With the approval of %(approver)s"
                " (%(reference)s) the limit is extended by %(days)s (%(unit)s). A decision will be"
                " taken by %(due)s.",
                approver=entry.approver,
                reference=entry.approval_reference,
                **values,
            )
        return self.env._(
            "With the approval of the head of this bureau the limit is extended by %(days)s"
            " (%(unit)s). A decision will be taken by %(due)s.",
            **values,
        )

    def _get_clock_entry(self, application, kind):
        entry = application.clock_ids._in_force().filtered(lambda e: e.kind == kind)[-1:]
        self._require(entry, application)
        return entry
