"""`./shenpi i18n`, and the check that nothing in `zh_CN.po` is missing."""

import re
import shutil
from pathlib import Path

from . import odoo
from .console import Step
from .linting import own_check
from .paths import ADDONS, CONFIG, LOCAL, OUR_ADDONS
from .postgres import Server
from .results import Result, check

LANG = "zh_CN"
_DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


def export(server: Server, database: str, folder: Path) -> list[Path]:
    """Write our addons' terms, as a database has them, below `folder`; return the files."""
    with Step(f"Terms of our addons in {database}") as step:
        odoo.run_script(
            server,
            database,
            CONFIG / "export_terms.py",
            step,
            log=f"terms-{database}.log",
            MODULES=",".join(OUR_ADDONS),
            FOLDER=str(folder),
        )
    files = sorted(path for name in OUR_ADDONS for path in folder.glob(f"{name}/i18n/*.po*"))
    for path in files:
        path.write_text(_DATES.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    return files


def update_sources(server: Server) -> None:
    """Bring the `.pot` and `zh_CN.po` files of our addons up to date; translations are kept."""
    database = odoo.scratch_name("terms")
    try:
        odoo.create_database(server, database, demo=False, lang=LANG)
        export(server, database, ADDONS)
    finally:
        odoo.drop_database(server, database)


def check_sources(server: Server, database: str, result: Result) -> None:
    """Compare each addon's zh_CN.po with the terms it has in a database."""
    folder = LOCAL / "terms" / database
    try:
        templates = [path for path in export(server, database, folder) if path.suffix == ".pot"]
        check(result, own_check("translations", *templates))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
