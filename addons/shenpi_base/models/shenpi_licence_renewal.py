import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import clean_context

from .shenpi_application import OPEN_STATES
from .shenpi_document_mixin import Move

_logger = logging.getLogger(__name__)

# What one run notes; the next one follows at once.
DEEMED_AT_ONCE = 500


class ShenpiLicence(models.Model):
    """Renewal 延续: asked from the licence with one click, under way while its application is open,
    and deemed granted where nothing was decided in time (行政许可法 §50)."""

    _inherit = "shenpi.licence"

    case_ids = fields.One2many(
        "shenpi.application",
        "licence_base_id",
        string="Applications about it",
        readonly=True,
    )
    case_count = fields.Integer(compute="_compute_case_count", string="About it")

    @api.depends("case_ids")
    def _compute_case_count(self):
        counts = dict(
            self.env["shenpi.application"]._read_group(
                [("licence_base_id", "in", self.ids)], ["licence_base_id"], ["__count"]
            )
        )
        for licence in self:
            licence.case_count = counts.get(licence, 0)

    # === What an application does to it === #

    def _get_versions(self):
        """All versions of the numbers of these licences."""
        return self.sudo().search([("number", "in", self.mapped("number"))])

    def _get_open_renewal(self):
        """The open application that asks for the renewal of this number, as sudo."""
        self.ensure_one()
        return (
            self.env["shenpi.application"]
            .sudo()
            .search(
                [
                    ("licence_base_id", "in", self._get_versions().ids),
                    ("purpose", "=", "renew"),
                    ("state", "in", OPEN_STATES),
                ],
                limit=1,
            )
        )

    def _begin_renewal(self, day, in_time, data, at=None):
        """Its renewal has been asked for on a legal date.

        :param bool in_time: whether it was asked in time; :param dict data: the application
        """
        move = Move(
            at=at,
            values={"renewal_in_time": in_time, "deemed_renewed": False},
            event={"data": dict(data, asked=day.isoformat(), in_time=in_time)},
        )
        self._transition_all("ask_renewal", [move])

    def _end_renewal(self, data, at=None):
        """The application for its renewal has ended without a grant: it is what it was before."""
        if self.state not in self._transitions["end_renewal"].sources:
            return
        state = "suspended" if self.state == "suspended" else "valid"
        move = Move(
            at=at,
            values={"renewal_in_time": False},
            event={"state_to": state, "data": data},
        )
        self._transition_all("end_renewal", [move])

    # === One click === #

    def action_renew(self):
        """Open an application for the renewal, filled in with what is known of the holder.

        :raise UserError: it is not in force, has no end, or its renewal is under way already
        """
        self._open()
        draft = self._find_own_draft() or self._do_prepare_renewal()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def _find_own_draft(self):
        return self.env["shenpi.application"].search(
            [
                ("licence_base_id", "=", self.id),
                ("purpose", "=", "renew"),
                ("state", "=", "draft"),
                ("filed_by_id", "=", self.env.uid),
            ],
            limit=1,
        )

    def _do_prepare_renewal(self):
        """Write the draft of a renewal. It shows the holder's numbers to whoever files for him, so
        the licence keeps who did."""
        self._open()
        item = self._get_renewal_item()
        self._transition("prepare_renewal", event={"data": {"item": item.code}})
        # The defaults of the screen that the button stands on are none of an application.
        applications = self.env["shenpi.application"].with_context(clean_context(self.env.context))
        draft = applications.create(self._prepare_renewal_vals(item))
        draft.sudo().licence_base_id = self
        return draft

    def _get_renewal_item(self):
        """The item by which it is renewed: that of its type, else the published version of its own.

        :raise UserError: there is none
        """
        licence = self.sudo()
        item = licence.type_id.renewal_item_id
        wanted = (item or licence.item_id).code
        published = self.env["shenpi.item"].search(
            [("code", "=", wanted), ("state", "=", "published")], limit=1
        )
        if not published and licence.type_id:
            published = self.env["shenpi.item"].search(
                [
                    ("licence_type_id", "=", licence.type_id.id),
                    ("company_id", "=", licence.company_id.id),
                    ("state", "=", "published"),
                ],
                order="code",
                limit=1,
            )
        if not published:
            raise UserError(
                self.env._("%s: no published item renews this licence.", self.display_name)
            )
        return published

    def _prepare_renewal_vals(self, item):
        licence = self.sudo()
        former = licence.application_id
        return {
            "item_id": item.id,
            "purpose": "renew",
            "licence_base_number": licence.number,
            "applicant_kind": licence.holder_kind,
            "applicant_name": licence.holder_name,
            "applicant_id_type": licence.holder_id_type,
            "applicant_id_number": licence.holder_id_number_raw,
            "applicant_phone": licence.holder_phone_raw,
            "applicant_email": licence.holder_email,
            "licence_scope": licence.scope,
            "licence_place": licence.place,
            "project_name": former.project_name,
            "investment_code": former.investment_code,
        }

    # === Deemed renewed === #

    @api.model
    def _cron_deem_renewed(self):
        """Note that licences count as renewed: asked in time, and not decided before the end.

        One licence, one commit; what was noted is not noted again.
        """
        domain = (
            Domain("state", "=", "renewing")
            & Domain("valid_to", "<", self._get_today())
            & Domain("renewal_in_time", "=", True)
            & Domain("deemed_renewed", "=", False)
        )
        due = self.search(domain, order="valid_to, id", limit=DEEMED_AT_ONCE)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=self.search_count(domain))
        for licence in due:
            licence = licence.try_lock_for_update().filtered_domain(domain)
            try:
                licence._deem_renewed()
            except UserError:
                self.env.cr.rollback()
                _logger.exception("%s: deemed renewal could not be noted", licence)
            if not crons._commit_progress(1):
                break

    def _deem_renewed(self):
        for licence in self:
            writing = licence._in_writing().env
            licence._transition(
                "deem_renewed",
                values={"deemed_renewed": True},
                event={
                    "opinion": writing._(
                        "Asked in time and not decided before %s: it counts as renewed until it is"
                        " decided.",
                        licence.valid_to,
                    ),
                    "legal_basis": writing._("Administrative Licensing Law, art. 50"),
                },
            )
