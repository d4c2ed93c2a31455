"""Index frameworks: what is publicly known of each decision, and what differs between two.

`null` in `policies/index-frameworks.yaml` is *not public*: never compared, never taken for *unchanged*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import Document, Path_
from cchc.problems import Invalid, Problem, listed, nearest
from cchc.schema import load_valid

FILE = "index-frameworks.yaml"
WHOLE = ("domain_count", "criterion_count", "component_count", "scale", "survey_points")
PARTS = ("domains", "items")

Entry = Mapping[str, Any]


class Frameworks(NamedTuple):
    """The checked file: frameworks by decision, oldest first; sources by key; the domains that all are mapped to."""

    title: Mapping[str, str]
    notice: Mapping[str, str]
    scheme: Entry
    sources: Mapping[str, Entry]
    frameworks: Mapping[str, Entry]


class Change(NamedTuple):
    """A difference: `kind` is changed, new, abolished or not_public; `part` the domain or item it is about, if any."""

    kind: str
    key: str
    part: str
    before: Any
    after: Any


def load(root: Path) -> Frameworks:
    """The frameworks of a policies folder. Raises Invalid, also for sources and decisions that the file lacks."""
    document = load_valid(root / FILE, "index-frameworks", nfc=True)
    found = Frameworks(**document.data)
    problems: list[Problem] = []
    for path in document.values:
        if path[-2:-1] == ("sources",) and path[0] == "frameworks":
            problems += unknown("unknown-source", document, path, found.sources)
        elif path[-2:] == ("replaces", "value"):
            problems += unknown("unknown-framework", document, path, found.frameworks)
    if problems:
        raise Invalid(problems)
    return found


def unknown(code: str, document: Document, path: Path_, known: Collection[str]) -> list[Problem]:
    """The problem with a name that is not among those known, if it is not."""
    name = document.data
    for step in path:
        name = name[step]
    return [] if name in known else [Problem(document.at(path), code, {"found": name, "hint": nearest(name, known),
                                                                       "allowed": listed(known)})]  # fmt: skip


def differences(old: Entry, new: Entry) -> list[Change]:
    """What differs between two frameworks, and what cannot be compared because in one of them it is not public."""
    found = [*_compared(WHOLE, "", old, new)]
    for parts in PARTS:
        if old[parts] is None or new[parts] is None:
            found.append(Change("not_public", parts, "", old[parts], new[parts]))
            continue
        # Domains have the same numbers in every framework; an item keeps its code or has an approved predecessor.
        origin = {name: step["predecessor"] for name, step in (new["succession"] or {}).items()} if parts == "items" else {}
        left = dict(old[parts])
        for name, part in new[parts].items():
            if (before := left.pop(origin.get(name, name), None)) is None:
                found.append(Change("new", parts, name, None, part))
            else:
                found += _compared(("name", "max"), name, before, part)
        found += [Change("abolished", parts, name, part, None) for name, part in left.items()]
    return found


def _compared(keys: tuple[str, ...], part: str, old: Entry, new: Entry) -> Iterator[Change]:
    for key in keys:
        if old[key] is None or new[key] is None:
            yield Change("not_public", key, part, old[key], new[key])
        elif _said(old[key]) != _said(new[key]):
            yield Change("changed", key, part, old[key], new[key])


def _said(figure: Entry) -> Any:
    """A number, or a name however it is capitalised."""
    return figure["value"] if "value" in figure else figure["vi"].casefold()
