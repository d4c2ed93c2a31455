"""The text in force: an instrument with its amendments laid over it, line by line. Nothing is edited in place.

An amending instrument says under each of its clauses what it changes: it inserts, replaces, repeals or renumbers
provisions (with every part of them), or substitutes a phrase. The rules of a provision share its fate:

- a rule all of whose citations are replaced or repealed falls with them, like every rule for a predicate that the
  amending instrument redefines; the new rules stand beside the new text;
- unless the change says `keeps_rules`, for new words that ask for the same rules;
- a rule that cites or names a changed provision besides others must be restated: otherwise it is an error, never guessed;
- inserting or substituting leaves the rules as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import Document, Path_, load_yaml
from cchc.problems import Invalid, Location, Problem, invalid, nearest
from cchc.rules import Rule
from cchc.schema import validate

OPERATIONS = ("insert_after", "replace", "repeal", "substitute", "renumber")
OPEN, CLOSE = "“", "”."
"""What stands around new text in the amending instrument."""
_LABEL = re.compile(r"(?:Điều )?[\w.-]+[.)]?(?= )")


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

    def at(self, *below: str | int) -> Location:
        return self.document.at((*self.path, *below))


class Amendment(NamedTuple):
    """An amending instrument as it was applied: what it replaced or repealed, which predicates it redefines."""

    instrument: Mapping[str, Any]
    folder: Path
    files: tuple[Path, ...]
    rule_files: tuple[Path, ...]
    gone: Mapping[str, Change]
    redefines: Mapping[str, Location]

    @property
    def effective_from(self) -> str:
        """Its first day in force; empty for a draft."""
        return str(self.instrument.get("effective_from", ""))


class Consolidation(NamedTuple):
    """The lines in force, the provisions that were repealed, the amendments in the order of their application; of the text
    before any draft its lines, and what drafts renumber in it (data know provisions by their present number)."""

    lines: tuple[Line, ...]
    repealed: Mapping[str, Change]
    before_drafts: tuple[Line, ...]
    renumbered: Mapping[str, str]
    amendments: tuple[Amendment, ...]


def documents(folder: Path, instrument: Mapping[str, Any]) -> list[tuple[Path, Document]]:
    """The article files of an instrument, checked against their schema. Raises Invalid."""
    found = []
    for article in instrument["articles"]:
        path = folder / f"{article}.yaml"
        document = load_yaml(path)
        validate(document, "article")
        found.append((path, document))
    return found


def consolidated(base: tuple[Path, Mapping[str, Any]], amending: Iterable[tuple[Path, Mapping[str, Any]]]) -> Consolidation:
    """An instrument (its folder and `instrument.yaml`) with amending ones applied in order. Raises Invalid."""
    lines = [Line(document, ("lines", index), entry) for _, document in documents(*base)
             for index, entry in enumerate(document.data["lines"])]  # fmt: skip
    text = _Text(lines)
    amendments: list[Amendment] = []
    before = tuple(text.lines)
    for folder, instrument in amending:
        amendments.append(text.apply(folder, instrument))
        before = tuple(text.lines) if amendments[-1].effective_from else before
    return Consolidation(tuple(text.lines), text.repealed, before, text.renumbered, tuple(amendments))


class _Text:
    """The lines in force while amendments are applied."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.repealed: dict[str, Change] = {}
        self.renumbered: dict[str, str] = {}
        self.touched: dict[tuple[str, str], Change] = {}

    def apply(self, folder: Path, instrument: Mapping[str, Any]) -> Amendment:
        files: list[Path] = []
        gone: dict[str, Change] = {}
        redefines: dict[str, Location] = {}
        for path, document in documents(folder, instrument):
            files.append(path)
            for index, name in enumerate(document.data.get("redefines", ())):
                redefines[name] = document.at(("redefines", index))
            for number, entry in enumerate(document.data["lines"]):
                for place in range(len(entry.get("changes", ()))):
                    self._change(document, ("lines", number, "changes", place), instrument, entry, gone)
        rule_files = tuple(rules for path in files if (rules := path.with_suffix(".lp")).is_file())
        return Amendment(instrument, folder, tuple(files), rule_files, gone, redefines)

    def _change(self, document: Document, path: Path_, instrument: Mapping[str, Any], clause: Mapping[str, Any],
                gone: dict[str, Change]) -> None:  # fmt: skip
        entry = clause["changes"][path[-1]]
        at = document.at(path)
        operations = [name for name in OPERATIONS if name in entry]
        if len(operations) != 1 or ("lines" in entry) != (operations[0] in {"insert_after", "replace"}):
            raise invalid(at, "one-operation", found=", ".join(operations) or "–", allowed=", ".join(OPERATIONS))
        operation = operations[0]
        change = Change(instrument["id"], instrument["number"], clause["clause"], operation,
                        instrument.get("effective_from", ""), at)  # fmt: skip
        new = [Line(document, (*path, "lines", index), line, (change,)) for index, line in enumerate(entry.get("lines", ()))]
        given = entry[operation]
        match operation:
            case "insert_after":
                _, end = self._span(given, document.at((*path, operation)))
                self._check_new(new, ())
                self.lines[end:end] = new
                self._touch([line.id for line in new if line.id], change)
            case "replace" | "repeal":
                places = [document.at((*path, operation, index)) for index in range(len(given))]
                self._touch(given, change)
                old = [line.id for target, place in zip(given, places, strict=True) for line in self._tree(target, place)]
                kept = {line.id for line in new} if entry.get("keeps_rules") else set()
                gone |= {name: change for name in old if name not in kept}
                if operation == "replace":
                    self._check_new(new, given)
                self._put(given, new, change)
            case "substitute":
                self._touch([given["provision"]], change)
                self._substitute(given, change, document.at((*path, operation)))
            case "renumber":
                self._touch(given, change)
                gone |= self._renumber(given, change, lambda old: document.keys[(*path, operation, old)])

    def _tree(self, target: str, at: Location) -> list[Line]:
        """The lines of a provision and its parts. Raises Invalid where there are none."""
        found = [line for line in self.lines if _within(line.id, target)]
        if not found:
            if by := next((change for name, change in self.repealed.items() if _within(name, target)), None):
                raise invalid(at, "already-repealed", found=target, by=by.number, clause=by.clause)
            ids = [line.id for line in self.lines if line.id]
            raise invalid(at, "no-such-provision", found=target, hint=nearest(target, ids))
        return found

    def _span(self, target: str, at: Location) -> tuple[int, int]:
        ids = {line.id for line in self._tree(target, at)}
        places = [index for index, line in enumerate(self.lines) if line.id in ids]
        return places[0], places[-1] + 1

    def _touch(self, targets: Iterable[str], change: Change) -> None:
        """Two instruments that take effect on one day must not change the same provision: their order is nowhere stated."""
        for target in targets:
            for (day, name), other in self.touched.items():
                if (day == change.effective_from and other.instrument != change.instrument
                        and (_within(name, target) or _within(target, name))):  # fmt: skip
                    raise invalid(change.at, "amended-twice", found=target, day=day, other=other.number, place=other.at)
            self.touched.setdefault((change.effective_from, target), change)

    def _check_new(self, new: Sequence[Line], replaced: Sequence[str]) -> None:
        known = {line.id for line in self.lines if line.id and not any(_within(line.id, target) for target in replaced)}
        for line in new:
            if line.id and line.id in known:
                raise invalid(line.at("id"), "repeated-provision", found=line.id)
            if line.id and replaced and not any(_within(line.id, target) for target in replaced):
                raise invalid(line.at("id"), "outside-change", found=line.id, allowed=", ".join(replaced))
            known.add(line.id)

    def _put(self, targets: Sequence[str], new: Sequence[Line], change: Change) -> None:
        """Puts new lines in the place of all targets; each repealed one leaves its label behind."""
        places = [index for index, line in enumerate(self.lines) if any(_within(line.id, target) for target in targets)]
        kept: list[Line] = []
        for index, line in enumerate(self.lines):
            if index == places[0]:
                kept += new
            if index not in places:
                kept.append(line)
            elif not new:
                self.repealed[line.id] = change
                if line.id in targets and (label := _LABEL.match(line.text)):
                    kept.append(Line(line.document, line.path, {"heading": label[0]}, (*line.changes, change)))
        self.lines = kept

    def _substitute(self, given: Mapping[str, Any], change: Change, at: Location) -> None:
        target, old, new = given["provision"], given["old"], given["new"]
        english = given.get("en", {"old": "", "new": ""})
        tree = self._tree(target, at)
        if not any(old in line.entry.get(key, "") for line in tree for key in ("text", "words")):
            raise invalid(at, "no-such-phrase", found=old, provision=target)

        def changed(value: Any, key: str = "") -> Any:
            """The entry with the phrase substituted, in its quotations as well."""
            if isinstance(value, dict):
                return {name: changed(inner, name) for name, inner in value.items()}
            if isinstance(value, list):
                return [changed(inner) for inner in value]
            if key in {"text", "words"}:
                return value.replace(old, new)
            return value.replace(english["old"], english["new"]) if key == "en" and english["old"] else value

        self.lines = [line._replace(entry=changed(line.entry), changes=(*line.changes, change)) if line in tree else line
                      for line in self.lines]  # fmt: skip

    def _renumber(self, given: Mapping[str, str], change: Change, place: Any) -> dict[str, Change]:
        """All at once: e may become đ while f becomes e."""
        gone: dict[str, Change] = {}
        moved: dict[str, str] = {}
        for old, new in given.items():
            for line in self._tree(old, place(old)):
                moved[line.id] = new + line.id[len(old) :]
                gone[line.id] = change
        stay = {line.id for line in self.lines if line.id not in moved}
        for old, new in given.items():
            if new in stay or list(given.values()).count(new) > 1:
                raise invalid(place(old), "repeated-provision", found=new)
        labels = {old: (old.rpartition(".")[2], new.rpartition(".")[2]) for old, new in given.items()}

        def renamed(line: Line) -> Line:
            if line.id not in moved:
                return line
            entry = {**line.entry, "id": moved[line.id]}
            if line.id in labels:
                entry["text"] = entry["text"].replace(*labels[line.id], 1)
            entry["duties"] = [{**duty, "id": moved[line.id] + duty["id"][len(line.id) :]} for duty in entry.get("duties", ())]
            return line._replace(entry=entry, changes=(*line.changes, change))

        self.lines = [renamed(line) for line in self.lines]
        if not change.effective_from:
            earlier = {now: before for before, now in self.renumbered.items()}
            self.renumbered |= {earlier.get(before, before): now for before, now in moved.items()}
        return gone


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


