"""Where things lie: the checkout, what is made inside it, and the downloads kept outside it."""

import hashlib
import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
OUR_ADDONS = ("shenpi_base", "shenpi_evaluation", "shenpi_tender")

LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
CLUSTER = LOCAL / "pg"
DATA = LOCAL / "data"
LOGS = LOCAL / "log"
RUN = LOCAL / "run"
STAMPS = LOCAL / "stamps"

_XDG_CACHE = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
CACHE = Path(os.environ.get("SHENPI_CACHE") or Path(_XDG_CACHE) / "shenpi")

# A short name for this checkout on this machine, for a socket's path and for scratch databases.
CHECKOUT_ID = hashlib.sha256(f"{platform.node()}:{ROOT}".encode()).hexdigest()[:8]


def make_folders() -> None:
    """Make the folders under `.local/` that everything else takes for granted."""
    for folder in (LOCAL, DATA, LOGS, RUN, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)
