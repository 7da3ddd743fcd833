from odoo import api, fields, models

from ..tools import clock


class ShenpiLightRule(models.Model):
    """When the light of a limit turns yellow and red, for one kind of item or for all.

    The rule for the kind of the item comes before the one for all kinds, that before the
    percentages of the bureau. Staff read the rules, the bureau head sets them; the open cases
    concerned are counted again at once.
    """

    _name = "shenpi.light.rule"
    _description = "Threshold of lights"
    _order = "company_id, limit, item_type"
    _rec_name = "limit"

    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    item_type = fields.Selection(
        selection=lambda self: self._get_item_types(),
        string="Kind of item",
        help="Empty: all kinds that have no rule of their own.",
    )
    limit = fields.Selection(
        [
            ("correction", "Correction: to say what is missing"),
            ("promised", "Promise of the bureau"),
            ("statutory", "Limit by law"),
            ("delivery", "Delivery of the result"),
        ],
        required=True,
    )
    basis = fields.Selection(
        [("percent", "% of the limit used up"), ("days", "working days left")],
        string="Measured in",
        required=True,
        default="percent",
    )
    warn = fields.Integer(
        string="Yellow",
        required=True,
        default=lambda self: self.env.company.shenpi_warn_percent,
        aggregator=None,
        help="Yellow when more than this percentage is used up, or when no more than this number of"
        " working days is left.",
    )
    alarm = fields.Integer(
        string="Red",
        required=True,
        default=lambda self: self.env.company.shenpi_alarm_percent,
        aggregator=None,
        help="Red, likewise. 100 %: only when the limit has passed. 0 days: on its last day.",
    )

    _one_rule = models.UniqueIndex(
        "(company_id, \"limit\", COALESCE(item_type, ''))",
        "There is a rule for this limit and kind of item already.",
    )
    _in_order = models.Constraint(
        "CHECK (warn >= 0 AND alarm >= 0 AND CASE WHEN basis = 'percent'"
        " THEN warn <= alarm AND alarm <= 100 ELSE warn >= alarm END)",
        "Yellow comes before red: a smaller percentage (at most 100), or more days left.",
    )

    @api.model
    def _get_item_types(self):
        return self.env["shenpi.item"]._fields["item_type"]._description_selection(self.env)

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("limit", "item_type")
    def _compute_display_name(self):
        limits = dict(self._fields["limit"]._description_selection(self.env))
        kinds = dict(self._fields["item_type"]._description_selection(self.env))
        for rule in self:
            parts = (limits.get(rule.limit), kinds.get(rule.item_type))
            rule.display_name = " · ".join(filter(None, parts))

    # === Onchange === #

    @api.onchange("basis")
    def _onchange_basis(self):
        """Numbers that make sense in the new measure."""
        if self.basis == "days":
            self.warn, self.alarm = 2, 0
        else:
            self.warn = self.company_id.shenpi_warn_percent
            self.alarm = self.company_id.shenpi_alarm_percent

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._apply()
        return rules

    def write(self, vals):
        before = self._get_reach()
        result = super().write(vals)
        self._apply(before)
        return result

    def unlink(self):
        reach = self._get_reach()
        result = super().unlink()
        self.browse()._apply(reach)
        return result

    # === Business methods === #

    @api.model
    def _get_marks(self, company, item_type):
        """``{limit: clock.Marks}`` of the limits that have a rule for this kind of item."""
        rules = self.sudo().search(
            [("company_id", "=", company.id), ("item_type", "in", (item_type, False))]
        )
        return {
            rule.limit: clock.Marks(rule.warn, rule.alarm, by_days=rule.basis == "days")
            for rule in rules.sorted(lambda rule: bool(rule.item_type))
        }

    def _get_reach(self):
        """The bureaus and kinds of items that these rules are about; no kind is all kinds."""
        return {(rule.company_id, rule.item_type) for rule in self}

    def _apply(self, before=frozenset()):
        """Count the open cases again that rules, as they are and as they were, are about."""
        self.env.registry.clear_cache()
        reach = self._get_reach() | before
        for company in {company for company, _kind in reach}:
            kinds = {kind for of, kind in reach if of == company}
            self.env["shenpi.recount"]._start_for_lights(company, kinds if all(kinds) else None)
