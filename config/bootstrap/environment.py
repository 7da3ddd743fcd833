"""The virtual environment: Python, Odoo inside it, and the pinned wheels.

`.local/venv/lib/pythonX.Y/site-packages` lies as deep in the environment as
`lib/python3/dist-packages` in Debian's `/usr`, so the package's links to `../share` find the fonts
and libraries unpacked to `.local/venv/share`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import archive, stamps
from .console import Failure, Step
from .paths import CACHE, CONFIG, ROOT, VENV

# Odoo, and what its files link to. Font Awesome is Debian 12's 4.7: later suites carry another
# generation of icons, and the one Inconsolata file the point of sale links to.
_ODOO_PACKAGES = {
    "odoo-19": "unstable",
    "fonts-montserrat": "unstable",
    "fonts-ocr-b": "unstable",
    "fonts-roboto-unhinted": "unstable",
    "libjs-jquery": "unstable",
    "libjs-jquery-form": "unstable",
    "libjs-underscore": "unstable",
    "fonts-font-awesome": "bookworm",
    "fonts-inconsolata": "bookworm",
}
# Left out of Debian's package for its licence, but named in an asset bundle: an empty file keeps
# every page quiet.
_LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
# Names that Odoo's metadata asks for, and the distributions that provide them here.
_RENAMED = {"psycopg2": "psycopg2-binary", "PyPDF2": "pypdf"}

_REQUIREMENTS = (ROOT / "requirements.txt", CONFIG / "requirements-dev.txt")
# Modules that are looked for at every start; one of each kind of package.
_TELLTALES = [
    "odoo.release",
    "odoo.addons.web",
    "odoo.addons.queue_job.job",
    "lxml.etree",
    "psycopg2",
    "pytest",
]
_STAMP = "environment"
_LAYOUT = "1"  # to be raised when what is laid where changes
_PYTHON = VENV / "bin" / "python"
_TAG = f"{sys.implementation.cache_tag}-{os.uname().machine}"


def site_packages() -> Path:
    """Return the folder of the virtual environment where packages lie."""
    return VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def odoo_path() -> Path | None:
    """Return the Odoo that the user brought (`ODOO_PATH`), or None; Failure if it is no Odoo 19."""
    value = os.environ.get("ODOO_PATH")
    if not value:
        return None
    path = Path(value).expanduser().resolve()
    release = path / "odoo" / "release.py"
    if not release.exists():
        raise Failure(
            f"ODOO_PATH={value} holds no odoo/release.py: give the folder that holds `odoo`"
        )
    if not re.search(r"^version_info = \(19,", release.read_text(encoding="utf-8"), re.MULTILINE):
        raise Failure(f"ODOO_PATH={value} is not Odoo 19")
    return path


def addons_path() -> str:
    """Return Odoo's addons path: ours, the wheels', and those of an Odoo that was brought along."""
    folders = [ROOT / "addons", site_packages() / "odoo" / "addons"]
    brought = odoo_path()
    if brought:
        folders += [
            path for path in (brought / "addons", brought / "odoo" / "addons") if path.is_dir()
        ]
    return ",".join(map(str, folders))


def is_whole() -> bool:
    """Tell, in a fraction of a second, whether the environment is there as it ought to be."""
    return stamps.is_fresh(_STAMP, _key()) and _answers(_TELLTALES)


def make() -> None:
    """Make the environment, all of it: from the cache that is quicker than to mend half of one."""
    brought = odoo_path()
    stamps.clear(_STAMP)
    _make_venv()
    if brought:
        _lay_brought_odoo(brought)
    else:
        _lay_debian_odoo()
    _install_wheels()
    stamps.write(_STAMP, _key())


def _key() -> str:
    odoo = str(odoo_path() or "debian")
    return stamps.key_of(sys.version, str(ROOT), odoo, _LAYOUT, *_REQUIREMENTS)


def _answers(modules: list[str]) -> bool:
    """Tell whether the environment's Python starts and finds these modules."""
    finder = "import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    command = [_PYTHON, "-c", finder, *modules]
    try:
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _make_venv() -> None:
    with Step("Virtual environment") as step:
        shutil.rmtree(VENV, ignore_errors=True)
        step.run([sys.executable, "-m", "venv", VENV])


