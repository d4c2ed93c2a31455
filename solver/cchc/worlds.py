"""Several policies, or one under several readings, over the same data: one logic program with a world for each.

Data is shared. What the rules of a world derive gets a name of its own, unless another world derives exactly the same by
the same rules and facts: then both use one name. So what two worlds have in common is solved once, and what is equal in
their text is equal without solving.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc.policy import Policy
from cchc.rules import Rule
from cchc.vocabulary import Predicate, fact

_NAME = re.compile(r'"[^"]*"|\b_*[a-z]\w*\b(?=\()')


class Line(NamedTuple):
    """A rule or fact: the predicate it gives, those it reads, its text in the names of the vocabulary."""

    head: str
    reads: frozenset[str]
    text: str


class World(NamedTuple):
    """What holds in one world, by lines."""

    name: str
    lines: Mapping[str, Sequence[Line]]


class Together(NamedTuple):
    """One program for several worlds: its text, and how each world names each predicate that it derives."""

    text: str
    names: tuple[Mapping[str, str], ...]


def world(name: str, policy: Policy, readings: Mapping[str, str], more: Iterable[Line] = ()) -> World:
    """A policy under some readings, and what else is derived from its verdicts."""
    return _world(name, [*_stated(policy), *_completions(policy, readings), *_rules(policy, readings), *more])


def undecided(name: str, policy: Policy, more: Iterable[Line] = ()) -> World:
    """A policy under whatever values of its readings."""
    values = [f"reading_value({name},{value})." for name, reading in policy.readings.items() for value in reading.values]
    choice = "1 { reading(N,V) : reading_value(N,V) } 1 :- reading_value(N,_)."
    readings = [Line("reading", frozenset({"reading_value"}), choice)] if values else []
    readings += [Line("reading_value", frozenset(), line) for line in values]
    rules = [Line(rule.head.name, _read(rule), rule.plain) for rule in policy.rules if rule.head is not None]
    return _world(name, [*_stated(policy), *readings, *rules, *more])


def _world(name: str, lines: Iterable[Line]) -> World:
    by_head: dict[str, list[Line]] = {}
    for line in lines:
        by_head.setdefault(line.head, []).append(line)
    return World(name, by_head)


def _stated(policy: Policy) -> Iterator[Line]:
    for stated in policy.facts:
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
    of the data, and others. (The line that takes over the rows of the data has no name yet for them: `given`.)"""
    opened = {rule.head.name for rule in policy.rules if rule.head is not None and rule.applies(readings)}
    for name, table in policy.vocabulary.tables().items():
        column = next((column for column in table.columns if isinstance(column.completes, tuple)), None)
        if column is None or table.option("open") not in opened:
            continue
        variables = {argument.name: f"X{index}" for index, argument in enumerate(table.arguments)}
        atom = f"{name}({','.join(variables.values())})"
        key = ",".join(variables[argument] for argument in table.key)
        chosen = "; ".join(re.sub(rf"\b{variables[column.name]}\b", value, atom) for value in column.completes or ())
        yield Line(name, frozenset(), f"{atom} :- {_given(name)}({','.join(variables.values())}).")
        yield Line(name, frozenset({str(table.option("open"))}), f"1 {{ {chosen} }} 1 :- {table.option('open')}({key}).")


def _given(name: str) -> str:
    return f"given__{name}"


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


def together(worlds: Sequence[World], roots: Iterable[str], inputs: Container[str], stated: Iterable[str]) -> Together:
    """What some predicates need in each world, as one program. The worlds have the inputs in common. What the texts of any
    of them have `stated` (thresholds that data lies around) has its own name, too."""
    needed = [_below(each, roots) for each in worlds]
    origin: list[dict[str, int]] = []
    for index, each in enumerate(worlds):
        # An input has a name of its own in a world that completes it.
        first = {name: index for name in sorted(needed[index]) if name in each.lines or name not in inputs}
        for earlier in range(index - 1, -1, -1):
            apart = _apart(each, worlds[earlier])
            first |= {name: origin[earlier][name] for name in first if name not in apart and name in origin[earlier]}
        origin.append(first)
    names = [{name: f"{name}__{number}" for name, number in first.items()} for first in origin]
    texts: dict[str, None] = {}
    for index, each in enumerate(worlds):
        made = [line for name, number in origin[index].items() if number == index for line in each.lines.get(name, ())]
        texts |= dict.fromkeys(renamed(line.text, names[index]).replace(_given(""), "") for line in made)
        texts |= dict.fromkeys(line.text for name in stated for line in each.lines.get(name, ()))
    return Together("\n".join(texts) + "\n", tuple(names))


def _below(each: World, roots: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [read for line in each.lines.get(name, ()) for read in line.reads]
    return reached


def _apart(one: World, other: World) -> set[str]:
    """The predicates that two worlds derive by different rules or facts, or from such."""
    readers: dict[str, set[str]] = {}
    for each in (one, other):
        for name, lines in each.lines.items():
            for line in lines:
                for read in line.reads:
                    readers.setdefault(read, set()).add(name)
    waiting = [name for name in one.lines.keys() | other.lines.keys()
               if {line.text for line in one.lines.get(name, ())} != {line.text for line in other.lines.get(name, ())}]  # fmt: skip
    apart = set(waiting)
    while waiting:
        above = readers.get(waiting.pop(), set()) - apart
        apart |= above
        waiting += above
    return apart
