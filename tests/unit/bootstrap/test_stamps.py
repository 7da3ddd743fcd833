"""Stamps of finished steps."""

from bootstrap import stamps


def test_a_stamp_is_fresh_only_for_its_key(tmp_path):
    assert not stamps.is_fresh("odoo", "a", tmp_path)
    stamps.write("odoo", "a", tmp_path)
    assert stamps.is_fresh("odoo", "a", tmp_path)
    assert not stamps.is_fresh("odoo", "b", tmp_path)
    stamps.clear("odoo", tmp_path)
    assert not stamps.is_fresh("odoo", "a", tmp_path)


def test_a_broken_stamp_is_not_fresh(tmp_path):
    (tmp_path / "odoo").write_bytes(b"\xff\xfe")
    assert not stamps.is_fresh("odoo", "a", tmp_path)


def test_a_key_depends_on_the_content_of_files(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("a==1\n")
    before = stamps.key_of("x", path)
    path.write_text("a==2\n")
    assert stamps.key_of("x", path) != before
    assert stamps.key_of("ab", "c") != stamps.key_of("a", "bc")
