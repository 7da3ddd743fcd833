from odoo import api, fields, models


class ShenpiProjectContact(models.Model):
    """A contact with the investor or another party of a key project: every one is written down.

    Staff who see the project read them and write their own; what somebody has written is corrected
    by himself alone.
    """

    _name = "shenpi.project.contact"
    _inherit = ["shenpi.project.part"]
    _description = "Contact of a key project"
    _order = "happened_at desc, id desc"
    _rec_name = "content"

    project_id = fields.Many2one(ondelete="cascade")
    task_id = fields.Many2one(
        "project.task",
        string="Permit",
        index="btree_not_null",
        ondelete="set null",
        domain="[('project_id', '=', project_id), ('is_key_to_do', '=', False)]",
    )
    happened_at = fields.Datetime(
        string="When", required=True, default=lambda self: fields.Datetime.now()
    )
    user_id = fields.Many2one(
        "res.users",
        string="Contact made by",
        required=True,
        index=True,
        ondelete="restrict",
        readonly=True,
        default=lambda self: self.env.user,
    )
    member_id = fields.Many2one(
        "shenpi.project.member",
        string="Member of the team",
        ondelete="set null",
        domain="[('project_id', '=', project_id)]",
    )
    with_whom = fields.Char(
        compute="_compute_with_whom", store=True, readonly=False, required=True, precompute=True
    )
    way = fields.Selection(
        [
            ("visit", "Visit to the site"),
            ("door", "At our door"),
            ("phone", "Telephone"),
            ("chat", "Chat"),
            ("meeting", "Meeting"),
            ("letter", "Letter or mail"),
        ],
        required=True,
        default="phone",
    )
    content = fields.Text(required=True)
    follow_up_date = fields.Date(string="Follow up on")
    follow_up_done = fields.Boolean(string="Followed up")

    _follow_ups = models.Index(
        "(follow_up_date, user_id) WHERE follow_up_date IS NOT NULL AND follow_up_done IS NOT TRUE"
    )

    @api.depends("member_id")
    def _compute_with_whom(self):
        for contact in self:
            member = contact.member_id
            parts = (member.organisation, member.name)
            contact.with_whom = " ".join(filter(None, parts)) or contact.with_whom

    def action_follow_up_done(self):
        """Note that what was promised for a later day has been done."""
        self.check_access("write")
        self.follow_up_done = True
        return True
