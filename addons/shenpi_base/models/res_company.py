from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ..tools import identifiers

LIGHT_THRESHOLDS = frozenset({"shenpi_warn_percent", "shenpi_alarm_percent"})


class ResCompany(models.Model):
    """One company is one bureau: the city's or a district's."""

    _inherit = "res.company"

    shenpi_uscc = fields.Char(
        string="Bureau code",
        help="Unified social credit code of the bureau (18 characters). Item codes begin with it.",
    )
    shenpi_seal_name = fields.Char(
        string="Special seal",
        help="Name of the seal for licensing decisions, as printed on notices and decisions.",
    )
    shenpi_complaint_phone = fields.Char(string="Supervision phone")
    shenpi_reconsideration_body = fields.Char(
        string="Reconsideration body",
        help="Who hears applications for administrative reconsideration of its decisions.",
    )
    shenpi_reconsideration_address = fields.Char(string="Reconsideration address")
    shenpi_reconsideration_phone = fields.Char(string="Reconsideration phone")
    shenpi_suit_court = fields.Char(
        string="Court", help="The court for a suit against the bureau's decisions."
    )
    shenpi_suit_address = fields.Char(string="Court address")
    shenpi_window_id = fields.Many2one(
        "shenpi.department",
        string="Default window",
        domain="[('company_id', '=', id), ('kind', '=', 'window')]",
        help="The window that cases filed over the network belong to.",
    )
    shenpi_warn_percent = fields.Integer(
        string="Yellow from (%)",
        default=50,
        help="A case turns yellow when more than this share of its limit is used up.",
    )
    shenpi_alarm_percent = fields.Integer(
        string="Red from (%)",
        default=90,
        help="A case turns red when more than this share of its limit is used up.",
    )
    shenpi_pause_inspection_basis = fields.Char(
        string="Basis for pausing: site inspection",
        help="The local rule by which a site inspection stops the clock. Empty: it does not; the"
        " law (art. 45) knows eight special procedures, and this is none of them.",
    )
    shenpi_pause_publicity_basis = fields.Char(
        string="Basis for pausing: publicity",
        help="The local rule by which publicity stops the clock. Empty: it does not.",
    )

    shenpi_deferral_barred_from = fields.Selection(
        [("B", "B and worse"), ("C", "C and worse"), ("D", "D")],
        string="No deferral with credit grade",
        default="C",
        help="Applicants with this credit grade may not hand materials in later. Empty: the grade"
        " bars nobody; broken promises and false commitments do until they are repaired.",
    )
    shenpi_commitment_barred_from = fields.Selection(
        [("B", "B and worse"), ("C", "C and worse"), ("D", "D")],
        string="No commitment with credit grade",
        default="D",
        help="Applicants with this credit grade may not choose the written commitment.",
    )
    shenpi_commitment_checked_from = fields.Selection(
        [("B", "B and worse"), ("C", "C and worse"), ("D", "D")],
        string="Checked before the grant from credit grade",
        default="C",
        help="A commitment of applicants with this credit grade is not granted on the spot: the"
        " case goes through its chain and is verified before the licence.",
    )
    shenpi_broken_promise_grade = fields.Selection(
        [("B", "B"), ("C", "C"), ("D", "D")],
        string="Grade after a broken promise",
        default="C",
        required=True,
    )
    shenpi_false_commitment_grade = fields.Selection(
        [("B", "B"), ("C", "C"), ("D", "D")],
        string="Grade after a false commitment",
        default="D",
        required=True,
    )
    shenpi_bulletin_receiver_ids = fields.Many2many(
        "res.users",
        "shenpi_bulletin_receiver_rel",
        "company_id",
        "user_id",
        string="Receivers of the weekly bulletin",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Whoever is named here receives the bulletin by mail; nobody: it is not sent.",
    )
    shenpi_bulletin_time = fields.Float(
        string="On Mondays at",
        default=8.5,
        help="When last week's bulletin is issued and sent, in local time.",
    )

    _shenpi_bulletin_hours = models.Constraint(
        "CHECK (shenpi_bulletin_time >= 0 AND shenpi_bulletin_time < 24)",
        "The time of the bulletin lies between 0:00 and 24:00.",
    )
    _shenpi_light_percents = models.Constraint(
        "CHECK (shenpi_warn_percent >= 0 AND shenpi_warn_percent <= shenpi_alarm_percent"
        " AND shenpi_alarm_percent <= 100)",
        "The yellow light must come before the red one, both between 0 and 100 percent.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not LIGHT_THRESHOLDS.isdisjoint(vals):
            self.env.registry.clear_cache()
            for company in self:
                self.env["shenpi.recount"]._start_for_lights(company)
        return result

    @api.constrains("shenpi_uscc")
    def _check_shenpi_uscc(self):
        for company in self:
            if company.shenpi_uscc and identifiers.check_uscc(company.shenpi_uscc):
                raise ValidationError(
                    self.env._(
                        "Bureau code: %(code)s is not a valid unified social credit code.",
                        code=company.shenpi_uscc,
                    )
                )

    @api.constrains("shenpi_window_id")
    def _check_shenpi_window_id(self):
        for company in self:
            window = company.shenpi_window_id
            if window and (window.company_id != company or window.kind != "window"):
                raise ValidationError(
                    self.env._(
                        "Default window: %(department)s is not a window of %(bureau)s.",
                        department=window.name,
                        bureau=company.name,
                    )
                )

    def _get_shenpi_heads(self):
        """The people who hold the role of bureau head here, the system itself left out."""
        group = self.env.ref("shenpi_base.group_shenpi_manager")
        return self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("id", "!=", SUPERUSER_ID),
            ]
        )
