from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.shenpi_base.tools import identifiers

from ..tools.roles import EVALUATORS
from .shenpi_message_template_evaluation import QUERY_CODE, RATING_LINK, TAKEN_IN

# What is told of, besides applications: the field of a message that points to it.
SUBJECTS = {
    "shenpi.grievance": "grievance_id",
    "project.project": "project_id",
    "shenpi.rating.case": "rating_case_id",
}


class ShenpiMessage(models.Model):
    """Messages that ask for a rating, and those to people who brought a grievance or rated badly
    and to the investor of a key project.

    They are read by whoever sees the grievance or project, by nobody of the unit complained of; of
    a bad rating by officers of evaluation only. The complainant's name stays masked, his number is
    shown to those who may know it.

    Links and codes are put in at the moment of sending, and kept nowhere: staff who read what was
    told to somebody, or send it again, cannot rate in his place.
    """

    _inherit = "shenpi.message"

    grievance_id = fields.Many2one(
        "shenpi.grievance", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    project_id = fields.Many2one(
        "project.project",
        string="Key project",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    rating_case_id = fields.Many2one(
        "shenpi.rating.case",
        string="Bad-rating case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    rating_token_id = fields.Many2one(
        "shenpi.rating.token",
        groups=fields.NO_ACCESS,
        index="btree_not_null",
        ondelete="set null",
    )
    receiver = fields.Selection(
        selection_add=[("complainant", "Person with a grievance")],
        ondelete={"complainant": "cascade"},
    )

    _about_which = models.Constraint(
        "CHECK (about_other IS NOT TRUE"
        " OR num_nonnulls(grievance_id, project_id, rating_case_id) = 1)",
        "A message is about a case, a grievance, a project or a bad rating, or goes to a licence"
        " holder.",
    )

    @property
    def _private_receivers(self):
        return (*super()._private_receivers, "complainant")

    def _filter_clear(self):
        grievances = self.grievance_id._filter_clear()
        projects = self.project_id.filtered(
            lambda project: self.env.user in (project.user_id, project.opened_by_id)
        )
        ratings = self.rating_case_id.rating_id._filter_impartial()
        return super()._filter_clear() | self.filtered(
            lambda m: (
                m.grievance_id in grievances
                or m.project_id in projects
                or m.rating_case_id.rating_id in ratings
            )
        )

    @api.model
    def _may_send_again(self):
        return super()._may_send_again() or self.env.user.has_groups(EVALUATORS)

    def _get_documents(self):
        further = (self[name] for name in SUBJECTS.values())
        return [*super()._get_documents(), *further]

    # === Raising === #

    @api.model
    def _get_case(self, document):
        if document._name not in SUBJECTS:
            return super()._get_case(document)
        lang = self.env["shenpi.application.document"]._get_lang()
        return document.sudo().with_context(lang=lang)

    @api.model
    def _prepare_messages(self, case, event_key, *args):
        """On the public page a person has read number and code already; and nobody shall make us
        send SMS to numbers that he types in there."""
        if event_key == TAKEN_IN and case.filed_by_id.id == SUPERUSER_ID:
            return []
        return super()._prepare_messages(case, event_key, *args)

    @api.model
    def _get_item(self, case):
        return self.env["shenpi.item"] if case._name in SUBJECTS else super()._get_item(case)

    @api.model
    def _get_link(self, case):
        if case._name not in SUBJECTS:
            return super()._get_link(case)
        return {SUBJECTS[case._name]: case.id, "about_other": True}

    @api.model
    def _get_receiver(self, case, receiver, channel):
        if case._name not in SUBJECTS:
            return super()._get_receiver(case, receiver, channel)
        if case._name == "project.project":
            role, name, phone = "applicant", case.applicant_name, case.applicant_phone_raw
        elif case._name == "shenpi.rating.case":
            rating = case.rating_id
            role, name, phone = "applicant", rating.rater_name_raw, rating.rater_phone_raw
        else:
            role, name, phone = "complainant", case.complainant_name_raw, case.complainant_phone_raw
        if name and case._name != "project.project":
            name = identifiers.mask_name(name)
        return name, receiver == role and channel == "sms" and phone

    # === Sending === #

    def _hand_over(self, token):
        """Let these messages carry a token, as far as they go out of the house: a bureau may have
        set that staff are told of the same occasion."""
        self.sudo().filtered(
            lambda message: message.receiver in message._private_receivers
        ).rating_token_id = token

    def _get_wire_body(self):
        message = self.sudo()
        token, channel = message.rating_token_id, "sms" if self.channel == "sms" else "pc"
        words = {
            RATING_LINK: token._get_url(channel) if token else "",
            QUERY_CODE: message.grievance_id.query_token or "",
        }
        body = super()._get_wire_body()
        for name, word in words.items():
            body = body.replace(f"{{{name}}}", word)
        return body

    def _do_send_again(self, reason, address=""):
        if address and self.sudo().rating_token_id:
            raise UserError(
                self.env._("A link that rates is sent again to whoever was served, nowhere else.")
            )
        return super()._do_send_again(reason, address)
