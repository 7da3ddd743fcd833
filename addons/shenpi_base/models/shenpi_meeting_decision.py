from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ShenpiMeetingDecision(models.Model):
    """What a meeting decided: a blocker to be cleared, something to be done, or a mere note."""

    _name = "shenpi.meeting.decision"
    _inherit = ["shenpi.project.link"]
    _description = "Decision of a meeting"
    _order = "meeting_id, sequence, id"
    _rec_name = "matter"

    meeting_id = fields.Many2one("shenpi.meeting", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="meeting_id.company_id")
    project_id = fields.Many2one(
        "project.project",
        string="Key project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_key_project', '=', True), ('company_id', '=', company_id)]",
    )
    matter = fields.Char(string="What was decided", required=True)
    kind = fields.Selection(
        [("blocker", "Blocker"), ("to_do", "To do"), ("note", "Note")],
        string="Becomes",
        required=True,
        default="to_do",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    due_date = fields.Date()
    blocker_id = fields.Many2one("shenpi.blocker", readonly=True, copy=False, ondelete="restrict")
    to_do_id = fields.Many2one(
        "project.task",
        string="To-do",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("meeting_id.project_id")
    def _compute_project_id(self):
        for decision in self:
            decision.project_id = decision.project_id or decision.meeting_id.project_id

    @api.constrains("meeting_id", "matter", "kind", "user_id", "due_date", "project_id")
    def _check_meeting(self):
        self.meeting_id.sudo(False)._check_planned()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self.meeting_id._check_planned()

    # === Business methods === #

    def _carry_out(self):
        """Raise the blockers and add the to-dos.

        :raise ValidationError: a decision lacks its project, owner or due date
        """
        for decision in self:
            if decision.kind == "note":
                continue
            decision._check_complete()
            if decision.kind == "blocker":
                decision._raise_blocker()
            else:
                decision._add_to_do()

    def _check_complete(self):
        if not (self.project_id and self.user_id and self.due_date):
            raise ValidationError(
                self.env._("“%s” needs a key project, an owner and a due date.", self.matter)
            )
        if self.due_date < self.meeting_id._get_today():
            raise ValidationError(self.env._("“%s” is due before today.", self.matter))

    def _raise_blocker(self):
        calendar = self.env["shenpi.workday"]._get_calendar()
        days = calendar.count(self.meeting_id._get_today(), self.due_date)
        blocker = self.env["shenpi.blocker"].create(
            {
                "project_id": self.project_id.id,
                "matter": self.matter,
                "department_id": self._get_department().id,
                "user_id": self.user_id.id,
                "due_days": max(days, 1),
                "description": self.meeting_id.name,
            }
        )
        blocker._do_raise()
        self.sudo().blocker_id = blocker

    def _get_department(self):
        """Where the owner works, else the department that leads the project."""
        project = self.project_id
        own = self.env["shenpi.department"].search(
            [("user_ids", "in", self.user_id.id), ("company_id", "=", project.company_id.id)],
            limit=1,
        )
        return own or project.department_id

    def _add_to_do(self):
        self.project_id.check_access("read")
        self.sudo().to_do_id = self.project_id._add_to_do(self.matter, self.user_id, self.due_date)
