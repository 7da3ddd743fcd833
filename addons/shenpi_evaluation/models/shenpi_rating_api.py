from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.shenpi_base.models.shenpi_api_mixin import REQUIRED, in_callers_language

from ..tools import figures
from ..tools.channels import CHANNELS, channel_of
from ..tools.levels import LEVELS, NUMBERINGS, level_of
from ..tools.roles import DESK
from .shenpi_rating import SCORES
from .shenpi_rating_service import KIND_SELECTION

SUBMITTERS = ("shenpi_base.group_shenpi_integrator",)
READERS = (
    "shenpi_base.group_shenpi_integrator",
    "shenpi_base.group_shenpi_supervisor",
    "shenpi_base.group_shenpi_manager",
    *DESK,
)
SUBMIT_SPEC = {
    "client_ref": (str, REQUIRED),
    "number": (str, REQUIRED),
    "service": frozenset(key for key, _label in KIND_SELECTION),
    "turn": frozenset({"first", "addition"}),
    "level": frozenset(LEVELS),
    "level_code": int,
    "numbering": frozenset(NUMBERINGS),
    "tags": [str],
    "scores": {name.removeprefix("score_"): int for name in SCORES},
    "text": str,
    "channel": frozenset(CHANNELS),
    "channel_code": str,
    "rater": {"name": (str, REQUIRED), "phone": str},
    "at": str,
}
STATS_SPEC = {
    "date_from": (str, REQUIRED),
    "date_to": (str, REQUIRED),
    "department": str,
    "window": str,
    "item_code": str,
    "channel": frozenset(CHANNELS),
}


