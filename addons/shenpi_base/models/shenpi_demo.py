import csv

from odoo import api, models
from odoo.fields import Command
from odoo.tools import file_open

TIME_ZONE = "Asia/Shanghai"
FOLDER = "shenpi_base/demo"
FIRST_BASIC_NUMBER = 17000
LONG_PROMISE = 10

# Which office of the city handles the items of a phase of the menu.
OFFICES = {
    "1-立项用地规划许可": "shenpi_department_investment",
    "2-工程建设许可": "shenpi_department_construction",
    "3-施工许可": "shenpi_department_construction",
    "4-竣工验收": "shenpi_department_construction",
    "市场准入": "shenpi_department_market",
    "食品药品与特种设备": "shenpi_department_market",
    "医疗卫生": "shenpi_department_social",
    "文化新闻": "shenpi_department_social",
    "人社教育民政": "shenpi_department_social",
    "公安消防": "shenpi_department_transport",
    "交通运输": "shenpi_department_transport",
    "生态农业": "shenpi_department_transport",
}
DISTRICT_ITEMS = {
    "企业设立登记",
    "个体工商户设立登记",
    "食品经营许可证核发",
    "公共场所卫生许可证核发",
    "出版物零售经营许可",
    "户外广告及招牌设置审批",
}
INSPECTED_ITEMS = {
    "食品经营许可证核发",
    "公共场所卫生许可证核发",
    "公众聚集场所投入使用、营业前消防安全检查",
    "旅馆业特种行业许可证核发",
    "医疗机构执业登记",
    "动物防疫条件合格证核发",
    "娱乐场所经营许可证核发",
    "建设工程消防验收",
}
COMMITMENT_ITEMS = {
    "公众聚集场所投入使用、营业前消防安全检查",
    "公共场所卫生许可证核发",
    "人力资源服务许可",
    "出版物零售经营许可",
}
COMMITMENT_CONTENT = """已知晓本事项的许可条件、标准和技术要求；
经营场所真实、合法，用途与申请一致；
从业人员具备规定的资格；
已建立法律法规要求的管理制度。"""
COMMITMENT_METHODS = {"人力资源服务许可": "documents", "出版物零售经营许可": "online"}
AUTOMATIC_ITEMS = {"企业投资项目备案", "仅销售预包装食品备案", "个体工商户设立登记"}
SINGLE_APPROVER_ITEM = "第二类医疗器械经营备案"
FEE_ITEM = "不动产首次登记"
HEARING_ITEM = "娱乐场所经营许可证核发"
GENERAL_BASIS = "《中华人民共和国行政许可法》（示例数据，具体依据由法规科核定）"


