"""Answers: which verdicts are certain and which possible, and the worlds that their proofs are read from."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, takewhile
from typing import TYPE_CHECKING, NamedTuple

from cchc.asp import Holds, Program
from cchc.traces import Pattern, Traces, World, citation_program
from cchc.vocabulary import Atom, Predicate

if TYPE_CHECKING:
    from cchc.rules import Rule
    from cchc.whynot import WhyNot

_CASES = 8
"""A certain verdict with more kinds of grounds than this is shown with the first of them."""


class Question(NamedTuple):
    """What to solve for: the predicates of the answer and the tables that completions choose rows of (with their arity),
    arguments that hide an atom, how proofs are traced, the facts of the text with their provision, how atoms are written."""

    roots: Mapping[str, int]
    chosen: Mapping[str, int]
    hidden: frozenset[str]
    patterns: Sequence[Pattern]
    stated: Sequence[tuple[Atom, str]]
    written: Callable[[Atom], str]

    @property
    def shows(self) -> str:
        """What the program must show for this: only verdicts are asked for as consequences, traces would cost minutes."""
        verdicts = (f"#show {name}/{arity}. #project {name}/{arity}.\n" for name, arity in self.roots.items())
        return "".join(["#show.\n", *verdicts, *(f"#show {name}/{arity}.\n" for name, arity in self.chosen.items())])


class Answer:
    """What a grounded program answers to a question. Where nothing is unknown, all is certain and settled."""

    def __init__(self, program: Program, asked: Question) -> None:
        arities = {**asked.roots, **asked.chosen}
        for pattern in asked.patterns:
            arities |= pattern.sizes
        shown = program.shown(arities)
        found = {Atom(name, values): number for name in asked.roots for values, number in shown[name]
                 if asked.hidden.isdisjoint(values)}  # fmt: skip
        self._program = program
        self._asked = asked
        self._traces = Traces(asked.patterns, shown)
        self._unsettled = {atom: number for atom, number in sorted(found.items()) if number}
        self._cautious = program.consequences("cautious", self._unsettled)
        self._brave = program.consequences("brave", self._unsettled)
        self._numbers: dict[str, dict[tuple[int, str], int]] = {}
        self.choices = {Atom(name, values): number for name in asked.chosen for values, number in shown[name] if number}
        self.certain = frozenset(found.keys() - self._unsettled.keys() | self._cautious.keys())
        self.possible = frozenset(self._brave.keys() - self._cautious.keys())
        self.settled = World(self._traces)

    def ever(self, name: str, arity: int) -> list[tuple[str | int, ...]]:
        """The arguments of the atoms of any predicate that hold in some completion."""
        return self._program.open(name, arity)

    @cached_property
    def worlds(self) -> Mapping[Atom, World]:
        """An example completion for each verdict that does not hold the same way in all."""
        found: dict[Atom, World] = {}
        while wanted := {atom: number for atom, number in self._brave.items() if atom not in found}:

            def served(holds: Holds, wanted: Mapping[Atom, int] = wanted) -> dict[Atom, World]:
                atoms = [atom for atom, number in wanted.items() if holds(number)]
                return dict.fromkeys(atoms, self._world(atoms, holds))

            # One verdict of each unit or item at once, if they go together: fewer completions serve all.
            together: dict[str | int, int] = {}
            for atom, number in wanted.items():
                together.setdefault(atom.arguments[0], number)
            first = next(iter(wanted.values()))
            found |= self._program.model([*together.values()], served) or self._program.model([first], served) or {}
        return found

    def _world(self, atoms: Iterable[Atom], holds: Holds) -> World:
        unsettled = self._traces.unsettled(atoms, holds)
        named = {argument for atom in unsettled for argument in atom.arguments}
        chosen = (atom for atom, number in self.choices.items() if _about(atom, named) and holds(number))
        return World(self._traces, unsettled, frozenset(chosen))

    @cached_property
    def common(self) -> Mapping[Atom, frozenset[str]]:
        """What the proofs of certain verdicts with different grounds cite in every completion."""
        return self._cited("certain", "cautious", self._cautious)

    @cached_property
    def somewhere(self) -> Mapping[Atom, frozenset[str]]:
        """What the proofs of possible verdicts cite in some completion."""
        return self._cited("possible", "brave", [atom for atom in self._brave if atom in self.possible])

    def _cited(self, part: str, mode: str, seeds: Iterable[Atom]) -> dict[Atom, frozenset[str]]:
        seeds = list(seeds)
        if not seeds:
            return {}
        asked = self._asked
        stated = [(asked.written(atom), provision) for atom, provision in asked.stated]
        self._program.ground(part, citation_program(part, map(asked.written, seeds), asked.patterns, stated))
        name = f"__cited_{part}"
        pairs = {(int(seed), str(provision)): number for (seed, provision), number in self._program.shown({name: 2})[name]}
        self._numbers[part] = pairs
        held = self._program.consequences(mode, {pair: number for pair, number in pairs.items() if number})
        cited: list[set[str]] = [set() for _ in seeds]
        for (seed, provision), number in pairs.items():
            if not number or (seed, provision) in held:
                cited[seed].add(provision)
        return dict(zip(seeds, map(frozenset, cited), strict=True))

    def exercised(self) -> tuple[set[int], set[Atom]]:
        """The numbers of the traced rules that fire in some completion, and the atoms that they rest on."""
        fired, used = set[int](), set[Atom]()
        settled = (instance for found in self._traces.settled.values() for instance in found)
        unsettled = ((pattern, values) for found in self._traces.open.values() for pattern, values, _ in found)
        for pattern, values in chain(settled, unsettled):
            fired.add(pattern.rule.number)
            used |= {get(values) for get in pattern.body}
            used.update(self._traces.instance(pattern, values, lambda number: True).rests_on())
        return fired, used

    def reached_choices(self, atom: Atom) -> list[Atom]:
        """What completions may choose that an unsettled verdict can depend on."""
        named = {argument for reached in self._traces.open_below(atom) for argument in reached.arguments}
        return [choice for choice in self.choices if _about(choice, named)]

    def outcomes(self, atom: Atom, chosen: Iterable[Atom],
                 not_chosen: Iterable[Atom]) -> tuple[frozenset[Atom] | None, frozenset[Atom] | None]:  # fmt: skip
        """What a completion chooses in which a possible verdict holds, and in one in which it fails, where some choices are
        made and others are not; None if there is no such completion."""
        fixed = [self.choices[choice] for choice in chosen] + [-self.choices[choice] for choice in not_chosen]

        def choices(holds: Holds) -> frozenset[Atom]:
            return frozenset(choice for choice, number in self.choices.items() if holds(number))

        number = self._brave[atom]
        return self._program.model([*fixed, number], choices), self._program.model([*fixed, -number], choices)

    def why_not(self, rules: Iterable[Rule], predicates: Mapping[str, Predicate], goal: Atom) -> WhyNot | None:
        """Why a goal does not hold in all completions; None if it does. Open arguments are `whynot.OPEN`."""
        from cchc.whynot import matches, why_not  # imported late: few commands ask

        if goal in self.certain:
            return None
        against = [number for atom, number in self._brave.items() if matches(goal, atom)]
        return why_not(self._program, rules, predicates, [goal], against, self.choices).get(goal)

    def why_nots(self, rules: Iterable[Rule], predicates: Mapping[str, Predicate], goals: Iterable[Atom]) -> dict[Atom, WhyNot]:
        """Why goals that hold in no completion do not, for many at once: those that hold in some are left out."""
        from cchc.whynot import why_not

        never = [goal for goal in goals if goal not in self.certain and goal not in self._brave]
        return why_not(self._program, rules, predicates, never, [], self.choices) if never else {}

    def cases(self, atom: Atom) -> list[World]:
        """Completions that show the grounds of a verdict: the settled one where they are the same in all; for a certain
        verdict one for each set of provisions that it can rest on; for a possible one, an example."""
        if atom not in self._cautious:
            return [self.worlds.get(atom, self.settled)]
        seed = list(self.common).index(atom)
        pairs = {provision: number for (index, provision), number in self._numbers["certain"].items()
                 if index == seed and number}  # fmt: skip
        found: list[World] = []
        others: list[int] = []

        def case(holds: Holds) -> tuple[World, list[str]]:
            cited = ((f'__cited_certain({seed},"{provision}")', holds(number)) for provision, number in pairs.items())
            return self._world([atom], holds), [text if held else f"not {text}" for text, held in cited]

        while len(found) < _CASES and (another := self._program.model([self._cautious[atom], *others], case)):
            world, cited = another
            found.append(world)
            if not cited:
                break
            others.append(self._program.unless(cited))
        return found


def _about(choice: Atom, named: Container[str | int]) -> bool:
    """Whether what is chosen is about a unit or item that is named: by the codes that its arguments begin with."""
    return all(code in named for code in takewhile(lambda argument: isinstance(argument, str), choice.arguments))
