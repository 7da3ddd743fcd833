import random
from datetime import datetime, time

from odoo import api, fields, models
from odoo.fields import Command

from ..tools.localtime import local_date, to_local, to_utc

MENU = "重点项目84项许可“点菜单”"
ELSEWHERE = {
    "涉及国家安全事项的建设项目审批": "国家安全局",
    "供水接入报装": "市水务集团",
    "电力接入报装": "供电公司",
    "燃气接入报装": "燃气集团",
    "通信接入报装": "通信发展管理办公室",
}
PHASES = {
    "1-立项用地规划许可": "1",
    "2-工程建设许可": "2",
    "3-施工许可": "3",
    "4-竣工验收": "4",
    "市场准入": "5",
}
TRADE = "6"
# What is ticked in each set; what that waits for is pulled in.
SETS = {
    "industry": (
        "工业项目（备案类）",
        (
            "企业投资项目备案；固定资产投资项目节能审查；建设项目环境影响评价文件审批；电力接入报装；"
            "供水接入报装；建设工程消防验收；房屋建筑和市政基础设施工程竣工验收备案；不动产首次登记；排污许可证核发"
        ),
    ),
    "hotel": (
        "酒店（毛坯到开业）",
        (
            "企业设立登记；企业投资项目备案；公众聚集场所投入使用、营业前消防安全检查；公共场所卫生许可证核发；"
            "食品经营许可证核发；特种设备使用登记；户外广告及招牌设置审批；旅馆业特种行业许可证核发"
        ),
    ),
    "housing": (
        "住宅小区",
        (
            "企业投资项目备案；建设工程附属绿化设计方案审批；供水接入报装；电力接入报装；燃气接入报装；通信接入报装；"
            "建设工程消防验收；房屋建筑和市政基础设施工程竣工验收备案；不动产首次登记"
        ),
    ),
    "renewal": (
        "城市更新（城中村、棚户区）",
        (
            "企业投资项目核准；建设工程文物保护和考古许可；建筑工程施工许可证核发；城市建筑垃圾处置核准；"
            "夜间建筑施工作业证明"
        ),
    ),
    "city_works": (
        "市政道路",
        (
            "政府投资项目初步设计及概算审批；生产建设项目水土保持方案审批；占用、挖掘城市道路审批；"
            "建筑工程施工许可证核发"
        ),
    ),
    "green_channel": (
        "绿色通道（三改一通一落地）",
        (
            "政府投资项目可行性研究报告审批；政府投资项目初步设计及概算审批；建设项目环境影响评价文件审批；"
            "建设工程设计方案审查；占用、挖掘城市道路审批"
        ),
    ),
}
GREEN_REASON = "绿色通道项目按规定无需办理"
# Name, kind, level, investor, millions of yuan, begun working days ago, days lost on the way.
PROJECTS = (
    ("青云湾海景酒店", "hotel", "city", "青云湾酒店管理有限公司", 380, 8, 0),
    ("城南智能制造产业园", "industry", "city", "云泽智能装备股份有限公司", 1260, 36, 5),
    ("北辰生物医药基地", "industry", "city", "北辰药业有限公司", 2300, 18, 0),
    ("海棠苑住宅小区", "housing", "district", "海棠置业有限公司", 850, 24, 0),
    ("老城区棚户改造一期", "renewal", "city", "青云城市更新有限公司", 640, 14, 4),
    ("滨海大道北段工程", "city_works", "city", "青云市政建设投资有限公司", 420, 12, 0),
    ("文化路架空线入地工程", "green_channel", "district", "青云市政建设投资有限公司", 36, 8, 0),
    ("金沙滩精品酒店", "hotel", "district", "金沙滩文旅有限公司", 120, 2, 0),
    ("新能源电池生产基地", "industry", "city", "启明新能源有限公司", 5200, 2, 0),
    ("科创园人才公寓", "housing", "district", "科创园开发有限公司", 310, 0, 0),
)


