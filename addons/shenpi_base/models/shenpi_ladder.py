from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

CRON = "shenpi_base.cron_ladder"
# The scheduled action runs every hour; after so long without a run it counts as stopped.
OVERDUE_AFTER = timedelta(hours=3)


class ShenpiLadder(models.Model):
    """An escalation ladder: what is done, and when, about documents whose deadline nears or passes.

    A ladder stands on one track (``shenpi.ladder.mixin``), for one bureau or for all that have
    none of their own. Bureau heads configure it; supervisors read it and see here whether it runs.
    """

    _name = "shenpi.ladder"
    _description = "Escalation ladder"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    track = fields.Selection(
        selection="_get_track_options", string="Watches", required=True, help="Which deadline."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: every bureau that has no ladder of its own for this deadline.",
    )
    rung_ids = fields.One2many("shenpi.ladder.rung", "ladder_id", string="Rungs", copy=True)
    run_ids = fields.One2many("shenpi.ladder.run", "ladder_id", readonly=True)
    last_run_at = fields.Datetime(string="Last run", compute="_compute_last_run")
    last_run_state = fields.Char(compute="_compute_last_run")
    last_done_count = fields.Integer(string="Acted", compute="_compute_last_run")
    next_run_at = fields.Datetime(string="Next run", compute="_compute_health")
    backlog = fields.Integer(string="Due now", compute="_compute_backlog")
    failure_count = fields.Integer(string="Failures", compute="_compute_failure_count")
    health = fields.Selection(
        [
            ("ok", "Running"),
            ("waiting", "Not run yet"),
            ("failing", "Failures"),
            ("stopped", "Not running"),
        ],
        compute="_compute_health",
    )
    color = fields.Integer(compute="_compute_color")

    _one_per_track = models.UniqueIndex(
        "(track, coalesce(company_id, 0)) WHERE active",
        "This bureau already has a ladder for this deadline.",
    )

    # === Tracks === #

    @api.model
    def _get_track_options(self):
        return [(key, track.label) for key, (_model, track) in self._get_tracks().items()]

    @api.model
    def _get_tracks(self):
        """All tracks of all models: {"<model>:<key>": (model, Track)}."""
        registry = self.env.registry
        joined = registry["shenpi.ladder.mixin"]
        return {
            f"{name}:{key}": (name, track)
            for name, model in sorted(registry.items())
            if not model._abstract and issubclass(model, joined)
            for key, track in self.env[name]._get_ladder_tracks().items()
        }

    def _get_track(self):
        self.ensure_one()
        return self._get_tracks()[self.track][1]

    def _get_documents(self):
        """The model of the documents this ladder watches, and the key of its track there."""
        name, _colon, key = self.track.partition(":")
        return self.env[name], key

    # === Compute methods === #

    @api.depends("track", "rung_ids.offset", "rung_ids.anchor", "rung_ids.active")
    def _compute_backlog(self):
        for ladder in self:
            ladder.backlog = len(ladder.sudo()._get_due_ids()) if ladder._origin else 0

    def _compute_failure_count(self):
        counts = dict(
            self.env["shenpi.ladder.firing"]
            .sudo()
            ._read_group(
                [("ladder_id", "in", self.ids), ("state", "=", "failed")],
                ["ladder_id"],
                ["__count"],
            )
        )
        for ladder in self:
            ladder.failure_count = counts.get(ladder._origin, 0)

    @api.depends("run_ids.state", "run_ids.done_count")
    def _compute_last_run(self):
        for ladder in self:
            run = ladder.run_ids[:1]
            ladder.last_run_at = run.started_at
            ladder.last_run_state = run.state
            ladder.last_done_count = run.done_count

    @api.depends("active", "run_ids.state")
    def _compute_health(self):
        cron = self.env.ref(CRON).sudo()
        late = fields.Datetime.now() - OVERDUE_AFTER
        for ladder in self:
            ladder.next_run_at = cron.nextcall if cron.active else False
            if not cron.active or cron.nextcall < late:
                ladder.health = "stopped"
            elif not ladder.last_run_at:
                ladder.health = "waiting"
            elif ladder.last_run_at < late:
                ladder.health = "stopped"
            elif (
                cron.failure_count
                or ladder.failure_count
                or ladder.last_run_state in ("failed", "interrupted")
            ):
                ladder.health = "failing"
            else:
                ladder.health = "ok"

    @api.depends("health")
    def _compute_color(self):
        colors = {"ok": 10, "waiting": 0, "failing": 1, "stopped": 1}
        for ladder in self:
            ladder.color = colors[ladder.health]

    # === Constraint methods === #

    @api.constrains("track")
    def _check_track(self):
        for ladder in self.sudo():
            ladder.rung_ids._check_anchor()
            name = ladder._get_documents()[0]._name
            if set(ladder.rung_ids.firing_ids.mapped("document_model")) - {name}:
                raise ValidationError(
                    self.env._("Watches: the ladder has acted already; archive it, make another.")
                )

    # === Actions === #

    def action_open_firings(self):
        """What this ladder did."""
        return self._open_firings()

    def action_open_failures(self):
        """What this ladder could not do."""
        return self._open_firings(search_default_failed=1)

    def _open_firings(self, **context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "shenpi_base.shenpi_ladder_firing_action"
        )
        return dict(action, domain=[("ladder_id", "=", self.id)], context=context)

    def action_run_now(self):
        """Let the scheduled action run as soon as a worker is free."""
        self.check_access("write")
        self.env.ref(CRON)._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("The ladders run within a minute."),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === Documents of a ladder === #

    def _get_document_domain(self):
        """The documents this ladder watches: whose deadline runs, of its bureau or of the bureaus
        that have no ladder of their own."""
        documents, _key = self._get_documents()
        company = documents._get_ladder_company_field()
        domain = Domain(self._get_track().live)
        if self.company_id:
            return domain & Domain(company, "=", self.company_id.id)
        own = self.search([("track", "=", self.track), ("company_id", "!=", False)])
        if own:
            domain &= Domain(company, "not in", own.company_id.ids)
        return domain
