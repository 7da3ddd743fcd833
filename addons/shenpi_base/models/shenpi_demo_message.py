import random
from datetime import timedelta

from odoo import api, models

# What became of the demo messages, as shares; and what a gateway says of those that failed.
OUTCOMES = {"delivered": 90, "sent": 7, "failed": 3}
TROUBLE = ["未送达：用户关机", "未送达：空号", "短信网关拒收：号码在黑名单中"]


class ShenpiDemo(models.AbstractModel):
    """Demo messages: what the applicants of the demo cases would have been told."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_messages(self):
        # The texts are data; their Chinese comes after the demo files otherwise.
        module = self.env["ir.module.module"].search([("name", "=", "shenpi_base")])
        module._update_translations(["zh_CN"])
        chance = random.Random(3)
        templates = self.env["shenpi.message.template"].search([("channel", "=", "sms")])
        by_action = {
            t.event_key.removeprefix("shenpi.application."): t
            for t in templates
            if t.event_key.startswith("shenpi.application.")
        }
        events = self.env["shenpi.event"].search(
            [("application_id", "!=", False), ("action", "in", list(by_action))]
        )
        rows = [self._prepare_demo_message(event, by_action[event.action]) for event in events]
        rows = [row for row in rows if row["address_raw"]]
        told = self.env["shenpi.message"].sudo()._outbox_put(rows)
        for message in told:
            self._settle_demo_message(message, chance)

    def _prepare_demo_message(self, event, template):
        messages = self.env["shenpi.message"]
        case = messages._get_case(event.application_id)
        template = template.with_context(lang=case.env.lang)
        value_of = self.env["shenpi.message.values"]._reader(case, event, {})
        row = messages._prepare_message(template, case, value_of)
        return dict(row, event_id=event.id, origin=f"event/{event.id}/applicant/sms")

    def _settle_demo_message(self, message, chance):
        (state,) = chance.choices(list(OUTCOMES), weights=OUTCOMES.values())
        raised = message.event_id.happened_at
        sent = raised + timedelta(seconds=chance.randint(2, 20))
        vals = {"state": state, "raised_at": raised, "sent_at": sent, "attempts": 1}
        vals.update(answered=True, next_attempt_at=False, provider_ref=f"SMS{message.id:08d}")
        if state == "delivered":
            arrived = sent + timedelta(seconds=chance.randint(3, 40))
            vals.update(delivered_at=arrived, receipt_at=arrived)
        elif state == "failed":
            vals["error"] = chance.choice(TROUBLE)
        message.write(vals)
