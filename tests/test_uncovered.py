"""Years that a dataset does not cover: what verdicts need of them is open, never "nothing happened"."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Policy, evaluate
from cchc.robustness import settling
from cchc.vocabulary import Atom
from made import write

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
TABLES = {
    "unit": "unit,type,parent,office\nU1,department,,\nD1,district,,\nX1,commune,D1,\nX2,commune,D1,\n",
    "item": "item,level,domain,parent,first_year,last_year,encouragement\n3.2,criterion,3,,,,\n",
    "assignment": "item,unit,year,role\n3.2,U1,2024,lead\n",
    "unit_index": "unit,year,points\nU1,2024,70\nD1,2024,82\nX1,2024,50\nX2,2024,85\n",
    "item_score": "item,year,points,max\n3.2,2024,7,10\n",
    "cause": "item,year,cause\n3.2,2024,subjective\n",
    "commune_rating": "unit,year,class\nX1,2024,not_completed\nX2,2024,good\n",
}
FAILED = Atom("class", ("U1", 2024, "not_completed"))


def made(folder: Path, years: Iterable[int] = (2024,), **tables: str) -> Dataset:
    return Dataset.load(write(folder, years, {**TABLES, **tables}), POLICY)


def solved(dataset: Dataset, year: int = 2024, **readings: str) -> Evaluation:
    return evaluate(POLICY, dataset, years=[year], readings=readings)


@pytest.mark.parametrize(("first", "years"), [("streak", "2022, 2023"), ("ever", "2021, 2022, 2023")])
def test_no_more_years_are_told_than_verdicts_look_back_to(tmp_path: Path, first: str, years: str) -> None:
    (warning,) = solved(made(tmp_path), commune_first_year=first).warnings
    assert warning.details["found"] == years


def test_a_rating_of_a_year_before_the_data_may_have_been_the_worst(tmp_path: Path) -> None:
    answer = solved(made(tmp_path)).answer
    assert {Atom("commune_criticism", ("X1", 2024)), Atom("commune_discipline", ("X1", 2024))} <= answer.possible
    assert not any(atom.arguments[0] == "X2" for atom in answer.possible)
    ever = solved(made(tmp_path), commune_first_year="ever").answer
    assert Atom("commune_criticism", ("X1", 2024)) in ever.possible


def test_ratings_before_the_regulation_are_not_asked_about(tmp_path: Path) -> None:
    rating, index = ("unit,year,class\nX1,2021,not_completed\n", "unit,year,points\nX1,2021,50\n")
    tables = {name: text.replace("2024", "2021") for name, text in TABLES.items()}
    dataset = made(tmp_path, [2021], **{**tables, "commune_rating": rating, "unit_index": index})
    assert Atom("commune_criticism", ("X1", 2021)) in solved(dataset, 2021).answer.certain


def test_a_district_scale_does_not_close_a_year_before_the_data(tmp_path: Path) -> None:
    scale = "unit,class,from\nD1,excellent,90\nD1,not_completed,0\n"
    answer = solved(made(tmp_path, commune_scale=scale)).answer
    assert Atom("commune_discipline", ("X1", 2024)) in answer.possible


@pytest.mark.parametrize("readings", [{}, {"cause_missing": "not_met"}, {"run_identity": "item_only"}])
def test_a_run_that_began_before_the_data_is_possible(tmp_path: Path, readings: dict[str, str]) -> None:
    answer = solved(made(tmp_path), 2024, **readings).answer
    assert FAILED in answer.possible
    assert Atom("committee_report", ("U1", "3.2", 2024)) in answer.possible
    named = {(atom.predicate, *atom.arguments[:3]) for atom in answer.choices if atom.predicate == "assignment"}
    assert {("assignment", "3.2", "U1", 2022), ("assignment", "3.2", "U1", 2023)} <= named


def test_a_year_in_between_counts_like_one_before(tmp_path: Path) -> None:
    scores = "item,year,points,max\n" + "".join(f"3.2,{year},{2030 - year},10\n" for year in (2021, 2022, 2024))
    tables = {"item_score": scores, "assignment": "item,unit,year,role\n3.2,U1,2022,lead\n3.2,U1,2024,lead\n"}
    assert FAILED in solved(made(tmp_path, [2021, 2022, 2024], **tables)).answer.possible


def test_what_an_item_was_before_is_what_may_have_been_assigned(tmp_path: Path) -> None:
    tables = {
        "item": "item,level,domain,first_year,last_year\n3.2,criterion,3,,2023\n3.5,criterion,3,2024,\n",
        "item_succession": "item,predecessor,year\n3.5,3.2,2024\n",
        "item_score": "item,year,points,max\n3.5,2024,7,10\n",
        "assignment": "item,unit,year,role\n3.5,U1,2024,lead\n",
        "cause": "item,year,cause\n3.5,2024,subjective\n",
    }
    answer = solved(made(tmp_path, [2024], **tables)).answer
    assert FAILED in answer.possible
    assert {atom.arguments[0] for atom in answer.choices if atom.predicate == "assignment"} == {"3.2"}


def test_what_settles_a_run_names_the_assignment(tmp_path: Path) -> None:
    tables = {
        "item_score": "item,year,points,max\n" + "".join(f"3.2,{year},{2030 - year},10\n" for year in (2023, 2024)),
        "assignment": "item,unit,year,role\n3.2,U1,2024,lead\n3.2,U1,2023,lead\n",
    }
    report = Atom("committee_report", ("U1", "3.2", 2024))
    found, slots = settling(solved(made(tmp_path, [2023, 2024], **tables)), report)
    assert ("assignment", ("3.2", "U1", 2022)) in slots
    assert found and all(("assignment", ("3.2", "U1", 2022)) in settled.slots for settled in found)


@pytest.mark.parametrize(("year", "first"), [(2023, 2023), (2024, 2024), (2024, 2023), (2024, 2022)])
def test_what_is_certain_stays_certain_when_earlier_years_become_known(year: int, first: int) -> None:
    full = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    rows = {}
    for name, found in full.rows.items():
        table = POLICY.vocabulary.predicates[name]
        dated = table.place("year") if "year" in table.key else None
        rows[name] = tuple(row for row in found if dated is None or int(row.values[dated]) >= first)
    cut = full._replace(rows=rows, years=tuple(y for y in full.years if y >= first))
    kinds = {name for name in POLICY.vocabulary.of_kind("verdict") if name != "note"}  # notes name what the data show
    certain = {atom for atom in solved(cut, year).answer.certain if atom.predicate in kinds}
    assert certain and certain <= solved(full, year).answer.certain


def test_nothing_becomes_certain_by_it(tmp_path: Path) -> None:
    dataset = made(tmp_path)
    # A case lists no years, and so covers them all.
    opened, closed = solved(dataset).answer, solved(dataset._replace(years=())).answer
    assert opened.certain < closed.certain
    assert closed.possible <= opened.possible


def test_the_reader_is_told_once(tmp_path: Path) -> None:
    made(tmp_path)
    for command in (["validate"], ["evaluate"], ["explain", "--unit", "U1"]):
        done = subprocess.run([sys.executable, "-m", "cchc", command[0], str(tmp_path), *command[1:]], capture_output=True,
                              text=True, encoding="utf-8", check=True)  # fmt: skip
        (line,) = done.stderr.splitlines()
        assert "xét đến cả năm 2022, 2023; bộ dữ liệu bắt đầu từ 2024" in line
        assert "dataset.yaml:4:8" in line
