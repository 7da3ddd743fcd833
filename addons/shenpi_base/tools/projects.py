"""The table in which key projects are brought in: columns, headings, cells.

>>> split_granted("立项备案=2026-01-05；建筑工程施工许可证核发=2026-03-02")
[('立项备案', '2026-01-05'), ('建筑工程施工许可证核发', '2026-03-02')]
>>> split_granted("施工许可")
[('施工许可', '')]
"""

import re

# Chinese first, English second; the first two are what the template shows.
HEADINGS = {
    "name": ("项目名称", "Project name"),
    "kind": ("项目类型", "Kind"),
    "level": ("项目级别", "Level"),
    "set": ("套餐", "Set"),
    "start": ("启动日期", "Start"),
    "applicant_name": ("投资主体", "Investor"),
    "applicant_id_number": ("统一社会信用代码", "Social credit code"),
    "applicant_contact": ("联系人", "Contact"),
    "applicant_phone": ("联系电话", "Phone"),
    "investment": ("总投资（万元）", "Total investment (10,000 yuan)"),
    "investment_code": ("投资项目代码", "Investment project code"),
    "navigator": ("帮办代办员", "Navigator"),
    "granted": ("已取得许可", "Permits granted"),
}
REQUIRED = ("name", "kind", "set", "start", "applicant_name")
SELECTIONS = ("kind", "level")
# What people write, whatever language the labels are shown in.
WORDS = {
    "kind": {
        "产业": "industry",
        "工业": "industry",
        "产业项目": "industry",
        "酒店": "hotel",
        "住宅": "housing",
        "房地产": "housing",
        "城市更新": "renewal",
        "市政": "city_works",
        "市政工程": "city_works",
        "绿色通道": "green_channel",
    },
    "level": {"市级": "city", "区级": "district", "市重点": "city", "区重点": "district"},
}
TEXTS = (
    "name",
    "applicant_name",
    "applicant_id_number",
    "applicant_contact",
    "applicant_phone",
    "investment_code",
)
EXAMPLE = {
    "name": "海岸酒店",
    "kind": "酒店",
    "level": "市级",
    "start": "2026-01-05",
    "applicant_name": "海岸酒店有限公司",
    "investment": "12000",
    "granted": "企业投资项目备案=2026-01-05；建筑工程施工许可证核发=2026-03-02",
}
# Such tables count in ten thousands of yuan.
UNIT = 10_000

_SEPARATORS = re.compile(r"[；;\n]+")


def split_granted(cell: str) -> list[tuple[str, str]]:
    """(name of the permit, day as written) of each entry of a cell."""
    entries = []
    for part in filter(None, map(str.strip, _SEPARATORS.split(cell))):
        name, sign, day = part.replace("＝", "=").rpartition("=")
        entries.append((name.strip(), day.strip()) if sign else (part, ""))
    return entries
