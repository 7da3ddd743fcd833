from odoo import api, fields, models


class ShenpiSupervisedMixin(models.AbstractModel):
    """A document that supervision orders may be about. It needs ``company_id``, and
    ``department_id`` or its own :meth:`_prepare_supervision_vals`."""

    _name = "shenpi.supervised.mixin"
    _description = "Document under supervision"

    # The field of an order that points to documents of this model.
    _supervision_field = "document_id"

    supervision_count = fields.Integer(string="Orders", compute="_compute_supervision_count")

    @api.depends_context("uid")
    def _compute_supervision_count(self):
        field = self._supervision_field
        groups = self.env["shenpi.supervision"]._read_group(
            self._get_supervision_domain(), [field], ["__count"]
        )
        counts = {getattr(document, "id", document): count for document, count in groups}
        for document in self:
            document.supervision_count = counts.get(document._origin.id, 0)

    def _get_supervision_domain(self):
        """The orders about these documents."""
        domain = [(self._supervision_field, "in", self.ids)]
        if self._supervision_field == "document_id":
            domain.append(("document_model", "=", self._name))
        return domain

    def _prepare_supervision_vals(self):
        """Hook: values of an order about this document."""
        self.ensure_one()
        document = self.sudo()
        return {
            "document_model": self._name,
            "document_id": self.id,
            "company_id": document.company_id.id,
            "department_id": document.department_id.id,
            "matter": document.display_name,
        }

    def _get_supervision_demand(self):
        """Hook: what an order of the escalation ladder asks for."""
        return self.env._("Say why the deadline was not kept, and by when the matter is settled.")

    def action_open_supervision(self):
        """The orders about this document; a new one is begun with what is known of it."""
        self.ensure_one()
        self.check_access("read")
        values = self._prepare_supervision_vals()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Supervision orders"),
            "res_model": "shenpi.supervision",
            "views": [(False, "list"), (False, "form")],
            "domain": self._get_supervision_domain(),
            "context": {f"default_{name}": value for name, value in values.items()},
        }
