"""Refusals as people read them."""

import pytest
from shenpi_evaluation.tools.plain import without_field


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("complainant.phone: a number has 5 to 20 digits.", "a number has 5 to 20 digits."),
        ("files[0].content：必须为Base64。", "必须为Base64。"),
        ("phone : 不是有效的电话号码。", "不是有效的电话号码。"),
        ("This service has been rated already.", "This service has been rated already."),
        ("请选择满意程度：五项之一。", "请选择满意程度：五项之一。"),
        ("text：最多500字：现有600字。", "最多500字：现有600字。"),
    ],
)
def test_the_name_of_the_field_goes(message, told):
    assert without_field(message) == told
