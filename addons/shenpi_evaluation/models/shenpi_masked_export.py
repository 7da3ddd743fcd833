from odoo import models

# The context in which personal fields are shown with masks.
MASKED = "shenpi_masked"


class ShenpiMaskedExport(models.AbstractModel):
    """A document whose personal data leave the system with masks, whoever takes them out, from its
    own list or along a path from another one."""

    _name = "shenpi.masked.export"
    _description = "Document exported with masks"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        masked = self.with_context(**{MASKED: True})
        return super(ShenpiMaskedExport, masked)._export_rows(
            fields, _is_toplevel_call=_is_toplevel_call
        )
