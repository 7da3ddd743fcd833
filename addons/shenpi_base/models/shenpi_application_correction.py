from odoo import fields, models


class ShenpiApplicationCorrection(models.Model):
    """The one notice that tells the applicant everything that is missing (行政许可法 art. 32(4)).

    Written by the flow when a correction is requested. The database allows one per application; a
    further one needs the reason of a supervisor or the bureau head (art. 72: who does not tell
    everything at once answers for it).
    """

    _name = "shenpi.application.correction"
    _description = "Correction notice"
    _order = "application_id, id"
    _rec_name = "sent_at"

    application_id = fields.Many2one(
        "shenpi.application", required=True, index=True, ondelete="cascade"
    )
    sent_at = fields.Datetime(string="Told on", required=True)
    sent_by_id = fields.Many2one("res.users", string="By", required=True, ondelete="restrict")
    supplemented_at = fields.Datetime(string="Supplemented")
    override_reason = fields.Char(string="Why a second notice")
    line_ids = fields.One2many("shenpi.application.correction.line", "correction_id")

    _one_per_application = models.UniqueIndex(
        "(application_id) WHERE override_reason IS NULL",
        "The applicant has been told once already; everything had to be in that notice.",
    )
