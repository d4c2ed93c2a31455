"""Single heads of the datasets as cases for the playground: what the data say of a unit, and of all that bears on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cchc.applicable import Applicable, scope_of
from cchc.dataset import Dataset
from cchc.evaluation import Evaluation, evaluate
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.proof import Proof
from cchc.rows import PROVENANCES, Row
from cchc.vocabulary import ABSENT, Predicate, Vocabulary, printed_value

Json = dict[str, Any]


def units(policies: Path, data: Path) -> Iterator[tuple[str, Json]]:
    """Every unit of the datasets of a folder as a case, under the text in force. Raises Invalid."""
    newest = Policy.load(policies)
    for folder in sorted(path.parent for path in data.glob("*/dataset.yaml")):
        for number, (_, case) in enumerate(of_dataset(folder, newest), start=1):
            yield f"{folder.name}-{number}", case


def of_dataset(folder: Path, newest: Policy) -> Iterator[tuple[str, Json]]:
    try:
        versions = scope_of(folder, newest).versions
    except Invalid:
        return  # of another instrument
    evaluations = [evaluate(one.policy, one.dataset, years=one.years) for one in versions]
    if not evaluations:
        return
    dataset = versions[-1].dataset
    for unit in dataset.units():
        slice_ = _Slice(newest.vocabulary, dataset, unit)
        for evaluation in evaluations:
            slice_.follow(evaluation)
        year = _last_year(versions, evaluations, unit)
        if year is not None:
            yield unit, slice_.case(year)


def _last_year(versions: Sequence[Applicable], evaluations: Iterable[Evaluation], unit: str) -> int | None:
    """The last year that has a certain verdict on the unit, else one that it may have, else the last year."""
    years = {status: [int(verdict.arguments["year"]) for evaluation in evaluations for verdict in evaluation.verdicts
                      if verdict.arguments.get("unit") == unit and verdict.status == status]
             for status in ("certain", "possible")}  # fmt: skip
    found = years["certain"] or years["possible"]
    return max(found) if found else max(year for one in versions for year in one.years)


class _Slice:
    """The rows of a dataset that a unit's verdicts can depend on. What these are the proofs tell: no law is repeated."""

    def __init__(self, vocabulary: Vocabulary, dataset: Dataset, unit: str) -> None:
        self.vocabulary = vocabulary
        self.dataset = dataset
        self.unit = unit
        self.items: set[str | int] = set()
        self.units: set[str | int] = {unit}

    def follow(self, evaluation: Evaluation) -> None:
        """What the proofs of the verdicts on the unit speak of."""
        for verdict in evaluation.verdicts:
            if verdict.arguments.get("unit") == self.unit:
                for proof in (proof for case in evaluation.cases(verdict) for proof in case.proofs):
                    self._used(proof)

    def _used(self, proof: Proof) -> None:
        for value in self._named(self.vocabulary.predicates[proof.atom.predicate], proof.atom.arguments, "item"):
            self.items.add(value)
        for child in proof.children:
            self._used(child)

    def _named(self, predicate: Predicate, values: Sequence[str | int], type_: str) -> Iterator[str | int]:
        columns = predicate.arguments if len(values) == len(predicate.arguments) else predicate.columns
        yield from (value for column, value in zip(columns, values, strict=True) if column.type.name == type_)

    def rows(self) -> dict[str, list[Row]]:
        self._close()
        declared = {table: {row.values[0] for row in rows} for table, rows in self.dataset.rows.items()}
        self.items &= declared.get("item", set())
        beside = self._beside()
        found: dict[str, list[Row]] = {}
        for table, rows in self.dataset.rows.items():
            predicate = self.vocabulary.predicates[table]
            if predicate.option("selects_version"):
                continue
            # Of the units that share its items only what would otherwise be left open.
            units = self.units | beside if predicate.option("open") or predicate.columns[0].type.table == table else self.units
            for row in rows:
                named = {kind: set(self._named(predicate, row.values, kind)) - {ABSENT} for kind in ("unit", "item")}
                shares = named["item"] and named["unit"] and predicate.option("incomplete")
                if not named["unit"] and not named["item"]:
                    continue
                if named["item"] <= self.items | self._exempt() and (shares or named["unit"] <= units):
                    found.setdefault(table, []).append(row)
        return found

    def _exempt(self) -> set[str | int]:
        return {value for type_ in self.vocabulary.types.values() for value in type_.exempt}

    def _close(self) -> None:
        """Items assigned to the unit, what these are parts of or succeed, and the units above it."""
        while True:
            before = (len(self.items), len(self.units))
            for table, rows in self.dataset.rows.items():
                predicate = self.vocabulary.predicates[table]
                for row in rows:
                    items = set(self._named(predicate, row.values, "item")) - {ABSENT} - self._exempt()
                    if set(self._named(predicate, row.values, "unit")) & {self.unit} or row.values[0] in self.items:
                        self.items |= items
                    if predicate.columns[0].type.table == table and row.values[0] in self.units:
                        self.units |= set(self._named(predicate, row.values, "unit")) - {ABSENT}
            if before == (len(self.items), len(self.units)):
                return

    def _beside(self) -> set[str | int]:
        """Units that share an item with it."""
        found: set[str | int] = set()
        for table, rows in self.dataset.rows.items():
            predicate = self.vocabulary.predicates[table]
            if predicate.option("incomplete"):
                for row in rows:
                    if self.items & set(self._named(predicate, row.values, "item")):
                        found |= set(self._named(predicate, row.values, "unit"))
        return found

    def case(self, year: int) -> Json:
        """The rows as a case file has them, and what a reader must be told of them."""
        rows = self.rows()
        used = [row for found in rows.values() for row in found]
        provenance = max((row.provenance for row in used), key=PROVENANCES.index, default=PROVENANCES[0])
        sources = {row.source for row in used} - {None}
        codes = {str(value) for row in used for value in row.values}
        labels = self.dataset.labels
        name = labels.get(self.unit, {"vi": self.unit, "en": self.unit})
        incomplete = {table: [self.unit] for table, units in self.dataset.incomplete.items() if self.unit in units}
        return {
            "about": {"dataset": self.dataset.title, "name": name, "provenance": provenance, "notice": self.dataset.notice,
                      "sources": {key: source for key, source in self.dataset.sources.items() if key in sources}},
            "year": str(year), "unit": self.unit, "incomplete": incomplete,
            "labels": {code: entry for code, entry in labels.items() if code in codes},
            "given": {table: [self._printed(row) for row in found] for table, found in rows.items()},
        }  # fmt: skip

    def _printed(self, row: Row) -> Mapping[str, str]:
        columns = self.vocabulary.predicates[row.table].columns
        return {column.name: printed_value(column.type, value) for column, value in zip(columns, row.values, strict=True)
                if value != ABSENT}  # fmt: skip