class ShenpiDemo(models.AbstractModel):
    """The menu of 84 permits, its sets, and ten projects at different stages."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_projects(self):
        """Make the menu and the projects once."""
        if self.env["shenpi.menu"].search_count([], limit=1):
            return
        menu = self._make_menu(self.env.ref("base.main_company"))
        navigator = self._get_user("navigator")
        for place, row in enumerate(PROJECTS):
            self._make_project(menu.with_user(navigator), random.Random(place), row)

    def _make_menu(self, company):
        rows = self._read_csv("menu84.csv")
        items = {
            item.name: item
            for item in self.env["shenpi.item"].search(
                [("company_id", "=", company.id), ("state", "=", "published")]
            )
        }
        menu = self.env["shenpi.menu"].create(
            {
                "name": MENU,
                "company_id": company.id,
                "is_sample": True,
                "line_ids": [
                    Command.create(self._prepare_menu_line(place, row, items))
                    for place, row in enumerate(rows, start=1)
                ],
            }
        )
        lines = {line.name: line for line in menu.line_ids}
        for row in rows:
            self._tie_menu_line(lines, row)
        menu.set_ids = [
            Command.create(
                {
                    "name": name,
                    "kind": kind,
                    "line_ids": [Command.set([lines[part].id for part in ticked.split("；")])],
                }
            )
            for kind, (name, ticked) in SETS.items()
        ]
        return menu

    def _prepare_menu_line(self, place, row, items):
        vals = {"sequence": 10 * place, "phase": PHASES.get(row["phase"], TRADE)}
        if row["name"] in ELSEWHERE:
            return vals | {
                "name": row["name"],
                "elsewhere_body": ELSEWHERE[row["name"]],
                "elsewhere_days": int(row["promised_working_days"]),
            }
        return vals | {"item_id": items[row["name"]].id}

    def _tie_menu_line(self, lines, row):
        """``；`` between what must all be granted, ``|`` between those of which one is enough."""
        groups = [group.split("|") for group in row["depends_on_names"].split("；") if group]
        all_of = [lines[group[0]].id for group in groups if len(group) == 1]
        any_of = [lines[name].id for group in groups if len(group) > 1 for name in group]
        if groups:
            lines[row["name"]].write(
                {
                    "after_all_ids": [Command.set(all_of)],
                    "after_any_ids": [Command.set(any_of)],
                }
            )

    # === Projects === #

    def _make_project(self, menu, dice, row):
        name, kind, level, investor, millions, age, late = row
        calendar = self.env["shenpi.workday"]._get_calendar()
        today = to_local(fields.Datetime.now()).date()
        first = calendar.add(calendar.roll_forward(today), -age) if age else today
        chosen = menu.set_ids.filtered(lambda one: one.kind == kind)
        permits = self._choose(menu, chosen.line_ids, kind)._prepare_permits(
            self._leave_out(menu, chosen.line_ids, kind)
        )
        vals = {
            "name": name,
            "key_kind": kind,
            "key_level": level,
            "planned_start": first,
            "investment": millions * 1_000_000,
            "investment_code": f"2026-370200-47-01-{dice.randrange(10**6):06}",
            "applicant_name": investor,
            "applicant_id_number": self._get_uscc(dice),
            "applicant_phone": f"139{dice.randrange(10**7, 10**8)}",
            "applicant_contact": "王项目经理",
        }
        opened = to_utc(datetime.combine(first, time(9))) if age else None
        projects = menu.env["project.project"].with_company(menu.company_id)
        project = projects._do_open(vals, permits, at=opened)
        if age:
            self._walk_project(project, late, calendar)
        return project

    def _choose(self, menu, lines, kind):
        """A set with what it waits for; of alternatives nobody has chosen the first one."""
        if kind == "green_channel":
            return lines
        while True:
            selection = menu._select(lines)
            if not selection.questions:
                return selection.lines
            lines |= lines.browse().union(*(options[:1] for _l, options in selection.questions))

    def _leave_out(self, menu, lines, kind):
        if kind != "green_channel":
            return {}
        pulled = menu._select(lines).lines - lines
        return dict.fromkeys(pulled, GREEN_REASON)

    def _walk_project(self, project, late, calendar):
        """File every permit when its turn comes and have it granted as promised, up to today; the
        first critical one loses some days. Then prepare one that waits."""
        today = local_date(fields.Datetime.now())
        while True:
            ready = project.permit_ids.filtered(lambda task: task.permit_state == "ready")
            due = ready.filtered(lambda task: self._get_turn(task, project) <= today)
            if not due:
                break
            for task in due.sorted("id"):
                lost = late if task.is_critical and task.days else 0
                late -= lost
                self._walk_permit(task, self._get_turn(task, project), lost, calendar)
        waiting = project.permit_ids.filtered(
            lambda task: task.permit_state == "waiting" and not task.handled_elsewhere
        )
        for task in waiting[:1]:
            task._do_precheck()

    def _get_turn(self, task, project):
        """The day on which a permit could be filed."""
        before = (task.depend_on_ids | task.after_any_ids).filtered("actual_end")
        return max([project.planned_start, *before.mapped("actual_end")])

    def _walk_permit(self, task, turn, lost, calendar):
        end = calendar.add(turn, task.days + lost)
        self._file_permit(task, turn)
        if end > local_date(fields.Datetime.now()):
            return
        if task.handled_elsewhere:
            task._do_verify("granted", end)
        else:
            self._grant_permit(task.application_id, turn, end)

    def _file_permit(self, task, turn):
        if task.handled_elsewhere:
            task._do_verify("filed", turn)
            return
        moment = min(to_utc(datetime.combine(turn, time(10))), fields.Datetime.now())
        task._do_file()
        task.application_id.sudo().material_ids.status = "provided"
        task._do_file(at=moment)

    def _grant_permit(self, application, turn, end):
        """Accepted on the day of its filing, decided on the last day."""
        if application.state != "received":
            return
        now = fields.Datetime.now()
        begun = min(to_utc(datetime.combine(turn, time(11))), now)
        ended = min(to_utc(datetime.combine(end, time(15))), now)
        application.with_user(self._get_user("clerk2"))._do_accept(at=begun)
        reviewer = application.with_user(self._get_user("reviewer"))
        decider = application.with_user(self._get_user("decider"))
        while application.sudo().step_id.kind == "review":
            reviewer._do_review("pass", "材料齐全，符合条件。", at=ended)
        for inspection in application.sudo().inspection_ids:
            mine = inspection.with_user(self._get_user("inspector"))
            self._schedule(random.Random(application.id), mine, ended)
            mine._do_start(at=ended)
            self._find_nothing(mine)
            mine._do_conclude("pass", "现场与申请材料一致，符合条件。", at=ended)
        if not application._get_grant_blockers():
            decider._do_decide("grant", "符合条件，准予许可。", at=ended)
