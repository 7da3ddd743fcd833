from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..tools import requirements


class ShenpiItemRequirement(models.Model):
    """A requirement that the system itself can check (自助审查规则).

    Part of an item version like its materials: whoever files an application has every requirement
    checked and its result kept. An automatic item grants at once what fulfils them all.
    """

    _name = "shenpi.item.requirement"
    _inherit = ["shenpi.item.part"]
    _description = "Requirement of an item"

    name = fields.Char(required=True, help="As the applicant reads it.")
    kind = fields.Selection(
        [
            ("field", "Form field"),
            ("material", "Material handed in"),
            ("lookup", "Registry"),
            ("credit", "Credit grade"),
        ],
        required=True,
        default="field",
    )
    field_name = fields.Char(
        string="Field",
        help="Key of the field in the form that is filed; keys of nested objects are separated by"
        " dots: premises.area.",
    )
    value_type = fields.Selection(
        [
            ("text", "Plain text"),
            ("number", "Numeric value"),
            ("date", "Date"),
            ("boolean", "Yes or no"),
            ("list", "List"),
        ],
        string="Type of value",
        default="text",
    )
    operator = fields.Selection(
        [
            ("filled", "is filled in"),
            ("equal", "is"),
            ("not_equal", "is not"),
            ("one_of", "is one of"),
            ("contains", "contains"),
            ("within", "holds nothing but"),
            ("at_least", "is at least"),
            ("at_most", "is at most"),
            ("above", "is more than"),
            ("below", "is less than"),
            ("is_yes", "is yes"),
            ("is_no", "is no"),
        ],
        string="Comparison",
        default="filled",
    )
    value = fields.Char(
        help="Several values are separated by semicolons. A date is written 2026-06-10, or relative"
        " to the day of filing: today, today+30.",
    )
    personal = fields.Boolean(help="What is found is shown masked to everybody.")
    material_code = fields.Char(string="Material", help="Its code on the material list.")
    lookup = fields.Selection(
        selection=lambda self: self._selection_lookup(), string="Registry question"
    )
    lookup_item_id = fields.Many2one(
        "shenpi.item",
        string="Of the item",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("state", "=", "published")],
        help="Any version of it counts.",
    )
    grade = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], string="Grade at least"
    )
    sentence = fields.Char(string="How it is checked", compute="_compute_sentence")

    # === Default methods === #

    @api.model
    def _selection_lookup(self):
        return self.env["shenpi.registry"]._get_questions()

    # === Compute methods === #

    @api.depends(
        "kind",
        "field_name",
        "value_type",
        "operator",
        "value",
        "material_code",
        "item_id.material_ids.code",
        "item_id.material_ids.name",
        "lookup",
        "lookup_item_id.name",
        "grade",
    )
    def _compute_sentence(self):
        sentences = {
            "field": self._get_field_sentence,
            "material": self._get_material_sentence,
            "lookup": self._get_lookup_sentence,
            "credit": self._get_credit_sentence,
        }
        for requirement in self:
            describe = sentences.get(requirement.kind)
            requirement.sentence = describe(requirement) if describe else False

    @api.model
    def _get_field_sentence(self, requirement):
        labels = dict(self._fields["operator"]._description_selection(self.env))
        values = {
            "field": requirement.field_name or "…",
            "comparison": labels.get(requirement.operator, "…"),
            "value": requirement.value or "…",
        }
        if requirement.operator in requirements.WITHOUT_VALUE:
            return self.env._("The form field “%(field)s” %(comparison)s", **values)
        return self.env._("The form field “%(field)s” %(comparison)s “%(value)s”", **values)

    @api.model
    def _get_material_sentence(self, requirement):
        material = requirement.item_id.material_ids.filtered(
            lambda m: m.code == requirement.material_code
        )[:1]
        return self.env._(
            "The material “%s” is handed in", material.name or requirement.material_code or "…"
        )

    @api.model
    def _get_lookup_sentence(self, requirement):
        label = dict(self._selection_lookup()).get(requirement.lookup, "…")
        if not requirement.lookup_item_id:
            return label
        return self.env._(
            "%(question)s: %(item)s", question=label, item=requirement.lookup_item_id.name
        )

    @api.model
    def _get_credit_sentence(self, requirement):
        return self.env._("The applicant's credit grade is at least %s", requirement.grade or "…")

    # === Constraint methods === #

    @api.constrains(
        "kind",
        "field_name",
        "value_type",
        "operator",
        "value",
        "material_code",
        "lookup",
        "lookup_item_id",
        "grade",
    )
    def _check_rule(self):
        for requirement in self:
            wrong = requirement._get_problem()
            if wrong:
                raise ValidationError(wrong)

    def _get_problem(self):
        """A sentence that says what keeps this requirement from being checked, or None."""
        self.ensure_one()
        wrong = requirements.check_rule(self._get_rule())
        if not wrong and self.kind == "lookup":
            wrong = self.env["shenpi.registry"]._check_question(self.lookup, self.lookup_item_id)
        texts = {
            "field": self.env._("name the field of the form"),
            "type": self.env._("say of what type the field is"),
            "operator": self.env._("this comparison does not fit the type of the field"),
            "value": self.env._("the value does not fit the type of the field"),
            "material": self.env._("name the material by its code"),
            "lookup": self.env._("choose a registry question"),
            "lookup_item": self.env._("name the item that the registry question is about"),
            "grade": self.env._("choose a credit grade"),
        }
        if not wrong:
            return None
        return self.env._(
            "Requirement “%(name)s”: %(problem)s.", name=self.name, problem=texts[wrong]
        )

    # === Onchange === #

    @api.onchange("value_type")
    def _onchange_value_type(self):
        """Only comparisons that the type knows."""
        allowed = requirements.OPERATORS.get(self.value_type, ())
        if self.operator not in allowed:
            self.operator = allowed[0] if allowed else False

    # === Business methods === #

    def _get_rule(self):
        """The requirement as the evaluator reads it."""
        self.ensure_one()
        return requirements.Rule(
            kind=self.kind,
            field=self.field_name or "",
            type=self.value_type or "",
            operator=self.operator or "",
            value=self.value or "",
            material=self.material_code or "",
            lookup=self.lookup or "",
            argument=self.lookup_item_id.code or "",
            grade=self.grade or "",
            personal=self.personal,
        )

    @api.model
    @tools.ormcache("item.id")
    def _get_rules(self, item):
        """The requirements of a published item version, which is never edited: tuple of
        (id, name, ``requirements.Rule``)."""
        found = self.sudo().search([("item_id", "=", item.id)])
        return tuple((r.id, r.name, r._get_rule()) for r in found)
