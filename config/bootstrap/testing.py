"""`./shenpi test`: the parts, the databases they run on, and the sum in the last line.

Two lanes run side by side. One needs no demo data: unit tests, linters, Odoo's tests on a plain
database, the translations, Odoo's own registry linters. The other makes the demo database: Odoo's
tests on it, and copies of it for the tests over RPC and in the browser.
"""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from . import environment, linting, odoo, odoolog, translating
from .console import Failure, start, stop_all
from .paths import CONFIG, LOCAL, LOGS, OUR_ADDONS, ROOT, TESTS, VENV
from .postgres import Server
from .results import Result, timed

PARTS = ("lint", "unit", "odoo", "e2e", "browser")
PYTEST_ENV = {"HYPOTHESIS_STORAGE_DIRECTORY": str(LOCAL / "hypothesis")}
OUR_TAGS = ",".join(f"/{name}" for name in OUR_ADDONS)
LANG = "zh_CN"
# Odoo's own linters that look at the registry, as far as core itself passes them.
_REGISTRY_LINTERS = (
    "TestIndex",
    "TestNaming",
    "TestLintOverrideSignatures",
    "TestOnchangeDomains",
    "TestTestHoles",
    "TestDunderinit",
    "ManifestLinter",
    "TestI18n",
)

Part = tuple[str, Callable[[Result], None]]


class TestRun:
    """One run: its databases carry a name of their own and are dropped at the end."""

    def __init__(self, server: Server, parts: list[str]):
        self._server = server
        self._parts = set(parts)
        self._databases: set[str] = set()

    def run(self) -> list[Result]:
        """Run the chosen parts; return all results."""
        odoo.drop_abandoned_scratch(self._server)
        try:
            with ThreadPoolExecutor(max_workers=2) as pool:
                lanes = [list(self._plain_lane()), list(self._demo_lane())]
                runs = [pool.submit(self._run_lane, lane) for lane in lanes]
                try:
                    return [result for run in runs for result in run.result()]
                except KeyboardInterrupt:
                    stop_all()
                    raise
        finally:
            for name in self._databases:
                odoo.drop_database(self._server, name)

    @staticmethod
    def _run_lane(lane: list[Part]) -> list[Result]:
        return [timed(name, work) for name, work in lane]

    def _plain_lane(self) -> Iterator[Part]:
        if "unit" in self._parts:
            yield "unit tests", lambda result: run_pytest("unit", result)
        if "odoo" in self._parts:
            plain = self._name("plain")
            yield (
                "install without demo data",
                lambda result: self._install(plain, result, demo=False),
            )
            yield "Odoo tests without demo data", lambda result: self._test(plain, result)
        if "lint" in self._parts:
            yield from linting.linters()
        if "odoo" in self._parts:
            yield "zh_CN is complete", lambda result: self._translations(plain, result)
            yield "Odoo's registry linters", lambda result: self._lint_registry(plain, result)

    def _demo_lane(self) -> Iterator[Part]:
        if not self._parts & {"odoo", "e2e", "browser"}:
            return
        demo, e2e, browser = self._name("demo"), self._name("e2e"), self._name("browser")
        crash = self._name("crash")
        yield "install with demo data", lambda result: self._install(demo, result, demo=True)
        if "e2e" in self._parts:
            yield "end-to-end tests", lambda result: self._on_copy(demo, e2e, "e2e", result)
            yield "crash tests", lambda result: self._on_copy(demo, crash, "crash", result)
        if "browser" in self._parts:
            yield "browser tests", lambda result: self._on_copy(demo, browser, "browser", result)
        if "odoo" in self._parts:
            yield "Odoo tests with demo data", lambda result: self._test(demo, result)

    def _name(self, kind: str) -> str:
        name = odoo.scratch_name(kind)
        self._databases.add(name)
        return name

    def _install(self, name: str, result: Result, *, demo: bool) -> None:
        """Make a database; its log must be clean."""
        try:
            log = odoo.create_database(self._server, name, demo=demo, lang=LANG)
        except Failure as failure:
            raise Failure(f"{failure}\n{odoolog.tail(LOGS / f'create-{name}.log')}") from failure
        odoo.hurry(self._server, name)
        unexpected = odoolog.read(log).unexpected
        if unexpected:
            result.fail("\n".join(unexpected), len(unexpected))
        else:
            result.passed += 1

    def _require(self, name: str) -> None:
        if not self._server.has_database(name):
            raise Failure("there is no database to test on: its installation failed")

    def _test(self, name: str, result: Result) -> None:
        self._require(name)
        run_odoo_tests(self._server, name, OUR_TAGS, result)

    def _translations(self, name: str, result: Result) -> None:
        self._require(name)
        translating.check_sources(self._server, name, result)

    def _lint_registry(self, name: str, result: Result) -> None:
        """Run Odoo's linters; what they find in other people's addons is none of our business."""
        self._require(name)
        tags = ",".join(f"/test_lint:{linter}" for linter in _REGISTRY_LINTERS)
        report = run_odoo(self._server, name, tags, "-i", "test_lint")
        ours = [text for text in report.failures if _names_us(text)]
        result.passed += max(0, (report.tests or 0) - len(ours))
        for text in [*ours, *report.skipped, *report.unexpected]:
            result.fail(text)

    def _on_copy(self, source: str, name: str, folder: str, result: Result) -> None:
        """Run pytest on a copy of the demo database."""
        self._require(source)
        odoo.copy_database(self._server, source, name)
        odoo.hurry(self._server, name)
        run_pytest(folder, result, {**self._server.env, "SHENPI_TEST_DB": name})


