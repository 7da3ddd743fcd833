from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .shenpi_application_intake import Filing

REFILED_FIELDS = (
    "channel",
    "applicant_kind",
    "applicant_name",
    "applicant_id_type",
    "applicant_email",
    "agent_name",
    "applicant_id_number_raw",
    "applicant_phone_raw",
    "applicant_phone_end",
    "agent_id_number_raw",
    "agent_phone_raw",
    "form_data",
)


class ShenpiApplication(models.Model):
    """An application that is part of a bundle case: its parent follows it."""

    _inherit = "shenpi.application"

    bundle_line_id = fields.Many2one(
        "shenpi.bundle.case.line",
        string="Line of the bundle case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        prefetch="flow",
    )
    bundle_case_id = fields.Many2one(
        related="bundle_line_id.case_id", string="Bundle case", related_sudo=True
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_bundle(self):
        for application in self:
            if application.bundle_line_id:
                raise UserError(
                    self.env._(
                        "%(document)s is part of %(case)s.",
                        document=application.display_name,
                        case=application.bundle_case_id.display_name,
                    )
                )

    def action_open_bundle_case(self):
        """The case that this application is part of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.bundle.case",
            "res_id": self.bundle_case_id.id,
            "views": [(False, "form")],
        }

    def _after_transitions(self, events):
        for application in self.sudo():
            if application.bundle_line_id:
                application.bundle_line_id.case_id._follow(application)
        return super()._after_transitions(events)

    def _guard_delivery(self):
        """The applicant may have asked for all results together; the law sets the last day."""
        line = self.sudo().bundle_line_id
        if not line or line.case_id.delivery != "together" or line.case_id.state != "running":
            return self.env.user
        others = line.case_id.line_ids - line
        left = others.filtered(lambda line: line.status in ("waiting", "running"))
        if left and self._get_today() < self.delivery_due_date:
            raise UserError(
                self.env._(
                    "The applicant wants all results together; not decided yet: %s.",
                    "、".join(left.mapped("item_name")),
                )
            )
        return self.env.user

    @api.model
    def _prepare_draft_vals(self, values, item, entries, moment):
        """Values of a draft for what a payload says.

        :param dict values: channel, applicant, agent?, form? as read by ``SUBMIT``
        :param list entries: the materials handed in or spared: (what names it in errors, entry by
            the code of the item's material)
        """
        self._check_item(item, moment)
        checklist, files = self._prepare_checklist(item, [entry for _, entry in entries], moment)
        filing = Filing(
            item=item,
            moment=moment,
            at=None,
            vals=self._prepare_submit_vals(values, item),
            materials=checklist,
        )
        self._spare_entries(filing, entries)
        for vals in checklist:
            if vals["code"] in files:
                vals["attachment_ids"] = [Command.create(files[vals["code"]])]
        return filing.vals | {"material_ids": [Command.create(vals) for vals in checklist]}

    def _check_own_item(self, moment):
        """What waited in a bundle case was filed with it: the version of that day stays."""
        if self.sudo().bundle_line_id.status == "running":
            return None
        return super()._check_own_item(moment)

    def _prepare_refile_vals(self):
        """Values of a new application for what this one asked for, its papers included."""
        self.ensure_one()
        item = self._check_item_code(self.item_id.code, self._get_items({self.item_id.code}))
        own = {material.code: material for material in self.material_ids}
        checklist = self.env["shenpi.application.material"]._prepare_from_item(item)
        return {
            "item_id": item.id,
            "company_id": item.company_id.id,
            "department_id": item.department_id.id,
            **{name: self[name] for name in REFILED_FIELDS},
            "material_ids": [
                Command.create(dict(vals, **self._copy_material(own.get(vals["code"]))))
                for vals in checklist
            ],
        }

    def _copy_material(self, material):
        if not material or material.status != "provided":
            return {}
        files = [file.copy({"res_id": False}).id for file in material.attachment_ids]
        return {
            "status": "provided",
            "provided_at": material.provided_at,
            "digital_ref": material.digital_ref,
            "attachment_ids": [Command.link(file_id) for file_id in files],
        }
