from odoo import fields, models
from odoo.exceptions import UserError


class ShenpiSelectionWizard(models.AbstractModel):
    """Work on a selection: each record is handled for itself, one that is refused leaves the others
    done, and the result page lists it with the reason.

    A wizard of this kind has the records it works on, ``line_ids`` for what was refused, and says
    in :meth:`_apply` what is done to one of them.
    """

    _name = "shenpi.selection.wizard"
    _description = "Work on a selection"

    is_done = fields.Boolean(readonly=True)
    done_count = fields.Integer(readonly=True)

    def _work_on(self, records):
        """Handle every record, then show what was refused and why."""
        self.ensure_one()
        if self.is_done:
            raise UserError(self.env._("This selection has been worked on already."))
        refused = [line for line in map(self._try, records) if line]
        self.write(
            {
                "is_done": True,
                "done_count": len(records) - len(refused),
                "line_ids": [fields.Command.create(line) for line in refused],
            }
        )
        if len(records) == 1 and not refused:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _try(self, record):
        """Handle one record in a savepoint; values of a result line when it is refused."""
        try:
            with self.env.cr.savepoint():
                self._apply(record)
        except UserError as error:
            return self._prepare_refusal(record, error.args[0])
        return None

    def _prepare_refusal(self, record, reason):
        """Hook: the values of a result line."""
        return {"name": record.display_name, "reason": reason}

    def _apply(self, record):
        """Hook: handle one record."""
        raise NotImplementedError
