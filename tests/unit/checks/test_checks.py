"""Our own linters fire on what they are for, and on nothing else."""

import pytest
from checks import gates, translations, xml_files

GOOD_VIEW = """<?xml version="1.0" encoding="UTF-8" ?>
<odoo>
    <record id="view" model="ir.ui.view">
        <field name="model">res.partner</field>
        <field name="arch" type="xml">
            <list><field name="name" /></list>
        </field>
    </record>
</odoo>
"""
HEAD = '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
TERM = 'msgctxt "code:a"\nmsgid "Sent to %(name)s"\nmsgstr "{}"\n'


@pytest.fixture
def addon(tmp_path, monkeypatch):
    """An empty addon in a folder of its own, looked at by all checks."""
    for module in (gates, xml_files, translations):
        monkeypatch.setattr(module, "ADDONS", tmp_path)
    monkeypatch.setattr(gates, "CONFIG", tmp_path / "none")
    monkeypatch.setattr(gates, "TESTS", tmp_path / "none")
    folder = tmp_path / "shenpi_x"
    (folder / "views").mkdir(parents=True)
    (folder / "i18n").mkdir()
    (folder / "__manifest__.py").write_text('{"name": "X", "data": ["views/x.xml"]}\n')
    (folder / "views" / "x.xml").write_text(GOOD_VIEW)
    return folder


def texts(findings):
    return [str(text) for _path, _line, text in findings]


def test_a_good_addon_passes(addon):
    assert texts(gates.findings()) == []
    assert texts(xml_files.findings()) == []


@pytest.mark.parametrize(
    "line",
    [
        "_sql_constraints = []",
        'x = self.env["a"].read_group([], [], [])',
        "x = self._context",
        "groups = user.groups_id",
        "# TODO later",
        "name = f\"{self.env._('Template')}.xlsx\"",
    ],
)
def test_forbidden_words(addon, line):
    (addon / "a.py").write_text(f"{line}\n")
    assert len(texts(gates.findings())) == 1


def test_private_grouping_is_not_forbidden(addon):
    (addon / "a.py").write_text("x = self._read_group([], [])\nnumbercalls = 1\n")
    assert texts(gates.findings()) == []


def test_a_long_function_is_told_its_docstring_apart(addon):
    body = "    x = 1\n" * 40
    (addon / "a.py").write_text(f'def a():\n    """A."""\n{body}')
    assert texts(gates.findings()) == []
    (addon / "a.py").write_text(f"def a():\n{body}    x = 2\n")
    assert texts(gates.findings()) == ["a has 41 lines, 40 at most"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("<list>", '<list no_such="1">', "Invalid attribute no_such"),
        ("<odoo>", '<odoo><report id="r" string="R" model="a" name="b" />', "dropped in silence"),
        ('name="name" />', 'name="name" attrs="{}" />', "attribute attrs is gone"),
        ("</odoo>", "", "Premature end"),
    ],
)
def test_data_files(addon, old, new, told):
    (addon / "views" / "x.xml").write_text(GOOD_VIEW.replace(old, new))
    assert any(told in text for text in texts(xml_files.findings()))


def test_a_file_that_is_never_loaded(addon):
    (addon / "views" / "y.xml").write_text(GOOD_VIEW)
    assert texts(xml_files.findings()) == ["no manifest names this file, so it is never loaded"]


@pytest.mark.parametrize(
    ("translation", "told"),
    [
        (TERM.format("已发给 %(name)s"), []),
        (TERM.format(""), ["not translated"]),
        (TERM.format("已发给 %(nam)s"), ["other placeholders"]),
        ("#, fuzzy\n" + TERM.format("已发给 %(name)s"), ["fuzzy"]),
        ("", ["missing"]),
        (TERM.format("发给%(name)s，\\n    请查收"), ["a line break within"]),
    ],
)
def test_translations(addon, tmp_path, translation, told):
    template = tmp_path / "shenpi_x.pot"
    template.write_text(f'msgid ""\nmsgstr ""\n{HEAD}{TERM.format("")}')
    (addon / "i18n" / "zh_CN.po").write_text(f'msgid ""\nmsgstr ""\n{HEAD}{translation}')
    found = texts(translations.findings([template]))
    assert len(found) == len(told)
    assert all(text.startswith(start) for text, start in zip(found, told, strict=True))


def test_a_missing_file_of_translations(addon, tmp_path):
    template = tmp_path / "shenpi_x.pot"
    template.write_text(f'msgid ""\nmsgstr ""\n{HEAD}{TERM.format("")}')
    assert "no such file" in texts(translations.findings([template]))[0]
