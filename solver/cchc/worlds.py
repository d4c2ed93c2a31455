"""Several policies, or one under several readings, over the same data: one logic program with a world for each.

Data is shared. What the rules of a world derive gets a name of its own, unless another world derives exactly the same by
the same rules and facts: then both use one name. So what two worlds have in common is solved once, and what is equal in
their text is equal without solving.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc.policy import Policy, PolicyFact
from cchc.rules import Rule
from cchc.vocabulary import Predicate, Vocabulary, fact

_NAME = re.compile(r'"[^"]*"|\b_*[a-z]\w*\b(?=\()')


_GIVEN, _COMPLETED = "given__", "completed__"
"""Beside a table that a world completes: its rows in the data, and what completes them, both the same in all worlds."""


class Line(NamedTuple):
    """A rule or fact: the predicate it gives, those it reads, its text in the names of the vocabulary."""

    head: str
    reads: frozenset[str]
    text: str


World = Mapping[str, Sequence[Line]]
"""What holds in one world: the lines for each predicate."""


class Together(NamedTuple):
    """One program for several worlds: its text, and how each world names each predicate that it derives."""

    text: str
    names: tuple[Mapping[str, str], ...]


def world(policy: Policy, readings: Mapping[str, str], more: Iterable[Line] = (),
          stated: Iterable[PolicyFact] | None = None) -> World:  # fmt: skip
    """A policy under some readings, what else is derived from its verdicts, and, if not as printed, what its text states."""
    facts = policy.facts if stated is None else stated
    return _world([*_stated(policy, facts), *_completions(policy, readings), *_rules(policy, readings), *more])


def undecided(policy: Policy, more: Iterable[Line] = (), stated: Iterable[PolicyFact] | None = None) -> World:
    """A policy under whatever values of its readings."""
    values = [f"reading_value({name},{value})." for name, reading in policy.readings.items() for value in reading.values]
    choice = "1 { reading(N,V) : reading_value(N,V) } 1 :- reading_value(N,_)."
    readings = [Line("reading", frozenset({"reading_value"}), choice)] if values else []
    readings += [Line("reading_value", frozenset(), line) for line in values]
    rules = [Line(rule.head.name, _read(rule), rule.plain) for rule in policy.rules if rule.head is not None]
    return _world([*_stated(policy, policy.facts if stated is None else stated), *readings, *rules, *more])


def _world(lines: Iterable[Line]) -> World:
    by_head: dict[str, list[Line]] = {}
    for line in lines:
        by_head.setdefault(line.head, []).append(line)
    return by_head


def _stated(policy: Policy, facts: Iterable[PolicyFact]) -> Iterator[Line]:
    for stated in facts:
        predicate = policy.vocabulary.predicates[stated.atom.predicate]
        yield Line(predicate.name, frozenset(), f"{fact(predicate, stated.atom.arguments)}.")


def _read(rule: Rule) -> frozenset[str]:
    return frozenset(atom.name for atom in rule.atoms if atom.role != "head")


def _rules(policy: Policy, readings: Mapping[str, str]) -> Iterator[Line]:
    """The rules that apply. What they ask of readings is true then and left out: other rules are the same in worlds that
    differ in readings only."""
    for name, value in readings.items():
        yield Line("reading", frozenset(), f"reading({name},{value}).")
    for rule in policy.rules:
        if rule.head is None or not rule.applies(readings):
            continue
        asked = [atom for atom in rule.atoms if atom.name == "reading" and atom.role == "positive"
                 and all(term.kind in {"constant", "number"} for term in atom.terms)]  # fmt: skip
        text = rule.plain
        for atom in asked:
            text = text.replace(f"; {atom.text}", "").replace(f"{atom.text}; ", "").replace(f" :- {atom.text}.", ".")
        kept = (atom for atom in rule.atoms if atom.role != "head" and atom not in asked)
        yield Line(rule.head.name, frozenset(atom.name for atom in kept), text)


def _completions(policy: Policy, readings: Mapping[str, str]) -> Iterator[Line]:
    """What open data may become in this world, for tables whose missing values are among a few: such a table has the rows
    of the data, and others, which are the same in every world that leaves them open."""
    opened = {rule.head.name for rule in policy.rules if rule.head is not None and rule.applies(readings)}
    for name, table in policy.vocabulary.tables().items():
        column = next((column for column in table.columns if isinstance(column.completes, tuple)), None)
        if column is None or table.option("open") not in opened:
            continue
        values = column.completes or ()
        variables = {argument.name: f"X{index}" for index, argument in enumerate(table.arguments)}
        row = f"({','.join(variables.values())})"
        when = f"{table.option('open')}({','.join(variables[argument] for argument in table.key)})"
        chosen = "; ".join(_COMPLETED + name + re.sub(rf"\b{variables[column.name]}\b", value, row) for value in values)
        reads = frozenset({str(table.option("open"))})
        yield Line(_COMPLETED + name, reads, f"1 {{ {chosen} }} 1 :- {when}.")
        yield Line(name, frozenset(), f"{name}{row} :- {_GIVEN}{name}{row}.")
        yield Line(name, reads | {_COMPLETED + name}, f"{name}{row} :- {_COMPLETED}{name}{row}, {when}.")


def property_lines(name: str, rules: Iterable[Rule], predicates: Mapping[str, Predicate]) -> Iterator[Line]:
    """The rules of a property, its own predicates under the name of the property."""
    rules = list(rules)
    own = {rule.head.name: f"{name}__{rule.head.name}" for rule in rules
           if rule.head is not None and rule.head.name not in predicates}  # fmt: skip
    for rule in rules:
        assert rule.head is not None
        yield Line(own[rule.head.name], frozenset(own.get(read, read) for read in _read(rule)), renamed(rule.plain, own))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A rule with other names for predicates. (Terms with arguments are not in the language: a name that is called is one
    of a predicate.)"""
    return _NAME.sub(lambda match: names.get(match[0], match[0]), text)


