from odoo import api, fields, models

from ..tools import identifiers


class ShenpiPersonalMixin(models.AbstractModel):
    """Personal data on a document: who sees it in clear, and how it is found.

    The numbers lie in fields ``<name>_raw`` that only sudo code reads. What screens, exports and
    RPC get is a computed view of them: in clear for those who have a part in the document, masked
    for all others. They are found by the whole number, never by probing.
    """

    _name = "shenpi.personal.mixin"
    _description = "Document with personal data"

    _personal = {}  # field: how it is masked

    def _show_personal(self):
        """Fill the fields in, each in clear or masked."""
        shown = self._filter_clear()
        for document in self:
            raw = document.sudo()
            clear = document in shown
            for name, mask in self._personal.items():
                value = raw[f"{name}_raw"]
                document[name] = value if clear or not value else mask(value)

    def _filter_clear(self):
        """Hook: the documents whose personal data the user sees in clear."""
        raise NotImplementedError

    def _get_acted_ids(self):
        """The ids of the documents that the user has acted on, himself or for a colleague."""
        name, user = self._event_field, self.env.user
        mine = fields.Domain("user_id", "=", user.id) | fields.Domain("for_user_id", "=", user.id)
        groups = (
            self.env["shenpi.event"]
            .sudo()
            ._read_group(fields.Domain(name, "in", self._origin.ids) & mine, [name])
        )
        return {document.id for (document,) in groups}

    @api.model
    def _search_personal(self, operator, value, pick_field):
        """The documents with one of these whole numbers, in the raw field picked for each."""
        if operator not in ("in", "ilike", "like"):
            return NotImplemented
        values = [value] if isinstance(value, str) else value
        wanted = [identifiers.normalise(str(v)) for v in values if v]
        domain = fields.Domain.OR([(pick_field(number), "=", number)] for number in wanted)
        return [("id", "in", self.sudo()._search(domain))]
