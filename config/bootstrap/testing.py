"""`./shenpi test`: the parts, the databases they run on, and the sum in the last line.

Each kind of test has a database of its own: a plain one, or a copy of the one with demo data. What
must run one after another is a lane; two lanes run side by side, and the longest begin first.
"""

import json
import os
import re
import subprocess
import threading
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
# What a bench is measured against, where that is not ``project``, and what is no bench there.
_PEERS = {"ledger": "account"}
_NOT_BENCHES = {"measure", "peers"}
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
        self._demo = self._name("demo")
        self._demo_is_made = threading.Event()

    def run(self) -> list[Result]:
        """Run the chosen parts; return all results."""
        odoo.drop_abandoned_scratch(self._server)
        try:
            with ThreadPoolExecutor(max_workers=2) as pool:
                runs = [pool.submit(self._run_lane, lane) for lane in self._lanes()]
                try:
                    return [result for run in runs for result in run.result()]
                except KeyboardInterrupt:
                    pool.shutdown(wait=False, cancel_futures=True)
                    stop_all()
                    raise
        finally:
            for name in self._databases:
                odoo.drop_database(self._server, name)

    @staticmethod
    def _run_lane(lane: list[Part]) -> list[Result]:
        return [timed(name, work) for name, work in lane]

    def _lanes(self) -> Iterator[list[Part]]:
        """Give the lanes in the order in which they begin: what others wait for, then by length."""
        if self._parts & {"odoo", "e2e", "browser"}:
            yield [("install with demo data", self._install_demo)]
        if "odoo" in self._parts:
            yield self._plain_lane(self._name("plain"))
        if "browser" in self._parts:
            yield [("browser tests", lambda result: self._on_copy("browser", result))]
        if "odoo" in self._parts:
            yield [("Odoo tests with demo data", self._test_copy)]
        if "e2e" in self._parts:
            yield [("crash tests", lambda result: self._on_copy("crash", result))]
            yield [("end-to-end tests", lambda result: self._on_copy("e2e", result))]
        if "lint" in self._parts:
            yield list(linting.linters())
        if "unit" in self._parts:
            yield [("unit tests", lambda result: run_pytest("unit", result))]

    def _plain_lane(self, name: str) -> list[Part]:
        return [
            ("install without demo data", lambda result: self._install(name, result, demo=False)),
            ("Odoo tests without demo data", lambda result: self._test(name, result)),
            ("zh_CN is complete", lambda result: self._translations(name, result)),
            ("Odoo's registry linters", lambda result: self._lint_registry(name, result)),
        ]

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

    def _install_demo(self, result: Result) -> None:
        try:
            self._install(self._demo, result, demo=True)
        finally:
            self._demo_is_made.set()

    def _copy_demo(self, kind: str) -> str:
        """Copy the demo database as soon as it is there; return the copy's name."""
        self._demo_is_made.wait()
        self._require(self._demo)
        name = self._name(kind)
        odoo.copy_database(self._server, self._demo, name)
        odoo.hurry(self._server, name)
        return name

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

    def _test_copy(self, result: Result) -> None:
        self._test(self._copy_demo("demo-odoo"), result)

    def _on_copy(self, folder: str, result: Result) -> None:
        """Run pytest on a copy of the demo database."""
        env = {**self._server.env, "SHENPI_TEST_DB": self._copy_demo(folder)}
        run_pytest(folder, result, env)


def test_database(server: Server, name: str, tags: str) -> Result:
    """Run some of Odoo's tests on a database that is there already."""
    odoo.require_database(server, name)
    return timed(
        f"Odoo tests {tags} in {name}", lambda result: run_odoo_tests(server, name, tags, result)
    )


def bench(server: Server, names: list[str], *, quick: bool) -> int:
    """Run benches, each on a database with the addon of Odoo that it is measured against; return 0
    if every goal is met."""
    odoo.drop_abandoned_scratch(server)
    all_names = names or sorted(path.stem for path in (TESTS / "bench").glob("[a-z]*.py"))
    by_peer: dict[str, list[str]] = {}
    for name in all_names:
        if names or name not in _NOT_BENCHES:
            by_peer.setdefault(_PEERS.get(name, "project"), []).append(name)
    return max(_bench_against(server, peer, own, quick) for peer, own in by_peer.items())


def _bench_against(server: Server, peer: str, names: list[str], quick: bool) -> int:
    """Run benches on a database made for them, in which ``peer`` is installed."""
    database = odoo.scratch_name("bench")
    words = ["-m", "bench", "--database", database, *(["--quick"] if quick else []), *names]
    options = odoo.settings("odoo-test.conf", f"--addons-path={environment.addons_path()}")
    env = {**server.env, "PYTHONPATH": f"{CONFIG}{os.pathsep}{TESTS}"}
    try:
        odoo.create_database(server, database, demo=False, lang=None, modules=[*OUR_ADDONS, peer])
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
    env = {**(env or os.environ), **PYTEST_ENV}
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
