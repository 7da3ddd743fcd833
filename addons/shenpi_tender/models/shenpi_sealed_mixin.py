from odoo import models
from odoo.exceptions import MissingError
from odoo.fields import Domain


class ShenpiSealedMixin(models.AbstractModel):
    """Rows that nobody may know of before their lot is opened.

    Record rules keep them out of every search. This does the rest: asked for by its id, a sealed
    row is answered for like one that was never there. A refusal would tell that it exists and, in
    developer mode, by what name (:meth:`ir.rule._make_access_error`).
    """

    _name = "shenpi.sealed.mixin"
    _description = "Hidden until the opening"

    # The paths to what tells whether the lot of a row is sealed.
    _seals = ("lot_id.sealed",)

    def _get_sealed(self):
        """Those of lots that have not been opened. Searched for, so that none of their values is
        left in the cache."""
        sealed = Domain.OR(Domain(path, "=", True) for path in self._seals)
        rows_sudo = self.sudo().with_context(active_test=False)
        return rows_sudo.search(Domain("id", "in", self.ids) & sealed).with_env(self.env)

    def _check_access(self, operation):
        try:
            return super()._check_access(operation)
        except MissingError:
            there = self.exists()._filtered_access(operation)
            return self - there, self._make_missing_error

    def _make_missing_error(self):
        return MissingError(self.env._("There is no such record, or it is not shown."))

    def read(self, fields=None, load="_classic_read"):
        """Without those that are hidden; who may read none at all is told so."""
        asked = not self.env.su and self.browse().has_access("read")
        shown = self - self._get_sealed() if asked else self
        return super(ShenpiSealedMixin, shown).read(fields, load)

    def export_data(self, fields_to_export):
        """Of none that is hidden; of one that is not there Odoo says so in other words."""
        self.check_access("read")
        return super().export_data(fields_to_export)
