"""Everything there is to say about a dataset, worked out once and kept: verdicts with proofs, what would settle those that
are only possible, what a better level lacks, and the figures behind them.

What plays which part (a level, a gap, an index, a score) is said by the `explorer` options of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cchc.applicable import Applicable, applicable
from cchc.cache import remembered
from cchc.dataset import Dataset
from cchc.evaluation import Case, Evaluation, Verdict, evaluate
from cchc.facts import Facts
from cchc.policy import Policy, files_of
from cchc.problems import Problem
from cchc.robustness import Outcomes, Settling, Slot, settling, spans
from cchc.rows import PROVENANCES, Row
from cchc.vocabulary import OPEN, Atom, Predicate, Vocabulary
from cchc.whynot import WhyNot

_COMPLETIONS = 60
"""How far the search for what settles a verdict goes; pages need an answer for every verdict, not the best for one."""
LEVEL, GAP, INDEX, SCORE, CHARGE, TREND, THRESHOLD, GROUP = (
    "level", "gap", "index", "score", "charge", "trend", "threshold", "group")  # fmt: skip


class Look(NamedTuple):
    """A verdict with its proofs. If it is only possible: the smallest sets of missing facts that settle it and what follows
    from them (none where too much is missing), and all that it may depend on."""

    verdict: Verdict
    cases: tuple[Case, ...]
    settled: tuple[tuple[Settling, Outcomes], ...] = ()
    missing: tuple[Slot, ...] = ()


class State(NamedTuple):
    """Where a unit stands in a year. `kind`: level (one, for certain), several (for certain), gap (certainly none), open
    (more than one outcome is possible) or none (nothing is said). Levels and gaps are those that are possible, best first."""

    kind: str
    levels: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


class Figure(NamedTuple):
    """An announced figure in millionths, or the word that stands for it; `most` is what it could have been."""

    year: int
    value: int | str
    provenance: str
    most: int | None = None


class Findings(NamedTuple):
    """What one version of the text says of some years of a dataset; nothing here needs the solver any more."""

    evaluation: Evaluation
    looks: tuple[Look, ...]
    why_not: Mapping[tuple[str, int], tuple[WhyNot, ...]]


class Roles:
    """Which predicates play which part, with their options."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        options = ((predicate, predicate.option("explorer")) for predicate in vocabulary.predicates.values())
        self._parts = {found["shows"]: (predicate, found) for predicate, found in options if found}

    def of(self, part: str) -> tuple[Predicate, Mapping[str, Any]] | None:
        return self._parts.get(part)

    def values(self, part: str) -> dict[str, Mapping[str, str]]:
        """What the value of a part can be, in the order of the vocabulary, with its names."""
        found = self.of(part)
        return dict(found[0].argument(found[1]["value"]).type.values) if found else {}

    def value(self, part: str, verdict: Verdict) -> str | None:
        """The value of a verdict that plays a part; None for any other verdict."""
        found = self.of(part)
        if found is None or verdict.predicate != found[0].name:
            return None
        if any(verdict.arguments[column] != wanted for column, wanted in found[1].get("where", {}).items()):
            return None
        return verdict.arguments[found[1]["value"]]


