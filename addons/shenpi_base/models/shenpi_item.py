from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..tools import identifiers
from ..tools.localtime import local_date

STATE_DRAFT = "draft"
STATE_PUBLISHED = "published"
STATE_RETIRED = "retired"


class ShenpiItem(models.Model):
    """One version of an item of the catalogue (事项, 实施清单).

    Access: staff of the bureau read every version. The bureau head enters drafts, publishes them,
    retires versions and starts new ones. A published or retired version, its materials, its chain
    and its other parts are edited and deleted by nobody: cases were accepted under it. The fields
    of its life (state, version, end of validity) are written by publishing and retiring only.
    """

    _name = "shenpi.item"
    _inherit = [
        "shenpi.flow.fields",
        "shenpi.item.elements",
        "shenpi.item.quality",
        "shenpi.item.api",
    ]
    _description = "Item"
    _order = "code, version desc"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    # Written by publishing, retiring and the import, which use sudo after their checks.
    _flow_fields = frozenset(
        {"state", "version", "valid_to", "published_at", "published_by_id", "import_id"}
    )

    # === Identity === #
    name = fields.Char(required=True, index="trigram")
    basic_code = fields.Char(
        string="Basic code",
        required=True,
        help="Code of the item in the national or provincial catalogue: 12 digits.",
    )
    code = fields.Char(
        string="Item code",
        required=True,
        index=True,
        compute="_compute_code",
        store=True,
        readonly=False,
        precompute=True,
        help="31 characters: the bureau's credit code (18), the level (1), the basic code (12).",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        "shenpi.department",
        string="Handled by",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id), ('kind', '!=', 'regulator')]",
    )
    regulator_id = fields.Many2one(
        "shenpi.department",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id), ('kind', '=', 'regulator')]",
        help="The department that supervises afterwards; every grant is passed on to it.",
    )

    # === Life of the version === #
    state = fields.Selection(
        [
            (STATE_DRAFT, "Draft"),
            (STATE_PUBLISHED, "Published"),
            (STATE_RETIRED, "Retired"),
        ],
        required=True,
        default=STATE_DRAFT,
        index=True,
    )
    version = fields.Integer(required=True, default=1, aggregator=None)
    valid_from = fields.Date(
        string="In force from", copy=False, help="Empty: from the day of publishing."
    )
    valid_to = fields.Date(string="In force until", copy=False)
    published_at = fields.Datetime(string="Published on", copy=False)
    published_by_id = fields.Many2one("res.users", string="Published by", copy=False)
    import_id = fields.Many2one(
        "shenpi.item.import",
        string="Imported with",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    version_count = fields.Integer(string="Versions", compute="_compute_version_count")

    # === Parts === #
    material_ids = fields.One2many("shenpi.item.material", "item_id", string="Materials", copy=True)
    needed_material_ids = fields.One2many(
        "shenpi.item.material", string="Must be there", compute="_compute_material_lists"
    )
    deferrable_material_ids = fields.One2many(
        "shenpi.item.material",
        string="Materials that may follow",
        compute="_compute_material_lists",
    )
    step_ids = fields.One2many(
        "shenpi.item.step",
        "item_id",
        string="Approval chain",
        copy=True,
        default=lambda self: self._default_step_ids(),
    )
    stage_ids = fields.One2many(
        "shenpi.item.stage",
        "item_id",
        string="Procedure",
        copy=True,
        default=lambda self: self._default_stage_ids(),
    )
    fee_ids = fields.One2many("shenpi.item.fee", "item_id", string="Fees", copy=True)
    faq_ids = fields.One2many("shenpi.item.faq", "item_id", string="Questions", copy=True)
    requirement_ids = fields.One2many(
        "shenpi.item.requirement", "item_id", string="Requirements", copy=True
    )

    _code_version_uniq = models.UniqueIndex(
        "(code, version)", "This item code already has a version with that number."
    )
    _code_published_uniq = models.UniqueIndex(
        "(code) WHERE state = 'published'", "This item code already has a published version."
    )
    _code_draft_uniq = models.UniqueIndex(
        "(code) WHERE state = 'draft'", "This item code already has a draft."
    )
    _version_positive = models.Constraint("CHECK (version >= 1)", "Versions count from 1.")
    _validity_in_order = models.Constraint(
        "CHECK (valid_to >= valid_from)", "An item's validity cannot end before it begins."
    )
    _limits_not_negative = models.Constraint(
        "CHECK (statutory_limit >= 0 AND promised_limit >= 0 AND correction_days >= 0"
        " AND delivery_days >= 0)",
        "Limits cannot be negative.",
    )

    # === Default methods === #

    @api.model
    def _default_step_ids(self):
        return [
            Command.create({"sequence": 10, "kind": "review", "name": self.env._("Review")}),
            Command.create({"sequence": 20, "kind": "decide", "name": self.env._("Decision")}),
        ]

    @api.model
    def _default_stage_ids(self):
        names = [
            self.env._("Acceptance"),
            self.env._("Examination"),
            self.env._("Approval"),
            self.env._("Completion"),
            self.env._("Delivery"),
        ]
        return [
            Command.create({"sequence": 10 * number, "name": name})
            for number, name in enumerate(names, start=1)
        ]

    # === Compute methods === #

    @api.depends("company_id", "level", "basic_code")
    def _compute_code(self):
        for item in self:
            # Who entered another agency's code keeps it when level or basic code change.
            agency = (item.code or "")[:18] or item.company_id.shenpi_uscc
            if agency and item.level and item.basic_code:
                item.code = agency + item.level + item.basic_code
            else:
                item.code = item.code

    @api.depends("material_ids.required", "material_ids.deferrable")
    def _compute_material_lists(self):
        """The two lists that are published of an item whose materials may follow."""
        for item in self:
            item.deferrable_material_ids = item.material_ids.filtered("deferrable")
            needed = item.material_ids.filtered("required")
            item.needed_material_ids = needed - item.deferrable_material_ids

    @api.depends("code")
    def _compute_version_count(self):
        counts = dict(
            self._read_group([("code", "in", self.mapped("code"))], ["code"], ["__count"])
        )
        for item in self:
            item.version_count = counts.get(item.code, 0)

    # === Constraint methods === #

    @api.constrains("code", "level", "basic_code")
    def _check_code(self):
        for item in self:
            item._check_code_parts()
            if item.version > 1 and item.version_count < 2:
                raise ValidationError(
                    self.env._(
                        "Item code: a new version keeps the code of the item; enter %(code)s as a"
                        " new item instead.",
                        code=item.code,
                    )
                )

    def _check_code_parts(self):
        """The 31 characters are well formed and say the same as level and basic code."""
        if identifiers.check_basic_code(self.basic_code):
            raise ValidationError(
                self.env._("Basic code: %(code)s is not 12 digits.", code=self.basic_code)
            )
        reasons = {
            "length": self.env._("it does not have 31 characters"),
            "agency": self.env._("the first 18 characters are no valid credit code"),
            "level": self.env._("the 19th character is no level from 1 to 7"),
            "basic_code": self.env._("the last 12 characters are not digits"),
        }
        error = identifiers.check_item_code(self.code)
        if not error and self.code[18] != self.level:
            reason = self.env._("the 19th character is not the item's level %s", self.level)
        elif not error and self.code[19:] != self.basic_code:
            reason = self.env._("it does not end with the basic code %s", self.basic_code)
        elif error:
            reason = reasons[error]
        else:
            return
        raise ValidationError(
            self.env._(
                "Item code: %(code)s is not valid: %(reason)s.", code=self.code, reason=reason
            )
        )

    # === Low-level methods === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._adopt_attachments("result_sample_ids")
        return items

    def write(self, vals):
        if not (self.env.su and vals.keys() <= self._flow_fields):
            self._check_editable()
        result = super().write(vals)
        if "result_sample_ids" in vals:
            self._adopt_attachments("result_sample_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_editable()

    def _check_editable(self):
        """Refuse to change a version that cases may have been accepted under."""
        for item in self:
            if item.state != STATE_DRAFT:
                raise UserError(
                    self.env._(
                        "%(item)s (version %(version)s) is published or retired and can no longer"
                        " be changed. Start a new version instead.",
                        item=item.name,
                        version=item.version,
                    )
                )

    # === Actions === #

    def action_publish(self):
        """Publish drafts that pass all quality checks; an earlier version of the code is retired.

        :raise UserError: a version is no draft, or lacks something (the message lists all of it)
        """
        self._check_catalogue_role()
        self.check_access("write")
        self._check_editable()
        problems = self._get_problems()
        if any(problems.values()):
            raise UserError(self._format_problems(problems))
        self._do_publish()
        return True

    def action_retire(self):
        """End the validity of published versions today; open cases keep theirs."""
        self._check_catalogue_role()
        self.check_access("read")
        if any(item.state != STATE_PUBLISHED for item in self):
            raise UserError(self.env._("Only a published version can be retired."))
        self.lock_for_update()
        self.sudo().write({"state": STATE_RETIRED, "valid_to": local_date(fields.Datetime.now())})
        return True

    def action_new_version(self):
        """Copy this version into a draft with the next number, or open the draft there is."""
        self.ensure_one()
        self._check_catalogue_role()
        self.check_access("read")
        versions = self.search([("code", "=", self.code)])
        draft = versions.filtered(lambda item: item.state == STATE_DRAFT)
        if not draft:
            number = max(versions.mapped("version")) + 1
            draft = self.sudo().copy({"version": number}).with_env(self.env)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [(False, "form")],
        }

    def action_view_versions(self):
        """The list of all versions of this code."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_item_action")
        return dict(
            action,
            name=self.env._("Versions of %s", self.name),
            domain=[("code", "=", self.code)],
            context={},
        )

    # === Business methods === #

    def _check_catalogue_role(self):
        if not (self.env.su or self.env.user.has_group("shenpi_base.group_shenpi_manager")):
            raise AccessError(self.env._("Only the bureau head changes the catalogue."))

    def _do_publish(self):
        """Publish without checks; retires the published versions of the same codes."""
        self.lock_for_update()
        today = local_date(fields.Datetime.now())
        earlier = {
            item.code: item
            for item in self.sudo().search(
                [("code", "in", self.mapped("code")), ("state", "=", STATE_PUBLISHED)]
            )
        }
        for version in earlier.values():
            last_day = max(version.valid_from, fields.Date.subtract(today, days=1))
            version.write({"state": STATE_RETIRED, "valid_to": last_day})
        # The partial unique index looks at every statement: the earlier versions go first.
        self.env.flush_all()
        self.sudo().filtered(lambda item: not item.valid_from).write({"valid_from": today})
        self.sudo().write(
            {
                "state": STATE_PUBLISHED,
                "published_at": fields.Datetime.now(),
                "published_by_id": self.env.uid,
            }
        )
        self.flush_recordset()
