"""What must hold of any policy: every rule can fire, every value of a reading matters, every number of the text matters.

Each is searched for in all spaces; what no data shows is reported with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from cchc.policy import Policy, PolicyFact
from cchc.problems import Location
from cchc.properties import Properties, Space
from cchc.search import Search
from cchc.twins import parting
from cchc.vocabulary import SCALE, Atom, Vocabulary
from cchc.worlds import Line, World, together, undecided, world

_LEAST = SCALE // 10_000
"""The smallest step of a decimal: figures have four decimals."""
_FIRES, _DIFFERS = "fires__", "differs__"

T = TypeVar("T")


class Check(NamedTuple):
    """A check: how many things were looked at, and those that failed, with their place and how a reader knows them."""

    name: str
    examined: int
    failed: tuple[tuple[Location, str], ...]


def all_checks(policy: Policy, properties: Properties) -> list[Check]:
    """Every check of this module. Raises Invalid."""
    spaces = list(properties.spaces.values())
    return [check(policy, spaces) for check in (rules_fire, readings_matter, numbers_matter)] if spaces else []


def rules_fire(policy: Policy, spaces: Iterable[Space]) -> Check:
    """Every rule can fire, on some data under some values of the readings."""
    rules = {rule.number: rule for rule in policy.rules if rule.head is not None and rule.body}
    left = dict(rules)
    predicates = policy.vocabulary.predicates
    for space in spaces:
        if left:
            fires = [Line(_FIRES, frozenset(atom.name for atom in rule.atoms if atom.role != "head"),
                          f"{_FIRES}({number}) :- {rule.body}.") for number, rule in left.items()]  # fmt: skip
            made = together([undecided(policy, fires)], [_FIRES], policy.vocabulary)
            for found in Search(space, predicates, made, {made.names[0][_FIRES]: 1}).occurring():
                left.pop(int(found.arguments[0]))
    return Check("rules-fire", len(rules), tuple((rule.at, " ".join(rule.text.split())) for rule in left.values()))


def readings_matter(policy: Policy, spaces: Iterable[Space]) -> Check:
    """Each value of a reading other than the default changes some verdict on some data, all else read by default."""
    default = policy.values_of("default", {}, Location("cchc"))
    changes = {(name, value): reading for name, reading in policy.readings.items() for value in reading.values
               if value != default[name]}  # fmt: skip
    others = {key: world(policy, {**default, key[0]: key[1]}) for key in changes}
    left = _equal(world(policy, default), others, policy.vocabulary, spaces, full=True)
    return Check("readings-matter", len(changes), tuple((changes[key].at, f"{key[0]}={key[1]}") for key in left))


def numbers_matter(policy: Policy, spaces: Sequence[Space]) -> Check:
    """Each number that the text states and rules compare decides something: with the next smaller or the next greater
    number in its place, some verdict changes on some data. So data lies on both sides of every threshold."""
    compared = _compared(policy)
    numbers = [(index, place) for index, stated in enumerate(policy.facts) for place in compared.get(stated.atom.predicate, ())]
    left = list(numbers)
    default = policy.values_of("default", {}, Location("cchc"))

    def by_default(facts: Iterable[PolicyFact]) -> World:
        return world(policy, default, stated=facts)

    def by_any(facts: Iterable[PolicyFact]) -> World:
        return undecided(policy, stated=facts)

    # Most are found by default and with the smaller number: the other ways are only tried for what is left.
    for way, step, full in ((by_default, -1, False), (by_default, 1, False), (by_any, -1, True), (by_any, 1, True)):
        others = {number: way(_moved(policy, *number, step)) for number in left}
        left = _equal(way(policy.facts), others, policy.vocabulary, spaces, full=full) if left else left
    failed = [policy.facts[index] for index, _ in left]
    return Check("numbers-matter", len(numbers),
                 tuple((stated.at, f"{stated.atom.predicate}: {stated.words}") for stated in failed))  # fmt: skip


def _equal(base: World, others: Mapping[T, World], vocabulary: Vocabulary, spaces: Iterable[Space], *,
           full: bool) -> list[T]:  # fmt: skip
    """Which of some worlds give the same verdicts as the first on all data; unless in `full`, only verdicts that rest on no
    others are looked at."""
    left = dict(others)
    for early in (True, False) if full else (True,):
        for space in spaces:
            if space.only_rules or not left:
                continue
            made, parted = parting([base, *left.values()], vocabulary, early=early)
            lines = (f"{_DIFFERS}({each.other}) :- {each.atom}(_).\n" for each in parted)
            search = Search(space, vocabulary.predicates, made._replace(text=made.text + "".join(lines)), {_DIFFERS: 1})
            differ = {found.arguments[0] for found in search.met()}
            left = {key: each for index, (key, each) in enumerate(left.items(), start=1) if index not in differ}
    return list(left)


def _compared(policy: Policy) -> dict[str, tuple[int, ...]]:
    """For each predicate of the text, the places of the numbers that some rule compares or counts with."""
    found: dict[str, set[int]] = {}
    for rule in policy.rules:
        compared = {name for comparison in rule.comparisons for name in comparison.variables}
        for atom in rule.atoms:
            predicate = policy.vocabulary.predicates.get(atom.name)
            if predicate is not None and predicate.kind == "policy":
                found.setdefault(atom.name, set()).update(
                    place for place, (argument, term) in enumerate(zip(predicate.arguments, atom.terms, strict=True))
                    if argument.type.base in {"decimal", "integer"} and term.text in compared)  # fmt: skip
    return {name: tuple(sorted(places)) for name, places in found.items()}


def _moved(policy: Policy, index: int, place: int, step: int) -> Iterator[PolicyFact]:
    """What the text states, with one number moved by the smallest step."""
    for number, stated in enumerate(policy.facts):
        if number == index:
            predicate = policy.vocabulary.predicates[stated.atom.predicate]
            arguments = list(stated.atom.arguments)
            least = _LEAST if predicate.arguments[place].type.base == "decimal" else 1
            arguments[place] = int(arguments[place]) + step * least
            stated = stated._replace(atom=Atom(stated.atom.predicate, tuple(arguments)))
        yield stated
