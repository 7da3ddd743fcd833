import secrets

from odoo import api, fields, models

from ..tools import identifiers
from ..tools.localtime import local_date
from .shenpi_licence_check import MAX_TOKEN_LENGTH, has_ending


class ShenpiPermit(models.Model):
    """An industry licence 行业综合许可证: one code for the permits of a bundle case 一码亮证.

    It is made by the system when a bundle that names one is taken in, and is edited by nobody. It
    grants nothing itself: what it shows are the licences of the children, each with its own status
    today, in their newest version. Whoever sees the bundle case sees it.
    """

    _name = "shenpi.permit"
    _description = "Industry licence"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "holder_name"]

    number = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    bundle_case_id = fields.Many2one(
        "shenpi.bundle.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    bundle_id = fields.Many2one(related="bundle_case_id.bundle_id")
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, readonly=True, index=True
    )
    holder_name = fields.Char(string="Holder", required=True, readonly=True, index="trigram")
    holder_kind = fields.Selection(
        [("person", "Individual"), ("organisation", "Organisation")], required=True, readonly=True
    )
    issued_on = fields.Date(required=True, readonly=True)
    verify_token = fields.Char(required=True, copy=False, groups=fields.NO_ACCESS)
    state = fields.Selection(
        [
            ("pending", "No permit yet"),
            ("partial", "Some permits granted"),
            ("complete", "All permits granted"),
            ("void", "Void"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="Void: the case was withdrawn before anything was granted.",
    )
    licence_ids = fields.Many2many(
        "shenpi.licence", compute="_compute_licence_ids", string="Permits", compute_sudo=True
    )

    _number_unique = models.UniqueIndex("(number)", "An industry licence with this number exists.")
    _verify_token_unique = models.UniqueIndex(
        "(verify_token)", "This code belongs to another industry licence."
    )
    _case_unique = models.UniqueIndex(
        "(bundle_case_id)", "This bundle case has its industry licence already."
    )

    # === Compute methods === #

    @api.depends("bundle_case_id.state", "bundle_case_id.line_ids.status")
    def _compute_state(self):
        for permit in self:
            case = permit.bundle_case_id
            statuses = set(case.line_ids.mapped("status"))
            if statuses == {"granted"}:
                permit.state = "complete"
            elif "granted" in statuses:
                permit.state = "partial"
            else:
                permit.state = "void" if case.state == "withdrawn" else "pending"

    @api.depends("bundle_case_id.line_ids.application_id.licence_id.state")
    def _compute_licence_ids(self):
        """The licence of each child in the version that counts now: a renewed one takes the place
        of the one before, under the same number."""
        licences = self.env["shenpi.licence"]
        for permit in self:
            issued = permit.bundle_case_id.line_ids.application_id.licence_id
            permit.licence_ids = licences.union(
                *(licences._find_by_number_alone(licence.number) for licence in issued)
            )

    # === Issue === #

    @api.model
    def _issue(self, case, name):
        """Make the industry licence of a bundle case that has just been taken in."""
        day = local_date(case.submitted_at)
        serial = self.env["shenpi.application.counter"]._reserve("permit", day)
        first = case.line_ids.application_id[:1]
        return self.create(
            {
                "number": f"ZH{day:%Y%m%d}{serial:04d}",
                "name": name,
                "bundle_case_id": case.id,
                "company_id": case.company_id.id,
                "holder_name": case.applicant_name,
                "holder_kind": first.applicant_kind,
                "issued_on": day,
                "verify_token": secrets.token_urlsafe(24),
            }
        )

    # === Verification === #

    @api.model
    def _find_by_verify_token(self, token):
        """The industry licence of a printed code, as sudo; empty when there is none."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            return self.browse()
        return self.sudo().search([("verify_token", "=", token)], limit=1)

    @api.model
    def _find_by_number(self, number, ending):
        """The industry licence with this number whose holder's document number ends so, as sudo."""
        number = identifiers.normalise(number or "")
        if not number or len(number) > MAX_TOKEN_LENGTH:
            return self.browse()
        permit = self.sudo().search([("number", "=", number)], limit=1)
        holder = permit.bundle_case_id.line_ids.application_id[:1]
        return permit if has_ending(holder.applicant_id_number_raw, ending) else self.browse()

    def _get_status(self):
        """What it is worth today: ``valid`` only when every item is granted and in force;
        ``invalid`` when something that was granted is not in force any more."""
        self.ensure_one()
        if not all(licence._get_verification()["valid"] for licence in self.licence_ids):
            return "invalid"
        return "valid" if self.state == "complete" else self.state

    def _get_verification(self):
        """What anybody may know of an industry licence whose code he has: itself, its permits as
        each of them is verified, and what has not been granted."""
        self.ensure_one()
        status = self._get_status()
        lines = self.bundle_case_id.line_ids
        return {
            "valid": status == "valid",
            "status": self._get_status_labels()[status],
            "number": self.number,
            "name": self.name,
            "holder": self._get_masked_holder(),
            "bureau": self.company_id.name,
            "licences": [licence._get_verification() for licence in self.licence_ids],
            "missing": lines.filtered(lambda line: line.status != "granted").mapped("item_name"),
        }

    @api.model
    def _get_status_labels(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels | {
            "valid": self.env._("Every permit is in force"),
            "invalid": self.env._("Not every permit is in force"),
        }

    def _get_masked_holder(self):
        if self.holder_kind == "person":
            return identifiers.mask_name(self.holder_name)
        return identifiers.mask_organisation(self.holder_name)

    def _get_verify_url(self):
        """Address of the public page of this industry licence."""
        self.ensure_one()
        return f"{self.get_base_url()}/shenpi/permit/{self.sudo().verify_token}"

    # === Actions === #

    def action_print(self):
        """The industry licence on paper, with the codes that verify it."""
        self.check_access("read")
        return self.env.ref("shenpi_base.action_report_permit").report_action(self, config=False)

    def action_open_case(self):
        """The bundle case whose permits it shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.bundle.case",
            "res_id": self.bundle_case_id.id,
            "views": [(False, "form")],
        }
