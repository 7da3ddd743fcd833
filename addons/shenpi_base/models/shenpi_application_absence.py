from odoo import api, fields, models

from .shenpi_application import OPEN_STATES


class ShenpiApplication(models.Model):
    """What the absence of the person who has the step in hand means for a case: it says who stands
    in, and when nobody does, the head of the office is told."""

    _inherit = "shenpi.application"

    absence_note = fields.Char(string="Absence", compute="_compute_absence_note")

    @api.depends("state", "handler_id", "step_id")
    def _compute_absence_note(self):
        absences = self.env["shenpi.absence"]
        absent = absences._get_absent(self._get_today())
        for application in self:
            person = application._get_step_owner()
            absence_id = application.state in OPEN_STATES and absent.get(person.id)
            application.absence_note = absence_id and application._describe_absence(
                absences.sudo().browse(absence_id), person
            )

    def _get_step_owner(self):
        """The person whose step it is; nobody when it is open to a role."""
        case = self.sudo()
        return case.step_id.user_id or case.handler_id

    def _describe_absence(self, absence, person):
        department = self.sudo().step_id.department_id
        stand_ins = absence._get_stand_ins(person, department)
        values = {"person": person.name, "day": self._show_date(absence.date_to)}
        if not stand_ins:
            return self.env._("%(person)s is away until %(day)s, nobody stands in.", **values)
        return self.env._(
            "%(person)s is away until %(day)s, %(deputies)s stands in.",
            deputies="、".join(stand_ins.mapped("name")),
            **values,
        )

    # === Hand-over === #

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        self._tell_absence()
        return result

    def _tell_absence(self):
        """Cases that have come to somebody who is away: tell the head where nobody stands in."""
        absences = self.env["shenpi.absence"]
        absent = absences._get_absent(self._get_today())
        if not absent:
            return
        for person, cases in self.sudo().grouped(lambda case: case._get_step_owner()).items():
            if person.id in absent:
                waiting = cases.filtered(lambda case: case.step_id and case.state in OPEN_STATES)
                notices = self.env["shenpi.absence.notice"].sudo()
                notices._tell(waiting, absences.browse(absent[person.id]))
