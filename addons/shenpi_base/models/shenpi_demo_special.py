import random
from datetime import datetime, time

from odoo import SUPERUSER_ID, api, fields, models

from ..tools.localtime import to_local, to_utc

# Commitments: working days since the filing, and what became of them.
COMMITMENTS = (
    (0, "verifying"),
    (1, "verifying"),
    (3, "verifying"),
    (6, "assigned"),
    (8, "fulfilled"),
    (9, "rectifying"),
    (12, "fulfilled"),
    (14, "reported"),
    (16, "assigned"),
    (17, "verifying"),
    (18, "false"),
    (23, "verifying"),
)
# Promises: working days since the filing, until the promised day from then, and what became.
PROMISES = (
    (0, 3, "received"),
    (0, 4, "accepted"),
    (1, 2, "accepted"),
    (1, 4, "deciding"),
    (2, 3, "accepted"),
    (4, 4, "deciding"),
    (6, 3, "granted"),
    (7, 2, "granted"),
    (9, 3, "broken"),
)
# Credit: who, grade, ground, who says so, whether it was repaired.
CREDIT = (
    ("金沙明远物流有限公司", "A", "rating", "市公共信用信息平台", False),
    ("云山佳宁医药有限公司", "A", "rating", "市公共信用信息平台", False),
    ("东湖文博信息科技有限公司", "B", "rating", "市公共信用信息平台", False),
    ("滨海晓东建筑有限责任公司", "C", "rating", "市公共信用信息平台", False),
    ("临港俊杰置业股份有限公司", "D", "blacklist", "信用中国", False),
    ("青云思源餐饮管理有限公司", "C", "rating", "市公共信用信息平台", True),
)
FINDINGS = {
    "fulfilled": "现场核查，经营场所、人员和制度与承诺一致。",
    "rectifying": "消防疏散示意图未张贴，一名从业人员资格证明已过期。",
    "reported": "承诺的经营场所不存在，承租合同系伪造。",
    "false": "承诺的经营场所不具备使用条件，限期内未整改。",
}
REPAIR = "已缴清罚款并完成信用修复，修复决定书见附件。"


class ShenpiDemo(models.AbstractModel):
    """Demo of the special paths: promised materials, commitments in every state, credit records."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_special_cases(self):
        """Make them once."""
        if self.env["shenpi.commitment"].search_count([], limit=1):
            return
        dice = random.Random(24)
        city = self.env.ref("base.main_company")
        self._load_credit(dice, city)
        items = self.env["shenpi.item"].search(
            [("company_id", "=", city.id), ("state", "=", "published")]
        )
        trusted = items.filtered("allow_commitment")
        for place, (age, fate) in enumerate(COMMITMENTS):
            self._make_commitment(dice, trusted[place % len(trusted)], age, fate)
        patient = items.filtered(
            lambda i: i.allow_deferral and i.promised_limit >= 5 and not i.needs_inspection
        )
        for age, days, fate in PROMISES:
            self._make_promise(dice, dice.choice(patient), age, days, fate)

    def _get_moment(self, age, hour=9):
        """So many working days ago, in office hours; never after now."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        now = fields.Datetime.now()
        day = calendar.add(calendar.roll_forward(to_local(now).date()), -age)
        return min(to_utc(datetime.combine(day, time(hour, 10))), now)

    # === Credit === #

    def _load_credit(self, dice, company):
        supervisor = self._get_user("supervisor")
        credits = self.env["shenpi.credit"].with_user(supervisor).with_company(company)
        for name, grade, ground, source, repaired in CREDIT:
            credit = credits.create(
                {
                    "subject_name": name,
                    "id_number": self._get_uscc(dice),
                    "grade": grade,
                    "ground": ground,
                    "source": source,
                    "valid_from": to_local(self._get_moment(dice.randrange(5, 60))).date(),
                }
            )
            if repaired:
                credit._do_repair(REPAIR)

    # === Commitments === #

    def _make_commitment(self, dice, item, age, fate):
        case = self._draft_special(dice, item, commitment=True)
        given = case.material_ids.filtered(lambda m: m.item_material_id.spared_by != "commitment")
        given.write({"status": "provided"})
        case._do_receive(at=self._get_moment(age))
        commitment = case.commitment_ids
        inspector = commitment.with_user(self._get_user("inspector"))
        decider = commitment.with_user(self._get_user("decider"))
        at = self._get_moment(max(age - 3, 0), hour=10)
        if fate == "assigned":
            inspector._do_assign(inspector.env.user)
        elif fate == "fulfilled":
            inspector._do_confirm(FINDINGS[fate], at=at)
        elif fate == "rectifying":
            inspector._do_rectify(FINDINGS[fate], self._get_day(5), at=at)
        elif fate in ("reported", "false"):
            inspector._do_report_false(FINDINGS[fate], at=at)
            if fate == "false":
                decider._do_revoke(FINDINGS[fate])

    def _get_day(self, days):
        """So many working days from today."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        return calendar.add(to_local(fields.Datetime.now()).date(), days)

    # === Promises === #

    def _make_promise(self, dice, item, age, days, fate):
        case = self._draft_special(dice, item)
        later = case.material_ids.filtered("deferrable")[:1]
        (case.material_ids - later).write({"status": "provided"})
        filed = self._get_moment(age)
        promised = self.env["shenpi.workday"]._get_calendar().add(to_local(filed).date(), days)
        later.write({"status": "deferred", "promised_date": promised})
        case._do_receive(at=filed)
        if fate == "received":
            return
        case._do_accept(at=filed)
        if fate == "broken":
            case.with_user(SUPERUSER_ID)._do_deem_withdrawn()
        elif fate in ("deciding", "granted"):
            self._bring_promised(case, later, fate, age)

    def _bring_promised(self, case, later, fate, age):
        """Reviewed while the material is awaited; granted after it has come."""
        at = self._get_moment(max(age - 1, 0), hour=10)
        reviewer = case.with_user(self._get_user("reviewer"))
        while case.sudo().step_id.kind == "review":
            reviewer._do_review("pass", "材料齐全部分已审查，待容缺材料补齐后决定。", at=at)
        if fate == "granted":
            case._do_supplement({later: {"status": "provided", "provided_at": at}}, at=at)
            decider = case.with_user(self._get_user("decider"))
            decider._do_decide("grant", "容缺材料已补齐，准予许可。", at=at)

    def _draft_special(self, dice, item, **values):
        vals = self._prepare_application_vals(dice, item) | {"channel": "window"} | values
        return (
            self.env["shenpi.application"]
            .with_user(self._get_user("clerk"))
            .with_company(item.company_id)
            .with_context(tracking_disable=True)
            .create(vals)
        )
