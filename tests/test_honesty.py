"""What output must never hide: lost values, absent rows, lists that cite another list's clause, policy not in force."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Invalid, Policy, evaluate
from cchc.render import Renderer

TOP = Path(__file__).parents[1]
POLICY = Policy.load()


@pytest.fixture(scope="module")
def province() -> Dataset:
    return Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)


@pytest.fixture(scope="module")
def in_2023(province: Dataset) -> Evaluation:
    return evaluate(POLICY, province, years=[2023])


def test_an_argument_called_status_is_not_lost_in_json() -> None:
    command = ["-m", "cchc", "evaluate", "data/thai-binh-minh-hoa", "--year", "2022", "--format", "json"]
    run = subprocess.run([sys.executable, *command, "--verdict", "report_status"], cwd=TOP,
                         capture_output=True, text=True, encoding="utf-8", check=True)  # fmt: skip
    (verdict,) = json.loads(run.stdout)["verdicts"]
    assert (verdict["report_status"], verdict["status"]) == ("late", "certain")


def test_a_list_cites_its_own_clause_only(in_2023: Evaluation) -> None:
    found = [v for v in in_2023.verdicts if v.predicate in {"list_missing", "list_extra"}]
    assert {v.arguments["list"] for v in found} == {"20.2", "20.5"}
    for verdict in found:
        other = {"20.2": "20.5", "20.5": "20.2"}[verdict.arguments["list"]]
        assert verdict.arguments["list"] in verdict.cites
        assert other not in verdict.cites


def test_what_rests_on_absent_illustrative_rows_is_marked_illustrative(province: Dataset) -> None:
    evaluation = evaluate(POLICY, province, years=[2024], as_of=datetime.date(2026, 1, 1))
    marked = {v.predicate: v.provenance for v in evaluation.verdicts if v.predicate in {"report_status", "basis_missing"}}
    assert marked == {"report_status": "illustrative", "basis_missing": "illustrative"}


def test_a_row_that_says_not_announced_is_shown(province: Dataset) -> None:
    evaluation = evaluate(POLICY, province, years=[2024])
    missing = {v.arguments["unit"]: v for v in evaluation.verdicts if v.predicate == "basis_missing"}
    verdict = missing["huyen-kien-xuong"]
    assert "not_announced" in Renderer(evaluation, "vi", width=200).proof(verdict)


def test_a_possible_gap_names_the_completion_it_rests_on(province: Dataset) -> None:
    evaluation = evaluate(POLICY, province, years=[2024])
    gaps = [v for v in evaluation.verdicts if v.predicate == "unclassified" and v.status == "possible"]
    assert gaps
    assert all(case.assumptions for verdict in gaps for case in evaluation.cases(verdict))


def test_no_verdict_before_the_decision_is_in_force(province: Dataset) -> None:
    with pytest.raises(Invalid, match="not-in-force"):
        evaluate(POLICY, province, as_of=datetime.date(2021, 12, 27))
    assert evaluate(POLICY, province, as_of=datetime.date(2021, 12, 28)).verdicts
