"""An instrument as loaded policy: provisions in the order of the text, facts, readings, rule files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc.files import Document, load_yaml, read_text
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.schema import resource, validate
from cchc.vocabulary import Atom, Vocabulary, parse_value

if TYPE_CHECKING:
    from cchc.rules import Rule

OWES = "owes"
"""The predicate that gives the bearers of a duty."""


class Provision(NamedTuple):
    """One unit of the text: `text` is its printed line, or for a definition inside a line its `words`.

    `reason` (by language) says why nothing is computed from it and nobody owes anything under it, where that is so.
    """

    id: str
    text: str
    en: str
    kind: str
    evaluable: str
    reason: Mapping[str, str]
    quotes_line: bool
    at: Location
    source: Mapping[str, Any]


class PolicyFact(NamedTuple):
    """A fact that the text states, under its provision."""

    atom: Atom
    provision: str
    words: str
    at: Location


class Duty(NamedTuple):
    """One thing that a provision obliges its bearers to do; `words` is where the text says so.

    `vi` and `en` say what is owed, `evidence` (by language) what shows that it was done, `computed` how reported figures
    show it (empty if they do not).
    """

    id: str
    provision: str
    kind: str
    bearers: tuple[str, ...]
    words: str
    vi: str
    en: str
    evaluable: str
    evidence: Mapping[str, str]
    computed: Mapping[str, Any]
    at: Location


class Reading(NamedTuple):
    """A named ambiguity of the text and the values it can take."""

    id: str
    values: Mapping[str, Mapping[str, str]]
    default: str
    literal: str
    provisions: tuple[str, ...]
    source: Mapping[str, Any]
    at: Location


class _Loaded(NamedTuple):
    folder: Path
    instrument: Mapping[str, Any]
    vocabulary: Vocabulary
    lines: tuple[str, ...]
    provisions: Mapping[str, Provision]
    facts: tuple[PolicyFact, ...]
    duties: Mapping[str, Duty]
    readings: Mapping[str, Reading]
    profiles: Mapping[str, Mapping[str, Any]]
    rule_files: tuple[Path, ...]


class Policy(_Loaded):
    """An instrument ready to be solved. Build it with `Policy.load`."""

    @classmethod
    def load(cls, folder: Path | None = None, instrument: str | None = None) -> Policy:
        """Load an instrument from a policies folder (default: the one shipped with the package).

        Every YAML file is checked against its schema. Raises Invalid.
        """
        root = folder if folder is not None else resource("policies")
        known = sorted(path.parent.name for path in root.glob("*/instrument.yaml"))
        if not known:
            raise invalid(Location(display_path(root)), "no-file")
        name = instrument if instrument is not None else known[0]
        if name not in known:
            raise invalid(Location(display_path(root)), "unknown-instrument", found=name, hint=nearest(name, known),
                          allowed=listed(known))  # fmt: skip
        return _load(root, root / name)

    @cached_property
    def sha256(self) -> str:
        """One hash over every file that verdicts depend on, whatever folder they lie in."""
        digest = hashlib.sha256()
        about = self.folder / "properties"  # what is said of the policy, as in known-gaps.yaml, changes no verdict
        paths = [self.folder.parent / "vocabulary.yaml", *self.rule_files]
        paths[1:1] = [path for path in sorted(self.folder.rglob("*.yaml"))
                      if not path.is_relative_to(about) and path != self.folder / "known-gaps.yaml"]  # fmt: skip
        for path in paths:
            digest.update(path.relative_to(self.folder.parent).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of the instrument, in the order of the text. Raises Invalid."""
        from cchc.reading import forbidden_in, read_rules  # imported late: unchanged rules come from the cache

        rules = read_rules(self.rule_files)
        if problems := forbidden_in(rules):
            raise Invalid(problems)
        return rules

    def values_of(self, profile: str, changes: Mapping[str, str], at: Location) -> dict[str, str]:
        """The value of every reading under a profile with single readings changed. Raises Invalid."""
        if profile not in self.profiles:
            raise invalid(at, "unknown-profile", found=profile, hint=nearest(profile, self.profiles),
                          allowed=listed(self.profiles))  # fmt: skip
        described = self.profiles[profile]
        chosen = {name: getattr(reading, described["take"]) for name, reading in self.readings.items()}
        for name, value in {**described.get("set", {}), **changes}.items():
            if name not in self.readings:
                raise invalid(at, "unknown-reading", found=name, hint=nearest(name, self.readings),
                              allowed=listed(self.readings, most=40))  # fmt: skip
            if value not in self.readings[name].values:
                allowed = self.readings[name].values
                raise invalid(at, "unknown-value", reading=name, found=value, hint=nearest(value, allowed),
                              allowed=listed(allowed))  # fmt: skip
            chosen[name] = value
        return chosen


def files_of(folder: Path | None) -> list[Path]:
    """Every file that a policies folder (default: the one shipped) and its schemas consist of."""
    roots = [folder if folder is not None else resource("policies"), resource("schemas")]
    return sorted(path for root in roots for path in root.rglob("*") if path.is_file())