def _lay_debian_odoo() -> None:
    """Unpack Odoo and what it links to into the environment, and check that no link dangles."""
    packages = archive.fetch(_ODOO_PACKAGES)
    staging = VENV / "unpacked"
    with Step(f"Unpacking Odoo {archive.version_of(packages['odoo-19'])}") as step:
        for package in packages.values():
            archive.unpack(package, staging, step)
        source = staging / "usr" / "lib" / "python3" / "dist-packages"
        (source / "odoo").replace(site_packages() / "odoo")
        for info in source.glob("odoo-*.*-info"):
            _rename_requirements(info)
            info.replace(site_packages() / info.name)
        (staging / "usr" / "share").replace(VENV / "share")
        shutil.rmtree(staging)
        left_out = site_packages() / "odoo" / "addons" / _LEFT_OUT
        left_out.parent.mkdir(parents=True, exist_ok=True)
        left_out.touch()
        _check_links(site_packages() / "odoo")
    _write_starter()


def _rename_requirements(info: Path) -> None:
    """Let pip see that the wheels we use provide what Odoo's metadata names."""
    for path in (info / "PKG-INFO", info / "METADATA", info / "requires.txt"):
        if path.exists():
            text = path.read_text(encoding="utf-8")
            for old, new in _RENAMED.items():
                text = re.sub(rf"(?m)^((?:Requires-Dist: )?){old}(?=\W|$)", rf"\g<1>{new}", text)
            path.write_text(text, encoding="utf-8")


def _check_links(folder: Path) -> None:
    dangling = [
        Path(parent, name).relative_to(folder)
        for parent, folders, files in os.walk(folder)
        for name in (*folders, *files)
        if os.path.islink(os.path.join(parent, name))
        and not os.path.exists(os.path.join(parent, name))
    ]
    if dangling:
        raise Failure(
            f"{len(dangling)} links of Debian's Odoo lead nowhere, the first is {dangling[0]}"
        )


def _lay_brought_odoo(path: Path) -> None:
    """Make the user's Odoo importable and known to pip."""
    site = site_packages()
    (site / "shenpi_odoo.pth").write_text(f"{path}\n", encoding="utf-8")
    info = site / "odoo-19.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n", encoding="utf-8"
    )
    (info / "RECORD").touch()
    _write_starter()


def _write_starter() -> None:
    starter = VENV / "bin" / "odoo"
    starter.write_text(f"#!{_PYTHON}\nimport odoo.cli\n\nodoo.cli.main()\n", encoding="utf-8")
    starter.chmod(0o755)


def _install_wheels() -> None:
    """Install the pinned wheels from the cache, which is filled first if need be."""
    house = _wheelhouse()
    lists = [part for path in _REQUIREMENTS for part in ("-r", path)]
    with Step("Python packages") as step:
        pip = [_PYTHON, "-m", "pip", "--disable-pip-version-check", "install"]
        # Python compiles what it imports; most of this is never imported.
        local = ["--no-index", "--no-deps", "--no-compile", "--find-links", house]
        step.run([*pip, *local, *lists])


def _wheelhouse() -> Path:
    """Return the cached folder with a wheel of each pinned package, filled if need be."""
    key = stamps.key_of(_TAG, *_REQUIREMENTS)
    house = CACHE / "wheels" / f"{_TAG}-{key}"
    with stamps.locked(CACHE / "wheels.lock"):
        if stamps.is_fresh("complete", key, house):
            return house
        lists = [part for path in _REQUIREMENTS for part in ("-r", path)]
        with Step("Downloading the Python packages") as step:
            shutil.rmtree(house, ignore_errors=True)
            pip = [_PYTHON, "-m", "pip", "--disable-pip-version-check", "wheel"]
            step.run([*pip, "--use-pep517", "--no-deps", "--wheel-dir", house, *lists])
        stamps.write("complete", key, house)
    return house
