"""Solving: grounds a program, decides what is certain and possible, and reads the worlds that proofs are made of."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import clingo

from cchc.problems import Invalid, Location, Problem
from cchc.rules import FLAT_ATOM, Checked, Log, Rule, RuleAtom, Step, World, to_atom
from cchc.vocabulary import Atom

VERSION = f"clingo {clingo.__version__}"
_CITED = re.compile(r'__c\((?P<part>[a-z]+),(?P<atom>.*),"(?P<provision>[^"]*)"\)')


@dataclass(frozen=True, slots=True)
class Solved:
    """Certain and possible verdicts, a world for each, and what the proofs of a certain one have in common.

    `settled` holds the instances that fire in every completion; `worlds` an example for each verdict that needs one;
    `common` the citations shared by all completions, for certain verdicts whose grounds differ; `somewhere` gives what
    the proofs of possible ones cite in some completion (worked out when asked for: it takes as long as all the rest).
    """

    certain: frozenset[Atom]
    possible: frozenset[Atom]
    settled: World
    worlds: Mapping[Atom, World]
    common: Mapping[Atom, frozenset[str]]
    somewhere: Callable[[], Mapping[Atom, frozenset[str]]]


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

    def solve(self, rules: Sequence[Rule], roots: Sequence[tuple[str, int]], chosen: Sequence[tuple[str, int]],
              hidden: frozenset[str], citations: Callable[[str, Iterable[str]], str]) -> Solved:  # fmt: skip
        """Certain and possible root atoms, with the worlds their proofs are read from; none with a `hidden` argument.

        `chosen` are the predicates that completions choose; `citations` gives the text of a program part that carries
        citations up to the atoms it is given (see `citation_program`).
        """
        atoms = self.control.symbolic_atoms
        trace = _Trace(rules, atoms)
        found = {str(atom.symbol): atom for name, arity in roots for atom in atoms.by_signature(name, arity)}
        found = {text: atom for text, atom in found.items() if hidden.isdisjoint(to_atom(text).arguments)}
        settled = trace.world((text for text, atom in found.items() if atom.is_fact), lambda atom: atom.is_fact)
        unsettled = sorted(text for text, atom in found.items() if not atom.is_fact)
        if not unsettled:
            return Solved(frozenset(map(to_atom, found)), frozenset(), settled, {}, {}, dict)
        choices = [(atom, to_atom(str(atom.symbol))) for name, arity in chosen
                   for atom in atoms.by_signature(name, arity) if not atom.is_fact] if rules else []  # fmt: skip
        cautious = self._consequences("cautious") & found.keys()
        brave = self._consequences("brave") & found.keys()
        worlds: dict[Atom, World] = {}
        for text in unsettled if rules else ():
            if text in brave and to_atom(text) not in worlds:
                self._example(text, unsettled, found, trace, choices, worlds)
        certain = [text for text in unsettled if text in cautious] if rules else []
        common = self._citations("certain", "cautious", certain, citations)

        @functools.cache
        def somewhere() -> dict[Atom, frozenset[str]]:
            return self._citations("possible", "brave", sorted(brave - cautious), citations)

        possible = frozenset(map(to_atom, brave - cautious))
        return Solved(frozenset(map(to_atom, cautious)), possible, settled, worlds, common, somewhere)

    def _consequences(self, mode: str) -> set[str]:
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        symbols: Sequence[clingo.Symbol] = ()
        with self.control.solve(yield_=True) as handle:
            for model in handle:
                symbols = model.symbols(shown=True)
        return set(map(str, symbols))

    def _example(self, text: str, wanted: Sequence[str], found: Mapping[str, clingo.SymbolicAtom], trace: _Trace,
                 choices: Sequence[tuple[clingo.SymbolicAtom, Atom]], worlds: dict[Atom, World]) -> None:  # fmt: skip
        """A completion in which an atom holds; it serves every wanted atom that holds in it and has none yet."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=[found[text].literal], yield_=True) as handle:
            for model in handle:

                def holds(atom: clingo.SymbolicAtom, model: clingo.Model = model) -> bool:
                    return atom.is_fact or model.is_true(atom.literal)

                served = [other for other in wanted if to_atom(other) not in worlds and holds(found[other])]
                world = replace(trace.world(served, holds), chosen=frozenset(value for atom, value in choices if holds(atom)))
                worlds.update((to_atom(other), world) for other in served)

    def _citations(self, part: str, mode: str, seeds: Sequence[str], citations: Callable[[str, Iterable[str]], str]
                   ) -> dict[Atom, frozenset[str]]:  # fmt: skip
        """What the proofs of each seed cite in all completions (mode cautious) or in some (mode brave)."""
        if not seeds:
            return {}
        self._ground(part, citations(part, seeds))
        cited: dict[Atom, set[str]] = {to_atom(seed): set() for seed in seeds}
        for text in self._consequences(mode):
            if (match := _CITED.fullmatch(text)) and match["part"] == part:
                cited[to_atom(match["atom"])].add(match["provision"])
        return {atom: frozenset(provisions) for atom, provisions in cited.items()}


