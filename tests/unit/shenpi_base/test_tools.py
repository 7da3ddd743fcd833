"""What holds for every pure module: no Odoo inside, and examples that are true."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest

ADDONS = Path(__file__).parents[3] / "addons"
SOURCES = sorted(ADDONS.glob("*/tools/*.py"))


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}.tools.{path.stem}"


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # Two dots would leave the package of pure modules.
            assert node.level < 2, f"{path.name}:{node.lineno} imports from outside tools/"
            names.add(node.module or "")
    return names


def test_the_modules_are_found():
    assert {"workdays", "chain", "levels"} <= {path.stem for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_module_imports_odoo(path):
    assert "odoo" not in {name.partition(".")[0] for name in imported_names(path)}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_the_examples_are_true(path):
    module = importlib.import_module(name_of(path))
    assert doctest.testmod(module).failed == 0
