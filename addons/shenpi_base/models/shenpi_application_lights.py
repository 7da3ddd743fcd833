from odoo import api, fields, models

from ..tools import clock

LIGHTS = [("green", "In time"), ("yellow", "Near due"), ("red", "Alarm"), ("none", "No clock")]
# The limits of an application, and whether a special procedure stops them.
LIMITS = {"correction": False, "promised": True, "statutory": True, "delivery": False}
MARK_DATES = tuple(f"{limit}_{mark}_date" for limit in LIMITS for mark in ("warn", "alarm"))


def _light(limit, label):
    """The light of one limit: a comparison of its two stored dates with today."""
    return fields.Selection(
        LIGHTS,
        string=label,
        compute="_compute_limit_lights",
        search=lambda self, operator, value: self._search_limit_light(limit, operator, value),
    )


class ShenpiApplication(models.Model):
    """The lights of an application, one for each limit that runs: to say what is missing, the
    promise, the law, delivery.

    A light is read from two dates that move with the clock entries, the calendar and the thresholds
    (``shenpi.light.rule``) only: no light is ever written, every search is one on dates. ``light``
    is that of the limit that counts now, or of the special procedure that stops it.
    """

    _inherit = "shenpi.application"

    correction_light = _light("correction", "Light: correction")
    promised_light = _light("promised", "Light: promise")
    statutory_light = _light("statutory", "Light: law")
    delivery_light = _light("delivery", "Light: delivery")
    correction_warn_date = fields.Date(string="Yellow from: correction", readonly=True)
    correction_alarm_date = fields.Date(string="Red from: correction", readonly=True)
    promised_warn_date = fields.Date(string="Yellow from: promise", readonly=True)
    promised_alarm_date = fields.Date(string="Red from: promise", readonly=True)
    statutory_warn_date = fields.Date(string="Yellow from: law", readonly=True)
    statutory_alarm_date = fields.Date(string="Red from: law", readonly=True)
    delivery_warn_date = fields.Date(string="Yellow from: delivery", readonly=True)
    delivery_alarm_date = fields.Date(string="Red from: delivery", readonly=True)
    overstayed = fields.Boolean(
        string="Procedure overdue",
        compute="_compute_overstayed",
        search="_search_overstayed",
        help="A special procedure takes longer than the applicant was told.",
    )

    _alarm = models.Index("(alarm_date, id) WHERE alarm_date IS NOT NULL")

    # === The light that counts === #

    @api.depends("due_date", "warn_date", "alarm_date")
    def _compute_light(self):
        today = self._get_today()
        for application in self:
            application.light = clock.light_of(
                today, application.due_date, application.warn_date, application.alarm_date
            )

    def _search_light(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_lights_domain("warn_date", "alarm_date", value)

    @api.model
    def _get_lights_domain(self, warn, alarm, lights):
        """Where one of ``lights`` shows, by the names of the two dates."""
        today = self._get_today()
        domains = {
            "none": fields.Domain(warn, "=", False),
            "green": fields.Domain(warn, ">", today),
            "yellow": fields.Domain(warn, "<=", today) & fields.Domain(alarm, ">", today),
            "red": fields.Domain(alarm, "<=", today),
        }
        return fields.Domain.OR(domains[light] for light in lights if light in domains)

    # === The light of each limit === #

    @api.depends(*MARK_DATES, "paused")
    def _compute_limit_lights(self):
        today = self._get_today()
        for application in self:
            for limit, stops in LIMITS.items():
                application[f"{limit}_light"] = clock.light_of(
                    today,
                    # From the day after the due date a light is red: its due date is not asked for.
                    application[f"{limit}_alarm_date"],
                    application[f"{limit}_warn_date"],
                    application[f"{limit}_alarm_date"],
                    stopped=stops and application.paused,
                )

    @api.model
    def _search_limit_light(self, limit, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_lights_domain(f"{limit}_warn_date", f"{limit}_alarm_date", value)
        if not LIMITS[limit]:
            return domain
        # A case that is paused is never late.
        stopped = fields.Domain("paused", "=", True)
        return domain | stopped if "green" in value else domain & ~stopped

    # === A special procedure that takes too long === #

    @api.depends("paused", "due_date")
    def _compute_overstayed(self):
        today = self._get_today()
        for application in self:
            application.overstayed = bool(
                application.paused and application.due_date and application.due_date < today
            )

    @api.model
    def _search_overstayed(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("paused", "=", True) & fields.Domain(
            "due_date", "<", self._get_today()
        )
        return fields.Domain.OR(domain if wanted else ~domain for wanted in value)
