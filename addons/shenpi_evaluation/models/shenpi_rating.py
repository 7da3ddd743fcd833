from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.roles import EVALUATORS
from .shenpi_rating_service import CHANNEL_SELECTION, KIND_SELECTION
from .shenpi_rating_tag import LEVEL_SELECTION
from .shenpi_rating_token import TURN_SELECTION

# Aspects beside the level: those of a counter, then those of an online service.
ONSITE_SCORES = ("score_efficiency", "score_competence", "score_attitude")
ONLINE_SCORES = ("score_efficiency", "score_guide", "score_convenience", "score_platform")
SCORES = tuple(dict.fromkeys(ONSITE_SCORES + ONLINE_SCORES))
# What may still change after a rating has been written, and how: see `init`.
FADING = ("text", "rater_name_raw", "rater_phone_raw", "call_note")


class ShenpiRating(models.Model):
    """What somebody said of a service 好差评: a fact, with the circumstances frozen as they were.

    * It is written by the public page, a counter tablet, an evaluation officer on the phone or an
      integrator, once for each service and turn: first rating, one addition, one after
      rectification. Nobody edits or deletes it, staff of no role and no code: PostgreSQL refuses.
    * Two things may still happen to it: an appeal that is upheld takes it out of the figures
      (``valid``), and after the months a bureau has set words and names fade out of it.
    * Officers of evaluation read all of their bureau; staff what was said of their departments,
      without who said it, when, and of which case.
    """

    _name = "shenpi.rating"
    _inherit = [
        "shenpi.flow.fields",
        "shenpi.bulk.insert",
        "shenpi.sight.mixin",
        "shenpi.masked.export",
    ]
    _description = "Rating"
    _order = "id desc"
    _log_access = False

    _sight_fields = ("department_id", "window_id")

    service_id = fields.Many2one(
        "shenpi.rating.service",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups=EVALUATORS,
    )
    turn = fields.Selection(TURN_SELECTION, required=True, readonly=True)
    level = fields.Selection(LEVEL_SELECTION, required=True, readonly=True, index=True)
    tag_ids = fields.Many2many("shenpi.rating.tag", string="Tags", readonly=True)
    score_efficiency = fields.Integer(string="Efficiency", readonly=True, aggregator="avg")
    score_competence = fields.Integer(string="Competence", readonly=True, aggregator="avg")
    score_attitude = fields.Integer(string="Attitude", readonly=True, aggregator="avg")
    score_guide = fields.Integer(string="Accuracy of the guide", readonly=True, aggregator="avg")
    score_convenience = fields.Integer(string="Convenience", readonly=True, aggregator="avg")
    score_platform = fields.Integer(string="Ease of use", readonly=True, aggregator="avg")
    text = fields.Text(string="In own words", readonly=True)
    channel = fields.Selection(CHANNEL_SELECTION, string="Came in by", readonly=True)
    is_default = fields.Boolean(
        string="By default", readonly=True, help="Nobody rated in time. It counts in no share."
    )
    valid = fields.Boolean(
        string="Counts", default=True, readonly=True, help="Not after an appeal was upheld."
    )
    rated_at = fields.Datetime(string="Rated on", required=True, readonly=True, groups=EVALUATORS)
    entered_by_id = fields.Many2one(
        "res.users",
        string="Taken down by",
        readonly=True,
        ondelete="restrict",
        groups=EVALUATORS,
    )
    call_note = fields.Text(groups=fields.NO_ACCESS)
    faded_at = fields.Datetime(string="Words and names removed on", readonly=True)

    # === Who rated: see shenpi_rating_personal.py === #
    anonymous = fields.Boolean(readonly=True)
    rater_name_raw = fields.Char(groups=fields.NO_ACCESS)
    rater_phone_raw = fields.Char(groups=fields.NO_ACCESS)
    rater_name = fields.Char(string="Rated by", compute="_compute_rater", groups=EVALUATORS)
    rater_phone = fields.Char(string="Phone", compute="_compute_rater", groups=EVALUATORS)
    call_record = fields.Text(
        string="Record of the call", compute="_compute_rater", groups=EVALUATORS
    )
    attachment_ids = fields.One2many(
        "ir.attachment", string="Files", compute="_compute_rater", groups=EVALUATORS
    )

    # === The service, as it was === #
    kind = fields.Selection(KIND_SELECTION, string="Kind of service", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", string="Bureau", required=True, readonly=True, ondelete="restrict"
    )
    department_id = fields.Many2one(
        "shenpi.department", required=True, readonly=True, index=True, ondelete="restrict"
    )
    window_id = fields.Many2one(
        "shenpi.department",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    clerk_id = fields.Many2one(
        "res.users",
        string="Served by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=EVALUATORS,
    )
    item_id = fields.Many2one(
        "shenpi.item", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    month = fields.Date(
        required=True, readonly=True, help="The month of the service, as its first day."
    )
    month_name = fields.Char(string="Month of the service", compute="_compute_month_name")
    case_ids = fields.One2many("shenpi.rating.case", "rating_id", string="Bad-rating case")

    _turn_unique = models.UniqueIndex("(service_id, turn)", "This service has been rated already.")
    _company_list = models.Index("(company_id, id DESC)")
    _scores_of_five = models.Constraint(
        "CHECK ({})".format(
            " AND ".join(f"({name} BETWEEN 1 AND 5) IS NOT FALSE" for name in SCORES)
        ),
        "Aspects are rated from 1 to 5.",
    )

    @property
    def _flow_fields(self):
        return frozenset(self._fields)

    def init(self):
        result = super().init()
        self._guard_facts()
        return result

    def _guard_facts(self):
        """Refuse changes where nothing gets past: words and names may only be emptied, and a rating
        that counts may only stop counting."""
        function = SQL.identifier("shenpi_rating_guard")
        fading = SQL(" AND ").join(
            SQL("(NEW.%(name)s IS NULL OR NEW.%(name)s = OLD.%(name)s)", name=SQL.identifier(name))
            for name in FADING
        )
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE'
                       AND to_jsonb(NEW) - %(free)s::text[] = to_jsonb(OLD) - %(free)s::text[]
                       AND %(fading)s AND (NEW.valid IS NOT TRUE OR OLD.valid IS TRUE) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'ratings are facts: %% refused', TG_OP
                        USING ERRCODE = 'restrict_violation';
                END $$""",
                function=function,
                free=[*FADING, "faded_at", "valid"],
                fading=fading,
            )
        )
        for name, timing, level in (
            ("guard_row", "UPDATE OR DELETE", "ROW"),
            ("guard_table", "TRUNCATE", "STATEMENT"),
        ):
            self.env.cr.execute(
                SQL(
                    "CREATE OR REPLACE TRIGGER %s BEFORE %s ON %s"
                    " FOR EACH %s EXECUTE FUNCTION %s()",
                    SQL.identifier(f"{self._table}_{name}"),
                    SQL(timing),
                    SQL.identifier(self._table),
                    SQL(level),
                    function,
                )
            )

    # === Compute methods === #

    @api.depends("level", "item_id", "department_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for rating in self:
            about = rating.item_id.name or rating.department_id.name
            rating.display_name = f"{rating._get_reference()} · {levels[rating.level]} · {about}"

    @api.depends("month")
    def _compute_month_name(self):
        for rating in self:
            rating.month_name = rating.month and f"{rating.month:%Y-%m}"

    def _get_reference(self):
        """The number by which people and systems name a rating."""
        return f"PJ{self.id:08d}"

    @api.model
    def _get_sight_domain(self):
        """What was said of the departments and windows that the user sees."""
        visible_ids = self.env["shenpi.department"]._get_visible_ids()
        of_department = Domain("department_id", "in", visible_ids)
        return of_department | Domain("window_id", "in", visible_ids)

    # === Low-level methods === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(self.env._("Ratings are facts: nobody deletes them."))

    # === Actions === #

    def action_open_case(self):
        """The case that works on this bad rating."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "shenpi.rating.case",
            "res_id": self.case_ids[:1].id,
            "views": [(False, "form")],
        }
