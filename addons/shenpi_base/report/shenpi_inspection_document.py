import base64

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.image import image_data_uri, image_process

from ..tools import barcodes
from ..tools.localtime import SHANGHAI

THUMBNAIL = (480, 360)


class ShenpiInspectionDocument(models.AbstractModel):
    """What the record of an inspection 现场勘验笔录 shows: facts, checklist, photos, signatures."""

    _name = "shenpi.inspection.document"
    _description = "Record of an inspection"

    @api.model
    def _prepare(self, inspection):
        """Everything the page shows.

        :return: dict with title, rows, lines, photos, result, statement and code (SVG)
        :raise UserError: the inspection has not begun
        """
        inspection = inspection.with_context(
            lang=self.env["shenpi.application.document"]._get_lang()
        )
        document = self.with_env(inspection.env)
        if not inspection.started_at:
            raise UserError(
                document.env._("%s has no record: it has not begun.", inspection.display_name)
            )
        return {
            "title": document._get_title(inspection),
            "rows": document._get_rows(inspection),
            "lines": document._get_lines(inspection),
            "photos": document._get_photos(inspection),
            "result": document._get_result(inspection),
            "signatures": inspection.inspector_ids.mapped("name"),
            "code": barcodes.code128(inspection.application_id.number),
        }

    def _get_title(self, inspection):
        if inspection.mode == "on_site":
            return self.env._("Record of the Site Inspection")
        return self.env._("Record of the Inspection")

    def _get_rows(self, inspection):
        modes = dict(inspection._fields["mode"]._description_selection(self.env))
        rows = [
            (self.env._("Record no."), inspection.number),
            (self.env._("Inspected"), inspection.applicant_name),
            (self.env._("Matter"), inspection.items_display),
            (self.env._("Application no."), self._get_numbers(inspection)),
            (self.env._("Mode"), modes[inspection.mode]),
            (self.env._("Place"), inspection.place),
            (self.env._("Begun"), self._show_time(inspection.started_at)),
            (self.env._("Concluded on"), self._show_time(inspection.concluded_at)),
            (self.env._("Inspectors"), "、".join(inspection.inspector_ids.mapped("name"))),
            (self.env._("What to look at"), inspection.note),
        ]
        if inspection.previous_id:
            rows.append((self.env._("Looks again at"), inspection.previous_id.number))
        return [row for row in rows if row[1]]

    def _get_numbers(self, inspection):
        parts = inspection.part_ids
        return "、".join(parts.mapped("application_number")) or inspection.application_id.number

    def _get_lines(self, inspection):
        lines = inspection.line_ids
        labels = dict(lines._fields["result"]._description_selection(self.env))
        return [
            {
                "item": line.item_name or "",
                "name": line.name,
                "standard": line.standard or "",
                "result": labels.get(line.result, ""),
                "note": line.note or "",
            }
            for line in lines
        ]

    def _get_photos(self, inspection):
        """The files of every line, small where they are pictures, with the start of the checksum
        that the event of the result seals."""
        return [
            {
                "place": place,
                "name": file.name,
                "time": self._show_time(file.create_date),
                "checksum": (file.checksum or "")[:12],
                "image": self._get_thumbnail(file),
            }
            for place, line in enumerate(inspection.line_ids, start=1)
            for file in line.attachment_ids
        ]

    def _get_thumbnail(self, file):
        if not (file.mimetype or "").startswith("image/"):
            return None
        try:
            small = image_process(file.raw, size=THUMBNAIL, quality=70)
        except UserError:  # a damaged file is listed all the same
            return None
        return image_data_uri(base64.b64encode(small))

    def _get_result(self, inspection):
        states = inspection._get_state_labels()
        if inspection.state == "underway":
            return [self.env._("Not concluded yet.")]
        if inspection.part_ids:
            sentences = self._get_part_results(inspection.part_ids, states)
        else:
            sentences = [self.env._("Result: %s.", states[inspection.state])]
            if inspection.opinion:
                sentences.append(self.env._("Findings: %s", inspection.opinion))
        if inspection.rectify_date:
            day = self.env["shenpi.application.document"].with_env(self.env)
            sentences.append(
                self.env._(
                    "To be rectified by %s; it is then inspected again.",
                    day._show_date(inspection.rectify_date),
                )
            )
        return sentences

    def _get_part_results(self, parts, states):
        """The result of every case of a common inspection."""
        sentences = []
        for part in parts:
            sentence = self.env._(
                "%(item)s: %(result)s.", item=part.item_name, result=states[part.state]
            )
            if part.opinion:
                sentence += self.env._("Findings: %s", part.opinion)
            sentences.append(sentence)
        return sentences

    def _show_time(self, moment):
        """A moment in Shanghai; documents know no other zone."""
        return moment and format_datetime(self.env, moment, tz=SHANGHAI.key, dt_format="medium")
