"""The two sides of a comparison: a folder, a git revision, or a day."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cchc import cache
from cchc.applicable import loaded
from cchc.policy import Policy
from cchc.problems import Invalid, Location, invalid
from cchc.schema import resource
from cchc.versions import DRAFTS, instruments

_KEPT = 7 * 24 * 3600
"""Seconds that an unpacked revision is kept."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Side(NamedTuple):
    """One side: what the user called it, its policy, the folder that its data and cases lie in, and the day if it is the
    text of a day."""

    name: str
    policy: Policy
    top: Path
    day: datetime.date | None = None


@contextmanager
def sides(names: Mapping[str, str | None], policies: Path | None, draft: str | None) -> Iterator[Callable[[], list[Side]]]:
    """The sides (None: the working tree) by what the command calls them, a draft laid over the last one; the others are read
    by a process of their own from now on. Raises Invalid for a revision, folder or day that does not exist; without a cache
    folder, revisions are unpacked for as long as they are needed."""
    with TemporaryDirectory() as folder:
        home = cache.folder()
        kept = home / "revisions" if home is not None else Path(folder)
        *others, (called, name) = names.items()
        pool = ProcessPoolExecutor(1)
        beside = [pool.submit(_placed, Location(one), named, policies, [], kept) for one, named in others]

        def found() -> list[Side]:
            try:
                last = _placed(Location(called), name, policies, [draft] if draft else [], kept)
            finally:
                first = [one.result() for one in beside]  # where several sides are at fault, the first is told
                pool.shutdown(wait=False)
            return [*first, last]

        yield found


def _placed(at: Location, name: str | None, policies: Path | None, drafts: list[str], kept: Path) -> Side:
    """A side; what the choice of its version met with is told at what chose it."""
    try:
        return _side(at, name, policies, drafts, kept)
    except Invalid as error:
        places = {"unknown-draft": Location("--with"), "not-in-force": at, "expired": at}
        raise Invalid(each._replace(at=places.get(each.code, each.at)) for each in error.problems) from error


def _side(at: Location, name: str | None, policies: Path | None, drafts: list[str], kept: Path) -> Side:
    here = policies if policies is not None else resource("policies")
    if name is None:
        return Side("", loaded(policies, None, drafts), here.parent)
    if _DAY.fullmatch(name):
        day = _day(name, at)
        return Side(name, loaded(policies, day, drafts), here.parent, day)
    if (folder := Path(name)).is_dir():
        root, found = _root(folder)
        if not (root / "vocabulary.yaml").is_file():  # before every file of some other folder is read
            raise invalid(at, "no-side", found=name)
        return Side(name, loaded(root, None, [*found, *drafts]), root.parent)
    root = _unpacked(name, here, kept, at)
    return Side(name, loaded(root, None, drafts), root.parent)


def _day(text: str, at: Location) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise invalid(at, "not-date", found=text) from error


def _root(folder: Path) -> tuple[Path, list[str]]:
    """The policies folder that a folder is, or holds, or lies in as an instrument; and the draft that it is."""
    folder = folder.resolve()
    if (folder / "instrument.yaml").is_file():
        root = folder.parent.parent if folder.parent.name == DRAFTS else folder.parent
        one = instruments(root)[folder.name]
        return root, [one.id] if one.draft else []
    return (folder / "policies" if (folder / "policies").is_dir() else folder), []


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "--literal-pathspecs", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise invalid(Location("git"), "no-git", found=error.strerror) from error


def _unpacked(name: str, policies: Path, kept: Path, at: Location) -> Path:
    """The policies folder of a revision, unpacked beside its data and cases."""
    inside = _git(policies, "rev-parse", "--show-toplevel", "--show-prefix")
    commit = _git(policies, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if name.startswith("-") or inside.returncode or commit.returncode:
        raise invalid(at, "no-side", found=name)
    top, shown = inside.stdout.decode().split("\n")[:2]
    prefix, revision = Path(shown), commit.stdout.decode().strip()
    if not prefix.name:  # a repository of policies alone has no place for data and cases
        raise invalid(at, "no-side", found=name)
    above = "" if prefix.parent == Path() else prefix.parent.as_posix()
    target = kept / f"{revision}-{prefix.name}" / above
    if not target.is_dir():
        tree = f"{revision}:{above}"
        there = _git(Path(top), "ls-tree", "-z", "--name-only", tree, *_read(prefix)).stdout.decode().split("\0")
        archive = _git(Path(top), "archive", "--format=tar", tree, *filter(None, there))
        if archive.returncode:
            raise invalid(at, "no-side", found=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent) as folder:  # whole or not at all
            with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
                files.extractall(Path(folder) / "all", filter=_inside)
            with suppress(OSError):  # another command was quicker
                (Path(folder) / "all").replace(target)
        _forget(kept)
    if not (target / prefix.name).is_dir():
        raise invalid(at, "no-side", found=name)
    return target / prefix.name


def _inside(file: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """A file of a revision; none for a link that leads out of it, which is nothing that a comparison may read."""
    try:
        return tarfile.data_filter(file, folder)
    except tarfile.FilterError:
        return None


def _read(policies: Path) -> tuple[str, ...]:
    """What a comparison reads of the folder that some policies lie in."""
    return policies.name, "data", "tests/cases"


def _forget(kept: Path) -> None:
    """Removes what was unpacked long ago."""
    for folder in kept.iterdir():
        with suppress(OSError):  # another side, or command, has just put it in its place or removed it
            if folder.stat().st_mtime < time.time() - _KEPT:
                shutil.rmtree(folder, ignore_errors=True)


def forked(base: str, head: str | None, policies: Path) -> str:
    """The commit that a head (None: the working tree) was made from, if both are revisions: what the base has got since is
    no change of the head."""
    if Path(base).is_dir() or base.startswith("-"):
        return base
    found = _git(policies, "merge-base", base, head or "HEAD")
    return found.stdout.decode().strip() if found.returncode == 0 else base


def dirty(policies: Path) -> list[str]:
    """The changed or new files of the working tree that a review reads; none outside of git."""
    status = _git(policies.resolve().parent, "status", "--porcelain", "-z", "--", *_read(policies))
    entries = iter(status.stdout.decode().split("\0"))
    found = []
    for entry in filter(None, entries):
        found.append(entry[3:])
        if entry[0] in "RC":  # what it was called before comes next
            next(entries)
    return found
