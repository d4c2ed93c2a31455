"""Strict loading of YAML and CSV: every value keeps its place, nothing is guessed; and writing, whole or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cchc.problems import Invalid, Location, Problem, display_path, invalid

Path_ = tuple[str | int, ...]
_BREAK = re.compile(r"\r\n|\n|\r")
# Control characters, and those that only some programs take for line breaks: lines would be counted differently.
_CONTROL = "[^\t\n\r -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
# A field of a CSV line: in quotes, or not starting with one.
_FIELD = re.compile(r'[ \t]*+(?:"((?:[^"]|"")*+)"[ \t]*+|((?!")[^,]*+))(?:,|\Z)')
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')
ONE_LINE = {"vi": "một dòng", "en": "one line"}


def read_text(path: Path) -> str:
    """The text of a file. Raises Invalid for a missing, empty or non-UTF-8 file, and for control characters."""
    shown = display_path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise invalid(Location(shown), "no-file") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # With a byte order mark, the decoder counts from behind it.
        start = error.start + len(raw) - len(error.object)
        at = _place(shown, raw[:start].decode("utf-8-sig"))
        raise invalid(at, "not-utf8", found=f"0x{raw[start]:02x}") from error
    if not text.strip():
        raise invalid(Location(shown), "empty-file", allowed=ONE_LINE)
    if control := re.search(_CONTROL, text):
        at = _place(shown, text[: control.start()])
        raise invalid(at, "control-character", found=f"U+{ord(control.group()):04X}")
    return text


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises Invalid."""
    unfinished = _unfinished(path)
    try:
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise invalid(Location(path.as_posix()), "not-writable", found=error.strerror) from error


def write_together(texts: Mapping[Path, str]) -> None:
    """Write several files and the folders they need: all, or none if the disk refuses one. Raises Invalid."""
    from shutil import copymode  # imported late: only what writes needs it

    made: list[Path] = []
    earlier: dict[Path, bytes | None] = {}
    path = Path()
    try:
        for path in texts:
            for folder in reversed([one for one in path.parents if not one.exists()]):
                folder.mkdir()
                made.append(folder)
            earlier[path] = path.read_bytes() if path.exists() else None
            _unfinished(path).write_text(texts[path], encoding="utf-8", newline="")
            if path.exists():
                copymode(path, _unfinished(path))
        for path in texts:
            _unfinished(path).replace(path)
    except OSError as error:
        for written, before in earlier.items():
            with suppress(OSError):
                _unfinished(written).unlink(missing_ok=True)
                if before is None:
                    written.unlink(missing_ok=True)
                elif written.read_bytes() != before:
                    written.write_bytes(before)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise invalid(Location(path.as_posix()), "not-writable", found=error.strerror) from error


def _unfinished(path: Path) -> Path:
    return path.parent / (path.name + ".unfinished")


def _place(shown: str, before: str) -> Location:
    """The place right behind a piece of text from the start of a file."""
    lines = _BREAK.split(before)
    return Location(shown, len(lines), len(lines[-1]) + 1)


class Document(NamedTuple):
    """A YAML file as plain data, with the place of every key and value."""

    path: str
    data: Any
    values: dict[Path_, Location]
    keys: dict[Path_, Location]

    def at(self, path: Path_) -> Location:
        """Where a value stands; for a value that is missing, where its nearest parent stands."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values[path]


def load_yaml(path: Path, *, text_only: bool = False, nfc: bool = False) -> Document:
    """Load one YAML document without anchors, tags or repeated keys.

    Plain scalars follow YAML 1.2 (`yes`, `010` and `2021-12-28` are text); decimals are exact.
    With `text_only`, every scalar stays the text as written, as contract section 2 asks of data; with `nfc`, text is
    composed, so that codes typed on different systems are the same. Raises Invalid.
    """
    from cchc.yaml_reader import read  # imported late: unchanged files come from the cache

    return read(display_path(path), read_text(path), text_only=text_only, nfc=nfc)


class Record(NamedTuple):
    """One row of a table as text, each value with its place."""

    at: Location
    values: dict[str, str]
    places: Callable[[str], Location]


def load_csv(path: Path, problems: list[Problem]) -> tuple[dict[str, Location], Iterator[Record]]:
    """The columns of a CSV file with their places, and its records.

    Raises Invalid for an unusable file or header; lines that cannot be read are added to `problems` and left out.
    """
    shown = display_path(path)
    lines = _BREAK.split(read_text(path))
    header = _fields(lines[0], Location(shown))
    if len(header) == 1 and (other := re.search(r"[;\t]", lines[0])):
        raise invalid(Location(shown, 1, other.start() + 1), "csv-separator", found=other.group())
    columns: dict[str, Location] = {}
    for name, column in header:
        place = Location(shown, 1, column)
        if name in columns:
            raise invalid(place, "repeated-column", found=name)
        columns[name] = place
    return columns, _records(shown, lines, list(columns), problems)


def _records(shown: str, lines: list[str], names: list[str], problems: list[Problem]) -> Iterator[Record]:
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip(", \t"):  # spreadsheets export empty rows as bare commas
            continue
        at = Location(shown, number)
        try:
            fields = _fields(line, at)
        except Invalid as error:
            problems += error.problems
            continue
        if len(fields) != len(names):
            # The first field too many, or the end of a line that is too short.
            column = fields[len(names)][1] if len(fields) > len(names) else len(line) + 1
            details = {"found": len(fields), "allowed": len(names)}
            problems.append(Problem(Location(shown, number, column), "field-count", details))
            continue
        columns = {name: column for name, (_, column) in zip(names, fields, strict=True)}

        def places(name: str, at: Location = at, columns: dict[str, int] = columns) -> Location:
            return Location(at.path, at.line, columns.get(name, 1))

        yield Record(at, {name: value for name, (value, _) in zip(names, fields, strict=True)}, places)


def _fields(line: str, at: Location) -> list[tuple[str, int]]:
    """The fields of a CSV line, trimmed and composed (NFC), each with its column counted from 1. Raises Invalid."""
    fields: list[tuple[str, int]] = []
    position = 0
    while True:
        match = _FIELD.match(line, position)
        if match is None:
            quote = line.index('"', position)
            closed = _QUOTED.match(line, quote)
            column = (closed.end() if closed else quote) + 1
            raise invalid(Location(at.path, at.line, column), "csv-after-quote" if closed else "csv-quote")
        quoted, plain = match.groups()
        value, column = (plain, match.start(2) + 1) if quoted is None else (quoted.replace('""', '"'), match.start(1))
        fields.append((unicodedata.normalize("NFC", value.strip()), column))
        if not match.group().endswith(","):
            return fields
        position = match.end()


def files_in(folder: Path) -> list[Path]:
    """The files below a folder, but for what git keeps there."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)


def apart(old: Path | None, new: Path | None) -> tuple[str, ...]:
    """The files that two folders (None: an empty one) do not have alike, by their paths below them."""
    before, after = ({path.relative_to(folder).as_posix(): path.read_bytes() for path in files_in(folder)} if folder else {}
                     for folder in (old, new))  # fmt: skip
    return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
