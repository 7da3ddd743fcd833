import random
from datetime import date, datetime, time, timedelta

from odoo import api, fields, models

from ..tools import identifiers
from ..tools.localtime import to_local, to_utc

# How many demo applications end in which state.
CITY_CASES = {
    "closed": 96,
    "accepted": 40,
    "deciding": 32,
    "reviewing": 24,
    "granted": 26,
    "received": 22,
    "correcting": 14,
    "withdrawn": 8,
    "not_accepted": 8,
    "denied": 8,
    "terminated": 4,
    "draft": 3,
}
DISTRICT_CASES = {"received": 5, "accepted": 7, "correcting": 3}

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = [
    "子涵",
    "雨桐",
    "建国",
    "秀英",
    "海波",
    "志强",
    "丽华",
    "文博",
    "晓东",
    "桂芳",
    "俊杰",
    "佳宁",
    "明远",
    "思源",
    "春梅",
]
PLACES = ["青云", "临港", "滨海", "云山", "东湖", "金沙"]
TRADES = [
    "海产",
    "文旅",
    "物流",
    "精密机械",
    "餐饮管理",
    "置业",
    "新能源",
    "医药",
    "建筑",
    "信息科技",
    "农业发展",
    "酒店管理",
]
FORMS = ["有限公司", "有限责任公司", "股份有限公司"]

OPINIONS = {
    "pass": [
        "材料齐全，符合法定条件，拟同意。",
        "经审查符合要求，同意。",
        "现场与图纸一致，拟同意。",
    ],
    "grant": ["符合法定条件、标准，准予许可。"],
    "deny": [
        "经营场所不符合规定的安全距离要求，不具备许可条件。",
        "主要负责人不具备规定的从业资格。",
    ],
    "not_accept": ["所申请事项依法不需要取得行政许可。", "申请事项不属于本机关职权范围。"],
    "withdrawn": ["申请人因经营计划调整，书面申请撤回。", "申请人拟补充资料后重新申报，申请撤回。"],
    "terminated": ["申请人主体资格终止，审批程序终止。"],
}


