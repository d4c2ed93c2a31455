"""Rows of tables: read, typed and checked, so that no rule ever sees a value it does not expect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from cchc.files import Record
from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest
from cchc.vocabulary import ABSENT, Argument, Predicate, Vocabulary, decimal_text, parse_value

OVERRIDES = ("provenance", "document")
"""Columns by which a row of any table overrides the provenance and the source of its table."""
EXPECTED = {
    "identifier": {"vi": "một mã", "en": "a code"},
    "constant": {"vi": "một giá trị", "en": "a value"},
    "integer": {"vi": "một số nguyên", "en": "a whole number"},
    "decimal": {"vi": "một số, ví dụ 3.75", "en": "a number, e.g. 3.75"},
    "date": {"vi": "một ngày, ví dụ 2024-04-17", "en": "a date, e.g. 2024-04-17"},
}
"""What an empty cell should hold, by the base of its type."""
PROVENANCES = ("published", "derived", "illustrative")


class Row(NamedTuple):
    """One row: its values in the order of the columns; a token such as `unknown` stays text."""

    table: str
    values: tuple[str | int, ...]
    at: Location
    provenance: str
    source: str | None


class RowReader:
    """Collects rows and problems; a bad row does not hide the next."""

    def __init__(self, vocabulary: Vocabulary, duties: Mapping[str, str] | None, years: tuple[int, ...] = (),
                 sources: Iterable[str] = ()) -> None:  # fmt: skip
        """`duties` are the ids that a column of type `duty` may hold, each with what it is called in the text in force."""
        self.vocabulary = vocabulary
        self.duties = duties
        self.years = years
        self.sources = frozenset(sources)
        self.rows: dict[str, list[Row]] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.keys: dict[tuple[str, tuple[str | int, ...]], Location] = {}
        self.cells: dict[Row, Callable[[str], Location]] = {}
        self.damaged: set[str] = set()

    @contextmanager
    def reading(self, table: str) -> Iterator[None]:
        """Collects the problems of one table. What a damaged table lacks is not held against other tables."""
        before = len(self.problems)
        try:
            yield
        except Invalid as error:
            self.problems += error.problems
        if len(self.problems) > before:
            self.damaged.add(table)

    def table(self, name: str, at: Location) -> Predicate:
        tables = self.vocabulary.tables()
        if name not in tables:
            raise invalid(at, "unknown-table", found=name, hint=nearest(name, tables), allowed=listed(tables, most=30))
        return tables[name]

    def columns(self, predicate: Predicate, found: Mapping[str, Location], at: Location) -> None:
        allowed = [column.name for column in predicate.columns]
        for name, place in found.items():
            if name not in allowed and name not in OVERRIDES:
                raise invalid(place, "unknown-column", found=name, hint=nearest(name, allowed), allowed=listed(allowed))
        for column in predicate.columns:
            if column.name not in found and not column.optional and column.default is None:
                raise invalid(at, "missing-column", found=column.name, table=predicate.name)

    def add(self, predicate: Predicate, record: Record, provenance: str, source: str | None) -> None:
        try:
            values = tuple(self._value(predicate, column, record) for column in predicate.columns)
            self._check_row(predicate, values, record)
            self._check_overrides(record)
        except Invalid as error:
            self.problems += error.problems
            return
        for column, value in zip(predicate.columns, values, strict=True):
            if column.type.name == "duty" and not value:  # the text asked about no longer has this duty
                year = next((values[predicate.place(one.name)] for one in predicate.columns if one.type.name == "year"), None)
                details = {"found": record.values[column.name], "year": year}
                self.warnings.append(Problem(record.places(column.name), "vanished-duty", details))
                return
        row = Row(predicate.name, values, record.at, record.values.get("provenance") or provenance,
                  record.values.get("document") or source)  # fmt: skip
        key = (predicate.name, tuple(values[predicate.place(name)] for name in predicate.key))
        if key in self.keys:
            shown = ", ".join(str(part) for part in key[1])
            self.problems.append(Problem(record.at, "repeated-row", {"found": shown, "first": self.keys[key]}))
            return
        self.keys[key] = record.at
        self.cells[row] = record.places
        self.rows.setdefault(predicate.name, []).append(row)

    def _value(self, predicate: Predicate, column: Argument, record: Record) -> str | int:
        text, place = record.values.get(column.name, ""), record.places(column.name)
        if text in column.tokens:
            return text
        if text == "" or (column.optional and text == ABSENT):
            if column.optional:
                return ABSENT
            if column.default is not None:
                return column.default
            expected = listed(column.type.values) if column.type.values else EXPECTED[column.type.base]
            raise invalid(place, "empty-value", found=column.name, allowed=expected)
        value = parse_value(column.type, text, place)
        if column.type.name == "duty" and self.duties is not None:
            if text not in self.duties:
                raise invalid(place, "unknown-duty", found=text, hint=nearest(text, self.duties))
            return self.duties[text]
        # Rules write an empty cell as `none`, and what stands for unknown items as `?` and the code of the unit.
        reserved = text == ABSENT or text.startswith("?")
        declares = column is predicate.columns[0] and column.type.table == predicate.name
        if column.type.base == "identifier" and (reserved or (declares and text in column.type.exempt)):
            raise invalid(place, "reserved-identifier", found=text)
        return value

    def _check_row(self, predicate: Predicate, values: tuple[str | int, ...], record: Record) -> None:
        for column, value in zip(predicate.columns, values, strict=True):
            place, text = record.places(column.name), record.values.get(column.name, "")
            if column.option("positive") and value == 0:
                raise invalid(place, "not-positive", found=text)
            limit = column.option("at_most")
            if limit is not None and isinstance(value, int):
                maximum = values[predicate.place(limit)]
                if isinstance(maximum, int) and value > maximum:
                    raise invalid(place, "over-maximum", found=decimal_text(value), allowed=decimal_text(maximum))
            above = column.option("warn_above")
            if above is not None and isinstance(value, int) and value > above * 1_000_000:
                self.warnings.append(Problem(place, "above-scale", {"found": text, "allowed": above}))
            if self.years and column.name == "year" and "year" in predicate.key and value not in self.years:
                raise invalid(place, "year-outside", found=value, allowed=listed(str(year) for year in self.years))

    def _check_overrides(self, record: Record) -> None:
        provenance, source = (record.values.get(name) for name in OVERRIDES)
        if provenance and provenance not in PROVENANCES:
            raise invalid(record.places("provenance"), "not-allowed", found=provenance,
                          hint=nearest(provenance, PROVENANCES), allowed=listed(PROVENANCES))  # fmt: skip
        if source:
            self.source(source, record.places("document"))

    def source(self, key: str, at: Location) -> None:
        if key not in self.sources:
            raise invalid(at, "unknown-source", found=key, hint=nearest(key, self.sources),
                          allowed=listed(sorted(self.sources)) or "–")  # fmt: skip

    def unit(self, code: str, at: Location) -> None:
        """Check a unit named outside the tables."""
        units = [str(row.values[0]) for row in self.rows.get("unit", ())]
        if code not in units and "unit" not in self.damaged:
            raise invalid(at, "undeclared", found=code, table="unit", hint=nearest(code, units))

    def frozen(self) -> dict[str, tuple[Row, ...]]:
        return {table: tuple(rows) for table, rows in self.rows.items()}

    def check(self) -> None:
        """What only whole tables can show: undeclared codes, circles, figures of years without the item."""
        self._check_references()
        self._check_lifetimes()
        self._check_circles()
        from cchc.second_look import second_look  # here, for it reads what this module collects

        self.warnings += second_look(self)
        if self.problems:
            raise Invalid(self.problems)

    def _problem(self, row: Row, column: str, code: str, **details: object) -> None:
        self.problems.append(Problem(self.cells[row](column), code, details))

    def _check_references(self) -> None:
        declared = {name: {row.values[0] for row in self.rows.get(name, ())} for name in self.vocabulary.tables()}
        for table, rows in self.rows.items():
            predicate = self.vocabulary.predicates[table]
            for position, column in enumerate(predicate.columns):
                target = column.type.table
                if target is not None and target not in self.damaged and (target != table or position > 0):
                    known = declared[target] | {ABSENT, *column.type.exempt}
                    for row in rows:
                        if (value := row.values[position]) not in known:
                            hint = nearest(str(value), map(str, declared[target]))
                            self._problem(row, column.name, "undeclared", found=value, table=target, hint=hint)
                if column.option("unique"):
                    self._check_unique(rows, position, column.name)
                if corrected := column.option("corrects"):
                    self._check_corrections(rows, position, column.name, self.vocabulary.predicates[corrected])

    def _check_unique(self, rows: Iterable[Row], position: int, column: str) -> None:
        first: dict[str | int, Location] = {}
        for row in rows:
            if (value := row.values[position]) in first:
                self._problem(row, column, "successor-twice", found=value, first=first[value])
            first.setdefault(value, self.cells[row](column))

    def _check_corrections(self, rows: Iterable[Row], position: int, column: str, corrected: Predicate) -> None:
        """A correction needs a figure to correct, and keeps to its maximum."""
        if corrected.name in self.damaged:
            return
        limit = corrected.argument(column).option("at_most")
        announced = {row.values[: len(corrected.key)]: row for row in self.rows.get(corrected.name, ())}
        for row in rows:
            found = announced.get(row.values[: len(corrected.key)])
            if found is None:
                first = corrected.key[0]
                self._problem(row, first, "nothing-to-correct", found=row.values[0], year=row.values[1])
                continue
            value, maximum = row.values[position], found.values[corrected.place(limit)] if limit else None
            if isinstance(value, int) and isinstance(maximum, int) and value > maximum:
                self._problem(row, column, "over-maximum", found=decimal_text(value), allowed=decimal_text(maximum))

    def _check_lifetimes(self) -> None:
        """Figures of a year without the item are errors; where a succession implies it, and for other rows, warnings."""
        for exists in self.vocabulary.supplied("lifetime").values():
            span = exists.option("lifetime")
            table = self.vocabulary.predicates[span["table"]]
            lives = {row.values[0]: [row.values[table.place(span[end])] for end in ("from", "to")]
                     for row in self.rows.get(span["table"], ())}  # fmt: skip
            stated = {item: tuple(life) for item, life in lives.items()}
            for row in self.rows.get(span["succession"], ()):
                item, predecessor, year = row.values
                if isinstance(year, int) and lives.get(item, [None])[0] == ABSENT:
                    lives[item][0] = year
                if isinstance(year, int) and lives.get(predecessor, [None, None])[1] == ABSENT:
                    lives[predecessor][1] = year - 1
            for name, predicate in self.vocabulary.tables().items():
                if predicate.key[:1] != (table.key[0],) or "year" not in predicate.key or name == span["table"]:
                    continue
                figures = any(column.completes == "order" for column in predicate.columns)
                position = predicate.place("year")
                for row in self.rows.get(name, ()):
                    item, year = row.values[0], row.values[position]
                    if figures and _outside(year, stated.get(item)):
                        self._problem(row, "year", "year-before-item", found=item, year=year)
                    elif _outside(year, lives.get(item)):
                        self.warnings.append(Problem(row.at, "year-before-item", {"found": item, "year": year}))

    def _check_circles(self) -> None:
        for name, predicate in self.vocabulary.tables().items():
            for position, column in enumerate(predicate.columns):
                if position and column.type.table is not None and column.type is predicate.columns[0].type:
                    above = {row.values[0]: row.values[position] for row in self.rows.get(name, ())}
                    for row in self.rows.get(name, ()):
                        if _on_circle(row.values[0], above):
                            self._problem(row, column.name, "own-ancestor", found=row.values[0])


def _outside(year: str | int, life: Sequence[str | int] | None) -> bool:
    if life is None or not isinstance(year, int):
        return False
    first, last = life
    return (isinstance(first, int) and year < first) or (isinstance(last, int) and year > last)


def _on_circle(start: str | int, above: Mapping[str | int, str | int]) -> bool:
    seen, current = set[str | int](), above.get(start)
    while current is not None and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = above.get(current)
    return False
