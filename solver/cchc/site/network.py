"""What rests on what: provisions by the rules that cite them, and the tables those rules need in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from cchc.policy import Policy
from cchc.rules import Rule, RuleAtom, Term

_CONSTANT = {"string", "constant", "number"}


class Network:
    """The rules of a policy as a graph: two are joined where an atom of one can be the head of the other."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.by_head: dict[str, list[Rule]] = {}
        self.by_provision: dict[str, list[Rule]] = {}
        for rule in policy.rules:
            if rule.head is not None:
                self.by_head.setdefault(rule.head.name, []).append(rule)
            for cited in dict.fromkeys(rule.citations):
                self.by_provision.setdefault(cited, []).append(rule)

    def rules_of(self, names: Iterable[str]) -> list[Rule]:
        """The rules that cite any of some provisions, in the order of the text."""
        found = {rule.number: rule for name in names for rule in self.by_provision.get(name, ())}
        return [found[number] for number in sorted(found)]

    @cached_property
    def rests_on(self) -> dict[str, list[str]]:
        """The provisions whose rules and facts the rules of each provision use."""
        order = {name: place for place, name in enumerate(self.policy.provisions)}
        found: dict[str, set[str]] = {name: set() for name in order}
        for rule in self.policy.rules:
            used = {name for atom in _body(rule) for name in self._provides(atom)}
            for cited in rule.citations:
                found[cited] |= used - {cited}
        return {name: sorted(used & order.keys(), key=order.__getitem__) for name, used in found.items()}

    @cached_property
    def supports(self) -> dict[str, list[str]]:
        """The other way round: the provisions whose rules use those of each provision."""
        found: dict[str, list[str]] = {name: [] for name in self.policy.provisions}
        for name, used in self.rests_on.items():
            for other in used:
                found[other].append(name)
        return found

    def tables(self, rules: Iterable[Rule]) -> tuple[list[str], list[str]]:
        """The input tables that rules read, and those that only the rules behind them read."""
        kinds = self.policy.vocabulary.tables()
        rules = list(rules)
        direct = {atom.name for rule in rules for atom in _body(rule)} & kinds.keys()
        seen = {rule.number for rule in rules}
        waiting, behind = rules, set[str]()
        while waiting:
            rule = waiting.pop()
            for atom in _body(rule):
                behind |= {atom.name} & kinds.keys()
                for other in self._defining(atom):
                    if other.number not in seen:
                        seen.add(other.number)
                        waiting.append(other)
        return [name for name in kinds if name in direct], [name for name in kinds if name in behind - direct]

    def _defining(self, atom: RuleAtom) -> Iterator[Rule]:
        for rule in self.by_head.get(atom.name, ()):
            if rule.head is not None and all(map(_fits, rule.head.terms, atom.terms)):
                yield rule

    def _provides(self, atom: RuleAtom) -> Iterator[str]:
        for rule in self._defining(atom):
            yield from rule.citations
        for stated in self.policy.facts:
            if stated.atom.predicate == atom.name and all(
                    term.kind not in _CONSTANT or term.text == str(value)
                    for term, value in zip(atom.terms, stated.atom.arguments, strict=False)):  # fmt: skip
                yield stated.provision


def readings_in(rules: Iterable[Rule]) -> list[str]:
    """The readings that rules ask for."""
    atoms = (atom for rule in rules for atom in rule.atoms if atom.name == "reading" and atom.terms)
    return list(dict.fromkeys(atom.terms[0].text for atom in atoms))


def _body(rule: Rule) -> list[RuleAtom]:
    return [atom for atom in rule.atoms if atom.role != "head"]


def _fits(one: Term, other: Term) -> bool:
    return one.kind not in _CONSTANT or other.kind not in _CONSTANT or one.text == other.text
