from odoo import api, fields, models

IN_FORCE_STATES = ("valid", "renewing", "suspended")


class ShenpiLicence(models.Model):
    """A licence 证照: what a granted application made, or what was taken over from before.

    Who may do what, when (the table in ``shenpi_licence_flow.py`` is the rule, this its prose):

    * the grant of an application issues it; the grant of a renewal or change issues its next
      version, under the same number, and replaces the one before; of one number one version is in
      force;
    * whoever takes applications in opens the renewal from the licence, for its holder; while that
      is under way the licence is being renewed, and what was asked in time and not decided before
      the last day counts as renewed until it is (行政许可法 §50);
    * a decider or bureau head suspends it and lifts the suspension, revokes it on a ground of §69
      (with the grant of its application), cancels it on a ground of §70, and corrects its dates,
      each with reasons that its events keep; nobody revokes what he took in himself;
    * staff read the licences of their departments and of the cases they see; the holder's numbers
      are masked to everybody who has no part in it; it is edited by nobody.
    """

    _name = "shenpi.licence"
    _inherit = [
        "shenpi.document.mixin",
        "shenpi.bulk.insert",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Licence"
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "holder_name"]
    _mail_post_access = "read"

    _event_field = "licence_id"
    _flow_fields = frozenset(
        {
            "number",
            "version",
            "previous_id",
            "electronic_id",
            "type_id",
            "application_id",
            "item_id",
            "company_id",
            "department_id",
            "name",
            "holder_name",
            "holder_kind",
            "holder_id_type",
            "valid_from",
            "in_force_from",
            "valid_to",
            "renewal_due_date",
            "expiring_from",
            "renewal_in_time",
            "deemed_renewed",
            "conditions",
            "scope",
            "place",
            "state",
            "suspended_on",
            "suspension_reason",
            "revoked_on",
            "revocation_ground",
            "revocation_reason",
            "cancelled_on",
            "cancellation_ground",
            "cancellation_reason",
        }
    )

    # === Identity === #
    number = fields.Char(required=True, readonly=True)
    version = fields.Integer(required=True, readonly=True, default=1, aggregator=None)
    previous_id = fields.Many2one(
        "shenpi.licence",
        string="Replaces",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    electronic_id = fields.Char(
        string="Electronic licence number", readonly=True, help="GB/T 36904-2018."
    )
    name = fields.Char(required=True, readonly=True)
    type_id = fields.Many2one(
        "shenpi.licence.type", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    verify_token = fields.Char(copy=False, groups=fields.NO_ACCESS)

    # === Where it comes from === #
    application_id = fields.Many2one(
        "shenpi.application", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    item_id = fields.Many2one("shenpi.item", readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", string="Bureau", required=True, readonly=True)
    department_id = fields.Many2one(
        "shenpi.department", string="Issued by", readonly=True, index=True, ondelete="restrict"
    )

    # === Holder === #
    holder_name = fields.Char(string="Holder", required=True, readonly=True, index="trigram")
    holder_kind = fields.Selection(
        [("organisation", "Organisation"), ("person", "Individual")],
        string="Holder is a",
        required=True,
        readonly=True,
        default="organisation",
    )
    holder_id_type = fields.Selection(
        [
            ("uscc", "Unified social credit code"),
            ("ric", "Resident identity card"),
            ("passport", "Passport"),
            ("other", "Other document"),
        ],
        string="Document",
        readonly=True,
    )
    holder_id_number = fields.Char(
        string="Document number",
        compute="_compute_holder_personal",
        search="_search_holder_id_number",
    )
    holder_phone = fields.Char(
        string="Phone", compute="_compute_holder_personal", search="_search_holder_phone"
    )
    holder_email = fields.Char(string="E-mail", readonly=True)
    holder_id_number_raw = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")
    holder_phone_raw = fields.Char(groups=fields.NO_ACCESS, index="btree_not_null")

    # === Validity === #
    valid_from = fields.Date(required=True, readonly=True)
    in_force_from = fields.Date(
        required=True,
        readonly=True,
        help="Since when the holder is entitled without a gap, renewals counted in.",
    )
    valid_to = fields.Date(string="Valid until", readonly=True, help="Empty: without limit.")
    renewal_due_date = fields.Date(
        string="Ask for renewal by",
        readonly=True,
        index="btree_not_null",
        help="The last day to ask for renewal in time.",
    )
    expiring_from = fields.Date(
        readonly=True, help="From this day on the licence counts as expiring."
    )
    renewal_in_time = fields.Boolean(
        string="Renewal asked in time",
        readonly=True,
        help="The renewal under way was asked for in time: the licence holds until it is decided.",
    )
    deemed_renewed = fields.Boolean(
        readonly=True,
        help="Asked in time and not decided before the last day: by law it counts as renewed until"
        " it is (art. 50).",
    )

    # === What it allows === #
    scope = fields.Text(readonly=True)
    place = fields.Char(readonly=True)
    conditions = fields.Text(readonly=True)

    # === Life === #
    state = fields.Selection(
        [
            ("valid", "Issued"),
            ("renewing", "Being renewed"),
            ("suspended", "Suspended"),
            ("changed", "Replaced"),
            ("revoked", "Revoked"),
            ("cancelled", "Cancelled by law"),
        ],
        required=True,
        readonly=True,
        default="valid",
    )
    suspended_on = fields.Date(readonly=True)
    suspension_reason = fields.Text(readonly=True)
    revoked_on = fields.Date(readonly=True)
    revocation_ground = fields.Selection(
        [
            ("false_commitment", "False commitment"),
            ("fraud", "Obtained by fraud or bribery"),
            ("abuse", "Granted in abuse of power or neglect of duty"),
            ("power", "Granted beyond power"),
            ("procedure", "Granted against the procedure"),
            ("unqualified", "Granted to somebody unqualified"),
            ("other", "Another ground set by law"),
        ],
        readonly=True,
    )
    revocation_reason = fields.Text(readonly=True)
    cancelled_on = fields.Date(readonly=True)
    cancellation_ground = fields.Selection(
        [
            ("expired", "Expired and not renewed"),
            ("holder_gone", "The holder has died or become incapable"),
            ("organisation_ended", "The organisation has ended"),
            ("revoked", "Revoked or withdrawn by law"),
            ("force_majeure", "Cannot be carried out because of force majeure"),
            ("other", "Another case set by law"),
        ],
        readonly=True,
    )
    cancellation_reason = fields.Text(readonly=True)
    event_ids = fields.One2many("shenpi.event", "licence_id", readonly=True)

    _revocation_complete = models.Constraint(
        "CHECK (state <> 'revoked' OR (revoked_on IS NOT NULL AND revocation_ground IS NOT NULL))",
        "A revoked licence has its day and its ground.",
    )
    _cancellation_complete = models.Constraint(
        "CHECK ((state = 'cancelled') = (cancelled_on IS NOT NULL)"
        " AND (state = 'cancelled') = (cancellation_ground IS NOT NULL))",
        "A cancelled licence has its day and its ground.",
    )
    _validity_in_order = models.Constraint(
        "CHECK (valid_to >= valid_from AND in_force_from <= valid_from)",
        "The validity of a licence cannot end before it begins.",
    )
    _version_unique = models.UniqueIndex(
        "(number, version)", "This licence has a version with that number already."
    )
    _in_force_unique = models.UniqueIndex(
        "(number) WHERE state IN ('valid', 'renewing', 'suspended')",
        "Of this licence a version is in force already.",
    )
    _electronic_id_unique = models.UniqueIndex(
        "(electronic_id) WHERE electronic_id IS NOT NULL",
        "This electronic licence number belongs to another licence.",
    )
    _verify_token_unique = models.UniqueIndex(
        "(verify_token)", "This code belongs to another licence."
    )
    _application_unique = models.UniqueIndex(
        "(application_id) WHERE application_id IS NOT NULL",
        "This application has its licence already.",
    )
    # What lists of what ends and the scheduled actions ask.
    _ending_list = models.Index("(valid_to, id) WHERE state IN ('valid', 'renewing')")
    _expiring_list = models.Index("(expiring_from, id) WHERE state = 'valid'")
    _department_list = models.Index("(department_id, state, valid_to)")

    @api.depends("number", "name", "version")
    def _compute_display_name(self):
        for licence in self:
            parts = filter(None, (licence.number, licence.name))
            licence.display_name = " ".join(parts)

    def _get_api_dict(self):
        """The licence as ``api_status`` shows it."""
        self.ensure_one()
        answer = {
            "number": self.number,
            "name": self.name,
            "status": self.status,
            "version": self.version,
            "electronic_id": self.electronic_id,
            "revoked_on": self.revoked_on and self.revoked_on.isoformat(),
            "cancelled_on": self.cancelled_on and self.cancelled_on.isoformat(),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
        }
        return {key: value for key, value in answer.items() if value}
