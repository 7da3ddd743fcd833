import base64
from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from ..tools.localtime import local_date

CONSTRUCTION = "建筑工程施工许可证核发"
# Part, login or name from outside, organisation, whether he is the first contact.
TEAM = (
    ("commander", "manager", "", False),
    ("deputy_commander", "supervisor", "", False),
    ("captain", "decider", "", False),
    ("navigator", "navigator", "", True),
    ("liaison", "inspector", "", False),
    ("liaison", "宋科长", "市水务集团报装中心", False),
    ("investor", "王项目经理", "", False),
)
# State, kind, matter, what is asked, owner, raised working days ago, days to clear it.
BLOCKERS = (
    (
        "raised",
        "utilities",
        "地块东侧10千伏线路迁改未实施",
        "请协调供电公司明确迁改方案和停电窗口期。",
        "decider",
        7,
        4,
    ),
    (
        "raised",
        "land",
        "用地红线与规划道路重叠约1.2米",
        "请会同自然资源部门复核坐标，提出调整意见。",
        "reviewer",
        4,
        5,
    ),
    (
        "answered",
        "materials",
        "消防设计文件缺少专家评审意见",
        "请指导企业补齐，评审会优先排期。",
        "reviewer",
        9,
        5,
    ),
    (
        "struck_off",
        "departments",
        "人防与消防图审意见不一致",
        "请组织两个部门联合会审，形成一致意见。",
        "decider",
        14,
        5,
    ),
    (
        "struck_off",
        "funding",
        "基础设施配套费缓缴手续未办理",
        "请协助企业申请缓缴，出具证明。",
        "reviewer",
        12,
        3,
    ),
    ("draft", "relocation", "北侧两户尚未腾空", "请街道反馈搬迁进度。", "decider", 0, 5),
)
ANSWER = "已召开现场协调会，问题已解决，相关纪要和批复已归集。"
FINDING = "现场核查属实，同意销号。"
# Way, with whom, content, days ago, days until it is followed up.
CONTACTS = (
    ("visit", "王项目经理", "上门送达许可清单和横道图，逐项说明材料要求。", 20, None),
    ("phone", "王项目经理", "电话提醒环评报批材料本周内提交。", 12, None),
    ("chat", "王项目经理", "微信群反馈施工图审查进度，企业补充电子版图纸。", 5, 0),
    ("door", "李总工", "企业到窗口咨询消防验收预约，已当场指导填报。", 1, 3),
)
VISITS = (
    ("done", "before_entry", "进场前服务：现场讲解审批流程，建立联络群。", 18),
    ("done", "survey_ahead", "勘验前置：提前踏勘厨房排烟和消防通道。", 6),
    ("planned", "pick_up", "上门取件：收取营业场所产权证明原件。", 0),
    ("planned", "survey_ahead", "勘验前置：公共卫生许可现场指导。", -1),
    ("requested", "before_entry", "企业希望了解竣工联合验收流程。", -3),
)
MINUTES = "<p>听取帮办专员进度汇报，研究消防验收和食品经营许可衔接问题。</p>"
# What it becomes, what was decided, who does it, working days from now.
DECISIONS = (
    ("to_do", "消防验收资料本周内预审完毕", "inspector", 3),
    ("blocker", "门前道路临时占用手续尚未协调到位", "decider", 4),
)


