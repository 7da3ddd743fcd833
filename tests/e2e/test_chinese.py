"""What Chinese screens show of our models is Chinese, also what one addon takes from another."""

_UNTRANSLATED = """
    SELECT field.model, field.name, option.value, option.name->>'en_US'
      FROM ir_model_fields_selection option
      JOIN ir_model_fields field ON field.id = option.field_id
      JOIN ir_model_data name
        ON name.model = 'ir.model.fields.selection'
       AND name.res_id = option.id
       AND name.module LIKE 'shenpi%%'
     WHERE option.name->>'zh_CN' IS NULL
       AND option.name->>'en_US' ~ '[a-z]'
"""
_UNNAMED = """
    SELECT model, name FROM ir_model_fields
     WHERE model LIKE 'shenpi.%%'
       AND field_description->>'zh_CN' IS NULL
       AND name NOT IN ('text_key')  -- for the search by likeness; on no screen
"""
_ENGLISH_CHATTER = """
    SELECT DISTINCT model, body FROM mail_message
     WHERE model LIKE 'shenpi.%%'
       AND body ~ '^<span>[A-Z][a-z]+ '
       AND create_uid = 1  -- what the installation has written
"""
_SAME_WORD = """
    SELECT field.model, field.name, option.name->>'zh_CN', array_agg(option.value)
      FROM ir_model_fields_selection option
      JOIN ir_model_fields field ON field.id = option.field_id
     WHERE field.model LIKE 'shenpi.%%'
       AND option.name->>'zh_CN' IS NOT NULL
       AND field.model <> 'shenpi.event'  -- it serves documents of every kind
     GROUP BY field.model, field.name, option.name->>'zh_CN'
    HAVING count(*) > 1
"""
# What English calls by one word and Chinese does not.
_FIELDS = {
    ("shenpi.commitment", "method"): "核查方式",
    ("shenpi.credit", "ground"): "记录类型",
    ("shenpi.inspection", "round"): "勘验次数",
    ("shenpi.ladder.rung", "offset"): "顺延工作日",
    ("shenpi.message", "channel"): "发送方式",
    ("shenpi.project.member", "organisation"): "所在单位",
}
_OPTIONS = {
    ("shenpi.inspection", "state", "failed"): "不通过",
    ("shenpi.item.material", "material_type", "document"): "文件或图纸",
    ("shenpi.message", "state", "pending"): "待发送",
    ("shenpi.push", "kind", "change"): "变更",
    ("shenpi.supervision", "state", "answered"): "已答复",
    ("shenpi.supervision", "state", "checked"): "答复已核查",
}


def test_no_two_options_of_a_field_share_a_word(sql):
    assert sql(_SAME_WORD) == []


def test_words_fit_what_they_name(xmlrpc):
    admin = xmlrpc("admin")
    chinese = {"context": {"lang": "zh_CN"}}
    for (model, name), word in _FIELDS.items():
        field = admin(model, "fields_get", [name], ["string"], **chinese)[name]
        assert field["string"] == word, (model, name)
    for (model, name, option), word in _OPTIONS.items():
        field = admin(model, "fields_get", [name], ["selection"], **chinese)[name]
        assert dict(field["selection"])[option] == word, (model, name, option)


def test_every_option_is_translated(sql):
    assert sql(_UNTRANSLATED) == []


def test_every_field_has_a_chinese_name(sql):
    assert sql(_UNNAMED) == []


def test_the_chatter_of_the_demo_is_chinese(sql):
    assert sql(_ENGLISH_CHATTER) == []
