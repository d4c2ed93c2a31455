"""The policy in force: provisions in the order of the consolidated text, facts, readings, rules."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cchc.consolidation import Amendment, Change, Line, consolidated, documents
from cchc.files import files_in, read_text
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.schema import load_valid, resource
from cchc.versions import Instrument, Version, instruments, version_of
from cchc.vocabulary import Atom, Vocabulary, parse_value

if TYPE_CHECKING:
    from cchc.rules import Rule

OWES = "owes"
"""The predicate that gives the bearers of a duty."""
READING = "reading"
"""The predicate that says which value of a reading holds; stated as a fact, it decides the reading."""


class Provision(NamedTuple):
    """One unit of the text: `text` is its printed line, or for a definition inside a line its `words`.

    `reason` (by language) says why nothing is computed from it and nobody owes anything under it, where that is so;
    `changes` are what amendments did to it.
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
    changes: tuple[Change, ...]


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
    """A named ambiguity of the text and the values it can take; `decided` is the provision that leaves only one, if an
    amendment did."""

    id: str
    values: Mapping[str, Mapping[str, str]]
    default: str
    literal: str
    provisions: tuple[str, ...]
    source: Mapping[str, Any]
    at: Location
    decided: str = ""


class _Loaded(NamedTuple):
    folder: Path
    instrument: Mapping[str, Any]
    version: str
    amendments: tuple[Amendment, ...]
    vocabulary: Vocabulary
    text: tuple[Line, ...]
    repealed: Mapping[str, Change]
    provisions: Mapping[str, Provision]
    facts: tuple[PolicyFact, ...]
    duties: Mapping[str, Duty]
    duty_ids: Mapping[str, str]
    readings: Mapping[str, Reading]
    profiles: Mapping[str, Mapping[str, Any]]
    rule_files: tuple[Path, ...]


