from odoo import api, models
from odoo.tools import format_date

from ..tools.localtime import local_date


class ShenpiMessageValues(models.AbstractModel):
    """The words that take the place of the placeholders in a message, one method for each.

    Nothing personal beyond the applicant's name is among them: a message may be read by others.
    """

    _name = "shenpi.message.values"
    _description = "Words in a message"

    @api.model
    def _get_labels(self):
        """What each placeholder stands for."""
        return {
            "number": self.env._("short number of the case"),
            "item": self.env._("name of the item"),
            "applicant": self.env._("name of the applicant"),
            "bureau": self.env._("name of the bureau"),
            "department": self.env._("handling department"),
            "date": self.env._("day on which it happened"),
            "reason": self.env._("opinion or reason that was written; what is missing"),
            "procedure": self.env._("special procedure for which the clock stops"),
            "days": self.env._("days planned for it, or added by an extension"),
            "correction_due": self.env._("day by which the applicant hears what is missing"),
            "due": self.env._("promised day of the decision"),
            "delivery_due": self.env._("day by which the result is handed over"),
            "licence": self.env._("number of the licence"),
            "place": self.env._("where to go"),
            "phone": self.env._("information phone"),
            "link": self.env._("address of the progress page"),
            "holder": self.env._("holder of the licences"),
            "licences": self.env._("licences that are to be renewed"),
            "deadline": self.env._("day by which renewal is to be asked for"),
        }

    @api.model
    def _get_specimen(self, item):
        """Words for a preview, as of a case of ``item`` or of any."""
        day = format_date(self.env, local_date(self.env.cr.now()), date_format="long")
        bureau = (item.company_id or self.env.company).name
        return {
            "number": "20260610-0001",
            "item": item.name or self.env._("Food business licence"),
            "applicant": self.env._("Qingyun Catering Ltd."),
            "bureau": bureau,
            "department": item.department_id.name or self.env._("Licences"),
            "date": day,
            "reason": self.env._("1. The floor plan is not stamped."),
            "procedure": self.env._("Expert review"),
            "days": "10",
            "correction_due": day,
            "due": day,
            "delivery_due": day,
            "licence": "JY10000000001",
            "place": item.place or bureau,
            "phone": item.consult_phone or "12345",
            "link": "https://example.org/shenpi/progress/…",
            "holder": self.env._("Qingyun Catering Ltd."),
            "licences": self.env._("Food business licence") + " JY10000000001",
            "deadline": day,
        }

    @api.model
    def _reader(self, case, event, further):
        """``name -> word`` of one case, worked out when it is asked for.

        :param case: the application, as sudo, in the language of the message
        :param event: the ``shenpi.event`` that is told, or an empty one
        :param dict further: words that replace those worked out here
        """

        def value_of(name):
            if name in further:
                return str(further[name])
            return getattr(self, f"_value_{name}")(case, event)

        return value_of

    def _value_number(self, case, event):
        return case.number_short

    def _value_item(self, case, event):
        return case.item_id.name

    def _value_applicant(self, case, event):
        return case.applicant_name

    def _value_bureau(self, case, event):
        return case.company_id.name

    def _value_department(self, case, event):
        return case.department_id.name

    def _value_date(self, case, event):
        moment = event.happened_at or case.env.cr.now()
        return self._show_day(case, local_date(moment))

    def _value_reason(self, case, event):
        return event.opinion or case.reason

    def _value_procedure(self, case, event):
        kind = (event.data or {}).get("kind")
        field = case.env["shenpi.application.clock"]._fields["pause_kind"]
        return dict(field._description_selection(case.env)).get(kind)

    def _value_days(self, case, event):
        data = event.data or {}
        days = data.get("planned_days") or data.get("days")
        return days and str(days)

    def _value_correction_due(self, case, event):
        return self._show_day(case, case.correction_due_date)

    def _value_due(self, case, event):
        return self._show_day(case, case.promised_due_date or case.statutory_due_date)

    def _value_delivery_due(self, case, event):
        return self._show_day(case, case.delivery_due_date)

    def _value_licence(self, case, event):
        return case.licence_id.number

    def _value_place(self, case, event):
        return case.item_id.place or case.window_id.name or case.company_id.name

    def _value_phone(self, case, event):
        return case.item_id.consult_phone or case.company_id.phone

    def _value_link(self, case, event):
        return case._get_progress_url()

    def _value_holder(self, case, event):
        return case.licence_id.holder_name

    def _value_licences(self, case, event):
        licence = case.licence_id
        return licence and f"{licence.name} {licence.number}"

    def _value_deadline(self, case, event):
        return self._show_day(case, case.licence_id.renewal_due_date)

    def _show_day(self, case, day):
        return day and format_date(case.env, day, date_format="long")
