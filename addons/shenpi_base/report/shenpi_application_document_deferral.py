from odoo import models


class ShenpiApplicationDocument(models.AbstractModel):
    """The documents of deferral 容缺: what the applicant promises, what the bureau tells him."""

    _inherit = "shenpi.application.document"

    def _prepare_deferral_letter(self, application):
        promised = self._get_promised(application)
        promise = application.event_ids.filtered(lambda e: e.action == "defer")[-1:]
        return {
            "title": self.env._("Promise to Hand In Materials Later"),
            "addressee": application.company_id.name,
            "date": promise.happened_at or application.received_at,
            "paragraphs": [
                self.env._(
                    "I apply for “%s”. The main materials are complete; the materials below are not"
                    " at hand yet. I promise to hand them in, complete and in due form, by the days"
                    " given:",
                    application.item_id.name,
                ),
            ],
            "items": [self._get_promise(material) for material in promised],
            "closing": [
                self.env._(
                    "I have been told what is missing, by when it is to follow, and what happens if"
                    " it does not: the application then counts as withdrawn, and the broken promise"
                    " is entered in my credit record and bars deferral until it is repaired. What I"
                    " have handed in is true; I answer for it."
                ),
                self.env._("Applicant: %s", application.applicant_name),
            ],
            "signature": True,
            "seal": False,
        }

    def _prepare_deferral_notice(self, application):
        promised = self._get_promised(application)
        paragraphs = [
            self.env._(
                "Your application for “%(item)s”, received on %(date)s, has been examined. The main"
                " materials are complete and in due form; on your written promise the materials"
                " below may follow.",
                item=application.item_id.name,
                date=self._show_moment(application.received_at),
            )
        ]
        accepted = []
        if application.accepted_date:
            accepted = [self._get_acceptance(application), self._get_limits(application)]
        return {
            "title": self.env._("Notice That Materials May Follow"),
            "date": application.accepted_at or application.received_at,
            "paragraphs": paragraphs,
            "items": [self._get_promise(material) for material in promised],
            "closing": [
                *accepted,
                self.env._(
                    "The application is examined meanwhile; it is decided after all of these"
                    " materials have been handed in. What has not been handed in by its day makes"
                    " the application count as withdrawn."
                ),
                self.env._(
                    "Made out twice: one copy for the applicant, one for the file of the case."
                ),
            ],
            "signature": True,
        }

    def _prepare_deemed_withdrawal(self, application):
        deemed = application.event_ids.filtered(lambda e: e.action == "deem_withdrawn")[-1:]
        self._require(deemed, application)
        return {
            "title": self.env._("Notice of Deemed Withdrawal"),
            "date": deemed.happened_at,
            "paragraphs": [
                self.env._(
                    "Your application for “%(item)s”, accepted on %(date)s on your written promise"
                    " to hand in materials later, counts as withdrawn.",
                    item=application.item_id.name,
                    date=self._show_date(application.accepted_date),
                ),
                self.env._("Reason: %s", deemed.opinion),
                self.env._(
                    "You may apply again. Until the broken promise has been repaired in your credit"
                    " record, all materials are to be there at filing."
                ),
            ],
            "signature": True,
        }

    def _prepare_acceptance(self, application):
        page = super()._prepare_acceptance(application)
        outstanding = application.material_ids.filtered(lambda m: m.status == "deferred")
        if outstanding:
            page["paragraphs"][0] = self.env._(
                "Your application for “%(item)s”, received on %(date)s, has been examined. It lies"
                " within our power, and the main materials are complete and in due form; on your"
                " written promise these follow: %(materials)s.",
                item=application.item_id.name,
                date=self._show_moment(application.received_at),
                materials="、".join(self._get_promise(material) for material in outstanding),
            )
        return page

    def _get_promised(self, application):
        promised = application.material_ids.filtered("promised_date")
        self._require(promised, application)
        return promised

    def _get_promise(self, material):
        return self.env._(
            "%(name)s (by %(day)s)",
            name=material.name,
            day=self._show_date(material.promised_date),
        )
