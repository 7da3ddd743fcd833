"""A small bureau in a database without demo data: people, an item, and payloads for it."""

import itertools
import uuid
from dataclasses import dataclass

from .identity import uscc

_ROLES = ("clerk", "reviewer", "decider", "integrator")
_MATERIALS = ("M01", "M02", "M03", "M04")
_REQUIREMENTS = (
    {
        "name": "面积不超过50平方米",
        "field_name": "area",
        "value_type": "number",
        "operator": "at_most",
        "value": "50",
    },
    {
        "name": "仅限零售",
        "field_name": "scope",
        "value_type": "list",
        "operator": "within",
        "value": "零售",
    },
    {"name": "证件号码有效", "kind": "lookup", "lookup": "id_number"},
    {"name": "没有在办件", "kind": "lookup", "lookup": "no_open_case"},
)
_serial = itertools.count(1)


@dataclass(frozen=True)
class Bureau:
    """Ids only, so that it outlives the transaction that made it."""

    item_code: str
    users: dict[str, int]
    form: dict

    def payload(self, **changes) -> dict:
        """Return what `api_submit` takes for a complete paper filing."""
        number = next(_serial)
        return {
            "client_ref": str(uuid.uuid4()),
            "item_code": self.item_code,
            "channel": "api",
            "applicant": {
                "kind": "organisation",
                "name": f"青云第{number}物流有限公司",
                "id_type": "uscc",
                "id_number": uscc(number),
                "phone": "13900000000",
            },
            "materials": [{"code": code} for code in _MATERIALS],
            "form": self.form,
            **changes,
        }


def make_bureau(env, is_instant: bool = False) -> Bureau:
    """Make a department with one person per role, and an item of four materials and three steps.

    What is filed for an instant item fulfils its requirements and is granted at once.
    """
    company = env.ref("base.main_company")
    users = {role: _make_user(env, role) for role in _ROLES}
    department = env["shenpi.department"].create(
        {"name": "审批一科", "company_id": company.id, "user_ids": list(users.values())}
    )
    number = env["shenpi.item"].search_count([]) + 1
    basic_code = f"{number:012d}"
    item = env["shenpi.item"].create(
        {
            "name": "测试许可事项",
            "basic_code": basic_code,
            "code": f"{uscc(0)}3{basic_code}",
            "level": "3",
            "company_id": company.id,
            "department_id": department.id,
            "statutory_limit": 20,
            "promised_limit": 7,
            "valid_from": "2024-01-01",
            "licence_validity_years": 5,
            "material_ids": [(0, 0, {"code": code, "name": f"材料{code}"}) for code in _MATERIALS],
            "step_ids": [
                (0, 0, {"sequence": 10, "kind": "review", "name": "初审"}),
                (0, 0, {"sequence": 20, "kind": "review", "name": "复审"}),
                (0, 0, {"sequence": 30, "kind": "decide", "name": "决定"}),
            ],
            "auto_grant": is_instant,
            "requirement_ids": [(0, 0, rule) for rule in _REQUIREMENTS if is_instant],
        }
    )
    item._do_publish()
    return Bureau(item.code, users, {"area": 48.5, "scope": ["零售"]} if is_instant else {})


def _make_user(env, role: str) -> int:
    login = f"bureau_{role}"
    users = env["res.users"].with_context(no_reset_password=True)
    found = users.search([("login", "=", login)])
    if found:
        return found.id
    groups = env.ref("base.group_user") | env.ref(f"shenpi_base.group_shenpi_{role}")
    return users.create({"name": role, "login": login, "group_ids": groups.ids}).id
