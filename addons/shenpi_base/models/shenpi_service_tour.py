from odoo import api, fields, models


class ShenpiServiceTour(models.Model):
    """A tour of the service vehicle 服务专车: on a day, with its stops in order.

    Staff of the bureau see the tours and plan them; of the stops each sees those that he sees
    elsewhere.
    """

    _name = "shenpi.service.tour"
    _description = "Vehicle tour"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    vehicle = fields.Char(required=True, help="Number plate or name of the vehicle.")
    driver_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    stop_ids = fields.One2many(
        "shenpi.home.service", "tour_id", string="Stops", domain=[("state", "!=", "cancelled")]
    )
    stop_count = fields.Integer(string="Number of stops", compute="_compute_counts")
    done_count = fields.Integer(string="Stops made", compute="_compute_counts")
    note = fields.Char()

    _once_a_day = models.UniqueIndex(
        "(company_id, vehicle, date)", "This vehicle has a tour on that day already."
    )

    @api.depends("vehicle", "date")
    def _compute_name(self):
        for tour in self:
            tour.name = f"{tour.date or ''} {tour.vehicle or ''}".strip()

    @api.depends("stop_ids.state")
    def _compute_counts(self):
        for tour in self:
            tour.stop_count = len(tour.stop_ids)
            tour.done_count = len(tour.stop_ids.filtered(lambda stop: stop.state == "done"))
