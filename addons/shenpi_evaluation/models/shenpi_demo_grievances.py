import csv
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import file_open

from odoo.addons.shenpi_base.tools.localtime import start_of_day

FOLDER = "shenpi_evaluation/demo"
SURNAMES = "赵钱孙李周吴郑王冯陈"
CATEGORIES = ("开办企业", "证照办理", "工程建设", "日常生活", "办事指引")
# Hours between two steps, and the hour of the first one.
STEP = timedelta(hours=3)
MORNING = timedelta(hours=9)


class ShenpiDemo(models.AbstractModel):
    """Demo grievances in every state, each brought there through the real flow by the people who
    would have done it, and the questions and answers that came of them."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_grievances(self):
        """Make the demo grievances once."""
        if self.env["shenpi.grievance"].search_count([], limit=1):
            return
        self._sit_evaluators()
        for number, row in enumerate(self._read_table("grievances.csv"), start=1):
            self._make_grievance(number, row)
        self._make_faqs()
        self._run_ladder(self.env.ref("shenpi_evaluation.ladder_grievance"))

    def _read_table(self, name):
        with file_open(f"{FOLDER}/{name}") as file:
            return list(csv.DictReader(file))

    def _sit_evaluators(self):
        """The evaluation desk sits in the supervision office."""
        office = self.env.ref("shenpi_base.shenpi_department_supervision")
        for login in ("evaluator", "evaluator2", "evaluationmanager"):
            office.user_ids |= self._get_user(login)

    def _make_grievance(self, number, row):
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = self.env["shenpi.grievance"]._get_today()
        at = start_of_day(calendar.add(today, -int(row["age"]))) + MORNING
        taker = "integrator" if row["source"] == "hotline_12345" else "evaluator"
        city = self.env.ref("base.main_company")
        grievances = self.env["shenpi.grievance"].with_user(self._get_user(taker))
        grievance = grievances.with_company(city)._take_in(self._prepare(number, row), at=at)
        for place, action in enumerate(row["path"].split(), start=1):
            if action in self._get_reasons():
                continue
            # What would lie ahead has just happened.
            moment = min(at + STEP * place, fields.Datetime.now())
            getattr(self, f"_grievance_{action}")(grievance, row, moment)

    def _prepare(self, number, row):
        """What was said; complaints about a window name it, every fifth person no name."""
        source = self.env["shenpi.grievance.source"].search([("code", "=", row["source"])])
        vals = {
            "company_id": self.env.ref("base.main_company").id,
            "source_id": source.id,
            "kind": row["kind"],
            "title": row["title"],
            "text": row["text"],
        }
        if source.has_external_number:
            vals["external_number"] = f"RX2026{number:06d}"
        if row["kind"] == "failed":
            vals["window_id"] = self._get_unit(row["unit"] or "window").id
        if number % 5 or row["path"].endswith("unreachable"):
            vals["complainant_name"] = f"{SURNAMES[number % 10]}先生"
            vals["complainant_phone"] = f"1380000{number:04d}"
        return vals

    def _get_unit(self, name):
        return self.env.ref(f"shenpi_base.shenpi_department_{name}")

    def _as_login(self, grievance, login):
        return grievance.with_user(self._get_user(login))

    def _as_unit(self, grievance, name):
        return grievance.with_user(self._get_unit(name).manager_id)

    @api.model
    def _get_reasons(self):
        return ("suit", "disclosure", "petition")

    # === Steps: what the words of a path stand for === #

    def _grievance_dispatch(self, grievance, row, at):
        desk = self._as_login(grievance, "evaluator")
        desk._do_dispatch(self._get_unit(row["unit"]), at=at)

    def _grievance_dispatch_joint(self, grievance, row, at):
        desk = self._as_login(grievance, "evaluator")
        helpers = [(self._get_unit(row["helper"]), 2)]
        desk._do_dispatch(self._get_unit(row["unit"]), helpers, task="请会同办理", at=at)

    def _grievance_take(self, grievance, row, at):
        self._as_unit(grievance, row["unit"])._do_take(at=at)

    def _grievance_return(self, grievance, row, at):
        unit = self._as_unit(grievance, row["unit"])
        unit._do_return("短信平台由信息中心维护，建议改派。", at=at)

    def _grievance_contribute(self, grievance, row, at):
        self._as_unit(grievance, row["helper"])._do_contribute("我处职责部分已核实。", at=at)

    def _grievance_ask(self, grievance, row, at):
        self._as_unit(grievance, row["unit"])._do_ask_extension(2, "需现场核查并会商。", at=at)

    def _grievance_extend(self, grievance, row, at):
        self._as_login(grievance, "evaluator")._do_extend(at=at)

    def _grievance_answer(self, grievance, row, at):
        self._as_unit(grievance, row["unit"])._do_answer(row["answer"], at=at)

    def _grievance_answer_here(self, grievance, row, at):
        self._as_login(grievance, "evaluator")._do_answer(row["answer"], at=at)

    def _grievance_approve(self, grievance, row, at):
        self._as_login(grievance, "evaluator2")._do_approve_reply(at=at)

    def _grievance_visit(self, grievance, row, at):
        self._as_login(grievance, "evaluator2")._do_visit("5", "4", True, "满意", at=at)

    def _grievance_unhappy(self, grievance, row, at):
        desk = self._as_login(grievance, "evaluator2")
        desk._do_visit("3", "2", False, "问题没有解决", at=at)

    def _grievance_up(self, grievance, row, at):
        """Unhappy as many times as it takes to come before the leaders."""
        most = grievance.sudo().company_id.shenpi_grievance_reopenings
        for place in range(most):
            later = at + STEP * 4 * place
            self._grievance_unhappy(grievance, row, later)
            self._grievance_answer(grievance, row, later + STEP)
            self._grievance_approve(grievance, row, later + STEP * 2)
        self._grievance_unhappy(grievance, row, at + STEP * 4 * most)

    def _grievance_miss(self, grievance, row, at):
        self._as_login(grievance, "evaluator2")._do_miss("无人接听", at=at)

    def _grievance_plan(self, grievance, row, at):
        calendar = self.env["shenpi.workday"]._get_calendar()
        day = calendar.add(grievance._get_today(), 15)
        leader = self._as_login(grievance, "evaluationmanager")
        leader._do_plan("提请专题会议研究，明确牵头部门和时间表。", self._get_user("manager"), day)

    def _grievance_close(self, grievance, row, at):
        self._close(grievance, "resolved", at)

    def _grievance_adopt(self, grievance, row, at):
        self._close(grievance, "adopted", at)

    def _grievance_explain(self, grievance, row, at):
        self._close(grievance, "explained", at)

    def _grievance_unfounded(self, grievance, row, at):
        self._close(grievance, "unfounded", at)

    def _grievance_unreachable(self, grievance, row, at):
        self._close(grievance, "unreachable", at)

    def _close(self, grievance, outcome, at):
        self._as_login(grievance, "evaluator")._do_close(outcome, at=at)

    def _grievance_refuse(self, grievance, row, at):
        name = next(word for word in row["path"].split() if word in self._get_reasons())
        reason = self.env.ref(f"shenpi_evaluation.grievance_reason_{name}")
        self._as_login(grievance, "evaluator")._do_not_accept(reason, row["answer"], at=at)

    def _grievance_merge(self, grievance, row, at):
        desk = self._as_login(grievance, "evaluator")
        desk._do_merge(desk._get_similar()[:1], "同一企业反映的同一事项", at=at)

    def _grievance_withdraw(self, grievance, row, at):
        self._as_login(grievance, "evaluator")._do_withdraw("本人要求撤回", at=at)

    # === Questions and answers === #

    def _make_faqs(self):
        categories = [
            self.env.ref(f"shenpi_evaluation.faq_category_{place}")
            for place in range(1, len(CATEGORIES) + 1)
        ]
        by_name = dict(zip(CATEGORIES, categories, strict=True))
        faqs = self.env["shenpi.faq"].with_user(self._get_user("evaluator"))
        for row in self._read_table("faqs.csv"):
            faq = faqs.create(
                {
                    "question": row["question"],
                    "answer": row["answer"],
                    "category_id": by_name[row["category"]].id,
                    "company_id": self.env.ref("base.main_company").id,
                }
            )
            faq.with_user(self._get_user("evaluator2")).action_publish()
            faq.sudo().use_count = int(row["reads"])
