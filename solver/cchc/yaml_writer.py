"""Writes YAML as a person would in this repository: long text folded, short rows on one line, the order as given.

Not a general writer (those rewrap and requote): what it writes is read back by `files.load_yaml` as the same data.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 128
# Plain where no reader could take it for something else; anything else is quoted.
_PLAIN = re.compile(r"[^\W\d][\w./-]*(?: [\w./()-]+)*")
_TAKEN = re.compile(r"true|false|null|yes|no|on|off|y|n", re.I)
_FOLDS = re.compile(r"\S+(?: \S+)*")


class Bare(str):
    """Text that stands without quotes in a file whose every scalar is read as text."""


def block(value: Any, indent: int = 0) -> str:
    """A mapping or a list as a block, each line ending in a line break."""
    pad = " " * indent
    if isinstance(value, Mapping):
        return "".join(f"{pad}{scalar(key)}:{_below(inner, indent, len(str(key)))}" for key, inner in value.items())
    return "".join(f"{pad}- {flow(entry)}\n" if _is_row(entry, indent) else f"{pad}- {block(entry, indent + 2).lstrip(' ')}"
                   for entry in value)  # fmt: skip


def _below(value: Any, indent: int, key: int) -> str:
    """What follows the colon of a key."""
    if isinstance(value, Mapping | list | tuple):
        inner = value.values() if isinstance(value, Mapping) else value
        nested = any(isinstance(one, Mapping | list | tuple) for one in inner)
        short = not nested and indent + key + 2 + len(flow(value)) <= WIDTH
        return f" {flow(value)}\n" if short or not value else "\n" + block(value, indent + 2)
    text = scalar(value)
    if indent + key + 2 + len(text) <= WIDTH:
        return f" {text}\n"
    if not (isinstance(value, str) and _FOLDS.fullmatch(value)):  # folding would lose some of its white space
        return f" {text}\n"
    pad = " " * (indent + 2)
    folded = textwrap.wrap(value, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False,
                           break_on_hyphens=False)  # fmt: skip
    return " >-\n" + "".join(f"{line}\n" for line in folded)


def _is_row(value: Any, indent: int) -> bool:
    """Whether an entry of a list stands on one line: a single value, or several short ones."""
    if not isinstance(value, Mapping):
        return True
    flat = not any(isinstance(inner, Mapping | list | tuple) for inner in value.values())
    return flat and len(value) > 1 and indent + 2 + len(flow(value)) <= WIDTH


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """One value; text that YAML, of whatever version, could read as something else is in quotes."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if not isinstance(value, str) or isinstance(value, Bare):
        return str(value)
    if _PLAIN.fullmatch(value) and not _TAKEN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False) if re.search(r"[\n\r\t]", value) else "'" + value.replace("'", "''") + "'"
