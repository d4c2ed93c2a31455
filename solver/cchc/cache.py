"""Remembers parsed and validated files between commands, keyed by their content: unchanged files are not read twice.

Entries live in the user's cache folder (`CCHC_CACHE` names another; empty switches it off). They are pickles, as
trustworthy as that folder; a damaged or foreign entry is ignored and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_KEPT = 16


def folder() -> Path | None:
    """Where entries are kept; None if nowhere."""
    if (named := os.environ.get("CCHC_CACHE")) is not None:
        return Path(named) if named else None
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if (home := os.environ.get("HOME")) else None)
    return Path(base) / "cchc" if base else None


def remembered(kind: str, paths: Iterable[Path], make: Callable[[], T], asked: str = "") -> T:
    """What `make` returns for the present content of some files and what is asked of them, from an earlier command if there
    was one.

    Whatever `make` raises is raised, and nothing is kept. Places in entries are shown relative to the working folder,
    so that folder is part of the key.
    """
    if (home := folder()) is None:
        return make()
    digest = hashlib.sha256(f"{sys.version}\0{Path.cwd()}\0{_program()}\0{asked}\0".encode())
    for path in paths:
        digest.update(f"{path}\0".encode())
        with contextlib.suppress(OSError):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    entry = home / f"{kind}-{digest.hexdigest()[:40]}.pickle"
    try:
        with entry.open("rb") as file:
            return pickle.load(file)  # type: ignore[no-any-return]
    except Exception:  # a damaged pickle can raise anything; the entry is only a copy
        value = make()
    with contextlib.suppress(OSError):
        _keep(entry, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    return value


def _program() -> str:
    """The state of this package: an entry of another version is another entry."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return " ".join(f"{file.name}:{file.stat().st_mtime_ns}:{file.stat().st_size}" for file in files)


def _keep(entry: Path, content: bytes) -> None:
    import tempfile  # imported late: most commands only read

    entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=entry.parent, prefix=".", delete=False) as file:
        file.write(content)
    Path(file.name).replace(entry)
    kind = entry.name.partition("-")[0]
    for old in sorted(entry.parent.glob(f"{kind}-*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
        old.unlink(missing_ok=True)
