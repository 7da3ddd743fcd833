"""Stamps say that a step is finished; they are written last, so what is half made is made again."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

from .paths import STAMPS


def key_of(*parts) -> str:
    """Return a short digest of everything a step depends on; a Path counts with its content."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def is_fresh(name: str, key: str, folder: Path = STAMPS) -> bool:
    """Tell whether the step `name` was finished with this very key."""
    try:
        return (folder / name).read_text(encoding="utf-8") == key
    except (OSError, UnicodeDecodeError):
        return False


def write(name: str, key: str, folder: Path = STAMPS) -> None:
    """Mark the step as finished."""
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}.{os.getpid()}"
    half.write_text(key, encoding="utf-8")
    half.replace(folder / name)


def clear(name: str, folder: Path = STAMPS) -> None:
    """Forget that the step was finished."""
    (folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path: Path):
    """Hold an exclusive lock on a file, so that two commands do not make the same thing at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
