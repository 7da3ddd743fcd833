"""The table in which licences of before are taken over: columns, words, and an example.

One row is one licence. Headings may be Chinese or English, in any order; columns that are not known
are left aside. Long numbers must be text cells, or the spreadsheet rounds them.

What kind of document a number is follows from the number where the row does not say so:

>>> from datetime import date
>>> guess_document("91350100M000100Y43", date(2026, 6, 10))
('organisation', 'uscc')
>>> guess_document("11010519491231002X", date(2026, 6, 10))
('person', 'ric')
>>> guess_document("K-17", date(2026, 6, 10))
('organisation', 'other')
"""

from datetime import date

from . import identifiers

HEADINGS = {
    "number": ("证照编号", "Licence number", "许可证编号", "证书编号"),
    "type": ("证照类型", "Licence type", "证照名称"),
    "holder_name": ("持证主体", "Holder", "持证人", "单位名称"),
    "holder_kind": ("主体类别", "Holder is a"),
    "holder_id_type": ("证件类型", "Document"),
    "holder_id_number": ("证件号码", "Document number", "统一社会信用代码"),
    "phone": ("联系电话", "Phone"),
    "email": ("电子邮箱", "E-mail"),
    "valid_from": ("有效期起", "Valid from", "发证日期"),
    "valid_to": ("有效期止", "Valid until", "有效期至"),
    "scope": ("许可范围", "Scope"),
    "conditions": ("许可条件", "Conditions"),
    "place": ("经营场所", "Place"),
    "item_code": ("实施编码", "Item code"),
    "department": ("发证处室", "Issued by"),
}
REQUIRED = ("number", "type", "holder_name", "valid_from")
WORDS = {
    "holder_kind": {
        "企业": "organisation",
        "单位": "organisation",
        "法人": "organisation",
        "组织": "organisation",
        "机构": "organisation",
        "个人": "person",
        "自然人": "person",
    },
    "holder_id_type": {
        "统一社会信用代码": "uscc",
        "营业执照": "uscc",
        "居民身份证": "ric",
        "身份证": "ric",
        "护照": "passport",
        "其他": "other",
    },
}
# Of a credit code and of an identity card number.
NUMBER_LENGTH = 18
TEXTS = ("scope", "conditions", "place", "email")
EXAMPLE = {
    "number": "JY13702000000001",
    "type": "食品经营许可证",
    "holder_name": "示例餐饮有限公司",
    "phone": "053200000000",
    "valid_from": "2022-03-01",
    "valid_to": "2027-02-28",
    "scope": "热食类食品制售",
    "place": "示例路1号",
}


def guess_document(number: str, today: date) -> tuple[str, str]:
    """``(kind of holder, kind of document)`` of a document number; without one, an organisation
    with another document. What is as long as a credit code is taken for one, right or wrong."""
    if len(number) != NUMBER_LENGTH:
        return "organisation", "other"
    if not identifiers.check_ric(number, today):
        return "person", "ric"
    return "organisation", "uscc"
