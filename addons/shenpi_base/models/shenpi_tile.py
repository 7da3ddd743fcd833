from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

LIGHTS = ("yellow", "red")
# Of what a share is taken, by measure.
SHARES = {
    "on_time": Domain("timeliness", "=", "on_time"),
    "reminded": Domain("verdict", "=", "reminded"),
}


class ShenpiTile(models.Model):
    """One number on the board of supervisors and the bureau head, and the list behind it.

    The number counts what its list would show to the same reader. All tiles with the same ground
    (``base_domain``: for cases the states in which a clock runs, which a partial index covers) are
    counted in one query, whatever their number. All bureaus share the tiles, each reader counts
    what he sees; the administrator arranges them.
    """

    _name = "shenpi.tile"
    _description = "Tile of the board"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    action_id = fields.Many2one(
        "ir.actions.act_window",
        string="List behind it",
        required=True,
        ondelete="cascade",
        help="What it counts is the model of this action, and its domain counts too.",
    )
    base_domain = fields.Char(
        string="Counted of",
        required=True,
        default="[]",
        help="Tiles of one model with the same ground are counted together.",
    )
    domain = fields.Char(
        string="Condition", required=True, default="[]", help="What it counts on its ground."
    )
    measure = fields.Selection(
        [
            ("count", "How many"),
            ("on_time", "On-time share"),
            ("reminded", "Share reminded in time"),
        ],
        default="count",
        required=True,
    )
    split = fields.Boolean(string="By light", help="How many of them are yellow and red.")
    icon = fields.Char(default="fa-folder-open-o", help="A Font Awesome name.")
    tone = fields.Selection(
        [("plain", "Plain"), ("warning", "Yellow"), ("danger", "Red")],
        default="plain",
        required=True,
        help="The colour of the number when it is not nought.",
    )
    value = fields.Char(compute="_compute_value")
    yellow = fields.Integer(compute="_compute_value")
    red = fields.Integer(compute="_compute_value")
    is_calm = fields.Boolean(string="Nothing there", compute="_compute_value")

    # === Compute methods === #

    @api.depends("action_id", "base_domain", "domain", "measure", "split")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_value(self):
        self.update({"value": "—", "yellow": 0, "red": 0, "is_calm": True})
        for (model, *_domains), tiles in self.grouped(lambda tile: tile._get_ground()).items():
            records = self.env.get(model)
            if records is None or not records.has_access("read"):
                continue
            numbers = iter(tiles._count(records))
            for tile in tiles:
                tile._show(next(numbers), *(next(numbers) for _part in tile._get_parts()))

    def _get_ground(self):
        action = self.sudo().action_id
        return action.res_model, action.domain or "[]", self.base_domain

    def _get_parts(self):
        """The names of the further numbers that a tile shows."""
        if self.measure in SHARES:
            return (self.measure,)
        return LIGHTS if self.split else ()

    def _count(self, records):
        """The numbers of tiles that share their ground, in one query: for each tile its count, then
        its parts."""
        part_domains = {
            **SHARES,
            **{light: Domain("light", "=", light) for light in LIGHTS},
        }
        query = records._search(self[0]._get_base_domain())
        columns = []
        for tile in self:
            domain = Domain(literal_eval(tile.domain))
            for part in (None, *tile._get_parts()):
                wanted = (domain & part_domains[part] if part else domain).optimize_full(records)
                if wanted.is_true():
                    columns.append(SQL("count(*)"))
                else:
                    condition = wanted._to_sql(records, query.table, query)
                    columns.append(SQL("count(*) FILTER (WHERE %s)", condition))
        ((*numbers,),) = self.env.execute_query(query.select(*columns))
        return numbers

    def _show(self, count, *parts):
        self.is_calm = not count
        if self.measure in SHARES:
            self.value = f"{parts[0] / count:.1%}" if count else "—"
            return
        self.value = f"{count:,}"
        if parts:
            self.yellow, self.red = parts

    # === Domains === #

    def _get_base_domain(self):
        _model, *domains = self._get_ground()
        return Domain.AND(Domain(literal_eval(domain)) for domain in domains)

    def _get_domain(self):
        """What the list behind the tile shows."""
        return self._get_base_domain() & Domain(literal_eval(self.domain))

    @api.constrains("action_id", "base_domain", "domain")
    def _check_domains(self):
        for tile in self:
            tile._check_domain()

    def _check_domain(self):
        try:
            records = self.env[self.sudo().action_id.res_model]
            self._get_domain().validate(records)
        except (KeyError, SyntaxError, TypeError, ValueError) as error:
            raise ValidationError(
                self.env._(
                    "%(tile)s: the condition is not a domain of its list (%(error)s).",
                    tile=self.name,
                    error=error,
                )
            ) from error

    # === Actions === #

    def action_open(self):
        """Open the list behind the tile."""
        self.ensure_one()
        self.check_access("read")
        action = self.sudo().action_id._get_action_dict()
        return {
            **action,
            "name": self.name,
            "display_name": self.name,
            "domain": list(self._get_domain()),
            "context": {"create": False},
        }
