"""The independent evaluator gives every verdict that the worked cases print, and leaves out no completion."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from independent import (
    CLASSES,
    FIGURES,
    NO_FIGURE,
    PREDICATES,
    READINGS,
    Book,
    Figure,
    Given,
    Score,
    Verdicts,
    completions,
    evaluate,
    profile,
    shape,
)
from strategies import datasets, dates, readings, years

CASE_FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))

# The arguments of each predicate, in the order in which the evaluator prints them.
ARGUMENTS = {
    "class": ("unit", "class"),
    "unclassified": ("unit", "gap"),
    "conflicting_classes": ("unit",),
    "must_explain": ("unit", "item"),
    "criticism": ("unit", "item"),
    "notice": ("unit",),
    "committee_report": ("unit", "item"),
    "reward_candidate": ("unit",),
    "basis_missing": ("unit",),
    "trend": ("item", "direction"),
    "responsible": ("item", "unit", "role"),
    "note": ("unit", "code"),
    "evaluator": ("unit", "authority"),
    "commune_criticism": ("unit",),
    "commune_discipline": ("unit",),
    "explanation_state": ("unit", "item", "state"),
    "explanation_missing": ("unit", "item", "section"),
    "report_due": ("date",),
    "report_status": ("status",),
    "list_missing": ("list", "unit"),
    "list_extra": ("list", "unit"),
    "duty_state": ("unit", "duty", "state"),
}


def load(path: Path) -> list[dict[str, Any]]:
    # Every scalar of a case file is text: 90.00 is not a float and 14.1 is not a number.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def blocks() -> list[Any]:
    """One test per block of expectations that the evaluator can answer: no draft in force."""
    found = []
    for path in CASE_FILES:
        for case in load(path):
            for number, block in enumerate(case["expect"]):
                if is_answerable(block.get("under", {})) and named(block):
                    found.append(pytest.param(case, block, id=f"{path.stem}-{case['case']}-{number}"))
    return found


def is_answerable(under: dict[str, Any]) -> bool:
    return "with" not in under


def named(block: dict[str, Any]) -> list[str]:
    return [name for name in PREDICATES if name in block or name in block.get("possible", {})]


def rows(printed: list[dict[str, Any]], predicate: str) -> set[tuple[str, ...]]:
    """The rows of a block; that nothing is reported of a duty is no matter of this evaluator."""
    answerable = [row for row in printed if row.get("state") != "unreported"]
    return {tuple(row[argument] for argument in ARGUMENTS[predicate]) for row in answerable}


def about(found: frozenset[tuple[str, ...]], predicate: str, units: list[str] | None) -> set[tuple[str, ...]]:
    """Rows about the units that the case names; a row without a unit is always compared."""
    if units is None or "unit" not in ARGUMENTS[predicate]:
        return set(found)
    position = ARGUMENTS[predicate].index("unit")
    return {row for row in found if row[position] in units}


def verdicts(case: dict[str, Any], under: dict[str, Any]) -> dict[str, Verdicts]:
    readings = profile(under.get("profile", "default")) | under.get("readings", {})
    return evaluate(case["given"], int(case["year"]), readings, case.get("as_of"))


def test_there_are_cases() -> None:
    assert blocks(), "no worked case found under tests/cases"


def test_arguments_are_declared_for_every_predicate() -> None:
    assert set(ARGUMENTS) == set(PREDICATES)


@pytest.mark.parametrize(("case", "block"), blocks())
def test_case(case: dict[str, Any], block: dict[str, Any]) -> None:
    found = verdicts(case, block.get("under", {}))
    for predicate in named(block):
        if predicate == "duty_state":  # outside this evaluator: see test_duties.py
            continue
        units = case.get("about")
        assert about(found[predicate].certain, predicate, units) == rows(block.get(predicate, []), predicate)
        assert about(found[predicate].possible, predicate, units) == rows(
            block.get("possible", {}).get(predicate, []), predicate
        )


@st.composite
def series(draw: st.DrawFn) -> tuple[list[Figure | None], list[Score]]:
    """Figures of one item, some open, beside one way to fill them that likes to meet its neighbour exactly."""
    figures: list[Figure | None] = []
    filled: list[Score] = []
    for _ in range(draw(st.integers(1, FIGURES))):
        maximum = Fraction(draw(st.sampled_from((2, 3, 4))))
        values = [maximum * Fraction(step, 12) for step in range(13)]
        if filled:
            before = filled[-1]
            values += [before.points, before.points * maximum / before.maximum]
        points = draw(st.sampled_from([value for value in values if value <= maximum]))
        figures.append(Figure(draw(st.sampled_from((None, points))), maximum))
        filled.append(Score(points, maximum))
    return figures, filled


@settings(deadline=None, max_examples=300)
@drawn(series())
def test_every_order_of_open_figures_is_among_the_completions(
    example: tuple[list[Figure | None], list[Score]],
) -> None:
    figures, filled = example
    every = list(completions(figures))
    for comparability in READINGS["comparability"]:
        foreseen = {shape(completion, comparability) for completion in every}
        assert shape([*filled], comparability) in foreseen


def fill_scores(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    """Give every open figure a value, on a grid fine enough to fall between all figures that are known."""
    rows = {(row["item"], row["year"]): dict(row) for row in given.get("item_score", [])}
    for item in book.items:
        for at in range(year - FIGURES + 1, year + 1):
            figure = book.figure(item, at) if book.exists(item, at) else None
            if figure is not None and figure.points is None:
                points = figure.maximum * Fraction(data.draw(st.integers(0, 60)), 60)
                filled = {"item": item, "year": str(at), "points": str(points), "max": str(figure.maximum)}
                rows[item, str(at)] = filled
    given["item_score"] = list(rows.values())


def fill_causes(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    source = {"ppc": "determination", "self": "statement"}[book.readings["cause_authority"]]
    found = list(given.get("cause", []))
    for item in book.items:
        for at in range(year - FIGURES + 1, year + 1):
            if book.exists(item, at) and book.subjective(item, at) is None:
                cause = data.draw(st.sampled_from(("subjective", "objective")))
                found.append({"item": item, "year": str(at), "cause": cause, "source": source})
    given["cause"] = found


def fill_acts(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    """Announce every index of the year and settle every rating that is recorded as unknown."""
    known = [row for row in given.get("unit_index", []) if row["points"] not in NO_FIGURE]
    for unit in book.units:
        if book.index(unit, year) is None:
            points = data.draw(st.sampled_from(("0", "59.9999", "60", "79.9999", "80", "90", "100")))
            known.append({"unit": unit, "year": str(year), "points": points})
    given["unit_index"] = known
    given["commune_rating"] = [
        row | {"class": data.draw(st.sampled_from(CLASSES))} if row["class"] == "unknown" else row
        for row in given.get("commune_rating", [])
    ]


@settings(deadline=None, max_examples=200)
@drawn(st.data(), datasets(), years(), readings(), dates())
def test_whatever_fills_the_gaps_was_foreseen(
    data: st.DataObject, given: Given, year: int, chosen: dict[str, str], as_of: str | None
) -> None:
    before = evaluate(given, year, chosen, as_of)
    complete = dict(given)
    book = Book(given, chosen, as_of)
    for fill in (fill_scores, fill_causes, fill_acts):
        fill(data, complete, book, year)
    after = evaluate(complete, year, chosen, as_of)
    for predicate in set(PREDICATES) - {"basis_missing"}:
        assert not after[predicate].possible
        assert before[predicate].certain <= after[predicate].certain
        assert after[predicate].certain <= before[predicate].certain | before[predicate].possible
