from odoo import api, fields, models


class ShenpiApplicationMaterial(models.Model):
    """How a material is spared."""

    _inherit = "shenpi.application.material"

    lookup_ids = fields.One2many("shenpi.lookup", "material_id", readonly=True)
    lookup_note = fields.Char(string="Shared data", compute="_compute_lookup_note")

    @api.depends_context("lang")
    @api.depends("lookup_ids.answer", "lookup_ids.state")
    def _compute_lookup_note(self):
        """The newest answer."""
        lookups = self.env["shenpi.lookup"]
        labels = dict(lookups._fields["answer"]._description_selection(self.env))
        for material in self:
            newest = material.sudo().lookup_ids.sorted("id")[-1:]
            waiting = self.env._("Asked") if newest else False
            material.lookup_note = labels.get(newest.answer, waiting)

    def _get_ways(self):
        """The ways in which this material can be spared now."""
        offered = self.item_material_id.spared_by
        ways = {offered} & dict(self._fields["spared_way"].selection).keys()
        newest = self.lookup_ids.sorted("id")[-1:]
        if offered == "shared_data" and newest.answer == "unavailable":
            ways.add("commitment")
        return ways

    def _get_proof(self, evidence):
        """The look-up that found this proof, still good today."""
        today = self.application_id._get_today()
        told = self.lookup_ids.filtered(lambda lookup: lookup.evidence == evidence)
        return told.filtered(lambda lookup: lookup._is_good(today))[:1]

    def _spare_combined(self, number):
        """What the items of a bundle hand in together comes with the bundle case."""
        combined = self.filtered(
            lambda m: m.status == "missing" and m.item_material_id.spared_by == "combined"
        )
        combined.write({"status": "spared", "spared_way": "combined", "digital_ref": number})

    def _describe_given(self):
        """Whether it was handed in, as the receipt says it."""
        self.ensure_one()
        if self.status == "spared":
            labels = dict(self._fields["spared_way"]._description_selection(self.env))
            parts = [self.env._("Spared: %s", labels[self.spared_way]), self.digital_ref]
            return " ".join(filter(None, parts))
        return self.env._("Yes") if self.provided else self.env._("No")
