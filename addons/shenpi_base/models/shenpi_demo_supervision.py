from datetime import timedelta

from odoo import api, fields, models

from ..tools.localtime import start_of_day

# Who heads which department of the demo bureau.
HEADS = {
    "shenpi_department_root": "manager",
    "shenpi_department_window": "clerk",
    "shenpi_department_investment": "decider",
    "shenpi_department_construction": "decider",
    "shenpi_department_market": "decider",
    "shenpi_department_social": "reviewer",
    "shenpi_department_transport": "reviewer",
    "shenpi_department_survey": "inspector",
    "shenpi_department_supervision": "supervisor",
    "shenpi_department_district": "reviewer_b",
}
# Orders by hand: state, signal, severity, matter, what is asked, answer, what was found.
ORDERS = (
    (
        "draft",
        "not_online",
        "reminder",
        "个别事项未按要求网上办理",
        "请核实群众反映的线下重复提交材料问题，说明原因并整改。",
        "",
        "",
    ),
    (
        "dispatched",
        "untold",
        "reminder",
        "一次性告知不完整",
        "抽查发现补正告知书遗漏材料，请说明情况并完善告知要点。",
        "",
        "",
    ),
    (
        "signed",
        "no_reasons",
        "yellow",
        "不予受理未说明理由",
        "请对照《行政许可法》第三十八条补充说明理由，并规范文书。",
        "",
        "",
    ),
    (
        "answered",
        "over_stage",
        "yellow",
        "审查环节超过内部时限",
        "请说明审查环节超时原因，提出改进措施。",
        "经核查，因经办人外出勘验，审查环节超时1个工作日，已明确代岗人员。",
        "",
    ),
    (
        "rectifying",
        "refusing",
        "red",
        "窗口以材料版本为由不予收件",
        "请核实窗口不予收件的情况，依法受理，并对窗口人员开展培训。",
        "情况属实，已联系申请人重新收件。",
        "",
    ),
    (
        "closed",
        "illegal_fee",
        "recommendation",
        "中介服务收费公示不全",
        "请全面清理中介服务收费公示内容，接受社会监督。",
        "已完成清理并重新公示收费依据和标准。",
        "经现场核查，公示内容完整，同意办结。",
    ),
)
# How many working days ago an order was dispatched: one is near its due date, one is late.
AGES = {"dispatched": 4, "signed": 8}


class ShenpiDemo(models.AbstractModel):
    """Demo supervision: heads of departments, an absence with and one without a deputy, orders in
    several states, and a run of the escalation ladders over the demo cases."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_supervision(self):
        """Make the demo supervision once."""
        if self.env["shenpi.supervision"].search_count([], limit=1):
            return
        for xmlid, login in HEADS.items():
            self.env.ref(f"shenpi_base.{xmlid}").manager_id = self._get_user(login)
        self._make_absences()
        for order in ORDERS:
            self._make_order(*order)
        for ladder in self.env["shenpi.ladder"].search([("rung_ids", "!=", False)]):
            self._run_ladder(ladder)

    def _make_absences(self):
        """A reviewer who is away, with a deputy; a navigator who will be, without one."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = self.env["shenpi.absence"]._get_today()
        city = self.env.ref("base.main_company")
        away, deputy = self._get_user("reviewer2"), self._get_user("reviewer")
        office = self.env.ref("shenpi_base.shenpi_department_market")
        decided = [("department_id", "=", office.id), ("state", "=", "deciding")]
        for case in self.env["shenpi.application"].search(decided):
            if len(case.step_ids) > 1:
                # Back from the decision, into the hands of somebody who has gone on leave.
                decider = case.with_user(self._get_user("decider"))
                decider._do_review("return", "请补充核实申请人清税情况。")
                case._do_assign(away)
        first, last = calendar.add(today, -1), calendar.add(today, 3)
        period = {"date_from": first, "date_to": last, "company_id": city.id}
        self.env["shenpi.deputy"].create(
            {**period, "principal_id": away.id, "deputy_id": deputy.id, "note": "年休假代岗"}
        )
        later = {"date_from": calendar.add(today, 4), "date_to": calendar.add(today, 6)}
        self.env["shenpi.absence"].create(
            [
                {**period, "user_id": away.id, "reason": "leave", "note": "年休假"},
                {
                    **period,
                    **later,
                    "user_id": self._get_user("navigator").id,
                    "reason": "training",
                    "note": "帮办代办业务培训",
                },
            ]
        )

    def _make_order(self, state, kind, severity, matter, demand, answer, finding):
        """An order to the market office, brought to its state through the real transitions."""
        office = self.env.ref("shenpi_base.shenpi_department_market")
        orders = self.env["shenpi.supervision"].with_user(self._get_user("supervisor"))
        order = orders.with_company(office.company_id).create(
            {
                "company_id": office.company_id.id,
                "department_id": office.id,
                "user_id": office.manager_id.id,
                "kind": kind,
                "severity": severity,
                "matter": matter,
                "demand": demand,
                "due_days": 5,
            }
        )
        addressee = order.with_user(office.manager_id)
        if state == "draft":
            return
        at = self._get_morning(AGES.get(state, 1))
        order._do_dispatch(at=at)
        if state == "dispatched":
            return
        addressee._do_sign(at=at + timedelta(hours=3))
        if not answer:
            return
        addressee._do_answer(answer)
        if state == "rectifying":
            order._do_rectify("请于限期内完成窗口人员培训，并报送培训记录。", 2)
        elif state == "closed":
            order._do_check(finding)
            order._do_close()

    def _get_morning(self, age):
        """Ten o'clock of a working day that many working days ago."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        day = calendar.add(self.env["shenpi.absence"]._get_today(), -age)
        return start_of_day(day) + timedelta(hours=10)

    def _run_ladder(self, ladder):
        """What the scheduled action does, without its commits."""
        due_ids = ladder._get_due_ids()
        run = self.env["shenpi.ladder.run"]._begin(len(due_ids), ladder_id=ladder.id)
        run._count(ladder._work_off(due_ids))
        run._end("done")
        run.started_at = fields.Datetime.now() - timedelta(seconds=2)
