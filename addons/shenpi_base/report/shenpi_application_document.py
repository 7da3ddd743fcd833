from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import barcodes
from ..tools.localtime import local_date

LICENCE = "01"
REPORT_LANG = "zh_CN"
# What the applicant signs before he files.
BEFORE_FILING = ("commitment_letter", "deferral_letter", "proof_statement")


class ShenpiApplicationDocument(models.AbstractModel):
    """The words of the documents that an applicant receives, one method for each kind.

    They are sentences with values in them, so they are put together here and not in a template,
    where a translator could not move the values. Documents are written in Chinese wherever the
    language is installed, whatever the language of whoever prints them.
    """

    _name = "shenpi.application.document"
    _description = "Printed document"

    @api.model
    def _get_lang(self):
        installed = self.env["res.lang"]._get_data(code=REPORT_LANG)
        return REPORT_LANG if installed else self.env.lang or "en_US"

    @api.model
    def _prepare(self, kind, application):
        """Everything a page shows.

        :param str kind: filing, acceptance, correction, refusal, decision or delivery
        :return: dict with title, date, addressee, paragraphs, optional materials, items, rows
            and closing, signature, code (SVG), qr (SVG or None)
        :raise UserError: the application has no such document
        """
        application = application.with_context(lang=self._get_lang())
        document = self.with_env(application.env)
        if not application.number and kind not in BEFORE_FILING:
            raise UserError(
                self.env._(
                    "%s has not been received: it has no documents.", application.display_name
                )
            )
        page = getattr(document, f"_prepare_{kind}")(application)
        page.setdefault("addressee", application.applicant_name)
        page["date"] = document._show_date(page["date"])
        filed = bool(application.number)
        page["code"] = filed and barcodes.code128(application.number)
        page["qr"] = filed and barcodes.qr(application._get_progress_url())
        return page

    # === Kinds === #

    def _prepare_filing(self, application):
        paragraphs = [
            self.env._(
                "On %(date)s we received your application for “%(item)s” with the materials marked"
                " below.",
                date=self._show_moment(application.received_at),
                item=application.item_id.name,
            )
        ]
        if application.correction_due_date and not application.accepted_date:
            paragraphs.append(
                self.env._(
                    "By %(due)s you will be told, once, everything that is missing or not in due"
                    " form, or whether the application is accepted. If you are told nothing, it"
                    " counts as accepted from the day of receipt.",
                    due=self._show_date(application.correction_due_date),
                )
            )
        spared = application.material_ids.filtered(lambda m: m.status == "spared")
        if spared:
            paragraphs.append(
                self.env._("You need not hand in: %s.", "、".join(spared.mapped("name")))
            )
        return {
            "title": self.env._("Receipt of Filing"),
            "date": application.received_at,
            "paragraphs": paragraphs,
            "materials": application.material_ids,
            "signature": True,
        }

    def _prepare_acceptance(self, application):
        self._require(application.accepted_date, application)
        item = application.item_id
        paragraphs = [
            self.env._(
                "Your application for “%(item)s”, received on %(date)s, has been examined. It lies"
                " within our power, and the materials are complete and in due form.",
                item=item.name,
                date=self._show_moment(application.received_at),
            ),
            self._get_acceptance(application),
            self._get_limits(application),
        ]
        if self._is_licence(application):
            paragraphs.append(
                self.env._(
                    "The time for hearings, bidding, auctions, examination, testing, quarantine,"
                    " appraisal and expert review that the law requires does not count (article"
                    " 45)."
                )
            )
        return {
            "title": self.env._("Notice of Acceptance"),
            "date": application.accepted_at,
            "paragraphs": paragraphs,
            "materials": application.material_ids.filtered("provided"),
            "signature": True,
        }

    def _prepare_correction(self, application):
        correction = application.sudo().correction_ids[-1:]
        self._require(correction, application)
        told = (
            self.env._(
                "In accordance with article 32, paragraph 1, item (4) of the Administrative"
                " Licensing Law of the People's Republic of China you are told, once, everything"
                " that has to be supplied or put right:"
            )
            if self._is_licence(application)
            else self.env._("You are told, once, everything that has to be supplied or put right:")
        )
        return {
            "title": self.env._("Correction Notice"),
            "date": correction.sent_at,
            "paragraphs": [
                self.env._(
                    "Your application for “%(item)s”, received on %(date)s, has been examined. The"
                    " materials are incomplete or not in due form.",
                    item=application.item_id.name,
                    date=self._show_moment(application.received_at),
                ),
                told,
            ],
            "items": correction.line_ids.mapped("text"),
            "closing": [
                self.env._(
                    "Please hand in all of it at %s. Your application is dealt with further as soon"
                    " as it has been supplied.",
                    application.item_id.place or application.window_id.name,
                )
            ],
            "signature": True,
        }

    def _prepare_refusal(self, application):
        self._require(application.state == "not_accepted", application)
        refused = application.event_ids.filtered(lambda event: event.action == "not_accept")
        return {
            "title": self.env._("Decision Not to Accept"),
            "date": refused[-1:].happened_at,
            "paragraphs": [
                self.env._(
                    "Your application for “%(item)s”, received on %(date)s, has been examined.",
                    item=application.item_id.name,
                    date=self._show_moment(application.received_at),
                ),
                self._get_refusal_ground(application),
                self.env._("Reason: %s", application.reason),
                self._get_rights(application),
            ],
            "signature": True,
        }

    def _prepare_decision(self, application):
        self._require(application.outcome, application)
        if application.outcome == "grant":
            return self._prepare_grant(application)
        return self._prepare_denial(application)

    def _prepare_grant(self, application):
        item, licence = application.item_id, application.licence_id
        if self._is_licence(application):
            title = self.env._("Decision to Grant the Administrative Licence")
        else:
            title = self.env._("Decision to Grant the Application")
        rows = [(self.env._("Basis"), item.legal_basis)] if item.legal_basis else []
        if licence:
            rows += [
                (self.env._("Licence name"), licence.name),
                (self.env._("Licence number"), licence.number),
                (self.env._("Validity"), self._get_validity(licence)),
                (self.env._("Scope"), licence.scope),
                (self.env._("Conditions"), licence.conditions),
            ]
        return {
            "title": title,
            "date": application.decided_at,
            "paragraphs": [self._get_grant(application)],
            "rows": [row for row in rows if row[1]],
            "signature": False,
        }

    def _prepare_denial(self, application):
        if self._is_licence(application):
            title = self.env._("Decision to Deny the Administrative Licence")
        else:
            title = self.env._("Decision to Deny the Application")
        paragraphs = [
            self._get_denial(application),
            self.env._("Reason: %s", application.reason),
        ]
        if application.item_id.legal_basis:
            paragraphs.append(self.env._("Basis: %s", application.item_id.legal_basis))
        return {
            "title": title,
            "date": application.decided_at,
            "paragraphs": [*paragraphs, self._get_rights(application)],
            "signature": False,
        }

    def _prepare_delivery(self, application):
        self._require(application.delivered_at, application)
        methods = dict(application._fields["delivery_method"]._description_selection(self.env))
        served = self._prepare_decision(application)["title"]
        if application.licence_id:
            served = f"{served}、{application.licence_id.name} {application.licence_id.number}"
        rows = [
            (self.env._("Served on"), application.applicant_name),
            (self.env._("Matter"), application.item_id.name),
            (self.env._("Documents served"), served),
            (self.env._("How"), methods[application.delivery_method]),
            (self.env._("Tracking number"), application.tracking_number),
            (self.env._("Date of service"), self._show_moment(application.delivered_at)),
            (self.env._("Signature or seal of the receiver"), ""),
            (self.env._("Receiver's relation to the person served, if another"), ""),
            (self.env._("Served by"), ""),
            (self.env._("Remarks"), ""),
        ]
        return {
            "title": self.env._("Acknowledgement of Service"),
            "date": application.delivered_at,
            "addressee": False,
            "paragraphs": [],
            "rows": [row for row in rows if row[1] is not False],
            "signature": False,
        }

    # === Sentences === #

    def _get_acceptance(self, application):
        day = self._show_date(application.accepted_date)
        if self._is_licence(application):
            return self.env._(
                "In accordance with article 32, paragraph 1, item (5) of the Administrative"
                " Licensing Law of the People's Republic of China it is accepted as of %s.",
                day,
            )
        return self.env._("It is accepted as of %s.", day)

    def _get_limits(self, application):
        item = application.item_id
        if not item.promised_limit:
            return self.env._("It is decided on the day of acceptance.")
        units = dict(item._fields["limit_unit"]._description_selection(self.env))
        return self.env._(
            "The statutory limit is %(statutory)s %(unit)s from acceptance, the promised limit"
            " %(promised)s %(unit)s: a decision is promised by %(due)s.",
            statutory=item.statutory_limit,
            promised=item.promised_limit,
            unit=units[item.limit_unit],
            due=self._show_date(application.promised_due_date),
        )

    def _get_grant(self, application):
        examined = {
            "item": application.item_id.name,
            "date": self._show_date(application.accepted_date),
        }
        if self._is_licence(application):
            return self.env._(
                "Your application for “%(item)s”, accepted on %(date)s, has been examined. It meets"
                " the conditions and standards set by law. In accordance with article 38, paragraph"
                " 1 of the Administrative Licensing Law of the People's Republic of China the"
                " administrative licence is granted.",
                **examined,
            )
        return self.env._(
            "Your application for “%(item)s”, accepted on %(date)s, has been examined. It meets"
            " the conditions set by law and is granted.",
            **examined,
        )

    def _get_denial(self, application):
        examined = {
            "item": application.item_id.name,
            "date": self._show_date(application.accepted_date),
        }
        if self._is_licence(application):
            return self.env._(
                "Your application for “%(item)s”, accepted on %(date)s, has been examined. It does"
                " not meet the conditions and standards set by law. In accordance with article 38,"
                " paragraph 2 of the Administrative Licensing Law of the People's Republic of China"
                " the administrative licence is denied.",
                **examined,
            )
        return self.env._(
            "Your application for “%(item)s”, accepted on %(date)s, has been examined. It does"
            " not meet the conditions set by law and is denied.",
            **examined,
        )

    def _get_refusal_ground(self, application):
        grounds = {
            "not_needed": self.env._(
                "By law the matter needs no administrative licence. In accordance with article 32,"
                " paragraph 1, item (1) of the Administrative Licensing Law of the People's"
                " Republic of China the application is not accepted."
            ),
            "not_ours": self.env._(
                "By law the matter does not lie within our power. In accordance with article 32,"
                " paragraph 1, item (2) of the Administrative Licensing Law of the People's"
                " Republic of China the application is not accepted. Please apply to: %s.",
                application.redirect,
            ),
            "incomplete": self.env._(
                "You were told on %s what had to be supplied or put right; the materials are still"
                " incomplete or not in due form. In accordance with article 32, paragraph 1, item"
                " (4) of the Administrative Licensing Law of the People's Republic of China the"
                " application is not accepted.",
                self._show_moment(application.sudo().correction_ids[-1:].sent_at),
            ),
        }
        return grounds[application.refusal_code]

    def _get_rights(self, application):
        """Reconsideration (行政复议法 art. 20: 60 days) and suit (行政诉讼法 art. 46: 6 months)."""
        company = application.company_id.sudo()
        return self.env._(
            "If you do not agree with this decision you may, within 60 days of receiving it, apply"
            " to %(body)s for administrative reconsideration, or, within 6 months of receiving it,"
            " bring an administrative suit before %(court)s.",
            body=self._with_contact(
                company.shenpi_reconsideration_body
                or self.env._("the people's government at the same level"),
                company.shenpi_reconsideration_address,
                company.shenpi_reconsideration_phone,
            ),
            court=self._with_contact(
                company.shenpi_suit_court or self.env._("the people's court that has jurisdiction"),
                company.shenpi_suit_address,
                False,
            ),
        )

    def _with_contact(self, name, address, phone):
        values = {"name": name, "address": address, "phone": phone}
        if address and phone:
            return self.env._("%(name)s (address: %(address)s, phone: %(phone)s)", **values)
        if address:
            return self.env._("%(name)s (address: %(address)s)", **values)
        return self.env._("%(name)s (phone: %(phone)s)", **values) if phone else name

    def _get_validity(self, licence):
        if not licence.valid_to:
            return self.env._("from %s, without limit", self._show_date(licence.valid_from))
        return self.env._(
            "%(first)s to %(last)s",
            first=self._show_date(licence.valid_from),
            last=self._show_date(licence.valid_to),
        )

    # === Helpers === #

    def _is_licence(self, application):
        return application.item_id.item_type == LICENCE

    def _require(self, fact, application):
        if not fact:
            raise UserError(self.env._("%s has no such document (yet).", application.display_name))

    def _show_date(self, day):
        """A date as documents write it: 2026年1月5日."""
        if hasattr(day, "hour"):
            return self._show_moment(day)
        return format_date(self.env, day, lang_code=self.env.lang, date_format="long")

    def _show_moment(self, moment):
        return self._show_date(local_date(moment)) if moment else ""
