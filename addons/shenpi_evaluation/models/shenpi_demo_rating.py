import itertools
import random
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.shenpi_base.tools.localtime import local_date, start_of_day

from ..tools.levels import BAD_LEVELS

RATINGS = 2000
DAYS = 120  # working days back that visits to the window are spread over
# Of a hundred who rate; the rest of a thousand is bad: see `_choose_level`.
GOOD = {"very_satisfied": 84, "satisfied": 12, "basically_satisfied": 4}
BAD_OF_THOUSAND = 16
WORDS = {
    "very_satisfied": ["服务热情，一次办好。", "讲解清楚，材料一次说全。", "很快，点赞！"],
    "satisfied": ["比以前快多了。", "窗口态度不错。"],
    "basically_satisfied": ["等候时间有点长。", "办事指南还可以再清楚一些。"],
    "unsatisfied": ["同一份证明交了两次。", "来之前没看到材料清单，多跑了一趟。"],
    "very_unsatisfied": ["窗口让我去两个部门来回跑。", "态度差，问一句答一句。"],
}
NAMES = ("王芳", "李伟", "张敏", "刘洋", "陈静")
REPLIES = (
    "您反映的问题已整改：材料清单和样表已更新，感谢监督。",
    "已取消重复提交的证明，改由部门共享数据核验。",
    "已增设咨询引导岗，一次性告知所需材料。",
)
# What became of the newest bad ratings, the latest first; all older ones are closed.
NEWEST = (
    "open",
    "open",
    "contacted",
    "rectifying",
    "rectifying",
    "rectified",
    "appealed",
    "verified",
)


class ShenpiDemo(models.AbstractModel):
    """Demo ratings: of the demo cases, of visits to the window at two tablets, and the handling of
    the bad ones through the real transitions."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_ratings(self):
        """Make the demo ratings once."""
        if self.env["shenpi.rating"].search_count([], limit=1):
            return
        dice = random.Random(5)
        services = self._end_cases()
        rated = [service for service in services if dice.random() < 0.8]
        rated += self._make_window_visits(dice, RATINGS - len(rated))
        for service in sorted(rated, key=lambda service: service.finished_at):
            self._rate(dice, service)
        cases = self.env["shenpi.rating.case"].search(
            [("state", "=", "open")], order="opened_at desc"
        )
        for place, case in enumerate(cases):
            self._handle(case, NEWEST[place] if place < len(NEWEST) else "closed", place)

    def _end_cases(self):
        """The services that ended with the demo cases, made before this addon was there."""
        events = self.env["shenpi.event"].search(
            [
                ("application_id", "!=", False),
                ("action", "in", ("receive", "deliver", "not_accept")),
            ]
        )
        prepared = [event.application_id._prepare_rating_service(event) for event in events]
        return self.env["shenpi.rating.service"]._finish([vals for vals in prepared if vals])

    def _make_window_visits(self, dice, count):
        """Visits to the window that are rated at a tablet."""
        window = self.env.ref("shenpi_base.shenpi_department_window")
        clerks = [self._get_user("clerk"), self._get_user("clerk2")]
        for number, clerk in enumerate(clerks, start=1):
            self.env["shenpi.rating.terminal"].create(
                {
                    "name": f"{number}号窗口",
                    "window_id": window.id,
                    "company_id": window.company_id.id,
                }
            ).clerk_id = clerk
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = self.env["shenpi.absence"]._get_today()
        days = [calendar.add(today, -age) for age in range(1, DAYS)]
        return self.env["shenpi.rating.service"]._finish(
            [
                {
                    "kind": "visit",
                    "company_id": window.company_id.id,
                    "department_id": window.id,
                    "window_id": window.id,
                    "clerk_id": dice.choice(clerks).id,
                    "finished_at": start_of_day(dice.choice(days))
                    + timedelta(hours=9, minutes=dice.randrange(480)),
                    "asked": False,
                }
                for _n in range(count)
            ]
        )

    def _rate(self, dice, service):
        bad = dice.random() * 1000 < BAD_OF_THOUSAND
        levels = dict.fromkeys(BAD_LEVELS, 1) if bad else GOOD
        level = dice.choices(list(levels), weights=levels.values())[0]
        tags = self.env["shenpi.rating.tag"].search([("level", "=", level)])
        named = bad and dice.random() < 0.6
        self.env["shenpi.rating"]._take(
            service,
            {
                "level": level,
                "tags": tags.browse(dice.sample(tags.ids, dice.randrange(3))),
                "text": dice.choice(WORDS[level]) if bad or dice.random() < 0.1 else "",
                "channel": self._choose_channel(dice, service),
                "name": dice.choice(NAMES) if named else "",
                "phone": f"139{dice.randrange(10**7, 10**8)}" if named else "",
            },
            at=min(
                service.finished_at + timedelta(minutes=dice.randrange(1, 90)),
                fields.Datetime.now(),
            ),
        )

    def _choose_channel(self, dice, service):
        if not service.application_id:
            return "tablet"
        return dice.choice(["qr", "sms", "sms", "mobile"])

    # === What became of the bad ones === #

    def _handle(self, case, state, place):
        """Bring a case to a state through the real transitions."""
        officer = case.with_user(self._get_user("evaluator"))
        second = case.with_user(self._get_user("evaluator2"))
        office = case.with_user(self._get_user("manager"))
        if case.company_id not in officer.env.user.company_ids or state == "open":
            return
        days = self._get_working_days(case) if state == "closed" else itertools.repeat(None)
        way = "anonymous" if case.anonymous else "phone"
        officer._do_contact(way, "已了解具体经过，情况基本属实。", at=next(days))
        if state == "contacted":
            return
        if state == "appealed" or (state == "closed" and place % 11 == 10):
            office._do_appeal("mistaken", "经与评价人核实，系误点。", at=next(days))
            if state == "closed":
                second._do_uphold("评价人本人确认误点。", at=next(days))
            return
        if state == "closed" and place % 5 == 4:
            text = "已当面说明法定依据和办理流程，评价人表示理解。"
            officer._do_settle(text, at=next(days))
        else:
            text = "请完善一次性告知内容，并对窗口人员开展培训。"
            officer._do_rectify(text, 10, at=next(days))
            if state == "rectifying":
                return
            text = "已更新材料清单并张贴样表，组织窗口培训一次。"
            office._do_rectified(text, at=next(days))
            if state == "rectified":
                return
            second._do_verify("现场查看，样表和清单已更新。", at=next(days))
        if not case.anonymous:
            officer._do_visit("satisfied", "对处理结果表示认可。", at=next(days))
        if place % 2:
            officer._do_draft_reply(REPLIES[place % len(REPLIES)], at=next(days))
            second._do_release_reply(at=next(days))
        if state == "closed":
            officer._do_close(at=next(days))

    def _get_working_days(self, case):
        """Ten o'clock of one working day after another since a case was opened, none to come."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        for step in itertools.count(1):
            day = calendar.add(local_date(case.opened_at), step)
            yield min(start_of_day(day) + timedelta(hours=10), fields.Datetime.now())
