from odoo import api, fields, models
from odoo.exceptions import ValidationError

REGIMES = [
    ("bidding", "Tendering"),
    ("procurement", "Government procurement"),
    ("other", "Other trading"),
]


class ShenpiTender(models.Model):
    """A trading project: what is bought or sold, by whom, under which law, in one or more lots.

    The trade desk and the trade manager enter and correct it; regime and region decide which rules
    hold for its lots, and stay once a lot has been published. All trading staff of the bureau
    read it.
    """

    _name = "shenpi.tender"
    _description = "Tender"
    _order = "id desc"
    _rec_names_search = ["name", "code"]

    code = fields.Char(string="Project no.", required=True, copy=False)
    name = fields.Char(required=True, index="trigram")
    regime = fields.Selection(
        REGIMES,
        required=True,
        default="bidding",
        help="The law that the trade falls under; it decides on caps and due dates.",
    )
    region = fields.Char(help="Province or city whose own rules hold; empty: the national ones.")
    owner_name = fields.Char(string="Tenderer or purchaser", required=True)
    agency_name = fields.Char(string="Agency")
    company_id = fields.Many2one(
        "res.company",
        string="Bureau",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    lot_ids = fields.One2many("shenpi.tender.lot", "tender_id", string="Lots")
    lot_count = fields.Integer(string="Number of lots", compute="_compute_lot_count")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "A tender with this project number exists."
    )

    @api.depends("lot_ids")
    def _compute_lot_count(self):
        counts = dict(
            self.env["shenpi.tender.lot"]._read_group(
                [("tender_id", "in", self.ids)], ["tender_id"], ["__count"]
            )
        )
        for tender in self:
            tender.lot_count = counts.get(tender, 0)

    @api.constrains("regime", "region", "company_id")
    def _check_frozen(self):
        for tender in self.sudo():
            if any(lot.state != "draft" for lot in tender.lot_ids):
                raise ValidationError(
                    self.env._(
                        "%s: regime, region and bureau stay as they were when its first lot was"
                        " published.",
                        tender.name,
                    )
                )

    def action_open_lots(self):
        """The lots of this tender."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "shenpi_tender.shenpi_tender_lot_action"
        )
        return action | {
            "domain": [("tender_id", "=", self.id)],
            "context": {"default_tender_id": self.id},
        }
