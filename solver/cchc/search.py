"""Searches all data of a space for what a program derives from it: what can occur at all, and the smallest data for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cchc.asp import Holds, Program, searching
from cchc.problems import Invalid
from cchc.properties import COST, Space, companions
from cchc.traces import Values
from cchc.vocabulary import Predicate
from cchc.worlds import Together

Tables = Mapping[str, Sequence[Values]]
"""The rows of each input predicate, those included that the loader supplies."""


class Found(NamedTuple):
    """An atom that some data gives; `number` is what the solver calls it (0: all data gives it)."""

    predicate: str
    arguments: Values
    number: int


class Search:
    """A space of data, and a program that says what data is searched for."""

    def __init__(self, space: Space, predicates: Mapping[str, Predicate], made: Together, sought: Mapping[str, int], *,
                 larger: bool = False, files: Sequence[Path] = ()) -> None:  # fmt: skip
        """`sought` are predicates of the program, with their arity. Raises Invalid for what the solver does not accept,
        with its place in the space or in the `files` that the program is made from."""
        inputs = {name: len(predicates[name].arguments) for name in sorted(space.tables)}
        shown = {**inputs, **sought}
        shows = "".join(f"#show {name}/{arity}.\n" for name, arity in shown.items())
        shows += "".join(f"#project {name}/{arity}.\n" for name, arity in sought.items())
        text = _defined(predicates, made.names) + companions(predicates) + made.text + f"#show.\n{shows}"
        text += f"#minimize {{ N,T : {COST}(N,T) }}.\n"
        try:
            self._program = Program([space.path], text, searching(space.larger if larger else {}))
        except Invalid:
            Program([space.path, *files], _defined(predicates, ()) + companions(predicates), searching({}))  # tells where
            raise
        found = self._program.shown(shown)
        self._rows = {name: found[name] for name in inputs}
        self._sought = [Found(name, values, number) for name in sought for values, number in found[name]]

    def occurring(self) -> list[Found]:
        """The atoms sought that some data gives."""
        unsettled = {found: found.number for found in self._sought if found.number}
        always = (found for found in self._sought if not found.number)
        return sorted([*always, *self._program.consequences("brave", unsettled)], key=str)

    def met(self) -> set[Found]:
        """The atoms sought that some data gives, each looked for by itself: quicker than `occurring` where few of many do."""
        found = {atom for atom in self._sought if not atom.number}
        for atom in self._sought:
            if atom not in found:
                found |= self._program.model([atom.number], self._holding) or set()
        return found

    def _holding(self, holds: Holds) -> set[Found]:
        return {atom for atom in self._sought if holds(atom.number)}

    def smallest(self, atoms: Iterable[Found]) -> Tables | None:
        """The smallest data that gives some atoms all at once; None if no data does."""
        return self._of(self._program.smallest, atoms)

    def any(self, atoms: Iterable[Found]) -> Tables | None:
        """Some data that gives some atoms all at once; None if no data does."""
        return self._of(self._program.model, atoms)

    def _of(self, solve: Callable[[Sequence[int], Callable[[Holds], Tables]], Tables | None],
            atoms: Iterable[Found]) -> Tables | None:  # fmt: skip
        return solve([atom.number for atom in atoms if atom.number], self._read)

    def _read(self, holds: Holds) -> Tables:
        return {name: sorted((values for values, number in rows if holds(number)), key=str)
                for name, rows in self._rows.items()}  # fmt: skip


def _defined(predicates: Mapping[str, Predicate], names: Sequence[Mapping[str, str]]) -> str:
    """Declares everything that rules may read though nothing gives it: the solver would take it for a slip."""
    called = {name: name for name in predicates}
    for named in names:
        called |= {other: name for name, other in named.items() if name in predicates}
    lines = [f"#defined {other}/{len(predicates[name].arguments)}." for other, name in called.items()]
    return "\n".join([*lines, f"#defined {COST}/2."]) + "\n"