class ShenpiRating(models.Model):
    """Ratings over RPC: see the contract with integrators in the README."""

    _name = "shenpi.rating"
    _inherit = ["shenpi.rating", "shenpi.api.mixin"]

    @api.model
    @in_callers_language
    def api_submit(self, payload):
        """Take a rating that another platform has collected.

        :param dict payload: client_ref, number (of the case), service? (visit, case or delivery;
            the newest that has ended when left out), turn? (first or addition), level (word key)
            or level_code with numbering (stars: 5 is best; gbt39046: 1 is best), tags? [codes],
            scores? {efficiency, competence, attitude, guide, convenience, platform: 1 to 5}, text?,
            channel or channel_code (1 to 7), rater? {name, phone?} (anonymous without), at?
        :return: {reference, number, level, turn, case? (number of the bad-rating case), duplicate}
        """
        self._api_check_groups(*SUBMITTERS)
        calls = self.env["shenpi.api.call"]
        values = self._api_read(payload, SUBMIT_SPEC)
        reference = values["client_ref"]
        digest = calls._get_digest({k: v for k, v in values.items() if k != "client_ref"})
        earlier = calls._find(self._name, [reference])
        if reference in earlier:
            return calls._repeat(earlier[reference], digest)
        answer = self._api_take(values)
        calls._keep(self._name, {reference: (digest, answer)})
        return answer

    @api.model
    def _api_take(self, values):
        service = self._api_find_service(values)
        rater = values.get("rater", {})
        scores = {f"score_{name}": score for name, score in values.get("scores", {}).items()}
        turn = values.get("turn", "first")
        rating = self._take(
            service,
            {
                "level": self._api_read_level(values),
                "tags": self._find_tags(values.get("tags", [])),
                "scores": scores,
                "text": values.get("text"),
                "channel": self._api_read_channel(values),
                "name": rater.get("name"),
                "phone": rater.get("phone"),
            },
            turn,
            at=self._api_read_past(values, service),
        )
        return self._api_clean(
            {
                "reference": rating._get_reference(),
                "number": values["number"],
                "level": rating.level,
                "turn": turn,
                "case": rating.case_ids[:1].number,
            }
        ) | {"duplicate": False}

    @api.model
    def _api_read_past(self, values, service):
        moment = self._api_read_moment(values)
        if moment and not service.finished_at <= moment <= fields.Datetime.now():
            raise ValidationError(
                self.env._("at: must lie between the end of the service and now.")
            )
        return moment

    @api.model
    def _api_find_service(self, values):
        """The service of a case that the caller sees, as sudo."""
        case = self.env["shenpi.application"].search([("number", "=", values["number"])], limit=1)
        if not case:
            raise UserError(self.env._("number: there is no such case."))
        domain = Domain("application_id", "=", case.id)
        if "service" in values:
            domain &= Domain("kind", "=", values["service"])
        service = self.env["shenpi.rating.service"].sudo().search(domain, limit=1)
        if not service:
            raise UserError(self.env._("number: no service of this case has ended yet."))
        return service

    @api.model
    def _api_read_level(self, values):
        if ("level" in values) == ("level_code" in values):
            raise ValidationError(self.env._("level: give either level or level_code."))
        if "level" in values:
            return values["level"]
        if "numbering" not in values:
            raise ValidationError(self.env._("numbering: is required with level_code."))
        try:
            return level_of(values["level_code"], values["numbering"])
        except ValueError as error:
            raise ValidationError(self.env._("level_code: must be from 1 to 5.")) from error

    @api.model
    def _api_read_channel(self, values):
        if ("channel" in values) == ("channel_code" in values):
            raise ValidationError(self.env._("channel: give either channel or channel_code."))
        if "channel" in values:
            return values["channel"]
        try:
            return channel_of(values["channel_code"])
        except ValueError as error:
            raise ValidationError(self.env._("channel_code: must be from 1 to 7.")) from error

    @api.model
    def _find_tags(self, codes):
        """The tags with these codes."""
        tags = self.env["shenpi.rating.tag"].sudo()
        known = tags._get_in_use()
        unknown = set(codes) - set(known)
        if unknown:
            raise ValidationError(self.env._("tags: there is no tag %s.", sorted(unknown)[0]))
        return tags.browse(known[code][0] for code in dict.fromkeys(codes))

    @api.model
    @api.readonly
    @in_callers_language
    def api_stats(self, query):
        """The figures of the caller's bureaus over the services of a period.

        :param dict query: date_from and date_to (both included), department? and window? (codes),
            item_code?, channel?
        :return: the counts rated, satisfied, bad, asked, answered, rectified, due, in_time, named,
            visited, defaults; and the shares that have a denominator: rate (satisfied/rated),
            active_rate (answered/asked), bad_rate (bad/rated), rectified_rate (rectified/bad),
            rectified_in_time_rate (in_time/due), visited_rate (visited/named)
        """
        self._api_check_groups(*READERS)
        values = self._api_read(query, STATS_SPEC)
        first = self._api_read_date(values["date_from"], "date_from")
        last = self._api_read_date(values["date_to"], "date_to")
        if first > last:
            raise ValidationError(self.env._("date_to: lies before date_from."))
        counts = self.env["shenpi.rating.figures"]._count(
            self.env.companies.ids, first, last, self._api_read_filters(values)
        )
        return counts | {name: round(rate, 6) for name, rate in figures.derive(counts).items()}

    @api.model
    def _api_read_filters(self, values):
        filters = {}
        for key in ("department", "window"):
            if key in values:
                department = self.env["shenpi.department"].search(
                    [("code", "=", values[key]), ("company_id", "in", self.env.companies.ids)]
                )
                if not department:
                    raise ValidationError(self.env._("%s: there is no such department.", key))
                filters[f"{key}_id"] = department.ids
        if "item_code" in values:
            items = self.env["shenpi.item"].search(
                [("code", "=", values["item_code"]), ("company_id", "in", self.env.companies.ids)]
            )
            if not items:
                raise ValidationError(self.env._("item_code: there is no such item."))
            filters["item_id"] = items.ids
        if "channel" in values:
            filters["channel"] = [values["channel"]]
        return filters
