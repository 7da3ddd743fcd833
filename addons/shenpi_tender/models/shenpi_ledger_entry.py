from odoo import api, fields, models
from odoo.tools import SQL

from .fields import Fen

ACCOUNTS = [
    ("bank", "At the bank"),
    ("held", "Held"),
    ("suspense", "Unclear"),
    ("in_refund", "In refund"),
    ("refunded", "Refunded"),
    ("forfeited", "Forfeited"),
    ("interest", "Interest"),
    ("interest_owed", "Interest owed"),
    ("transferred", "Transferred"),
]
# The totals of a bid security, kept by the database: its balances on these accounts. What leaves
# the bank for a refund, and what the statement shows of it, is no change between them.
TOTALS = ("held", "in_refund", "refunded", "forfeited", "transferred")


class ShenpiLedgerEntry(models.Model):
    """One posting: so many fen to the debit of one account and to the credit of another. Written
    once.

    Every row has both sides, so that the ledger balances whatever is posted: ``bank`` (what the
    bank holds for us) equals the sum of all others (whose it is), always. Money comes in to the
    debit of bank and the credit of held, or of suspense while its bidder is unknown. A refund takes
    it from held to in_refund when it is approved, from there to refunded when the bank says that it
    was paid, and refunded and bank meet when the statement shows it leaving: the last two come in
    either order. ``refunded`` thus stands for what is paid, by its credits, and for what the
    statement has yet to show, by its balance. Unclear money that went back to whoever paid it goes
    the same way, from suspense.

    A decision takes it from held to forfeited or transferred, and its reversal back, as long as it
    has not left the bank. Interest that the bank credits is its own account; what we reckon for a
    refund goes from there to interest_owed, and from there to the bank when the statement shows it
    leaving.

    A trigger keeps the totals of the bid security in the transaction of the posting. It updates the
    row of that security, so that two postings on it come one after the other and postings on
    others do not wait, and CHECKs refuse what would take more than is held. No code of ours can
    forget either.
    """

    _name = "shenpi.ledger.entry"
    _inherit = ["shenpi.sealed.mixin", "shenpi.append.only"]
    _description = "Ledger entry"
    _order = "booked_at desc, id desc"
    _rec_name = "kind"

    _seals = ("deposit_id.lot_id.sealed",)

    account_id = fields.Many2one("shenpi.bank.account", required=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", string="Bureau", required=True, ondelete="restrict")
    deposit_id = fields.Many2one(
        "shenpi.deposit", string="Bid security", index="btree_not_null", ondelete="restrict"
    )
    line_id = fields.Many2one(
        "shenpi.bank.line", string="Bank line", index="btree_not_null", ondelete="restrict"
    )
    refund_id = fields.Many2one("shenpi.refund", index="btree_not_null", ondelete="restrict")
    decision_id = fields.Many2one(
        "shenpi.deposit.decision", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("receipt", "Received"),
            ("suspend", "Received, unclear"),
            ("assign", "Found its bidder"),
            ("send_back", "Unclear money sent back"),
            ("reserve", "Refund approved"),
            ("release", "Refund not paid"),
            ("settle", "Refund paid"),
            ("return", "Refund came back"),
            ("forfeit", "Forfeited"),
            ("transfer", "Converted to performance security"),
            ("reverse", "Decision reversed"),
            ("receive_interest", "Interest of the bank"),
            ("accrue_interest", "Interest reckoned"),
            ("cancel_interest", "Interest cancelled"),
            ("pay_interest", "Interest paid"),
            ("return_interest", "Interest came back"),
            ("book_out", "Left the bank"),
            ("book_back", "Back at the bank"),
        ],
        required=True,
    )
    debit = fields.Selection(ACCOUNTS, required=True)
    credit = fields.Selection(ACCOUNTS, required=True)
    fen = Fen(string="Amount in fen", required=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(compute="_compute_amount")
    booked_at = fields.Datetime(string="Value", required=True, help="When the bank moved it.")
    recorded_at = fields.Datetime(string="Posted on", required=True)
    user_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    note = fields.Char()

    _fen_positive = models.Constraint("CHECK (fen > 0)", "amount: must be more than nothing.")
    _two_sides = models.Constraint(
        "CHECK (debit <> credit)", "A posting goes from one account to another."
    )
    # One line of the bank is received once, and leaves suspense once.
    _received_once = models.UniqueIndex(
        "(line_id) WHERE kind IN ('receipt', 'suspend', 'book_out', 'book_back',"
        " 'receive_interest', 'pay_interest', 'return_interest')",
        "This bank line is posted already.",
    )
    _assigned_once = models.UniqueIndex(
        "(line_id) WHERE kind IN ('assign', 'send_back')", "This bank line is cleared already."
    )
    # One instruction is settled once, comes back once, and is seen leaving and coming back once.
    _refund_once = models.UniqueIndex(
        "(refund_id, kind) WHERE kind IN ('settle', 'return', 'book_out', 'book_back',"
        " 'accrue_interest', 'cancel_interest')",
        "This refund is posted already.",
    )
    _decision_once = models.UniqueIndex(
        "(decision_id, kind) WHERE kind IN ('forfeit', 'transfer', 'reverse')",
        "This decision is posted already.",
    )
    _by_day = models.Index("(account_id, booked_at) INCLUDE (debit, credit, fen)")

    @api.depends("fen")
    def _compute_amount(self):
        self.currency_id = self.env.ref("base.CNY")
        for entry in self:
            entry.amount = entry.fen / 100

    # === The database keeps the totals === #

    def init(self):  # pylint: disable=missing-return
        super().init()
        moves = ", ".join(
            f"{name} = {name} + CASE '{name}' WHEN NEW.credit THEN NEW.fen"
            " WHEN NEW.debit THEN -NEW.fen ELSE 0 END / 100.0"
            for name in TOTALS
        )
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION shenpi_ledger_total() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    UPDATE shenpi_deposit
                       SET %s,
                           received = received + CASE
                               WHEN NEW.debit IN ('bank', 'suspense') AND NEW.credit = 'held'
                               THEN NEW.fen ELSE 0 END / 100.0
                     WHERE id = NEW.deposit_id;
                    RETURN NEW;
                END $$""",
                SQL(moves),
            )
        )
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE TRIGGER shenpi_ledger_entry_total AFTER INSERT
                ON shenpi_ledger_entry FOR EACH ROW
                WHEN (NEW.deposit_id IS NOT NULL AND NEW.kind NOT IN ('book_out', 'book_back'))
                EXECUTE FUNCTION shenpi_ledger_total()"""
            )
        )

    # === Posting === #

    @api.model
    def _post_all(self, vals_list):
        """Post entries.

        :param vals_list: dicts of kind, account_id, company_id, deposit_id, line_id, debit, credit,
            fen, booked_at and what else the kind asks for
        :raise IntegrityError: a bid security would fall below nothing
        :return: the entries
        """
        if not vals_list:
            return self.browse()
        now, uid = fields.Datetime.now(), self.env.uid
        # In the order of the securities: two transactions wait for each other one way only.
        ordered = sorted(vals_list, key=lambda vals: vals.get("deposit_id") or 0)
        self.env["shenpi.deposit"].flush_model()
        entries = self.sudo()._insert_all(
            [dict(vals, recorded_at=now, user_id=uid) for vals in ordered]
        )
        deposits = entries.deposit_id
        deposits.invalidate_recordset(["received", *TOTALS])
        return entries