class ShenpiDemo(models.AbstractModel):
    """What only a demo database gets, and no data file can express."""

    _name = "shenpi.demo"
    _description = "Demo data"

    @api.model
    def _prepare_language(self):
        """Chinese, dates with dashes, weeks from Monday, Shanghai time for those who are there."""
        languages = self.env["res.lang"].with_context(active_test=False)
        is_new = not languages.search([("code", "=", "zh_CN")]).active
        language = languages._activate_lang("zh_CN")
        language.write({"date_format": "%Y-%m-%d", "time_format": "%H:%M:%S", "week_start": "1"})
        if is_new:
            installed = self.env["ir.module.module"].search([("state", "=", "installed")])
            installed._update_translations(["zh_CN"])
        self.env["ir.default"].set("res.partner", "lang", "zh_CN")
        self.env["ir.default"].set("res.partner", "tz", TIME_ZONE)
        people = self.env.ref("base.user_admin") | self.env.ref("base.user_root")
        people.partner_id.write({"lang": "zh_CN", "tz": TIME_ZONE})

    @api.model
    def _load_catalogue(self):
        """The 84 items of the menu for the city, a handful of them for the district; published.

        Safe to call again: items that are there are left alone.
        """
        rows = self._read_csv("menu84.csv")
        for number, row in enumerate(rows, start=1):
            row["number"] = number
        materials = self._group_materials()
        city = self.env.ref("base.main_company")
        district = self.env.ref("shenpi_base.company_district")
        self._load_items(city, "3", rows, materials)
        district_rows = [row for row in rows if row["name"] in DISTRICT_ITEMS]
        self._load_items(district, "4", district_rows, materials)

    def _load_items(self, company, level, rows, materials):
        env = self.with_company(company).env
        regulators = self.with_env(env)._load_regulators(company, rows)
        options = env["shenpi.item.option"].search([("kind", "in", ("audience", "channel"))])
        vals_list = [
            self._prepare_item_vals(company, level, row, regulators)
            | self._prepare_parts(row, materials[row["phase"]])
            | self._prepare_service_vals(row, options)
            for row in rows
        ]
        items = env["shenpi.item"].with_context(lang="zh_CN")
        known = set(
            items.search([("code", "in", [vals["code"] for vals in vals_list])]).mapped("code")
        )
        drafts = items.create([vals for vals in vals_list if vals["code"] not in known])
        self._add_requirements(drafts)
        drafts.action_publish()

    def _load_regulators(self, company, rows):
        """The regulating departments, by name."""
        departments = self.env["shenpi.department"]
        names = list(dict.fromkeys(row["department"] for row in rows))
        known = departments.search([("company_id", "=", company.id), ("kind", "=", "regulator")])
        missing = [name for name in names if name not in known.mapped("name")]
        known += departments.create(
            [
                {
                    "name": name,
                    "code": f"R{number:02}",
                    "kind": "regulator",
                    "company_id": company.id,
                    "sequence": 50,
                }
                for number, name in enumerate(missing, start=len(known) + 1)
            ]
        )
        return {department.name: department for department in known}

    # === Values of an item === #

    def _prepare_item_vals(self, company, level, row, regulators):
        statutory, promised = self._get_limits(row)
        item_type = self._get_item_type(row)
        basic_code = f"37{item_type}{FIRST_BASIC_NUMBER + row['number']:05}000"
        basis = row["basis"].split(";")[0]
        return {
            "name": row["name"],
            "basic_code": basic_code,
            "code": f"{company.shenpi_uscc}{level}{basic_code}",
            "level": level,
            "company_id": company.id,
            "department_id": self._get_office(company, row).id,
            "regulator_id": regulators[row["department"]].id,
            "item_type": item_type,
            "statutory_limit": statutory,
            "promised_limit": promised,
            "case_kind": "promise" if promised else "instant",
            "review_mode": "staged" if promised else "immediate",
            "valid_from": "2024-01-01",
            # Only what was read in a law is shown as one.
            "legal_basis": basis[2:] if basis.startswith("V ") else GENERAL_BASIS,
            "statutory_note": basis[2:] if basis.startswith("V ") and statutory > 20 else False,
            "conditions": "符合法律、法规规定的条件，申请材料齐全、符合法定形式。",
            "result_name": row["licence_issued"],
            "closing_kind": self._get_closing_kind(row["licence_issued"]),
            "licence_name": row["licence_issued"],
            "licence_validity_years": int(row["licence_validity_years"] or 0),
            "licence_type_id": self._get_licence_type_id(company, row["licence_issued"]),
            "auto_grant": row["name"] in AUTOMATIC_ITEMS,
            "needs_inspection": row["name"] in INSPECTED_ITEMS,
            "allow_commitment": row["name"] in COMMITMENT_ITEMS,
            "hearing_required": row["name"] == HEARING_ITEM,
            **self._prepare_commitment_vals(row),
        }

    def _prepare_commitment_vals(self, row):
        """What items that are granted on a written commitment say of it."""
        if row["name"] not in COMMITMENT_ITEMS:
            return {}
        return {
            "commitment_content": COMMITMENT_CONTENT,
            "commitment_publicity": "承诺书在市政务服务网公示，公示期至核查结束（示例数据）",
            "verification_method": COMMITMENT_METHODS.get(row["name"], "on_site"),
            "verification_days": 20,
            "verification_standard": "经营场所、人员、制度与承诺一致。",
        }

    def _prepare_parts(self, row, materials):
        statutory, promised = self._get_limits(row)
        materials = [m for m in materials if promised or m["spared_by"] != "deferral"]
        answer = f"法定{statutory}个工作日，承诺{promised}个工作日。" if promised else "当场办结。"
        sample = self.env["ir.attachment"].create(
            {
                "name": f"{row['licence_issued']}（样本）.txt",
                "raw": f"{row['licence_issued']}\n样本，仅供演示。\n".encode(),
            }
        )
        return {
            "allow_deferral": any(m["spared_by"] == "deferral" for m in materials),
            "result_sample_ids": [Command.link(sample.id)],
            "material_ids": [
                Command.create(dict(material, code=f"M{number:02}", sequence=10 * number))
                for number, material in enumerate(materials, start=1)
            ],
            "step_ids": self._prepare_chain(row, promised),
            "faq_ids": [
                Command.create({"question": f"{row['name']}要多长时间？", "answer": answer})
            ],
        }

    def _prepare_chain(self, row, promised):
        if row["name"] == SINGLE_APPROVER_ITEM:
            decider = self.env.ref("shenpi_base.user_decider")
            person = {"assign": "person", "user_id": decider.id}
            return [Command.create({"name": "独任审批", "kind": "decide", **person})]
        if not promised:
            names = ["审核合一"]
        else:
            names = ["审查", "复核", "决定"] if promised >= LONG_PROMISE else ["审查", "决定"]
        return [
            Command.create(
                {
                    "name": name,
                    "sequence": 10 * number,
                    "kind": "decide" if number == len(names) else "review",
                }
            )
            for number, name in enumerate(names, start=1)
        ]

    def _prepare_service_vals(self, row, options):
        audience = options.filtered(lambda o: o.kind == "audience" and o.code in ("1", "2"))
        channels = options.filtered(lambda o: o.kind == "channel" and o.code in ("1", "2", "3"))
        vals = {
            "audience_ids": [Command.set(audience.ids)],
            "channel_ids": [Command.set(channels.ids)],
            "online_level": "full",
            "visits": 0,
            "post_out": True,
            "booking": True,
            "place": "青云市政务服务中心二楼综合受理窗口",
            "office_hours": "工作日 9:00-12:00，13:30-17:00",
            "consult_phone": "0000-8801200",
            "complaint_phone": "0000-8801234",
        }
        if row["phase"] == "4-竣工验收":
            vals |= {"online_level": "verify", "visits": 1, "visit_reason": "核验竣工图原件"}
        if row["name"] == FEE_ITEM:
            fee = {"name": "不动产登记费", "standard": "按价格主管部门核定的标准（示例数据）"}
            vals |= {
                "has_fee": True,
                "online_payment": True,
                "fee_basis": "价格主管部门核定文件（示例数据）",
                "fee_ids": [Command.create(fee)],
            }
        return vals

    def _get_office(self, company, row):
        if company == self.env.ref("base.main_company"):
            return self.env.ref(f"shenpi_base.{OFFICES[row['phase']]}")
        return self.env.ref("shenpi_base.shenpi_department_district_market")

    @api.model
    def _get_limits(self, row):
        return int(row["statutory_working_days"]), int(row["promised_working_days"])

    @api.model
    def _get_item_type(self, row):
        name = row["name"]
        if name.endswith("报装"):
            return "20"
        if "备案" in name or name.endswith("报备"):
            return "10"
        if name.endswith(("登记", "手续办理", "验收", "核实")):
            return "07"
        return "01"

    @api.model
    def _get_closing_kind(self, result):
        suffixes = {"证": "certificate", "照": "certificate", "文": "document", "批复": "approval"}
        return next((kind for end, kind in suffixes.items() if result.endswith(end)), "document")

    # === Files === #

    @api.model
    def _read_csv(self, name):
        with file_open(f"{FOLDER}/{name}") as stream:
            return list(csv.DictReader(stream))

    def _group_materials(self):
        """The materials by phase, as field values."""
        groups = {}
        for row in self._read_csv("materials84.csv"):
            phase = row.pop("phase")
            groups.setdefault(phase, []).append(dict(row, required=row["required"] == "1"))
        return groups
