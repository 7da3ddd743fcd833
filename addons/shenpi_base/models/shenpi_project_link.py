from odoo import api, models
from odoo.exceptions import ValidationError


class ShenpiProjectLink(models.AbstractModel):
    """A record that may point to a key project, one of its permits, an application.

    Odoo shows the name of what a record points to with sudo: nobody points to what he does not see.
    """

    _name = "shenpi.project.link"
    _description = "Record that points to a key project"

    _linked_fields = ("project_id",)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._check_links()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint((*self._linked_fields, "task_id")):
            self._check_links()
        return result

    def _check_links(self):
        if not self.env.su:
            for name in self._linked_fields:
                self[name].check_access("read")
        if "task_id" not in self._fields:
            return
        for record in self.sudo():
            if record.task_id and record.task_id.project_id != record.project_id:
                raise ValidationError(self.env._("Permit: it belongs to another project."))
