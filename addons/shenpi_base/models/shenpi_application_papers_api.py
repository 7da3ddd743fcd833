from odoo import api, models
from odoo.exceptions import ValidationError


class ShenpiApplication(models.Model):
    """Materials that a payload says to be spared: what the form does to a draft, and only what the
    item offers."""

    _inherit = "shenpi.application"

    @api.model
    def _prepare_filing(self, values, items, dates):
        filing = super()._prepare_filing(values, items, dates)
        entries = values.get("materials", [])
        self._spare_entries(filing, [(f"materials[{n}]", e) for n, e in enumerate(entries)])
        return filing

    @api.model
    def _spare_entries(self, filing, entries):
        """Enter what is spared; what is asked of a source stays missing until it has been found.

        :param list entries: (what names it in errors, entry by the code of the item's material)
        """
        checklist = {vals["code"]: vals for vals in filing.materials}
        asked = []
        for path, entry in entries:
            if not entry.get("spared"):
                continue
            self._check_spared_entry(filing, checklist[entry["code"]], entry, path)
            if entry["spared"] == "shared_data":
                asked.append(entry["code"])
            else:
                self._spare_entry(filing, checklist[entry["code"]], entry)
        if asked:
            filing.special["asked"] = asked

    @api.model
    def _check_spared_entry(self, filing, vals, entry, path):
        """Refuse what the item does not offer, or what does not go together; ``path`` names the
        entry."""
        way = entry["spared"]
        given = {"content", "filename", "digital_ref"} & entry.keys()
        if way == "combined":
            given.discard("digital_ref")
        if given:
            raise ValidationError(
                self.env._("%s: what is spared is not handed in.", f"{path}.{min(given)}")
            )
        material = self.env["shenpi.item.material"].sudo().browse(vals["item_material_id"])
        if material.spared_by != way:
            raise ValidationError(
                self.env._("%s.spared: the item does not spare it that way.", path)
            )
        company, holder = filing.item.company_id, filing.vals["applicant_id_number_raw"]
        if way == "commitment":
            self._check_credit_of(holder, company, "commitment")
        elif way == "shared_data" and material.name not in self._get_sources_of(company):
            raise ValidationError(self.env._("%s.spared: no source can be asked for it.", path))
        elif way == "combined" and not self._find_other_case(
            entry.get("digital_ref"), company, holder
        ):
            raise ValidationError(
                self.env._(
                    "%s.digital_ref: name the applicant's other case with which it came in.", path
                )
            )

    @api.model
    def _spare_entry(self, filing, vals, entry):
        way = entry["spared"]
        vals |= {"status": "spared", "spared_way": way}
        if way == "combined":
            vals["digital_ref"] = entry["digital_ref"]
        elif way == "commitment":
            vals["stated_at"] = filing.moment
            filing.vals["has_statement"] = True

    def _take_special_paths(self, values, at=None):
        result = super()._take_special_paths(values, at=at)
        if values.get("asked"):
            self._do_look_up(at=at, codes=values["asked"])
        return result
