"""Yearly data: typed rows with their place, provenance and source, checked before any rule sees them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cchc.files import Document, Record, load_csv, load_yaml
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.schema import validate
from cchc.vocabulary import ABSENT, Argument, Predicate, Vocabulary, decimal_text, parse_value

OVERRIDES = ("provenance", "document")
"""Columns by which a row of any table overrides the provenance and the source of its table."""
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

    @classmethod
    def load(cls, folder: Path | str, policy: Policy) -> Dataset:
        """Load a dataset folder. Raises Invalid with every problem found."""
        return _load_folder(Path(folder), policy.vocabulary)

    @classmethod
    def from_tables(cls, name: str, document: Document, path: tuple[str | int, ...], policy: Policy) -> Dataset:
        """Rows given inline, as the `given` of a case. Raises Invalid."""
        reader = _Reader(policy.vocabulary)
        given = document.data
        for step in path:
            given = given[step]
        for table, entries in given.items():
            predicate = reader.table(table, document.keys[(*path, table)])
            for index, values in enumerate(entries):
                here = (*path, table, index)
                if index == 0 or set(values) != set(entries[index - 1]):
                    reader.columns(predicate, {key: document.keys[(*here, key)] for key in values}, document.at(here))
                record = Record(document.at(here), values, lambda column, here=here: document.at((*here, column)))
                reader.add(predicate, record, "illustrative", None)
        reader.check()
        return cls(name, {}, None, None, (), reader.frozen(), {}, {}, {}, "", tuple(reader.warnings))

    def units(self) -> tuple[str, ...]:
        return tuple(str(row.values[0]) for row in self.rows.get("unit", ()))

    def as_of(self, vocabulary: Vocabulary, day: datetime.date | None) -> dict[str, tuple[Row, ...]]:
        """The rows known on a day: those of a later date are left out (contract section 6)."""
        if day is None:
            return dict(self.rows)
        kept = {}
        for table, rows in self.rows.items():
            dated = [i for i, column in enumerate(vocabulary.predicates[table].columns) if column.type.base == "date"]
            kept[table] = tuple(row for row in rows if all(_not_after(row.values[i], day) for i in dated))
        return kept


def _not_after(value: str | int, day: datetime.date) -> bool:
    return not isinstance(value, int) or value <= day.toordinal()


class _Reader:
    """Collects rows and problems; a bad row does not hide the next."""

    def __init__(self, vocabulary: Vocabulary, years: tuple[int, ...] = ()) -> None:
        self.vocabulary = vocabulary
        self.years = years
        self.rows: dict[str, list[Row]] = {}
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.keys: dict[tuple[str, tuple[str | int, ...]], Location] = {}

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
            values = tuple(self._value(column, record) for column in predicate.columns)
            self._check_row(predicate, values, record)
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
        self.rows.setdefault(predicate.name, []).append(row)

    def _value(self, column: Argument, record: Record) -> str | int:
        text = record.values.get(column.name, "")
        if text in column.tokens:
            return text
        if text == "" or (column.optional and text == ABSENT):
            if column.optional:
                return ABSENT
            if column.default is not None:
                return column.default
            expected = listed(column.type.values) if column.type.values else column.type.name
            raise invalid(record.places(column.name), "empty-value", found=column.name, allowed=expected)
        return parse_value(column.type, text, record.places(column.name))

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

    def frozen(self) -> dict[str, tuple[Row, ...]]:
        return {table: tuple(rows) for table, rows in self.rows.items()}

    def check(self) -> None:
        """What only whole tables can show: undeclared codes, circles, figures of years without the item."""
        self._check_references()
        self._check_lifetimes()
        self._check_circles()
        if self.problems:
            raise Invalid(self.problems)

    def _check_references(self) -> None:
        declared = {name: {row.values[0] for row in self.rows.get(name, ())} for name in self.vocabulary.tables()}
        for table, rows in self.rows.items():
            predicate = self.vocabulary.predicates[table]
            for position, column in enumerate(predicate.columns):
                target = column.type.table
                if target is None or (target == table and position == 0):
                    continue
                for row in rows:
                    value = row.values[position]
                    if value not in declared[target] and value != ABSENT and value not in column.type.exempt:
                        names = [str(name) for name in declared[target]]
                        details = {"found": value, "table": target, "hint": nearest(str(value), names)}
                        self.problems.append(Problem(row.at, "undeclared", details))
                if column.option("unique"):
                    self._check_unique(rows, position)
            for column in predicate.columns:
                if corrected := column.option("corrects"):
                    self._check_corrections(rows, corrected)

    def _check_unique(self, rows: Iterable[Row], position: int) -> None:
        first: dict[str | int, Location] = {}
        for row in rows:
            if (value := row.values[position]) in first:
                self.problems.append(Problem(row.at, "successor-twice", {"found": value, "first": first[value]}))
            first.setdefault(value, row.at)

    def _check_corrections(self, rows: Iterable[Row], corrected: str) -> None:
        for row in rows:
            if (corrected, row.values[:2]) not in self.keys:
                details = {"found": row.values[0], "year": row.values[1]}
                self.problems.append(Problem(row.at, "nothing-to-correct", details))

    def _check_lifetimes(self) -> None:
        for exists in self.vocabulary.supplied("lifetime").values():
            span = exists.option("lifetime")
            table = self.vocabulary.predicates[span["table"]]
            lives = {row.values[0]: tuple(row.values[table.index(span[end])] for end in ("from", "to"))
                     for row in self.rows.get(span["table"], ())}  # fmt: skip
            for name, predicate in self.vocabulary.tables().items():
                if not any(column.completes == "order" for column in predicate.columns):
                    continue
                for row in self.rows.get(name, ()):
                    first, last = lives.get(row.values[0], (ABSENT, ABSENT))
                    year = row.values[1]
                    assert isinstance(year, int)
                    if (isinstance(first, int) and year < first) or (isinstance(last, int) and year > last):
                        details = {"found": row.values[0], "year": year}
                        self.problems.append(Problem(row.at, "year-before-item", details))

    def _check_circles(self) -> None:
        for name, predicate in self.vocabulary.tables().items():
            for position, column in enumerate(predicate.columns):
                if position and column.type.table is not None and column.type is predicate.columns[0].type:
                    above = {row.values[0]: row.values[position] for row in self.rows.get(name, ())}
                    for row in self.rows.get(name, ()):
                        self._check_circle(row, above)

    def _check_circle(self, row: Row, above: Mapping[str | int, str | int]) -> None:
        seen, current = {row.values[0]}, above.get(row.values[0])
        while current is not None and current != ABSENT:
            if current in seen:
                self.problems.append(Problem(row.at, "own-ancestor", {"found": row.values[0]}))
                return
            seen.add(current)
            current = above.get(current)


def instrument_of(folder: Path) -> str:
    """The instrument a dataset names. Raises Invalid."""
    described = load_yaml(folder / "dataset.yaml")
    validate(described, "dataset")
    return str(described.data["instrument"])


def _load_folder(folder: Path, vocabulary: Vocabulary) -> Dataset:
    described = load_yaml(folder / "dataset.yaml")
    validate(described, "dataset")
    data = described.data
    reader = _Reader(vocabulary, tuple(data["years"]))
    incomplete: dict[str, frozenset[str] | None] = {}
    digest = hashlib.sha256((folder / "dataset.yaml").read_bytes())
    for name, entry in data["tables"].items():
        try:
            predicate = reader.table(name, described.keys[("tables", name)])
            if (missing := _incomplete(predicate, entry["complete"], described, vocabulary)) is not True:
                incomplete[name] = missing
            _check_source(entry.get("source"), data["sources"], described.at(("tables", name, "source")))
            if "file" not in entry:
                if missing is True:
                    raise invalid(described.keys[("tables", name)], "missing-table", found=name)
                continue
            path = _inside(folder, entry["file"], described.at(("tables", name, "file")))
            _read_table(reader, predicate, path, entry, data["sources"])
            digest.update(path.read_bytes())
        except Invalid as error:
            reader.problems += error.problems
    labels = _labels(folder, data, described) if "labels" in data else {}
    reader.check()
    units = frozenset(str(row.values[0]) for row in reader.rows.get("unit", ()))
    return Dataset(
        folder.resolve().name, data["title"], data.get("notice"), data["instrument"], tuple(data["years"]), reader.frozen(),
        {name: units if names is None else names for name, names in incomplete.items()}, labels, data["sources"],
        digest.hexdigest(), tuple(reader.warnings),
    )  # fmt: skip


def _read_table(reader: _Reader, predicate: Predicate, path: Path, entry: Mapping[str, Any],
                sources: Mapping[str, Any]) -> None:  # fmt: skip
    columns, records = load_csv(path)
    reader.columns(predicate, columns, Location(display_path(path)))
    for record in records:
        if (provenance := record.values.get("provenance")) and provenance not in PROVENANCES:
            raise invalid(record.places("provenance"), "not-allowed", found=provenance,
                          hint=nearest(provenance, PROVENANCES), allowed=listed(PROVENANCES))  # fmt: skip
        _check_source(record.values.get("document"), sources, record.places("document"))
        reader.add(predicate, record, entry["provenance"], entry.get("source"))


def _check_source(key: str | None, sources: Mapping[str, Any], at: Location) -> None:
    if key and key not in sources:
        raise invalid(at, "unknown-source", found=key, hint=nearest(key, sources), allowed=listed(sources))


def _incomplete(predicate: Predicate, complete: Any, described: Document, vocabulary: Vocabulary) -> Any:
    """True for a complete table, else the units left open (None: all of them)."""
    if complete is True:
        return True
    if not predicate.option("incomplete"):
        allowed = [name for name, other in vocabulary.tables().items() if other.option("incomplete")]
        raise invalid(described.at(("tables", predicate.name, "complete")), "no-rows-known", found=predicate.name,
                      value="false", allowed=listed(allowed))  # fmt: skip
    return None if complete is False else frozenset(complete["except"])


def _inside(folder: Path, name: str, at: Location) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise invalid(at, "outside-folder", found=name)
    return path


def _labels(folder: Path, data: Mapping[str, Any], described: Document) -> dict[str, dict[str, str]]:
    path = _inside(folder, data["labels"], described.at(("labels",)))
    columns, records = load_csv(path)
    for name in ("id", "vi", "en"):
        if name not in columns:
            raise invalid(Location(display_path(path)), "missing-column", found=name, table="labels")
    return {record.values["id"]: {"vi": record.values["vi"], "en": record.values["en"]} for record in records}


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
