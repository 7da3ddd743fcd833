from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.localtime import local_date

from .shenpi_message_evaluation import SUBJECTS
from .shenpi_message_template_evaluation import QUERY_CODE, RATING_LINK

# Why is told of these; of a dispatch, it is what the bureau asks of its unit.
REASONED = ("extend", "not_accept")


class ShenpiMessageValues(models.AbstractModel):
    """The words of texts about grievances, key projects and bad ratings: of each document all at
    once; those that it does not have leave a gap."""

    _inherit = "shenpi.message.values"

    @api.model
    def _get_labels(self):
        return super()._get_labels() | {
            RATING_LINK: self.env._("address at which the service is rated"),
            QUERY_CODE: self.env._("code with which the person asks about his grievance"),
        }

    @api.model
    def _get_specimen(self, item):
        return super()._get_specimen(item) | {
            RATING_LINK: "https://example.org/shenpi/rate/…",
            QUERY_CODE: "01234567",
        }

    @api.model
    def _reader(self, case, event, further):
        if case._name not in SUBJECTS:
            return super()._reader(case, event, further)
        words = getattr(self, f"_get_words_{SUBJECTS[case._name]}")(case, event) | further
        return words.get

    def _value_rating_link(self, case, event):
        return f"{{{RATING_LINK}}}"

    def _value_query_code(self, case, event):
        return ""

    @api.model
    def _get_words_grievance_id(self, grievance, event):
        """The words that a text about a grievance may use; the others leave a gap."""
        data = event.data or {}
        return self._get_common_words(grievance, event) | {
            "number": grievance.number,
            "due": self._show_day(grievance, grievance.due_date),
            "days": str(data.get("days") or ""),
            "reason": event.opinion if event.action in REASONED else "",
            "link": f"{grievance.get_base_url()}/shenpi/grievance/status",
            QUERY_CODE: f"{{{QUERY_CODE}}}",
        }

    @api.model
    def _get_words_project_id(self, project, event):
        """The words that a text about a key project may use."""
        return self._get_common_words(project, event) | {
            "number": project.key_code,
            "item": project.name,
            "applicant": project.applicant_name,
            RATING_LINK: self._value_rating_link(project, event),
        }

    @api.model
    def _get_words_rating_case_id(self, rating_case, event):
        """The words that a text to whoever rated badly may use: he is told of his own service."""
        service = rating_case.service_id
        return self._get_common_words(rating_case, event) | {
            "number": service.application_id.number_short or service.ticket,
            "item": service._get_about(),
            RATING_LINK: self._value_rating_link(rating_case, event),
        }

    @api.model
    def _get_common_words(self, document, event):
        moment = event.happened_at or fields.Datetime.now()
        return {
            "bureau": document.company_id.name,
            "department": document.department_id.name,
            "date": self._show_day(document, local_date(moment)),
            "phone": document.company_id.phone,
        }
