"""Solving: grounds a program, decides what is certain and possible, and reads the worlds that proofs are made of."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import clingo

from cchc.problems import Invalid, Location, Problem
from cchc.rules import Log
from cchc.traces import Pattern, Shown, Traces, Values, World, citation_program
from cchc.vocabulary import Atom

VERSION = f"clingo {clingo.__version__}"
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
    """What to solve for: the predicates of the answer and the tables that completions choose rows of (with their arity),
    arguments that hide an atom, how proofs are traced, the facts of the text with their provision, how atoms are written."""

    roots: Mapping[str, int]
    hidden: frozenset[str]
    patterns: Sequence[Pattern]
    stated: Sequence[tuple[Atom, str]]
    chosen: Mapping[str, int]
    written: Callable[[Atom], str]


# Random signs (the seed is fixed) make each example completion serve many verdicts.
_OPTIONS = ["--warn=all", "--sign-def=rnd", "--rand-freq=0.5", "--seed=1"]


class _Output(clingo.Observer):
    """Listens for the atoms that grounding shows, and their numbers: 0 for one that holds in every completion."""

    def __init__(self) -> None:
        self.atoms: list[tuple[clingo.Symbol, int]] = []

    def output_atom(self, symbol: clingo.Symbol, atom: int) -> None:
        self.atoms.append((symbol, atom))


class Program:
    """A grounded logic program: rule files and text. Raises Invalid for whatever clingo complains of."""

    def __init__(self, files: Sequence[Path], text: str) -> None:
        self.log = Log(files)
        self.control = clingo.Control(_OPTIONS, logger=self.log, message_limit=1000)
        self._output = _Output()
        self.control.register_observer(self._output)
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

    def open(self, name: str, arity: int) -> list[Values]:
        """The arguments of the atoms of a predicate that hold in some completion, as far as grounding can tell."""
        found = self.control.symbolic_atoms.by_signature(name, arity)
        return [tuple(map(_value, _TOKEN.findall(str(atom.symbol))[1:])) for atom in found]

    def undecided(self) -> list[str]:
        """Atoms that grounding alone does not decide; none where nothing is unknown."""
        return [str(atom.symbol) for atom in self.control.symbolic_atoms if not atom.is_fact]

    def shown(self, arities: Mapping[str, int]) -> Shown:
        """The atoms of shown predicates, by predicate, since this was last asked."""
        # One text for all symbols is many times quicker than one for each.
        symbols = [symbol for symbol, _ in self._output.atoms]
        tokens = _TOKEN.findall(str(clingo.Function("", symbols)))
        values = list(map(_value, tokens))
        found: dict[str, list[tuple[Values, int]]] = {name: [] for name in arities}
        place = 0
        for _, number in self._output.atoms:
            name = tokens[place]
            end = place + 1 + arities[name]
            found[name].append((tuple(values[place + 1 : end]), number))
            place = end
        self._output.atoms.clear()
        return found

    def solve(self, asked: Question) -> Solved:
        """Certain and possible atoms of the answer, with the worlds their proofs are read from."""
        arities = {**asked.roots, **asked.chosen}
        for pattern in asked.patterns:
            arities |= {pattern.name: len(pattern.terms), **{gone.name: len(gone.terms) for gone in pattern.checks}}
        shown = self.shown(arities)
        traces = Traces(asked.patterns, shown)
        found = {Atom(name, values): number for name in asked.roots for values, number in shown[name]
                 if asked.hidden.isdisjoint(values)}  # fmt: skip
        unsettled = {atom: number for atom, number in sorted(found.items()) if number}
        if not unsettled:
            return Solved(frozenset(found), frozenset(), World(traces), {}, {}, dict)
        cautious = self._consequences("cautious", unsettled)
        brave = self._consequences("brave", unsettled)
        possible = {atom: number for atom, number in brave.items() if atom not in cautious}
        worlds: dict[Atom, World] = {}
        choices = [(Atom(name, values), number) for name in asked.chosen for values, number in shown[name] if number]
        while asked.patterns and (wanted := {atom: number for atom, number in brave.items() if atom not in worlds}):
            worlds |= self._example(wanted, traces, choices)
        return Solved(frozenset(found.keys() - unsettled.keys() | cautious.keys()), frozenset(possible), World(traces), worlds,
                      self._citations("certain", cautious, asked),
                      functools.cache(lambda: self._citations("possible", possible, asked)))  # fmt: skip

    def _consequences(self, mode: str, atoms: Mapping[Atom, int]) -> dict[Atom, int]:
        """Which of some projected atoms hold in all completions (mode cautious) or in some (mode brave)."""
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        found = dict(atoms)
        with self.control.solve(yield_=True) as handle:
            for model in handle:
                # The last model tells; in it `None` is what no model has refuted.
                known = {atom: model.is_consequence(number) for atom, number in atoms.items()}
                found = {atom: atoms[atom] for atom, holds in known.items() if holds or (holds is None and mode == "cautious")}
        return found

    def _example(self, wanted: Mapping[Atom, int], traces: Traces, choices: Sequence[tuple[Atom, int]]) -> dict[Atom, World]:
        """A completion in which the first of the wanted atoms holds, for all of them that hold in it."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=[next(iter(wanted.values()))], yield_=True) as handle:
            for model in handle:

                def holds(number: int, model: clingo.Model = model) -> bool:
                    return not number or model.is_true(number)

                served = [atom for atom, number in wanted.items() if holds(number)]
                chosen = frozenset(atom for atom, number in choices if holds(number))
                return dict.fromkeys(served, World(traces, traces.unsettled(served, holds), chosen))
        raise AssertionError("a possible verdict holds in some completion")

    def _citations(self, part: str, seeds: Mapping[Atom, int], asked: Question) -> dict[Atom, frozenset[str]]:
        """What the proofs of each seed cite in all completions (part certain) or in some (part possible)."""
        if not seeds or not asked.patterns:
            return {}
        stated = [(asked.written(atom), provision) for atom, provision in asked.stated]
        self._ground(part, citation_program(part, map(asked.written, seeds), asked.patterns, stated))
        name = f"__cited_{part}"
        pairs = {Atom(name, values): number for values, number in self.shown({name: 2})[name]}
        settled = {atom: number for atom, number in pairs.items() if not number}
        mode = "cautious" if part == "certain" else "brave"
        cited: list[set[str]] = [set() for _ in seeds]
        for atom in settled | self._consequences(mode, {atom: number for atom, number in pairs.items() if number}):
            index, provision = atom.arguments
            cited[int(index)].add(str(provision))
        return dict(zip(seeds, map(frozenset, cited), strict=True))


@functools.cache
def _value(token: str) -> str | int:
    if token[0] == '"':
        return token[1:-1]
    return int(token) if token[0] in "-0123456789" else token
