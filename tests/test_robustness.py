"""Readings that matter and facts that settle: what is promised is what another evaluation then gives."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Policy, evaluate
from cchc.robustness import Span, sensitivity, settling, spans
from cchc.vocabulary import Atom
from made import write

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
KINDS = [name for name, kind in POLICY.vocabulary.of_kind("verdict").items() if not kind.option("detail")]


def fallen(folder: Path, **tables: str) -> Dataset:
    """One department whose item 3.2 fell in 2023; further tables as CSV text."""
    given = {
        "unit": "unit,type,parent,office\nU1,department,,\n",
        "item": "item,level,domain,parent,first_year,last_year,encouragement\n3.2,criterion,3,,,,\n",
        "unit_index": "unit,year,points\nU1,2023,85\n",
        "assignment": "item,unit,year,role\n" + "".join(f"3.2,U1,{year},lead\n" for year in (2021, 2022, 2023)),
        "item_score": "item,year,points,max\n3.2,2020,7,10\n3.2,2021,8,10\n3.2,2022,8,10\n3.2,2023,7,10\n",
        **tables,
    }
    return Dataset.load(write(folder, range(2020, 2024), given), POLICY)


def solved(dataset: Dataset, **readings: str) -> Evaluation:
    return evaluate(POLICY, dataset, years=[2023], verdicts=KINDS, readings=readings)


@pytest.mark.parametrize("cause", ["subjective", "objective"])
def test_the_cause_of_a_fall_settles_criticism(tmp_path: Path, cause: str) -> None:
    criticism = Atom("criticism", ("U1", "3.2", 2023))
    evaluation = solved(fallen(tmp_path))
    assert criticism in evaluation.answer.possible
    (found,), _ = settling(evaluation, criticism)
    assert found.slots == (("cause", ("3.2", 2023, "determination")),)
    promised = {str(value.arguments[2]): holds for facts, holds in found.outcomes for _, value in facts if value}
    known = solved(fallen(tmp_path, cause=f"item,year,cause\n3.2,2023,{cause}\n"))
    assert not known.answer.possible
    assert promised[cause] == (criticism in known.answer.certain)


def test_the_cause_of_a_fall_that_is_not_certain_settles_nothing_by_itself(tmp_path: Path) -> None:
    scores = "item,year,points,max\n3.2,2020,7,10\n3.2,2021,8,10\n3.2,2022,8,10\n3.2,2023,unknown,10\n"
    criticism = Atom("criticism", ("U1", "3.2", 2023))
    (found,), _ = settling(solved(fallen(tmp_path, item_score=scores)), criticism)
    assert [table for table, _ in found.slots] == ["item_score", "cause"]
    known = solved(fallen(tmp_path, item_score=scores, cause="item,year,cause\n3.2,2023,subjective\n"))
    assert criticism in known.answer.possible


def test_an_order_of_figures_settles_a_class(tmp_path: Path) -> None:
    scores = "item,year,points,max\n3.2,2020,7,10\n3.2,2021,8,10\n3.2,2022,unknown,10\n3.2,2023,9,10\n"
    evaluation = solved(fallen(tmp_path, item_score=scores))
    good = Atom("class", ("U1", 2023, "good"))
    (found,), _ = settling(evaluation, good)
    for ((_, figure),), holds in found.outcomes:
        assert figure is not None
        value = int(figure.arguments[2]) / 1_000_000
        known = solved(fallen(tmp_path, item_score=scores.replace("unknown", f"{value:.4f}")))
        assert (good in known.answer.certain) == holds, value


def inside(span: Span, points: Fraction) -> bool:
    assert span.low is not None and span.high is not None
    return (span.low < points or (span.with_low and span.low == points)) and (
        points < span.high or (span.with_high and points == span.high)
    )


@pytest.mark.parametrize("year", [2022, 2023])
def test_every_score_lies_in_one_listed_span_that_says_what_follows(tmp_path: Path, year: int) -> None:
    """Also between figures that were announced in other years, and on them."""
    rows = {2020: "7.75", 2021: "8", 2022: "7", 2023: "7.25", year: "unknown"}
    scores = "item,year,points,max\n" + "".join(f"3.2,{y},{points},10\n" for y, points in rows.items())
    good = Atom("class", ("U1", 2023, "good"))
    evaluation = solved(fallen(tmp_path, item_score=scores))
    (found,), _ = settling(evaluation, good)
    listed = spans(evaluation, found)
    for quarters in range(41):
        points = Fraction(quarters * 250_000)
        (holds,) = [holds for (span,), holds in listed if inside(span, points)]
        text = scores.replace("unknown", f"{quarters / 4:.2f}")
        known = solved(fallen(tmp_path, item_score=text)).answer
        assert ((good in known.certain), (good in known.possible)) == (holds, False), points
    # No more spans than there are answers: neighbours from which the same follows are one.
    assert len(listed) == 2


def test_every_index_lies_in_one_listed_span(tmp_path: Path) -> None:
    full = "item,year,points,max\n" + "".join(f"3.2,{year},10,10\n" for year in range(2020, 2024))
    evaluation = solved(fallen(tmp_path, item_score=full, unit_index="unit,year,points\nU1,2023,unknown\n"))
    (found,), _ = settling(evaluation, Atom("class", ("U1", 2023, "good")))
    listed = [((span.low, span.with_low, span.high, span.with_high), holds) for (span,), holds in spans(evaluation, found)]
    bounds = [Fraction(points * 1_000_000) for points in (0, 80, 90, 100)]
    assert listed == [((bounds[0], True, bounds[1], False), False), ((bounds[1], True, bounds[2], False), True),
                      ((bounds[2], True, bounds[3], True), False)]  # fmt: skip


def test_spans_of_the_shipped_data_leave_nothing_out() -> None:
    dataset = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    evaluation = evaluate(POLICY, dataset, years=[2024], verdicts=["class"])
    settled = [found for atom in sorted(evaluation.answer.possible) for found in settling(evaluation, atom)[0]]
    figures = 0
    for found in settled:
        listed = [facts[0] for facts, _ in spans(evaluation, found)] if len(found.slots) == 1 else []
        listed = [span for span in listed if span.low is not None]
        for before, after in pairwise(listed):
            assert (before.high, before.with_high) == (after.low, not after.with_low)
        figures += bool(listed)
    assert figures


HIGH = "unit,year,points\nU1,2023,95\n"
UNKNOWN = "item,year,points,max\n3.2,2020,7,10\n3.2,2021,unknown,10\n3.2,2022,unknown,10\n3.2,2023,unknown,10\n"


def test_three_figures_settle_a_class_together(tmp_path: Path) -> None:
    """17.1.a.2 asks for two rises running, or the maximum: three figures, and fewer do not do."""
    evaluation = solved(fallen(tmp_path, item_score=UNKNOWN, unit_index=HIGH))
    excellent = Atom("class", ("U1", 2023, "excellent"))
    found, slots = settling(evaluation, excellent)
    assert [settled.slots for settled in found] == [tuple(("item_score", ("3.2", year)) for year in (2021, 2022, 2023))]
    assert {table for table, _ in slots} == {"item_score", "cause"}
    outcomes = found[0].outcomes
    assert {holds for _, holds in outcomes} == {True, False}
    for facts, holds in (*outcomes[:: len(outcomes) // 12], *outcomes[-2:]):
        scores = UNKNOWN
        for (_, (_, year)), value in facts:
            assert value is not None
            scores = scores.replace(f"{year},unknown", f"{year},{int(value.arguments[2]) / 1_000_000:.4f}")
        known = solved(fallen(tmp_path, item_score=scores, unit_index=HIGH)).answer
        assert (excellent in known.certain, excellent in known.possible) == (holds, False), facts


def test_a_search_that_takes_too_long_says_among_which_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc.robustness._COMPLETIONS", 3)
    found, slots = settling(solved(fallen(tmp_path, item_score=UNKNOWN)), Atom("class", ("U1", 2023, "good")))
    assert (found, {table for table, _ in slots}) == ([], {"item_score", "cause"})


def test_every_change_is_what_an_evaluation_under_that_reading_gives() -> None:
    dataset = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    before = solved(dataset)
    changes = list(sensitivity(before))
    values = {(name, value) for name, reading in POLICY.readings.items() for value in reading.values}
    assert {(change.reading, change.value) for change in changes} == values - set(before.readings.items())
    assert any(change.changed for change in changes)
    for change in changes[::6]:
        after = solved(dataset, **{change.reading: change.value})
        for kind in ("certain", "possible"):
            gained, lost = (
                {atom for atom, *statuses in change.changed if statuses[place] == kind and statuses[1 - place] != kind}
                for place in (1, 0)
            )
            ours, theirs = (getattr(evaluation.answer, kind) for evaluation in (before, after))
            assert {atom for atom in theirs - ours if atom.predicate in before.kinds} == gained
            assert {atom for atom in ours - theirs if atom.predicate in before.kinds} == lost


def test_the_command_lists_readings_and_those_without_effect(tmp_path: Path) -> None:
    fallen(tmp_path, item_score="item,year,points,max\n" + "".join(f"3.2,{year},10,10\n" for year in range(2020, 2024)))
    command = [sys.executable, "-m", "cchc", "evaluate", str(tmp_path), "--year", "2023", "--sensitivity"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "b2_max: max_satisfies → strict" in shown
    assert "deadline" in shown.split("Không ảnh hưởng")[1]
    made = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    strict = next(change for change in json.loads(made)["changes"] if change["value"] == "strict")
    assert {(verdict["predicate"], verdict["before"], verdict["after"]) for verdict in strict["verdicts"]} == {
        ("class", "certain", None), ("unclassified", None, "certain"),
    }  # fmt: skip
