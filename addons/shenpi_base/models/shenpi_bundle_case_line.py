from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import diagrams
from ..tools.localtime import local_date

FAILED_STATES = ("denied", "not_accepted", "withdrawn", "terminated")
DONE_STATES = ("closed", "not_accepted", "withdrawn", "terminated")
STATUS_COLORS = {
    **dict.fromkeys(("waiting", "drafted", "failed", "stopped"), "grey"),
    "granted": "green",
}


class ShenpiBundleCaseLine(models.Model):
    """An item of a bundle case: its application, what it waits for, and what became of it.

    The plan is copied from the bundle when the case is filed; later changes of the bundle do not
    move it. Written by the flow of the case only.
    """

    _name = "shenpi.bundle.case.line"
    _inherit = ["shenpi.plan.mixin"]
    _description = "Item of a bundle case"
    _order = "case_id, sequence, id"
    _rec_name = "item_name"
    _log_access = False

    case_id = fields.Many2one("shenpi.bundle.case", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    item_id = fields.Many2one(
        "shenpi.item", string="Item version", required=True, ondelete="restrict"
    )
    item_name = fields.Char(related="item_id.name", string="Item")
    application_id = fields.Many2one(
        "shenpi.application", index="btree_not_null", ondelete="set null"
    )
    status = fields.Selection(
        [
            ("waiting", "Waiting for others"),
            ("drafted", "Being filed again"),
            ("running", "Under way"),
            ("granted", "Granted"),
            ("failed", "Not granted"),
            ("stopped", "No longer pursued"),
        ],
        required=True,
        default="waiting",
    )
    planned_start = fields.Integer(help="Working days after the filing.")
    planned_end = fields.Integer(help="Working days after the filing.")
    after_all_ids = fields.Many2many(
        "shenpi.bundle.case.line",
        "shenpi_bundle_case_line_after_all_rel",
        "line_id",
        "before_id",
        string="After all of",
    )
    after_any_ids = fields.Many2many(
        "shenpi.bundle.case.line",
        "shenpi_bundle_case_line_after_any_rel",
        "line_id",
        "before_id",
        string="After any of",
    )
    state = fields.Selection(related="application_id.state")
    light = fields.Selection(related="application_id.light")
    number_short = fields.Char(related="application_id.number_short")
    department_id = fields.Many2one(related="item_id.department_id")
    due_date = fields.Date(related="application_id.due_date")
    due_left = fields.Char(related="application_id.due_left")
    waits_for = fields.Char(string="Waits for", compute="_compute_waits_for")
    can_refile = fields.Boolean(compute="_compute_can_refile")

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("status", "after_all_ids.status", "after_any_ids.status")
    def _compute_waits_for(self):
        for line in self:
            line.waits_for = line._describe_waiting() if line.status == "waiting" else False
            if line.status == "stopped":
                line.waits_for = self.env._(
                    "Stopped: not granted: %s.", "、".join(line._get_lost().mapped("item_name"))
                )

    def _describe_waiting(self):
        needed = self.after_all_ids.filtered(lambda line: line.status != "granted")
        names = needed.mapped("item_name")
        if self.after_any_ids and "granted" not in self.after_any_ids.mapped("status"):
            names.append(self.env._(" or ").join(self.after_any_ids.mapped("item_name")))
        return self.env._("Waits for %s.", "、".join(names))

    @api.depends_context("uid")
    @api.depends("status", "case_id.state")
    def _compute_can_refile(self):
        for line in self:
            line.can_refile = (
                line.status == "failed" and "refile" in line.case_id._get_allowed_actions()
            )

    # === Actions === #

    def action_open(self):
        """The application of this line."""
        self.ensure_one()
        if not self.application_id:
            raise UserError(self.env._("%s has no application.", self.item_name))
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }

    def action_refile(self):
        """File an item again that was not granted, and open the new draft."""
        self.ensure_one()
        self._do_refile()
        return self.action_open()

    # === Plan === #

    @api.model
    def _copy_plan(self, case, lines, slots, children):
        """The lines of a new case, with an application written for each."""
        copies = {}
        for line in lines:
            slot = slots[str(line.id)]
            copies[line.id] = self.create(
                {
                    "case_id": case.id,
                    "sequence": line.sequence,
                    "item_id": line.item_id.id,
                    "planned_start": slot.start,
                    "planned_end": slot.end,
                }
            )
        for line in lines:
            copy = copies[line.id]
            copy.after_all_ids = [copies[b.id].id for b in line.after_all_ids & lines]
            copy.after_any_ids = [copies[b.id].id for b in line.after_any_ids & lines]
            copy._write_application(children[line], case.env)

    def _write_application(self, vals, env):
        """A draft of the line's application, by the user of ``env``."""
        applications = env["shenpi.application"].sudo().with_company(self.case_id.company_id)
        vals = dict(vals, bundle_line_id=self.id, filed_by_id=env.uid)
        self.application_id = applications.create(vals)
        self.application_id.material_ids._spare_combined(self.case_id.number)

    def _get_bar(self):
        """The line in the picture: as planned while it waits, as it goes since it was received."""
        start, end = self.planned_start, self.planned_end
        application = self.application_id
        if application.received_at:
            calendar = self.env["shenpi.workday"]._get_calendar()
            first = local_date(self.case_id.submitted_at)
            length = end - start
            start = max(calendar.count(first, local_date(application.received_at)), 0)
            end = start + length
            decided = application.decided_at and local_date(application.decided_at)
            last = decided or application.promised_due_date
            if last:
                end = max(calendar.count(first, last), start)
        color = STATUS_COLORS.get(self.status) or self.light
        labels = dict(self._fields["status"]._description_selection(self.env))
        return diagrams.Bar(
            str(self.id),
            self.item_name,
            start,
            end,
            color=color if color in diagrams.COLORS else "plain",
            note=labels[self.status],
        )

    # === Life === #

    def _is_ready(self):
        any_of = self.after_any_ids.mapped("status")
        return set(self.after_all_ids.mapped("status")) <= {"granted"} and (
            not any_of or "granted" in any_of
        )

    def _is_hopeless(self):
        return bool(self._get_lost())

    def _get_lost(self):
        """What was not granted and makes this line impossible."""
        lost = self.after_all_ids.filtered(lambda line: line.status in ("failed", "stopped"))
        left = self.after_any_ids.filtered(lambda line: line.status not in ("failed", "stopped"))
        return lost if left else lost | self.after_any_ids

    def _is_done(self):
        return self.status == "stopped" or self.application_id.state in DONE_STATES

    def _start(self, at=None):
        """Receive the application, by the system."""
        self.status = "running"
        self.case_id._transition("start_child", event={"data": {"item": self.item_id.code}})
        self.application_id._take_back_lapsed()
        # An instant item is granted within this call, and moves its case on by itself.
        self.application_id._do_receive(at=at)

    def _stop(self):
        self.status = "stopped"
        self.case_id._transition(
            "stop_child",
            event={"opinion": self._in_writing().waits_for, "data": {"item": self.item_id.code}},
        )

    def _in_writing(self):
        return self.with_context(lang=self.env["shenpi.application.document"]._get_lang())

    def _note_outcome(self):
        """What the state of the application means for the plan."""
        state = self.application_id.state
        if state in FAILED_STATES or self.application_id.outcome == "deny":
            self.status = "failed"
        elif state in ("granted", "closed"):
            self.status = "granted"
        elif self.status == "drafted":
            self.status = "running"

    def _withdraw(self, reason, at):
        line = self.sudo()
        if line.status == "running":
            line.application_id._do_withdraw(reason, at=at)
        elif line.status in ("waiting", "drafted"):
            line.status = "stopped"

    def _do_refile(self):
        """Write the application anew from the one that was not granted; it is received when it has
        been put right. What was stopped for it waits again."""
        case = self.case_id.with_env(self.env)
        case._open()
        line, old = self.sudo(), self.sudo().application_id
        if line.status != "failed":
            raise UserError(self.env._("%s has not been refused.", line.item_name))
        case._transition(
            "refile", values={"closed_at": False}, event={"data": {"item": line.item_id.code}}
        )
        line.status = "drafted"
        line._write_application(old._prepare_refile_vals(), self.env)
        for stopped in case.sudo().line_ids.filtered(lambda line: line.status == "stopped"):
            if not stopped._is_hopeless():
                stopped.status = "waiting"
        return True
