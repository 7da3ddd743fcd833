from odoo import models


class ShenpiAttachmentOwner(models.AbstractModel):
    """A record that owns the files linked to it.

    A file uploaded into a many2many field belongs to nobody and only its author may open it. Once
    adopted, whoever reads the record may read the file, whoever may change the record the file.
    """

    _name = "shenpi.attachment.owner"
    _description = "Owner of attached files"

    def _adopt_attachments(self, field_name):
        for record in self:
            orphans = record.sudo()[field_name].filtered(lambda file: not file.res_id)
            if orphans:
                record._check_adopted(orphans)
                orphans.write({"res_model": record._name, "res_id": record.id})

    def _check_adopted(self, files):
        """Hook: refuse files that this record cannot own, before they become its own."""
