"""Data files against Odoo's own schemas, which Odoo itself asks only in part.

`import_xml.rng` lets elements through that Odoo 19 drops without a word, and a view's schema is
asked only when the view is installed; so both are checked here, for every file a manifest names.
"""

import ast
from pathlib import Path

from bootstrap.paths import ADDONS
from lxml import etree

from . import main

_ROOT_CHILDREN = {"record", "template", "menuitem", "function", "delete", "asset", "data"}
_WITH_SCHEMA = {"list", "search", "graph", "pivot", "calendar", "activity"}
_GONE_ATTRIBUTES = {"attrs", "states"}


def findings():
    """Yield what is wrong with the XML files of our addons."""
    import odoo.release

    import odoo.addons.base

    package = Path(odoo.release.__file__).parent
    schema = _schema(package / "import_xml.rng")
    folder = Path(odoo.addons.base.__file__).parent / "rng"
    view_schemas = {kind: _schema(folder / f"{kind}_view.rng") for kind in _WITH_SCHEMA}
    named = list(_data_files())
    for path in sorted(set(_files_there_are()) - set(named)):
        yield path, 1, "no manifest names this file, so it is never loaded"
    for path in named:
        try:
            tree = etree.parse(path)
        except (OSError, etree.XMLSyntaxError) as error:
            yield path, getattr(error, "lineno", None) or 1, error
            continue
        yield from _check_file(path, tree, schema)
        for arch in tree.iterfind(".//record[@model='ir.ui.view']/field[@name='arch']"):
            yield from _check_view(path, arch, view_schemas)


def _schema(path: Path) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(path))


def _data_files():
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        for name in (*content.get("data", []), *content.get("demo", [])):
            if name.endswith(".xml"):
                yield manifest.parent / name


def _files_there_are():
    for path in ADDONS.glob("*/**/*.xml"):
        if "static" not in path.relative_to(ADDONS).parts:
            yield path


def _check_file(path, tree, schema):
    if not schema.validate(tree):
        for error in schema.error_log:
            yield path, error.line, error.message
    for root in (tree.getroot(), *tree.iterfind("data")):
        for child in root.iterchildren(etree.Element):
            if child.tag not in _ROOT_CHILDREN:
                yield path, child.sourceline, f"<{child.tag}> is dropped in silence by Odoo 19"
    for field in tree.iterfind(".//record[@model='res.groups']/field[@name='category_id']"):
        yield path, field.sourceline, "category_id of a group is now privilege_id"
    for mode in tree.iterfind(".//field[@name='view_mode']"):
        if "tree" in (mode.text or "").split(","):
            yield path, mode.sourceline, "view_mode: tree is now list"


def _check_view(path, arch, schemas):
    for node in arch.iter(etree.Element):
        for name in _GONE_ATTRIBUTES & set(node.attrib):
            yield path, node.sourceline, f"attribute {name} is gone: invisible, readonly, required"
    is_extension = arch.getparent().find("field[@name='inherit_id']") is not None
    for view in arch.iterchildren(etree.Element):
        schema = schemas.get(view.tag)
        if schema is None or is_extension:
            continue
        document = etree.ElementTree(etree.fromstring(etree.tostring(view)))
        if not schema.validate(document):
            for error in schema.error_log:
                yield path, view.sourceline + error.line - 1, error.message


if __name__ == "__main__":
    main(findings)
