"""Properties of a policy, each proved or refuted under each way to read the text, and compared with what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from cchc.policy import Policy
from cchc.problems import Location
from cchc.properties import FINDING, Properties, Property, Space
from cchc.search import Found, Search, Tables
from cchc.witness import Under
from cchc.worlds import property_lines, together, world

HERE = Location("cchc")


class Result(NamedTuple):
    """What was found of a property in one way to read the text: nothing, where it is proved."""

    of: Property
    under: Under
    keys: tuple[str, ...]


class Witness(NamedTuple):
    """The smallest data that refutes a property by a finding, in one or several ways to read the text."""

    of: Property
    key: str
    under: tuple[Under, ...]
    tables: Tables
    name: str


class Verification:
    """The properties of a policy, searched space by space."""

    def __init__(self, policy: Policy, properties: Properties, *, larger: bool = False) -> None:
        self.policy = policy
        self.properties = properties
        self.larger = larger
        self._searches: dict[str, Search] = {}
        self._found: dict[tuple[str, str, str], Found] = {}
        for space in properties.spaces.values():
            if asked := [each for each in properties.properties.values() if each.space.name == space.name]:
                self._search(space, asked)

    def under(self, asked: Property) -> list[Under]:
        """The ways to read the text that a property is tried in. (Another version of the text may settle a reading.)"""
        readings = self.policy.readings
        also = [Under("default", changes) for changes in asked.also.values()
                if all(name in readings and value in readings[name].values for name, value in changes.items())]  # fmt: skip
        return [*map(Under, self.policy.profiles), *also]

    def _search(self, space: Space, asked: Sequence[Property]) -> None:
        predicates = self.policy.vocabulary.predicates
        ways = {under.name: under for each in asked for under in self.under(each)}
        worlds = []
        for under in ways.values():
            fit = [each for each in asked if under in self.under(each)]
            more = [line for each in fit for line in property_lines(each.name, each.rules, predicates)]
            worlds.append(world(self.policy, self.policy.values_of(under.profile, under.readings, HERE), more))
        roots = {f"{each.name}__{FINDING}": each for each in asked}
        made = together(worlds, roots, self.policy.vocabulary)
        of = [(names[root], name, each.name) for name, names in zip(ways, made.names, strict=True)
              for root, each in roots.items() if root in names]  # fmt: skip
        search = Search(space, predicates, made, {called: 1 for called, *_ in of}, larger=self.larger,
                        files=[each.path for each in asked])  # fmt: skip
        self._searches[space.name] = search
        for found in search.occurring():
            for called, way, name in of:
                if called == found.predicate:
                    self._found[name, way, str(found.arguments[0])] = found

    def results(self) -> Iterator[Result]:
        """Every property in every way to read the text."""
        for name, each in self.properties.properties.items():
            for under in self.under(each):
                keys = (key for prop, way, key in self._found if (prop, way) == (name, under.name))
                yield Result(each, under, tuple(sorted(keys)))

    def findings(self) -> dict[tuple[str, str], list[Under]]:
        """For each finding of each property, the ways to read the text in which there is one."""
        found: dict[tuple[str, str], list[Under]] = {}
        for result in self.results():
            for key in result.keys:
                found.setdefault((result.of.name, key), []).append(result.under)
        return dict(sorted(found.items()))

    def _called(self, name: str, key: str, way: Under) -> str:
        """The id of a case: the finding and the first way to read the text that it is about."""
        shared = {of for of, _, other in self._found if other == key} != {name}
        return f"{name}-{key}-{way.id}" if shared else f"{key}-{way.id}"

    def witnesses(self, name: str, key: str, ways: Iterable[Under]) -> list[Witness]:
        """The smallest data that shows a finding, the same for as many ways to read the text as possible."""
        each = self.properties.properties[name]
        search = self._searches[each.space.name]
        left = [(way, self._found[name, way.name, key]) for way in ways]
        made: list[Witness] = []
        while left:
            joined = left[:1]
            for way, found in left[1:]:
                if search.any([*(other for _, other in joined), found]) is not None:
                    joined.append((way, found))
            tables = search.smallest([found for _, found in joined])
            assert tables is not None
            made.append(Witness(each, key, tuple(way for way, _ in joined), tables, self._called(name, key, left[0][0])))
            left = [entry for entry in left if entry not in joined]
        return made
