from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..models.project_project import KINDS
from ..tools import diagrams, plan
from ..tools.workdays import CalendarRangeError

HEAD = (
    "name",
    "key_level",
    "department_id",
    "user_id",
    "planned_start",
    "investment",
    "investment_code",
    "applicant_name",
    "applicant_id_number",
    "applicant_phone",
    "applicant_contact",
    "auto_file",
)


class ShenpiMenuWizard(models.TransientModel):
    """Open a key project from a menu, or add permits to one: what it is, what is ticked, what that
    pulls in and asks, and the plan it comes to, before anything is saved."""

    _name = "shenpi.menu.wizard"
    _description = "Open a key project"

    step = fields.Selection(
        [("head", "Project"), ("tick", "Permits"), ("check", "Pulled in"), ("plan", "Plan")],
        required=True,
        default="head",
    )
    project_id = fields.Many2one("project.project", string="Add to", ondelete="cascade")
    reason = fields.Text()
    name = fields.Char(string="Project name")
    kind = fields.Selection(KINDS)
    key_level = fields.Selection(
        [("city", "City"), ("district", "District")], string="Project level", default="city"
    )
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one(
        "shenpi.department",
        string="Led by",
        domain="[('company_id', '=', company_id), ('kind', '!=', 'regulator')]",
        help="Empty: your own office.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Navigator",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    planned_start = fields.Date(
        string="Starts on", default=lambda self: self.env["shenpi.application"]._get_today()
    )
    investment = fields.Monetary(string="Total investment")
    investment_code = fields.Char(string="Investment project code", size=24)
    applicant_name = fields.Char(string="Investor")
    applicant_id_number = fields.Char(string="Investor's social credit code")
    applicant_phone = fields.Char(string="Investor's phone")
    applicant_contact = fields.Char(string="Investor's contact")
    auto_file = fields.Boolean(
        string="File when complete",
        help="The application of a permit is received by itself when it is its turn and nothing is"
        " missing from it.",
    )
    menu_id = fields.Many2one(
        "shenpi.menu", domain="[('company_id', '=', company_id)]", ondelete="cascade"
    )
    set_id = fields.Many2one(
        "shenpi.menu.set",
        string="Start from",
        domain="[('menu_id', '=', menu_id), ('kind', '=?', kind)]",
        ondelete="cascade",
        compute="_compute_set_id",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many("shenpi.menu.wizard.line", "wizard_id")
    pulled_ids = fields.One2many(
        "shenpi.menu.wizard.line", "wizard_id", domain=[("pulled", "=", True)]
    )
    choice_ids = fields.One2many("shenpi.menu.wizard.choice", "wizard_id")
    permit_count = fields.Integer(string="Permits", compute="_compute_plan")
    total_days = fields.Integer(string="Workdays", compute="_compute_plan")
    end_date = fields.Date(string="Last permit by", compute="_compute_plan")
    path_names = fields.Char(string="Critical path", compute="_compute_plan")
    chart = fields.Html(compute="_compute_plan", sanitize=False)

    # === Compute methods === #

    @api.depends("menu_id", "kind")
    def _compute_set_id(self):
        for wizard in self:
            if wizard.set_id.menu_id != wizard.menu_id or wizard.set_id.kind != wizard.kind:
                sets = wizard.menu_id.set_ids.filtered(lambda s, kind=wizard.kind: s.kind == kind)
                wizard.set_id = sets[:1]

    @api.depends("step")
    def _compute_plan(self):
        for wizard in self:
            values = wizard._prepare_preview() if wizard.step == "plan" else {}
            wizard.permit_count = values.get("permit_count", 0)
            wizard.total_days = values.get("total_days", 0)
            wizard.end_date = values.get("end_date")
            wizard.path_names = values.get("path_names")
            wizard.chart = values.get("chart")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "menu_id" in fields and "menu_id" not in values:
            company_id = values.get("company_id") or self.env.company.id
            menus = self.env["shenpi.menu"].search([("company_id", "=", company_id)], limit=1)
            values["menu_id"] = menus.id
        return values

    @api.constrains("project_id")
    def _check_project_id(self):
        # Constraints run with sudo.
        self.sudo(False).project_id.check_access("read")

    # === Actions === #

    def action_next(self):
        """On to the next step.

        :raise ValidationError: naming what is missing or wrong in this one
        """
        self.ensure_one()
        match self.step:
            case "head":
                self._check_head()
                self._make_lines()
                self.step = "tick"
            case "tick":
                self.choice_ids = [Command.clear()]
                self.line_ids.write({"left_out": False, "reason": False})
                self._pull_in()
                self.step = "check" if self.pulled_ids or self.choice_ids else "plan"
            case "check":
                asked = self._pull_in()
                self.step = "check" if asked else "plan"
        return self._show()

    def action_back(self):
        """Back to the step before."""
        self.ensure_one()
        before = {"tick": "head", "check": "tick", "plan": "tick"}
        self.step = before.get(self.step, "head")
        return self._show()

    def action_confirm(self):
        """Open the project, or add the permits, and show it."""
        self.ensure_one()
        permits = self._prepare_permits()
        project = self.project_id
        if project:
            project._do_add_permits(permits, self.reason)
        else:
            vals = {name: self[name] for name in HEAD if name not in ("department_id", "user_id")}
            vals |= {
                "key_kind": self.kind,
                "company_id": self.company_id.id,
                "department_id": self.department_id.id,
                "user_id": self.user_id.id,
            }
            project = self.env["project.project"]._do_open(vals, permits)
        return project._open_form()

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add permits")
            if self.project_id
            else self.env._("Open a key project"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # === Steps === #

    def _check_head(self):
        if not self.menu_id:
            raise ValidationError(self.env._("Menu: choose one."))
        if self.project_id:
            return
        for name in ("name", "kind", "planned_start"):
            if not self[name]:
                label = self._fields[name]._description_string(self.env)
                raise ValidationError(self.env._("%s: is required.", label))
        applications = self.env["shenpi.application"]
        if self.applicant_id_number:
            applications._check_id_number("applicant.id_number", "uscc", self.applicant_id_number)
        applications._check_phone("applicant.phone", self.applicant_phone)

    def _make_lines(self):
        """The lines of the menu, those of the set ticked; what the project has is left aside."""
        lines = self.menu_id.line_ids
        there = self._get_there()
        ticked = self.set_id.line_ids
        self.line_ids = [
            Command.clear(),
            *(
                Command.create({"menu_line_id": line.id, "ticked": line in ticked})
                for line in lines
                if line not in there
            ),
        ]

    def _get_there(self):
        tasks = self.project_id.sudo().permit_ids._get_planned()
        return self.menu_id.line_ids._match_permits(tasks)

    def _select(self):
        """The selection of the menu as it stands in this wizard."""
        lines = self.line_ids
        chosen = lines.filtered("ticked").menu_line_id | self.choice_ids.chosen_id
        if not chosen:
            raise ValidationError(self.env._("items: choose one permit at least."))
        there = chosen.browse().union(*self._get_there())
        return self.menu_id._select(chosen, there, lines.filtered("left_out").menu_line_id)

    def _pull_in(self):
        """Mark what the ticked lines pull in, and ask what they leave open.

        :return: whether a question is open
        """
        for line in self.line_ids.filtered("left_out"):
            if not (line.reason or "").strip():
                raise ValidationError(
                    self.env._("%s: say why the project does not need it.", line.name)
                )
        selection = self._select()
        for line in self.line_ids:
            waiting = selection.needed_by.get(line.menu_line_id)
            line.write(
                {
                    "pulled": bool(waiting) or line.left_out,
                    "needed_by": waiting.name if waiting else line.left_out and line.needed_by,
                }
            )
        known = self.choice_ids.menu_line_id
        self.choice_ids = [
            Command.create({"menu_line_id": line.id})
            for line, _options in selection.questions
            if line not in known
        ]
        if not selection.questions:
            self.menu_id._check_selection(selection)
        return bool(selection.questions)

    def _prepare_permits(self):
        selection = self._select()
        self.menu_id._check_selection(selection)
        left_out = {
            line.menu_line_id: line.reason
            for line in self.line_ids
            if line.pulled and line.left_out
        }
        return selection.lines._prepare_permits(left_out, self._get_there())

    # === Preview === #

    def _prepare_preview(self):
        """The plan that the selection comes to, together with what the project has."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        first = self.project_id.planned_start or self.planned_start
        permits = [permit for permit in self._prepare_permits() if not permit["left_out"]]
        there = self.project_id.sudo().permit_ids._get_planned()
        names = {permit["key"]: permit["name"] for permit in permits}
        names |= {str(task.id): task.name for task in there}
        try:
            today = calendar.count(first, self.env["shenpi.application"]._get_today())
            tasks = there._prepare_plan_tasks() if there else []
            tasks += [self._prepare_plan_task(permit, names, max(today, 0)) for permit in permits]
            slots = plan.schedule(tasks)
            end = calendar.add(first, plan.total_days(slots))
        except CalendarRangeError as error:
            raise ValidationError(
                self.env["shenpi.workday"]._range_message(self.env._("Plan"), error)
            ) from error
        ties = [
            (before, task.key, len(group) > 1)
            for task in tasks
            for group in task.requires
            for before in group
        ]
        bars = [
            diagrams.Bar(key, names[key], slot.start, slot.end, slot.critical)
            for key, slot in sorted(slots.items(), key=lambda pair: (pair[1].start, pair[1].end))
        ]
        return {
            "permit_count": len(tasks),
            "total_days": plan.total_days(slots),
            "end_date": end,
            "path_names": " → ".join(names[key] for key in plan.critical_path(tasks)),
            "chart": diagrams.timeline(bars, ties, self.env._("working days")),
        }

    @api.model
    def _prepare_plan_task(self, permit, names, earliest):
        groups = [frozenset({key}) for key in permit["after_all"] if key in names]
        any_of = frozenset(key for key in permit["after_any"] if key in names)
        return plan.Task(
            permit["key"],
            permit["days"],
            (*groups, any_of) if any_of else tuple(groups),
            earliest,
        )
