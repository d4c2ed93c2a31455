"""What must hold of a policy itself: property files, and the spaces of data that they are searched in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.cache import remembered
from cchc.files import Document, read_text
from cchc.lint import misuses, singletons
from cchc.policy import Policy, files_of
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.reading import Generator, forbidden_in, read_generator, read_rules
from cchc.rules import Rule, RuleAtom
from cchc.schema import validate
from cchc.vocabulary import Predicate

FOLDER = "properties"
FINDING, COST = "finding", "cost"
"""What a property derives for each kind of defect, and what a space derives for each thing that makes data larger."""
_FRONT = re.compile(r"(?:%!.*\n)+")

Text = Mapping[str, str]


class Space(NamedTuple):
    """Data to search in: a generator of input tables. `larger` are other values of its constants, for a second search."""

    name: str
    path: Path
    title: Text
    larger: Mapping[str, int]
    tables: frozenset[str]
    only_rules: bool


class Property(NamedTuple):
    """What must not be found: each `finding(key)` that its rules derive is a defect. `verdicts` are the kinds that a witness
    states, `small_domain` says why the space decides the property, `also` are further readings to try, by name."""

    name: str
    path: Path
    title: Text
    provisions: tuple[str, ...]
    space: Space
    verdicts: tuple[str, ...]
    small_domain: Text
    also: Mapping[str, Mapping[str, str]]
    rules: tuple[Rule, ...]


class Properties(NamedTuple):
    """Everything that the folder of an instrument says about its properties."""

    spaces: Mapping[str, Space]
    properties: Mapping[str, Property]


def load(policy: Policy) -> Properties:
    """The properties of an instrument and their spaces, by name; none if it has no such folder. Raises Invalid with every
    problem found."""
    problems: list[Problem] = []
    spaces: dict[str, Space] = {}
    properties: dict[str, Property] = {}
    for path in sorted((policy.folder / FOLDER / "spaces").glob("*.lp")):
        try:
            spaces[path.stem] = _space(policy, path)
        except Invalid as error:
            problems += error.problems
    if problems:  # a property whose space is damaged is not to blame
        raise Invalid(problems)
    for path in sorted((policy.folder / FOLDER).glob("*.lp")):
        try:
            properties[path.stem] = _property(policy, path, spaces)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(problems)
    # What most properties are searched in comes first: most is found there.
    used = Counter(each.space.name for each in properties.values())
    ordered = sorted(spaces.values(), key=lambda space: (space.only_rules, -used[space.name], space.name))
    return Properties({space.name: space for space in ordered}, properties)


def remembered_properties(policy: Policy) -> Properties:
    """The same, unchanged files not read twice. Another version may be another instrument's, or lack a reading. Raises
    Invalid."""
    asked = f"{policy.instrument['id']} {policy.version}"
    return remembered("properties", files_of(policy.root), lambda: load(policy), asked)


def _front(path: Path, schema: str) -> Document:
    """The YAML in the `%!` lines at the top of a file, in the places where it stands there. Raises Invalid."""
    from cchc.yaml_reader import read

    text = read_text(path)
    match = _FRONT.match(text)
    if match is None:
        raise invalid(Location(display_path(path)), "no-front-matter")
    # Two spaces in place of `%!` keep every column.
    document = read(display_path(path), re.sub(r"(?m)^%!", "  ", match[0]), text_only=False, nfc=False)
    validate(document, schema)
    return document


def _space(policy: Policy, path: Path) -> Space:
    document = _front(path, "space")
    data: Any = document.data
    generator = read_generator(path)
    problems = [*generator.forbidden, *_foreign(policy, generator)]
    larger = data.get("larger", {})
    for name in larger:
        if name not in generator.constants:
            problems.append(Problem(document.keys["larger", name], "unknown-key",
                                    {"found": name, "hint": nearest(name, generator.constants),
                                     "allowed": listed(generator.constants) or "–"}))  # fmt: skip
    if problems:
        raise Invalid(problems)
    made = {atom.name for atom in generator.atoms if atom.role == "head"}
    tables = frozenset(made & policy.vocabulary.of_kind("input").keys())
    return Space(path.stem, path, data["title"], larger, tables, data.get("only_rules", False))


def _foreign(policy: Policy, generator: Generator) -> Iterator[Problem]:
    """Atoms that are neither of the vocabulary nor derived by the generator itself, and those that only rules may derive:
    a space enumerates data, the law is elsewhere."""
    predicates = policy.vocabulary.predicates
    own = {atom.signature for atom in generator.atoms if atom.role == "head" and atom.name not in predicates}
    for atom in generator.atoms:
        declared = predicates.get(atom.name)
        if declared is None and atom.signature not in own:
            yield _undeclared(atom, {*predicates, *(name.partition("/")[0] for name in own)})
        elif declared is not None and len(atom.terms) != (arity := len(declared.arguments)):
            yield _misused(atom, f"cần {arity} đối số", f"it takes {arity} arguments")
        elif declared is not None and declared.kind not in ({"input"} if atom.role == "head" else {"input", "policy"}):
            yield _misused(atom, "không gian tìm kiếm chỉ liệt kê dữ liệu, không đọc hay sinh ra điều do quy tắc suy ra",
                           "a space enumerates data; it neither reads nor derives what rules derive")  # fmt: skip


def _property(policy: Policy, path: Path, spaces: Mapping[str, Space]) -> Property:
    document = _front(path, "property")
    data: Any = document.data
    rules = read_rules([path])
    problems = forbidden_in(rules)
    if not policy.amendments:  # what an amendment takes away is no slip of the property
        problems += [*_listed(policy, document, spaces), *_wrong(policy, path, rules)]
    if problems:
        raise Invalid(problems)
    also = {", ".join(f"{name}={value}" for name, value in changes.items()): changes for changes in data.get("also", ())
            if all(name in policy.readings and value in policy.readings[name].values for name, value in changes.items())}
    return Property(path.stem, path, data["title"], tuple(data["provisions"]), spaces[data["space"]], tuple(data["verdicts"]),
                    data["small_domain"], also, rules)  # fmt: skip


def _listed(policy: Policy, document: Document, spaces: Mapping[str, Space]) -> Iterator[Problem]:
    """Names in the front matter that do not exist."""
    data: Any = document.data
    known: dict[str, tuple[str, Sequence[str]]] = {"verdicts": ("unknown-verdict", [*policy.vocabulary.of_kind("verdict")]),
                                                   "provisions": ("unknown-provision", [*policy.provisions])}  # fmt: skip
    for key, (code, allowed) in known.items():
        for index, name in enumerate(data[key]):
            if name not in allowed:
                details = {"found": name, "hint": nearest(name, allowed), "allowed": listed(allowed, 30)}
                yield Problem(document.at((key, index)), code, details)
    if data["space"] not in spaces:
        details = {"found": data["space"], "hint": nearest(data["space"], spaces), "allowed": listed(spaces)}
        yield Problem(document.at(("space",)), "not-allowed", details)
    for index, changes in enumerate(data.get("also", ())):
        for name, value in changes.items():
            here = ("also", index, name)
            if name not in policy.readings:
                yield Problem(document.keys[here], "unknown-reading", {"found": name, "hint": nearest(name, policy.readings),
                                                                       "allowed": listed(policy.readings, 40)})  # fmt: skip
            elif value not in (values := policy.readings[name].values):
                details = {"reading": name, "found": value, "hint": nearest(value, values), "allowed": listed(values)}
                yield Problem(document.at(here), "unknown-value", details)


def _wrong(policy: Policy, path: Path, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Rules that use a predicate otherwise than it is declared, or that derive one that belongs to the law."""
    predicates = policy.vocabulary.predicates
    own = {rule.head.name: rule.head for rule in rules if rule.head is not None and rule.head.name not in predicates}
    for rule in rules:
        if rule.forbidden:
            continue
        yield from singletons(rule)
        lawful = rule._replace(atoms=tuple(atom for atom in rule.atoms if atom.name not in own))
        yield from (problem if problem.code != "undeclared-predicate" else problem._replace(
            details={**problem.details, "hint": nearest(str(problem.details["found"]), [*predicates, *own])})
            for problem in misuses(policy, lawful))  # fmt: skip
        for atom in rule.atoms:
            if atom.role == "head" and atom.name in predicates:
                yield _misused(atom, "tính chất chỉ đọc kết quả, không được sinh ra vị từ của quy định",
                               "a property only reads; it must not derive a predicate of the policy")  # fmt: skip
            elif atom.name in own and len(atom.terms) != (arity := len(own[atom.name].terms)):
                yield _misused(atom, f"cần {arity} đối số", f"it takes {arity} arguments")
    if FINDING not in own:
        yield Problem(Location(display_path(path)), "no-finding")
    elif len(own[FINDING].terms) != 1:
        yield _misused(own[FINDING], "cần 1 đối số", "it takes 1 argument")


