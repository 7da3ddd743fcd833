from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import messages

# What may stand in braces; the values are those of `shenpi.message.values`.
PLACEHOLDERS = (
    "number",
    "item",
    "applicant",
    "bureau",
    "department",
    "date",
    "reason",
    "procedure",
    "days",
    "correction_due",
    "due",
    "delivery_due",
    "licence",
    "place",
    "phone",
    "link",
    "holder",
    "licences",
    "deadline",
)
# What a preview shows where there is no case yet.
SPECIMEN_NUMBER = "20260610-0001"


class Choice(NamedTuple):
    """What is asked of a template when one is chosen."""

    id: int
    channel: str
    receiver: str
    company_id: int | bool
    item_code: str | bool
    item_type: str | bool

    def fits(self, item):
        """Whether it is meant for a case of this item."""
        return self.item_code in (False, item.code) and self.item_type in (False, item.item_type)

    def rank(self):
        """The more it asks for, the more it counts: item, then type of item, then bureau."""
        return (bool(self.item_code), bool(self.item_type), bool(self.company_id))


class ShenpiMessageTemplate(models.Model):
    """What is told to whom when something happens to a case.

    For each event, channel and receiver the most specific template counts: that of the item, else
    of its type, else the general one; that of the bureau before that of all bureaus. Texts are
    filled in from a closed list of placeholders and never evaluated.

    Staff read the templates; the bureau head writes those of his bureaus and the general ones.
    """

    _name = "shenpi.message.template"
    _inherit = ["shenpi.cached.mixin"]
    _description = "Message template"
    _order = "sequence, event_key, channel, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    event_key = fields.Selection(
        selection="_selection_event_key", string="Sent when", required=True, index=True
    )
    channel = fields.Selection(
        [("sms", "SMS"), ("mail", "E-mail message")],
        string="Sent as",
        required=True,
        default="sms",
    )
    receiver = fields.Selection(
        selection="_selection_receiver", string="Receiver is", required=True, default="applicant"
    )
    company_id = fields.Many2one(
        "res.company", string="Bureau", index=True, help="Empty: for all bureaus."
    )
    item_id = fields.Many2one(
        "shenpi.item",
        domain="[('state', '=', 'published')]",
        ondelete="restrict",
        help="For this item only, in all its versions. Empty: for every item.",
    )
    item_code = fields.Char(related="item_id.code", store=True, precompute=True)
    item_type = fields.Selection(
        selection="_selection_item_type",
        help="For items of this type only. Empty: for every type.",
    )
    subject = fields.Char(translate=True)
    body = fields.Text(string="Text", required=True, translate=True)
    preview = fields.Text(compute="_compute_preview")
    preview_note = fields.Char(string="Length", compute="_compute_preview")
    placeholder_note = fields.Text(
        string="Placeholders", compute="_compute_placeholder_note", compute_sudo=False
    )

    _one_for_each = models.UniqueIndex(
        "(event_key, channel, receiver, COALESCE(company_id, 0), COALESCE(item_code, ''),"
        " COALESCE(item_type, '')) WHERE active IS TRUE",
        "There is a template for this occasion, channel, receiver and type of item already.",
    )

    # === Selections === #

    @api.model
    def _selection_event_key(self):
        """Every action of every document that has a transition table, and what a hook adds."""
        actions = dict(self.env["shenpi.event"]._fields["action"]._description_selection(self.env))
        model_names = self.env["ir.model"]
        keys = [
            (f"{name}.{action}", f"{model_names._get(name).name}: {actions.get(action, action)}")
            for name, model in self.env.registry.items()
            if not model._abstract and getattr(model, "_event_field", None)
            for action in model._transitions
        ]
        return keys + self._get_further_event_keys()

    @api.model
    def _get_further_event_keys(self):
        """Hook: ``[(key, label)]`` of occasions that are no transition of a document."""
        return []

    @api.model
    def _get_placeholders(self):
        """Hook: the names that may stand in braces."""
        return PLACEHOLDERS

    @api.model
    def _selection_receiver(self):
        return self.env["shenpi.message"]._fields["receiver"]._description_selection(self.env)

    @api.model
    def _selection_item_type(self):
        return self.env["shenpi.item"]._fields["item_type"]._description_selection(self.env)

    # === Compute methods === #

    @api.depends_context("lang")
    @api.depends("subject", "body", "channel", "receiver", "item_id", "company_id")
    def _compute_preview(self):
        """As it will be read, with the newest case that fits, or with words that stand for one."""
        values = self.env["shenpi.message.values"]
        for template in self:
            value_of = values._get_specimen(template.item_id).get
            text = messages.render(template.body, value_of)
            if template.channel == "mail":
                subject = messages.render(template.subject, value_of)
                template.preview = f"{subject}\n\n{text}"
                template.preview_note = False
                continue
            company = template.company_id or self.env.company
            text = company._sign_sms(text)
            template.preview = text
            template.preview_note = self.env._(
                "%(characters)s characters, charged as %(parts)s SMS",
                characters=len(text),
                parts=messages.count_parts(text),
            )

    def _compute_placeholder_note(self):
        labels = self.env["shenpi.message.values"]._get_labels()
        note = "\n".join(f"{{{name}}}  {labels[name]}" for name in self._get_placeholders())
        self.placeholder_note = note

    # === Constraint methods === #

    @api.constrains("subject", "body")
    def _check_placeholders(self):
        for template in self:
            text = f"{template.subject or ''} {template.body or ''}"
            unknown = messages.find_names(text) - set(self._get_placeholders())
            if unknown:
                raise ValidationError(
                    self.env._(
                        "There is no placeholder %(unknown)s. There are: %(known)s.",
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in self._get_placeholders()),
                    )
                )

    # === Choosing === #

    @api.model
    @ormcache("company_id")
    def _get_choices(self, company_id):
        """``{event key: choices}`` of a bureau, for the channels it has switched on."""
        channels = self.env["res.company"].sudo().browse(company_id)._get_message_channels()
        templates = self.sudo().search(
            [("company_id", "in", (False, company_id)), ("channel", "in", channels)]
        )
        return {
            event_key: tuple(
                Choice(t.id, t.channel, t.receiver, t.company_id.id, t.item_code, t.item_type)
                for t in group.sorted("id")
            )
            for event_key, group in templates.grouped("event_key").items()
        }

    @api.model
    def _choose(self, event_key, company_id, item):
        """The templates that count for a case of ``item``: one for each channel and receiver."""
        chosen = {}
        fitting = (
            choice
            for choice in self._get_choices(company_id).get(event_key, ())
            if choice.fits(item)
        )
        for choice in sorted(fitting, key=Choice.rank):
            chosen[choice.channel, choice.receiver] = choice.id
        return self.browse(chosen.values())
