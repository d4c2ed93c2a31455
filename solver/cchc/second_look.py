"""Rows that the law still gives an answer for, but that are worth a second look: the vocabulary says what to look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cchc.problems import Location, Problem, listed
from cchc.rows import Row, RowReader
from cchc.vocabulary import ABSENT, Argument, Predicate, decimal_text

Value = str | int


def second_look(reader: RowReader) -> Iterator[Problem]:
    """Warnings about the rows read, by table and column."""
    for table in reader.vocabulary.tables().values():
        for column in table.columns:
            for option, check in _CHECKS.items():
                if (asked := column.option(option)) is not None:
                    yield from check(_Column(reader, table, column), asked)


class _Column:
    """One column of the rows read."""

    def __init__(self, reader: RowReader, table: Predicate, column: Argument) -> None:
        self.reader = reader
        self.table = table
        self.type = column.type
        self.name = column.name
        self.place = table.place(column.name)
        self.rows: Sequence[Row] = reader.rows.get(table.name, ())

    def key(self, row: Row, names: Sequence[str], table: Predicate | None = None) -> tuple[Value, ...]:
        return tuple(row.values[(table or self.table).place(name)] for name in names)

    def problem(self, row: Row, code: str, **details: object) -> Problem:
        return Problem(self.at(row), code, details)

    def at(self, row: Row) -> Location:
        return self.reader.cells[row](self.name)

    def where(self, wanted: Mapping[str, Sequence[str]]) -> list[Row]:
        """The rows that have one of the values in each of some columns."""
        return [row for row in self.rows
                if all(row.values[self.table.place(name)] in values for name, values in wanted.items())]  # fmt: skip


def _expected_for(column: _Column, asked: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for other, values in asked.items():
        for row in column.where({other: values}):
            if row.values[column.place] == ABSENT:
                yield column.problem(row, "expected-value", found=row.values[0], column=column.name)


def _not_before(column: _Column, asked: Mapping[str, Any]) -> Iterator[Problem]:
    earlier = column.reader.vocabulary.predicates[asked["table"]]
    (dated,) = (index for index, other in enumerate(earlier.columns) if other.type.base == "date")
    first: dict[tuple[Value, ...], int] = {}
    for row in column.reader.rows.get(earlier.name, ()):
        key, day = column.key(row, asked["same"], earlier), row.values[dated]
        if isinstance(day, int):
            first[key] = min(day, first.get(key, day))
    for row in column.rows:
        day, start = row.values[column.place], first.get(column.key(row, asked["same"]))
        if isinstance(day, int) and start is not None and day < start:
            yield column.problem(row, "too-early", found=date.fromordinal(day), allowed=date.fromordinal(start),
                                 table=earlier.name)  # fmt: skip


def _after_year(column: _Column, asked: str) -> Iterator[Problem]:
    for row in column.rows:
        day, year = row.values[column.place], row.values[column.table.place(asked)]
        if isinstance(day, int) and isinstance(year, int) and date.fromordinal(day).year <= year:
            yield column.problem(row, "within-year", found=date.fromordinal(day), year=year)


def _once(column: _Column, asked: Mapping[str, Any]) -> Iterator[Problem]:
    first: dict[tuple[Value, ...], Location] = {}
    for row in column.where({column.name: asked["values"]} if "values" in asked else {}):
        if (value := row.values[column.place]) != ABSENT:
            key = (*column.key(row, asked["same"]), value)
            if key in first:
                yield column.problem(row, "said-twice", found=", ".join(map(str, key)), first=first[key])
            first.setdefault(key, column.at(row))


def _needs(column: _Column, asked: Mapping[str, Any]) -> Iterator[Problem]:
    other = column.reader.vocabulary.predicates[asked["table"]]
    known = {column.key(row, asked["same"], other) for row in column.reader.rows.get(other.name, ())}
    for row in column.rows:
        if other.name not in column.reader.damaged and (key := column.key(row, asked["same"])) not in known:
            yield column.problem(row, "no-counterpart", found=", ".join(map(str, key)), table=other.name)


def _refers_to(column: _Column, asked: Mapping[str, Any]) -> Iterator[Problem]:
    declared = column.reader.vocabulary.predicates[column.type.table or ""]
    described = declared.argument(asked["column"])
    kinds = {row.values[0]: row.values[declared.place(described.name)] for row in column.reader.rows.get(declared.name, ())}
    names = {lang: [described.type.values[value][lang] for value in asked["values"]] for lang in ("vi", "en")}
    for row in column.where(asked.get("where", {})):
        kind = kinds.get(value := row.values[column.place])
        if kind is not None and kind not in asked["values"]:
            allowed = {lang: listed(words) for lang, words in names.items()}
            yield column.problem(row, "wrong-kind", found=value, kind=described.type.values[str(kind)], allowed=allowed)


def _unbroken(column: _Column, asked: bool) -> Iterator[Problem]:
    others = [name for name in column.table.key if name != column.name] if asked else []
    found: dict[tuple[Value, ...], dict[int, Row]] = {}
    for row in column.rows:
        if isinstance(year := row.values[column.place], int):
            found.setdefault(column.key(row, others), {})[year] = row
    for key, rows in found.items():
        for year in column.reader.years:
            if min(rows) < year < max(rows) and year not in rows:
                later = min(known for known in rows if known > year)
                yield column.problem(rows[later], "broken-years", found=", ".join(map(str, key)), year=year)


def _sum_of(column: _Column, asked: str) -> Iterator[Problem]:
    """An item of a year against the sum of those items that name it as what they are a part of, if all have a number."""
    names = next(other for other in column.table.columns if other.type.table is not None)
    items = column.reader.vocabulary.predicates[names.type.table or ""]
    spans = [exists.option("lifetime") for exists in column.reader.vocabulary.supplied("lifetime").values()]
    lives = [(items.place(span["from"]), items.place(span["to"])) for span in spans if span["table"] == items.name]
    parts: dict[Value, list[Row]] = {}
    for item in column.reader.rows.get(items.name, ()):
        parts.setdefault(item.values[items.place(asked)], []).append(item)
    found = {column.key(row, column.table.key): row for row in column.rows}
    for row in column.rows:
        year = row.values[column.table.place("year")]
        living = [part for part in parts.get(row.values[0], ()) if all(_alive(part, year, *life) for life in lives)]
        rows = [found.get((part.values[0], year)) for part in living]
        values = [part.values[column.place] for part in (row, *rows) if part is not None]
        numbers = [value for value in values if isinstance(value, int)]
        if living and len(numbers) == len(rows) + 1 and numbers[0] != sum(numbers[1:]):
            yield column.problem(row, "not-the-sum", found=decimal_text(numbers[0]), allowed=decimal_text(sum(numbers[1:])))


def _alive(item: Row, year: Value, first: int, last: int) -> bool:
    begin, end = (year if value == ABSENT else value for value in (item.values[first], item.values[last]))
    return int(begin) <= int(year) <= int(end)


_CHECKS: dict[str, Callable[[_Column, Any], Iterator[Problem]]] = {
    "expected_for": _expected_for, "not_before": _not_before, "after_year": _after_year, "once": _once, "needs": _needs,
    "refers_to": _refers_to, "unbroken": _unbroken, "sum_of": _sum_of,
}  # fmt: skip
