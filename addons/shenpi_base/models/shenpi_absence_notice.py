from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.localtime import local_date

IN_HAND = ("accepted", "reviewing", "deciding")


class ShenpiAbsenceNotice(models.Model):
    """A step that waits for somebody who is away and for whom nobody stands in.

    Written once per step and absence, together with telling the head of the office: at its
    hand-over, or by the scheduled action when the absence begins or the deputy leaves too.
    """

    _name = "shenpi.absence.notice"
    _description = "Step without anybody present"
    _order = "id desc"
    _rec_name = "step_name"
    _log_access = False

    absence_id = fields.Many2one("shenpi.absence", required=True, index=True, ondelete="cascade")
    step_id = fields.Many2one(
        "shenpi.application.step", string="Step of the case", required=True, ondelete="cascade"
    )
    step_name = fields.Char(related="step_id.name", string="Step")
    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="cascade"
    )
    department_id = fields.Many2one("shenpi.department", ondelete="set null")
    told_at = fields.Datetime(required=True)

    _once = models.UniqueIndex("(step_id, absence_id)", "The head has been told of this step.")

    # === Finding and telling === #

    @api.model
    def _cron_tell(self):
        """Tell the heads of offices of steps that wait for nobody."""
        absences = self.env["shenpi.absence"]
        today = local_date(fields.Datetime.now())
        absent = absences._get_absent(today)
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(absent))
        for user_id, absence_id in absent.items():
            person = self.env["res.users"].browse(user_id)
            self._tell(self._get_waiting(person), absences.browse(absence_id))
            if not crons._commit_progress(1):
                break

    @api.model
    def _get_waiting(self, person):
        """Cases whose step in hand is this person's."""
        cases = self.env["shenpi.application"].sudo()
        in_hand = fields.Domain("state", "in", IN_HAND)
        return cases.search(in_hand & fields.Domain("handler_id", "=", person.id)) | cases.search(
            in_hand & fields.Domain("step_id.user_id", "=", person.id)
        )

    @api.model
    def _tell(self, cases, absence):
        """Tell, once for each step, the head of the office of cases nobody present can act on.

        :param cases: applications whose step in hand belongs to the absent person, as sudo
        """
        person = absence.sudo().user_id
        for department, group in cases.grouped(lambda case: case.step_id.department_id).items():
            if self.env["shenpi.absence"]._get_stand_ins(person, department):
                continue
            if self._claim(group, absence, department):
                self._tell_head(absence.sudo(), department)

    @api.model
    def _claim(self, cases, absence, department):
        """Write down the steps not told of yet; answers how many."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_absence_notice
                          (absence_id, step_id, application_id, department_id, told_at)
                   SELECT %(absence)s, step.id, step.application_id, %(department)s, %(now)s
                     FROM shenpi_application_step step WHERE step.id = ANY(%(steps)s)
                   ON CONFLICT (step_id, absence_id) DO NOTHING RETURNING id""",
                absence=absence.id,
                department=department.id,
                steps=cases.step_id.ids,
                now=fields.Datetime.now(),
            )
        )
        absence.invalidate_recordset(["notice_ids"], flush=False)
        return len(rows)

    @api.model
    def _tell_head(self, absence, department):
        """One activity per absence and head, which says how many steps wait."""
        heads = department._get_present_heads() - absence.user_id
        count = self.sudo().search_count([("absence_id", "=", absence.id)])
        for head in heads:
            writing = absence.with_context(lang=head.lang)
            summary = writing.env._(
                "%(person)s is away until %(day)s and nobody stands in: %(count)s steps wait.",
                person=absence.user_id.name,
                day=absence.date_to,
                count=count,
            )
            told = absence.activity_ids.filtered(lambda a, head=head: a.user_id == head)
            if told:
                told.summary = summary
            else:
                writing.activity_schedule(
                    "mail.mail_activity_data_warning", summary=summary, user_id=head.id
                )
