"""What Odoo 19 ignores in silence, what we do not want, and what has grown too long."""

import ast
import re

from bootstrap.paths import ADDONS, CONFIG, TESTS

from . import main

_FORBIDDEN = {
    r"_sql_constraints": "Odoo 19 ignores it: models.Constraint",
    r"\.read_group\(": "deprecated: _read_group",
    r"\bgroups_id\b": "renamed: group_ids",
    r"\bname_get\b": "gone: _compute_display_name",
    r"\bosv\b": "gone: odoo.fields.Domain",
    r"self\._(cr|uid|context)\b": "gone: self.env.cr, .uid, .context",
    r"\b(numbercall|doall)\b": "gone from ir.cron",
    r"type=['\"]json['\"]": "renamed: jsonrpc",
    r"\boe_chatter\b": "gone: <chatter/>",
    r"kanban-box": "renamed: card",
    r"<tree\b": "renamed: <list>",
    r"\bauto_join\b": "renamed: bypass_search_access",
    r"\bgroup_operator\b": "renamed: aggregator",
    r"\bcheck_access_rights\b": "deprecated: check_access",
    r"\btoggle_active\b": "gone: action_archive",
    r"\bf([\"']).*\{[^}]*\b_\(": "in an f-string the term is not found for the translation",
    r"\b(TODO|FIXME|XXX)\b": "finish it, or file it",
    r"\btime\.sleep\(": "waits for nothing in particular",
}
_SUFFIXES = {".py", ".xml", ".js", ".scss", ".csv"}
_FILE_LINES = 500
_FUNCTION_LINES = 40
_TEST_LINES = 60  # a test may tell a whole story


def findings():
    """Yield what the gates refuse in the addons, and what is too long anywhere."""
    for path in sorted(path for path in ADDONS.rglob("*") if path.suffix in _SUFFIXES):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for pattern, reason in _FORBIDDEN.items():
                if re.search(pattern, line):
                    yield path, number, f"{pattern} ({reason})"
    for folder in (ADDONS, CONFIG, TESTS):
        for path in sorted(folder.rglob("*.py")):
            yield from _too_long(path)


def _too_long(path):
    text = path.read_text(encoding="utf-8")
    count = text.count("\n")
    if count > _FILE_LINES:
        yield path, count, f"{count} lines, {_FILE_LINES} at most"
    limit = _TEST_LINES if path.name.startswith("test_") else _FUNCTION_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
            length = body[-1].end_lineno - body[0].lineno + 1
            if length > limit:
                yield (
                    path,
                    node.lineno,
                    f"{node.name} has {length} lines, {limit} at most",
                )


if __name__ == "__main__":
    main(findings)
