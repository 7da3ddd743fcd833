import base64
import binascii

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError

from .shenpi_grievance import TITLE_LENGTH


class ShenpiGrievance(models.Model):
    """Intake without a form: from the public page, from integrators, from a bad rating."""

    _name = "shenpi.grievance"
    _inherit = ["shenpi.grievance", "shenpi.upload.mixin"]

    @api.model
    def _take_in(self, vals, files=(), at=None):
        """Write a grievance and take it in at once.

        :param dict vals: what was said; the personal fields by their plain names
        :param files: list of (name, content as bytes)
        :raise ValidationError: naming the field that is wrong
        """
        # Odoo would cut it in silence.
        if len(vals["title"]) > TITLE_LENGTH:
            raise ValidationError(self.env._("title: at most %s characters.", TITLE_LENGTH))
        files = self._prepare_uploads(files)
        raw = {
            f"{name}_raw": vals.pop(name)
            for name in ("complainant_name", "complainant_phone", "complainant_address")
            if name in vals
        }
        if not raw:
            raw["is_anonymous"] = True
        grievance = self._begin("receive", {**self._get_begun_defaults(), **vals, **raw}, at=at)
        links = [dict(file, res_model=self._name, res_id=grievance.id) for file in files]
        if links:
            grievance.sudo().attachment_ids = self.env["ir.attachment"].sudo().create(links)
        return grievance

    @api.model
    def _get_begun_defaults(self):
        return {"company_id": self.env.company.id, "filed_by_id": self.env.uid}

    @api.model
    def _read_file(self, place, entry):
        """A file of a payload, its content in base 64."""
        try:
            content = base64.b64decode(entry["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError(
                self.env._("files[%s].content: must be base 64.", place)
            ) from error
        return entry["filename"], content

    @api.model
    def _open_from_rating(self, rating_case):
        """Open a grievance from a bad rating that asks for more than its own handling; once.

        :param rating_case: a record whose ``_prepare_grievance_vals`` answers ``title``, ``text``,
            ``company_id`` and what is known of ``accused_department_id``, ``accused_user_id``,
            ``application_id`` and, of a real-name rater, ``complainant_name``, ``_phone``
        :return: the grievance
        """
        rating_case.ensure_one()
        origin = {"origin_model": rating_case._name, "origin_id": rating_case.id}
        found = self.sudo().search([(name, "=", value) for name, value in origin.items()], limit=1)
        if found:
            return found.with_env(self.env)
        source = self.env.ref("shenpi_evaluation.grievance_source_rating")
        vals = {"kind": "complain", "source_id": source.id}
        return self._take_in(vals | rating_case._prepare_grievance_vals() | origin)

    @api.model
    def _take_in_public(self, company, vals, files):
        """What somebody without a login wrote on the public page. The system files it.

        :param company: the bureau he wrote to; empty when he chose none that there is
        :param dict vals: source code, kind, title, text, and what he says of himself
        """
        if not company:
            raise ValidationError(self.env._("bureau: choose one of the list."))
        grievances = self.with_user(SUPERUSER_ID)
        source = self.env["shenpi.grievance.source"].sudo()
        source = source.search([("code", "=", vals.pop("source")), ("is_public", "=", True)])
        if not source:
            raise ValidationError(self.env._("source: choose one of the list."))
        if vals.get("kind") not in dict(self._fields["kind"].selection):
            raise ValidationError(self.env._("kind: choose one of the list."))
        origin = {"source_id": source.id, "company_id": company.id}
        return grievances.with_company(company)._take_in(vals | origin, files)
