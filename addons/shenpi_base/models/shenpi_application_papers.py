from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .shenpi_application_flow import DESK

SPARABLE_STATES = ("draft", "received", "correcting")


class ShenpiApplication(models.Model):
    """Intake without papers 无证明: how an application is complete without a paper.

    Until acceptance a missing material is spared

    * by law or list: from the start, nobody asks for it;
    * by shared data: the clerk asks the source (``shenpi.lookup``); what is found is entered by
      itself, with the number of the proof;
    * by a written statement of the applicant about this one proof: where the item offers it, or
      where the source does not answer; it is verified after a grant, like a commitment;
    * with another item: what the applicant handed in with another case of his, or with the bundle
      that this one is part of.

    The item says which way a material can be spared. The receipt lists what was spared and why.
    """

    _inherit = "shenpi.application"

    lookup_ids = fields.One2many("shenpi.lookup", "application_id", readonly=True)
    has_statement = fields.Boolean(
        string="States proofs in writing",
        readonly=True,
        copy=False,
        prefetch="flow",
        help="The applicant has made a written statement in place of a proof.",
    )
    lookup_count = fields.Integer(string="Look-ups", compute="_compute_lookup_count")
    can_look_up = fields.Boolean(compute="_compute_can_spare")
    can_spare = fields.Boolean(compute="_compute_can_spare")

    # === Compute methods === #

    @api.depends("lookup_ids")
    def _compute_lookup_count(self):
        for application in self:
            application.lookup_count = len(application.lookup_ids)

    @api.depends_context("uid")
    @api.depends("state", "material_ids.status", "lookup_ids.state")
    def _compute_can_spare(self):
        desk = any(self.env.user.has_group(group) for group in DESK)
        for application in self:
            open_to_it = desk and application.state in SPARABLE_STATES and application._origin
            application.can_look_up = open_to_it and bool(application._get_askable())
            application.can_spare = open_to_it and bool(application._get_sparable())

    # === What may be spared === #

    def _get_sources(self):
        return self._get_sources_of(self.sudo().company_id)

    @api.model
    def _get_sources_of(self, company):
        """The source to ask for each name of a material, at a bureau."""
        return self.env["shenpi.lookup.source"].sudo()._get_by_material(company)

    def _get_askable(self):
        """The missing materials for which a source can be asked now."""
        missing = self.sudo().material_ids.filtered(
            lambda m: m.status == "missing" and m.item_material_id.spared_by == "shared_data"
        )
        if not missing:
            return missing
        waiting = missing.lookup_ids.filtered(lambda lookup: lookup._is_open()).material_id
        sources = self._get_sources()
        return (missing - waiting).filtered(lambda m: m.name in sources)

    def _get_sparable(self):
        """The missing materials that somebody can spare by hand."""
        missing = self.sudo().material_ids.filtered(lambda m: m.status == "missing")
        return missing.filtered(lambda m: m._get_ways() - {"shared_data"})

    # === Asking the sources === #

    def _do_look_up(self, at=None, codes=None):
        """Ask the sources for everything that is missing and that they know.

        :param codes: of the materials to ask for; None: all of them
        :raise UserError: there is nothing to ask for; :raise AccessError: not the user's work
        :return: the ``shenpi.lookup`` written
        """
        self._check_sparing()
        if not self.sudo().applicant_id_number_raw:
            raise ValidationError(
                self.env._("applicant.id_number: enter the number of the applicant's document.")
            )
        materials = self._get_askable().filtered(lambda m: codes is None or m.code in codes)
        if not materials:
            raise UserError(self.env._("No source can be asked for what is missing."))
        return self.env["shenpi.lookup"]._ask_all(
            self, materials, self._get_sources(), at or fields.Datetime.now()
        )

    def _take_found(self, lookup):
        """Enter what a source has found; the paper may have come in meanwhile."""
        application = self.with_user(SUPERUSER_ID)
        material = lookup.material_id
        if application.state in SPARABLE_STATES and material.status == "missing":
            application._do_spare(material, "shared_data", lookup.evidence)

    # === Sparing === #

    def _check_sparing(self):
        self._open()
        if self.state not in SPARABLE_STATES:
            raise UserError(
                self.env._("%s: materials are spared until acceptance.", self.display_name)
            )
        if self.state == "draft":
            self.check_access("write")
        if not any(self.env.user.has_group(group) for group in DESK):
            raise AccessError(self.env._("Those who take in applications spare materials."))

    def _do_spare(self, material, way, evidence="", at=None):
        """Note that a missing material need not be handed in, and why.

        :param str way: law, shared_data, commitment or combined, as the item offers it
        :param str evidence: shared_data: the number of the proof; combined: the number of the case
            with which it came in
        :raise ValidationError: the material cannot be spared that way
        """
        self._check_sparing()
        self._check_own_materials([material])
        material = material.sudo()
        if material.status != "missing":
            raise ValidationError(self.env._("materials[%s]: it is not missing.", material.code))
        evidence = (evidence or "").strip()
        self._check_way(material, way, evidence)
        moment = at or fields.Datetime.now()
        if self.state != "draft":
            labels = dict(material._fields["spared_way"]._description_selection(self.env))
            self._transition(
                "spare",
                at=at,
                event={
                    "opinion": f"{material.code} {material.name}: {labels[way]}",
                    "data": {"code": material.code, "way": way, "evidence": evidence},
                },
            )
        if way == "commitment":
            self.sudo().has_statement = True
        material.write(
            {
                "status": "spared",
                "spared_way": way,
                "digital_ref": evidence or False,
                "stated_at": moment if way == "commitment" else False,
            }
        )
        return True

    def _check_way(self, material, way, evidence):
        if way not in material._get_ways():
            raise ValidationError(
                self.env._("materials[%s]: the item does not spare it that way.", material.code)
            )
        if way == "commitment":
            self._check_credit("commitment")
        if way == "combined":
            self._check_combined(material, evidence)
        if way == "shared_data" and not material._get_proof(evidence):
            raise ValidationError(
                self.env._("materials[%s]: no source has found it.", material.code)
            )

    def _check_combined(self, material, number):
        """The other case is one of the same applicant, or the bundle case."""
        application = self.sudo()
        if number and number == application.bundle_case_id.number:
            return
        other = self._find_other_case(
            number, application.company_id, application.applicant_id_number_raw
        )
        if not other or other == application:
            raise ValidationError(
                self.env._(
                    "materials[%s]: name the applicant's other case with which it came in.",
                    material.code,
                )
            )

    @api.model
    def _find_other_case(self, number, company, holder_number):
        """The case with a number, as sudo, if it is one of this applicant at this bureau."""
        if not number:
            return self.browse()
        return self.sudo().search(
            [
                ("number", "=", number),
                ("company_id", "=", company.id),
                ("applicant_id_number_raw", "=", holder_number),
            ],
            limit=1,
        )

    def _do_receive(self, at=None):
        """What a draft says to be spared is checked when it is filed."""
        self._open()
        for material in self.sudo().material_ids.filtered("spared_way"):
            self._check_way(material, material.spared_way, material.digital_ref or "")
        return super()._do_receive(at=at)

    def _take_back_lapsed(self):
        """What was spared while the application waited and would not be today is missing again."""
        application = self.sudo()
        spared = application.material_ids.filtered("spared_way")
        spared.filtered(lambda m: not application._is_spared_still(m)).status = "missing"

    def _is_spared_still(self, material):
        try:
            self._check_way(material, material.spared_way, material.digital_ref or "")
        except UserError:
            return False
        return True

    def _get_stated(self):
        """The proofs for which the applicant's written statement stands."""
        return self.sudo().material_ids.filtered("stated_at")

    def _get_statable(self):
        """The missing proofs in place of which a written statement can be made."""
        missing = self.sudo().material_ids.filtered(lambda m: m.status == "missing")
        return missing.filtered(lambda m: "commitment" in m._get_ways())

    def _is_to_be_verified(self):
        """Hook: whether the grant rests on something that is verified afterwards."""
        return self.has_statement and bool(self._get_stated())

    # === Screens === #

    def action_look_up(self):
        """Ask the sources of shared data; the answers come by themselves."""
        self.ensure_one()
        return self._do_look_up()._notify_asked()

    def action_open_spare(self):
        """Spare a material otherwise than by shared data."""
        return self._open_wizard("shenpi.spare.wizard", self.env._("Spare a material"))

    def action_open_lookups(self):
        """What was asked for this case, and answered."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("shenpi_base.shenpi_lookup_action")
        return dict(action, domain=[("application_id", "=", self.id)], context={})

    def action_print_proof_statement(self):
        """Statement about proofs 证明事项告知承诺书."""
        return self._print("shenpi_base.action_report_proof_statement")

    # === API === #

    def _get_status(self):
        status = super()._get_status()
        spared = self.sudo().material_ids.filtered("spared_way")
        if spared:
            status["spared"] = [{"code": m.code, "way": m.spared_way} for m in spared]
        return status
