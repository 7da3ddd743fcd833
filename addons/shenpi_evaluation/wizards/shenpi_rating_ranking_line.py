from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.bulletin import show

from ..tools import figures


class ShenpiRatingRankingLine(models.TransientModel):
    """One row of a ranking; rank 0 where there is too little to compare."""

    _name = "shenpi.rating.ranking.line"
    _description = "Row of a ranking"
    _order = "sequence, id"

    ranking_id = fields.Many2one("shenpi.rating.ranking", required=True, ondelete="cascade")
    sequence = fields.Integer()
    rank = fields.Integer(string="Rank as a number", aggregator=None)
    place = fields.Char(string="Rank", compute="_compute_place")
    name = fields.Char()
    rated = fields.Integer(string="Number of ratings")
    satisfied = fields.Integer()
    bad = fields.Integer(string="Bad ratings")
    asked = fields.Integer()
    answered = fields.Integer(string="Rated when asked")
    rectified = fields.Integer(string="Put right")
    due = fields.Integer()
    in_time = fields.Integer(string="Put right in time")
    named = fields.Integer()
    visited = fields.Integer()
    rate = fields.Char(string="Satisfied share", compute="_compute_shares")
    active_rate = fields.Char(string="Active share", compute="_compute_shares")
    bad_rate = fields.Char(string="Bad share", compute="_compute_shares")
    rectified_in_time_rate = fields.Char(string="In time share", compute="_compute_shares")
    visited_rate = fields.Char(string="Visited share", compute="_compute_shares")

    @api.depends("rank")
    def _compute_place(self):
        for line in self:
            line.place = str(line.rank) if line.rank else "—"

    @api.depends(*figures.COUNTS)
    def _compute_shares(self):
        for line in self:
            shares = figures.derive({name: line[name] for name in figures.COUNTS})
            for name in figures.SHARES:
                if name in self._fields:
                    line[name] = show(shares.get(name), "share")
