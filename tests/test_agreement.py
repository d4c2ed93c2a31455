"""The engine and the independent evaluator agree on random heads: readings, unknown figures and gaps included.

Of the duties only those that are recorded are compared.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from cchc import Dataset, Evaluation, Policy, evaluate
from cchc.files import Document
from cchc.problems import Location
from independent import PREDICATES, Given
from independent import evaluate as independently
from strategies import COMMUNES, HEADS, commune_readings, datasets, dates, readings, years

POLICY = Policy.load()
HERE = Location("drawn")

# Each example holds one to three heads.
several = settings(max_examples=700, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
some = settings(several, max_examples=250)


def dataset(given: Given, incomplete: frozenset[str] = frozenset()) -> Dataset:
    """Drawn tables as a dataset, some of its units with incompletely known assignments."""
    everywhere: dict[tuple[str | int, ...], Location] = defaultdict(lambda: HERE)
    known = {"assignment": incomplete}
    return Dataset.from_tables("drawn", Document("drawn", {"given": given}, everywhere, everywhere), ("given",), POLICY, known)


def found(evaluation: Evaluation) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    verdicts: dict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for verdict in evaluation.verdicts:
        arguments = tuple(value for name, value in verdict.arguments.items() if name != "year")
        verdicts[verdict.predicate, verdict.status].add(arguments)
    return verdicts


def assert_agreement(given: Given, reading: dict[str, str], year: int, day: str | None, incomplete: frozenset[str]) -> None:
    as_of = datetime.date.fromisoformat(day) if day else None
    ours = found(evaluate(POLICY, dataset(given, incomplete), years=[year], readings=reading, as_of=as_of))
    theirs = independently(given, year, reading, day, incomplete=incomplete)
    recorded = {(row["unit"], row["duty"]) for row in given.get("duty_record", []) if row["year"] == str(year)}
    ours["duty_state", "certain"] = {row for row in ours["duty_state", "certain"] if row[:2] in recorded}
    for predicate in PREDICATES:
        assert ours[predicate, "certain"] == theirs[predicate].certain, f"certain {predicate}"
        assert ours[predicate, "possible"] == theirs[predicate].possible, f"possible {predicate}"


@several
@drawn(datasets(HEADS), readings(), years(), dates())
def test_they_agree_on_departments_and_districts(given: Given, reading: dict[str, str], year: int, day: str | None) -> None:
    assert_agreement(given, reading, year, day, frozenset())


@several
@drawn(datasets(COMMUNES), commune_readings(), years(), dates())
def test_they_agree_on_communes(given: Given, reading: dict[str, str], year: int, day: str | None) -> None:
    assert_agreement(given, reading, year, day, frozenset())


@some
@drawn(datasets(), readings(), years(), st.data())
def test_they_agree_where_assignments_are_incompletely_known(
    given: Given, reading: dict[str, str], year: int, data: st.DataObject
) -> None:
    units = [row["unit"] for row in given["unit"]]
    assert_agreement(given, reading, year, None, frozenset({data.draw(st.sampled_from(units))}))
