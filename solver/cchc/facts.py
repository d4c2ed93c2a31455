"""From policy facts and data rows to the facts of a logic program, each with its origin."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from cchc.asp import Program
from cchc.dataset import Dataset
from cchc.figures import Figures, Origin, Slot, family
from cchc.policy import Policy
from cchc.rows import Row
from cchc.vocabulary import ABSENT, SCALE, Atom, Predicate, fact, term


class Facts(NamedTuple):
    """The facts of one evaluation: program text, where each comes from, the unit of each id that stands for unknown items,
    the types of such ids, and the verdicts asked for by name with the tables that have rows. `like` makes those of the same
    data under other readings, which may leave other figures open (raises Invalid)."""

    text: str
    origins: Mapping[Atom, Origin]
    anonymous: Mapping[str, str]
    anonymous_types: frozenset[str]
    requested: frozenset[str]
    like: Callable[[Mapping[str, str]], Facts]


def facts_of(policy: Policy, dataset: Dataset, years: Sequence[int], readings: Mapping[str, str], as_of: datetime.date | None,
             requested: Collection[str]) -> Facts:  # fmt: skip
    """All facts for the years asked about; `requested` are the verdicts asked for by name. Raises Invalid."""
    return _Builder(policy, dataset, years, as_of, requested).facts(readings)


def _readings(readings: Mapping[str, str]) -> str:
    return "".join(f"reading({name},{value}).\n" for name, value in sorted(readings.items()))


class _Builder:
    def __init__(self, policy: Policy, dataset: Dataset, years: Sequence[int], as_of: datetime.date | None,
                 requested: Collection[str]) -> None:  # fmt: skip
        self.policy = policy
        self.vocabulary = policy.vocabulary
        self.dataset = dataset
        self.rules = policy.rules
        self.years = years
        self.as_of = as_of
        self.rows = dataset.as_of(self.vocabulary, as_of)
        self.requested = frozenset((*requested, *(name for name, rows in self.rows.items() if rows)))
        self.read = {atom.name for rule in self.rules for atom in rule.atoms}
        self.lines: dict[str, list[str]] = {}
        self.origins: dict[Atom, Origin] = {}
        self.anonymous: dict[str, str] = {}
        self.anonymous_types: set[str] = set()

        self._done: dict[tuple[str, str, tuple[Slot, ...]], Figures] = {}
        self._build()

    def _build(self) -> None:
        """All facts but those that depend on the readings: the figures, of which the readings tell what is left open."""
        for stated in self.policy.facts:
            if self.vocabulary.predicates[stated.atom.predicate].wanted(self.requested):
                self._add(stated.atom, stated)
        for name in self.vocabulary.supplied("asked"):
            for year in self.years:
                self._add(Atom(name, (year,)))
        for name, predicate in self.vocabulary.supplied("on_request").items():
            if predicate.kind == "input" and predicate.wanted(self.requested):
                for year in self.years:
                    self._add(Atom(name, (year,)))
        for name in self.vocabulary.supplied("uncovered"):
            for year in self._uncovered():
                self._add(Atom(name, (year,)))
        self._calendar()
        self._anonymous_items()
        self._lifetimes()
        self._companions()
        for name, predicate in self.vocabulary.tables().items():
            if name not in self.read:
                continue  # facts that no rule reads would only cost time
            if not _holds_figures(predicate) and not any(column.option("corrects") for column in predicate.columns):
                for row in self.rows.get(name, ()):
                    if not _tokens(predicate, row):
                        self._add(Atom(name, row.values), row)
            self._choice(predicate)

    def facts(self, readings: Mapping[str, str]) -> Facts:
        slots = self._open_slots(readings)
        lines = [line for lines in self.lines.values() for line in lines]
        origins = dict(self.origins)
        for table in self.vocabulary.tables().values():
            if table.name in self.read and _holds_figures(table):
                for found in self._figures(table, slots):
                    lines += found.lines
                    origins |= found.origins
        text = self._defined() + "\n".join(lines) + "\n" + _readings(readings)
        return Facts(text, origins, self.anonymous, frozenset(self.anonymous_types), self.requested, self.facts)

    def _defined(self) -> str:
        return "".join(f"#defined {name}/{len(predicate.arguments)}.\n"
                       for name, predicate in self.vocabulary.predicates.items())  # fmt: skip

    def _add(self, atom: Atom, origin: Origin | None = None) -> None:
        text = f"{fact(self.vocabulary.predicates[atom.predicate], atom.arguments)}."
        self.lines.setdefault(atom.predicate, []).append(text)
        if origin is not None:
            self.origins[atom] = origin

    def _calendar(self) -> None:
        """The date of review, public holidays, weekend days worked in exchange for a day off."""
        for name in self.vocabulary.supplied("today") if self.as_of else ():
            assert self.as_of is not None
            self._add(Atom(name, (self.as_of.toordinal(),)))
        for name, predicate in self.vocabulary.supplied("calendar").items():
            days = predicate.option("calendar")
            for day in sorted(self.dataset.calendar.get((days["country"], days["days"]), ())):
                self._add(Atom(name, (day,)))

    # -- Items: who exists when, and the anonymous items of units with incompletely known tables -------------

    def _anonymous_items(self) -> None:
        for name, units in self.dataset.incomplete.items():
            table = self.vocabulary.predicates[name]
            rule = table.option("incomplete")
            if not isinstance(rule, dict):
                continue
            self.anonymous_types.add(table.argument(rule["anonymous"]).type.name)
            target = table.argument(rule["anonymous"]).type.table
            assert target is not None
            declared = self.vocabulary.predicates[target]
            for unit in sorted(units):
                anonymous = f"?{unit}"
                self.anonymous[anonymous] = unit
                columns = (rule["declares"].get(column.name, ABSENT) for column in declared.columns[1:])
                self._add(Atom(target, (anonymous, *columns)))
                for marker in self.vocabulary.supplied("stands_in"):
                    self._add(Atom(marker, (anonymous,)))
                for year in self._window():
                    given = {rule["anonymous"]: anonymous, "unit": unit, "year": year, **rule["rows"]}
                    self._add(Atom(name, tuple(given[column.name] for column in table.columns)))

    def _window(self) -> range:
        lifetimes = [entry.option("lifetime") for entry in self.vocabulary.supplied("lifetime").values()]
        history = max((lifetime["history"] for lifetime in lifetimes), default=0)
        return range(min(self.years) - history, max(self.years) + 1)

    def _uncovered(self) -> list[int]:
        """Years that verdicts may look back to and the dataset does not cover; one without, as most cases, covers all."""
        return [year for year in self._window() if self.dataset.years and year not in self.dataset.years]

    def _lifetimes(self) -> None:
        for name, predicate in self.vocabulary.supplied("lifetime").items():
            span = predicate.option("lifetime")
            items = self.vocabulary.predicates[span["table"]]
            first, last = items.place(span["from"]), items.place(span["to"])
            succession = [row.values for row in self.rows.get(span["succession"], ())]
            starts = {item: int(year) for item, _, year in succession}
            ends = {predecessor: int(year) for _, predecessor, year in succession}
            lives = [(row.values[0], row.values[first], row.values[last]) for row in self.rows.get(span["table"], ())]
            for item, begin, end in [*lives, *((anonymous, ABSENT, ABSENT) for anonymous in self.anonymous)]:
                first_year = begin if isinstance(begin, int) else starts.get(item)
                last_year = end if isinstance(end, int) else _before(ends.get(item))
                for year in self._window():
                    if (first_year is None or year >= first_year) and (last_year is None or year <= last_year):
                        self._add(Atom(name, (item, year)))

    # -- Unknown values --------------------------------------------------------------------------------

    def _companions(self) -> None:
        """`<table>_recorded` for rows with a value, `<table>_unknown` for values that exist but are not in the data."""
        for name, predicate in self.vocabulary.supplied("recorded").items():
            table = self.vocabulary.predicates[predicate.option("recorded")]
            for row in self.rows.get(table.name, ()):
                if not _tokens(table, row):
                    self._add(Atom(name, tuple(row.values[table.place(column.name)] for column in predicate.arguments)))
        for name, predicate in self.vocabulary.supplied("unknown").items():
            table = self.vocabulary.predicates[predicate.option("unknown")]
            rows = self.rows.get(table.name, ())
            keys = {tuple(row.values[table.place(column)] for column in table.key): row for row in rows}
            missing = [(unit, year) for unit in sorted(self.dataset.incomplete.get(table.name, ())) for year in self.years]
            for key in [*(key for key, row in keys.items() if "unknown" in _tokens(table, row)),
                        *(key for key in missing if key not in keys)]:  # fmt: skip
                self._add(Atom(name, key), keys.get(key))

    def _choice(self, predicate: Predicate) -> None:
        """What an open slot of the table may become, as one choice rule over candidate facts."""
        if (opened := predicate.option("open")) is None:
            return
        if predicate.option("carried_back"):
            return self._carried_back(predicate, opened)
        completed = next(column for column in predicate.columns if column.completes)
        variables = {argument.name: f"X{index}" for index, argument in enumerate(predicate.arguments)}
        key = ",".join(variables[name] for name in predicate.key)
        free = key + "," if completed.completes == "order" else ""
        free += ",".join(variable for name, variable in variables.items() if name not in predicate.key)
        atom = f"{predicate.name}({','.join(variables.values())})"
        size = free.count(",") + 1
        lines = self.lines.setdefault(predicate.name, [])
        lines += [f"#defined {predicate.name}_candidate/{size}.",
                  f"1 {{ {atom} : {predicate.name}_candidate({free}) }} 1 :- {opened}({key})."]  # fmt: skip
        if completed.completes == "thresholds":
            bounds = {(completed.low or 0) * SCALE, (completed.high or 0) * SCALE}
            values = sorted(self._thresholds(predicate, completed.name) | bounds)
            for value in sorted({*values, *((low + high) // 2 for low, high in pairwise(values))}):
                lines.append(f"{predicate.name}_candidate({value}).")
        elif isinstance(completed.completes, tuple):
            lines += [f"{predicate.name}_candidate({value})." for value in completed.completes]

    def _carried_back(self, table: Predicate, opened: str) -> None:
        """In a year that the dataset does not cover, each row of the next year that it covers may hold or not; a row about an
        item that has succeeded another since is then about that one."""
        spans = [predicate.option("lifetime") for predicate in self.vocabulary.supplied("lifetime").values()]
        before = {row.values[0]: row.values[1:] for span in spans for row in self.rows.get(span["succession"], ())}
        items = [index for index, column in enumerate(table.columns) if column.type.table in {span["table"] for span in spans}]
        dated = table.place("year")
        lines = self.lines.setdefault(table.name, [])
        for year in self._uncovered():
            later = min((known for known in self.dataset.years if known > year), default=None)
            for row in self.rows.get(table.name, ()):
                if row.values[dated] == later:
                    values = [year if index == dated else value for index, value in enumerate(row.values)]
                    for index in items:
                        while values[index] in before and int(before[values[index]][1]) > year:
                            values[index] = before[values[index]][0]
                    slot = {column.name: term(column.type, value) for column, value in zip(table.columns, values, strict=True)}
                    key = ",".join(slot[argument.name] for argument in self.vocabulary.predicates[opened].arguments)
                    lines.append(f"{{ {fact(table, tuple(values))} }} :- {opened}({key}).")

    def _thresholds(self, predicate: Predicate, column: str) -> set[int]:
        """Every value of the same type that the text states or a table sets as a threshold, within the bounds."""
        argument = predicate.argument(column)
        low, high = (argument.low or 0) * SCALE, (argument.high or 0) * SCALE
        adopted = {row.values[table.place(other.name)] for table in self.vocabulary.tables().values()
                   for other in table.columns if other.option("threshold") and other.type is argument.type
                   for row in self.rows.get(table.name, ())}  # fmt: skip
        stated = {value for fact_ in self.policy.facts
                  for described, value in zip(self.vocabulary.predicates[fact_.atom.predicate].arguments, fact_.atom.arguments,
                                              strict=True) if described.type is argument.type}  # fmt: skip
        return {value for value in stated | adopted if isinstance(value, int) and low <= value <= high}

    # -- Figures: points, maximum, and the rank of the share among all that occur in the item's family ----------

    def _figures(self, table: Predicate, open_slots: Sequence[Slot]) -> Iterator[Figures]:
        corrections = next((other for other in self.vocabulary.tables().values()
                            if any(column.option("corrects") == table.name for column in other.columns)), None)  # fmt: skip
        families = self._families()
        rows: dict[Any, list[Row]] = {}
        for row in self.rows.get(table.name, ()):
            rows.setdefault(families.get(row.values[0], row.values[0]), []).append(row)
        corrected: dict[Any, list[Row]] = {}
        for row in self.rows.get(corrections.name, ()) if corrections else ():
            corrected.setdefault(families.get(row.values[0], row.values[0]), []).append(row)
        slots: dict[Any, list[Slot]] = {}
        for item, year in open_slots:
            slots.setdefault(families.get(item, item), []).append((item, year))
        for first in sorted({*rows, *slots}):
            key = (table.name, first, tuple(sorted(slots.get(first, []))))
            if key not in self._done:
                self._done[key] = family(self.vocabulary, self.dataset.name, table, rows.get(first, []),
                                         corrected.get(first, []), key[2])  # fmt: skip
            yield self._done[key]

    def _families(self) -> dict[Any, Any]:
        """For each item that succeeds another, the first of its line."""
        before: dict[Any, Any] = {}
        for predicate in self.vocabulary.supplied("lifetime").values():
            for row in self.rows.get(predicate.option("lifetime")["succession"], ()):
                before[row.values[0]] = row.values[1]
        first: dict[Any, Any] = {}
        for item in before:
            root = item
            while root in before:
                root = before[root]
            first[item] = root
        return first

    def _open_slots(self, readings: Mapping[str, str]) -> list[Slot]:
        """The figures that rules ask for and the data lack: found by solving just the rules that say so."""
        wanted = {table.option("open") for table in self.vocabulary.tables().values() if _holds_figures(table)} - {None}
        opened = sorted(wanted)
        needed = set[str]()
        while wanted:
            name = wanted.pop()
            needed.add(name)
            for rule in self.rules:
                if rule.head is not None and rule.head.name == name:
                    wanted |= {atom.name for atom in rule.atoms} - needed
        lines = [line for name in sorted(needed) for line in self.lines.get(name, ())]
        lines += [rule.plain for rule in self.rules if rule.head is not None and rule.head.name in needed]
        program = Program([], self._defined() + "\n".join(lines) + "\n" + _readings(readings))
        return sorted((str(item), int(year)) for name in opened for item, year in program.open(name, 2))


def _holds_figures(table: Predicate) -> bool:
    """Whether a table holds figures that are compared with each other."""
    return any(column.completes == "order" for column in table.columns)


def _before(year: int | None) -> int | None:
    return None if year is None else year - 1


def _tokens(predicate: Predicate, row: Row) -> set[str]:
    """The tokens (`unknown`, `not_announced`) that stand in place of a value in a row."""
    return {str(value) for column, value in zip(predicate.columns, row.values, strict=True) if value in column.tokens}
