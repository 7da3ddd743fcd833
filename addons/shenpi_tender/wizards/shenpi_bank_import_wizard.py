import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.shenpi_base.tools import sheets
from odoo.addons.shenpi_base.tools.localtime import format_moment, to_utc

from ..tools.statement_files import HEADINGS, CellError


class ShenpiBankImportWizard(models.TransientModel):
    """A statement that the bank gives as a file, taken in by the cashier in the format of its
    account."""

    _name = "shenpi.bank.import.wizard"
    _description = "Take in a statement"

    account_id = fields.Many2one(
        "shenpi.bank.account",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["shenpi.bank.account"].search([], limit=1),
    )
    format_id = fields.Many2one(
        "shenpi.bank.format",
        compute="_compute_format_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('account_id', '=', account_id)]",
        help="Which column is what. Empty: the usual headings in the first row.",
    )
    file = fields.Binary(string="Statement")
    filename = fields.Char()
    summary = fields.Text(readonly=True)

    @api.depends("account_id")
    def _compute_format_id(self):
        for wizard in self:
            wizard.format_id = self.env["shenpi.bank.format"].search(
                [("account_id", "=", wizard.account_id.id)], limit=1
            )

    def action_import(self):
        """Take it in, and say what was new."""
        self.ensure_one()
        self.account_id.check_access("read")
        answer = self.env["shenpi.bank.line"].api_import(
            self.account_id.number, list(self._read_lines())
        )
        # The file holds what is sealed: it is not kept.
        self.write({"summary": self._describe(answer), "file": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take in a statement"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _read_lines(self):
        """The lines as ``api_import`` takes them."""
        if self.format_id and self.format_id.account_id != self.account_id:
            raise UserError(self.env._("Format: it is of another account."))
        content = base64.b64decode(self.file or b"")
        try:
            for _row, line in self.format_id._read_lines(content, self.filename):
                yield line | {"at": format_moment(to_utc(line["at"]))}
        except sheets.SheetError as error:
            raise UserError(self.env._("The file is no table that can be read.")) from error
        except CellError as error:
            raise ValidationError(self._describe_cell(error)) from error

    def _describe_cell(self, error):
        if not error.row:
            columns = self.env["shenpi.bank.format.column"]
            labels = dict(columns._fields["key"]._description_selection(self.env))
            return self.env._(
                "There is no column for %(missing)s. Known headings: %(known)s.",
                missing=labels[error.column],
                known=error.value or "、".join(HEADINGS[error.column][:3]),
            )
        texts = {
            "at": self.env._(
                "Row %(row)s: %(value)s is no date with its time.", row=error.row, value=error.value
            ),
            "direction": self.env._(
                "Row %(row)s: %(value)s is no direction.", row=error.row, value=error.value
            ),
            "amount": self.env._(
                "Row %(row)s: %(value)s is no amount in yuan, above nothing and to the fen.",
                row=error.row,
                value=error.value,
            ),
            "amount_in": self.env._(
                "Row %(row)s: %(value)s is not one amount, received or paid.",
                row=error.row,
                value=error.value,
            ),
        }
        return texts[error.column]

    def _describe(self, answer):
        labels = dict(self.env["shenpi.deposit"]._get_codes())
        labels |= {
            "sealed": self.env._("Lots not opened yet"),
            "no_subaccount": self.env._("Unclear"),
        }
        lines = [
            self.env._("New: %s", answer["new"]),
            self.env._("Known already: %s", answer["duplicate"]),
        ]
        if answer["conflict"]:
            lines = [
                self.env._(
                    "Nothing was taken in: %s lines are known with other content. The refunds of"
                    " the account are blocked until this has been cleared up.",
                    answer["conflict"],
                )
            ]
        lines += [f"{labels[code]}: {count}" for code, count in answer["matched"].items()]
        return "\n".join(lines)