class Policy(_Loaded):
    """An instrument with its amendments, ready to be solved. Build it with `Policy.load`.

    `version` is the day since which the text reads like this, and the drafts laid over it; `duty_ids` are the ids by which
    data name the duties, each with its id in this text: another one where a draft renumbers, none where it takes it away.
    """

    @classmethod
    def load(cls, folder: Path | None = None, instrument: str | None = None, day: datetime.date | None = None,
             drafts: Sequence[str] = ()) -> Policy:  # fmt: skip
        """Load the text of an instrument in force on a day (default: the newest) from a policies folder (default: the one
        shipped with the package), with drafts laid over it.

        Every YAML file is checked against its schema. Raises Invalid.
        """
        root = folder if folder is not None else resource("policies")
        found = instruments(root)
        return _load(root, version_of(found, instrument, day, drafts), found)

    @property
    def root(self) -> Path:
        """The policies folder."""
        return self.folder.parent

    @property
    def drafts(self) -> tuple[str, ...]:
        """The drafts laid over the text in force."""
        return tuple(amendment.instrument["id"] for amendment in self.amendments if not amendment.effective_from)

    @property
    def notices(self) -> tuple[Mapping[str, str], ...]:
        """What every reader must be told of these texts, by language."""
        return tuple(one["notice"] for one in (self.instrument, *(a.instrument for a in self.amendments)) if "notice" in one)

    @property
    def lines(self) -> tuple[str, ...]:
        """The printed lines of the consolidated text."""
        return tuple(line.text for line in self.text if "words" not in line.entry)

    def completed(self) -> Policy:
        """The policy with all that takes time to find out, for whoever keeps it. Raises Invalid."""
        _ = self.rules, self.sha256  # an instrument may have no rules
        return self

    @cached_property
    def sha256(self) -> str:
        """One hash over every file that verdicts depend on, whatever folder they lie in."""
        digest = hashlib.sha256()
        read = [self.folder / "instrument.yaml", self.folder / "readings.yaml",
                *(self.folder / f"{article}.yaml" for article in self.instrument["articles"])]  # fmt: skip
        paths = [self.root / "vocabulary.yaml", *sorted(path for path in read if path.is_file()), *self.rule_files]
        for amendment in self.amendments:
            own = [amendment.folder / "instrument.yaml", amendment.folder / "readings.yaml", *amendment.files]
            paths += [*(path for path in own if path.is_file()), *amendment.rule_files]
        for path in paths:
            digest.update(path.relative_to(self.root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, in the order of the text, then those of amendments. Raises Invalid."""
        from cchc.reading import forbidden_in, read_rules  # imported late: unchanged rules come from the cache
        from cchc.succession import in_force, stale

        added = [(amendment, read_rules(amendment.rule_files)) for amendment in self.amendments]
        original = read_rules(self.rule_files)
        if problems := [problem for rules in (original, *(rules for _, rules in added)) for problem in forbidden_in(rules)]:
            raise Invalid(problems)
        if not self.amendments:
            return original
        kept = [rule for rule in in_force(original, added) if rule.applies(self._decided)]
        if problems := stale(kept, self.provisions, self.amendments):
            raise Invalid(problems)
        return tuple(rule._replace(number=number) for number, rule in enumerate(kept))

    @property
    def _decided(self) -> dict[str, str]:
        """The value of each reading that an amendment decided: rules for other values have no use any more."""
        return {name: reading.default for name, reading in self.readings.items() if reading.decided}

    @property
    def files(self) -> tuple[Path, ...]:
        """Every rule file that some rule may come from."""
        return (*self.rule_files, *(path for amendment in self.amendments for path in amendment.rule_files))

    def values_of(self, profile: str, changes: Mapping[str, str], at: Location) -> dict[str, str]:
        """The value of every reading under a profile with single readings changed. Raises Invalid."""
        if profile not in self.profiles:
            raise invalid(at, "unknown-profile", found=profile, hint=nearest(profile, self.profiles),
                          allowed=listed(self.profiles))  # fmt: skip
        described = self.profiles[profile]
        chosen = {name: getattr(reading, described["take"]) for name, reading in self.readings.items()}
        taken = {name: value for name, value in described.get("set", {}).items()
                 if name not in self.readings or not self.readings[name].decided}  # fmt: skip
        for name, value in {**taken, **changes}.items():
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
    return [path for root in roots for path in files_in(root)]


def _load(root: Path, version: Version, found: Mapping[str, Instrument]) -> Policy:
    vocabulary = Vocabulary.load(root / "vocabulary.yaml")
    folder, instrument = version.base.folder, version.base.data
    text = consolidated((folder, instrument), [(one.folder, one.data) for one in version.amendments])
    provisions: dict[str, Provision] = {}
    facts: list[PolicyFact] = []
    duties: dict[str, Duty] = {}
    problems: list[Problem] = []
    for amendment in text.amendments:
        problems += [Problem(at, "undeclared-predicate", {"found": name, "hint": nearest(name, vocabulary.predicates)})
                     for name, at in amendment.redefines.items() if name not in vocabulary.predicates]  # fmt: skip
    later = {display_path(path): text.amendments[number:] for number, amendment in enumerate(text.amendments, start=1)
             for path in amendment.files}  # fmt: skip
    for line in text.lines:
        if not line.id:
            continue
        if line.id in provisions:
            problems.append(Problem(line.at("id"), "repeated-provision", {"found": line.id}))
        provisions[line.id] = _provision(line)
        moves = [amendment.moved for amendment in later.get(line.document.path, text.amendments)]
        facts += [_fact(vocabulary, line, ("facts", number), stated, moves)
                  for number, stated in enumerate(line.entry.get("facts", ()))]  # fmt: skip
        for number, owed in enumerate(line.entry.get("duties", ())):
            facts += _duty(vocabulary, line, number, owed, duties)
    if problems:
        raise Invalid(problems)
    readings, profiles = _readings([version.base, *version.amendments])
    rule_files = tuple(path for article in instrument["articles"] if (path := folder / f"{article}.lp").is_file())
    duty_ids = dict.fromkeys((*_duties_elsewhere(version, found), *text.earlier_duties), "")
    duty_ids |= {name: name for name in duties}
    for line in text.before_drafts:
        # A number that another provision took over says nothing about the one that had it.
        now = text.renumbered.get(line.id, line.id if line.id not in text.renumbered.values() else "")
        for owed in line.entry.get("duties", ()):
            name = now + owed["id"][len(line.id) :]
            duty_ids[owed["id"]] = name if name in duties else ""
    return Policy(folder, instrument, version.name, text.amendments, vocabulary, text.lines, text.repealed, provisions,
                  tuple(facts), duties, duty_ids, _settled(readings, facts), profiles, rule_files)  # fmt: skip


def _duties_elsewhere(version: Version, found: Mapping[str, Instrument]) -> Iterator[str]:
    """The duties that other instruments state: a dataset spans years under several versions."""
    for one in found.values():
        if not one.draft and one not in (version.base, *version.amendments):
            for _, document in documents(one.folder, one.data):
                changes = [change for entry in document.data["lines"] for change in entry.get("changes", ())]
                lines = [*document.data["lines"], *(line for change in changes for line in change.get("lines", ()))]
                yield from (owed["id"] for line in lines for owed in line.get("duties", ()))


def _provision(line: Line) -> Provision:
    entry = line.entry
    return Provision(
        line.id, entry.get("text") or entry["words"], entry["en"], entry["kind"], entry["evaluable"],
        entry.get("reason", {}), "words" in entry, line.at("id"), entry, line.changes,
    )  # fmt: skip


def _fact(vocabulary: Vocabulary, line: Line, path: tuple[str | int, ...], stated: Mapping[str, Any],
          moves: Sequence[Mapping[str, str]] = ()) -> PolicyFact:  # fmt: skip
    """A fact of the text; an argument called `provision` is the provision it stands under, and another provision is
    followed where it moves."""
    allowed = vocabulary.of_kind("policy")
    name, provision = stated["predicate"], line.id
    at = line.at(*path, "predicate")
    if name not in allowed:
        raise invalid(at, "undeclared-predicate", found=name, hint=nearest(name, allowed))
    given = {key: value for key, value in stated.items() if key not in {"predicate", "words"}}
    arguments: list[str | int] = []
    for argument in allowed[name].arguments:
        if argument.name == "provision":
            arguments.append(provision)
        elif argument.name in given:
            value = parse_value(argument.type, str(given.pop(argument.name)), line.at(*path, argument.name))
            for moved in moves if argument.type.name == "provision" else ():
                value = moved.get(str(value), value)
            arguments.append(value)
        else:
            raise invalid(line.at(*path), "missing-key", found=argument.name)
    for extra in given:
        names = [argument.name for argument in allowed[name].arguments]
        raise invalid(line.document.keys[(*line.path, *path, extra)], "unknown-key", found=extra, hint=nearest(extra, names),
                      allowed=listed(names))  # fmt: skip
    return PolicyFact(Atom(name, tuple(arguments)), provision, stated["words"], line.at(*path))


def _duty(vocabulary: Vocabulary, line: Line, number: int, entry: Mapping[str, Any],
          duties: dict[str, Duty]) -> list[PolicyFact]:  # fmt: skip
    """Adds a duty, and gives the facts that it states: who owes it, and how it is computed."""
    provision, path = line.id, ("duties", number)
    at = line.at(*path, "id")
    if entry["id"] != (expected := f"{provision}.o{number + 1}"):
        raise invalid(at, "not-allowed", found=entry["id"], hint=nearest(entry["id"], [expected]), allowed=expected)
    duties[entry["id"]] = Duty(entry["id"], provision, entry["kind"], tuple(entry["bearers"]), entry["words"], entry["vi"],
                               entry["en"], entry["evaluable"], entry["evidence"], entry.get("computed", {}), at)  # fmt: skip
    heads = vocabulary.predicates[OWES].argument("bearer").type.values
    stated = [{"predicate": OWES, "bearer": bearer} for bearer in entry["bearers"] if not heads.get(bearer, {}).get("outside")]
    if "computed" in entry:
        how = dict(entry["computed"])
        stated.append({"predicate": how.pop("rule"), **how})
    more = {"duty": entry["id"], "words": entry["words"]}
    return [_fact(vocabulary, line, path, {**fact, **more}) for fact in stated]


def _readings(known: Iterable[Instrument]) -> tuple[dict[str, Reading], dict[str, Mapping[str, Any]]]:
    """The readings of an instrument and of its amendments, which may name new ambiguities, and the profiles."""
    readings: dict[str, Reading] = {}
    profiles: dict[str, Mapping[str, Any]] = {}
    for one in known:
        path = one.folder / "readings.yaml"
        if not path.is_file():
            continue
        document = load_valid(path, "readings")
        for index, entry in enumerate(document.data["readings"]):
            for key in ("default", "literal"):
                if entry[key] not in entry["values"]:
                    raise invalid(document.at(("readings", index, key)), "not-allowed", found=entry[key],
                                  hint=nearest(entry[key], entry["values"]), allowed=listed(entry["values"]))  # fmt: skip
            at = document.at(("readings", index, "id"))
            readings[entry["id"]] = Reading(entry["id"], entry["values"], entry["default"], entry["literal"],
                                            tuple(entry["provisions"]), entry, at)  # fmt: skip
        profiles |= {entry["id"]: entry for entry in document.data.get("profiles", ())}
    return readings, profiles or {"default": {"take": "default"}}


def _settled(readings: dict[str, Reading], facts: Iterable[PolicyFact]) -> dict[str, Reading]:
    """Where the text itself now says which reading holds, no other value is left. Raises Invalid."""
    for stated in facts:
        if stated.atom.predicate == READING:
            name, value = map(str, stated.atom.arguments)
            if (reading := readings.get(name)) is None:
                raise invalid(stated.at, "unknown-reading", found=name, hint=nearest(name, readings),
                              allowed=listed(readings, most=40))  # fmt: skip
            if value not in reading.values:
                raise invalid(stated.at, "unknown-value", reading=name, found=value, hint=nearest(value, reading.values),
                              allowed=listed(reading.values))  # fmt: skip
            readings[name] = reading._replace(values={value: reading.values[value]}, default=value, literal=value,
                                              provisions=(stated.provision,), decided=stated.provision)  # fmt: skip
    return readings


def source_text(policy: Policy) -> str:
    """The archived official text of the base instrument. Raises Invalid."""
    return read_text(policy.folder / policy.instrument["source"]["file"])
