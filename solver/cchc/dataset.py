"""Yearly data: typed rows with their place, provenance and source, checked before any rule sees them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cchc.files import Document, Path_, Record, load_csv, load_yaml
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.schema import validate
from cchc.vocabulary import ABSENT, Argument, Predicate, Vocabulary, decimal_text, parse_date, parse_value

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


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values in the order of the columns; a token such as `unknown` stays text."""

    table: str
    values: tuple[str | int, ...]
    at: Location
    provenance: str
    source: str | None


@dataclass(frozen=True)
class Dataset:
    """Validated rows by table, and what is known of their completeness."""

    name: str
    title: Mapping[str, str]
    notice: Mapping[str, str] | None
    instrument: str | None
    years: tuple[int, ...]
    rows: Mapping[str, tuple[Row, ...]]
    incomplete: Mapping[str, frozenset[str]]
    labels: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, Any]]
    sha256: str
    warnings: tuple[Problem, ...] = ()
    holidays: Mapping[str, frozenset[int]] = field(default_factory=dict)
    declared: Mapping[str, str] = field(default_factory=dict)
    """The provenance that dataset.yaml declares for each table."""

    @classmethod
    def load(cls, folder: Path | str, policy: Policy) -> Dataset:
        """Load a dataset folder. Raises Invalid with every problem found."""
        return _load_folder(Path(folder), policy.vocabulary)

    @classmethod
    def from_tables(cls, name: str, document: Document, path: Path_, policy: Policy) -> Dataset:
        """Rows given inline, as the `given` of a case. Raises Invalid."""
        reader = _Reader(policy.vocabulary)
        given = document.data
        for step in path:
            given = given[step]
        for table, entries in given.items():
            with reader.reading(table):
                predicate = reader.table(table, document.keys[(*path, table)])
                for index, values in enumerate(entries):
                    here: Path_ = (*path, table, index)
                    if index == 0 or set(values) != set(entries[index - 1]):
                        columns = {key: document.keys[(*here, key)] for key in values}
                        reader.columns(predicate, columns, document.at(here))


                    def places(column: str, here: Path_ = here) -> Location:
                        return document.at((*here, column))

                    reader.add(predicate, Record(document.at(here), values, places), "illustrative", None)
        reader.check()
        rows = reader.frozen()
        return cls(name, {}, None, None, (), rows, {}, {}, {}, "", tuple(reader.warnings), holidays_of(policy.vocabulary, rows))

    def provenance_of(self, table: str) -> str:
        """The least reliable provenance in a table, its absent rows included."""
        found = {row.provenance for row in self.rows.get(table, ())} | {self.declared.get(table, PROVENANCES[0])}
        return max(found, key=PROVENANCES.index)

    def units(self) -> tuple[str, ...]:
        return tuple(str(row.values[0]) for row in self.rows.get("unit", ()))

    def as_of(self, vocabulary: Vocabulary, day: datetime.date | None) -> dict[str, tuple[Row, ...]]:
        """The rows known on a day: those of a later date are left out (contract section 6)."""
        if day is None:
            return dict(self.rows)
        kept = {}
        for table, rows in self.rows.items():
            dated = [i for i, column in enumerate(vocabulary.predicates[table].columns)
                     if column.type.base == "date" and not column.option("timeless")]  # fmt: skip
            kept[table] = tuple(row for row in rows if all(_not_after(row.values[i], day) for i in dated))
        return kept


def _outside(year: str | int, life: Sequence[str | int] | None) -> bool:
    if life is None or not isinstance(year, int):
        return False
    first, last = life
    return (isinstance(first, int) and year < first) or (isinstance(last, int) and year > last)


def _not_after(value: str | int, day: datetime.date) -> bool:
    return not isinstance(value, int) or value <= day.toordinal()


