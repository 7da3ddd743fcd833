from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.shenpi_base.models.shenpi_application_flow import MANAGER

from ..tools import similarity
from ..tools.roles import EVALUATORS

MOST_FOUND = 20
LEAST_SHARE = 0.25
QUERY_LENGTH = 100


class ShenpiFaq(models.Model):
    """A question that people ask and the bureau's answer to it 政务服务100问.

    Evaluation officers write them, most from replies that satisfied; another officer, or the bureau
    head, publishes them, since everybody reads them on the public page. What is published is not
    changed: it is withdrawn, changed and published again. Staff read what is published.
    """

    _name = "shenpi.faq"
    _inherit = ["shenpi.flow.fields"]
    _description = "Question and answer"
    _order = "use_count desc, id"
    _rec_name = "question"

    _flow_fields = frozenset(
        {"state", "use_count", "written_by_id", "published_by_id", "published_on", "text_key"}
    )

    question = fields.Char(required=True, size=200)
    answer = fields.Text(required=True)
    category_id = fields.Many2one("shenpi.faq.category", index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    grievance_id = fields.Many2one(
        "shenpi.grievance",
        string="Came from",
        index="btree_not_null",
        ondelete="restrict",
        groups=EVALUATORS,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published")],
        default="draft",
        required=True,
        readonly=True,
    )
    written_by_id = fields.Many2one(
        "res.users",
        string="Written by",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    published_by_id = fields.Many2one(
        "res.users", string="Published by", readonly=True, copy=False, ondelete="restrict"
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    use_count = fields.Integer(string="Times read", readonly=True, copy=False, default=0)
    text_key = fields.Char(compute="_compute_text_key", store=True, export_string_translation=False)
    find = fields.Char(string="In words", store=False, search="_search_find")
    can_publish = fields.Boolean(compute="_compute_can")

    _published = models.Index("(company_id, use_count DESC, id) WHERE state = 'published'")

    # === Compute methods === #

    @api.depends("question", "answer")
    def _compute_text_key(self):
        for faq in self:
            # The question first: the key of a long text is cut.
            faq.text_key = similarity.key(f"{faq.question or ''}{faq.answer or ''}")

    @api.depends("state", "written_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        user = self.env.user
        reviewer = user.has_groups(f"{EVALUATORS},{MANAGER}")
        for faq in self:
            faq.can_publish = faq.state == "draft" and reviewer and faq.written_by_id != user

    @api.model
    def _search_find(self, operator, value):
        if operator not in ("ilike", "like", "in"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        ids = [faq.id for text in texts for faq in self._find(text)]
        return [("id", "in", ids)]

    # === Low-level methods === #

    def write(self, vals):
        if not self.env.su and self.filtered(lambda faq: faq.state == "published"):
            raise UserError(
                self.env._("What is published is read by everybody: withdraw it, then change it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.filtered(lambda faq: faq.state == "published"):
            raise UserError(self.env._("What is published is withdrawn before it is deleted."))

    # === Actions === #

    def action_publish(self):
        """Let everybody read it; somebody else than who wrote it.

        :raise AccessError: the user wrote it himself, or is no reviewer
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_publish:
            raise AccessError(
                self.env._("A draft is published by another officer than the one who wrote it.")
            )
        now = fields.Datetime.now()
        values = {"state": "published", "published_by_id": self.env.uid, "published_on": now}
        self.sudo().write(values)
        return True

    def action_withdraw(self):
        """Take it off the public page; whoever withdraws it may change it."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().write({"state": "draft", "written_by_id": self.env.uid})
        return True

    # === Business methods === #

    @api.model
    def _find(self, text, companies=None, only_published=False):
        """The questions that have most of the words of ``text``, those read most often first where
        it says nothing.

        :param str text: of any length; two characters suffice
        :param companies: bureaus; those of the user when left out
        """
        domain = [("company_id", "in", (companies or self.env.companies).ids)]
        if only_published:
            domain.append(("state", "=", "published"))
        pairs = similarity.key((text or "")[:QUERY_LENGTH]).split()
        if not pairs:
            return self.search(domain, limit=MOST_FOUND)
        query = self._search(domain)
        # How much of what was asked is found in the text, whatever the length of the text.
        share = SQL(
            """(SELECT avg((strpos(%s, pair) > 0)::int) FROM unnest(%s) pair)""",
            self._field_to_sql(query.table, "text_key"),
            pairs,
        )
        query.add_where(SQL("%s >= %s", share, LEAST_SHARE))
        query.order = SQL("%s DESC, %s DESC", share, SQL.identifier(query.table, "use_count"))
        query.limit = MOST_FOUND
        return self.browse(query)

    def _count_use(self):
        """One more reader; a row that somebody else counts at this moment is not waited for."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    """UPDATE shenpi_faq SET use_count = use_count + 1 WHERE id IN (
                           SELECT id FROM shenpi_faq WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED)""",
                    list(self.ids),
                )
            )
