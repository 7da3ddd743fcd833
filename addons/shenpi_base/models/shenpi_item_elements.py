from typing import NamedTuple

from odoo import api, fields, models


class LawLimit(NamedTuple):
    """What the law gives in working days (行政许可法 art. 42): to decide, and once more."""

    days: int
    extension: int


LAW = {"single": LawLimit(20, 10), "joint": LawLimit(45, 15)}


class ShenpiItemElements(models.AbstractModel):
    """The elements of an implementation list (实施清单) that staff keep for an item.

    Code lists carry the codes of GB/T 39046-2020, annex A. What the elements must look like before
    an item is published is in ``shenpi.item.quality``.
    """

    _name = "shenpi.item.elements"
    _inherit = ["shenpi.attachment.owner"]
    _description = "Elements of an item"

    # === Directory === #
    item_type = fields.Selection(
        [
            ("00", "Administrative power"),
            ("01", "Administrative licence"),
            ("02", "Penalty"),
            ("03", "Enforcement"),
            ("04", "Levy"),
            ("05", "Benefit"),
            ("06", "Inspection"),
            ("07", "Confirmation"),
            ("08", "Reward"),
            ("09", "Ruling"),
            ("10", "Other power"),
            ("20", "Public service"),
        ],
        string="Type",
        required=True,
        default="01",
    )
    level = fields.Selection(
        [
            ("1", "National"),
            ("2", "Province"),
            ("3", "City"),
            ("4", "County or district"),
            ("5", "Town or street"),
            ("6", "Village or community"),
            ("7", "Graded"),
        ],
        required=True,
        default="3",
    )
    local_code = fields.Char(string="Local code")
    business_code = fields.Char(
        string="Handling code",
        help="Code of the handling item (业务办理项) below this item.",
    )
    legal_basis = fields.Text(string="Basis in law")
    conditions = fields.Text(string="Conditions of acceptance")
    power_source = fields.Selection(
        [
            ("statutory", "Own power"),
            ("handed_down", "Handed down"),
            ("authorised", "Authorised"),
            ("entrusted", "Entrusted"),
        ],
        default="statutory",
    )
    authority_kind = fields.Selection(
        [
            ("1", "Statutory body"),
            ("2", "Authorised organisation"),
            ("3", "Entrusted organisation"),
            ("9", "Other"),
        ],
        default="1",
    )
    entrusting_body = fields.Char()
    division_of_power = fields.Text(help="What this level does, and what other levels do.")
    joint_bodies = fields.Char(help="Other bodies that take part in handling the item.")
    intermediary = fields.Char(string="Intermediary services")
    quantity_limit = fields.Char()

    # === Limits === #
    limit_unit = fields.Selection(
        [
            ("working_days", "working days"),
            ("calendar_days", "calendar days"),
            ("hours", "hours"),
            ("months", "months"),
        ],
        string="Unit of limits",
        required=True,
        default="working_days",
    )
    statutory_limit = fields.Integer(
        default=20, aggregator=None, help="By law. 0: to be handled on the spot."
    )
    statutory_note = fields.Char(
        string="Note on the statutory limit",
        help="The special law, where it gives more time than the licensing law (art. 42).",
    )
    promised_limit = fields.Integer(
        default=5, aggregator=None, help="What the bureau promises. 0: on the spot."
    )
    promised_note = fields.Char(string="Note on the promised limit")
    correction_days = fields.Integer(
        string="Days to say what is missing",
        default=5,
        aggregator=None,
        help="Working days after receipt; then the application counts as accepted.",
    )
    handling = fields.Selection(
        [("single", "By one department"), ("joint", "Jointly by several departments")],
        required=True,
        default="single",
        help="The law gives 20 working days and 10 more to one department; 45 and 15 more where"
        " several departments handle a case jointly (art. 42).",
    )
    extension_days = fields.Integer(
        string="Extension at most",
        default=10,
        aggregator=None,
        help="By how many days the limit may be extended, once: by the bureau head, for a joint"
        " item with the approval of the head of the local government.",
    )
    delivery_days = fields.Integer(
        string="Days to deliver",
        default=10,
        aggregator=None,
        help="Working days after the decision.",
    )
    limit_display = fields.Char(string="Limits", compute="_compute_limit_display")
    case_kind = fields.Selection(
        [("instant", "Instant"), ("promise", "Promised"), ("other", "Other")],
        string="Kind of case",
        required=True,
        default="promise",
    )
    review_mode = fields.Selection(
        [("immediate", "Reviewed at once"), ("staged", "Accepted first, reviewed afterwards")],
        required=True,
        default="staged",
    )

    # === Special modes === #
    allow_deferral = fields.Boolean(
        string="Materials may follow", help="Auxiliary materials marked so may be handed in later."
    )
    allow_commitment = fields.Boolean(
        string="Commitment", help="Granted on the applicant's written commitment, verified later."
    )
    auto_grant = fields.Boolean(
        string="Automatic", help="Granted by the system when everything required is there."
    )
    needs_inspection = fields.Boolean(string="Site inspection")
    by_video = fields.Boolean(string="By video")
    at_door = fields.Boolean(string="At the applicant's door")
    hearing_required = fields.Boolean(string="Hearing required by law")

    # === Service === #
    audience_ids = fields.Many2many(
        "shenpi.item.option",
        "shenpi_item_audience_rel",
        string="Applicants",
        domain=[("kind", "=", "audience")],
    )
    channel_ids = fields.Many2many(
        "shenpi.item.option",
        "shenpi_item_channel_rel",
        string="Ways to file",
        domain=[("kind", "=", "channel")],
    )
    theme_ids = fields.Many2many(
        "shenpi.item.option",
        "shenpi_item_theme_rel",
        string="Themes",
        domain=[("kind", "=", "theme")],
    )
    depth_ids = fields.Many2many(
        "shenpi.item.option",
        "shenpi_item_depth_rel",
        string="Done online",
        domain=[("kind", "=", "depth")],
    )
    online_level = fields.Selection(
        [
            ("none", "Not online"),
            ("preview", "Online, originals examined first"),
            ("verify", "Online, originals verified"),
            ("full", "Wholly online"),
        ],
        string="Online service",
        required=True,
        default="none",
    )
    visits = fields.Integer(string="Visits to the hall", default=1, aggregator=None)
    visit_reason = fields.Char(string="Why a visit is necessary")
    in_hall = fields.Boolean(string="In the service hall", default=True)
    cross_region = fields.Selection(
        [
            ("none", "Here only"),
            ("nation", "Nationwide"),
            ("province", "Across provinces"),
            ("city", "Across cities"),
            ("county", "Across counties"),
        ],
        string="Handled elsewhere too",
        required=True,
        default="none",
    )
    booking = fields.Boolean(string="Appointment")
    online_payment = fields.Boolean()
    terminal = fields.Boolean(string="Self-service terminal")
    post_in = fields.Boolean(string="Materials by post")
    post_out = fields.Boolean(string="Result by post")
    web_url = fields.Char(string="Web address")
    mobile_url = fields.Char(string="Mobile address")
    place = fields.Char(string="Where")
    office_hours = fields.Char()
    consult_phone = fields.Char(string="Information phone")
    complaint_phone = fields.Char(default=lambda self: self.env.company.shenpi_complaint_phone)

    # === Result and fees === #
    result_name = fields.Char(help="What the applicant receives when the application is granted.")
    closing_kind = fields.Selection(
        [
            ("certificate", "A certificate is issued"),
            ("document", "A document is issued"),
            ("approval", "An approval is given"),
            ("other", "Other"),
        ],
        string="How it closes",
        required=True,
        default="other",
    )
    result_sample_ids = fields.Many2many(
        "ir.attachment", "shenpi_item_result_sample_rel", string="Sample of the result"
    )
    licence_name = fields.Char(string="Licence name", help="Empty: no licence is issued.")
    licence_validity_years = fields.Integer(
        string="Valid for (years)", aggregator=None, help="0: no end of validity."
    )
    has_fee = fields.Boolean(string="Charges a fee")
    fee_basis = fields.Char(string="Basis of the fee")

    # === Onchange === #

    @api.onchange("handling")
    def _onchange_handling(self):
        """The limits of the law, where those of the other way of handling stood."""
        single, joint = LAW["single"], LAW["joint"]
        before, after = (single, joint) if self.handling == "joint" else (joint, single)
        if self.limit_unit == "working_days" and self.statutory_limit == before.days:
            self.statutory_limit = after.days
        if self.extension_days == before.extension:
            self.extension_days = after.extension

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("statutory_limit", "promised_limit", "limit_unit")
    def _compute_limit_display(self):
        units = dict(self._fields["limit_unit"]._description_selection(self.env))
        for item in self:
            values = {
                "statutory": item.statutory_limit,
                "promised": item.promised_limit,
                "unit": units.get(item.limit_unit, ""),
            }
            if item.promised_limit:
                text = self.env._("%(statutory)s / %(promised)s %(unit)s", **values)
            elif item.statutory_limit:
                text = self.env._("%(statutory)s %(unit)s / on the spot", **values)
            else:
                text = self.env._("On the spot")
            item.limit_display = text
