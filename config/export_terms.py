"""Run in Odoo's shell: write terms as <folder>/<addon>/i18n/<addon>.pot and zh_CN.po."""

import os
from pathlib import Path

from odoo.tools.translate import trans_export

LANG = "zh_CN"

for module in os.environ["MODULES"].split(","):
    folder = Path(os.environ["FOLDER"], module, "i18n")
    folder.mkdir(parents=True, exist_ok=True)
    for name, lang in ((f"{module}.pot", None), (f"{LANG}.po", LANG)):
        path = folder / name
        with path.open("wb") as sink:
            has_terms = trans_export(lang, [module], sink, "po", env)
        if not has_terms:
            path.unlink()
