import logging
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.localtime import to_local

_logger = logging.getLogger(__name__)


class ShenpiBulletin(models.Model):
    """How bulletins go out: to those whom the bureau has chosen, on Mondays by themselves.

    The scheduled action asks every hour which bureau's bulletin of last week has not gone out
    though its time has come. So a server that was down on Monday morning makes it up once; the week
    is unique in the database; issuing and the mail are one transaction, and mail leaves the house
    after it, from Odoo's own queue.
    """

    _inherit = "shenpi.bulletin"

    def _get_receivers(self):
        self.ensure_one()
        return self.company_id.sudo().shenpi_bulletin_receiver_ids

    def action_send(self):
        """Send the issued bulletin to those who receive it, once more if need be."""
        self._open()
        self._do_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "Sent to %s.", "、".join(self._get_receivers().mapped("name"))
                ),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _do_send(self):
        """Post the issued bulletin with both files to those who receive it."""
        self._open()
        receivers = self._get_receivers()
        if self.state != "issued":
            raise UserError(self.env._("%s has not been issued yet.", self.display_name))
        if not receivers:
            raise UserError(
                self.env._("%s has chosen nobody to receive its bulletin.", self.company_id.name)
            )
        lang = self.env["shenpi.application.document"]._get_lang()
        record = self.with_context(lang=lang)
        page = record._get_pages()._prepare(record)
        record.message_post(
            subject=record._get_file_name(),
            body=record.env["ir.qweb"]._render("shenpi_base.bulletin_mail", {"page": page}),
            partner_ids=receivers.partner_id.ids,
            attachments=record._get_files(),
            subtype_xmlid="mail.mt_comment",
        )
        self.sudo().sent_at = fields.Datetime.now()

    def _get_files(self):
        """The workbook and the paper as attachments: (name, content)."""
        reports, name = self.env["ir.actions.report"], self._get_file_name()
        files = []
        for report in ("action_report_bulletin_xlsx", "action_report_bulletin"):
            content, kind = reports._render(f"shenpi_base.{report}", self.ids, data={})
            files.append((f"{name}.{kind}", content))
        return files

    @api.model
    def _cron_issue(self):
        """Issue and send last week's bulletin of each bureau that has chosen receivers."""
        crons = self.env["ir.cron"]
        due = self._get_due_companies()
        crons._commit_progress(remaining=len(due))
        for company in due:
            try:
                self.with_company(company)._issue_last_week(company)
            except Exception:  # pylint: disable=broad-except
                # One bureau's trouble is not the others'; it is tried again in an hour.
                self.env.cr.rollback()
                _logger.exception("The weekly bulletin of %s was not made", company.name)
            if not crons._commit_progress(1):
                break

    @api.model
    def _get_due_companies(self):
        """Bureaus whose bulletin of last week is to go out now."""
        monday = self._get_last_monday()
        local_now = to_local(fields.Datetime.now())
        companies = self.env["res.company"].search([("shenpi_bulletin_receiver_ids", "!=", False)])
        sent = self.search([("date_from", "=", monday), ("sent_at", "!=", False)]).company_id

        def is_due(company):
            hour, minute = divmod(round(company.shenpi_bulletin_time * 60), 60)
            begins = datetime.combine(monday + timedelta(days=7), time(hour, minute))
            return local_now >= begins

        return (companies - sent).filtered(is_due)

    def _issue_last_week(self, company):
        monday = self._get_last_monday()
        week = {"company_id": company.id, "date_from": monday}
        record = self.search([(name, "=", value) for name, value in week.items()])
        record = record or self.create(week)
        if record.state == "draft":
            record._do_issue()
        record._do_send()
