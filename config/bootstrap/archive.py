"""Debian packages that are unpacked, not installed: own apt folders, signatures verified by apt.

Odoo 19 is in Debian's unstable suite alone. The mirror is the one the machine's own apt sources
name; nothing of the machine's apt state is read or changed beyond that.
"""

import os
import re
import shutil
from pathlib import Path

from . import stamps
from .console import Failure, Step, output_of
from .paths import CACHE

_APT = CACHE / "apt"
_DEBS = CACHE / "debs"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SOURCES = Path("/etc/apt")


def fetch(wanted: dict[str, str]) -> dict[str, Path]:
    """Return the files of the packages in `{package: suite}`, downloading what is not cached."""
    with stamps.locked(CACHE / "debs.lock"):
        found = {name: _cached(name, suite) for name, suite in wanted.items()}
        missing = {name: wanted[name] for name, path in found.items() if path is None}
        if missing:
            _download(missing)
            found |= {name: _cached(name, suite) for name, suite in missing.items()}
    return found


def _folder(name: str, suite: str) -> Path:
    return _DEBS / suite / name


def _cached(name: str, suite: str) -> Path | None:
    """Return the package file if it is there with the size it had when apt had verified it."""
    folder = _folder(name, suite)
    packages = sorted(folder.glob("*.deb"))
    if len(packages) != 1:
        return None
    size = str(packages[0].stat().st_size)
    return packages[0] if stamps.is_fresh("verified", size, folder) else None


def _download(wanted: dict[str, str]) -> None:
    suites = sorted(set(wanted.values()))
    env = _prepare_apt(suites)
    with Step(f"Debian's package lists ({', '.join(suites)})") as step:
        step.run(["apt-get", "-q", "update", "--error-on=any"], env=env)
    first, *others = wanted
    with Step(f"Downloading {first} and {len(others)} packages more") as step:
        for name, suite in wanted.items():
            folder = _folder(name, suite)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            step.run(["apt-get", "-q", "download", f"{name}/{suite}"], env=env, cwd=folder)
            package = next(folder.glob("*.deb"), None)
            if package is None:
                raise Failure(f"apt-get said it downloaded {name}, but the file is not there")
            stamps.write("verified", str(package.stat().st_size), folder)


def _prepare_apt(suites: list[str]) -> dict[str, str]:
    """Write apt's settings and sources into our folders; return the environment for it."""
    if not _KEYRING.exists():
        raise Failure(f"{_KEYRING} is missing: install debian-archive-keyring")
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (_APT / folder).mkdir(parents=True, exist_ok=True)
    (_APT / "state" / "status").touch()
    mirror = find_mirror()
    lines = [f"deb [signed-by={_KEYRING}] {mirror} {suite} main\n" for suite in suites]
    (_APT / "sources.list").write_text("".join(lines), encoding="utf-8")
    settings = {
        "Dir::State": _APT / "state",
        "Dir::State::status": _APT / "state" / "status",
        "Dir::Cache": _APT / "cache",
        "Dir::Etc::sourcelist": _APT / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferencesparts": "-",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "root",
        "APT::Update::Post-Invoke-Success": "",
    }
    text = "".join(f'{name} "{value}";\n' for name, value in settings.items())
    text += "#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n"
    (_APT / "apt.conf").write_text(text, encoding="utf-8")
    return {**os.environ, "APT_CONFIG": str(_APT / "apt.conf"), "LC_ALL": "C.UTF-8"}


def find_mirror() -> str:
    """Return the address of the Debian archive that the machine's apt sources name, or Failure."""
    for path in sorted([_SOURCES / "sources.list", *_SOURCES.glob("sources.list.d/*")]):
        try:
            text = path.read_text(encoding="utf-8")
        except OSError:
            continue
        entries = _one_line_entries(text) if path.suffix == ".list" else _deb822_entries(text)
        for address, suites, components in entries:
            if _is_debian(address, suites, components):
                return address
    raise Failure(
        "apt's sources name no Debian mirror with the section main; add one under /etc/apt"
    )


def _is_debian(address: str, suites: list[str], components: list[str]) -> bool:
    if "main" not in components or "debian-security" in address:
        return False
    released = {_codename(), "stable", "testing", "unstable", "sid"}
    return any(suite in released for suite in suites)


def _codename() -> str:
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.MULTILINE)
    return found[1] if found else "bookworm"


def _one_line_entries(text: str):
    """Yield (address, suites, components) of the old one-line format."""
    pattern = re.compile(r"^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s+([^#\n]*)", re.MULTILINE)
    for address, suite, components in pattern.findall(text):
        yield address, [suite], components.split()


def _deb822_entries(text: str):
    """Yield (address, suites, components) of the `*.sources` format."""
    text = re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)
    for block in re.split(r"\n\s*\n", text):
        pairs = re.findall(r"^([\w-]+):((?:.*)(?:\n[ \t].*)*)", block, re.MULTILINE)
        fields = {name.lower(): value.split() for name, value in pairs}
        if "deb" not in fields.get("types", []) or fields.get("enabled") == ["no"]:
            continue
        for address in fields.get("uris", []):
            yield address, fields.get("suites", []), fields.get("components", [])


def unpack(package: Path, folder: Path, step: Step) -> None:
    """Unpack the files of a Debian package below `folder`."""
    step.run(["dpkg-deb", "--extract", package, folder])


def version_of(package: Path) -> str:
    """Return the version of a Debian package file."""
    return output_of(["dpkg-deb", "--field", package, "Version"]).strip()
