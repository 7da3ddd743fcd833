import random
from itertools import count

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..tools import identifiers
from .shenpi_demo_applications import OPINIONS

# Licences from before: item, holder, years of validity, last day counted from today, and fate.
LICENCES = (
    ("食品经营许可证核发", "青云海波餐饮管理有限公司", 5, 420, "valid"),
    ("食品经营许可证核发", "滨海建国酒店管理有限公司", 5, 75, "valid"),
    ("食品经营许可证核发", "临港雨桐餐饮管理有限公司", 5, 41, "valid"),
    ("食品经营许可证核发", "东湖文博餐饮管理有限公司", 5, 52, "renewing"),
    ("食品经营许可证核发", "金沙晓东海产有限公司", 5, 12, "late"),
    ("食品经营许可证核发", "云山佳宁海产有限责任公司", 5, -3, "deemed"),
    ("公共场所卫生许可证核发", "青云思源酒店管理有限公司", 4, -6, "deemed"),
    ("公共场所卫生许可证核发", "滨海俊杰文旅有限公司", 4, 60, "renewing"),
    ("公共场所卫生许可证核发", "临港志强酒店管理有限公司", 4, 300, "suspended"),
    ("公共场所卫生许可证核发", "东湖丽华文旅有限公司", 4, 200, "suspended"),
    ("出版物零售经营许可", "云山春梅文旅有限公司", 5, 510, "revoked"),
    ("出版物零售经营许可", "金沙明远文旅有限公司", 5, 640, "revoked"),
    ("出版物零售经营许可", "青云子涵文旅有限公司", 5, 700, "revoked and cancelled"),
    ("食品经营许可证核发", "滨海秀英餐饮管理有限公司", 5, -160, "cancelled"),
    ("食品经营许可证核发", "临港桂芳餐饮管理有限公司", 5, 390, "ended"),
    ("食品经营许可证核发", "东湖子涵餐饮管理有限公司", 5, -20, "expired"),
    ("食品经营许可证核发", "金沙雨桐餐饮管理有限公司", 5, -44, "expired"),
    ("公共场所卫生许可证核发", "云山海波酒店管理有限公司", 4, -71, "expired"),
    ("出版物零售经营许可", "青云建国文旅有限公司", 5, -90, "expired"),
    ("食品经营许可证核发", "滨海志强餐饮管理有限公司", 5, 820, "changed"),
    ("公共场所卫生许可证核发", "临港丽华酒店管理有限公司", 4, 730, "changed"),
    ("食品经营许可证核发", "东湖春梅餐饮管理有限公司", 5, 33, "renewed"),
)
SCOPES = {
    "食品经营许可证核发": "热食类食品制售；冷食类食品制售（示例数据）",
    "公共场所卫生许可证核发": "宾馆；公共浴室（示例数据）",
    "出版物零售经营许可": "国内版图书、报刊零售（示例数据）",
}
REASONS = {
    "suspended": "日常检查发现消防通道堵塞、后厨卫生不达标，限期整改期间暂扣许可（示例数据）。",
    "revoked": "经查，申请时提交的经营场所证明系伪造（示例数据）。",
    "revoked and cancelled": "经查，申请人不具备规定的从业资格（示例数据）。",
    "cancelled": "许可有效期届满未延续（示例数据）。",
    "ended": "企业已依法办理注销登记（示例数据）。",
}
# Working days ago on which renewals and changes were filed.
FILED_AGE = {"renewing": 4, "late": 3, "changed": 12, "renewed": 14}


