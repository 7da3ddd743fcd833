from odoo import fields, models


class ShenpiBundle(models.Model):
    _inherit = "shenpi.bundle"

    permit_name = fields.Char(
        string="Industry licence",
        help="Name of the licence that shows all permits of a case behind one code (一码亮证)."
        " Empty: the bundle has none.",
    )


class ShenpiBundleCase(models.Model):
    """A bundle case and its industry licence."""

    _inherit = "shenpi.bundle.case"

    permit_ids = fields.One2many("shenpi.permit", "bundle_case_id", string="Industry licence")
    permit_state = fields.Selection(related="permit_ids.state", string="Permits")

    def _do_submit(self, bundle, lines, vals, children, at=None):
        case = super()._do_submit(bundle, lines, vals, children, at=at)
        if bundle.permit_name:
            self.env["shenpi.permit"].sudo()._issue(case.sudo(), bundle.permit_name)
        return case

    def action_open_permit(self):
        """The industry licence of this case."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.permit",
            "res_id": self.permit_ids.id,
            "views": [(False, "form")],
        }

    def _get_api_dict(self):
        answer = super()._get_api_dict()
        permit = self.sudo().permit_ids
        if permit:
            answer["permit"] = {"number": permit.number, "state": permit.state}
        return answer