class Explored:
    """A dataset with the findings of every version of the text that applies to its years."""

    def __init__(self, folder: Path, policies: Path | None) -> None:
        scope = applicable(folder, policies)
        self.name = folder.name
        self.outside: tuple[tuple[int, Problem], ...] = scope.outside
        files = [*files_of(policies), *sorted(path for path in folder.iterdir() if path.is_file())]
        self.findings: tuple[Findings, ...] = remembered("explored", files, lambda: tuple(map(_findings, scope.versions)),
                                                         str(policies))  # fmt: skip
        newest = scope.versions[-1] if scope.versions else None
        self.dataset: Dataset = newest.dataset if newest else Dataset.load(folder, Policy.load(policies))
        self.policy: Policy = newest.policy if newest else Policy.load(policies)
        self.roles = Roles(self.policy.vocabulary)
        self.units = self.dataset.units()
        self.years = tuple(sorted(self.dataset.years))

    @cached_property
    def _by_unit(self) -> dict[tuple[str, int], list[tuple[Findings, Look]]]:
        found: dict[tuple[str, int], list[tuple[Findings, Look]]] = {}
        for each in self.findings:
            for look in each.looks:
                year = int(look.verdict.arguments.get("year", max(each.evaluation.years)))
                found.setdefault((look.verdict.arguments.get("unit", ""), year), []).append((each, look))
        return found

    def looks(self, unit: str, year: int) -> list[tuple[Findings, Look]]:
        """The verdicts about a unit in a year; with no unit, those about none."""
        return self._by_unit.get((unit, year), [])

    def findings_of(self, year: int) -> Findings | None:
        return next((each for each in self.findings if year in each.evaluation.years), None)

    def state(self, unit: str, year: int) -> State:
        return _state(self.roles, [look.verdict for _, look in self.looks(unit, year)])

    def states(self, year: int) -> dict[str, State]:
        return {unit: self.state(unit, year) for unit in self.units}

    # -- Figures ------------------------------------------------------------------------------------

    def figures(self, part: str) -> Mapping[str, list[Figure]]:
        """The figures of each unit or item, by year."""
        return self._figures.setdefault(part, self._read(part))

    @cached_property
    def _figures(self) -> dict[str, Mapping[str, list[Figure]]]:
        return {}

    def _read(self, part: str) -> Mapping[str, list[Figure]]:
        found = self.roles.of(part)
        if found is None:
            return {}
        predicate, options = found
        columns = [column.name for column in predicate.columns]
        read: dict[str, list[Figure]] = {}
        for row in self.dataset.rows.get(predicate.name, ()):
            values = dict(zip(columns, row.values, strict=True))
            most = values.get(options.get("of", ""))
            most = most if isinstance(most, int) else None
            figure = Figure(int(values["year"]), values[options["value"]], row.provenance, most)
            read.setdefault(str(row.values[0]), []).append(figure)
        return {name: sorted(figures) for name, figures in read.items()}

    @cached_property
    def thresholds(self) -> tuple[int, ...]:
        """The figures of the text that an index is held against."""
        found = self.roles.of(THRESHOLD)
        if found is None:
            return ()
        predicate, options = found
        place = predicate.place(options["value"])
        values = {fact.atom.arguments[place] for fact in self.policy.facts if fact.atom.predicate == predicate.name}
        return tuple(sorted(value for value in values if isinstance(value, int)))

    @cached_property
    def charges(self) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
        """The items that each unit is certainly in charge of, with the years."""
        found: dict[str, dict[str, list[int]]] = {}
        for (unit, year), looks in self._by_unit.items():
            for _, look in looks:
                item = self.roles.value(CHARGE, look.verdict)
                if item is not None and look.verdict.status == "certain":
                    found.setdefault(unit, {}).setdefault(item, []).append(year)
        return {unit: {item: tuple(sorted(years)) for item, years in sorted(items.items(), key=lambda each: _numbered(each[0]))}
                for unit, items in found.items()}  # fmt: skip

    @cached_property
    def falls(self) -> Mapping[str, frozenset[int]]:
        """The years in which an item certainly fell."""
        part = self.roles.of(TREND)
        found: dict[str, set[int]] = {}
        for (unit, year), looks in self._by_unit.items():
            for _, look in [] if unit else looks:
                value = self.roles.value(TREND, look.verdict)
                if part and value == part[1].get("falls") and look.verdict.status == "certain":
                    found.setdefault(look.verdict.arguments["item"], set()).add(year)
        return {item: frozenset(years) for item, years in found.items()}

    def groups(self) -> dict[str, list[str]]:
        """The units by the value of the column that groups them, both in the order of the vocabulary and the data."""
        found = self.roles.of(GROUP)
        if found is None:
            return {"": list(self.units)}
        predicate, options = found
        place = [column.name for column in predicate.columns].index(options["value"])
        groups: dict[str, list[str]] = {name: [] for name in predicate.argument(options["value"]).type.values}
        for row in self.dataset.rows.get(predicate.name, ()):
            groups.setdefault(str(row.values[place]), []).append(str(row.values[0]))
        return {name: units for name, units in groups.items() if units}

    def row_of(self, unit: str) -> Row | None:
        return next((row for row in self.dataset.rows.get("unit", ()) if row.values[0] == unit), None)

    @property
    def illustrative(self) -> bool:
        """Whether any figure was made up."""
        tables = {*self.dataset.declared, *self.dataset.rows}
        return any(self.dataset.provenance_of(table) == PROVENANCES[-1] for table in tables)


