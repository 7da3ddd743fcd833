from odoo import models


class ShenpiDocumentMixin(models.AbstractModel):
    """Messages about what happens to documents: whoever is to be told, by the templates, is told.

    The key of an occasion is the document's model and the action of the event. Documents other than
    applications are told of through the application they belong to (``application_id``).
    """

    _inherit = "shenpi.document.mixin"

    def _after_transitions(self, events):
        result = super()._after_transitions(events)
        if self.env["res.company"]._get_messaging_ids() and self._has_message_case():
            self.env["shenpi.message"]._notify_events(self, events)
        return result

    def _has_message_case(self):
        return self._name == "shenpi.application" or "application_id" in self._fields
