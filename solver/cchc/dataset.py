"""Yearly data: datasets of typed rows with their place, provenance and source."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import Document, Path_, Record, load_csv
from cchc.policy import Policy
from cchc.problems import Location, Problem, display_path, invalid, listed, nearest
from cchc.rows import PROVENANCES, Row, RowReader
from cchc.schema import load_valid
from cchc.vocabulary import Predicate, Vocabulary, parse_date


class Dataset(NamedTuple):
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
    calendar: Mapping[tuple[str, str], frozenset[int]] = {}
    declared: Mapping[str, str] = {}
    """The provenance that dataset.yaml declares for each table."""
    years_at: Location = Location("dataset.yaml")

    @classmethod
    def load(cls, folder: Path | str, policy: Policy) -> Dataset:
        """Load a dataset folder. Raises Invalid with every problem found."""
        return _load_folder(Path(folder), policy)

    @classmethod
    def from_tables(cls, name: str, document: Document, path: Path_, policy: Policy,
                    incomplete: Mapping[str, frozenset[str]] | None = None, years: tuple[int, ...] = (), *,
                    any_duty: bool = False) -> Dataset:  # fmt: skip
        """Rows given inline, as the `given` of a case, which names duties as the text in force does (with `any_duty`, as any
        text may); `incomplete` are the units that a table may lack rows of, `years` those covered (none: all). Raises
        Invalid."""
        reader = RowReader(policy.vocabulary, None if any_duty else {name: name for name in policy.duties}, years)
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
        return cls(name, {}, None, None, years, rows, incomplete or {}, {}, {}, "", tuple(reader.warnings),
                   calendar_of(policy.vocabulary, rows))  # fmt: skip

    def provenance_of(self, table: str) -> str:
        """The least reliable provenance in a table, its absent rows included."""
        found = {row.provenance for row in self.rows.get(table, ())} | {self.declared.get(table, PROVENANCES[0])}
        return max(found, key=PROVENANCES.index)

    def units(self) -> tuple[str, ...]:
        return tuple(str(row.values[0]) for row in self.rows.get("unit", ()))

    def check_unit(self, code: str, at: Location) -> None:
        """Raises Invalid for a unit that is not in the data; a code is suggested for its name, too."""
        units = self.units()
        if code not in units:
            names = {name: unit for unit in units for name in self.labels.get(unit, {}).values()}
            raise invalid(at, "unknown-unit", found=code, hint=nearest(code, units, names), allowed=listed(units, 40) or "–")

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


def _not_after(value: str | int, day: datetime.date) -> bool:
    return not isinstance(value, int) or value <= day.toordinal()


def calendar_of(vocabulary: Vocabulary, rows: Mapping[str, Sequence[Row]]) -> dict[tuple[str, str], frozenset[int]]:
    """Of every year that the rows name a date in and of the next, by country: public holidays, and the weekend days worked
    in exchange for a day off (`workdays`); dates as ordinals."""
    years = {datetime.date.fromordinal(value).year + step for name, predicate in vocabulary.tables().items()
             for row in rows.get(name, ()) for column, value in zip(predicate.columns, row.values, strict=True)
             if column.type.base == "date" and isinstance(value, int) for step in (0, 1)}  # fmt: skip
    countries = {predicate.option("calendar")["country"] for predicate in vocabulary.supplied("calendar").values()}
    if not years or not countries:
        return {}
    from holidays import country_holidays  # imported late: it takes longer than most evaluations

    known = {country: country_holidays(country, years=years) for country in countries}
    return {(country, kind): frozenset(day.toordinal() for day in days) for country, holidays in known.items()
            for kind, days in (("holidays", holidays), ("workdays", holidays.weekend_workdays))}  # fmt: skip


def described(folder: Path) -> Document:
    """The `dataset.yaml` of a folder, checked against its schema. Raises Invalid."""
    document = load_valid(folder / "dataset.yaml", "dataset", nfc=True)
    return document


def _load_folder(folder: Path, policy: Policy) -> Dataset:
    document = described(folder)
    data = document.data
    vocabulary = policy.vocabulary
    reader = RowReader(vocabulary, policy.duty_ids, tuple(data["years"]), data["sources"])
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
    if "frameworks" in data:
        from cchc.framework_checks import check  # imported late: most datasets name no framework

        check(document, reader, policy.folder.parent)
    reader.check()
    units = frozenset(str(row.values[0]) for row in reader.rows.get("unit", ()))
    return Dataset(
        folder.resolve().name, data["title"], data.get("notice"), data["instrument"], tuple(data["years"]),
        reader.frozen(), {name: units if names is None else names for name, names in incomplete.items()}, labels,
        data["sources"], digest.hexdigest(), tuple(reader.warnings), calendar_of(vocabulary, reader.rows),
        {name: entry["provenance"] for name, entry in data["tables"].items()}, document.at(("years",)),
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
