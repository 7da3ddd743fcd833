"""`./shenpi lint`: everything that can be said about the sources without a database."""

from collections.abc import Callable, Iterator

from . import environment
from .paths import ADDONS, CONFIG, OUR_ADDONS, TESTS, VENV
from .results import Result, check, timed

_BIN = VENV / "bin"
_SOURCES = (ADDONS, CONFIG, TESTS)


def lint() -> list[Result]:
    """Run all linters; return what each found."""
    return [timed(name, run) for name, run in linters()]


def reformat() -> Result:
    """Rewrite the Python sources as ruff wants them."""

    def rewrite(result: Result) -> None:
        imports = ["check", "--quiet", "--select", "I,F401,RUF100", "--fix-only", *_SOURCES]
        check(result, [_BIN / "ruff", *imports])
        check(result, [_BIN / "ruff", "format", "--quiet", *_SOURCES])

    return timed("format", rewrite)


def own_check(name: str, *arguments) -> list:
    """Return the command that runs a check of `config/checks`."""
    return [_BIN / "python", "-m", f"checks.{name}", *arguments]


def linters() -> Iterator[tuple[str, Callable[[Result], None]]]:
    addons = [ADDONS / name for name in OUR_ADDONS]
    ruff = [_BIN / "ruff", "check", "--quiet", "--output-format=concise", *_SOURCES]
    yield "lint: ruff", _program(ruff)
    yield "lint: ruff format", _program([_BIN / "ruff", "format", "--check", *_SOURCES])
    yield (
        "lint: pylint-odoo",
        _program([_BIN / "pylint", f"--rcfile={CONFIG / 'pylintrc'}", *addons]),
    )
    # Our README files are Markdown; demo tables that code reads are no data files.
    disabled = "--disable=prefer-readme-rst,file-not-used"
    oca_checks = [_BIN / "oca-checks-odoo-module", disabled, *addons]
    yield "lint: oca-checks-odoo-module", _program(oca_checks)
    yield "lint: oca-checks-po", _po_files
    yield "lint: data files", _program(own_check("xml_files"))
    yield "lint: forbidden words and sizes", _program(own_check("gates"))
    yield "lint: licences of what we depend on", _licences


def _program(command: list) -> Callable[[Result], None]:
    return lambda result: check(result, command)


def _po_files(result: Result) -> None:
    files = sorted(ADDONS.glob("*/i18n/zh_CN.po"))
    if files:
        check(result, [_BIN / "oca-checks-po", "--disable=po-pretty-format", *files])
    else:
        result.fail("there is no zh_CN.po: ./shenpi i18n")


def _licences(result: Result) -> None:
    """No addon may depend on one whose licence does not go with AGPL-3."""
    check(
        result,
        [
            _BIN / "manifestoo",
            "--no-addons-path-from-import-odoo",
            "--odoo-series=19.0",
            f"--addons-path={environment.addons_path()}",
            f"--select-include={','.join(OUR_ADDONS)}",
            "check-licenses",
            "--transitive",
        ],
    )