def test_database(server: Server, name: str, tags: str) -> Result:
    """Run some of Odoo's tests on a database that is there already."""
    odoo.require_database(server, name)
    return timed(
        f"Odoo tests {tags} in {name}", lambda result: run_odoo_tests(server, name, tags, result)
    )


def bench(server: Server, names: list[str], *, quick: bool) -> int:
    """Run benches on a database made for them; return 0 if every goal is met."""
    database = odoo.scratch_name("bench")
    words = ["-m", "bench", "--database", database, *(["--quick"] if quick else []), *names]
    options = odoo.settings("odoo-test.conf", f"--addons-path={environment.addons_path()}")
    env = {**server.env, "PYTHONPATH": f"{CONFIG}{os.pathsep}{TESTS}"}
    odoo.drop_abandoned_scratch(server)
    try:
        odoo.create_database(
            server, database, demo=False, lang=None, modules=[*OUR_ADDONS, "project"]
        )
        command = [VENV / "bin" / "python", *words, "--options", json.dumps(options)]
        return start(command, env=env, cwd=ROOT).wait()
    finally:
        odoo.drop_database(server, database)


def run_odoo_tests(server: Server, database: str, tags: str, result: Result) -> None:
    """Run the Odoo tests chosen by `tags` on an installed database."""
    report = run_odoo(server, database, tags)
    result.passed += max(0, (report.tests or 0) - report.failed - len(report.skipped))
    for text in report.failures:
        result.fail(text)
    if report.failed > len(report.failures):
        result.fail("more failures are told in its log", report.failed - len(report.failures))
    for text in report.skipped:
        result.fail(f"skipped: {text}")
    for text in report.unexpected:
        result.fail(f"unexpected in the log: {text}")


def run_odoo(server: Server, database: str, tags: str, *options: str) -> odoolog.LogReport:
    """Run Odoo's tests; return what their log tells. Failure if Odoo does not get that far."""
    log = LOGS / f"test-{database}.log"
    log.unlink(missing_ok=True)
    words = ["-d", database, "--test-tags", tags, "--http-port", odoo.free_port(), *options]
    words += ["--logfile", log, "--screenshots", LOGS / "screenshots"]
    command = odoo.command(*words, conf="odoo-test.conf")
    process = start(command, env=server.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    if not log.exists():
        raise Failure(f"Odoo did not start: {output[-2000:]}")
    report = odoolog.read(log)
    if process.returncode and not report.failed:
        raise Failure(f"Odoo ended with code {process.returncode}:\n{odoolog.tail(log)}")
    return report


def _names_us(failure: str) -> bool:
    """Tell whether a failure names one of our addons or models, the paths in it apart."""
    lines = [line for line in failure.splitlines() if not line.lstrip().startswith("File ")]
    return any(re.search(r"\bshenpi[._]\w", line) for line in lines)


def run_pytest(folder: str, result: Result, env: dict[str, str] | None = None) -> None:
    """Run the tests below tests/<folder>; a skipped test has failed."""
    report = LOGS / f"pytest-{folder}-{os.getpid()}.xml"
    command = [
        VENV / "bin" / "python",
        "-m",
        "pytest",
        "-q",
        TESTS / folder,
        f"--junitxml={report}",
    ]
    process = start(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    (LOGS / f"pytest-{folder}.log").write_text(output, encoding="utf-8")
    if report.exists():
        _count_junit(ElementTree.parse(report).getroot(), result)
        report.unlink()
    if process.returncode and not result.failed:
        result.fail(f"pytest ended with code {process.returncode}")
    if result.failed:
        result.details.append(output[-20_000:])


def _count_junit(root: ElementTree.Element, result: Result) -> None:
    for case in root.iter("testcase"):
        skipped = case.find("skipped")
        if skipped is not None:
            result.fail(f"skipped {case.get('name')}: {skipped.get('message')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            result.fail(f"failed {case.get('classname')}.{case.get('name')}")
        else:
            result.passed += 1
