"""The text in force: an instrument with its amendments laid over it, line by line. Nothing is edited in place.

An amending instrument says under each of its clauses what it changes: it inserts, replaces, repeals or renumbers
provisions (with every part of them), or substitutes a phrase. What becomes of the rules is in `succession.py`.

A heading has no id: it goes with the provision whose number it bears, and with what it stands in the middle of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import Document, Path_
from cchc.problems import Invalid, Location, invalid, listed, nearest
from cchc.schema import load_valid

OPERATIONS = ("insert_after", "replace", "repeal", "substitute", "renumber")
OPEN, CLOSE = "“", "”."
"""What stands around new text in the amending instrument."""
_LABEL = re.compile(r"(?:(?:Điều |Article )?(\w{1,4})[.)]|[-+–])(?= )")
_NUMBER = re.compile(r"\d+")


class Change(NamedTuple):
    """What a clause of an amending instrument did to a provision; `effective_from` is empty for a draft."""

    instrument: str
    number: str
    clause: str
    operation: str
    effective_from: str
    at: Location


class Line(NamedTuple):
    """One printed line of the text, or the part of it that a provision quotes, with what was done to it. The entry of a
    repealed line holds its label only."""

    document: Document
    path: Path_
    entry: Mapping[str, Any]
    changes: tuple[Change, ...] = ()

    @property
    def id(self) -> str:
        return str(self.entry.get("id", ""))

    @property
    def text(self) -> str:
        """The printed line; empty for a part of the line above."""
        return str(self.entry.get("heading", self.entry.get("text", "")))

    @property
    def is_repealed(self) -> bool:
        return bool(self.changes) and self.changes[-1].operation == "repeal"

    def at(self, *below: str | int) -> Location:
        return self.document.at((*self.path, *below))


class Amendment(NamedTuple):
    """An amending instrument as it was applied: which provisions are no longer what they were, those of them whose rules
    fall with them, the new number of those that only moved, and which predicates it redefines."""

    instrument: Mapping[str, Any]
    folder: Path
    files: tuple[Path, ...]
    rule_files: tuple[Path, ...]
    gone: Mapping[str, Change]
    fallen: frozenset[str]
    moved: Mapping[str, str]
    redefines: Mapping[str, Location]

    @property
    def effective_from(self) -> str:
        """Its first day in force; empty for a draft."""
        return str(self.instrument.get("effective_from", ""))


class Consolidation(NamedTuple):
    """The lines in force, the provisions that were repealed, the amendments in the order of their application; of the text
    before any draft its lines, and what drafts renumber in it (data know provisions by their present number); the duties
    that there were at any time before (data of earlier years know them)."""

    lines: tuple[Line, ...]
    repealed: Mapping[str, Change]
    before_drafts: tuple[Line, ...]
    renumbered: Mapping[str, str]
    amendments: tuple[Amendment, ...]
    earlier_duties: frozenset[str]


def documents(folder: Path, instrument: Mapping[str, Any]) -> list[tuple[Path, Document]]:
    """The article files of an instrument, checked against their schema. Raises Invalid."""
    found = []
    for article in instrument["articles"]:
        path = folder / f"{article}.yaml"
        found.append((path, load_valid(path, "article")))
    return found


def consolidated(base: tuple[Path, Mapping[str, Any]], amending: Iterable[tuple[Path, Mapping[str, Any]]]) -> Consolidation:
    """An instrument (its folder and `instrument.yaml`) with amending ones applied in order. Raises Invalid."""
    lines = []
    for _, document in documents(*base):
        _only(document, "heading", "id")
        lines += [Line(document, ("lines", index), entry) for index, entry in enumerate(document.data["lines"])]
    text = _Text(lines)
    amendments: list[Amendment] = []
    before = tuple(text.lines)
    duties: set[str] = set()
    for folder, instrument in amending:
        duties.update(owed["id"] for line in before for owed in line.entry.get("duties", ()))
        amendments.append(text.apply(folder, instrument))
        before = tuple(text.lines) if amendments[-1].effective_from else before
    return Consolidation(tuple(text.lines), text.repealed, before, text.renumbered, tuple(amendments), frozenset(duties))


def _only(document: Document, *kinds: str) -> None:
    """What an instrument that amends nothing changes, or new text that changes nothing, would be passed over in silence."""
    for number, entry in enumerate(document.data["lines"]):
        if not any(kind in entry for kind in kinds):
            key = next(iter(entry))
            raise invalid(document.keys[("lines", number, key)], "unknown-key", found=key, hint=nearest(key, kinds),
                          allowed=listed(kinds))  # fmt: skip


def places_of(lines: Sequence[Line], target: str, found: Sequence[int]) -> list[int]:
    """The places of a provision whose parts are found, of the headings among them, and of its own heading."""
    first, number = found[0], _last(target)
    if lines[first].id != target or not _LABEL.match(lines[first].text):
        above = first
        while above and not lines[above - 1].id and not lines[above - 1].is_repealed:
            above -= 1
            if _number(lines[above].text) == number:
                first = above
                break
    return [place for place in range(first, found[-1] + 1) if place in found or not lines[place].id]


class _Text:
    """The lines in force while amendments are applied."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.repealed: dict[str, Change] = {}
        self.renumbered: dict[str, str] = {}
        self.touched: dict[tuple[str, str], list[Change]] = {}
        self.inserted: dict[tuple[str, str], Change] = {}

    def apply(self, folder: Path, instrument: Mapping[str, Any]) -> Amendment:
        files: list[Path] = []
        redefines: dict[str, Location] = {}
        self.gone: dict[str, Change] = {}
        self.fallen: set[str] = set()
        self.moved: dict[str, str] = {}
        for path, document in documents(folder, instrument):
            files.append(path)
            _only(document, "heading", "clause")
            for index, name in enumerate(document.data.get("redefines", ())):
                redefines[name] = document.at(("redefines", index))
            for number, entry in enumerate(document.data["lines"]):
                for place in range(len(entry.get("changes", ()))):
                    self._change(document, ("lines", number, "changes", place), instrument, entry)
        rule_files = tuple(rules for path in files if (rules := path.with_suffix(".lp")).is_file())
        return Amendment(instrument, folder, tuple(files), rule_files, self.gone, frozenset(self.fallen), self.moved, redefines)

    def _change(self, document: Document, path: Path_, instrument: Mapping[str, Any], clause: Mapping[str, Any]) -> None:
        entry = clause["changes"][path[-1]]
        at = document.at(path)
        operations = [name for name in OPERATIONS if name in entry]
        if len(operations) != 1 or ("lines" in entry) != (operations[0] in {"insert_after", "replace"}):
            raise invalid(at, "one-operation", found=", ".join(operations) or "–", allowed=", ".join(OPERATIONS))
        operation = operations[0]
        change = Change(instrument["id"], instrument["number"], clause["clause"], operation,
                        instrument.get("effective_from", ""), at)  # fmt: skip
        new = [Line(document, (*path, "lines", index), line, (change,)) for index, line in enumerate(entry.get("lines", ()))]
        if new and "words" in new[0].entry:
            raise invalid(new[0].at("id"), "part-of-line", found=new[0].id)
        given = entry[operation]
        match operation:
            case "insert_after":
                end = self._places(given, document.at((*path, operation)))[-1] + 1
                self._check_new(new, ())
                self.lines[end:end] = new
                self._touch([line.id for line in new if line.id], change)
                other = self.inserted.setdefault((change.effective_from, given), change)
                if other.instrument != change.instrument:
                    raise _twice(given, change, other)
            case "replace" | "repeal":
                places = {target: self._whole(target, document.at((*path, operation, index)))
                          for index, target in enumerate(given)}  # fmt: skip
                self._touch(given, change)
                old = [name for span in places.values() for place in span if (name := self.lines[place].id)]
                kept = {line.id for line in new} if entry.get("keeps_rules") else set()
                self.gone |= {name: change for name in old if name not in kept}
                self.fallen.update(() if entry.get("keeps_rules") else old)
                if operation == "replace":
                    self._check_new(new, given)
                    self._replace(places, new, document, path)
                else:
                    self._repeal(places, change)
            case "substitute":
                self._touch([given["provision"]], change)
                self._substitute(given, change, document, (*path, operation))
            case "renumber":
                self._touch(given, change)
                self._renumber(given, change, lambda old: document.keys[(*path, operation, old)])

    def _tree(self, target: str, at: Location) -> list[int]:
        """The places of a provision and its parts. Raises Invalid where there are none."""
        found = [place for place, line in enumerate(self.lines) if _within(line.id, target)]
        if not found:
            if by := next((change for name, change in self.repealed.items() if _within(name, target)), None):
                raise invalid(at, "already-repealed", found=target, by=by.number, clause=by.clause)
            ids = [line.id for line in self.lines if line.id]
            raise invalid(at, "no-such-provision", found=target, hint=nearest(target, ids))
        return found

    def _places(self, target: str, at: Location) -> list[int]:
        """The places of a provision and its parts, of the headings among them, and of its own heading."""
        return places_of(self.lines, target, self._tree(target, at))

    def _whole(self, target: str, at: Location) -> list[int]:
        """The same, but not of a part of a line: its words would stay in the line. Raises Invalid."""
        places = self._places(target, at)
        if "words" in self.lines[places[0]].entry:
            raise invalid(at, "part-of-line", found=target)
        return places

    def _touch(self, targets: Iterable[str], change: Change) -> None:
        """Two instruments that take effect on one day must not change the same provision: their order is nowhere stated. Nor
        must one instrument put an end to the same words twice: the text that it put there first would never be in force."""
        targets = [*targets]
        before = [(target, other) for target in targets for (day, name), others in self.touched.items() for other in others
                  if day == change.effective_from and (_within(name, target) or _within(target, name))]  # fmt: skip
        for target, other in before:
            if other.instrument != change.instrument:
                raise _twice(target, change, other)
            if {other.operation, change.operation} <= {"replace", "repeal"}:
                raise invalid(change.at, "ended-twice", found=target, place=other.at)
        for target in targets:
            self.touched.setdefault((change.effective_from, target), []).append(change)

    def _check_new(self, new: Sequence[Line], replaced: Sequence[str]) -> None:
        known = {line.id for line in self.lines if line.id and not any(_within(line.id, target) for target in replaced)}
        for line in new:
            if line.id and line.id in known:
                raise invalid(line.at("id"), "repeated-provision", found=line.id)
            if line.id and replaced and not any(_within(line.id, target) for target in replaced):
                raise invalid(line.at("id"), "outside-change", found=line.id, allowed=", ".join(replaced))
            known.add(line.id)

    def _replace(self, places: Mapping[str, list[int]], new: Sequence[Line], document: Document, path: Path_) -> None:
        """Puts the new lines of each target, with the headings above them, in its place: targets need not be neighbours."""
        texts: dict[str, list[Line]] = {target: [] for target in places}
        headings: list[Line] = []
        target = ""
        for line in new:
            headings.append(line)
            if line.id:
                target = next(target for target in places if _within(line.id, target))
                texts[target] += headings
                headings = []
        for index, (name, text) in enumerate(texts.items()):
            if not text:
                raise invalid(document.at((*path, "replace", index)), "no-new-text", found=name)
        texts[target] += headings
        self._put({span[0]: texts[target] for target, span in places.items()}, places)

    def _repeal(self, places: Mapping[str, list[int]], change: Change) -> None:
        """Each repealed provision leaves its number behind, if it has one."""
        left = {}
        for target, span in places.items():
            line = self.lines[span[0]]
            label = _LABEL.match(line.text) if line.id == target or _number(line.text) == _last(target) else None
            left[span[0]] = [Line(line.document, line.path, {"heading": label[0] if label else ""}, (*line.changes, change))]
            self.repealed |= {self.lines[place].id: change for place in span if self.lines[place].id}
        self._put(left, places)

    def _put(self, texts: Mapping[int, list[Line]], places: Mapping[str, list[int]]) -> None:
        taken = {place for span in places.values() for place in span}
        self.lines = [new for place, line in enumerate(self.lines)
                      for new in (*texts.get(place, ()), *([] if place in taken else [line]))]  # fmt: skip

    def _substitute(self, given: Mapping[str, Any], change: Change, document: Document, path: Path_) -> None:
        target, old, new = given["provision"], given["old"], given["new"]
        english = given.get("en", {"old": "", "new": ""})
        places = [place for place in self._whole(target, document.at((*path, "provision")))
                  if any(old in self.lines[place].entry.get(key, "") for key in ("heading", "text", "words"))]  # fmt: skip
        if not places:
            raise invalid(document.at((*path, "old")), "no-such-phrase", found=old, provision=target)
        if not any(english["old"] in self.lines[place].entry.get("en", "") for place in places):
            raise invalid(document.at((*path, "en", "old")), "no-such-phrase", found=english["old"], provision=target)

        def changed(value: Any, key: str = "") -> Any:
            """The entry with the phrase substituted, in its quotations as well."""
            if isinstance(value, dict):
                return {name: changed(inner, name) for name, inner in value.items()}
            if isinstance(value, list):
                return [changed(inner) for inner in value]
            if key in {"heading", "text", "words"}:
                return value.replace(old, new)
            return value.replace(english["old"], english["new"]) if key == "en" and english["old"] else value

        for place in places:
            line = self.lines[place]
            entry = changed(line.entry)
            restated = {key: given[key] for key in ("facts", "duties") if key in given} if line.id == target else {}
            for kind in {"facts", "duties"} - restated.keys():
                for before, after in zip(line.entry.get(kind, ()), entry.get(kind, ()), strict=True):
                    # What a fact states, or a sentence about a duty, does not follow its words by itself.
                    if Counter(_NUMBER.findall(before["words"])) - Counter(_NUMBER.findall(after["words"])):
                        raise invalid(change.at, "changed-figure", found=before["words"], provision=line.id, key=kind)
            line = line._replace(entry={**entry, **restated}, changes=(*line.changes, change))
            self.lines[place] = line._replace(document=document, path=path) if restated else line

    def _renumber(self, given: Mapping[str, str], change: Change, at: Callable[[str], Location]) -> None:
        """All at once: e may become đ while f becomes e."""
        moved: dict[str, str] = {}
        labels: dict[int, tuple[str, str]] = {}
        for old, new in given.items():
            places = self._whole(old, at(old))
            labels[places[0]] = (_last(old), _last(new))
            moved |= {name: new + name[len(old) :] for place in places if (name := self.lines[place].id)}
        stay = {line.id for line in self.lines if line.id not in moved}
        for old, new in given.items():
            if any(_within(name, new) for name in stay) or list(given.values()).count(new) > 1:
                raise invalid(at(old), "repeated-provision", found=new)
        for place, line in enumerate(self.lines):
            entry = dict(line.entry)
            if place in labels:
                entry |= {key: _relabelled(entry[key], *labels[place]) for key in ("heading", "text", "en") if key in entry}
            if line.id in moved:
                now, owed = moved[line.id], entry.get("duties", ())
                entry |= {"id": now, "duties": [{**duty, "id": now + duty["id"][len(line.id) :]} for duty in owed]}
            if place in labels or line.id in moved:
                self.lines[place] = line._replace(entry=entry, changes=(*line.changes, change))
        self.gone |= dict.fromkeys(moved, change)
        self.moved = _followed(self.moved, moved)
        if not change.effective_from:
            self.renumbered = _followed(self.renumbered, moved)


