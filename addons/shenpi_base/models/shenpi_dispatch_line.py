from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.localtime import SHANGHAI, local_date, start_of_day

# How many working days ahead the list looks.
AHEAD = 2
# Rows of different tables share the ids of the list: each kind has its own remainder.
KINDS = 8


class ShenpiDispatchLine(models.Model):
    """The daily dispatch list 日调度: what is to be done today on the key projects.

    Permits that can be filed, that are due within two working days or late by the plan; blockers
    near due or late; to-dos due; visits and meetings of today; contacts to be followed up. One row
    each, from the tables as they are: seen by those who see the project.
    """

    _name = "shenpi.dispatch.line"
    _description = "Line of the dispatch list"
    _auto = False
    _order = "urgency desc, due_date, id"
    _rec_name = "name"
    _depends = {
        "project.project": ["is_key_project", "key_state", "user_id", "company_id"],
        "project.task": [
            "project_id",
            "name",
            "permit_state",
            "key_project",
            "plan_end",
            "is_key_to_do",
            "state",
            "user_ids",
            "date_deadline",
        ],
        "shenpi.blocker": [
            "project_id",
            "matter",
            "state",
            "user_id",
            "due_date",
            "warn_date",
            "alarm_date",
        ],
        "shenpi.home.service": ["project_id", "beneficiary", "state", "date_start", "wanted_date"],
        "shenpi.meeting": ["project_id", "name", "state", "date_start", "create_uid"],
        "shenpi.project.contact": [
            "project_id",
            "content",
            "user_id",
            "follow_up_date",
            "follow_up_done",
        ],
    }

    kind = fields.Selection(
        [
            ("late", "Permit late"),
            ("due", "Permit near due"),
            ("ready", "Permit can be filed"),
            ("blocker", "Blocker"),
            ("to_do", "To-do"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("follow_up", "Follow-up of a contact"),
        ],
        readonly=True,
    )
    name = fields.Char(string="Matter to deal with", readonly=True)
    project_id = fields.Many2one("project.project", string="Key project", readonly=True)
    company_id = fields.Many2one("res.company", string="Bureau", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    due_date = fields.Date(readonly=True)
    urgency = fields.Selection(
        [("1", "Today"), ("2", "Near due"), ("3", "Late")], string="How urgent", readonly=True
    )
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(model_field="document_model", readonly=True)

    @property
    def _table_query(self):
        today = local_date(fields.Datetime.now())
        ahead = self.env["shenpi.workday"]._get_due("today", today, AHEAD)
        arms = [
            self._select_permits(today, ahead),
            self._select_blockers(today),
            self._select_visits(today),
            self._select_follow_ups(today),
            self._select_meetings(today),
            self._select_to_dos(today, ahead),
        ]
        return SQL(
            """SELECT line.id, line.kind, line.name, line.project_id, project.company_id,
                      coalesce(line.user_id, project.user_id) AS user_id, line.due_date,
                      line.urgency, line.document_model, line.document_id
                 FROM (%(arms)s) line JOIN project_project project ON project.id = line.project_id
                WHERE project.is_key_project
                  AND project.key_state IN ('preparing', 'under_way', 'open')""",
            arms=SQL(" UNION ALL ").join(arms),
        )

    def _select_permits(self, today, ahead):
        """Late by the plan, near its end, or ready to be filed: the worst of it."""
        return SQL(
            """SELECT task.id * %(kinds)s AS id,
                      CASE WHEN task.plan_end < %(today)s THEN 'late'
                           WHEN task.plan_end <= %(ahead)s THEN 'due' ELSE 'ready' END AS kind,
                      task.name, task.project_id, NULL::integer AS user_id,
                      task.plan_end AS due_date,
                      CASE WHEN task.plan_end < %(today)s THEN '3'
                           WHEN task.plan_end <= %(ahead)s THEN '2' ELSE '1' END AS urgency,
                      'project.task' AS document_model, task.id AS document_id
                 FROM project_task task
                WHERE task.key_project AND task.is_key_to_do IS NOT TRUE
                  AND (task.permit_state = 'ready'
                       OR (task.plan_end <= %(ahead)s
                           AND task.permit_state IN
                               ('waiting', 'prechecking', 'filed', 'elsewhere')))""",
            kinds=KINDS,
            today=today,
            ahead=ahead,
        )

    def _select_blockers(self, today):
        return SQL(
            """SELECT id * %(kinds)s + 1, 'blocker', matter, project_id, user_id, due_date,
                      CASE WHEN alarm_date <= %(today)s THEN '3' ELSE '2' END,
                      'shenpi.blocker', id
                 FROM shenpi_blocker
                WHERE state = 'raised' AND warn_date <= %(today)s""",
            kinds=KINDS,
            today=today,
        )

    def _select_visits(self, today):
        """Planned for today or before and not noted, and those that nobody has planned in time."""
        return SQL(
            """SELECT id * %(kinds)s + 2, 'visit', beneficiary, project_id, NULL::integer,
                      coalesce((date_start AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                               wanted_date),
                      CASE WHEN coalesce(date_start < %(begin)s, wanted_date < %(today)s)
                           THEN '3' ELSE '1' END,
                      'shenpi.home.service', id
                 FROM shenpi_home_service
                WHERE project_id IS NOT NULL
                  AND ((state = 'planned' AND date_start < %(end)s)
                       OR (state = 'requested' AND wanted_date <= %(today)s))""",
            kinds=KINDS,
            zone=SHANGHAI.key,
            today=today,
            begin=start_of_day(today),
            end=start_of_day(today + timedelta(days=1)),
        )

    def _select_follow_ups(self, today):
        return SQL(
            """SELECT id * %(kinds)s + 3, 'follow_up', content, project_id, user_id,
                      follow_up_date, CASE WHEN follow_up_date < %(today)s THEN '3' ELSE '1' END,
                      'shenpi.project.contact', id
                 FROM shenpi_project_contact
                WHERE follow_up_done IS NOT TRUE AND follow_up_date <= %(today)s""",
            kinds=KINDS,
            today=today,
        )

    def _select_meetings(self, today):
        """Those of today about one project, and those whose minutes are not closed."""
        return SQL(
            """SELECT id * %(kinds)s + 4, 'meeting', name, project_id, create_uid,
                      (date_start AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                      CASE WHEN date_start < %(begin)s THEN '3' ELSE '1' END,
                      'shenpi.meeting', id
                 FROM shenpi_meeting
                WHERE project_id IS NOT NULL AND state = 'planned' AND date_start < %(end)s""",
            kinds=KINDS,
            zone=SHANGHAI.key,
            begin=start_of_day(today),
            end=start_of_day(today + timedelta(days=1)),
        )

    def _select_to_dos(self, today, ahead):
        """Open ones that are due within the days ahead; of several owners the first."""
        day = SQL("(task.date_deadline AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", SHANGHAI.key)
        return SQL(
            """SELECT task.id * %(kinds)s + 5, 'to_do', task.name, task.project_id,
                      (SELECT min(owner.user_id) FROM project_task_user_rel owner
                        WHERE owner.task_id = task.id),
                      %(day)s, CASE WHEN %(day)s < %(today)s THEN '3' ELSE '2' END,
                      'project.task', task.id
                 FROM project_task task
                WHERE task.is_key_to_do AND task.state <> '1_done' AND %(day)s <= %(ahead)s""",
            kinds=KINDS,
            day=day,
            today=today,
            ahead=ahead,
        )

    def action_print_xlsx(self):
        """The lines chosen, all that the user sees when there are none, as a workbook."""
        return self._print("action_report_dispatch_xlsx")

    def action_print_pdf(self):
        """The lines chosen, all that the user sees when there are none, on paper."""
        return self._print("action_report_dispatch")

    def _print(self, xmlid):
        lines = self or self.search([("company_id", "in", self.env.companies.ids)])
        lines.check_access("read")
        if not lines:
            raise UserError(self.env._("Nothing is to be dispatched today."))
        return self.env.ref(f"shenpi_base.{xmlid}").report_action(lines)

    def action_open_document(self):
        """What the line is about."""
        self.ensure_one()
        self.check_access("read")
        document = self.env[self.document_model].browse(self.document_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(document.get_formview_id(), "form")],
        }
