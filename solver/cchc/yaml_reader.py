"""Builds plain data with places from the events of a YAML parser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import yaml

from cchc.files import ONE_LINE, Document, Path_
from cchc.problems import Location, invalid

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Eighteen digits: longer figures stay text (Python refuses to convert some of them).
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_DEPTH = 60


def read(shown: str, text: str, *, text_only: bool, nfc: bool) -> Document:
    """One YAML document (see `files.load_yaml`); `shown` is its path for messages. Raises Invalid."""
    builder = _Builder(shown, yaml.parse(text, Loader=_LOADER), text_only, nfc)
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Location(shown, mark.line + 1, mark.column + 1) if mark else Location(shown)
        raise invalid(place, "yaml-syntax", found=error.problem or "?") from error
    except yaml.YAMLError as error:
        raise invalid(Location(shown), "yaml-syntax", found=" ".join(str(error).split())) from error


class _Builder:
    """Builds plain data from parser events: anchors and written-out tags show only there."""

    def __init__(self, path: str, events: Iterator[Any], text_only: bool, nfc: bool) -> None:
        self.path = path
        self.events = events
        self.text_only = text_only
        self.nfc = nfc
        self.values: dict[Path_, Location] = {}
        self.keys: dict[Path_, Location] = {}

    def document(self) -> Document:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise invalid(Location(self.path), "empty-file", allowed=ONE_LINE)
        data = self.node(next(self.events), ())
        next(self.events)  # the end of the document
        if not isinstance(more := next(self.events), yaml.StreamEndEvent):
            raise invalid(self.place(more), "yaml-construct", found="---")
        return Document(self.path, data, self.values, self.keys)

    def place(self, event: Any) -> Location:
        return Location(self.path, event.start_mark.line + 1, event.start_mark.column + 1)

    def plain(self, event: Any, path: Path_) -> None:
        """Refuse what makes a value depend on something other than what is written in its place."""
        at = self.place(event)
        if isinstance(event, yaml.AliasEvent):
            raise invalid(at, "yaml-construct", found=f"alias (*{event.anchor})")
        if event.anchor is not None:
            raise invalid(at, "yaml-construct", found=f"anchor (&{event.anchor})")
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            raise invalid(at, "yaml-construct", found=f"tag ({shown})")
        if len(path) > _DEPTH:
            raise invalid(at, "yaml-construct", found={"vi": "quá nhiều tầng lồng nhau", "en": "such deep nesting"})

    def node(self, event: Any, path: Path_) -> Any:
        self.plain(event, path)
        self.values[path] = self.place(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Any] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(event, (*path, len(items))))
            return items
        text = self.text(event)
        return text if self.text_only or event.style in {"'", '"', "|", ">"} else _typed(text)

    def mapping(self, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            self.plain(event, path)
            at = self.place(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise invalid(at, "yaml-construct", found="? :")
            if event.value == "<<" and not event.style:
                raise invalid(at, "yaml-construct", found="<<")
            key = self.text(event)
            if key in result:
                first = self.keys[(*path, key)].line
                raise invalid(at, "duplicate-key", found=key, first=first)
            self.keys[(*path, key)] = at
            result[key] = self.node(next(self.events), (*path, key))
        return result

    def text(self, event: Any) -> str:
        return unicodedata.normalize("NFC", event.value) if self.nfc else str(event.value)


def _typed(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    if text in {"null", "~", ""}:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
