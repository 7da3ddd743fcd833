from itertools import count

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiItemMaterial(models.Model):
    """A material that an application for the item must or may contain."""

    _name = "shenpi.item.material"
    _inherit = ["shenpi.item.part", "shenpi.attachment.owner"]
    _description = "Material of an item"

    code = fields.Char(required=True, help="Unique in the item. Empty: the next number, as M01.")
    name = fields.Char(required=True)
    required = fields.Boolean(
        default=True, help="Without it, or a way to spare it, the application is incomplete."
    )
    importance = fields.Selection(
        [("main", "Main"), ("auxiliary", "Auxiliary")],
        required=True,
        default="main",
        help="A main material can never be handed in later.",
    )
    material_type = fields.Selection(
        [
            ("form", "Application form"),
            ("certificate", "Certificate or proof"),
            ("document", "Paper or drawing"),
            ("other", "Other"),
        ],
        string="Type",
        default="document",
    )
    form = fields.Selection(
        [
            ("original", "Original"),
            ("copy", "Copy"),
            ("both", "Original and copy"),
            ("electronic", "Electronic"),
            ("any", "Paper or electronic"),
        ],
        required=True,
        default="any",
    )
    copies = fields.Integer(default=1)
    size_format = fields.Char(string="Format", help="For example A4.")
    source = fields.Selection(
        [
            ("applicant", "Applicant"),
            ("agency", "Government body"),
            ("intermediary", "Intermediary"),
            ("other", "Other"),
        ],
        required=True,
        default="applicant",
    )
    source_note = fields.Char(string="Where to get it")
    spared_by = fields.Selection(
        [
            ("none", "Not spared"),
            ("law", "Dropped by law or list"),
            ("shared_data", "Shared data"),
            ("commitment", "Written commitment"),
            ("combined", "Together with another item"),
            ("deferral", "May follow later"),
        ],
        string="Spared by",
        required=True,
        default="none",
        help="How the applicant can be spared this material when he files.",
    )
    deferrable = fields.Boolean(
        compute="_compute_deferrable",
        store=True,
        precompute=True,
        help="An auxiliary material that may follow later (容缺).",
    )
    instructions = fields.Text(string="How to fill it in")
    acceptance_standard = fields.Text()
    legal_basis = fields.Char()
    note = fields.Char()
    blank_form_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_item_material_form_rel",
        "material_id",
        "attachment_id",
        string="Blank form",
    )
    sample_attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_item_material_sample_rel",
        "material_id",
        "attachment_id",
        string="Sample",
    )

    _item_code_uniq = models.Constraint(
        "UNIQUE (item_id, code)", "Another material of this item already has this code."
    )
    _copies_positive = models.Constraint(
        "CHECK (copies >= 0)", "The number of copies cannot be negative."
    )

    @api.depends("importance", "spared_by")
    def _compute_deferrable(self):
        for material in self:
            material.deferrable = (
                material.importance == "auxiliary" and material.spared_by == "deferral"
            )

    @api.constrains("importance", "spared_by")
    def _check_deferral(self):
        for material in self:
            if material.spared_by == "deferral" and material.importance == "main":
                raise ValidationError(
                    self.env._(
                        "Spared by: the main material “%(material)s” cannot follow later.",
                        material=material.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        materials = super().create(self._number(vals_list))
        if any("blank_form_ids" in v or "sample_attachment_ids" in v for v in vals_list):
            materials._adopt_attachments("blank_form_ids")
            materials._adopt_attachments("sample_attachment_ids")
        return materials

    def _number(self, vals_list):
        """Give materials without a code the next number of their item: M01, M02, …"""
        item_ids = {vals.get("item_id") for vals in vals_list if not vals.get("code")}
        if not item_ids:
            return vals_list
        taken = {
            item.id: set(codes)
            for item, codes in self._read_group(
                [("item_id", "in", list(item_ids))], ["item_id"], ["code:array_agg"]
            )
        }
        for vals in vals_list:
            if vals.get("code"):
                taken.setdefault(vals.get("item_id"), set()).add(vals["code"])
        numbered = []
        for vals in vals_list:
            codes = taken.setdefault(vals.get("item_id"), set())
            code = vals.get("code") or next(
                f"M{number:02}" for number in count(1) if f"M{number:02}" not in codes
            )
            codes.add(code)
            numbered.append(dict(vals, code=code))
        return numbered

    def write(self, vals):
        result = super().write(vals)
        for name in ("blank_form_ids", "sample_attachment_ids"):
            if name in vals:
                self._adopt_attachments(name)
        return result