class _Trace:
    """The trace atoms of a grounded program, indexed as text; a world is read off from its verdicts down."""

    def __init__(self, rules: Sequence[Rule], atoms: clingo.SymbolicAtoms) -> None:
        self.rules = rules
        self._parsed: dict[str, tuple[Step, list[str]]] = {}
        self.instances: dict[str, list[tuple[clingo.SymbolicAtom, str]]] = {}
        self.checks: dict[str, list[tuple[clingo.SymbolicAtom, str]]] = {}
        for atom in atoms.by_signature("__t", 3):
            text = str(atom.symbol)
            start = text.index(",") + 1
            self.instances.setdefault(text[start : text.index("),(") + 1], []).append((atom, text))
        for atom in atoms.by_signature("__x", 5):
            text = str(atom.symbol)
            self.checks.setdefault(text[text.index("__t(") : text.index(")),") + 2], []).append((atom, text))

    def world(self, roots: Iterable[str], holds: Callable[[clingo.SymbolicAtom], bool]) -> World:
        """What the root atoms rest on, among the instances that hold."""
        steps: dict[Atom, tuple[Step, ...]] = {}
        checked: dict[Step, tuple[Checked, ...]] = {}
        waiting = [*roots]
        while waiting:
            text = waiting.pop()
            head = to_atom(text)
            if head in steps:
                continue
            found: list[Step] = []
            for atom, instance in self.instances.get(text, ()):
                if holds(atom):
                    step, below = self._step(instance)
                    found.append(step)
                    waiting += below
                    gone_through = [check for other, check in self.checks.get(instance, ()) if holds(other)]
                    checks = [self._checked(step, check) for check in gone_through]
                    checked[step] = tuple(sorted(check for check, _ in checks))
                    waiting += [atom for _, atoms in checks for atom in atoms]
            steps[head] = tuple(sorted(found))
        return World(steps, checked)

    def _step(self, text: str) -> tuple[Step, list[str]]:
        """A rule instance, and the atoms it rests on as text."""
        if text in self._parsed:
            return self._parsed[text]
        number = int(text[4 : text.index(",")])
        head, *body = FLAT_ATOM.findall(text, 4)
        parts = self.rules[number].parts
        below = [atom for part, atom in zip(parts, body, strict=True) if isinstance(part, RuleAtom) and part.role == "positive"]
        self._parsed[text] = (Step(number, to_atom(head), tuple(map(to_atom, body))), below)
        return self._parsed[text]

    def _checked(self, step: Step, text: str) -> tuple[Checked, list[str]]:
        part = int(text[4:].split(",", 2)[1])
        atom, *conditions = FLAT_ATOM.findall(text, text.index("__t(") + 4)[len(step.body) + 1 :]
        return Checked(step, part, to_atom(atom), tuple(map(to_atom, conditions))), [atom, *conditions]
