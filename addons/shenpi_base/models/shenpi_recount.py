import base64

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import sheets
from .shenpi_application_dates import CLOCK_STATES

# So many cases are counted while the user waits, and so many by one job.
BATCH = 1000


class ShenpiRecount(models.Model):
    """All open cases that a change concerns, counted again: a year of the calendar was corrected,
    or a threshold of the lights was set.

    A few are counted in the transaction of the change, many by jobs afterwards: each takes one
    batch in a transaction of its own, notes its position and starts the next. A run that was
    interrupted goes on where it stopped; a job that runs twice finds its position taken. What
    moved is listed, old beside new, and stands in the events of each case.
    """

    _name = "shenpi.recount"
    _inherit = ["shenpi.flow.fields"]
    _description = "Dates counted again"
    _order = "id desc"
    _rec_name = "reason"

    _flow_fields = frozenset(
        {
            "reason",
            "kind",
            "first_day",
            "last_day",
            "company_id",
            "item_types",
            "state",
            "position",
            "case_count",
            "done_count",
            "user_id",
            "finished_at",
        }
    )

    reason = fields.Char(required=True)
    kind = fields.Selection(
        [("calendar", "Working days changed"), ("lights", "Thresholds of lights changed")],
        required=True,
    )
    first_day = fields.Date(string="Changed from")
    last_day = fields.Date(string="Changed to")
    company_id = fields.Many2one("res.company", string="Bureau", help="Empty: all bureaus.")
    item_types = fields.Char(help="Codes of the kinds of items concerned; empty: all.")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done")], required=True, default="running"
    )
    position = fields.Integer(help="The last case that has been counted.", aggregator=None)
    case_count = fields.Integer(string="Cases concerned")
    done_count = fields.Integer(string="Cases counted")
    moved_count = fields.Integer(string="Dates moved", compute="_compute_moved_count")
    progress = fields.Float(compute="_compute_progress")
    user_id = fields.Many2one("res.users", string="Changed by", required=True)
    finished_at = fields.Datetime(string="Finished on")
    table = fields.Binary(compute="_compute_table")
    line_ids = fields.One2many("shenpi.recount.line", "recount_id", string="Dates that moved")

    # === Compute methods === #

    @api.depends("line_ids")
    def _compute_moved_count(self):
        lines = self.env["shenpi.recount.line"]
        counts = dict(
            lines._read_group([("recount_id", "in", self.ids)], ["recount_id"], ["__count"])
        )
        for run in self:
            run.moved_count = counts.get(run, 0)

    @api.depends("done_count", "case_count", "state")
    def _compute_progress(self):
        for run in self:
            done = run.state == "done" or not run.case_count
            run.progress = 100 if done else 100 * run.done_count / run.case_count

    # === Start === #

    @api.model
    def _start_for_calendar(self, reason, first_day, last_day):
        """Count the open cases again that these days of the calendar touch, and with them the joint
        limits of bundles and the plans of key projects."""
        self.env["shenpi.bundle.case"]._recount_joint_limits(first_day)
        self.env["project.project"]._recount_plans(first_day)
        vals = {"kind": "calendar", "first_day": first_day, "last_day": last_day}
        return self._start(dict(vals, reason=reason))

    @api.model
    def _start_for_lights(self, company, item_types=None):
        """Count the open cases of a bureau again, those of some kinds of items or all."""
        vals = {
            "kind": "lights",
            "company_id": company.id,
            "item_types": item_types and ",".join(sorted(item_types)),
            "reason": self.env._("Thresholds of the lights: %s", company.name),
        }
        return self._start(vals)

    @api.model
    def _start(self, vals):
        """Begin a run: at once when the cases are few, else in jobs after the transaction.

        :return: the run; none when no case is concerned
        """
        run_sudo = self.sudo().new(vals)
        cases = self.env["shenpi.application"].sudo().search_count(run_sudo._get_domain())
        if not cases:
            return self.browse()
        run = (
            self.sudo()
            .create(dict(vals, case_count=cases, user_id=self.env.uid))
            .with_env(self.env)
        )
        if cases > BATCH:
            run._enqueue()
        else:
            run._count_batch()
        return run

    def _get_domain(self):
        if self.kind == "calendar":
            applications = self.env["shenpi.application"]
            return applications._get_calendar_domain(self.first_day, self.last_day)
        domain = Domain("state", "in", CLOCK_STATES) & Domain("company_id", "=", self.company_id.id)
        if self.item_types:
            domain &= Domain("item_id.item_type", "in", self.item_types.split(","))
        return domain

    # === Jobs === #

    def _enqueue(self):
        self.sudo().with_delay(
            description=self.reason, identity_key=f"{self._name}-{self.id}-{self.position}"
        )._job_count(self.position)

    def _job_count(self, position):
        """Count the batch behind ``position``, then hand the rest to the next job."""
        self.ensure_one()
        self.lock_for_update()
        if self.state == "running" and self.position == position:
            self._count_batch()
            if self.state == "running":
                self._enqueue()

    def _count_batch(self):
        """Count the next cases again and note the position."""
        run_sudo = self.sudo()
        applications_sudo = self.env["shenpi.application"].sudo()
        # Counting takes a case out of the search for the calendar, never back behind the position.
        domain = run_sudo._get_domain() & Domain("id", ">", run_sudo.position)
        ids = applications_sudo.search(domain, order="id", limit=BATCH).ids
        moved = applications_sudo._recount(ids)
        self.env["shenpi.recount.line"].sudo()._store(run_sudo, moved)
        vals = {"done_count": run_sudo.done_count + len(ids), "position": ids[-1] if ids else 0}
        if len(ids) < BATCH:
            vals.update(state="done", finished_at=fields.Datetime.now())
        run_sudo.write(vals)

    # === Table === #

    def _compute_table(self):
        for run in self:
            run.table = base64.b64encode(sheets.write_workbook([run._get_table_sheet()]))

    def _get_table_sheet(self):
        lines = self.env["shenpi.recount.line"]
        labels = dict(lines._fields["field"]._description_selection(self.env))
        headings = [
            self.env._("Number"),
            self.env._("Case"),
            self.env._("Bureau"),
            self.env._("Date of the case"),
            self.env._("Old date"),
            self.env._("New date"),
        ]
        rows = [
            (
                line.number,
                line.case_name,
                line.bureau,
                labels[line.field],
                line.old_date,
                line.new_date,
            )
            for line in self.line_ids
        ]
        return self.env._("Dates moved"), headings, rows

    # === Actions === #

    def action_download(self):
        """Download what moved as a table."""
        self.ensure_one()
        name = self.env._("Dates moved")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/table?filename={name}.xlsx&download=true",
            "target": "download",
        }

    def action_refresh(self):
        """Show the present progress."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_continue(self):
        """Start the job of a run that was interrupted once more."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "running":
            self._enqueue()
        return True

    def action_view_lines(self):
        """The dates that moved, as a list to search and to export."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dates that moved"),
            "res_model": "shenpi.recount.line",
            "views": [(False, "list")],
            "domain": [("recount_id", "=", self.id)],
        }
