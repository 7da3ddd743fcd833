import base64
from itertools import count

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list, mute_logger, split_every

from ..tools import sheets

ROWS_PER_CHUNK = 1000
OPEN_STATES = ("checking", "creating", "finishing")


class ShenpiImportMixin(models.AbstractModel):
    """A file of many rows brought into the database, a thousand rows a job.

    1. *Checking*: one job reads the file and checks every row; nothing is created. If rows are bad
       and the user wants all or none, the import ends here.
    2. *Creating*: each job creates the records of one chunk in one transaction, notes the new
       position in that transaction, and starts the next job. An interrupted import goes on at its
       position; a job that runs twice finds its position taken and does nothing.
    3. *Finishing* (if the importer has a last pass): the same once more over what was created.
    4. The report: every bad row with line, reason and its own cells, to correct and import again.

    An importer inherits this model, gives its columns and overrides the ``_import_*`` hooks.
    """

    _name = "shenpi.import.mixin"
    _inherit = ["shenpi.flow.fields", "shenpi.import.words"]
    _description = "Import of a file"
    _order = "id desc"
    _rec_name = "filename"

    _flow_fields = frozenset(
        {
            "state",
            "total_rows",
            "good_rows",
            "bad_rows",
            "done_rows",
            "position",
            "chunk_count",
            "headings",
            "note",
            "report",
            "report_filename",
            "started_at",
            "finished_at",
        }
    )

    file = fields.Binary(attachment=True, copy=False)
    filename = fields.Char(string="File name")
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, default=lambda self: self.env.company
    )
    keep = fields.Selection(
        [("good", "Import the good rows"), ("none", "Import nothing unless all rows are good")],
        string="If rows are bad",
        required=True,
        default="good",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("checking", "Checking"),
            ("creating", "Importing"),
            ("finishing", "Finishing"),
            ("done", "Done"),
            ("rejected", "Nothing imported"),
        ],
        required=True,
        default="draft",
    )
    total_rows = fields.Integer(string="Rows", copy=False)
    good_rows = fields.Integer(copy=False)
    bad_rows = fields.Integer(copy=False)
    done_rows = fields.Integer(string="Imported", copy=False)
    position = fields.Integer(string="Chunks done", copy=False)
    chunk_count = fields.Integer(string="Chunks", copy=False)
    progress = fields.Float(compute="_compute_progress")
    headings = fields.Json(copy=False)
    note = fields.Text(string="Outcome", copy=False)
    report = fields.Binary(attachment=True, copy=False)
    report_filename = fields.Char(copy=False)
    template = fields.Binary(compute="_compute_template")
    started_at = fields.Datetime(string="Started", copy=False)
    finished_at = fields.Datetime(string="Finished on", copy=False)

    # === Hooks of the importer === #

    @api.model
    def _get_import_columns(self):
        """``{key: headings}``: the columns and the headings accepted for each, Chinese first, then
        English."""
        raise NotImplementedError

    def _get_heading(self, key):
        """The heading of a column in the user's language."""
        chinese = (self.env.lang or "").startswith("zh")
        return self._get_import_columns()[key][0 if chinese else 1]

    @api.model
    def _get_required_columns(self):
        """The keys without which the file cannot be imported."""
        return ()

    @api.model
    def _get_template_sheets(self):
        """Sheets (title, headings, rows) of the template that people fill in."""
        raise NotImplementedError

    def _import_begin(self):
        """Called once before the rows are checked; the answer is given to every `_import_check`."""
        return {}

    def _import_check(self, rows, memory):
        """Check rows without writing.

        :param rows: list of ``{key: text}``, every known column present, text stripped
        :param dict memory: the answer of `_import_begin`, to remember things from row to row
        :return: list of ``(values, reasons)``; a row with reasons is bad and its values are ignored
        """
        raise NotImplementedError

    def _import_create(self, vals_list):
        """Create records from the values of good rows; answers the records in that order."""
        raise NotImplementedError

    def _import_needs_finishing(self):
        """Whether a second pass over the created records follows."""
        return False

    def _import_finish(self, record_ids):
        """The second pass over one chunk.

        :param list record_ids: what the chunk created
        :return: list of ``(record id, name, reasons)`` for the second sheet of the report
        """
        return []

    @api.model
    def _get_remark_title(self):
        """Title of the report's second sheet, at most 31 characters."""
        return self.env._("Remarks")

    def _import_undo(self, record_ids):
        """Remove what was created: the user wanted all rows or none."""
        raise NotImplementedError

    # === Compute methods === #

    @api.depends("state", "position", "chunk_count")
    def _compute_progress(self):
        for record in self:
            passes = 2 if record._import_needs_finishing() else 1
            done = record.position + record.chunk_count * (record.state == "finishing")
            steps = record.chunk_count * passes
            record.progress = 100 if record.state == "done" else 100 * done / (steps or 1)

    def _compute_template(self):
        for record in self:
            record.template = base64.b64encode(sheets.write_workbook(record._get_template_sheets()))

    # === Low-level methods === #

    def write(self, vals):
        if not self.env.su and any(record.state != "draft" for record in self):
            raise UserError(self.env._("An import that has started cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        if any(record.state in OPEN_STATES for record in self):
            raise UserError(self.env._("An import that is running cannot be deleted."))

    # === Actions === #

    def action_start(self):
        """Check the headings at once, then hand the rows to the jobs."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.state != "draft":
            raise UserError(self.env._("This import has already been started."))
        headings = self._read_headings()
        self.sudo().write(
            {"state": "checking", "headings": headings, "started_at": fields.Datetime.now()}
        )
        self._enqueue("_job_check", 0)
        return True

    def action_resume(self):
        """Start the job of the present position again, after a crash or a stopped server."""
        self.ensure_one()
        self.check_access("write")
        jobs = {"checking": "_job_check", "creating": "_job_create", "finishing": "_job_finish"}
        if self.state not in jobs:
            raise UserError(self.env._("This import is not running."))
        self._enqueue(jobs[self.state], self.position)
        return True

    def action_refresh(self):
        """Show the present progress."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_download_template(self):
        """Download the table to fill in."""
        self.ensure_one()
        name = self.env._("Template")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template"
            f"?filename={name}.xlsx&download=true",
            "target": "download",
        }

    # === Jobs === #

    def _enqueue(self, method, position):
        delayed = self.with_delay(
            description=self.env._("Import of %s", self.filename or self.id),
            identity_key=f"{self._name}-{self.id}-{method}-{position}",
        )
        getattr(delayed, method)(position)

    def _job_check(self, position=0):
        """Read the file, check every row, keep the good rows for the jobs that create."""
        if not self._take_position("checking", position):
            return
        self_sudo = self.sudo()
        try:
            totals = self._store_chunks()
        except sheets.SheetError as error:
            self_sudo.write(
                {
                    "state": "rejected",
                    "note": self._get_sheet_error(error),
                    "finished_at": fields.Datetime.now(),
                }
            )
            return
        self_sudo.write(totals)
        if not self.good_rows or (self.bad_rows and self.keep == "none"):
            self._close("rejected")
        else:
            self_sudo.state = "creating"
            self._enqueue("_job_create", 0)

    def _job_create(self, position):
        """Create the records of one chunk, move on by one."""
        if not self._take_position("creating", position):
            return
        chunk_sudo = self._get_chunk(position)
        created, late = self._create_rows(chunk_sudo.rows or [])
        chunk_sudo.write(
            {"created": created, "bad_rows": (chunk_sudo.bad_rows or []) + late, "rows": []}
        )
        self.sudo().write(
            {
                "position": position + 1,
                "done_rows": self.done_rows + len(created),
                "good_rows": self.good_rows - len(late),
                "bad_rows": self.bad_rows + len(late),
            }
        )
        if late and self.keep == "none":
            self._undo()
        elif self.position < self.chunk_count:
            self._enqueue("_job_create", self.position)
        elif self._import_needs_finishing():
            self.sudo().write({"state": "finishing", "position": 0})
            self._enqueue("_job_finish", 0)
        else:
            self._close("done")

    def _job_finish(self, position):
        """The second pass over one chunk."""
        if not self._take_position("finishing", position):
            return
        chunk_sudo = self._get_chunk(position)
        lines = {record_id: line for line, record_id in chunk_sudo.created or ()}
        remarks = self._import_finish(list(lines))
        chunk_sudo.remarks = [[lines[record_id], *rest] for record_id, *rest in remarks]
        self.sudo().position = position + 1
        if self.position < self.chunk_count:
            self._enqueue("_job_finish", self.position)
        else:
            self._close("done")

    def _take_position(self, state, position):
        """Lock the import; whether this job is the one whose turn it is."""
        self.ensure_one()
        self.lock_for_update()
        return self.state == state and self.position == position

    # === Reading === #

    def _read_headings(self):
        try:
            _line, headings = next(self._read_rows(), (0, []))
        except sheets.SheetError as error:
            raise UserError(self._get_sheet_error(error)) from error
        columns = self._get_import_columns()
        found = sheets.map_headings(headings, columns)
        missing = [
            self._get_heading(key) for key in self._get_required_columns() if key not in found
        ]
        if missing:
            raise UserError(
                self.env._(
                    "These columns are missing in the file: %s", format_list(self.env, missing)
                )
            )
        return headings

    def _read_rows(self):
        content = base64.b64decode(self.sudo().with_context(bin_size=False).file or b"")
        return sheets.read_rows(content, self.filename or "")

    def _get_sheet_error(self, error):
        return {
            "empty": self.env._("The file is empty."),
            "format": self.env._("The file is neither an XLSX workbook nor a CSV text."),
            "too_big": self.env._("The file is too big."),
        }[error.code]

    def _store_chunks(self):
        """Check all rows and keep them in chunks; answers the counts to write."""
        rows = self._read_rows()
        _line, headings = next(rows, (0, []))
        places = sheets.map_headings(headings, self._get_import_columns())
        memory = self._import_begin()
        good = bad = 0
        numbers = count()
        for batch in split_every(ROWS_PER_CHUNK, rows):
            chunk = self._check_batch(batch, places, memory)
            good += len(chunk["rows"])
            bad += len(chunk["bad_rows"])
            self.env["shenpi.import.chunk"].sudo().create(
                dict(chunk, res_model=self._name, res_id=self.id, number=next(numbers))
            )
            self.env.invalidate_all()
        return {
            "good_rows": good,
            "bad_rows": bad,
            "total_rows": good + bad,
            "chunk_count": next(numbers),
        }

    def _check_batch(self, batch, places, memory):
        keys = self._get_import_columns()
        texts = [
            {
                key: cells[places[key]] if places.get(key, len(cells)) < len(cells) else ""
                for key in keys
            }
            for _line, cells in batch
        ]
        chunk = {"rows": [], "bad_rows": []}
        checked = self._import_check(texts, memory)
        for (line, cells), (values, reasons) in zip(batch, checked, strict=True):
            if reasons:
                chunk["bad_rows"].append([line, reasons, cells])
            else:
                chunk["rows"].append([line, values, cells])
        return chunk

    # === Creating === #

    def _create_rows(self, rows):
        """``(created, late)``: pairs [line, id], and rows that the database refused after all."""
        if not rows:
            return [], []
        try:
            # A row the database refuses ends up in the report, not as an error in the log.
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                records = self._import_create([values for _line, values, _cells in rows])
                self.env.flush_all()
            return [[row[0], record.id] for row, record in zip(rows, records, strict=True)], []
        except (UserError, IntegrityError, DataError) as error:
            if len(rows) == 1:
                line, _values, cells = rows[0]
                return [], [[line, [self._get_reason(error)], cells]]
        # Halving finds the few that do not fit without going through all of them one by one.
        middle = len(rows) // 2
        first, first_late = self._create_rows(rows[:middle])
        second, second_late = self._create_rows(rows[middle:])
        return first + second, first_late + second_late

    def _get_reason(self, error):
        if isinstance(error, UserError):
            return str(error)
        table = error.diag.table_name
        models_of_table = (m for m in self.env.values() if m._table == table and not m._abstract)
        return next(models_of_table, self)._sql_error_to_message(error)

    def _undo(self):
        for chunk_sudo in self._get_chunks().filtered("created"):
            self._import_undo([record_id for _line, record_id in chunk_sudo.created])
            chunk_sudo.created = []
        self.sudo().done_rows = 0
        self._close("rejected")

    # === Chunks and report === #

    def _get_chunks(self):
        return (
            self.env["shenpi.import.chunk"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "=", self.id)])
        )

    def _get_chunk(self, number):
        return (
            self.env["shenpi.import.chunk"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("number", "=", number),
                ]
            )
        )

    def _close(self, state):
        """End the import: report, outcome, and the rows that are no longer needed."""
        chunks_sudo = self._get_chunks()
        has_remarks = any(chunk.remarks for chunk in chunks_sudo)
        self_sudo = self.sudo()
        if self.bad_rows or has_remarks:
            report = sheets.write_workbook(self._get_report_sheets(chunks_sudo, has_remarks))
            name = (self.filename or self._name).rsplit(".", 1)[0]
            self_sudo.report = base64.b64encode(report)
            self_sudo.report_filename = self.env._("%s - report.xlsx", name)
        self_sudo.write(
            {
                "state": state,
                "note": self._get_outcome(state),
                "finished_at": fields.Datetime.now(),
            }
        )
        chunks_sudo.unlink()

    def _get_outcome(self, state):
        if state == "rejected":
            return self.env._(
                "Nothing was imported: %(bad)s of %(total)s rows are bad.",
                bad=self.bad_rows,
                total=self.total_rows,
            )
        return self.env._(
            "%(done)s of %(total)s rows were imported.",
            done=self.done_rows,
            total=self.total_rows,
        )

    def _get_report_sheets(self, chunks, has_remarks):
        if self.bad_rows:
            yield (
                self.env._("Bad rows"),
                [self.env._("Line"), self.env._("Reason"), *self.headings],
                (
                    [line, "\n".join(reasons), *cells]
                    for chunk in chunks
                    for line, reasons, cells in chunk.bad_rows or ()
                ),
            )
        if has_remarks:
            yield (
                self._get_remark_title(),
                [self.env._("Line"), self.env._("Name"), self.env._("Reason")],
                (
                    [line, name, "\n".join(reasons)]
                    for chunk in chunks
                    for line, name, reasons in chunk.remarks or ()
                ),
            )
