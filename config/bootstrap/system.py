"""What comes from the machine: Debian packages, administrator rights, room on the disk."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

from .console import Failure, Step, output_of, say, start

# A folder PostgreSQL's package reads before it makes a cluster of its own at installation.
_CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.d/shenpi.conf")
_CJK_FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
_LIBRARIES = (Path("/usr/lib"), Path("/usr/lib64"))


def needed_packages(*, server: bool) -> list[str]:
    """Return the Debian packages that are missing here; `server`: our own PostgreSQL is wanted."""
    wanted = {
        "postgresql": not server or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        "postgresql-client": shutil.which("psql"),
        "wkhtmltopdf": shutil.which("wkhtmltopdf"),
        "chromium": shutil.which("chromium"),
        "fonts-noto-cjk": Path(_CJK_FONT).exists(),
        "libmagic1": _has_library("libmagic.so.1"),  # how Odoo tells a file's type
        "libatomic1": _has_library("libatomic.so.1"),  # what drives the browser in the tests
        "python3-venv": _has_ensurepip(),
    }
    return [name for name, present in wanted.items() if not present]


def _has_library(name: str) -> bool:
    return any((*folder.glob(name), *folder.glob(f"*/{name}")) for folder in _LIBRARIES)


def _has_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: F401  Debian splits it off into python3-venv
    except ImportError:
        return False
    return True


def install_packages(names: list[str]) -> None:
    """Install Debian packages; PostgreSQL's must start no service and make no cluster."""
    if not names:
        return
    if not shutil.which("apt-get"):
        raise Failure(f"please install {', '.join(names)}: this machine has no apt-get")
    _authorise()
    apt = [*as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    with Step(f"Debian packages: {', '.join(names)}") as step, _no_system_cluster():
        step.run([*apt, "update"])
        step.run([*apt, "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "install", *names])


@contextlib.contextmanager
def _no_system_cluster():
    """Keep the PostgreSQL package from making and starting the machine's own cluster meanwhile."""
    if _CLUSTER_SETTINGS.exists() or any(Path("/etc/postgresql").glob("*/*")):
        yield
        return
    made = [_CLUSTER_SETTINGS, _CLUSTER_SETTINGS.parent, _CLUSTER_SETTINGS.parent.parent]
    made = [path for path in made if not path.exists()]
    script = 'mkdir -p "$1" && echo "create_main_cluster = false" > "$2"'
    output_of([*as_root(), "sh", "-c", script, "sh", _CLUSTER_SETTINGS.parent, _CLUSTER_SETTINGS])
    try:
        yield
    finally:
        output_of([*as_root(), "rm", "-f", _CLUSTER_SETTINGS])
        for folder in made[1:]:
            start([*as_root(), "rmdir", "--ignore-fail-on-non-empty", folder]).wait()


def as_root() -> list[str]:
    """Return the words to put before a command that needs root; Failure where there is no way."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise Failure(
            "root rights are needed to install Debian packages: run as root or install sudo"
        )
    return ["sudo"]


def _authorise() -> None:
    """Let sudo ask for the password now, not while a step's clock is ticking on the same line."""
    if (
        as_root()
        and subprocess.run(
            ["sudo", "-n", "true"], stderr=subprocess.DEVNULL, check=False
        ).returncode
    ):
        say("   Debian packages are missing; sudo may ask for your password.")
        if subprocess.run(["sudo", "-v"], check=False).returncode:
            raise Failure("sudo refused: Debian packages cannot be installed without root rights")


def check_room(folder: Path, gigabytes: float) -> None:
    """Failure if the disk under `folder` has less room than that."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Failure(f"no room: {folder} has {free:.1f} GB free, {gigabytes:.1f} GB are needed")


def memory_bytes() -> int:
    """Return the memory this process may use: the machine's, or the container's if that is less."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(total, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):
        return total
