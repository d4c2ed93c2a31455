"""Solving: grounds a program, decides what is certain and possible, and reads the worlds that proofs are made of."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import clingo

from cchc.problems import Invalid, Location, Problem
from cchc.rules import FLAT_ATOM, Log, to_atom
from cchc.traces import Pattern, Traces, Values, World, citation_program
from cchc.vocabulary import Atom

VERSION = f"clingo {clingo.__version__}"
_CITED = re.compile(r'__c\((?P<part>[a-z]+),(?P<atom>.*),"(?P<provision>[^"]*)"\)')
_TOKEN = re.compile(r'"[^"]*"|-?\w+')


@dataclass(frozen=True, slots=True)
class Solved:
    """Certain and possible verdicts, a world for each, and what the proofs of a certain one have in common.

    `settled` holds what fires in every completion; `worlds` an example for each verdict that needs one; `common` the
    citations shared by all completions, for certain verdicts whose grounds differ; `somewhere` gives what the proofs of
    possible ones cite in some completion (worked out when asked for: it takes as long as all the rest).
    """

    certain: frozenset[Atom]
    possible: frozenset[Atom]
    settled: World
    worlds: Mapping[Atom, World]
    common: Mapping[Atom, frozenset[str]]
    somewhere: Callable[[], Mapping[Atom, frozenset[str]]]


@dataclass(frozen=True, slots=True)
class Question:
    """What to solve for: the predicates of the answer, an argument that hides an atom of it, how proofs are traced, the
    facts of the text with their provision, and the predicates that completions choose."""

    roots: Sequence[tuple[str, int]]
    hidden: frozenset[str]
    patterns: Sequence[Pattern]
    stated: Sequence[tuple[str, str]]
    chosen: frozenset[str]


# Random signs (the seed is fixed) make each example completion serve many verdicts.
_OPTIONS = ["--warn=all", "--sign-def=rnd", "--rand-freq=0.5", "--seed=1"]


class Program:
    """A grounded logic program: rule files and facts as text. Raises Invalid for whatever clingo complains of."""

    def __init__(self, files: Sequence[Path], text: str) -> None:
        self.log = Log(files)
        self.control = clingo.Control(_OPTIONS, logger=self.log, message_limit=1000)
        for path in files:
            self._run(functools.partial(self.control.load, str(path)))
        self._ground("base", text)

    def _ground(self, part: str, text: str) -> None:
        self._run(functools.partial(self.control.add, part, [], text))
        self._run(functools.partial(self.control.ground, [(part, [])]))

    def _run(self, action: Callable[[], None]) -> None:
        try:
            action()
        except RuntimeError as error:
            raise Invalid(self.log.problems or [Problem(Location("clingo"), "asp-syntax", {"found": str(error)})]) from error
        if self.log.problems:
            raise Invalid(self.log.problems)

    def extension(self, name: str, arity: int) -> list[Atom]:
        """The atoms of a predicate that hold in some completion, as far as grounding can tell."""
        return [to_atom(str(atom.symbol)) for atom in self.control.symbolic_atoms.by_signature(name, arity)]

    def undecided(self) -> list[str]:
        """Atoms that grounding alone does not decide; none where nothing is unknown."""
        return [str(atom.symbol) for atom in self.control.symbolic_atoms if not atom.is_fact]

    def solve(self, asked: Question) -> Solved:
        """Certain and possible atoms of the answer, with the worlds their proofs are read from."""
        traces = Traces(asked.patterns, self._traced)
        found = {Atom(name, values): known_as for name, arity in asked.roots for values, known_as in self._traced(name, arity)
                 if asked.hidden.isdisjoint(values)}  # fmt: skip
        unsettled = {atom: known_as for atom, known_as in sorted(found.items()) if known_as is not None}
        if not unsettled:
            return Solved(frozenset(found), frozenset(), World(traces), {}, {}, dict)
        cautious = _flat(self._consequences("cautious")) & found.keys()
        brave = _flat(self._consequences("brave")) & found.keys()
        worlds: dict[Atom, World] = {}
        while asked.patterns and (wanted := [atom for atom in unsettled if atom in brave and atom not in worlds]):
            worlds |= self._example(unsettled, wanted, traces, asked.chosen)
        certain = {atom: known_as for atom, known_as in unsettled.items() if atom in cautious and asked.patterns}
        possible = {atom: known_as for atom, known_as in unsettled.items() if atom in brave - cautious}
        return Solved(frozenset(cautious), frozenset(possible), World(traces), worlds,
                      self._citations("certain", "cautious", certain, asked),
                      functools.cache(lambda: self._citations("possible", "brave", possible, asked)))  # fmt: skip

    def _traced(self, name: str, arity: int) -> Iterator[tuple[Values, clingo.SymbolicAtom | None]]:
        """The arguments of each atom of a predicate, and the atom itself if it is not settled."""
        atoms = list(self.control.symbolic_atoms.by_signature(name, arity))
        if arity == 0:
            yield from (((), None if atom.is_fact else atom) for atom in atoms)
            return
        # One text for all symbols is many times quicker than one for each.
        tokens = _TOKEN.findall(str(clingo.Function("", [atom.symbol for atom in atoms])))
        values = iter(map(_value, tokens))
        for atom, (_, *arguments) in zip(atoms, zip(*[values] * (arity + 1), strict=True), strict=True):
            yield tuple(arguments), None if atom.is_fact else atom

    def _consequences(self, mode: str) -> Sequence[clingo.Symbol]:
        """What is shown in all completions (mode cautious) or in some (mode brave)."""
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        symbols: Sequence[clingo.Symbol] = ()
        with self.control.solve(yield_=True) as handle:
            for model in handle:
                symbols = model.symbols(shown=True)
        return symbols

    def _example(self, found: Mapping[Atom, clingo.SymbolicAtom], wanted: Sequence[Atom], traces: Traces,
                 choices: frozenset[str]) -> dict[Atom, World]:  # fmt: skip
        """A completion in which the first of the wanted atoms holds, for all of them that hold in it."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=[found[wanted[0]].literal], yield_=True) as handle:
            for model in handle:

                def holds(atom: clingo.SymbolicAtom, model: clingo.Model = model) -> bool:
                    return model.is_true(atom.literal)

                served = [atom for atom in wanted if holds(found[atom])]
                chosen = functools.partial(self._chosen, model.symbols(atoms=True), choices)
                return dict.fromkeys(served, World(traces, traces.unsettled(served, holds), chosen))
        raise AssertionError("a possible verdict holds in some completion")

    def _chosen(self, symbols: Sequence[clingo.Symbol], choices: frozenset[str]) -> frozenset[Atom]:
        atoms = self.control.symbolic_atoms
        open_ = (symbol for symbol in symbols if symbol.name in choices and not atoms[symbol].is_fact)  # type: ignore[union-attr]
        return frozenset(to_atom(str(symbol)) for symbol in open_)

    def _citations(self, part: str, mode: str, seeds: Mapping[Atom, clingo.SymbolicAtom], asked: Question
                   ) -> dict[Atom, frozenset[str]]:  # fmt: skip
        """What the proofs of each seed cite in all completions (mode cautious) or in some (mode brave)."""
        if not seeds:
            return {}
        self._ground(part, citation_program(part, [str(atom.symbol) for atom in seeds.values()], asked.patterns, asked.stated))
        cited: dict[Atom, set[str]] = {seed: set() for seed in seeds}
        for symbol in self._consequences(mode):
            if (match := _CITED.fullmatch(str(symbol))) and match["part"] == part:
                cited[to_atom(match["atom"])].add(match["provision"])
        return {atom: frozenset(provisions) for atom, provisions in cited.items()}


def _flat(symbols: Sequence[clingo.Symbol]) -> set[Atom]:
    return set(map(to_atom, FLAT_ATOM.findall(str(clingo.Function("", symbols)))))


@functools.cache
def _value(token: str) -> str | int:
    if token[0] == '"':
        return token[1:-1]
    return int(token) if token[0] in "-0123456789" else token
