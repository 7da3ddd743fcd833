"""A copy of a database that others are connected to, for a test that needs one to itself."""

import contextlib
import os
import shutil
import subprocess

from bootstrap import odoo
from bootstrap.paths import DATA


@contextlib.contextmanager
def copied(source: str, kind: str):
    """Give the name of a copy of `source`, files included; it is dropped at the end."""
    name = odoo.scratch_name(kind)
    _psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _psql("postgres", f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C'")
    try:
        _pour(source, name)
        _psql("postgres", f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        files = DATA / "filestore" / source
        if files.exists():
            shutil.copytree(files, DATA / "filestore" / name, copy_function=os.link)
        yield name
    finally:
        _psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def _pour(source: str, name: str) -> None:
    """Copy what one moment of `source` holds; nobody has to leave it for that."""
    with subprocess.Popen(["pg_dump", "--no-owner", source], stdout=subprocess.PIPE) as dump:
        words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", name]
        done = subprocess.run(words, stdin=dump.stdout, capture_output=True, check=False)
    assert done.returncode == 0 and dump.returncode == 0, done.stderr.decode()[-2000:]


def _psql(database: str, query: str) -> None:
    words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query]
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
