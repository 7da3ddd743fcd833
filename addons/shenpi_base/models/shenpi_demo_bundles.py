import random

from odoo import api, fields, models
from odoo.fields import Command

from .shenpi_demo_inspection import FAULTS

RESTAURANT = "KBCY"
FORM = {
    RESTAURANT: [
        ("经营场所地址", True, "与房产证明一致"),
        ("经营场所面积（平方米）", True, ""),
        ("经营项目", True, "如：热食类食品制售"),
        ("从业人员人数", False, ""),
        ("拟开业日期", False, "2026-01-01"),
    ]
}
SUMMARY = {
    RESTAURANT: "一张表单、一套材料、一次踏勘，办齐开办餐饮店所需的登记和许可。",
    "LSTD": "老旧小区、背街小巷、断头路改造和架空线入地只需办理的八个事项。",
}
JOINT = {RESTAURANT}
SMALL = {"area": "small", "sign": "yes", "drain": "no"}
LARGE = {"area": "large", "sign": "yes", "drain": "yes"}
PERMITS = {RESTAURANT: "餐饮服务行业综合许可证"}


class ShenpiDemo(models.AbstractModel):
    """The thirteen national matters and the green channel, as samples to be edited; a few cases."""

    _inherit = "shenpi.demo"

    @api.model
    def _load_bundles(self):
        """Make the sample bundles once, with the items that the menu does not have."""
        if self.env["shenpi.bundle"].search_count([], limit=1):
            return
        city = self.env.ref("base.main_company")
        known = len(self._read_csv("menu84.csv"))
        rows = self._read_csv("items_more.csv")
        for number, row in enumerate(rows, start=known + 1):
            row["number"] = number
        self._load_items(city, "3", rows, self._group_materials())
        bundles = self._make_bundles(city)
        bundles.action_publish()
        self._make_bundle_cases(bundles.filtered(lambda b: b.code == RESTAURANT))

    def _make_bundles(self, company):
        items = {
            item.name: item
            for item in self.env["shenpi.item"].search(
                [("company_id", "=", company.id), ("state", "=", "published")]
            )
        }
        rows, answers = self._read_csv("bundles.csv"), self._read_csv("bundle_answers.csv")
        bundles = self.env["shenpi.bundle"]
        for code in dict.fromkeys(row["code"] for row in rows):
            own = [row for row in rows if row["code"] == code]
            bundle = bundles.create(self._prepare_bundle_vals(company, own, items))
            self._tie_lines(bundle, own)
            self._add_questions(bundle, own, [a for a in answers if a["bundle"] == code])
            bundles |= bundle
        return bundles

    def _prepare_bundle_vals(self, company, rows, items):
        first = rows[0]
        fields = FORM.get(first["code"], [])
        return {
            "name": first["name"],
            "code": first["code"],
            "kind": first["kind"],
            "company_id": company.id,
            "department_id": self._get_office(company, first).id,
            "permit_name": PERMITS.get(first["code"]),
            "joint": first["code"] in JOINT,
            "is_sample": True,
            "summary": SUMMARY.get(first["code"]),
            "line_ids": [
                Command.create({"item_id": items[row["item"]].id, "sequence": 10 * place})
                for place, row in enumerate(rows, start=1)
            ],
            "field_ids": [
                Command.create({"name": name, "required": required, "hint": hint})
                for name, required, hint in fields
            ],
        }

    def _tie_lines(self, bundle, rows):
        lines = {line.item_id.name: line for line in bundle.line_ids}
        for row in rows:
            for column, sign, name in (
                ("after_all", "；", "after_all_ids"),
                ("after_any", "|", "after_any_ids"),
            ):
                before = [lines[part].id for part in row[column].split(sign) if part]
                if before:
                    lines[row["item"]][name] = [Command.set(before)]

    def _add_questions(self, bundle, rows, answers):
        lines = {line.item_id.name: line.id for line in bundle.line_ids}
        for code in dict.fromkeys(answer["question"] for answer in answers):
            own = [answer for answer in answers if answer["question"] == code]
            choices = []
            for answer in own:
                key = f"{code}.{answer['answer']}"
                needed = [lines[row["item"]] for row in rows if row["answer"] == key]
                vals = {"code": answer["answer"], "name": answer["answer_name"]}
                choices.append(Command.create(dict(vals, line_ids=[Command.set(needed)])))
            bundle.question_ids = [
                Command.create({"code": code, "name": own[0]["name"], "answer_ids": choices})
            ]

    def _make_bundle_cases(self, bundle):
        """Three restaurants: just received, registered, and nearly done; a large one that has been
        inspected for all its items on one visit."""
        owners = ("张海波", "云山青禾餐饮管理有限公司", "李桂芳")
        for place, owner in enumerate(owners):
            answer = self._submit_restaurant(bundle, place, owner)
            cases = self.env["shenpi.bundle.case"]
            case = cases.search([("number", "=", answer["number"])])
            for _round in range(place):
                self._grant_children(case)
        self._make_large_restaurant(bundle)

    def _grant_children(self, case):
        for line in case.line_ids.filtered(lambda li: li.status == "running"):
            self._grant_child(line.application_id)

    def _make_large_restaurant(self, bundle):
        """Food is in order, fire safety is to be rectified."""
        answer = self._submit_restaurant(bundle, 7, "青云海风大酒楼有限公司", LARGE)
        case = self.env["shenpi.bundle.case"].search([("number", "=", answer["number"])])
        self._grant_children(case)
        self._grant_children(case)
        inspection = case.inspection_ids.with_user(self._get_user("inspector"))
        dice = random.Random(7)
        self._schedule(dice, inspection, max(inspection.event_ids.mapped("happened_at")))
        inspection._do_start(at=min(inspection.date_start, fields.Datetime.now()))
        self._find_nothing(inspection)
        fire = inspection.part_ids[-1:]
        faulty = inspection.line_ids.filtered(lambda line: line.part_id == fire)[:1]
        faulty.write({"result": "fail", "note": FAULTS.get(faulty.name, "与申报情况不符")})
        findings = {
            part: ("rectify", self._get_findings(inspection)) if part == fire else ("pass", "")
            for part in inspection.part_ids
        }
        inspection._do_conclude_parts(findings, self._get_day(5))

    def _submit_restaurant(self, bundle, place, owner, answers=None):
        company = owner.endswith("公司")
        number = self._get_uscc if company else self._get_ric
        dice = random.Random(place)
        return (
            bundle.with_user(self._get_user("clerk"))
            .with_company(bundle.company_id)
            .api_submit(
                {
                    "client_ref": f"demo-restaurant-{place}",
                    "bundle_code": bundle.code,
                    "channel": "window",
                    "applicant": {
                        "kind": "organisation" if company else "person",
                        "name": owner,
                        "id_type": "uscc" if company else "ric",
                        "id_number": number(dice),
                        "phone": f"139{dice.randrange(10**7, 10**8)}",
                    },
                    "answers": {
                        "type": "company" if company else "household",
                        **(answers or SMALL),
                    },
                    "form": {
                        "经营场所地址": "青云市海棠路12号",
                        "经营场所面积（平方米）": "160",
                        "经营项目": "热食类食品制售",
                    },
                    "materials": [{"code": code} for code in bundle.material_ids.mapped("code")],
                }
            )
        )

    def _grant_child(self, application):
        if application.state == "received":
            application.with_user(self._get_user("clerk2"))._do_accept()
        reviewer = application.with_user(self._get_user("reviewer"))
        while application.sudo().step_id.kind == "review":
            reviewer._do_review("pass", "材料齐全，符合条件。")
        if application.state in ("accepted", "deciding") and not application._get_grant_blockers():
            application.with_user(self._get_user("decider"))._do_decide("grant", "符合条件。")
