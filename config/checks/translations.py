"""Is `zh_CN.po` of each addon whole, compared with fresh templates?

python -m checks.translations TEMPLATE.pot...
"""

import re
import sys
from pathlib import Path

import polib
from bootstrap.paths import ADDONS

from . import report

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sd]|\{(\w*)\}")
# A line break within a sentence of Chinese: a browser shows it as a blank.
_BROKEN = re.compile(r"[\u3000-\u9fff\uff00-\uffef“”]\n +[\u3000-\u9fff\uff00-\uffef“”]")


def findings(templates: list[Path]):
    """Yield each term that is missing from, untranslated or fuzzy in, or broken in zh_CN.po."""
    for template in templates:
        path = ADDONS / template.stem / "i18n" / "zh_CN.po"
        if not path.exists():
            yield path, 1, "there is no such file: ./shenpi i18n"
            continue
        translations = polib.pofile(str(path))
        known = {
            (entry.msgctxt, entry.msgid): entry for entry in translations if not entry.obsolete
        }
        for term in polib.pofile(str(template)):
            entry = known.get((term.msgctxt, term.msgid))
            if entry is None:
                yield path, 1, f"missing: {term.msgid!r} ({_place(term)})"
        for entry in known.values():
            yield from _check_entry(path, entry)


def _check_entry(path, entry):
    if entry.fuzzy:
        yield path, entry.linenum, f"fuzzy: {entry.msgid!r}"
    if not entry.msgstr.strip():
        yield path, entry.linenum, f"not translated: {entry.msgid!r} ({_place(entry)})"
    elif sorted(_PLACEHOLDER.findall(entry.msgid)) != sorted(_PLACEHOLDER.findall(entry.msgstr)):
        yield path, entry.linenum, f"other placeholders than in {entry.msgid!r}"
    elif _BROKEN.search(entry.msgstr):
        yield path, entry.linenum, f"a line break within the Chinese of {entry.msgid!r}"


def _place(entry) -> str:
    return entry.occurrences[0][0] if entry.occurrences else "no place"


if __name__ == "__main__":
    sys.exit(report(findings([Path(name) for name in sys.argv[1:]])))
