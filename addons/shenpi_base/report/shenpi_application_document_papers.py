from odoo import fields, models


class ShenpiApplicationDocument(models.AbstractModel):
    """The applicant's statement about single proofs 证明事项告知承诺书."""

    _inherit = "shenpi.application.document"

    def _prepare_proof_statement(self, application):
        stated = application._get_stated() or application._get_statable()
        self._require(stated, application)
        moments = list(filter(None, stated.mapped("stated_at")))
        return {
            "title": self.env._("Statement in Place of Proofs"),
            "addressee": application.company_id.name,
            "date": max(moments, default=fields.Datetime.now()),
            "paragraphs": [
                self.env._(
                    "For the application for “%(item)s” the applicant need not hand in the proofs"
                    " below if he states in writing that the facts they prove are true.",
                    item=application.item_id.name,
                )
            ],
            "rows": [
                (material.name, material.item_material_id.legal_basis or "")
                for material in stated.with_env(self.env)
            ],
            "closing": [
                self.env._(
                    "The applicant states: the facts that these proofs would prove are true; I"
                    " accept that the bureau verifies them and answer for a false statement, for"
                    " which the decision is revoked and my credit record bears an entry."
                ),
                self.env._("Applicant: %s", application.applicant_name),
            ],
            "signature": True,
            "seal": False,
        }
