"""The duties of the text: all there, each in the words of its provision, and what counts show of them."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from cchc import Dataset, Policy, evaluate
from cchc.lint import findings
from cchc.problems import Invalid
from cchc.schema import resource
from cchc.vocabulary import Atom
from made import write

POLICY = Policy.load()


def register(folder: Path, unit: str = "U1,department,,", **tables: str) -> dict[str, str]:
    """The state of every duty of one unit in 2023."""
    given = {"unit": f"unit,type,parent,office\n{unit}\n", **tables}
    dataset = Dataset.load(write(folder, (2022, 2023), given), POLICY)
    evaluation = evaluate(POLICY, dataset, years=[2023], verdicts=["duty_state"])
    found = [atom for atom in evaluation.answer.certain if atom.predicate == "duty_state" and atom.arguments[0] == "U1"]
    states = {str(duty): str(state) for _, duty, _, state in (atom.arguments for atom in found)}
    assert len(states) == len(found), "one state for each duty"
    return states


def figures(*rows: str) -> str:
    return "unit,year,figure,value\n" + "".join(f"U1,{row}\n" for row in rows)


def test_all_atomic_duties_stand_under_their_provision_in_its_words() -> None:
    assert len(POLICY.duties) == 199
    # Three of the 25 that the law analysis calls computable are shown by documents only: what a report or a proposal says
    # (20.2.o2, 20.5.o2) and whether a lead agency was answered (21.3.o1) is in no table.
    assert Counter(duty.evaluable for duty in POLICY.duties.values()) == {"evidence": 146, "judgement": 31, "computable": 22}
    for name, duty in POLICY.duties.items():
        assert name.rpartition(".o")[0] == duty.provision
        assert duty.words in POLICY.provisions[duty.provision].text
        assert duty.bearers and set(duty.bearers) <= set(POLICY.provisions[duty.provision].source["bearers"])


def test_duties_are_numbered_in_the_order_of_the_text() -> None:
    numbers: dict[str, list[int]] = {}
    for name, duty in POLICY.duties.items():
        numbers.setdefault(duty.provision, []).append(int(name.rpartition(".o")[2]))
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    order = list(POLICY.provisions)
    assert list(numbers) == sorted(numbers, key=order.index)


def test_each_duty_says_what_is_owed_and_what_shows_it_in_both_languages() -> None:
    for name, duty in POLICY.duties.items():
        for text in (duty.vi, duty.en, duty.evidence["vi"], duty.evidence["en"]):
            assert text[0].isupper() and text[-1] not in ".;," and text == " ".join(text.split()), name
    for provision in POLICY.provisions:
        owed = [duty for duty in POLICY.duties.values() if duty.provision == provision]
        assert len({duty.vi for duty in owed}) == len({duty.en for duty in owed}) == len(owed), provision


def test_every_bearer_is_told_who_it_is_or_is_no_unit() -> None:
    bearers = {bearer for duty in POLICY.duties.values() for bearer in duty.bearers}
    told = {term.text for rule in POLICY.rules if rule.head and rule.head.name == "bears" for term in rule.head.terms[1:2]}
    assert bearers - told == {"ppc"}  # the provincial People's Committee itself is no unit of the tables


def test_what_is_not_reported_is_not_missed(tmp_path: Path) -> None:
    states = register(tmp_path)
    assert set(states.values()) == {"unreported"}
    assert set(states) == {duty.id for duty in POLICY.duties.values() if {"dept_head", "all_units"} & set(duty.bearers)}


@pytest.mark.parametrize(("unit", "bearer"), [
    ("U1,district,,", "district_chair"), ("U1,commune,H1,\nH1,district,,", "commune_chair"),
])  # fmt: skip
def test_each_kind_of_unit_has_its_own_duties(tmp_path: Path, unit: str, bearer: str) -> None:
    found = register(tmp_path, unit)
    assert set(found) == {duty.id for duty in POLICY.duties.values() if {bearer, "all_units"} & set(duty.bearers)}


@pytest.mark.parametrize(("duty", "rows", "state"), [
    ("5.1.b.o12", ["2023,problems_found,7", "2023,problems_handled,7"], "done"),
    ("5.1.b.o12", ["2023,problems_found,7", "2023,problems_handled,6"], "missed"),
    ("5.1.b.o12", ["2023,problems_found,0", "2023,problems_handled,0"], "done"),  # nothing was found: nothing is owed
    ("5.1.b.o12", ["2023,problems_found,7"], "unreported"),
    ("5.1.b.o12", ["2022,problems_found,7", "2022,problems_handled,7"], "unreported"),
    ("7.2.a.o2", ["2023,most_supplement_requests,1"], "done"),
    ("7.2.a.o2", ["2023,most_supplement_requests,2"], "missed"),
    ("7.2.b.o6", ["2023,overdue_files,30000000", "2023,overdue_files_with_apology,29999999"], "missed"),
    ("8.1.p2.o1", ["2023,administrative_staff,40", "2023,administrative_staff_quota,40"], "done"),
    ("8.1.p2.o1", ["2023,administrative_staff,41", "2023,administrative_staff_quota,40"], "missed"),
])  # fmt: skip
def test_counts_show_whether_a_duty_is_done(tmp_path: Path, duty: str, rows: list[str], state: str) -> None:
    assert register(tmp_path, duty_figure=figures(*rows))[duty] == state


@pytest.mark.parametrize(("before", "now", "state"), [
    ((90, 100), (91, 100), "done"), ((90, 100), (90, 100), "unreported"), ((2, 3), (20000, 29999), "done"),
    ((2, 3), (20000, 30001), "unreported"), ((100, 100), (100, 100), "done"),  # all of them: the share cannot grow
    ((90, 100), (101, 100), "unreported"), ((0, 0), (5, 10), "unreported"),  # figures that cannot be compared
])  # fmt: skip
def test_only_a_share_that_grew_shows_effort(tmp_path: Path, before: tuple[int, int], now: tuple[int, int], state: str) -> None:
    """The text asks for active measures to raise the share (9.1.b): one that did not grow is no proof that there were none."""
    rows = [f"{year},{figure},{value}" for year, pair in ((2022, before), (2023, now))
            for figure, value in zip(("qualified_commune_staff", "commune_staff"), pair, strict=True)]  # fmt: skip
    assert register(tmp_path, "U1,district,,", duty_figure=figures(*rows))["9.1.b.o9"] == state


def test_a_record_stands_before_counts(tmp_path: Path) -> None:
    counts = figures("2023,most_supplement_requests,2")
    record = "unit,duty,year,status\nU1,7.2.a.o2,2023,not_applicable\n"
    assert register(tmp_path, duty_figure=counts, duty_record=record)["7.2.a.o2"] == "not_applicable"


@pytest.mark.parametrize(("sent", "state"), [("2024-05-20", "done"), ("2024-05-21", "missed")])
def test_the_report_of_home_affairs_is_judged_by_its_deadline(tmp_path: Path, sent: str, state: str) -> None:
    tables = {"announcement": "index,year,date\nprovince,2023,2024-04-19\n", "report": f"report,year,date\n20.2,2023,{sent}\n"}
    assert register(tmp_path, "U1,department,,doha", **tables)["20.2.o1"] == state


def test_unreported_duties_are_listed_only_on_request(tmp_path: Path) -> None:
    register(tmp_path)
    evaluation = evaluate(POLICY, Dataset.load(tmp_path, POLICY), years=[2023])
    assert not [verdict for verdict in evaluation.verdicts if verdict.predicate == "duty_state"]
    assert Atom("duty_state", ("U1", "5.1.b.o1", 2023, "unreported")) not in evaluation.answer.certain


def test_a_record_alone_brings_no_other_duty_of_its_head(tmp_path: Path) -> None:
    explained = {"conduct_matter": "unit,year\nU1,2023\n", "explanation_request": "unit,year,date\nU1,2023,2024-07-10\n",
                 "explanation": "unit,item,year,date\nU1,conduct,2023,2024-07-12\n"}  # fmt: skip
    record = "unit,duty,year,status\nU1,12.2.o1,2023,done\n"
    assert register(tmp_path, "U1,tax_department,,", duty_record=record, **explained)["12.2.o2"] == "done"
    evaluation = evaluate(POLICY, Dataset.load(tmp_path, POLICY), years=[2023])
    states = [verdict.atom.arguments for verdict in evaluation.verdicts if verdict.predicate == "duty_state"]
    assert states == [("U1", "12.2.o1", 2023, "done")]


def test_who_must_explain_without_leading_anything_owes_it(tmp_path: Path) -> None:
    states = register(tmp_path, "U1,tax_department,,", conduct_matter="unit,year\nU1,2023\n")
    assert set(states) == {duty.id for duty in POLICY.duties.values() if "explaining_head" in duty.bearers}


def test_an_item_that_stands_in_for_unknown_ones_brings_no_duty(tmp_path: Path) -> None:
    tables = {"unit": "unit,type,parent,office\nU1,tax_department,,\n", "assignment": "item,unit,year,role\n"}
    described = write(tmp_path, (2022, 2023), tables) / "dataset.yaml"
    text = described.read_text().replace("assignment.csv, complete: true", "assignment.csv, complete: false")
    described.write_text(text)
    evaluation = evaluate(POLICY, Dataset.load(tmp_path, POLICY), years=[2023], verdicts=["duty_state"])
    assert not [verdict for verdict in evaluation.verdicts if verdict.predicate == "duty_state"]


@pytest.mark.parametrize(("file", "old", "new", "code"), [
    ("article-08.yaml", "computed: {rule: within, figure: working_people,", "computed: {rule: within, figure: workers,",
     "not-allowed"),
    ("article-08.yaml", "        computed: {rule: within, figure: working_people, quota: working_people_quota}\n", "",
     "misjudged-duty"),
    ("article-08.yaml", "id: '8.1.p2.o2'", "id: '8.1.p2.o3'", "not-allowed"),
    ("article-06.yaml", "bearers: [doj]\n        words: hướng dẫn\n", "bearers: [dos]\n        words: hướng dẫn\n",
     "not-allowed"),
    ("article-06.yaml", "words: hướng dẫn\n", "words: chỉ dẫn\n", "drifted-quotation"),
    ("article-21.lp", 'computed(U,"12.2.o2",Y,done) :- bound', 'computed(U,"12.2.o9",Y,done) :- bound', "misused-predicate"),
])  # fmt: skip
def test_a_wrong_duty_is_found(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    folder = shutil.copytree(resource("policies"), tmp_path / "policies")
    path = folder / POLICY.folder.name / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        problems = findings(Policy.load(folder))
    except Invalid as error:
        problems = list(error.problems)
    assert code in {problem.code for problem in problems}
    assert {Path(problem.at.path).name for problem in problems} == {file}
