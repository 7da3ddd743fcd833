"""The table in which a bureau hands over its catalogue: columns, words, and the materials cell.

One row is one item. Headings may be Chinese or English, in any order; columns that are not known
are left aside. Long codes must be text cells, or the spreadsheet rounds them.

Materials are one cell, names separated by semicolons, each with a mark:

>>> for material in split_materials("申请表*；授权委托书~；其他说明"):
...     print(material["name"], material["required"], material["importance"])
申请表 True main
授权委托书 True auxiliary
其他说明 False auxiliary
"""

import re

HEADINGS = {
    "code": ("实施编码", "Item code"),
    "basic_code": ("基本编码", "Basic code"),
    "level": ("行使层级", "Level"),
    "name": ("事项名称", "Item name"),
    "item_type": ("事项类型", "Type"),
    "department": ("承办处室", "Handled by"),
    "regulator": ("主管部门", "Regulator"),
    "limit_unit": ("时限单位", "Unit of limits"),
    "statutory_limit": ("法定时限", "Statutory limit"),
    "statutory_note": ("法定时限说明", "Note on the statutory limit"),
    "handling": ("办理方式", "Handled"),
    "promised_limit": ("承诺时限", "Promised limit"),
    "case_kind": ("办件类型", "Kind of case"),
    "legal_basis": ("设定依据", "Legal basis"),
    "conditions": ("受理条件", "Conditions"),
    "materials": ("申请材料", "Materials"),
    "steps": ("审批环节数", "Approval steps"),
    "result_name": ("结果名称", "Result"),
    "closing_kind": ("办结类型", "How it closes"),
    "licence_name": ("证照名称", "Licence"),
    "licence_type": ("证照类型", "Licence type"),
    "licence_validity_years": ("证照有效期(年)", "Valid for (years)"),
    "online_level": ("网办深度", "Online service"),
    "visits": ("到办事现场次数", "Visits to the hall"),
    "visit_reason": ("必须现场办理原因", "Why a visit is necessary"),
    "post_in": ("材料邮寄", "Materials by post"),
    "post_out": ("结果邮寄", "Result by post"),
    "has_fee": ("是否收费", "Charges a fee"),
    "fee_name": ("收费项目", "Fee"),
    "fee_standard": ("收费标准", "Rate"),
    "fee_basis": ("收费依据", "Basis of the fee"),
    "online_payment": ("网上支付", "Online payment"),
    "place": ("办理地点", "Where"),
    "office_hours": ("办理时间", "Office hours"),
    "consult_phone": ("咨询电话", "Information phone"),
    "complaint_phone": ("投诉电话", "Complaint phone"),
    "question": ("常见问题", "Question"),
    "answer": ("问题解答", "Answer"),
    "allow_commitment": ("告知承诺", "Commitment"),
    "auto_grant": ("秒批", "Automatic"),
    "needs_inspection": ("现场勘验", "Site inspection"),
    "valid_from": ("生效日期", "In force from"),
}
REQUIRED = ("name", "item_type", "department", "statutory_limit", "promised_limit")
TEXTS = (
    "name",
    "legal_basis",
    "statutory_note",
    "conditions",
    "result_name",
    "licence_name",
    "visit_reason",
    "fee_basis",
    "place",
    "office_hours",
    "consult_phone",
    "complaint_phone",
)
NUMBERS = ("statutory_limit", "promised_limit", "licence_validity_years", "visits")
LARGEST_NUMBER = 9999
FLAGS = (
    "post_in",
    "post_out",
    "has_fee",
    "online_payment",
    "allow_commitment",
    "auto_grant",
    "needs_inspection",
)
SELECTIONS = (
    "level",
    "item_type",
    "limit_unit",
    "handling",
    "case_kind",
    "closing_kind",
    "online_level",
)
# column, field, and which kind of department it names
DEPARTMENTS = (
    ("department", "department_id", "offices"),
    ("regulator", "regulator_id", "regulators"),
)

FLAG_WORDS = {"": False} | {
    word: value
    for words, value in (("是 有 支持 y yes 1 true", True), ("否 无 不支持 n no 0 false", False))
    for word in words.split()
}
# Usual words beside the labels of the screens.
WORDS = {
    "level": {"国家": "1", "省": "2", "市": "3", "县": "4", "区": "4", "县(区)": "4", "镇街": "5"},
    "item_type": {
        "行政权力": "00",
        "行政许可": "01",
        "许可": "01",
        "licence": "01",
        "行政给付": "05",
        "行政检查": "06",
        "行政确认": "07",
        "行政奖励": "08",
        "行政裁决": "09",
        "行政备案": "10",
        "其他类别": "10",
        "其他行政权力": "10",
        "公共服务": "20",
        "1": "01",
        "5": "05",
        "7": "07",
    },
    "limit_unit": {
        "工作日": "working_days",
        "个工作日": "working_days",
        "自然日": "calendar_days",
        "日": "calendar_days",
        "小时": "hours",
        "月": "months",
        "个月": "months",
    },
    "handling": {
        "单独办理": "single",
        "统一办理": "joint",
        "联合办理": "joint",
        "集中办理": "joint",
    },
    "case_kind": {"即办件": "instant", "承诺件": "promise", "其他": "other"},
    "closing_kind": {"出证办结": "certificate", "出文办结": "document", "审批办结": "approval"},
    "online_level": {
        "不网办": "none",
        "原件预审": "preview",
        "原件核验": "verify",
        "全程网办": "full",
    },
}
CHAINS = {"1": ("decide",), "2": ("review", "decide"), "3": ("review", "review", "decide")}
EXAMPLE = {
    "basic_code": "370117002011",
    "level": "市",
    "name": "食品经营许可证核发",
    "item_type": "行政许可",
    "department": "市场准入审批处",
    "limit_unit": "工作日",
    "statutory_limit": "10",
    "promised_limit": "3",
    "case_kind": "承诺件",
    "legal_basis": "《中华人民共和国食品安全法》第三十五条",
    "conditions": "具有与经营的食品品种、数量相适应的场所和设施。",
    "materials": "食品经营许可申请书*；营业执照*；场所平面布局图*；授权委托书~",
    "steps": "2",
    "result_name": "食品经营许可证",
    "closing_kind": "出证办结",
    "licence_name": "食品经营许可证",
    "licence_validity_years": "5",
    "online_level": "全程网办",
    "visits": "0",
    "question": "有效期是几年？",
    "answer": "五年。",
}

_MARKS = {
    "*": {"required": True, "importance": "main"},
    "~": {"required": True, "importance": "auxiliary", "spared_by": "deferral"},
    "": {"required": False, "importance": "auxiliary"},
}
_SEPARATOR = re.compile(r"[;；\n]")


def split_materials(cell: str) -> list[dict]:
    """The materials of one cell as field values, in order; see the head of this module."""
    materials = []
    for entry in _SEPARATOR.split(cell):
        entry = entry.strip().replace("＊", "*").replace("～", "~")
        mark = entry[-1:] if entry[-1:] in ("*", "~") else ""
        name = entry.removesuffix(mark).strip() if mark else entry
        if name:
            materials.append({"name": name, **_MARKS[mark]})
    return materials
