import random
from datetime import timedelta

from odoo import api, fields, models

WATCHED_ITEM = "食品经营许可证核发"
REPORTS = (
    ("change", "日常检查发现该企业法定代表人已变更，请核实后办理许可证变更。"),
    ("revoke", "现场检查发现实际经营场所与许可地址不符，涉嫌提供虚假材料，请核查。"),
    ("cancel", "该企业已停业并办理注销登记，请依法注销许可证。"),
    ("withdraw", "场所周边规划调整，许可所依据的客观情况发生重大变化，请研究撤回。"),
    ("change", "企业名称已变更，许可证载明名称不一致。"),
)
ANSWERS = (
    ("done", "经核实情况属实，已办理变更，变更结果一并推送。"),
    ("declined", "经现场核查，实际经营场所与许可地址一致，不予撤销，核查笔录附后。"),
)


class ShenpiDemo(models.AbstractModel):
    """Demo regulators: most pushes of the last weeks are signed for, some late, some not at all;
    a few regulators have reported something."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_pushes(self):
        """Let the regulators sign and report, once."""
        if self.env["shenpi.push"].search_count([("state", "=", "signed")], limit=1):
            return
        pushes = self.env["shenpi.push"].search([("state", "=", "pushed")], order="pushed_at, id")
        self._staff_regulators()
        dice = random.Random(86)
        signed = pushes.browse()
        for push in pushes:
            moment = self._get_signing_moment(dice, push)
            if moment < fields.Datetime.now():
                self._as_regulator(push)._do_sign(at=moment)
                signed |= push
        self._report_some(signed.filtered("licence_id"))

    def _staff_regulators(self):
        """``regulator`` works where food is supervised, ``regulator2`` at all the others."""
        city = self.env.ref("base.main_company")
        domain = [("company_id", "=", city.id), ("kind", "=", "regulator")]
        food = self.env["shenpi.item"].search(
            [("name", "=", WATCHED_ITEM), ("company_id", "=", city.id)], limit=1
        )
        for department in self.env["shenpi.department"].search(domain):
            login = "regulator" if department == food.regulator_id else "regulator2"
            department.user_ids = self._get_user(login)

    def _as_regulator(self, push):
        return push.with_user(push.sudo().regulator_id.user_ids[:1])

    def _get_signing_moment(self, dice, push):
        """Within a day or two for most, days late for some, beyond today for the others."""
        lag = dice.choices((20, 44, 140, 5000), weights=(62, 26, 6, 6))[0]
        return push.pushed_at + timedelta(hours=lag, minutes=dice.randrange(60))

    def _report_some(self, pushes):
        """Reports on the newest licences: the first ones answered, the others open."""
        newest = pushes[-len(REPORTS) :]
        for place, (push, (kind, text)) in enumerate(zip(newest, REPORTS, strict=False)):
            at = max(push.signed_at, fields.Datetime.now() - timedelta(days=len(REPORTS) - place))
            mine = self._as_regulator(push)
            feedback = mine.env["shenpi.push.feedback"]._do_report(mine, kind, text, at=at)
            if place < len(ANSWERS):
                handled = max(at, fields.Datetime.now() - timedelta(hours=20))
                reviewer = feedback.with_user(self._get_user("reviewer"))
                reviewer._do_handle(*ANSWERS[place], at=handled)