class ShenpiDemo(models.AbstractModel):
    """What goes with the demo projects: teams, contacts, blockers, letters, visits, a tour, a
    meeting, and the bulletin of the week before last."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_project_service(self):
        """Make it once, for the projects that are there."""
        projects = self.env["project.project"].search(
            [("is_key_project", "=", True), ("key_state", "in", ("preparing", "under_way"))],
            order="id",
        )
        if not projects or self.env["shenpi.project.member"].search_count([], limit=1):
            return
        city = self.env.ref("base.main_company")
        city.shenpi_construction_item_ids = self.env["shenpi.item"].search(
            [("name", "=", CONSTRUCTION), ("company_id", "=", city.id)]
        )
        for project in projects:
            self._make_team(project)
        for place, project in enumerate(projects[:5]):
            self._make_contacts(project, place)
            self._make_mandate(project, draft=place == 4)
        for place, row in enumerate(BLOCKERS):
            self._make_blocker(projects[place % 4], *row)
        self._make_visits(projects[0])
        self._make_meeting(projects[0])
        self._run_ladder(self.env.ref("shenpi_base.ladder_blocker"))
        self._issue_project_bulletin(city)

    def _make_team(self, project):
        first = project.planned_start
        for place, (role, who, organisation, is_first) in enumerate(TEAM):
            user = self.env["res.users"].search([("login", "=", who)])
            self.env["shenpi.project.member"].create(
                {
                    "project_id": project.id,
                    "sequence": place,
                    "role": role,
                    "user_id": user.id,
                    "name": user.name or who,
                    "organisation": organisation or (not user and project.applicant_name),
                    "phone": not user and f"1390000{project.id % 100:02}{place:02}",
                    "department_id": role == "captain" and project.department_id.id,
                    "is_first_contact": is_first,
                    "date_from": first,
                }
            )

    def _make_contacts(self, project, place):
        contacts = self.env["shenpi.project.contact"].with_user(self._get_user("navigator"))
        today = self._get_day_ago(0)
        for way, whom, content, age, follow_up in CONTACTS[: len(CONTACTS) - place]:
            contacts.create(
                {
                    "project_id": project.id,
                    "way": way,
                    "with_whom": whom,
                    "content": content,
                    "happened_at": self._get_morning(age) + timedelta(hours=age % 5),
                    "follow_up_date": follow_up is not None and today + timedelta(days=follow_up),
                }
            )

    def _make_mandate(self, project, draft):
        navigator = self._get_user("navigator")
        today = self._get_day_ago(0)
        mandate = (
            self.env["shenpi.mandate"]
            .with_user(navigator)
            .create(
                {
                    "project_id": project.id,
                    "signatory": "王立业（法定代表人）",
                    "agent_id": navigator.id,
                    "date_from": today - timedelta(days=20),
                    "date_to": today + timedelta(days=160),
                }
            )
        )
        if draft:
            return
        signed = base64.b64encode("（示例）委托书签字盖章件".encode())
        mandate.attachment_ids = [Command.create({"name": "委托书签字件.txt", "datas": signed})]
        mandate._do_come_into_force()

    def _make_blocker(self, project, state, kind, matter, asked, login, age, days):
        owner, navigator = self._get_user(login), self._get_user("navigator")
        permit = project.permit_ids.filtered(lambda task: task.permit_state != "granted")[:1]
        blocker = (
            self.env["shenpi.blocker"]
            .with_user(navigator)
            .create(
                {
                    "project_id": project.id,
                    "task_id": permit.id,
                    "kind": kind,
                    "matter": matter,
                    "description": asked,
                    "department_id": project.department_id.id,
                    "user_id": owner.id,
                    "due_days": days,
                }
            )
        )
        if state == "draft":
            return
        blocker._do_raise(at=self._get_morning(age))
        if state == "raised":
            return
        blocker.with_user(owner)._do_answer(ANSWER, at=self._get_morning(max(age - days, 0)))
        if state == "struck_off":
            checker = blocker.with_user(self._get_user("supervisor"))
            checker._do_strike_off(FINDING, at=self._get_morning(max(age - days - 1, 0)))

    def _make_visits(self, project):
        navigator, inspector = self._get_user("navigator"), self._get_user("inspector")
        tour = self.env["shenpi.service.tour"].create(
            {
                "date": self._get_day_ago(0),
                "vehicle": "服务专车1号",
                "driver_id": inspector.id,
                "company_id": project.company_id.id,
            }
        )
        for place, (state, kind, note, age) in enumerate(VISITS):
            start = self._get_morning(age) + timedelta(hours=place)
            visit = (
                self.env["shenpi.home.service"]
                .with_user(navigator)
                .create(
                    {
                        "kind": kind,
                        "company_id": project.company_id.id,
                        "department_id": project.department_id.id,
                        "project_id": project.id,
                        "beneficiary": project.applicant_name,
                        "requested_by": "王项目经理",
                        "phone": "13900000000",
                        "address": "青云湾路18号项目部",
                        "note": note,
                        "wanted_date": local_date(start),
                        "date_start": start,
                        "date_stop": start + timedelta(hours=1),
                        "staff_ids": [Command.set((navigator | inspector).ids)],
                        "tour_id": tour.id if not age else False,
                    }
                )
            )
            if state != "requested":
                visit._do_plan(at=self._get_morning(age + 1) if state == "done" else None)
            if state == "done":
                end = start + timedelta(hours=1)
                visit._do_finish("已完成，企业现场确认。", "5", "服务很及时。", at=end)

    def _make_meeting(self, project):
        """A dispatch meeting of yesterday, its minutes closed."""
        start = self._get_morning(1)
        people = [self._get_user(login) for login in ("navigator", "manager", "decider")]
        attendees = self.env["res.users"].union(*people, self._get_user("inspector"))
        meeting = (
            self.env["shenpi.meeting"]
            .with_user(people[0])
            .create(
                {
                    "name": "酒店项目开业冲刺调度会",
                    "kind": "dispatch",
                    "company_id": project.company_id.id,
                    "project_id": project.id,
                    "date_start": start,
                    "date_stop": start + timedelta(hours=1),
                    "place": "市政务服务中心三楼会议室",
                    "attendee_ids": [Command.set(attendees.ids)],
                    "minutes": MINUTES,
                    "decision_ids": [
                        Command.create(
                            {
                                "matter": matter,
                                "kind": kind,
                                "user_id": self._get_user(login).id,
                                "due_date": self._get_day_ago(-ahead),
                            }
                        )
                        for kind, matter, login, ahead in DECISIONS
                    ],
                }
            )
        )
        meeting.action_close()

    def _issue_project_bulletin(self, city):
        bulletins = self.env["shenpi.project.bulletin"].with_user(self._get_user("supervisor"))
        monday = bulletins._get_last_monday() - timedelta(days=7)
        bulletins.create({"company_id": city.id, "date_from": monday})._do_issue()

    def _get_day_ago(self, age):
        """A working day that many working days ago; negative: ahead."""
        return local_date(self._get_morning(age))
