import base64
import io
import random
from datetime import datetime, time, timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models
from odoo.fields import Command

from ..tools.localtime import to_local, to_utc

GENERAL_CHECKLIST = (
    ("经营场所与申报地址一致", "门牌、面积与申请材料相符", True),
    ("场所平面布局", "与提交的平面图一致", True),
    ("消防通道与安全出口", "畅通，标识清晰", False),
    ("从业人员在岗情况", "与申报名单一致", False),
)
CHECKLISTS = {
    "食品经营许可证核发": (
        ("经营场所面积与布局", "分区合理，生熟分开，与平面图一致", True),
        ("与污染源的距离", "距离粪坑、污水池等25米以上", False),
        ("三防设施", "防尘、防蝇、防鼠设施齐全", True),
        ("冷藏冷冻设施", "运转正常，温度显示符合要求", True),
        ("清洗消毒设施", "水池数量满足需要，标识清楚", False),
        ("从业人员健康证明", "人证相符，在有效期内", False),
    ),
    "公共场所卫生许可证核发": (
        ("经营场所面积与布局", "与平面图一致", True),
        ("消毒间与布草间", "独立设置，设施齐全", True),
        ("通风与采光", "自然通风或机械通风正常", False),
        ("从业人员健康证明", "人证相符，在有效期内", False),
    ),
    "公众聚集场所投入使用、营业前消防安全检查": (
        ("疏散通道与安全出口", "数量、宽度符合要求，保持畅通", True),
        ("应急照明与疏散指示标志", "完好有效", True),
        ("灭火器与室内消火栓", "配置符合要求，在有效期内", True),
        ("自动报警与喷淋系统", "联动测试正常", False),
        ("消防控制室值班", "双人持证上岗", False),
    ),
}
FAULTS = {
    "三防设施": "后厨门缺少防鼠板，窗户无纱窗",
    "冷藏冷冻设施": "冷藏柜温度12℃，高于8℃",
    "消毒间与布草间": "消毒间与布草间合用",
    "疏散通道与安全出口": "二层东侧出口堆放杂物",
}
STREETS = ("海州路", "滨河路", "云山大道", "金沙滩路", "东湖北路")
MOVES = ("申请人当日停电，申请改期。", "勘验人员另有紧急任务。", "台风蓝色预警，改为次日。")
FIRST_HOUR = 9


