from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class Selection(NamedTuple):
    """What a choice from a menu comes to.

    ``lines`` in the order of the menu; ``needed_by``: line pulled in -> the line that waits for it;
    ``questions``: (line, its alternatives) of which none has been chosen.
    """

    lines: models.Model
    needed_by: dict
    questions: list[tuple]


class ShenpiMenu(models.Model):
    """A menu 点菜单: the permits that projects may need, what each waits for, and ready-made
    choices for each kind of project.

    Access: staff read the menus of their bureau; navigators and the bureau head edit them. A
    project keeps the plan that it was opened with.
    """

    _name = "shenpi.menu"
    _description = "Menu of permits"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    is_sample = fields.Boolean(string="Sample", help="Shipped as an example: edit before use.")
    line_ids = fields.One2many("shenpi.menu.line", "menu_id", string="Permits", copy=False)
    set_ids = fields.One2many("shenpi.menu.set", "menu_id", string="Sets", copy=False)
    line_count = fields.Integer(string="Number of permits", compute="_compute_counts")
    retired_count = fields.Integer(
        string="Retired items",
        compute="_compute_counts",
        help="Permits whose item has been retired since; they cannot be ticked.",
    )

    # === Compute methods === #

    @api.depends("line_ids.item_id.state")
    def _compute_counts(self):
        for menu in self:
            menu.line_count = len(menu.line_ids)
            menu.retired_count = len(menu.line_ids._get_retired())

    # === Actions === #

    def action_update_items(self):
        """Put the published version in the place of every retired one.

        :raise UserError: naming the items of which no version is published
        """
        self.check_access("write")
        lines = self.line_ids._get_retired()
        newer = lines._get_newer()
        gone = lines.filtered(lambda line: line not in newer)
        if gone:
            raise UserError(
                self.env._(
                    "No version of these is published, take them off the menu: %s.",
                    "、".join(gone.mapped("name")),
                )
            )
        for line, item in newer.items():
            line.item_id = item
        return True

    # === Business methods === #

    def _select(self, chosen, there=None, without=None):
        """What a choice comes to: the lines chosen and everything they wait for.

        Of alternatives one is enough; where none is chosen, that is a question for people.

        :param chosen: ``shenpi.menu.line`` of this menu
        :param there: lines that the project has already; :param without: lines it does not need
        :return: ``Selection``
        """
        known = (there or chosen.browse()) | (without or chosen.browse())
        selected, needed_by = chosen - known, {}
        queue = list(selected)
        while queue:
            line = queue.pop(0)
            for before in line.after_all_ids - selected - known:
                selected |= before
                needed_by[before] = line
                queue.append(before)
        lines = selected.sorted()
        questions = [
            (line, line.after_any_ids)
            for line in lines
            if line.after_any_ids and not line.after_any_ids & (selected | known)
        ]
        return Selection(lines, needed_by, questions)

    def _check_selection(self, selection, field="items"):
        """Raise for what stands in the way of opening a project: retired items, open questions."""
        problems = [
            self.env._(
                "%(field)s: %(line)s waits for one of these, choose: %(options)s.",
                field="choices",
                line=line.name,
                options="、".join(options.mapped("name")),
            )
            for line, options in selection.questions
        ]
        retired = selection.lines._get_retired()
        newer = retired._get_newer()
        for line in retired:
            item = newer.get(line)
            problems.append(
                self.env._(
                    "%(field)s: version %(version)s of %(line)s has been retired; version %(newer)s"
                    " is published: update the menu.",
                    field=field,
                    line=line.name,
                    version=line.item_id.version,
                    newer=item.version,
                )
                if item
                else self.env._(
                    "%(field)s: %(line)s has been retired, and no newer version is published.",
                    field=field,
                    line=line.name,
                )
            )
        if problems:
            raise ValidationError("\n".join(problems))
