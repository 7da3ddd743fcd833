from odoo import api, models


class ShenpiDocumentWizard(models.AbstractModel):
    """What every question about one document checks.

    A wizard asks; the worker it calls (``_do_*`` of the document) checks state, role and content
    again, so that nothing depends on what a screen allowed. A wizard shows whose document it is,
    and Odoo reads names along a Many2one with sudo: nobody opens one, fills one in or keeps one on
    a document that he does not see. ``_document_field`` names its required Many2one.
    """

    _name = "shenpi.document.wizard"
    _description = "Question about a document"

    _document_field = ""

    @api.constrains(lambda self: [self._document_field] if self._document_field else [])
    def _check_document(self):
        # Constraints run with sudo.
        self.sudo(False)[self._document_field].check_access("read")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_visible(values)
        return values

    def onchange(self, values, field_names, fields_spec):
        self._check_visible(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_visible(self, values):
        documents = self.env[self._fields[self._document_field].comodel_name]
        documents.browse(values.get(self._document_field) or ()).check_access("read")

    def _get_document(self):
        """The document, which the user must be able to read."""
        self.ensure_one()
        self[self._document_field].check_access("read")
        return self[self._document_field]
