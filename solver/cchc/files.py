"""Strict loading of YAML and CSV: every value keeps its place, nothing is guessed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from cchc.problems import Location, display_path, invalid

Path_ = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_IMPLICIT = frozenset(
    "tag:yaml.org,2002:" + name for name in "str int float bool null timestamp map seq value".split()
)


def read_text(path: Path) -> str:
    """The text of a file. Raises Invalid for a missing, empty or non-UTF-8 file."""
    at = Location(display_path(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise invalid(at, "no-file") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        raise invalid(Location(at.path, line, column), "not-utf8", found=f"0x{raw[error.start]:02x}") from error
    if not text.strip():
        raise invalid(at, "empty-file", allowed={"vi": "một dòng", "en": "one line"})
    return text


@dataclass(frozen=True, slots=True)
class Document:
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


def load_yaml(path: Path, *, text_only: bool = False) -> Document:
    """Load one YAML document without anchors, tags or repeated keys.

    Plain scalars follow YAML 1.2 (`yes`, `010` and `2021-12-28` are text); decimals are exact.
    With `text_only`, every scalar stays the text as written, as contract section 2 asks of data.
    Raises Invalid.
    """
    shown = display_path(path)
    text = read_text(path)
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(shown, mark.line + 1, mark.column + 1) if mark else Location(shown)
        raise invalid(place, "yaml-syntax", found=error.problem or "?") from error
    except yaml.YAMLError as error:
        raise invalid(Location(shown), "yaml-syntax", found=" ".join(str(error).split())) from error
    if node is None:
        raise invalid(Location(shown), "empty-file", allowed={"vi": "một dòng", "en": "one line"})
    builder = _Builder(shown, str if text_only else None)
    return Document(shown, builder.build(node, ()), builder.values, builder.keys)


class _Builder:
    def __init__(self, path: str, scalar: Callable[[str], Any] | None) -> None:
        self.path = path
        self.scalar = scalar
        self.values: dict[Path_, Location] = {}
        self.keys: dict[Path_, Location] = {}
        self.seen: set[int] = set()

    def place(self, node: yaml.Node) -> Location:
        return Location(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def build(self, node: yaml.Node, path: Path_) -> Any:
        at = self.values[path] = self.place(node)
        if id(node) in self.seen:
            raise invalid(at, "yaml-construct", found="alias (*)")
        self.seen.add(id(node))
        if node.tag not in _IMPLICIT:
            raise invalid(at, "yaml-construct", found=f"tag ({node.tag.removeprefix('tag:yaml.org,2002:')})")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, index)) for index, child in enumerate(node.value)]
        if self.scalar is not None or node.style in {"'", "\"", "|", ">"}:
            return node.value
        return _typed(node.value)

    def mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            at = self.place(key)
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                raise invalid(at, "yaml-construct", found="<<" if isinstance(key, yaml.ScalarNode) else "? :")
            if key.value in result:
                first = self.keys[(*path, key.value)].line
                raise invalid(at, "duplicate-key", found=key.value, first=first)
            self.keys[(*path, key.value)] = at
            result[key.value] = self.build(value, (*path, key.value))
        return result


def _typed(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    if text in {"null", "~", ""}:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table as text, each value with its place."""

    at: Location
    values: dict[str, str]
    places: Callable[[str], Location]


def load_csv(path: Path) -> tuple[dict[str, Location], Iterator[Record]]:
    """The columns of a CSV file with their places, and its records. Raises Invalid."""
    shown = display_path(path)
    lines = read_text(path).splitlines()
    header = next(csv.reader([lines[0]]))
    if len(header) == 1 and (other := re.search(r"[;\t]", lines[0])):
        raise invalid(Location(shown, 1, other.start() + 1), "csv-separator", found=other.group())
    columns: dict[str, Location] = {}
    for index, name in enumerate(header):
        place = Location(shown, 1, _column(lines[0], index))
        if name in columns:
            raise invalid(place, "repeated-column", found=name)
        columns[name] = place
    return columns, _records(shown, lines, header)


def _records(shown: str, lines: list[str], header: list[str]) -> Iterator[Record]:
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        try:
            fields = next(csv.reader([line], strict=True))
        except csv.Error as error:
            raise invalid(Location(shown, number, line.rfind('"') + 1), "csv-quote") from error
        if len(fields) != len(header):
            raise invalid(Location(shown, number, 1), "field-count", found=len(fields), allowed=len(header))

        def places(name: str, number: int = number, line: str = line) -> Location:
            return Location(shown, number, _column(line, header.index(name)) if name in header else 1)

        yield Record(Location(shown, number), dict(zip(header, (field.strip() for field in fields), strict=True)), places)


def _column(line: str, index: int) -> int:
    """The column, counted from 1, at which field `index` of a CSV line starts."""
    quoted = False
    for position, character in enumerate(line):
        if index == 0:
            return position + 1
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            index -= 1
    return len(line) + 1
