from odoo import models

# The written notice that goes with a mail, by the event it tells of.
NOTICES = {
    "receive": "filing",
    "request_correction": "correction",
    "repeat_correction": "correction",
    "accept": "acceptance",
    "deem_accepted": "acceptance",
    "not_accept": "refusal",
    "pause": "pause",
    "extend": "extension",
    "grant": "decision",
    "grant_at_once": "decision",
    "deny": "decision",
}
ADDRESSEES = ("applicant", "agent")


class ShenpiMessage(models.Model):
    """What the law wants told in writing goes with the mail, as the document that the window would
    print (行政许可法 art. 32, 38, 42, 45)."""

    _inherit = "shenpi.message"

    def _get_notices(self):
        """The notice of the event as attachments of a mail: (file name, content, type).

        Drawn when the mail is sent, never inside the transaction of the event.
        """
        self.ensure_one()
        kind = NOTICES.get(self.event_id.action)
        if not kind or self.receiver not in ADDRESSEES:
            return []
        report = self.env.ref(f"shenpi_base.action_report_{kind}").sudo()
        case = self.application_id
        content, _type = report._render_qweb_pdf(report.report_name, case.ids)
        return [(f"{report.name} {case.number_short}.pdf", content, "application/pdf")]
