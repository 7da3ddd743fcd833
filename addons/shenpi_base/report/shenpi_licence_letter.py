from odoo import api, models
from odoo.exceptions import UserError

from ..tools import barcodes


class ShenpiLicenceLetter(models.AbstractModel):
    """The words of the decisions that end a licence 撤销决定书、注销决定书 and of the public notice
    of them 注销公告."""

    _name = "shenpi.licence.letter"
    _description = "Letter about a licence"

    @api.model
    def _prepare(self, kind, licence):
        """Everything a page shows, for the page of ``shenpi.application.document``.

        :param str kind: revocation or cancellation
        :raise UserError: the licence has no such letter
        """
        licence = self._in_writing(licence)
        letter = self.with_env(licence.env)
        page = getattr(letter, f"_prepare_{kind}")(licence)
        page["addressee"] = licence.holder_name
        page["date"] = letter._show(page["date"])
        page["code"] = barcodes.code128(licence.number)
        page["qr"] = None
        return page

    @api.model
    def _prepare_notice(self, licences):
        """Public notice of cancellations; names of persons are masked.

        :raise UserError: none of the licences has been cancelled
        """
        licences = self._in_writing(licences).filtered(lambda one: one.state == "cancelled")
        letter = self.with_env(licences.env)
        if not licences:
            raise UserError(letter.env._("None of these licences has been cancelled."))
        grounds = dict(licences._fields["cancellation_ground"]._description_selection(letter.env))
        return {
            "bureau": licences.company_id[:1].name,
            "title": letter.env._("Public Notice of Cancelled Licences"),
            "paragraph": letter.env._(
                "In accordance with article 70 of the Administrative Licensing Law of the People's"
                " Republic of China the following %s licences have been cancelled. Their originals"
                " and copies are void and may not be used any more.",
                len(licences),
            ),
            "rows": [
                {
                    "number": licence.number,
                    "name": licence.name,
                    "holder": letter._get_public_name(licence),
                    "ground": grounds[licence.cancellation_ground],
                    "day": letter._show(licence.cancelled_on),
                }
                for licence in licences
            ],
            "date": letter._show(max(licences.mapped("cancelled_on"))),
        }

    # === Kinds === #

    def _prepare_revocation(self, licence):
        self._require(licence.revoked_on, licence)
        grounds = dict(licence._fields["revocation_ground"]._description_selection(self.env))
        if licence._is_by_licensing_law():
            title = self.env._("Decision to Revoke the Administrative Licence")
            rule = self.env._(
                "In accordance with article 69 of the Administrative Licensing Law of the People's"
                " Republic of China the administrative licence is revoked."
            )
        else:
            title = self.env._("Decision to Revoke the Grant")
            rule = self.env._("The grant is revoked.")
        return {
            "title": title,
            "date": licence.revoked_on,
            "paragraphs": [
                self._get_origin(licence),
                self.env._("Ground: %s", grounds[licence.revocation_ground]),
                self.env._("Reason: %s", licence.revocation_reason),
                rule,
            ],
            "rows": self._get_rows(licence, self.env._("Revoked on"), licence.revoked_on),
            "closing": [self._get_rights(licence)],
            "signature": True,
        }

    def _prepare_cancellation(self, licence):
        self._require(licence.cancelled_on, licence)
        grounds = dict(licence._fields["cancellation_ground"]._description_selection(self.env))
        paragraphs = [
            self._get_origin(licence),
            self.env._("Ground: %s", grounds[licence.cancellation_ground]),
            self.env._("Reason: %s", licence.cancellation_reason),
        ]
        if licence._is_by_licensing_law():
            paragraphs.append(
                self.env._(
                    "In accordance with article 70 of the Administrative Licensing Law of the"
                    " People's Republic of China the licence is cancelled. Its original and copies"
                    " are void; please hand them back to this bureau."
                )
            )
        else:
            paragraphs.append(
                self.env._(
                    "The licence is cancelled. Its original and copies are void; please hand them"
                    " back to this bureau."
                )
            )
        return {
            "title": self.env._("Decision to Cancel a Licence"),
            "date": licence.cancelled_on,
            "paragraphs": paragraphs,
            "rows": self._get_rows(licence, self.env._("Cancelled on"), licence.cancelled_on),
            "closing": [self._get_rights(licence)],
            "signature": True,
        }

    # === Helpers === #

    @api.model
    def _in_writing(self, licences):
        return licences.with_context(lang=self.env["shenpi.application.document"]._get_lang())

    def _get_origin(self, licence):
        return self.env._(
            "“%(name)s” was issued to you, valid from %(date)s.",
            name=licence.name,
            date=self._show(licence.valid_from),
        )

    def _get_rows(self, licence, label, day):
        return [
            (self.env._("Licence name"), licence.name),
            (self.env._("Licence number"), licence.number),
            (label, self._show(day)),
        ]

    def _get_rights(self, licence):
        return self.env["shenpi.application.document"]._get_rights(licence)

    def _get_public_name(self, licence):
        if licence.holder_kind == "person":
            return licence._get_masked_holder()
        return licence.holder_name

    def _require(self, fact, licence):
        if not fact:
            raise UserError(self.env._("%s has no such document (yet).", licence.display_name))

    def _show(self, day):
        return self.env["shenpi.application.document"]._show_date(day)
