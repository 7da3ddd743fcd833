from odoo import fields, models


class ShenpiBundleMaterial(models.Model):
    """A material that several items of a bundle ask for and the applicant hands in once.

    The items' checklists are matched by name: theirs is this one's, or one of its other names.
    """

    _name = "shenpi.bundle.material"
    _inherit = ["shenpi.bundle.part"]
    _description = "Material of a bundle"

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    other_names = fields.Text(help="What the items call it, one name a line.")

    _code_unique = models.UniqueIndex(
        "(bundle_id, code)", "Another material of this bundle has that code."
    )

    def _get_names(self):
        others = (name.strip() for name in (self.other_names or "").splitlines())
        return {self.name, *filter(None, others)}
