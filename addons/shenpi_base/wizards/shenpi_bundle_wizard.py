from odoo import api, fields, models
from odoo.fields import Command


class ShenpiBundleWizard(models.TransientModel):
    """One form for a whole matter: the applicant, his situation, the fields and the materials, each
    asked for once."""

    _name = "shenpi.bundle.wizard"
    _description = "Take in a bundle"

    bundle_id = fields.Many2one(
        "shenpi.bundle",
        string="One matter",
        required=True,
        domain=[("state", "=", "published")],
        ondelete="cascade",
    )
    summary = fields.Text(related="bundle_id.summary")
    applicant_kind = fields.Selection(
        [("organisation", "Organisation"), ("person", "Individual")],
        string="Applicant is a",
        default="person",
        required=True,
    )
    applicant_name = fields.Char(string="Applicant", required=True)
    applicant_id_type = fields.Selection(
        [
            ("uscc", "Unified social credit code"),
            ("ric", "Resident identity card"),
            ("passport", "Passport"),
            ("other", "Other document"),
        ],
        string="Document",
        default="ric",
        required=True,
    )
    applicant_id_number = fields.Char(string="Document number", required=True)
    applicant_phone = fields.Char(string="Phone")
    agent_name = fields.Char(string="Agent")
    agent_id_number = fields.Char(string="Agent's document number")
    agent_phone = fields.Char(string="Agent's phone")
    delivery = fields.Selection(
        [("each", "Each result as it comes"), ("together", "All results together")],
        string="Hand over",
        required=True,
        default="each",
    )
    question_ids = fields.One2many(
        "shenpi.bundle.wizard.question",
        "wizard_id",
        compute="_compute_parts",
        store=True,
        readonly=False,
        precompute=True,
    )
    field_ids = fields.One2many(
        "shenpi.bundle.wizard.field",
        "wizard_id",
        compute="_compute_parts",
        store=True,
        readonly=False,
        precompute=True,
    )
    material_ids = fields.One2many(
        "shenpi.bundle.wizard.material",
        "wizard_id",
        compute="_compute_parts",
        store=True,
        readonly=False,
        precompute=True,
    )
    needed = fields.Text(string="Items needed", compute="_compute_needed")

    # === Compute methods === #

    @api.depends("bundle_id")
    def _compute_parts(self):
        for wizard in self:
            bundle = wizard.bundle_id
            wizard.question_ids = [
                Command.clear(),
                *(Command.create({"question_id": q.id}) for q in bundle.question_ids),
            ]
            wizard.field_ids = [
                Command.clear(),
                *(Command.create({"field_id": field.id}) for field in bundle.field_ids),
            ]
            wizard.material_ids = [
                Command.clear(),
                *(Command.create({"material_id": m.id}) for m in bundle.material_ids),
            ]

    @api.depends("bundle_id", "question_ids.answer_id")
    def _compute_needed(self):
        for wizard in self:
            wizard.needed = "\n".join(wizard._get_needed_lines().mapped("name"))

    def _get_needed_lines(self):
        """The items that are needed as far as the questions have been answered."""
        answers = self.question_ids.answer_id
        return self.bundle_id.line_ids.filtered(
            lambda line: not line.answer_ids or line.answer_ids & answers
        )

    @api.onchange("applicant_kind")
    def _onchange_applicant_kind(self):
        self.applicant_id_type = "uscc" if self.applicant_kind == "organisation" else "ric"

    # === Actions === #

    def action_confirm(self):
        """File the case and open it.

        :raise ValidationError: naming what is missing or wrong
        """
        self.ensure_one()
        bundle = self.bundle_id
        answers = self.question_ids.answer_id
        lines = bundle._select_lines(answers)
        children = bundle._prepare_children(lines, self._prepare_values(), None)
        for vals in children.values():
            self._add_files(bundle, vals)
        case = self.env["shenpi.bundle.case"]._do_submit(
            bundle,
            lines,
            {
                "applicant_name": self.applicant_name,
                "delivery": self.delivery,
                "answer_ids": [Command.set(answers.ids)],
            },
            children,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": case._name,
            "res_id": case.id,
            "views": [(False, "form")],
        }

    def _prepare_values(self):
        """The form as ``shenpi.bundle._prepare_children`` reads it."""
        applicant = {
            "kind": self.applicant_kind,
            "name": self.applicant_name,
            "id_type": self.applicant_id_type,
            "id_number": self.applicant_id_number,
            "phone": self.applicant_phone,
        }
        agent = {
            "name": self.agent_name,
            "id_number": self.agent_id_number,
            "phone": self.agent_phone,
        }
        return {
            "channel": "window",
            "applicant": applicant,
            "agent": agent if self.agent_name else {},
            "form": {line.field_id.name: line.value for line in self.field_ids if line.value},
            "materials": [
                {"code": line.material_id.code, "digital_ref": line.digital_ref}
                for line in self.material_ids
                if line.provided
            ],
        }

    def _add_files(self, bundle, vals):
        """Every item gets its own copy of the files of the materials it asks for."""
        files = {
            name: line.attachment_ids
            for line in self.material_ids
            for name in line.material_id._get_names()
        }
        for _command, _id, material in vals["material_ids"]:
            copies = [file.copy({"res_id": False}) for file in files.get(material["name"], ())]
            if copies:
                material["attachment_ids"] = [Command.link(copy.id) for copy in copies]
