from odoo import api, fields, models
from odoo.fields import Domain


class SmsSms(models.Model):
    """Odoo's SMS queue, by company: each goes out through the gateway of its own bureau."""

    _inherit = "sms.sms"

    company_id = fields.Many2one(
        "res.company", string="Bureau", default=lambda self: self.env.company, ondelete="set null"
    )

    @api.model
    def _process_queue(self):
        """Send what is waiting. Odoo's own method takes the batch as one company's and fails when
        there are two; :meth:`send` splits it."""
        domain = Domain("state", "=", "outgoing") & Domain("to_delete", "!=", True)
        size = self._get_send_batch_size()
        batch = self.search(domain, limit=size, order="id")
        batch.send()
        remaining = self.search_count(domain) if len(batch) == size else 0
        self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)

    def _get_sms_company(self):
        return (
            self.mail_message_id.record_company_id or self.company_id or super()._get_sms_company()
        )

    def _split_by_api(self):
        others = self.browse()
        for company, batch in self.grouped(lambda sms: sms._get_sms_company()).items():
            if company._get_sms_gateway():
                sms_api = company._get_sms_api_class()(self.env)
                sms_api._set_company(company)
                yield sms_api, batch
            else:
                others += batch
        if others:
            yield from super(SmsSms, others)._split_by_api()

    def _handle_call_result_hook(self, results):
        self.env["shenpi.message"]._take_sms_results(results)
        return super()._handle_call_result_hook(results)
