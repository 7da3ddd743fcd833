from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import identifiers

from ..tools.roles import EVALUATORS
from .shenpi_masked_export import MASKED

BATCH = 1000


class ShenpiRating(models.Model):
    """Who rated, and what may show it: the record of a call, files. Known to officers of evaluation
    who have no part in what was rated, to nobody else, and to nobody after the months that the
    bureau keeps it."""

    _inherit = "shenpi.rating"

    @api.depends_context("uid", MASKED)
    @api.depends("anonymous", "clerk_id", "department_id", "window_id")
    def _compute_rater(self):
        impartial = self._filter_impartial()
        masked = self.env.context.get(MASKED)
        for rating in self:
            raw = rating.sudo()
            name, phone = raw.rater_name_raw, raw.rater_phone_raw
            if masked:
                name = name and identifiers.mask_name(name)
                phone = phone and identifiers.mask_phone(phone)
            known = rating in impartial
            rating.rater_name = known and name
            rating.rater_phone = known and phone
            rating.call_record = known and not masked and raw.call_note
            rating.attachment_ids = known and not masked and raw.service_id.attachment_ids

    def _filter_impartial(self):
        """The ratings that are not about this user, nor about an office he works in."""
        user = self.env.user
        if self.env.su:
            return self
        if not user.has_groups(EVALUATORS):
            return self.browse()
        return self.filtered(lambda rating: not rating._concerns(user))

    def _concerns(self, user):
        """Whether a rating is about this person or an office he works in."""
        self.ensure_one()
        return self.sudo().service_id._concerns(user)

    # === Cron === #

    @api.model
    def _cron_fade(self):
        """Take words, names and files out of the ratings that have been kept long enough; their
        levels stay, and with them every figure."""
        now = fields.Datetime.now()
        for company in self.env["res.company"].sudo().search([("shenpi_rating_months", ">", 0)]):
            before = now - relativedelta(months=company.shenpi_rating_months)
            while faded := self._fade(company, before):
                if not self.env["ir.cron"]._commit_progress(len(faded), remaining=0):
                    return
                if len(faded) < BATCH:
                    break

    @api.model
    def _fade(self, company, before):
        """Fade a batch of the ratings given before a moment (naive UTC)."""
        rows = self.env.execute_query(
            SQL(
                """UPDATE shenpi_rating
                      SET text = NULL, rater_name_raw = NULL, rater_phone_raw = NULL,
                          call_note = NULL, faded_at = %(now)s
                    WHERE id IN (SELECT id FROM shenpi_rating
                                  WHERE company_id = %(company)s AND rated_at < %(before)s
                                    AND faded_at IS NULL
                               ORDER BY id LIMIT %(batch)s FOR UPDATE)
                RETURNING id""",
                now=fields.Datetime.now(),
                company=company.id,
                before=before,
                batch=BATCH,
            )
        )
        faded = self.sudo().browse(rating_id for (rating_id,) in rows)
        faded.invalidate_recordset()
        faded.service_id.attachment_ids.unlink()
        faded.case_ids._fade()
        return faded
