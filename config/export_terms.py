"""Run in Odoo's shell: write terms as <folder>/<addon>/i18n/<addon>.pot and zh_CN.po."""

import os
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

LANG = "zh_CN"


def translations(path):
    """What a file says now: a term translated by the same word is exported as untranslated."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(path)} if path.exists() else {}


def keep(path, earlier):
    """Fill what the export left empty with what the file said before."""
    terms = polib.pofile(path)
    for entry in terms.untranslated_entries():
        entry.msgstr = earlier.get(entry.msgid, "")
    terms.save(path)


for module in os.environ["MODULES"].split(","):
    folder = Path(os.environ["FOLDER"], module, "i18n")
    folder.mkdir(parents=True, exist_ok=True)
    for name, lang in ((f"{module}.pot", None), (f"{LANG}.po", LANG)):
        path = folder / name
        earlier = translations(path) if lang else {}
        with path.open("wb") as sink:
            has_terms = trans_export(lang, [module], sink, "po", env)
        if not has_terms:
            path.unlink()
        elif earlier:
            keep(path, earlier)
