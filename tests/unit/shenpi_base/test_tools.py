"""What holds for every pure module: no Odoo inside, and examples that are true."""

import ast
import doctest
import importlib
from pathlib import Path

import pytest
import shenpi_base.tools

SOURCES = sorted(
    path for folder in shenpi_base.tools.__path__ for path in Path(folder).glob("*.py")
)


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
    assert {"workdays", "chain"} <= {path.stem for path in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_module_imports_odoo(path):
    assert "odoo" not in {name.partition(".")[0] for name in imported_names(path)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_examples_are_true(path):
    module = importlib.import_module(f"shenpi_base.tools.{path.stem}")
    assert doctest.testmod(module).failed == 0
