from odoo import api, fields, models
from odoo.tools import SQL


class ShenpiRecountLine(models.Model):
    """A date of an open case that moved, old and new.

    The case is named in words: the calendar is common to all bureaus, their cases are not.
    """

    _name = "shenpi.recount.line"
    _description = "Date that moved"
    _order = "recount_id desc, id"
    _rec_name = "number"
    _log_access = False

    recount_id = fields.Many2one("shenpi.recount", required=True, index=True, ondelete="cascade")
    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="cascade"
    )
    number = fields.Char()
    case_name = fields.Char(string="Case")
    bureau = fields.Char()
    field = fields.Selection(
        [
            ("correction_due_date", "Tell or accept by"),
            ("statutory_due_date", "Statutory due date"),
            ("promised_due_date", "Promised due date"),
            ("delivery_due_date", "Deliver by"),
            ("due_date", "End of the special procedure"),
        ],
        string="Date of the case",
        required=True,
    )
    old_date = fields.Date()
    new_date = fields.Date()

    @api.model
    def _store(self, run, moved):
        """Keep what moved, in one statement."""
        if not moved:
            return
        columns = [
            [line[name] for line in moved] for name in ("application_id", "field", "old", "new")
        ]
        self.env.execute_query(
            SQL(
                """INSERT INTO shenpi_recount_line (recount_id, application_id, number, case_name,
                                                    bureau, field, old_date, new_date)
                   SELECT %s, moved.id, document.number,
                          document.applicant_name || ' · ' || item.name, bureau.name,
                          moved.field, moved.old, moved.new
                     FROM unnest(%s::int[], %s::varchar[], %s::date[], %s::date[])
                          WITH ORDINALITY AS moved (id, field, old, new, place)
                     JOIN shenpi_application document ON document.id = moved.id
                     JOIN shenpi_item item ON item.id = document.item_id
                     JOIN res_company bureau ON bureau.id = document.company_id
                 ORDER BY moved.place RETURNING id""",
                run.id,
                *columns,
            )
        )
        run.invalidate_recordset(["line_ids", "moved_count"], flush=False)

    def action_open(self):
        """Open the case, if it is one of the user's bureau."""
        self.ensure_one()
        self.application_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }
