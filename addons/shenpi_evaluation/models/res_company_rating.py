from odoo import api, fields, models, tools


class ResCompany(models.Model):
    """How a bureau asks for ratings and works on the bad ones. No law sets these figures, except
    the working day within which somebody who gave his name is contacted (安阳条例 art. 52)."""

    _inherit = "res.company"

    shenpi_rating_days = fields.Integer(
        string="Days to rate",
        default=30,
        help="Calendar days after a service within which it can be rated by its link or code.",
    )
    shenpi_rating_default_days = fields.Integer(
        string="Default rating after",
        default=0,
        help="Working days after which a service that nobody has rated counts as rated by default."
        " 0: never. Default ratings are kept apart and count in no share.",
    )
    shenpi_rating_contact_days = fields.Integer(
        string="Days to contact",
        default=1,
        help="Working days within which whoever gave a bad rating is contacted.",
    )
    shenpi_rating_rectify_days = fields.Integer(
        string="Days to rectify",
        default=15,
        help="Working days within which what a bad rating is about is put right.",
    )
    shenpi_rating_least = fields.Integer(
        string="Ranked from",
        default=10,
        help="Ratings that somebody needs to be ranked; those with fewer are listed apart.",
    )
    shenpi_rating_months = fields.Integer(
        string="Months to keep who rated",
        default=24,
        help="After so many months words, name and phone number are taken out of a rating; its"
        " level and the figures stay.",
    )

    _shenpi_rating_figures = models.Constraint(
        "CHECK (shenpi_rating_days >= 1 AND shenpi_rating_default_days >= 0"
        " AND shenpi_rating_contact_days >= 1 AND shenpi_rating_rectify_days >= 1"
        " AND shenpi_rating_least >= 1 AND shenpi_rating_months >= 1)",
        "Ratings: days, months and the least number must be at least 1 (a default rating: 0).",
    )

    def write(self, vals):
        result = super().write(vals)
        if "shenpi_rating_days" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    def _get_public_bureaus(self):
        """The bureaus that people write to and read of without a login, as sudo: companies with a
        social credit code; the one of the public user when none has been entered. The first
        company of a database has no sequence, it stands before the others."""
        bureaus = self.sudo().search(
            [("shenpi_uscc", "!=", False)], order="sequence NULLS FIRST, id"
        )
        return bureaus or self.env.company.sudo()

    @api.model
    @tools.ormcache("company.id")
    def _get_rating_days(self, company):
        """Days within which a service of a bureau can be rated; asked whenever a case ends."""
        return company.sudo().shenpi_rating_days