class ShenpiDemo(models.AbstractModel):
    """Demo applications: every state, made through the real transitions over the last 60 days."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_applications(self):
        """Make the demo applications once."""
        if self.env["shenpi.application"].search_count([], limit=1):
            return
        dice = random.Random(84)
        city = self.env.ref("base.main_company")
        district = self._get_district()
        for company, suffix, cases in ((city, "", CITY_CASES), (district, "_b", DISTRICT_CASES)):
            for state, count in cases.items():
                for _n in range(count):
                    self._make_application(dice, company, suffix, state)

    def _get_district(self):
        return self.env["res.users"].search([("login", "=", "clerk_b")]).company_id

    def _make_application(self, dice, company, suffix, state):
        items = self.env["shenpi.item"].search(
            [("company_id", "=", company.id), ("state", "=", "published")]
        )
        if state == "reviewing":
            items = items.filtered(lambda i: len(i.step_ids) > 2)
        item = dice.choice(items)
        clerk = self._get_user(dice.choice(["clerk", "clerk2"]) if not suffix else "clerk_b")
        moments = self._get_moments(dice, item, state)
        application = (
            self.env["shenpi.application"]
            .with_user(clerk)
            .with_company(company)
            .with_context(tracking_disable=True)
            .create(self._prepare_application_vals(dice, item))
        )
        self._tick_materials(dice, application, state)
        if state != "draft":
            application._do_receive(at=next(moments))
            self._walk(dice, application, state, suffix, moments)

    def _get_user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    # === Applicants === #

    def _prepare_application_vals(self, dice, item):
        person = dice.random() < 0.3
        name = dice.choice(SURNAMES) + dice.choice(GIVEN_NAMES)
        vals = {
            "item_id": item.id,
            "channel": dice.choice(["window", "window", "web", "mobile", "terminal"]),
            "applicant_phone": f"139{dice.randrange(10**7, 10**8)}",
        }
        if person:
            return vals | {
                "applicant_kind": "person",
                "applicant_name": name,
                "applicant_id_type": "ric",
                "applicant_id_number": self._get_ric(dice),
            }
        place, trade, form = (dice.choice(words) for words in (PLACES, TRADES, FORMS))
        return vals | {
            "applicant_kind": "organisation",
            "applicant_name": f"{place}{dice.choice(GIVEN_NAMES)}{trade}{form}",
            "applicant_id_type": "uscc",
            "applicant_id_number": self._get_uscc(dice),
            "agent_name": name,
            "agent_phone": f"138{dice.randrange(10**7, 10**8)}",
        }

    def _get_ric(self, dice):
        """A number that cannot be anybody's: place 000000 does not exist."""
        born = date(1960, 1, 1) + timedelta(days=dice.randrange(16000))
        body = f"000000{born:%Y%m%d}{dice.randrange(1000):03d}"
        return body + identifiers.ric_check_digit(body)

    def _get_uscc(self, dice):
        body = f"91000000MA{dice.randrange(10**7):07d}"
        return body + identifiers.uscc_check_digit(body)

    # === Moments === #

    def _get_moments(self, dice, item, state):
        """Moments of the case in office hours, one after the other, the last one before now."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        now = fields.Datetime.now()
        today = to_local(now).date()
        limit = max(item.promised_limit, 1)
        age = {
            "received": dice.choice([0, 0, 1, 1, 2, 3]),
            "correcting": dice.randrange(1, 12),
            "draft": 0,
            "granted": min(limit, 6) + dice.randrange(7),
            "denied": min(limit, 6) + dice.randrange(7),
        }.get(state, dice.randrange(1, 40))
        if state in ("accepted", "reviewing", "deciding"):
            ages = (0, limit // 4, limit // 3, limit // 2, limit - 2, limit)
            age = max(dice.choices(ages, weights=(4, 5, 4, 3, 2, 1))[0] - 1, 0)
        day = calendar.add(calendar.roll_forward(today), -age - 1)
        moment = to_utc(datetime.combine(day, time(9, dice.randrange(60))))
        pace = max(1, min(age, limit) // 3)
        while True:
            moment = min(moment, now)
            yield moment
            later = moment + timedelta(minutes=dice.randrange(20, 90))
            if dice.random() < 0.6:
                local = to_local(moment)
                day = calendar.add(calendar.roll_forward(local.date()), pace)
                later = to_utc(
                    datetime.combine(day, time(9 + dice.randrange(7), dice.randrange(60)))
                )
            moment = later

    # === The way through the states === #

    def _tick_materials(self, dice, application, state):
        materials = application.material_ids
        if state in ("correcting", "not_accepted"):
            materials = materials[1:]
        elif state == "received" and dice.random() < 0.4:
            materials = materials[:-1]
        materials.write({"status": "provided"})

    def _walk(self, dice, application, state, suffix, moments):
        if state in ("received", "correcting", "not_accepted"):
            return self._walk_desk(dice, application, state, moments)
        application._do_accept(at=next(moments))
        if state == "accepted":
            return None
        if state in ("withdrawn", "terminated"):
            login = "decider" if state == "terminated" else "clerk"
            end = application.with_user(self._get_user(login))
            reason = dice.choice(OPINIONS[state])
            (end._do_withdraw if state == "withdrawn" else end._do_terminate)(reason, next(moments))
            return None
        return self._walk_chain(dice, application, state, moments)

    def _walk_desk(self, dice, application, state, moments):
        if state == "correcting":
            application._do_request_correction([], at=next(moments))
        elif state == "not_accepted":
            code, reason = dice.choice(
                list(zip(("not_needed", "not_ours"), OPINIONS["not_accept"], strict=True))
            )
            application._do_not_accept(code, reason, "市行政审批服务局咨询窗口", at=next(moments))

    def _walk_chain(self, dice, application, state, moments):
        reviewer = application.with_user(self._get_user("reviewer"))
        decider = application.with_user(self._get_user("decider"))
        deny = state == "denied" or (state == "closed" and dice.random() < 0.06)
        while application.sudo().step_id.kind == "review":
            reviewer._do_review("pass", dice.choice(OPINIONS["pass"]), at=next(moments))
            if state == application.state == "reviewing":
                return
        if state == "deciding":
            if application.state == "accepted":
                decider._do_review("pass", dice.choice(OPINIONS["pass"]), at=next(moments))
            return
        outcome = "deny" if deny else "grant"
        self._walk_inspection(dice, application, outcome, moments)
        decider._do_decide(outcome, dice.choice(OPINIONS[outcome]), at=next(moments))
        if state == "closed":
            method = dice.choice(["window", "post", "electronic"])
            tracking = f"EM{dice.randrange(10**8, 10**9)}CN" if method == "post" else ""
            application._do_deliver(method, tracking, at=next(moments))
