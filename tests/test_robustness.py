"""Readings that matter and facts that settle: what is promised is what another evaluation then gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Policy, evaluate
from cchc.robustness import sensitivity, settling
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
