from odoo import api, fields, models


class ShenpiSupervisedMixin(models.AbstractModel):
    """A document that supervision orders may be about. It needs ``company_id``, and
    ``department_id`` or its own :meth:`_prepare_supervision_vals`."""

    _name = "shenpi.supervised.mixin"
    _description = "Document under supervision"

    supervision_count = fields.Integer(string="Orders", compute="_compute_supervision_count")

    @api.depends_context("uid")
    def _compute_supervision_count(self):
        counts = dict(
            self.env["shenpi.supervision"]._read_group(
                [("document_model", "=", self._name), ("document_id", "in", self.ids)],
                ["document_id"],
                ["__count"],
            )
        )
        for document in self:
            document.supervision_count = counts.get(document._origin.id, 0)

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
        """The orders about this document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Supervision orders"),
            "res_model": "shenpi.supervision",
            "views": [(False, "list"), (False, "form")],
            "domain": [("document_model", "=", self._name), ("document_id", "=", self.id)],
            "context": {
                f"default_{name}": value for name, value in self._prepare_supervision_vals().items()
            },
        }
