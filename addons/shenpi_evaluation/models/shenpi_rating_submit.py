from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.shenpi_base.tools import identifiers

from ..tools.levels import BAD_LEVELS, LEVELS
from .shenpi_rating import ONLINE_SCORES, ONSITE_SCORES, SCORES

TEXT_LIMIT = 500
NAME_LIMIT = 50
# Line breaks and tabs are text; other control characters are not.
CONTROL = dict.fromkeys(set(range(32)) - {9, 10, 13})


class ShenpiRating(models.Model):
    """How a rating is taken: the one door behind the public page, the tablet, the phone entry and
    the API. Who may use which of them is asked there; what a rating may contain is asked here."""

    _name = "shenpi.rating"
    _inherit = ["shenpi.rating", "shenpi.upload.mixin"]

    @api.model
    def _take(self, service, vals, turn="first", at=None):
        """Write the rating of a service.

        A bad one opens its case in the same transaction.

        :param service: the ``shenpi.rating.service``
        :param dict vals: level; and as given: tags (recordset), scores ({field: 1 to 5}), text,
            channel, name, phone, call_note, entered_by_id, files ([(name, bytes)])
        :param str turn: first, addition or second
        :param datetime at: naive UTC moment at which it was said; now when absent
        :raise ValidationError: naming what is not in order
        :raise UserError: the service has been rated in this turn already, or not yet
        :return: the rating, as sudo
        """
        return self._write_down(service, self._check(service, vals, turn), turn, at)

    @api.model
    def _check(self, service, vals, turn):
        """The content of a rating as it is stored. Raises as :meth:`_take`, and writes nothing."""
        self._check_turn(service.sudo(), turn)
        return self._clean(vals)

    @api.model
    def _write_down(self, service, vals, turn, at=None):
        """Write a rating whose content :meth:`_check` has answered."""
        service = service.sudo()
        if turn == "first" and not service._note_rating(vals["level"], vals.get("channel")):
            raise UserError(self.env._("This service has been rated already."))
        (rating,) = self.sudo()._insert_all([self._prepare(service, vals, turn, at)])
        rating._link_tags(vals["tags"])
        rating._attach(vals["files"])
        if vals["level"] in BAD_LEVELS and turn != "second":
            self._open_case(rating, at)
        return rating

    @api.model
    def _rate_by_default(self, service):
        """The default rating of a service that nobody has rated in time."""
        if service._note_rating("satisfied", None, is_default=True):
            vals = self._clean({"level": "satisfied"})
            row = self._prepare(service, vals, "default", None)
            self.sudo()._insert_all([dict(row, is_default=True, anonymous=True)])

    @api.model
    def _open_case(self, rating, at=None):
        """Open the case of a bad rating, unless one works on the service already."""
        cases = self.env["shenpi.rating.case"].with_user(SUPERUSER_ID)
        if not cases.search_count([("service_id", "=", rating.service_id.id)], limit=1):
            cases._open_for(rating, at)

    # === Checks === #

    @api.model
    def _check_turn(self, service, turn):
        """A default rating gives way to a first one."""
        if service.answered and (turn == "first" or turn in service.rating_ids.mapped("turn")):
            raise UserError(self.env._("This service has been rated already."))
        if turn != "first" and not service.answered:
            raise UserError(self.env._("This service has not been rated yet."))

    @api.model
    def _clean(self, vals):
        """The content of a rating as it is stored; refused where something is not in order."""
        level = vals.get("level")
        if level not in LEVELS:
            raise ValidationError(self.env._("level: must be one of %s.", ", ".join(LEVELS)))
        tags = vals.get("tags") or self.env["shenpi.rating.tag"]
        levels = dict(tags._get_in_use().values())
        for tag in tags:
            if levels.get(tag.id) != level:
                raise ValidationError(
                    self.env._("tags: %(tag)s belongs to another level.", tag=tag.code)
                )
        scores = vals.get("scores") or {}
        for name, score in scores.items():
            if name not in SCORES or type(score) is not int or not 1 <= score <= 5:
                raise ValidationError(self.env._("scores: %s must be a number from 1 to 5.", name))
        return {
            **vals,
            "tags": tags,
            "scores": scores,
            "text": self._clean_text("text", vals.get("text"), TEXT_LIMIT),
            "name": self._clean_text("name", vals.get("name"), NAME_LIMIT),
            "phone": self._clean_phone(vals.get("phone")),
            "files": self._prepare_uploads(vals.get("files") or []),
        }

    @api.model
    def _clean_text(self, field, text, limit):
        text = (text or "").replace("\r\n", "\n").translate(CONTROL).strip()
        if len(text) > limit:
            raise ValidationError(
                self.env._(
                    "%(field)s: at most %(limit)s characters, there are %(count)s.",
                    field=field,
                    limit=limit,
                    count=len(text),
                )
            )
        return text

    @api.model
    def _clean_phone(self, phone):
        phone = identifiers.normalise(phone or "")
        if phone:
            self.env["shenpi.application"]._check_phone("phone", phone)
        return phone

    # === Writing === #

    @api.model
    def _prepare(self, service, vals, turn, at):
        return {
            "service_id": service.id,
            "turn": turn,
            "level": vals["level"],
            **vals["scores"],
            "text": vals["text"] or None,
            "channel": vals.get("channel"),
            "is_default": False,
            "valid": True,
            "rated_at": at or fields.Datetime.now(),
            "entered_by_id": vals.get("entered_by_id"),
            "call_note": vals.get("call_note"),
            "anonymous": not vals["name"],
            "rater_name_raw": vals["name"] or None,
            "rater_phone_raw": vals["phone"] or None,
            "kind": service.kind,
            "company_id": service.company_id.id,
            "department_id": service.department_id.id,
            "window_id": service.window_id.id,
            "clerk_id": service.clerk_id.id,
            "item_id": service.item_id.id,
            "month": service.day.replace(day=1),
        }

    def _link_tags(self, tags):
        """In one statement: a rating that has just been written has no tags to compare with."""
        if not tags:
            return
        field = self._fields["tag_ids"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s, %s) SELECT %s, unnest(%s)",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                self.id,
                list(tags.ids),
            )
        )
        self.invalidate_recordset(["tag_ids"], flush=False)

    def _attach(self, files):
        service = {"res_model": "shenpi.rating.service", "res_id": self.service_id.id}
        self.env["ir.attachment"].sudo().create([file | service for file in files])

    @api.model
    def _get_scores(self, service):
        """The aspects that are asked for a service."""
        return ONLINE_SCORES if service.online else ONSITE_SCORES

    def _exclude(self):
        """Take a rating out of the figures after an appeal was upheld; it stays on record."""
        self.ensure_one()
        rating = self.sudo()
        rating.valid = False
        if rating.turn == "first":
            rating.service_id.counted = False