def _undeclared(atom: RuleAtom, known: set[str]) -> Problem:
    return Problem(atom.at, "undeclared-predicate", {"found": atom.signature, "hint": nearest(atom.name, sorted(known))})


def _misused(atom: RuleAtom, vi: str, en: str) -> Problem:
    return Problem(atom.at, "misused-predicate", {"found": atom.signature, "reason": {"vi": vi, "en": en}})


def companions(predicates: Mapping[str, Predicate]) -> str:
    """Rules for what the loader knows of the tables (`recorded`, `lifetime`): in a search, tables are not known before."""
    lines: list[str] = []
    for name, predicate in predicates.items():
        if (recorded := predicate.option("recorded")) is not None:
            kept = {argument.name for argument in predicate.arguments}
            given = ",".join(_variable(argument.name) if argument.name in kept else "_"
                             for argument in predicates[recorded].arguments)  # fmt: skip
            lines.append(f"{name}({','.join(_variable(a.name) for a in predicate.arguments)}) :- {recorded}({given}).")
        if (span := predicate.option("lifetime")) is not None:
            lines += _lifetime(name, predicates, span)
    return "\n".join(lines) + "\n"


def _lifetime(name: str, predicates: Mapping[str, Predicate], span: Mapping[str, Any]) -> list[str]:
    """Who exists in which year, as `facts.py` has it for known tables."""
    table = predicates[span["table"]]
    asked = next(other for other, predicate in predicates.items() if predicate.option("asked"))

    def row(**known: str) -> str:
        columns = (known.get(argument.name, "_") for argument in table.arguments)
        return f"{table.name}({','.join(columns)})"

    key, first, last = table.key[0], span["from"], span["to"]
    follows = span["succession"]
    return [
        f"window__(Y - {span['history']}..Y) :- {asked}(Y).",
        f"begins__(I,F) :- {row(**{key: 'I', first: 'F'})}, F != none.",
        f"begins__(I,Y) :- {row(**{key: 'I', first: 'none'})}, {follows}(I,_,Y).",
        f"ends__(I,L) :- {row(**{key: 'I', last: 'L'})}, L != none.",
        f"ends__(J,Y - 1) :- {row(**{key: 'J', last: 'none'})}, {follows}(_,J,Y).",
        "outside__(I,Y) :- begins__(I,F), window__(Y), Y < F.",
        "outside__(I,Y) :- ends__(I,L), window__(Y), Y > L.",
        f"{name}(I,Y) :- {row(**{key: 'I'})}, window__(Y), not outside__(I,Y).",
    ]


def _variable(name: str) -> str:
    return f"V_{name}"
