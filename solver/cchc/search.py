"""Searches all data of a space for what some worlds derive from it: what can occur at all, and the smallest data for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc.asp import Holds, Program, searching
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.properties import COST, Property, Space, companions
from cchc.traces import Values
from cchc.vocabulary import Predicate
from cchc.worlds import World, together

Tables = Mapping[str, Sequence[Values]]
"""The rows of each input predicate, those included that the loader supplies."""


class Found(NamedTuple):
    """An atom that some data gives in some of the worlds (those that share it); `number` is what the solver calls it."""

    predicate: str
    arguments: Values
    worlds: tuple[str, ...]
    number: int


class Search:
    """A space, and what it is searched for: atoms of some predicates, in each of the worlds."""

    def __init__(self, policy: Policy, space: Space, worlds: Sequence[World], roots: Mapping[str, int], *,
                 larger: bool = False, extra: str = "", complain: Iterable[Property] = ()) -> None:  # fmt: skip
        """`roots` are the predicates searched for, with their arity. Raises Invalid, with the place in the files of the
        space or of the properties that `complain` names, for what the solver does not accept."""
        predicates = policy.vocabulary.predicates
        made = together(worlds, roots, policy.vocabulary.of_kind("input"), policy.vocabulary.of_kind("policy"))
        self._inputs = {name: len(predicates[name].arguments) for name in sorted(space.tables)}
        self._worlds: dict[str, tuple[str, list[str]]] = {}
        for each, names in zip(worlds, made.names, strict=True):
            for root in roots:
                if root in names:
                    self._worlds.setdefault(names[root], (root, []))[1].append(each.name)
        shown = {**self._inputs, **{name: roots[root] for name, (root, _) in self._worlds.items()}}
        shows = "".join(f"#show {name}/{arity}.\n" for name, arity in shown.items())
        projected = "".join(f"#project {name}/{shown[name]}.\n" for name in self._worlds)
        text = (_defined(predicates, made.names, worlds) + companions(predicates) + made.text + extra
                + f"#show.\n{shows}{projected}#minimize {{ N,T : {COST}(N,T) }}.\n")  # fmt: skip
        try:
            self._program = Program([space.path], text, searching(space.larger if larger else {}))
        except Invalid:
            Program([space.path, *(each.path for each in complain)], _defined(predicates, (), ()) + companions(predicates),
                    searching({}))  # fmt: skip  # complains likewise, and tells where
            raise
        found = self._program.shown(shown)
        self._rows = {name: found[name] for name in self._inputs}
        self._open = {Found(root, values, tuple(named), number): number for name, (root, named) in self._worlds.items()
                      for values, number in found[name]}  # fmt: skip

    def occurring(self) -> list[Found]:
        """The atoms searched for that some data gives."""
        always = [atom for atom, number in self._open.items() if not number]
        return sorted([*always, *self._program.consequences("brave", {a: n for a, n in self._open.items() if n})])

    def smallest(self, atoms: Iterable[Found]) -> Tables | None:
        """The smallest data that gives some atoms all at once; None if no data does."""
        return self._program.smallest([atom.number for atom in atoms if atom.number], self._read)

    def any(self, atoms: Iterable[Found]) -> Tables | None:
        """Some data that gives some atoms all at once; None if no data does."""
        return self._program.model([atom.number for atom in atoms if atom.number], self._read)

    def _read(self, holds: Holds) -> Tables:
        return {name: sorted((values for values, number in rows if holds(number)), key=str)
                for name, rows in self._rows.items()}  # fmt: skip


def _defined(predicates: Mapping[str, Predicate], names: Sequence[Mapping[str, str]], worlds: Sequence[World]) -> str:
    """Declares everything that rules may read though nothing gives it: the solver would take it for a slip."""
    called = {name: name for name in predicates}
    for named in names:
        called |= {other: name for name, other in named.items() if name in predicates}
    lines = [f"#defined {other}/{len(predicates[name].arguments)}." for other, name in called.items()]
    return "\n".join([*lines, f"#defined {COST}/2."]) + "\n"