class ShenpiDemo(models.AbstractModel):
    """Demo licences from before, each brought where it is through the real flow: to be renewed,
    being renewed, deemed renewed, suspended, revoked, cancelled, expired, changed."""

    _inherit = "shenpi.demo"

    @api.model
    def _get_licence_type_id(self, company, name):
        """The licence type with the name of what an item issues, or False."""
        domain = [("name", "=", name), ("company_id", "in", (company.id, False))]
        return self.env["shenpi.licence.type"].search(domain, limit=1).id

    @api.model
    def _load_licences(self):
        """Make them once."""
        licences = self.env["shenpi.licence"]
        if licences.search_count([("application_id", "=", False)], limit=1):
            return
        city = self.env.ref("base.main_company")
        items = self.env["shenpi.item"].search(
            [
                ("company_id", "=", city.id),
                ("state", "=", "published"),
                ("name", "in", list(SCOPES)),
            ]
        )
        by_name = {item.name: item for item in items}
        for place, (name, holder, years, left, fate) in enumerate(LICENCES):
            licence = self._take_over(place, by_name[name], holder, years, left)
            self._bring_licence_to(licence, fate, place)

    def _take_over(self, place, item, holder, years, left):
        """A licence from before the system."""
        licences = self.env["shenpi.licence"]
        last = licences._get_today() + relativedelta(days=left)
        first = last + relativedelta(days=1, years=-years)
        vals = {
            "number": f"QY{first:%Y}{item.basic_code[5:9]}{place + 1:05d}",
            "version": 1,
            "name": item.licence_name,
            "type_id": item.licence_type_id.id,
            "item_id": item.id,
            "company_id": item.company_id.id,
            "department_id": item.department_id.id,
            "holder_name": holder,
            "holder_kind": "organisation",
            "holder_id_type": "uscc",
            "holder_id_number_raw": self._get_serial_uscc(place),
            "holder_phone_raw": f"1390000{place:04d}",
            "scope": SCOPES[item.name],
            "place": f"青云市临港路{100 + place}号（示例数据）",
            "conditions": item.licence_type_id.conditions,
            "valid_from": first,
            "in_force_from": first,
            "valid_to": last,
        }
        vals |= licences._prepare_derived(vals)
        manager = licences.with_user(self._get_user("manager"))
        # As of the day on which it began; the chain of its events goes on from there.
        moment = self._get_moment(0) - relativedelta(years=years)
        return manager._begin_all("import_licence", [vals], [moment])

    def _get_serial_uscc(self, serial):
        body = f"91000000MB{serial:07d}"
        return body + identifiers.uscc_check_digit(body)

    def _bring_licence_to(self, licence, fate, place):
        decided = licence.with_user(self._get_user("decider"))
        if fate == "suspended":
            decided._do_suspend(REASONS[fate], at=self._get_moment(5))
        elif fate.startswith("revoked"):
            ground = "fraud" if fate == "revoked" else "unqualified"
            decided._do_revoke(ground, REASONS[fate], at=self._get_moment(30))
            if fate != "revoked":
                reason = "许可已依法撤销（示例数据）。"
                decided._do_cancel("revoked", reason, at=self._get_moment(20))
        elif fate in ("cancelled", "ended"):
            ground = "expired" if fate == "cancelled" else "organisation_ended"
            decided._do_cancel(ground, REASONS[fate], at=self._get_moment(15))
        elif fate == "deemed":
            due = licence.renewal_due_date
            calendar = self.env["shenpi.workday"]._get_calendar()
            today = licence._get_today()
            self._file_about(licence, "renew", max(calendar.count(due, today) + 1, 1))
            licence._deem_renewed()
        elif fate in FILED_AGE:
            self._walk_about(licence, fate, place)

    def _walk_about(self, licence, fate, place):
        purpose = "change" if fate == "changed" else "renew"
        age = FILED_AGE[fate]
        application = self._file_about(licence, purpose, age)
        if fate in ("renewing", "late"):
            return
        moments = self._count_moments(age - 1)
        application._do_accept(at=next(moments))
        reviewer, decider = (
            application.with_user(self._get_user(login)) for login in ("reviewer", "decider")
        )
        while application.sudo().step_id.kind == "review":
            reviewer._do_review("pass", OPINIONS["pass"][0], at=next(moments))
        self._walk_inspection(random.Random(place), application, "grant", moments)
        decider._do_decide("grant", OPINIONS["grant"][0], at=next(moments))
        application._do_deliver("window", "", at=next(moments))

    def _count_moments(self, age):
        """Moments from so many working days ago on, one a day."""
        for days in count(age, -1):
            yield self._get_moment(max(days, 0), hour=10)

    def _file_about(self, licence, purpose, age):
        """An application about a licence, received so many working days ago."""
        clerk = self._get_user("clerk")
        raw = licence.sudo()
        draft = (
            self.env["shenpi.application"]
            .with_user(clerk)
            .with_company(raw.company_id)
            .with_context(tracking_disable=True)
            .create(
                licence._prepare_renewal_vals(raw.item_id)
                | {"purpose": purpose, "applicant_phone": raw.holder_phone_raw}
            )
        )
        draft.material_ids.write({"status": "provided"})
        if purpose == "change":
            draft.licence_place = f"青云市滨海大道{raw.id % 300}号（示例数据，变更后）"
        draft._do_receive(at=self._get_moment(age))
        return draft
