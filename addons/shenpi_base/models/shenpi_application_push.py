from odoo import api, fields, models, tools

# Which transitions of a case are passed on to the regulator, and as what.
PUSH_KINDS = {
    "grant": "grant",
    "grant_at_once": "grant",
    "deny": "denial",
    "change": "change",
    "revoke": "revocation",
}


class ShenpiApplication(models.Model):
    """Decisions are passed on to the department that supervises afterwards (审管联动)."""

    _inherit = "shenpi.application"

    push_ids = fields.One2many("shenpi.push", "application_id", readonly=True)
    push_count = fields.Integer(string="Pushes", compute="_compute_push_count")

    @api.depends("push_ids")
    def _compute_push_count(self):
        counts = dict(
            self.env["shenpi.push"]._read_group(
                [("application_id", "in", self.ids)], ["application_id"], ["__count"]
            )
        )
        for application in self:
            application.push_count = counts.get(application, 0)

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        vals_list, ats = [], []
        for application, event in zip(self, events, strict=True):
            kind = PUSH_KINDS.get(event.action)
            if kind and self._get_regulator_id(application.sudo().item_id):
                vals_list.append(application._prepare_push_vals(kind))
                past = event.happened_at < event.recorded_at
                ats.append(event.happened_at if past else None)
        if vals_list:
            self.env["shenpi.push"]._push_all(vals_list, ats)
        return result

    @api.model
    @tools.ormcache("item.id")
    def _get_regulator_id(self, item):
        """The regulator of an item version, which is never edited once it has cases."""
        return item.regulator_id.id

    def _prepare_push_vals(self, kind):
        """Values of a push of this case, a copy without identity numbers; what rests on a
        commitment is flagged and says by when it is verified.

        :param str kind: a value of ``shenpi.push.kind``
        """
        case = self.sudo()._in_writing()
        return {
            "kind": kind,
            "application_id": case.id,
            "licence_id": case.licence_id.id,
            "item_id": case.item_id.id,
            "company_id": case.company_id.id,
            "department_id": case.department_id.id,
            "regulator_id": self._get_regulator_id(case.item_id),
            "application_number": case.number,
            "item_name": case.item_id.name,
            "holder_name": case.applicant_name,
            "place": case._get_push_place(),
            "content": case._get_push_content(),
            "result": case._get_push_result(kind),
            "by_commitment": case.commitment,
            "verification_due_date": case.commitment_ids.verify_by,
        }

    def _get_push_place(self):
        """Where the matter takes place, as the inspectors found it."""
        return self._get_inspections().filtered("place")[-1:].place

    def _get_push_content(self):
        lines = [
            self.env._("Basis: %s", self.item_id.legal_basis) if self.item_id.legal_basis else "",
            self.env._("Project: %s", self.project_name) if self.project_name else "",
            self.env._("Investment project code: %s", self.investment_code)
            if self.investment_code
            else "",
        ]
        return "\n".join(filter(None, lines))

    def _get_push_result(self, kind):
        licence = self.licence_id
        if self.outcome == "deny":
            return self.env._("Refused: %s", self.reason)
        if kind == "revocation":
            return self.env._(
                "Revoked: %(reason)s Licence no.: %(number)s",
                reason=self.reason,
                number=licence.number or "-",
            )
        if not licence:
            return self._get_state_labels()[self.state]
        documents = self.env["shenpi.application.document"].with_env(self.env)
        return self.env._(
            "%(name)s, no. %(number)s, valid %(validity)s",
            name=licence.name,
            number=licence.number,
            validity=documents._get_validity(licence),
        )

    def action_open_pushes(self):
        """What of this case was passed on to its regulator."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_push_action")
        action |= {"domain": [("application_id", "=", self.id)], "context": {}}
        if len(self.push_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.push_ids.id}
        return action
