from odoo import models


class ShenpiApplicationDocument(models.AbstractModel):
    """The documents of a commitment 告知承诺: the letter, the order to rectify, the revocation."""

    _inherit = "shenpi.application.document"

    def _prepare_commitment_letter(self, application):
        item = application.item_id
        self._require(item.allow_commitment, application)
        made = application.event_ids.filtered(lambda e: e.action == "commit")[-1:]
        publicity = item.commitment_publicity or self.env._("It is not made public.")
        return {
            "title": self.env._("Letter of Commitment"),
            "addressee": application.company_id.name,
            "date": made.happened_at or application.received_at,
            "paragraphs": [self.env._("The bureau has told the applicant:")],
            "rows": [
                (self.env._("Matter"), item.name),
                (self.env._("Basis"), item.legal_basis or ""),
                (self.env._("Content of the commitment"), item.commitment_content or ""),
                (self.env._("Way of committing oneself"), self._get_commitment_way()),
                (self.env._("Liability"), self._get_liability(item)),
                (self.env._("Right to verify"), self._get_verification(item)),
                (self.env._("Publicity"), publicity),
            ],
            "closing": [
                self.env._(
                    "The applicant states: I have read and understood the above; I meet the"
                    " conditions and will go on meeting them; what I have stated is true and is my"
                    " free will; I accept the verification and answer for a false commitment."
                ),
                self.env._("Applicant: %s", application.applicant_name),
            ],
            "signature": True,
            "seal": False,
        }

    def _get_commitment_way(self):
        return self.env._(
            "In writing, of free choice. Who does not choose it proves the conditions in the"
            " ordinary way; until the decision the commitment may be taken back."
        )

    def _get_liability(self, item):
        rule = self.env._(
            "If the commitment is false the decision and the licence are revoked, the benefit is"
            " not protected, and the false commitment is entered in the credit record."
        )
        return "\n".join(filter(None, (rule, item.commitment_liability)))

    def _get_verification(self, item):
        if item.verification_method == "exempt":
            return self.env._("Exempt from verification after the decision.")
        methods = dict(item._fields["verification_method"]._description_selection(self.env))
        return self.env._(
            "The bureau verifies within %(days)s working days of the decision: %(method)s. What"
            " does not match is to be rectified by a day that it sets.",
            days=item.verification_days,
            method=methods.get(item.verification_method, ""),
        )

    def _prepare_rectification(self, application):
        commitment = application.commitment_ids
        self._require(commitment.rectify_by, application)
        ordered = commitment.event_ids.filtered(lambda e: e.action == "rectify")[-1:]
        return {
            "title": self.env._("Order to Rectify"),
            "date": ordered.happened_at,
            "paragraphs": [
                self.env._(
                    "“%(item)s” was granted to you on %(date)s on your written commitment. The"
                    " verification found that the facts do not match it:",
                    item=application.item_id.name,
                    date=self._show_moment(application.decided_at),
                ),
                ordered.opinion,
                self.env._(
                    "You are ordered to put this right by %s and to report it to this bureau. If"
                    " the conditions are not met then, the decision and the licence are revoked.",
                    self._show_date(commitment.rectify_by),
                ),
            ],
            "signature": True,
        }

    def _prepare_revocation(self, application):
        self._require(application.revoked_at, application)
        licence = application.licence_id
        if self._is_licence(application):
            title = self.env._("Decision to Revoke the Administrative Licence")
            rule = self.env._(
                "In accordance with article 69 of the Administrative Licensing Law of the People's"
                " Republic of China the administrative licence is revoked."
            )
        else:
            title = self.env._("Decision to Revoke the Grant")
            rule = self.env._("The grant is revoked.")
        rows = [
            (self.env._("Licence name"), licence.name),
            (self.env._("Licence number"), licence.number),
            (self.env._("Revoked on"), self._show_date(licence.revoked_on)),
        ]
        return {
            "title": title,
            "date": application.revoked_at,
            "paragraphs": [
                self.env._(
                    "“%(item)s” was granted to you on %(date)s.",
                    item=application.item_id.name,
                    date=self._show_moment(application.decided_at),
                ),
                self.env._("Reason: %s", application.reason),
                rule,
            ],
            "rows": rows if licence else [],
            "closing": [self._get_rights(application)],
            "signature": True,
        }