def _numbered(item: str) -> tuple[tuple[int, str], ...]:
    """Items in the order of their numbers: 1.9 before 1.10."""
    return tuple((int(part), "") if part.isdigit() else (10**6, part) for part in item.split("."))


def _state(roles: Roles, verdicts: Sequence[Verdict]) -> State:
    held: dict[str, dict[str, str]] = {LEVEL: {}, GAP: {}}
    for part, found in held.items():
        for verdict in verdicts:
            if (value := roles.value(part, verdict)) is not None:
                found[value] = verdict.status
    levels = tuple(value for value in roles.values(LEVEL) if value in held[LEVEL])
    gaps = tuple(value for value in roles.values(GAP) if value in held[GAP])
    if not levels and not gaps:
        return State("none")
    if any(status == "possible" for found in held.values() for status in found.values()):
        return State("open", levels, gaps)
    return State("gap" if not levels else "level" if len(levels) == 1 else "several", levels, gaps)


def _findings(one: Applicable) -> Findings:
    evaluation = evaluate(one.policy, one.dataset, years=one.years)
    looks = tuple(_look(evaluation, verdict) for verdict in evaluation.verdicts)
    return Findings(_frozen(evaluation), looks, _why_not(evaluation))


def _look(evaluation: Evaluation, verdict: Verdict) -> Look:
    cases = evaluation.cases(verdict)
    if verdict.status == "certain":
        return Look(verdict, cases)
    # Where not even the items are known there is no smallest set of facts, only a long search for one.
    reached = evaluation.answer.reached_choices(verdict.atom)
    anonymous = any(choice.arguments[0] in evaluation.facts.anonymous for choice in reached)
    settled, missing = settling(evaluation, verdict.atom, 0 if anonymous else _COMPLETIONS)
    return Look(verdict, cases, tuple((one, spans(evaluation, one)) for one in settled), tuple(missing))


def _frozen(evaluation: Evaluation) -> Evaluation:
    """The evaluation without its solver and what only the solver needs, so that it can be kept in a file."""
    facts = evaluation.facts._replace(text="", like=_forgotten)
    given = evaluation._replace(facts=facts, answer=None)  # type: ignore[arg-type]
    return Evaluation(*given)


def _forgotten(readings: Mapping[str, str]) -> Facts:
    raise AssertionError(f"kept findings are not solved again: {readings}")


def _why_not(evaluation: Evaluation) -> dict[tuple[str, int], tuple[WhyNot, ...]]:
    """For each unit and year what the next better level lacks, or where no level applies, what each of them lacks."""
    goals = dict(_goals(evaluation))
    found = evaluation.why_nots(goal for wanted in goals.values() for goal in wanted)
    # What no rule is about lacks everything: that says nothing.
    answers = {key: tuple(found[goal] for goal in wanted if goal in found and not found[goal].foreign)
               for key, wanted in goals.items()}  # fmt: skip
    return {key: answered for key, answered in answers.items() if answered}


def _goals(evaluation: Evaluation) -> Iterator[tuple[tuple[str, int], list[Atom]]]:
    roles = Roles(evaluation.policy.vocabulary)
    level = roles.of(LEVEL)
    if level is None:
        return
    predicate, options = level
    by_unit: dict[tuple[str, int], list[Verdict]] = {}
    for verdict in evaluation.verdicts:
        if {"unit", "year"} <= verdict.arguments.keys():
            by_unit.setdefault((verdict.arguments["unit"], int(verdict.arguments["year"])), []).append(verdict)
    order = list(roles.values(LEVEL))
    for (unit, year), verdicts in by_unit.items():
        state = _state(roles, verdicts)
        wanted: Iterable[str] = ()
        if state.levels:
            place = order.index(state.levels[0])
            wanted = order[max(place - 1, 0) : place]
        elif state.kind == "gap":
            wanted = order
        named: list[dict[str, str | int]] = [{"unit": unit, "year": year, options["value"]: value} for value in wanted]
        goals = [Atom(predicate.name, tuple(one.get(argument.name, OPEN) for argument in predicate.arguments)) for one in named]
        if goals:
            yield (unit, year), goals
