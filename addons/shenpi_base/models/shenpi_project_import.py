from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import projects as columns
from .project_project_flow import NAVIGATOR


class ShenpiProjectImport(models.Model):
    """Import of key projects from CSV or XLSX: one row per project, the permits it needs as a set
    of a menu, those granted before with their dates.

    The bureau head uploads, starts and reads the report.
    """

    _name = "shenpi.project.import"
    _inherit = ["shenpi.import.mixin"]
    _description = "Import of key projects"

    project_ids = fields.One2many("project.project", "import_id", string="Projects")
    project_count = fields.Integer(string="Projects created", compute="_compute_project_count")

    # === Compute methods === #

    def _compute_project_count(self):
        counts = dict(
            self.env["project.project"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for record in self:
            record.project_count = counts.get(record, 0)

    # === Actions === #

    def action_view_projects(self):
        """The projects that this import opened."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.key_project_action")
        return dict(action, domain=[("import_id", "=", self.id)], context={})

    # === Hooks of the import === #

    @api.model
    def _get_import_columns(self):
        return columns.HEADINGS

    @api.model
    def _get_required_columns(self):
        return columns.REQUIRED

    @api.model
    def _get_labels(self, key):
        field = self.env["project.project"]._fields[f"key_{key}"]
        return dict(field._description_selection(self.env))

    @api.model
    def _get_usual_words(self, key):
        return columns.WORDS[key]

    def _get_template_sheets(self):
        sets = self.env["shenpi.menu.set"].search([("menu_id.company_id", "=", self.company_id.id)])
        fitting = (
            sets.filtered(lambda one: one.kind == columns.WORDS["kind"][columns.EXAMPLE["kind"]])
            or sets
        )
        example = dict(columns.EXAMPLE, set=fitting[:1].name or "")
        return [
            (
                self.env._("Projects"),
                [
                    self._get_heading(key) + ("*" if key in columns.REQUIRED else "")
                    for key in columns.HEADINGS
                ],
                [[example.get(key, "") for key in columns.HEADINGS]],
            ),
            (
                self.env._("Allowed values"),
                [self.env._("Column"), self.env._("Values")],
                [
                    *(
                        [self._get_heading(key), " / ".join(self._get_labels(key).values())]
                        for key in columns.SELECTIONS
                    ),
                    [self._get_heading("set"), " / ".join(sets.mapped("name"))],
                    [
                        self._get_heading("granted"),
                        self.env._("Name of the permit = YYYY-MM-DD, separated by semicolons"),
                    ],
                ],
            ),
        ]

    def _import_begin(self):
        company = self.company_id
        sets = self.env["shenpi.menu.set"].search([("menu_id.company_id", "=", company.id)])
        # Some of them work for bureaus too that the one who imports cannot read.
        navigators = (
            self.env.ref(NAVIGATOR)
            .sudo()
            .all_user_ids.filtered(lambda user: company in user.company_ids)
        )
        names = self.env["project.project"].search(
            [("is_key_project", "=", True), ("company_id", "=", company.id)]
        )
        return {
            "words": {key: self._get_accepted_words(key) for key in columns.SELECTIONS},
            "sets": {one.name: one.id for one in sets},
            "navigators": {
                word: user.id for user in navigators for word in (user.login, user.name)
            },
            "names": set(names.mapped("name")),
        }

    def _import_check(self, rows, memory):
        return [self._check_row(row, memory) for row in rows]

    def _import_create(self, vals_list):
        projects = self.env["project.project"].with_company(self.company_id)
        opened = projects.browse()
        for vals in vals_list:
            opened |= self._open_project(projects, vals)
        return opened

    def _import_undo(self, record_ids):
        for project in self.env["project.project"].browse(record_ids):
            project._do_cancel(self.env._("The import was taken back: not all rows are good."))

    # === A row === #

    def _check_row(self, row, memory):
        """``(values, reasons)`` of one row."""
        reasons = [
            self.env._("%s: is empty.", self._get_heading(key))
            for key in columns.REQUIRED
            if not row[key]
        ]
        values = {key: row[key] for key in columns.TEXTS if row[key]}
        for key in columns.SELECTIONS:
            if row[key]:
                values[f"key_{key}"] = self._read_word(key, row[key], memory, reasons)
        for key in ("set", "navigator"):
            if row[key]:
                values[key] = self._read_known(key, row[key], memory[f"{key}s"], reasons)
        if row["start"]:
            values["planned_start"] = self._read_day("start", row["start"], reasons)
        if row["investment"]:
            values["investment"] = self._read_investment(row["investment"], reasons)
        values["granted"] = self._read_granted(row["granted"], reasons)
        if row["name"] in memory["names"]:
            reasons.append(self.env._("Project name: %s is there already.", row["name"]))
        memory["names"].add(row["name"])
        if not reasons:
            reasons = self._check_permits(values)
        return values, reasons

    def _read_known(self, key, text, known, reasons):
        if text not in known:
            reasons.append(
                self.env._(
                    "%(column)s: there is no “%(value)s”.",
                    column=self._get_heading(key),
                    value=text,
                )
            )
        return known.get(text)

    def _read_investment(self, text, reasons):
        """Ten thousands of yuan, as such tables have them."""
        try:
            return round(float(text.replace(",", "")) * columns.UNIT, 2)
        except ValueError:
            reasons.append(
                self.env._(
                    "%(column)s: “%(value)s” is not a number.",
                    column=self._get_heading("investment"),
                    value=text,
                )
            )
            return 0

    def _read_granted(self, text, reasons):
        """[[name of the permit, day], ...] of a cell."""
        granted = []
        for name, day in columns.split_granted(text):
            found = self._read_day("granted", day, reasons)
            if found and found > fields.Date.to_string(self.env["shenpi.application"]._get_today()):
                reasons.append(
                    self.env._("%(permit)s: %(day)s lies in the future.", permit=name, day=day)
                )
            granted.append([name, found])
        return granted

    def _check_permits(self, values):
        try:
            self._select(values)
        except ValidationError as error:
            return [str(error)]
        return []

    def _select(self, values):
        """The lines that a row comes to: its set, what has been granted, and what those need."""
        one = self.env["shenpi.menu.set"].browse(values["set"])
        by_name = {line.name: line for line in one.menu_id.line_ids}
        unknown = [name for name, _day in values["granted"] if name not in by_name]
        if unknown:
            raise ValidationError(
                self.env._(
                    "%(column)s: %(names)s: not on the menu.",
                    column=self._get_heading("granted"),
                    names="、".join(unknown),
                )
            )
        chosen = one.line_ids.union(*(by_name[name] for name, _day in values["granted"]))
        selection = one.menu_id._select(chosen)
        one.menu_id._check_selection(selection, self._get_heading("set"))
        return selection.lines

    def _open_project(self, projects, values):
        granted = {name: fields.Date.to_date(day) for name, day in values["granted"]}
        first = fields.Date.to_date(values["planned_start"])
        permits = self._select(values)._prepare_permits()
        for permit in permits:
            day = granted.get(permit["name"])
            if day:
                permit["granted"] = (self._guess_start(first, day, permit["days"]), day)
        vals = {
            name: value
            for name, value in values.items()
            if name not in ("set", "navigator", "granted")
        }
        vals |= {
            "user_id": values.get("navigator"),
            "planned_start": first,
            "import_id": self.id,
        }
        return projects._do_open(vals, permits)

    def _guess_start(self, first, day, days):
        """Tables know the day of a grant; it is taken to have been filed as long before as the
        promise allows, not before the project began."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        return min(day, max(first, calendar.add(day, -days)))


class ProjectProject(models.Model):
    _inherit = "project.project"

    import_id = fields.Many2one(
        "shenpi.project.import",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