def in_force(rules: Sequence[Rule], amendments: Sequence[tuple[Amendment, Sequence[Rule]]]) -> list[Rule]:
    """The rules left and made by amendments, each of these with its own rules. Raises Invalid for one that cites or names
    a provision that is no longer what it was."""
    left = list(rules)
    gone: dict[str, Change] = {}
    for amendment, added in amendments:
        kept = []
        problems: list[Problem] = []
        for rule in left:
            touched = [provision for provision in _named(rule) if provision in amendment.gone]
            if rule.head is not None and rule.head.name in amendment.redefines:
                continue
            if rule.citations and all(provision in amendment.gone for provision in rule.citations):
                continue
            problems += [_stale(rule, provision, amendment.gone[provision]) for provision in touched[:1]]
            kept.append(rule)
        if problems:
            raise Invalid(problems)
        gone |= amendment.gone
        left = [*kept, *added]
    return left


def stale(rules: Iterable[Rule], provisions: Mapping[str, Any], amendments: Sequence[Amendment]) -> list[Problem]:
    """Rules that cite or name a provision that an amendment took away."""
    gone = {name: change for amendment in amendments for name, change in amendment.gone.items() if name not in provisions}
    return [_stale(rule, name, gone[name]) for rule in rules for name in _named(rule) if name in gone]


def _named(rule: Rule) -> list[str]:
    """The provisions that a rule cites, and the identifiers that stand in it as constants."""
    constants = (term.text for atom in rule.atoms for term in atom.terms if term.kind == "string")
    return list(dict.fromkeys([*rule.citations, *constants]))


def _stale(rule: Rule, provision: str, change: Change) -> Problem:
    head = rule.head.name if rule.head is not None else ""
    return Problem(rule.at, "stale-rule", {"found": provision, "by": change.number, "clause": change.clause, "head": head})
