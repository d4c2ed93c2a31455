"""Proofs: trees read off the trace that the solver produced, down to quoted provisions and rows of data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from cchc.facts import Facts
from cchc.figures import Origin
from cchc.policy import READING, PolicyFact
from cchc.rows import PROVENANCES, Row
from cchc.rules import Check, Rule
from cchc.traces import Step, World
from cchc.vocabulary import Atom, Vocabulary


class Proof(NamedTuple):
    """A step of a proof and what it rests on.

    `kind`: rule (a conclusion with its `cites`), row, stated (a fact of the text), reading, assumed (a completion of
    unknown data), given (known to the loader), absent (`not`: found nowhere),
    all (everything that was checked) or none (a check with nothing to go through).
    """

    kind: str
    atom: Atom
    cites: tuple[str, ...] = ()
    origin: Origin | None = None
    children: tuple[Proof, ...] = ()


class Prover:
    """Reads proofs, citations and provenance of atoms off one world."""

    def __init__(self, vocabulary: Vocabulary, rules: Sequence[Rule], facts: Facts, world: World,
                 order: Mapping[str, int], absence: Callable[[str], str], settled: Prover | None = None) -> None:  # fmt: skip
        """`absence` gives the provenance that the absence of an atom of a predicate rests on; `settled` reads what is
        the same in every completion."""
        self.vocabulary = vocabulary
        self.absence: Callable[[str], int] = (
            settled.absence if settled else cache(lambda name: PROVENANCES.index(absence(name)))
        )
        self.rules = rules
        self.facts = facts
        self.world = world
        self.order = order
        self.settled = settled
        self.silent = frozenset(vocabulary.supplied("silent"))
        # Sets of provisions as bits, the first of the text lowest: there are many, and they grow by each other.
        self._bits: Callable[[tuple[str, ...]], int] = (
            settled._bits if settled else cache(lambda cited: sum(1 << order[provision] for provision in set(cited)))
        )
        self._named: Callable[[int], tuple[str, ...]] = (
            settled._named if settled else cache(lambda bits: tuple(name for name, place in order.items() if bits >> place & 1))
        )
        self._grounds: dict[Atom, tuple[int, int]] = {}

    def cites(self, atom: Atom) -> tuple[str, ...]:
        """Every provision in the proof of an atom, in the order of the text."""
        return self._named(self._ground(atom)[0])

    def provenance(self, atom: Atom) -> str:
        """The least reliable provenance among the rows in the proof of an atom, and the tables a `not` looks into."""
        return PROVENANCES[self._ground(atom)[1]]

    def _ground(self, atom: Atom) -> tuple[int, int]:
        if (known := self._grounds.get(atom)) is not None:
            return known
        if self.settled is not None and self.world.settled(atom):
            return self.settled._ground(atom)
        self._grounds[atom] = (0, 0)  # a positive loop adds nothing to itself
        origin = self.facts.origins.get(atom)
        cites = self._bits((origin.provision,)) if isinstance(origin, PolicyFact) else 0
        rank = PROVENANCES.index(origin.provenance) if isinstance(origin, Row) else 0
        for instance in self.world.instances(atom):
            cites |= self._bits(instance.pattern.rule.citations)
            for below in instance.rests_on():
                below_cites, below_rank = self._grounds.get(below) or self._ground(below)
                cites |= below_cites
                rank = max(rank, below_rank)
            for denied in instance.pattern.denied:
                rank = max(rank, self.absence(denied))
        self._grounds[atom] = (cites, rank)
        return self._grounds[atom]

    def prove(self, atom: Atom) -> tuple[Proof, ...]:
        """The proofs of an atom, one for each rule instance that gives it."""
        return tuple(self._step(step) for step in self.world.steps(atom))

    def _step(self, step: Step) -> Proof:
        rule = self.rules[step.rule]
        children: dict[Proof, None] = {}
        for index, (part, atom) in enumerate(zip(rule.parts, step.body, strict=True)):
            if isinstance(part, Check):
                children[self._check(step, index)] = None
            elif part.role == "negative":
                children[Proof("absent", atom)] = None
            elif part.name not in self.silent:
                children |= dict.fromkeys(self._support(atom))
        return Proof("rule", step.head, self._sorted(rule.citations), None, tuple(children))

    def _support(self, atom: Atom) -> list[Proof]:
        """The proofs of a body atom; technical predicates give way to what they rest on."""
        steps = self.world.steps(atom)
        if not steps:
            return [self._leaf(atom)]
        proofs = [self._step(step) for step in steps]
        if self.vocabulary.predicates[atom.predicate].kind != "internal":
            return proofs
        return list(dict.fromkeys(child for proof in proofs for child in proof.children))

    def _leaf(self, atom: Atom) -> Proof:
        origin = self.facts.origins.get(atom)
        if isinstance(origin, PolicyFact):
            return Proof("stated", atom, (origin.provision,), origin)
        if atom.predicate == READING:
            return Proof("reading", atom)
        if isinstance(origin, Row):
            return Proof("row", atom, (), origin)
        kind = self.vocabulary.predicates[atom.predicate]
        return Proof("assumed" if kind.is_table else "given", atom, (), origin)

    def _check(self, step: Step, index: int) -> Proof:
        children = [child for check in step.checked if check.part == index for child in self._support(check.atom)]
        return Proof("all" if children else "none", step.head, (), None, tuple(children))

    def _sorted(self, citations: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(dict.fromkeys(citations), key=lambda provision: self.order.get(provision, len(self.order))))
