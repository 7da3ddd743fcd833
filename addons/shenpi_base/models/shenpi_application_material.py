import base64
import binascii

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

MISSING = [("required", "=", True), ("status", "=", "missing")]
MAX_FILE_SIZE = 50 * 1024 * 1024
# How nobody has to bring a material (无证明).
WAYS = [
    ("law", "By law or list"),
    ("shared_data", "By shared data"),
    ("commitment", "By written commitment"),
    ("combined", "With another item"),
]


def is_missing(vals):
    """Whether the values of a material say what ``MISSING`` asks for."""
    return bool(vals.get("required")) and vals.get("status", "missing") == "missing"


class ShenpiApplicationMaterial(models.Model):
    """A material of one application, copied from the checklist of its item version.

    The window clerk ticks what was handed in while the application is a draft; afterwards
    materials change only by a supplement.
    """

    _name = "shenpi.application.material"
    _inherit = ["shenpi.attachment.owner", "shenpi.bulk.insert"]
    _description = "Application material"
    _order = "sequence, id"
    _log_access = False

    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="cascade"
    )
    item_material_id = fields.Many2one("shenpi.item.material", required=True, ondelete="restrict")
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    required = fields.Boolean()
    importance = fields.Selection(related="item_material_id.importance")
    form = fields.Selection(related="item_material_id.form")
    deferrable = fields.Boolean(related="item_material_id.deferrable")
    status = fields.Selection(
        [
            ("missing", "Missing"),
            ("provided", "Provided"),
            ("deferred", "To follow"),
            ("spared", "Spared"),
        ],
        default="missing",
        required=True,
    )
    spared_way = fields.Selection(WAYS, string="Spared by", readonly=True)
    stated_at = fields.Datetime(
        string="Stated on",
        readonly=True,
        help="The applicant's written statement about this one proof.",
    )
    promised_date = fields.Date(
        string="To follow by",
        help="The applicant promised in writing to hand it in by this day (容缺).",
    )
    provided = fields.Boolean(compute="_compute_provided", inverse="_inverse_provided")
    provided_at = fields.Datetime(readonly=True)
    digital_ref = fields.Char(
        string="Digital reference", help="Number of an electronic licence or a shared data query."
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "shenpi_application_material_attachment_rel",
        "material_id",
        "attachment_id",
        string="Files",
    )
    note = fields.Char()

    _code_unique = models.UniqueIndex(
        "(application_id, code)", "This material is already on the list of the application."
    )

    _spared_way = models.Constraint(
        "CHECK ((status = 'spared') = (spared_way IS NOT NULL))",
        "A spared material has its way, and only that one.",
    )
    _deferred_promised = models.Constraint(
        "CHECK (status != 'deferred' OR promised_date IS NOT NULL)",
        "promised: a material that may follow needs the day by which it is promised.",
    )

    # === Compute methods === #

    @api.depends("status")
    def _compute_provided(self):
        for material in self:
            material.provided = material.status == "provided"

    def _inverse_provided(self):
        for material in self:
            if material.provided:
                material.status = "provided"
            elif material.status == "provided":
                material.status = "deferred" if material.promised_date else "missing"
                if material.item_material_id.spared_by == "law":
                    material.write({"status": "spared", "spared_way": "law"})

    # === Onchange === #

    @api.onchange("attachment_ids", "digital_ref")
    def _onchange_content(self):
        """What has been uploaded has been handed in."""
        if self.attachment_ids or (self.digital_ref and not self.spared_way):
            self.status = "provided"

    @api.onchange("promised_date")
    def _onchange_promised_date(self):
        if self.status != "provided":
            self.status = "deferred" if self.promised_date else "missing"

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        materials = super().create(vals_list)
        materials._check_draft()
        materials._adopt_attachments("attachment_ids")
        return materials

    def write(self, vals):
        self._check_draft()
        if vals.get("status", "spared") != "spared":
            vals = dict(vals, spared_way=False, stated_at=False)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_attachments("attachment_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed(self):
        self._check_draft()

    def _check_draft(self):
        """What was filed stays as filed: later papers come in by a supplement."""
        if self.env.su:
            return
        for application in self.application_id:
            if application.state != "draft":
                raise ValidationError(
                    self.env._(
                        "materials: %s has been filed; enter further papers as a supplement.",
                        application.display_name,
                    )
                )

    def _check_adopted(self, files):
        for file in files:
            if not file.file_size:
                raise ValidationError(
                    self.env._(
                        "materials[%(code)s]: %(file)s is empty.", code=self.code, file=file.name
                    )
                )
            if file.file_size > MAX_FILE_SIZE:
                raise ValidationError(
                    self.env._(
                        "materials[%(code)s]: %(file)s is larger than 50 MB.",
                        code=self.code,
                        file=file.name,
                    )
                )

    # === Business methods === #

    @api.model
    def _prepare_from_item(self, item):
        """Checklist values for a new application, every material still missing."""
        checklist = self._get_checklist if item.state == "published" else self._read_checklist
        return [dict(line) for line in checklist(item)]

    @api.model
    @tools.ormcache("item.id")
    def _get_checklist(self, item):
        """The checklist of a published item version, which is never edited."""
        return self._read_checklist(item)

    @api.model
    def _read_checklist(self, item):
        names = ["sequence", "code", "name", "required"]
        lines = self.env["shenpi.item.material"].sudo()
        checklist = []
        for line in lines.search_fetch([("item_id", "=", item.id)], [*names, "spared_by"]):
            vals = {"item_material_id": line.id, **{name: line[name] for name in names}}
            if line.spared_by == "law":
                vals.update(status="spared", spared_way="law")
            checklist.append(vals)
        return checklist

    def _get_promise_dict(self):
        """A promised material as ``api_status`` shows it."""
        self.ensure_one()
        status = "provided" if self.status == "provided" else "waiting"
        applications = self.application_id
        if status == "waiting":
            late = applications._get_deferral_due([self.promised_date]) < applications._get_today()
            status = "overdue" if late else status
        return {"code": self.code, "promised": self.promised_date.isoformat(), "status": status}

    @api.model
    def _find_missing(self, application):
        """The materials without which the application is incomplete (``MISSING``), in one query
        that is asked at every acceptance."""
        self.flush_model(["application_id", "required", "status"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM shenpi_application_material
                    WHERE application_id = %s AND required AND status = 'missing'
                 ORDER BY sequence, id""",
                application.id,
            )
        )
        return self.sudo().browse(material_id for (material_id,) in rows)

    @api.model
    def _prepare_provided_vals(self, entry, moment):
        """Values for a material handed in, from one entry of an API payload.

        :param dict entry: code, name?, content? (base64), filename?, digital_ref?
        :raise ValidationError: the file is not base64, empty or larger than 50 MB
        """
        vals = {"status": "provided", "spared_way": False, "provided_at": moment}
        if entry.get("digital_ref"):
            vals["digital_ref"] = entry["digital_ref"]
        if "content" in entry:
            self._check_content(entry)
            vals["attachment_ids"] = [fields.Command.create(self._prepare_file(entry))]
        return vals

    @api.model
    def _prepare_file(self, entry):
        return {
            "name": entry.get("filename") or entry.get("name") or entry["code"],
            "datas": entry["content"],
            "res_model": self._name,
        }

    def _check_content(self, entry):
        code = entry["code"]
        try:
            size = len(base64.b64decode(entry["content"], validate=True))
        except (binascii.Error, ValueError) as error:
            raise ValidationError(
                self.env._("materials[%s].content: not valid base64.", code)
            ) from error
        if not size:
            raise ValidationError(self.env._("materials[%s].content: the file is empty.", code))
        if size > MAX_FILE_SIZE:
            raise ValidationError(
                self.env._("materials[%s].content: the file is larger than 50 MB.", code)
            )