def _followed(known: Mapping[str, str], moved: Mapping[str, str]) -> dict[str, str]:
    """The present number of each provision that was moved before, or is now."""
    earlier = {now: before for before, now in known.items()}
    return {**known, **{earlier.get(before, before): now for before, now in moved.items()}}


def _twice(target: str, change: Change, other: Change) -> Invalid:
    day = change.effective_from or "–"
    return invalid(change.at, "amended-twice", found=target, day=day, other=other.number, place=other.at)


def _last(provision: str) -> str:
    return provision.rpartition(".")[2]


def _number(text: str) -> str | None:
    """The number that a printed line begins with."""
    return label[1] if (label := _LABEL.match(text)) else None


def _relabelled(text: str, old: str, new: str) -> str:
    """The line with its number changed; a dash or a paragraph has none, whatever figures its words hold."""
    label = _LABEL.match(text)
    return text[: label.start(1)] + new + text[label.end(1) :] if label and label[1] == old else text


def _within(name: str, target: str) -> bool:
    return name == target or name.startswith(target + ".")


def printed(document: Document) -> Iterator[tuple[str, Location, bool]]:
    """The lines of an article file as its instrument prints them (new text in quotation marks), each with its place; True
    for one that is a line of its own, False for a part of the line above."""

    def lines(entries: Sequence[Mapping[str, Any]], path: Path_, opening: str,
              closing: str) -> Iterator[tuple[str, Location, bool]]:  # fmt: skip
        whole = [index for index, entry in enumerate(entries) if "words" not in entry]
        for index, entry in enumerate(entries):
            key = next(key for key in ("heading", "text", "words") if key in entry)
            text = (opening if index == whole[0] else "") + entry[key] + (closing if index == whole[-1] else "")
            yield text if key != "words" else entry[key], document.at((*path, index, key)), key != "words"
            for number, change in enumerate(entry.get("changes", ())):
                yield from lines(change.get("lines", ()), (*path, index, "changes", number, "lines"), OPEN, CLOSE)

    yield from lines(document.data["lines"], ("lines",), "", "")