def _load(root: Path, folder: Path) -> Policy:
    vocabulary = Vocabulary.load(root / "vocabulary.yaml")
    instrument = load_yaml(folder / "instrument.yaml")
    validate(instrument, "instrument")
    lines: list[str] = []
    provisions: dict[str, Provision] = {}
    facts: list[PolicyFact] = []
    duties: dict[str, Duty] = {}
    problems: list[Problem] = []
    for article in instrument.data["articles"]:
        document = load_yaml(folder / f"{article}.yaml")
        validate(document, "article")
        for index, entry in enumerate(document.data["lines"]):
            if "heading" in entry or "text" in entry:
                lines.append(entry.get("heading", entry.get("text")))
            if "id" in entry:
                at = document.at(("lines", index, "id"))
                if entry["id"] in provisions:
                    problems.append(Problem(at, "repeated-provision", {"found": entry["id"]}))
                provisions[entry["id"]] = _provision(entry, at)
                facts += [_fact(vocabulary, document, ("lines", index, "facts", number), entry["id"], stated)
                          for number, stated in enumerate(entry.get("facts", ()))]  # fmt: skip
                for number in range(len(entry.get("duties", ()))):
                    facts += _duty(vocabulary, document, ("lines", index, "duties", number), entry["id"], duties)
    readings, profiles = _readings(folder)
    if problems:
        raise Invalid(problems)
    rule_files = tuple(path for article in instrument.data["articles"] if (path := folder / f"{article}.lp").is_file())
    return Policy(folder, instrument.data, vocabulary, tuple(lines), provisions, tuple(facts), duties, readings, profiles,
                  rule_files)  # fmt: skip


def _provision(entry: Mapping[str, Any], at: Location) -> Provision:
    return Provision(
        entry["id"], entry.get("text") or entry["words"], entry["en"], entry["kind"], entry["evaluable"],
        entry.get("reason", {}), "words" in entry, at, entry,
    )  # fmt: skip


def _fact(vocabulary: Vocabulary, document: Document, path: tuple[str | int, ...], provision: str,
          stated: Mapping[str, Any]) -> PolicyFact:  # fmt: skip
    """A fact of the text; an argument called `provision` is the provision it stands under."""
    allowed = vocabulary.of_kind("policy")
    name = stated["predicate"]
    at = document.at((*path, "predicate"))
    if name not in allowed:
        raise invalid(at, "undeclared-predicate", found=name, hint=nearest(name, allowed))
    given = {key: value for key, value in stated.items() if key not in {"predicate", "words"}}
    arguments: list[str | int] = []
    for argument in allowed[name].arguments:
        if argument.name == "provision":
            arguments.append(provision)
        elif argument.name in given:
            arguments.append(parse_value(argument.type, str(given.pop(argument.name)), document.at((*path, argument.name))))
        else:
            raise invalid(document.at(path), "missing-key", found=argument.name)
    for extra in given:
        names = [argument.name for argument in allowed[name].arguments]
        raise invalid(document.keys[(*path, extra)], "unknown-key", found=extra, hint=nearest(extra, names),
                      allowed=listed(names))  # fmt: skip
    return PolicyFact(Atom(name, tuple(arguments)), provision, stated["words"], document.at(path))


def _duty(vocabulary: Vocabulary, document: Document, path: tuple[str | int, ...], provision: str,
          duties: dict[str, Duty]) -> list[PolicyFact]:  # fmt: skip
    """Adds a duty, and gives the facts that it states: who owes it, and how it is computed."""
    entry: Any = document.data
    for step in path:
        entry = entry[step]
    at = document.at((*path, "id"))
    if entry["id"] != (expected := f"{provision}.o{int(path[-1]) + 1}"):
        raise invalid(at, "not-allowed", found=entry["id"], hint=nearest(entry["id"], [expected]), allowed=expected)
    duties[entry["id"]] = Duty(entry["id"], provision, entry["kind"], tuple(entry["bearers"]), entry["words"], entry["vi"],
                               entry["en"], entry["evaluable"], entry["evidence"], entry.get("computed", {}), at)  # fmt: skip
    heads = vocabulary.predicates[OWES].argument("bearer").type.values
    stated = [{"predicate": OWES, "bearer": bearer} for bearer in entry["bearers"] if not heads.get(bearer, {}).get("outside")]
    if "computed" in entry:
        how = dict(entry["computed"])
        stated.append({"predicate": how.pop("rule"), **how})
    more = {"duty": entry["id"], "words": entry["words"]}
    return [_fact(vocabulary, document, path, provision, {**fact, **more}) for fact in stated]


def _readings(folder: Path) -> tuple[dict[str, Reading], dict[str, Mapping[str, Any]]]:
    if not (folder / "readings.yaml").is_file():
        return {}, {"default": {"take": "default"}}
    document = load_yaml(folder / "readings.yaml")
    validate(document, "readings")
    readings = {}
    for index, entry in enumerate(document.data["readings"]):
        for key in ("default", "literal"):
            if entry[key] not in entry["values"]:
                raise invalid(document.at(("readings", index, key)), "not-allowed", found=entry[key],
                              hint=nearest(entry[key], entry["values"]), allowed=listed(entry["values"]))  # fmt: skip
        readings[entry["id"]] = Reading(entry["id"], entry["values"], entry["default"], entry["literal"],
                                        tuple(entry["provisions"]), entry, document.at(("readings", index, "id")))  # fmt: skip
    return readings, {entry["id"]: entry for entry in document.data["profiles"]}


def source_text(policy: Policy) -> str:
    """The archived official text. Raises Invalid."""
    return read_text(policy.folder / policy.instrument["source"]["file"])