class _Reader:
    """Collects rows and problems; a bad row does not hide the next."""

    def __init__(self, vocabulary: Vocabulary, years: tuple[int, ...] = (), sources: Iterable[str] = ()) -> None:
        self.vocabulary = vocabulary
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
        row = Row(predicate.name, values, record.at, record.values.get("provenance") or provenance,
                  record.values.get("document") or source)  # fmt: skip
        key = (predicate.name, tuple(values[predicate.index(name)] for name in predicate.key))
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
                maximum = values[predicate.index(limit)]
                if isinstance(maximum, int) and value > maximum:
                    raise invalid(place, "over-maximum", found=decimal_text(value), allowed=decimal_text(maximum))
            above = column.option("warn_above")
            if above is not None and isinstance(value, int) and value > above * 1_000_000:
                self.warnings.append(Problem(place, "above-scale", {"found": text, "allowed": above}, warning=True))
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
            value, maximum = row.values[position], found.values[corrected.index(limit)] if limit else None
            if isinstance(value, int) and isinstance(maximum, int) and value > maximum:
                self._problem(row, column, "over-maximum", found=decimal_text(value), allowed=decimal_text(maximum))

    def _check_lifetimes(self) -> None:
        """Figures of a year without the item are errors; where a succession implies it, and for other rows, warnings."""
        for exists in self.vocabulary.supplied("lifetime").values():
            span = exists.option("lifetime")
            table = self.vocabulary.predicates[span["table"]]
            lives = {row.values[0]: [row.values[table.index(span[end])] for end in ("from", "to")]
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
                position = predicate.index("year")
                for row in self.rows.get(name, ()):
                    item, year = row.values[0], row.values[position]
                    if figures and _outside(year, stated.get(item)):
                        self._problem(row, "year", "year-before-item", found=item, year=year)
                    elif _outside(year, lives.get(item)):
                        self.warnings.append(Problem(row.at, "year-before-item", {"found": item, "year": year}, warning=True))

    def _check_circles(self) -> None:
        for name, predicate in self.vocabulary.tables().items():
            for position, column in enumerate(predicate.columns):
                if position and column.type.table is not None and column.type is predicate.columns[0].type:
                    above = {row.values[0]: row.values[position] for row in self.rows.get(name, ())}
                    for row in self.rows.get(name, ()):
                        if _on_circle(row.values[0], above):
                            self._problem(row, column.name, "own-ancestor", found=row.values[0])


def _on_circle(start: str | int, above: Mapping[str | int, str | int]) -> bool:
    seen, current = set[str | int](), above.get(start)
    while current is not None and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = above.get(current)
    return False


def holidays_of(vocabulary: Vocabulary, rows: Mapping[str, Sequence[Row]]) -> dict[str, frozenset[int]]:
    """Public holidays, by country, of every year that the rows name a date in and of the next; dates as ordinals."""
    years = {datetime.date.fromordinal(value).year + step for name, predicate in vocabulary.tables().items()
             for row in rows.get(name, ()) for column, value in zip(predicate.columns, row.values, strict=True)
             if column.type.base == "date" and isinstance(value, int) for step in (0, 1)}  # fmt: skip
    countries = {predicate.option("holidays") for predicate in vocabulary.supplied("holidays").values()}
    if not years or not countries:
        return {}
    from holidays import country_holidays  # imported late: it takes longer than most evaluations

    return {country: frozenset(day.toordinal() for day in country_holidays(country, years=years)) for country in countries}


def described(folder: Path) -> Document:
    """The `dataset.yaml` of a folder, checked against its schema. Raises Invalid."""
    document = load_yaml(folder / "dataset.yaml", nfc=True)
    validate(document, "dataset")
    return document


def _load_folder(folder: Path, vocabulary: Vocabulary) -> Dataset:
    document = described(folder)
    data = document.data
    reader = _Reader(vocabulary, tuple(data["years"]), data["sources"])
    incomplete: dict[str, frozenset[str] | None] = {}
    digest = hashlib.sha256((folder / "dataset.yaml").read_bytes())
    for key, source in data["sources"].items():
        with reader.reading("sources"):
            if "date" in source:
                parse_date(source["date"], document.at(("sources", key, "date")))
    for name, entry in data["tables"].items():
        here = ("tables", name)
        with reader.reading(name):
            predicate = reader.table(name, document.keys[here])
            if (missing := _incomplete(predicate, entry["complete"], document, vocabulary)) is not True:
                incomplete[name] = missing
            if "source" in entry:
                reader.source(entry["source"], document.at((*here, "source")))
            if "file" in entry:
                path = _inside(folder, entry["file"], document.at((*here, "file")))
                columns, records = load_csv(path, reader.problems)
                reader.columns(predicate, columns, Location(display_path(path)))
                for record in records:
                    reader.add(predicate, record, entry["provenance"], entry.get("source"))
                digest.update(path.read_bytes())
            elif missing is True:
                raise invalid(document.keys[here], "missing-table", found=name)
    for name, listed_units in incomplete.items():
        for index, unit in enumerate(data["tables"][name]["complete"]["except"] if listed_units else ()):
            with reader.reading(name):
                reader.unit(unit, document.at(("tables", name, "complete", "except", index)))
    labels: dict[str, dict[str, str]] = {}
    with reader.reading("labels"):
        if "labels" in data:
            labels = _labels(_inside(folder, data["labels"], document.at(("labels",))), reader.problems)
    reader.check()
    units = frozenset(str(row.values[0]) for row in reader.rows.get("unit", ()))
    return Dataset(
        folder.resolve().name, data["title"], data.get("notice"), data["instrument"], tuple(data["years"]),
        reader.frozen(), {name: units if names is None else names for name, names in incomplete.items()}, labels,
        data["sources"], digest.hexdigest(), tuple(reader.warnings), holidays_of(vocabulary, reader.rows),
        {name: entry["provenance"] for name, entry in data["tables"].items()},
    )  # fmt: skip


def _incomplete(predicate: Predicate, complete: Any, document: Document, vocabulary: Vocabulary) -> Any:
    """True for a complete table, else the units left open (None: all of them)."""
    if complete is True:
        return True
    if not predicate.option("incomplete"):
        allowed = [name for name, other in vocabulary.tables().items() if other.option("incomplete")]
        raise invalid(document.at(("tables", predicate.name, "complete")), "no-rows-known", found=predicate.name,
                      value="{except: …}" if complete else "false", allowed=listed(allowed))  # fmt: skip
    return None if complete is False else frozenset(complete["except"])


def _inside(folder: Path, name: str, at: Location) -> Path:
    """A file that `dataset.yaml` names, which must lie in its folder, also behind symbolic links."""
    path = folder / name
    try:
        inside, there = path.resolve().is_relative_to(folder.resolve()), path.is_file()
    except (OSError, RuntimeError, ValueError):  # a name too long, links in a circle, a NUL character
        inside, there = True, False
    if not inside:
        raise invalid(at, "outside-folder", found=name)
    if not there:
        raise invalid(at, "missing-file", found=name)
    return path


def _labels(path: Path, problems: list[Problem]) -> dict[str, dict[str, str]]:
    columns, records = load_csv(path, problems)
    names = ("id", "vi", "en")
    for name, place in columns.items():
        if name not in names:
            raise invalid(place, "unknown-column", found=name, hint=nearest(name, names), allowed=listed(names))
    for name in names:
        if name not in columns:
            raise invalid(Location(display_path(path)), "missing-column", found=name, table="labels")
    labels: dict[str, dict[str, str]] = {}
    first: dict[str, Location] = {}
    for record in records:
        code = record.values["id"]
        for name in names:
            if not record.values[name]:
                allowed = {"vi": "một tên", "en": "a name"} if name != "id" else {"vi": "một mã", "en": "a code"}
                problems.append(Problem(record.places(name), "empty-value", {"found": name, "allowed": allowed}))
        if code in first:
            problems.append(Problem(record.at, "repeated-row", {"found": code, "first": first[code]}))
        first.setdefault(code, record.at)
        labels[code] = {"vi": record.values["vi"], "en": record.values["en"]}
    return labels


Labeller = Callable[[str, str], str]


def labeller(dataset: Dataset, lang: str, anonymous: Mapping[str, str]) -> Labeller:
    """Display names: the dataset's label where it has one, else the code itself.

    `anonymous` maps an id that stands for unknown items to the unit that holds them.
    """

    def label(type_name: str, value: str) -> str:
        if value in anonymous:
            unit = label("unit", anonymous[value])
            return f"nội dung chưa biết của {unit}" if lang == "vi" else f"an unknown item of {unit}"
        entry = dataset.labels.get(value) if type_name in {"unit", "item"} else None
        if entry is None:
            return value
        return f"{value} {entry[lang]}" if type_name == "item" else entry[lang]

    return label
