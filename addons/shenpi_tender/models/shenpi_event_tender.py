from odoo import fields, models

ACTIONS = [
    ("publish_lot", "Published"),
    ("change_deadline", "Deadline changed"),
    ("open_lot", "Opened"),
    ("name_candidates", "Candidates announced"),
    ("award", "Award notice"),
    ("sign_contract", "Contract signed"),
    ("fail_lot", "Failed"),
    ("terminate_lot", "Tender terminated"),
    ("hold_refunds", "Refunds on hold"),
    ("release_hold", "Hold released"),
    ("register", "Registered"),
    ("withdraw_bid", "Bid withdrawn"),
    ("find_effective", "Security effective"),
    ("find_ineffective", "Security not effective"),
    ("plan_refund", "Refund due"),
    ("renew_refund", "Made anew"),
    ("approve_refund", "Refund approved"),
    ("check_refund", "Refund checked"),
    ("send_back_refund", "Refund sent back"),
    ("batch_refund", "Handed over to the bank"),
    ("clear_refund", "Approved and checked by rule"),
    ("batch_by_rule", "Handed over to the bank by rule"),
    ("drop_refund", "Refund dropped"),
    ("give_up_refund", "Refund not made anew"),
    ("send_refund", "Refund sent"),
    ("hear_timeout", "No answer of the bank"),
    ("hear_accepted", "Accepted by the bank"),
    ("hear_settled", "Paid by the bank"),
    ("hear_rejected", "Rejected by the bank"),
    ("hear_returned", "Came back from the payee's bank"),
    ("propose_decision", "Decision proposed"),
    ("approve_decision", "Decision approved"),
    ("confirm_decision", "Decision confirmed"),
    ("drop_decision", "Proposal dropped"),
    ("reverse_decision", "Decision reversed"),
    ("show_decision_paid", "Paid out"),
    ("show_decision_back", "Payment came back"),
    ("propose_automation", "Automatic refunds proposed"),
    ("return_automation", "Automatic refunds given back"),
    ("confirm_automation", "Automatic refunds confirmed"),
    ("end_automation", "Automatic refunds ended"),
]


class ShenpiEvent(models.Model):
    _name = "shenpi.event"
    _inherit = ["shenpi.sealed.mixin", "shenpi.event"]

    _seals = ("deposit_id.lot_id.sealed", "refund_id.lot_id.sealed")

    lot_id = fields.Many2one("shenpi.tender.lot", index="btree_not_null", ondelete="restrict")
    deposit_id = fields.Many2one("shenpi.deposit", index="btree_not_null", ondelete="restrict")
    refund_id = fields.Many2one("shenpi.refund", index="btree_not_null", ondelete="restrict")
    automation_id = fields.Many2one(
        "shenpi.refund.automation", index="btree_not_null", ondelete="restrict"
    )
    decision_id = fields.Many2one(
        "shenpi.deposit.decision", index="btree_not_null", ondelete="restrict"
    )
    action = fields.Selection(
        selection_add=ACTIONS, ondelete={action: "cascade" for action, _label in ACTIONS}
    )

    _lot_sequence = models.UniqueIndex(
        "(lot_id, sequence) WHERE lot_id IS NOT NULL",
        "This lot already has an event with that number.",
    )
    _deposit_sequence = models.UniqueIndex(
        "(deposit_id, sequence) WHERE deposit_id IS NOT NULL",
        "This bid security already has an event with that number.",
    )
    _refund_sequence = models.UniqueIndex(
        "(refund_id, sequence) WHERE refund_id IS NOT NULL",
        "This refund already has an event with that number.",
    )
    _automation_sequence = models.UniqueIndex(
        "(automation_id, sequence) WHERE automation_id IS NOT NULL",
        "This rule already has an event with that number.",
    )
    _decision_sequence = models.UniqueIndex(
        "(decision_id, sequence) WHERE decision_id IS NOT NULL",
        "This decision already has an event with that number.",
    )

    def _get_document(self):
        trading = self.lot_id or self.deposit_id or self.refund_id
        own = trading or self.automation_id or self.decision_id
        return own or super()._get_document()
