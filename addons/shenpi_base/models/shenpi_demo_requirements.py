from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from ..tools import identifiers
from ..tools.localtime import format_moment

SOLE_TRADER = "个体工商户设立登记"
PREPACKED_FOOD = "仅销售预包装食品备案"
INVESTMENT = "企业投资项目备案"

# What the system checks of the automatic items (sample data).
REQUIREMENTS = {
    SOLE_TRADER: [
        {"name": "名称已通过自主申报", "field": ("name_approved", "boolean", "is_yes")},
        {"name": "经营范围不含许可项目", "field": ("needs_licence", "boolean", "is_no")},
        {"name": "经营场所已填报", "field": ("premises.address", "text", "filled")},
        {"name": "经营者身份证号码有效", "kind": "lookup", "lookup": "id_number"},
        {"name": "已提交住所使用证明", "kind": "material", "material_code": "M03"},
    ],
    PREPACKED_FOOD: [
        {
            "name": "仅销售预包装食品",
            "field": ("business.categories", "list", "within", "预包装食品；特殊食品"),
        },
        {
            "name": "经营面积不超过200平方米",
            "field": ("premises.area", "number", "at_most", "200"),
        },
        {"name": "营业执照在有效期内", "field": ("licence_until", "date", "at_least", "today")},
        {"name": "持有个体工商户营业执照", "kind": "lookup", "lookup": "licence"},
        {"name": "没有同一事项的在办件", "kind": "lookup", "lookup": "no_open_case"},
    ],
    INVESTMENT: [
        {"name": "已取得项目代码", "field": ("project.code", "text", "filled")},
        {"name": "不属于核准目录内的项目", "field": ("needs_approval", "boolean", "is_no")},
        {"name": "总投资大于零", "field": ("project.investment", "number", "above", "0")},
        {"name": "统一社会信用代码有效", "kind": "lookup", "lookup": "id_number"},
        {"name": "信用等级不低于C级", "kind": "credit", "grade": "C"},
    ],
}
TRADERS = ["王海波", "李秀英", "张文博", "刘佳宁"]
COMPANIES = ["滨海精密机械有限公司", "东湖新能源有限公司", "临港物流有限责任公司"]


class ShenpiDemo(models.AbstractModel):
    """Requirements of the automatic items, and applications that were granted by them."""

    _inherit = "shenpi.demo"

    @api.model
    def _add_requirements(self, items):
        """Give the drafts of automatic items what the system checks of them."""
        by_name = {item.name: item for item in items}
        for name, rules in REQUIREMENTS.items():
            if name in by_name:
                by_name[name].requirement_ids = [
                    Command.create(self._prepare_requirement(dict(rule), place, by_name))
                    for place, rule in enumerate(rules, start=1)
                ]

    @api.model
    def _prepare_requirement(self, rule, place, items):
        if "field" in rule:
            names = ("field_name", "value_type", "operator", "value")
            rule |= dict(zip(names, rule.pop("field"), strict=False))
        if rule.get("lookup") == "licence":
            rule["lookup_item_id"] = items[SOLE_TRADER].id
        return rule | {"sequence": 10 * place}

    @api.model
    def _load_instant_cases(self):
        """File for the automatic items once: most are granted at once, some are not."""
        calls = self.env["shenpi.api.call"].sudo()
        if calls.search_count([("client_ref", "=", "demo-instant-0")], limit=1):
            return
        city = self.env.ref("base.main_company")
        integrator = self._get_user("integrator")
        applications = self.env["shenpi.application"].with_user(integrator)
        payloads = [*self._get_traders(), *self._get_projects(city)]
        now = fields.Datetime.now()
        for place, payload in enumerate(payloads):
            at = now - timedelta(minutes=20 * (len(payloads) - place))
            payload |= {"client_ref": f"demo-instant-{place}", "at": format_moment(at)}
        applications.with_context(tracking_disable=True).api_submit_batch(payloads)

    def _get_traders(self):
        """Sole traders who register, and sell prepacked food as soon as they are."""
        filings = [
            self._prepare_instant(
                SOLE_TRADER,
                ("person", name, "ric", f"000000199001{day:02}001"),
                {
                    "name_approved": True,
                    "needs_licence": place == len(TRADERS) - 1,
                    "premises": {"address": f"青云市海州区政通路{place + 10}号"},
                },
            )
            for place, (name, day) in enumerate(zip(TRADERS, range(11, 31), strict=False))
        ]
        until = fields.Date.add(fields.Date.today(), years=4).isoformat()
        food = [
            self._prepare_instant(
                PREPACKED_FOOD,
                ("person", name, "ric", f"000000199001{day:02}001"),
                {
                    "business": {"categories": ["预包装食品"]},
                    "premises": {"area": 60 + 90 * place},
                    "licence_until": until,
                },
            )
            for place, (name, day) in enumerate(zip(TRADERS, range(11, 31), strict=False))
        ]
        return [*filings, *food]

    def _get_projects(self, company):
        """Projects of firms with a credit record; the last one has none."""
        payloads = [
            self._prepare_instant(
                INVESTMENT,
                ("organisation", name, "uscc", f"91000000MA880000{place}"),
                {
                    "project": {"code": f"2026-379900-01-0{place}", "investment": 1200.5 + place},
                    "needs_approval": False,
                },
            )
            for place, name in enumerate(COMPANIES)
        ]
        self.env["shenpi.credit"].create(
            [
                {
                    "subject_name": payload["applicant"]["name"],
                    "id_number": payload["applicant"]["id_number"],
                    "grade": grade,
                    "ground": "rating",
                    "source": "公共信用信息平台（示例数据）",
                    "company_id": company.id,
                    "valid_from": "2026-01-01",
                }
                for payload, grade in zip(payloads, "AB", strict=False)
            ]
        )
        return payloads

    def _prepare_instant(self, item_name, applicant, form):
        kind, name, id_type, body = applicant
        item = self.env["shenpi.item"].search(
            [
                ("name", "=", item_name),
                ("state", "=", "published"),
                ("company_id", "=", self.env.ref("base.main_company").id),
            ]
        )
        return {
            "item_code": item.code,
            "channel": "web",
            "form": form,
            "applicant": {
                "kind": kind,
                "name": name,
                "id_type": id_type,
                "id_number": self._add_check_digit(id_type, body),
                "phone": "13900008800",
            },
            "materials": [{"code": m.code} for m in item.material_ids if m.required],
        }

    def _add_check_digit(self, id_type, body):
        check = {"ric": identifiers.ric_check_digit, "uscc": identifiers.uscc_check_digit}
        return body + check[id_type](body)
