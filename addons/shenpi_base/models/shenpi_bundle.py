import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools import diagrams, graphs, plan

# What nobody asks for in a bundle: dropped, or handed in with another of its items.
UNASKED = ("law", "combined")
CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")


class ShenpiBundle(models.Model):
    """One matter 一件事: what an applicant wants at once and the catalogue splits into items.

    A bundle names the items, which of them wait for which, the questions whose answers select them,
    the fields of the one form and the materials asked for once.

    Access: staff read the bundles of their bureau; the bureau head edits drafts, publishes them and
    takes them back to edit them. A case keeps the plan that it began with.
    """

    _name = "shenpi.bundle"
    _inherit = ["shenpi.flow.fields"]
    _description = "Bundle"
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    _flow_fields = frozenset({"state"})

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(
        required=True, help="Capital letters and digits; case numbers begin with it."
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("one_matter", "One matter, once"), ("green_channel", "Green channel")],
        required=True,
        default="one_matter",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Led by",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id), ('kind', '!=', 'regulator')]",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")], required=True, default="draft"
    )
    joint = fields.Boolean(
        string="Joint handling",
        help="Handled jointly or in a concentrated way by law: 45 working days, at most 15 more"
        " (Administrative Licensing Law, art. 42).",
    )
    common_inspection = fields.Boolean(
        compute="_compute_common_inspection",
        store=True,
        readonly=False,
        precompute=True,
        help="Items that need an inspection are looked at on one visit, each with its own result"
        " (一同核查). Proposed where two items or more need one.",
    )
    is_sample = fields.Boolean(string="Sample", help="Shipped as an example: edit before use.")
    summary = fields.Text(help="What it is for, in the words of the public guide.")
    line_ids = fields.One2many("shenpi.bundle.line", "bundle_id", string="Items", copy=False)
    question_ids = fields.One2many(
        "shenpi.bundle.question", "bundle_id", string="Situations", copy=False
    )
    field_ids = fields.One2many("shenpi.bundle.field", "bundle_id", string="One form", copy=True)
    material_ids = fields.One2many(
        "shenpi.bundle.material", "bundle_id", string="Materials", copy=True
    )
    item_count = fields.Integer(string="Number of items", compute="_compute_plan")
    total_days = fields.Integer(
        string="Promised days",
        compute="_compute_plan",
        help="Working days along the critical path when every item is needed.",
    )
    chart = fields.Html(compute="_compute_plan", sanitize=False)
    graph = fields.Html(compute="_compute_plan", sanitize=False)
    loop_note = fields.Char(compute="_compute_plan")
    case_count = fields.Integer(string="Cases", compute="_compute_case_count")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "This bureau already has a bundle with that code."
    )

    # === Compute methods === #

    @api.depends(
        "line_ids.item_id.promised_limit",
        "line_ids.item_id.limit_unit",
        "line_ids.after_all_ids",
        "line_ids.after_any_ids",
        "line_ids.sequence",
        "line_ids.answer_ids",
    )
    def _compute_plan(self):
        for bundle in self:
            lines = bundle.line_ids.filtered("item_id")
            bundle.item_count = len(lines)
            bundle.loop_note = False
            try:
                slots = lines._schedule()
            except plan.CycleError as error:
                slots = {}
                bundle.loop_note = bundle._describe_loop(error)
            bundle.total_days = plan.total_days(slots)
            bundle.chart = bundle._draw(lines, slots) if slots else False
            bundle.graph = bundle._draw_graph(lines, slots) if lines else False

    @api.depends("line_ids.item_id")
    def _compute_common_inspection(self):
        for bundle in self:
            inspected = bundle.line_ids.item_id.filtered("needs_inspection")
            bundle.common_inspection = len(inspected) > 1

    def _draw(self, lines, slots):
        by_key = {str(line.id): line for line in lines}
        bars = [
            diagrams.Bar(key, by_key[key].name or "", slot.start, slot.end, slot.critical)
            for key, slot in slots.items()
        ]
        return diagrams.timeline(bars, lines._get_ties(), self.env._("working days"))

    def _draw_graph(self, lines, slots):
        days = self.env._("working days")
        nodes = [
            graphs.Node(
                str(line.id),
                line.name or "",
                strong=str(line.id) in slots and slots[str(line.id)].critical,
                broken=bool(line.answer_ids),
                note=f"{line._get_plan_days()} {days}",
            )
            for line in lines
        ]
        return graphs.graph(nodes, lines._get_ties())

    def _describe_loop(self, error):
        loop = self.line_ids._describe_loop(error)
        return self.env._("Items: these wait for each other: %s.", loop)

    def _compute_case_count(self):
        counts = dict(
            self.env["shenpi.bundle.case"]._read_group(
                [("bundle_id", "in", self.ids)], ["bundle_id"], ["__count"]
            )
        )
        for bundle in self:
            bundle.case_count = counts.get(bundle, 0)

    # === Constraint methods === #

    @api.constrains("code")
    def _check_code(self):
        for bundle in self:
            if not CODE.fullmatch(bundle.code):
                raise ValidationError(
                    self.env._("Code: %s is not made of capital letters and digits.", bundle.code)
                )

    # === Low-level methods === #

    def write(self, vals):
        if not (self.env.su and vals.keys() <= self._flow_fields):
            self._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_editable()

    def _check_editable(self):
        for bundle in self:
            if bundle.state != "draft":
                raise UserError(
                    self.env._("%s is published: take it back to edit it.", bundle.name)
                )

    # === Actions === #

    def action_publish(self):
        """Publish bundles that can be worked with; materials of the same name are asked for once.

        :raise UserError: naming everything that stands in the way
        """
        self._check_role()
        self._check_editable()
        for bundle in self:
            problems = bundle._get_problems()
            if problems:
                raise UserError("\n".join([bundle.name, *problems]))
            bundle._collect_materials()
        self.sudo().write({"state": "published"})
        return True

    def action_edit(self):
        """Take published bundles back; cases that are under way keep their plan."""
        self._check_role()
        self.sudo().write({"state": "draft"})
        return True

    def action_view_cases(self):
        """The cases of this bundle."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_bundle_case_action")
        return dict(action, domain=[("bundle_id", "=", self.id)], context={})

    def _check_role(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("shenpi_base.group_shenpi_manager")):
            raise AccessError(self.env._("Only the bureau head changes bundles."))

    # === Business methods === #

    def _get_problems(self):
        """Sentences that say why this bundle cannot be published."""
        problems = []
        lines = self.line_ids
        if len(lines) < 2:
            problems.append(self.env._("Items: a bundle has two items or more."))
        problems += [
            self.env._("Items: %s is not published.", line.name)
            for line in lines
            if line.item_id.state != "published"
        ]
        try:
            lines._schedule()
        except plan.CycleError as error:
            problems.append(self._describe_loop(error))
        problems += [
            self.env._("Situations: “%s” needs two answers or more.", question.name)
            for question in self.question_ids
            if len(question.answer_ids) < 2
        ]
        return problems

    def _collect_materials(self):
        """Add what the items ask for and the bundle does not name yet, each name once."""
        known = {name for material in self.material_ids for name in material._get_names()}
        number = len(self.material_ids)
        for material in self.line_ids.item_id.material_ids:
            if material.name not in known and material.spared_by not in UNASKED:
                known.add(material.name)
                number += 1
                vals = {"code": f"B{number:02}", "name": material.name, "sequence": number}
                self.material_ids = [Command.create(vals)]

    def _select_lines(self, answers):
        """The lines that an applicant needs.

        :param answers: the ``shenpi.bundle.answer`` given, one for each question
        :raise ValidationError: a question is left open or answered twice
        """
        for question in self.question_ids:
            given = answers & question.answer_ids
            if len(given) != 1:
                raise ValidationError(
                    self.env._(
                        "answers.%(code)s: answer “%(question)s” once.",
                        code=question.code,
                        question=question.name,
                    )
                )
        return self.line_ids.filtered(lambda line: not line.answer_ids or line.answer_ids & answers)