class ShenpiDemo(models.AbstractModel):
    """Demo inspections: checklists of the inspected items, inspections of closed cases made through
    the real transitions, and pending ones in every state."""

    _inherit = "shenpi.demo"

    def _prepare_parts(self, row, materials):
        vals = super()._prepare_parts(row, materials)
        checklist = CHECKLISTS.get(row["name"], GENERAL_CHECKLIST)
        vals["checkpoint_ids"] = [
            Command.create(
                {"sequence": place, "name": name, "standard": standard, "needs_photo": photo}
            )
            for place, (name, standard, photo) in enumerate(checklist, start=1)
        ]
        return vals

    def _prepare_item_vals(self, company, level, row, regulators):
        vals = super()._prepare_item_vals(company, level, row, regulators)
        return vals | {"inspection_days": 3}

    # === Cases that have been decided === #

    def _walk_inspection(self, dice, application, outcome, moments):
        """Inspect what the item asks to inspect, so that it can be decided."""
        for _round in range(2):
            inspection = application.sudo().inspection_ids.filtered(lambda i: i.state == "ordered")
            if not inspection:
                return
            mine = inspection.with_user(self._get_user("inspector"))
            self._schedule(dice, mine, next(moments))
            mine._do_start(at=next(moments))
            at = next(moments)
            if outcome == "deny":
                self._find_faults(mine, at)
                mine._do_conclude("fail", "经营场所不具备许可条件。", at=at)
            elif mine.round == 1 and dice.random() < 0.25:
                self._find_faults(mine, at)
                mine._do_conclude("rectify", self._get_findings(mine), to_local(at).date(), at=at)
            else:
                self._find_nothing(mine)
                mine._do_conclude("pass", "现场与申请材料一致，符合条件。", at=at)

    # === Cases in hand === #

    @api.model
    def _load_inspections(self):
        """Bring the pending inspections of the city into every state, once."""
        city = self.env.ref("base.main_company")
        pending = self.env["shenpi.inspection"].search(
            [("company_id", "=", city.id), ("state", "=", "ordered")], order="id"
        )
        if pending.filtered("date_start"):
            return
        dice = random.Random(85)
        for place, inspection in enumerate(pending):
            mine = inspection.with_user(self._get_user("inspector"))
            if place % 4 == 3:
                self._bring_on_inspection(dice, mine, place)
            elif place % 4:
                self._schedule(dice, mine, fields.Datetime.now(), days=1 + place % 3)
            if place % 4 == 2:
                self._schedule(dice, mine, fields.Datetime.now(), days=5, why=dice.choice(MOVES))

    def _bring_on_inspection(self, dice, inspection, place):
        """Begun as soon as could be: under way, or to be rectified."""
        now = fields.Datetime.now()
        self._schedule(dice, inspection, inspection.ordered_at)
        inspection._do_start(at=min(inspection.date_start, now))
        if place % 8 == 3:
            self._find_nothing(inspection, leave=2)
            return
        self._find_faults(inspection, now)
        calendar = self.env["shenpi.workday"]._get_calendar()
        day = calendar.add(to_local(now).date(), 5)
        inspection._do_conclude("rectify", self._get_findings(inspection), day)

    def _schedule(self, dice, inspection, at, days=0, why=""):
        """An appointment of two hours in office time, after ``at``."""
        calendar = self.env["shenpi.workday"]._get_calendar()
        start = at + timedelta(minutes=5)
        if days:
            day = calendar.add(to_local(at).date(), days)
            start = to_utc(datetime.combine(day, time(FIRST_HOUR + dice.randrange(6))))
        inspection._do_schedule(
            {
                "date_start": start,
                "date_stop": start + timedelta(hours=2),
                "place": f"青云市{dice.choice(STREETS)}{dice.randrange(1, 200)}号",
                "inspectors": self._get_user("inspector") | self._get_user("inspector2"),
            },
            why,
            at=at,
        )

    # === What is found === #

    def _find_nothing(self, inspection, leave=0):
        for line in inspection.line_ids[: -leave or None]:
            if line.needs_photo:
                line.attachment_ids = self._take_photo(line)
            line.action_pass()

    def _find_faults(self, inspection, at):
        self._find_nothing(inspection)
        lines = inspection.line_ids
        faulty = lines.filtered(lambda line: line.name in FAULTS)[:1] or lines[:1]
        faulty.write({"result": "fail", "note": FAULTS.get(faulty.name, "与申报情况不符")})

    def _get_findings(self, inspection):
        faults = inspection.line_ids.filtered(lambda line: line.result == "fail")
        return "\n".join(f"{line.name}：{line.note}" for line in faults)

    def _take_photo(self, line):
        """A drawn picture, so that nobody takes it for a real place."""
        picture = Image.new("RGB", (320, 240), "#d9e2ec")
        pencil = ImageDraw.Draw(picture)
        pencil.rectangle((30, 90, 290, 220), fill="#9fb3c8", outline="#486581", width=3)
        pencil.polygon(((20, 90), (160, 20), (300, 90)), fill="#829ab1", outline="#486581")
        pencil.rectangle((130, 140, 190, 220), fill="#f0f4f8", outline="#486581", width=2)
        stream = io.BytesIO()
        picture.save(stream, "PNG", optimize=True)
        return line.env["ir.attachment"].create(
            {"name": f"{line.name}.png", "datas": base64.b64encode(stream.getvalue())}
        )
