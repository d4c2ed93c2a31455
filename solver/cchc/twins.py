"""Two policies, or one under two readings, over the same data: which verdicts can differ, each with the smallest data.

No difference means that both give the same verdicts for all data of the spaces searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc.evaluation import evaluate
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.properties import Space
from cchc.search import Search
from cchc.vocabulary import Predicate, Vocabulary
from cchc.witness import Data, data_of
from cchc.worlds import Together, World, below, together, world

OLD, NEW = "old", "new"

Row = tuple[str, tuple[tuple[str, str], ...]]
"""A verdict as users read it: its status, and its arguments by name."""


class Difference(NamedTuple):
    """A kind of verdict that two policies can disagree on: the data, and the rows that only the one or the other gives; no
    rows if the engine sees no difference on it (data names a duty by a number that it has in one of the texts only): then
    nothing is known of the kind."""

    predicate: str
    space: str
    data: Data
    old: tuple[Row, ...]
    new: tuple[Row, ...]


class Parted(NamedTuple):
    """An atom that holds where world number `other` differs from the first in a kind of verdict."""

    atom: str
    other: int
    predicate: str


def differences(old: Policy, new: Policy, readings_old: Mapping[str, str], readings_new: Mapping[str, str],
                spaces: Iterable[Space]) -> list[Difference]:  # fmt: skip
    """For each kind of verdict that two policies, each under all its readings, can disagree on, and each of the two that
    may give more, the smallest data on which they do. Raises Invalid."""
    vocabulary = new.vocabulary._replace(predicates={**old.vocabulary.predicates, **new.vocabulary.predicates})
    made, parted = parting([world(old, readings_old), world(new, readings_new)], vocabulary)
    found: list[Difference] = []
    unconfirmed: dict[str, Difference] = {}
    seen: set[tuple[str, str]] = set()
    for space in spaces:
        kinds = {each.atom: each.predicate for each in parted if not {(each.predicate, OLD), (each.predicate, NEW)} <= seen}
        if space.only_rules or not kinds:
            continue
        search = Search(space, vocabulary.predicates, made, dict.fromkeys(kinds, 1))
        for atom in search.occurring():
            key = kinds[atom.predicate], str(atom.arguments[0])
            if key not in seen and (tables := search.smallest([atom])) is not None:
                data = data_of(vocabulary, tables)
                before, after = (_rows(policy, data, readings, key[0])
                                 for policy, readings in ((old, readings_old), (new, readings_new)))  # fmt: skip
                if before != after:
                    seen.add(key)
                    found.append(Difference(key[0], space.name, data, tuple(sorted(before - after)),
                                            tuple(sorted(after - before))))  # fmt: skip
                else:
                    unconfirmed.setdefault(key[0], Difference(key[0], space.name, data, (), ()))
    told = {each.predicate for each in found}
    return [*found, *(each for kind, each in unconfirmed.items() if kind not in told)]


def parting(worlds: Sequence[World], vocabulary: Vocabulary, *, early: bool = False) -> tuple[Together, list[Parted]]:
    """One program for all worlds, in which an atom tells where another world differs from the first in a kind of verdict;
    no atoms where no rules or facts differ that verdicts rest on. Kinds that rest on others are left out if asked for what
    shows differences `early`."""
    verdicts = vocabulary.of_kind("verdict")
    names = together(worlds, verdicts, vocabulary).names
    apart = [{name for name in verdicts if other[name] != names[0][name]} for other in names[1:]]
    if early:
        under = {name: below(worlds[0], [name]) - {name} for name in verdicts}
        apart = [{name for name in kinds if kinds.isdisjoint(under[name])} or kinds for kinds in apart]
    made = together(worlds, set().union(*apart), vocabulary)  # what cannot differ need not be solved
    parted: list[Parted] = []
    lines: list[str] = []
    for number, kinds in enumerate(apart, start=1):
        for name in sorted(kinds):
            parted.append(Parted(f"parted__{number}__{name}", number, name))
            lines += _differ(parted[-1].atom, verdicts[name], made.names[0][name], made.names[number][name])
    return made._replace(text=made.text + "\n".join(lines) + "\n"), parted


def _differ(atom: str, predicate: Predicate, one: str, other: str) -> list[str]:
    arguments = f"({','.join(f'X{index}' for index in range(len(predicate.arguments)))})" if predicate.arguments else ""
    return [f"{atom}({side}) :- {more}{arguments}, not {less}{arguments}."
            for side, more, less in ((OLD, one, other), (NEW, other, one))]  # fmt: skip


def _rows(policy: Policy, data: Data, readings: Mapping[str, str], kind: str) -> frozenset[Row]:
    """The rows of one kind that the engine itself gives."""
    if kind not in policy.vocabulary.of_kind("verdict"):
        return frozenset()
    try:
        dataset = data.dataset(policy)
    except Invalid:  # it names a duty by the number that it has in the other text only
        return frozenset()
    evaluation = evaluate(policy, dataset, years=[data.year], readings=readings, as_of=data.as_of, verdicts=[kind])
    return frozenset((verdict.status, tuple(verdict.arguments.items())) for verdict in evaluation.verdicts)
