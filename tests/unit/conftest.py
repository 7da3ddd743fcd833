"""Let unit tests import an addon's pure modules without importing Odoo.

``from shenpi_base.tools import workdays`` would run the addon's ``__init__``, which imports its
models. A bare package that only knows the addon's folder is registered in its place.
"""

import sys
from pathlib import Path
from types import ModuleType

ADDONS = Path(__file__).parents[2] / "addons"

for manifest in ADDONS.glob("shenpi_*/__manifest__.py"):
    package = ModuleType(manifest.parent.name)
    package.__path__ = [str(manifest.parent)]
    sys.modules[package.__name__] = package
