from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.shenpi_base.tools.localtime import start_of_day

from ..tools.statements import Line, Posting, summarize

AMOUNTS = ("opening", "received", "interest", "refunded", "forfeited", "transferred", "closing")


class ShenpiBidderStatement(models.TransientModel):
    """A bidder's statement 对账单: lot by lot what was received, held, given back and paid as
    interest in a period, as PDF to be confirmed by him, or as XLSX.

    It shows what the user reads: nothing of a lot that has not been opened. Cashier, checker, trade
    supervisor and trade manager make one out.
    """

    _name = "shenpi.bidder.statement"
    _description = "Bidder's statement"
    _rec_name = "bidder_name"

    deposit_id = fields.Many2one(
        "shenpi.deposit",
        string="Bidder",
        required=True,
        ondelete="cascade",
        help="Any bid security of his: the statement covers all that he gave in this bureau.",
    )
    # Read as the user: a bid security that is sealed is read by nobody.
    company_id = fields.Many2one(related="deposit_id.company_id", related_sudo=False)
    bidder_name = fields.Char(
        string="Name of the bidder", related="deposit_id.bidder_name", related_sudo=False
    )
    bidder_uscc = fields.Char(related="deposit_id.bidder_uscc", related_sudo=False)
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._get_today().replace(month=1, day=1),
    )
    date_to = fields.Date(
        string="Up to", required=True, default=lambda self: self._get_today(), help="Inclusive."
    )

    @api.model
    def _get_today(self):
        return self.env["shenpi.application"]._get_today()

    @api.constrains("deposit_id", "date_from", "date_to")
    def _check_period(self):
        self.sudo(False).deposit_id.check_access("read")
        for statement in self:
            if statement.date_to < statement.date_from:
                raise ValidationError(self.env._("Up to: lies before the first day."))

    def action_print(self):
        """As PDF."""
        self.ensure_one()
        return self.env.ref("shenpi_tender.action_report_statement").report_action(self)

    def action_export(self):
        """As XLSX."""
        self.ensure_one()
        return self.env.ref("shenpi_tender.action_report_statement_xlsx").report_action(self)

    # === What it says === #

    def _get_start(self):
        return start_of_day(self.date_from)

    def _get_entries(self):
        """The postings of this bidder up to the last day, as far as the user reads them."""
        self.ensure_one()
        return self.env["shenpi.ledger.entry"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("deposit_id.bidder_uscc", "=", self.bidder_uscc),
                ("booked_at", "<", start_of_day(self.date_to + timedelta(days=1))),
            ],
            order="id",
        )

    def _get_lines(self):
        """{lot: line} of the lots about which there is something to say, and their sum."""
        postings = (
            Posting(entry.deposit_id, entry.booked_at, entry.debit, entry.credit, entry.fen)
            for entry in self._get_entries()
        )
        summary = summarize(postings, self._get_start())
        lines = {
            deposit.lot_id: line
            for deposit, line in sorted(summary.items(), key=lambda item: item[0].id)
            if not line.is_empty
        }
        total = Line(*(sum(getattr(line, name) for line in lines.values()) for name in AMOUNTS))
        return lines, total

    def _get_headings(self):
        return [
            self.env._("Lot"),
            self.env._("Brought forward"),
            self.env._("Received"),
            self.env._("Interest"),
            self.env._("Given back"),
            self.env._("Forfeited"),
            self.env._("Transferred"),
            self.env._("Held at the end"),
        ]

    def _get_cells(self, lines, total):
        """Rows (lot, amounts in fen), the sum last."""
        rows = [(lot.display_name, line) for lot, line in lines.items()]
        rows.append((self.env._("Total"), total))
        return [(lot, [getattr(line, name) for name in AMOUNTS]) for lot, line in rows]
