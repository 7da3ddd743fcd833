from dataclasses import dataclass, field
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import numbering
from ..tools.clock import Entry
from ..tools.localtime import local_date, to_local
from .shenpi_application_material import is_missing

# What is asked of a checklist once it is written.
CHECKLIST_FIELDS = ["code", "required", "status"]


@dataclass(slots=True)
class Filing:
    """An application that is to be taken in.

    ``vals`` of the application (``item_id``, ``company_id``, the applicant's number included),
    ``materials``: values of its checklist, ``files``: attachments by code of the material,
    ``special``: what it asks for beyond the plain path, ``findings``: (id of the requirement,
    name, ``Finding``), ``at``: the past moment of the filing; None: ``moment``, which is now.
    """

    item: models.Model
    moment: datetime
    at: datetime | None
    vals: dict
    materials: list[dict]
    files: dict[str, dict] = field(default_factory=dict)
    special: dict = field(default_factory=dict)
    findings: list[tuple] = field(default_factory=list)

    @property
    def missing(self):
        """Codes of the required materials not handed in."""
        return [vals["code"] for vals in self.materials if is_missing(vals)]


class ShenpiApplication(models.Model):
    """Intake: one application or a thousand, with number, receipt, checklist, clock and event."""

    _name = "shenpi.application"
    _inherit = ["shenpi.application", "shenpi.bulk.insert"]

    def _do_receive(self, at=None):
        """Take a draft in: number, receipt, and the clock of five working days (art. 32)."""
        self._open()
        moment = at or fields.Datetime.now()
        self._check_own_item(moment)
        if not self.sudo().applicant_id_number_raw:
            raise ValidationError(
                self.env._("applicant.id_number: enter the number of the applicant's document.")
            )
        serial = self.env["shenpi.application.counter"]._reserve(
            self.item_id.code, local_date(moment)
        )
        window = self.env["shenpi.department"]._get_window(self.company_id)
        values = self._prepare_receive_vals(self.item_id, moment, serial, window)
        self._transition("receive", at=at, values=values)
        return True

    @api.model
    def _file_all(self, filings):
        """Write applications and take them in at once.

        :param list filings: of ``Filing``, each checked before
        :return: the applications, in the same order
        """
        keys = [(filing.item.code, local_date(filing.moment)) for filing in filings]
        companies = self.env["res.company"].union(*(filing.item.company_id for filing in filings))
        windows = {c: self.env["shenpi.department"]._get_window(c) for c in companies}
        serials = self.env["shenpi.application.counter"]._reserve_each(keys)
        for filing, serial in zip(filings, serials, strict=True):
            item = filing.item
            filing.vals |= self._prepare_receive_vals(
                item, filing.moment, serial, windows[item.company_id]
            )
        vals_list = [filing.vals | {"material_ids": filing.materials} for filing in filings]
        applications = self._begin_all("receive", vals_list, [filing.at for filing in filings])
        for application, filing in zip(applications, filings, strict=True):
            if filing.files:
                application._attach_files(filing.files)
            if filing.special:
                application._take_special_paths(filing.special, filing.at)
                filing.materials = application.sudo().material_ids.read(CHECKLIST_FIELDS)
        return applications

    @api.model
    def _create_begun(self, vals_list):
        """The applications with their checklists and their first entry of the clock, each in one
        statement."""
        applications = self._insert_all(
            [
                {name: value for name, value in vals.items() if name != "material_ids"}
                for vals in vals_list
            ]
        )
        self.env["shenpi.application.material"]._insert_all(
            [
                line | {"application_id": application.id}
                for application, vals in zip(applications, vals_list, strict=True)
                for line in vals["material_ids"]
            ]
        )
        self.env["shenpi.application.clock"]._append_all(
            [
                {
                    "application_id": application.id,
                    "kind": "received",
                    "happened_at": vals["received_at"],
                }
                for application, vals in zip(applications, vals_list, strict=True)
            ]
        )
        return applications

    def _write_each(self, changes):
        """What moves many applications at once, each with dates of its own, is one statement."""
        if len(self) == 1:
            return super()._write_each(changes)
        return self.sudo()._update_all(changes)

    def _attach_files(self, files):
        """Hang files on the materials they were sent for."""
        for material in self.sudo().material_ids:
            if material.code in files:
                material.attachment_ids = [fields.Command.create(files[material.code])]

    @api.model
    def _prepare_receive_vals(self, item, moment, serial, window):
        return {
            "number": numbering.application_number(item.code, local_date(moment), serial),
            "progress_token": self._new_progress_token(),
            "received_at": moment,
            "window_id": (window or item.department_id).id,
        }

    @api.model
    def _prepare_receipt_dates(self, item, moment):
        """The dates that follow from the receipt alone."""
        entry = Entry("received", to_local(moment), 0)
        return self._prepare_clock_vals(self._evaluate_entries([entry], item))

    def _check_own_item(self, moment):
        """Hook: the version that a draft is filed under must be in force when it is received."""
        self._check_item(self.item_id, moment)

    @api.model
    def _check_item(self, item, moment):
        """The item version must be published and in force at the moment of filing."""
        day = local_date(moment)
        if item.state != "published":
            raise ValidationError(self.env._("item_code: %s has been retired.", item.display_name))
        if item.valid_from and day < item.valid_from:
            raise ValidationError(
                self.env._(
                    "at: %(day)s lies before %(item)s came into force on %(start)s.",
                    day=day,
                    item=item.display_name,
                    start=item.valid_from,
                )
            )