def together(worlds: Sequence[World], roots: Iterable[str], vocabulary: Vocabulary) -> Together:
    """What some predicates need in each world, as one program. The worlds have the inputs in common, and with the first
    what they derive alike. What the text of any of them states (thresholds that data lies around) has its own name, too."""
    inputs, stated = vocabulary.of_kind("input"), vocabulary.of_kind("policy")
    roots = list(roots)
    readers = _readers(worlds[0])
    names: list[dict[str, str]] = []
    texts: dict[str, None] = {}
    for index, each in enumerate(worlds):
        needed = below(each, roots)
        apart = _apart(each, worlds[0], readers) if index else needed
        # An input has a name of its own in a world that completes it.
        own = {name for name in needed if (name in each or name not in inputs) and not name.startswith(_COMPLETED)}
        names.append({name: f"{name}__{index if name in apart else 0}" for name in sorted(own)})
        made = [name for name in sorted(own) if name in apart or name not in names[0]]
        made += [name for name in sorted(needed) if name.startswith(_COMPLETED)]
        texts |= dict.fromkeys(renamed(line.text, names[index]).replace(_GIVEN, "")
                               for name in made for line in each.get(name, ()))  # fmt: skip
        texts |= dict.fromkeys(line.text for name in stated for line in each.get(name, ()) if not line.reads)
    return Together("\n".join(texts) + "\n", tuple(names))


def below(each: World, roots: Iterable[str]) -> set[str]:
    """The predicates that some rest on, and these."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [read for line in each.get(name, ()) for read in line.reads]
    return reached


def _readers(each: World) -> dict[str, set[str]]:
    """For each predicate, those derived from it."""
    readers: dict[str, set[str]] = {}
    for name, lines in each.items():
        for line in lines:
            for read in line.reads:
                readers.setdefault(read, set()).add(name)
    return readers


def _apart(one: World, first: World, readers: Mapping[str, set[str]]) -> set[str]:
    """The predicates that a world derives by other rules or facts than the first, or from such predicates; `readers` are
    those of the first world."""
    apart = {name for name in one.keys() | first.keys() if one.get(name) != first.get(name)}
    waiting = list(apart)  # what reads a predicate in this world only has other rules here, and is among these
    while waiting:
        above = readers.get(waiting.pop(), set()) - apart
        apart |= above
        waiting += above
    return apart
