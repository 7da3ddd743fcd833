from odoo import fields, models


class ShenpiBankFormatColumn(models.Model):
    """What one column of a statement is."""

    _name = "shenpi.bank.format.column"
    _description = "Column of a statement"
    _order = "format_id, id"
    _rec_name = "heading"

    format_id = fields.Many2one("shenpi.bank.format", required=True, index=True, ondelete="cascade")
    key = fields.Selection(
        [
            ("at", "Time of arrival"),
            ("date", "Day of arrival"),
            ("time", "Time of day"),
            ("amount", "Amount"),
            ("amount_in", "Amount received"),
            ("amount_out", "Amount paid"),
            ("direction", "Received or paid"),
            ("payer_name", "Other side"),
            ("payer_account", "Account of the other side"),
            ("payer_bank", "Bank of the other side"),
            ("sub_account", "Sub-account"),
            ("txn_no", "Bank's no."),
            ("text", "Text"),
            ("purpose", "Purpose"),
            ("instruction", "Refund no."),
        ],
        string="Is",
        required=True,
    )
    heading = fields.Char(string="Heading in the file", required=True)

    _once = models.UniqueIndex("(format_id, key)", "Columns: each is named once.")
