from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.uploads import MOST_BYTES, MOST_FILES, mimetype_of

NAME_LENGTH = 100


class ShenpiUploadMixin(models.AbstractModel):
    """Files that come from outside, without a login or from other systems."""

    _name = "shenpi.upload.mixin"
    _description = "Document with files from outside"

    @api.model
    def _prepare_uploads(self, files):
        """The values of attachments.

        :param files: list of (name, content as bytes)
        :raise ValidationError: too many, too large, or of another kind than their first bytes say
        """
        if len(files) > MOST_FILES:
            raise ValidationError(self.env._("files: at most %s files.", MOST_FILES))
        return [self._prepare_upload(*file) for file in files]

    @api.model
    def _prepare_upload(self, name, content):
        if len(content) > MOST_BYTES:
            raise ValidationError(
                self.env._(
                    "files: %(name)s is larger than %(limit)s MB.",
                    name=name,
                    limit=MOST_BYTES // 1024 // 1024,
                )
            )
        mimetype = mimetype_of(content)
        if not mimetype:
            raise ValidationError(
                self.env._("files: %s is neither a PDF file nor a JPEG or PNG picture.", name)
            )
        return {"name": name[:NAME_LENGTH], "raw": content, "mimetype": mimetype}
