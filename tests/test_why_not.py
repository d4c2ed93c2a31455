"""Why not: every unmet condition is named, is really unmet, and meeting it brings the verdict."""

from __future__ import annotations

import operator
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Policy, evaluate
from cchc.vocabulary import OPEN, Atom
from cchc.whynot import Unmet, WhyNot
from made import write

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
SIGNS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq, "!=": operator.ne}
CLASSES = POLICY.vocabulary.types["class"].values


def small(folder: Path, index: str, *points: str) -> Dataset:
    """One department that leads one item, at `points` of 2 from 2020 to 2023, the last for all years that follow."""
    series = [*points, *points[-1:] * 3][:4]
    tables = {
        "unit": "unit,type,parent,office\nU1,department,,\n",
        "item": "item,level,domain,parent,first_year,last_year,encouragement\n3.2,criterion,3,,,,\n",
        "unit_index": f"unit,year,points\nU1,2023,{index}\n",
        "assignment": "item,unit,year,role\n" + "".join(f"3.2,U1,{year},lead\n" for year in (2021, 2022, 2023)),
        "item_score": "item,year,points,max\n" + "".join(f"3.2,{2020 + n},{p},2\n" for n, p in enumerate(series)),
    }
    return Dataset.load(write(folder, range(2020, 2024), tables), POLICY)


def conditions(why: WhyNot) -> Iterator[Unmet]:
    for _, unmet in why.rules:
        for condition in unmet:
            yield condition
            if condition.below is not None:
                yield from conditions(condition.below)


@pytest.fixture(scope="module", params=["thai-binh-minh-hoa", "thanh-hoa-2024"])
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    dataset = Dataset.load(TOP / "data" / request.param, POLICY)
    return evaluate(POLICY, dataset, years=[2023 if 2023 in dataset.years else 2024], verdicts=["class", "must_explain"])


def test_every_class_that_is_not_certain_lacks_something(evaluation: Evaluation) -> None:
    (year,) = evaluation.years
    for unit in evaluation.dataset.units()[:3]:
        for name in CLASSES:
            goal = Atom("class", (unit, year, name))
            why = evaluation.why_not(goal)
            assert (why is None) == (goal in evaluation.answer.certain)
            if why is not None:
                assert why.rules, goal
                assert all(rule.citations for rule, _ in why.rules)
                for condition in conditions(why):
                    if condition.compared is not None:
                        left, sign, right, _ = condition.compared
                        assert not SIGNS[sign](left, right)
                    elif condition.kind == "missing":
                        assert condition.atom not in evaluation.answer.certain


def test_an_item_short_of_its_maximum_is_named_with_its_provision_and_the_gap(tmp_path: Path) -> None:
    small(tmp_path, "95", "1.75")
    command = [sys.executable, "-m", "cchc", "explain", str(tmp_path), "--unit", "U1", "--why-not", "excellent"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "1,75, cần 2: còn thiếu 0,25" in shown
    assert "[17.1.a.2]" in shown and "[17.1.a.1]" not in shown  # the index is high enough


@pytest.mark.parametrize(("index", "points", "provisions"), [
    ("95", "1.75", {"17.1.a.2"}), ("85", "2", {"17.1.a.1"}), ("85", "1.75", {"17.1.a.1", "17.1.a.2"}),
])  # fmt: skip
def test_what_is_named_is_what_is_missing(tmp_path: Path, index: str, points: str, provisions: set[str]) -> None:
    goal = Atom("class", ("U1", 2023, "excellent"))
    why = evaluate(POLICY, small(tmp_path, index, points), years=[2023], verdicts=["class"]).why_not(goal)
    assert why is not None
    dashes = [condition.atom.arguments[-1] for condition in conditions(why) if condition.atom.predicate == "meets"]
    assert set(dashes) == provisions
    mended = small(tmp_path, "95" if "17.1.a.1" in provisions else index, "2" if "17.1.a.2" in provisions else points)
    assert goal in evaluate(POLICY, mended, years=[2023], verdicts=["class"]).answer.certain


def test_every_year_of_a_run_is_named(tmp_path: Path) -> None:
    """Two rises running are needed, and neither year rose: to mend the last one alone does not bring the class."""
    goal = Atom("class", ("U1", 2023, "excellent"))
    why = evaluate(POLICY, small(tmp_path, "95", "1.8", "1.5", "1.2", "1.1"), years=[2023], verdicts=["class"]).why_not(goal)
    assert why is not None
    compared = {(c.compared.left, c.compared.right) for c in conditions(why) if c.compared and c.compared.type == "points"}
    assert {(1_100_000, 1_200_000), (1_200_000, 1_500_000)} <= compared
    half = small(tmp_path, "95", "1.8", "1.5", "1.2", "1.3")
    assert goal not in evaluate(POLICY, half, years=[2023], verdicts=["class"]).answer.certain
    whole = small(tmp_path, "95", "1.8", "1.5", "1.6", "1.7")
    assert goal in evaluate(POLICY, whole, years=[2023], verdicts=["class"]).answer.certain


def test_an_open_item_asks_about_every_item_of_the_unit(tmp_path: Path) -> None:
    evaluation = evaluate(POLICY, small(tmp_path, "95", "2"), years=[2023], verdicts=["must_explain"])
    why = evaluation.why_not(Atom("must_explain", ("U1", OPEN, 2023)))
    assert why is not None
    assert any(condition.atom == Atom("fell", ("3.2", 2023)) for condition in conditions(why))


def test_an_unknown_goal_is_refused(tmp_path: Path) -> None:
    small(tmp_path, "95", "2")
    command = [sys.executable, "-m", "cchc", "explain", str(tmp_path), "--unit", "U1", "--why-not", "excelent", "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3 and done.stdout == ""
    assert "did you mean “excellent”?" in done.stderr and "Traceback" not in done.stderr
    words = done.stderr.rpartition("there are: ")[2].rpartition(" [")[0].split(", ")
    kinds = POLICY.vocabulary.of_kind("verdict").values()
    assert {"20.2", *(kind.name for kind in kinds)} <= {*words}
    assert {value for kind in kinds for argument in kind.arguments for value in argument.type.values} <= {*words}


def asked(*arguments: str, dataset: str = "data/thai-binh-minh-hoa") -> str:
    command = [sys.executable, "-m", "cchc", "explain", dataset, *arguments]
    return subprocess.run(command, cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=True).stdout


@pytest.mark.parametrize(("name", "sentence"), [
    ("must_explain", "phải giải trình về 4.4"), ("20.2", "thuộc danh sách phải giải trình năm 2023"),
    ("not_completed", "không hoàn thành nhiệm vụ"), ("notice", "thông báo bằng văn bản"),
])  # fmt: skip
def test_what_holds_after_all_is_said_first_with_its_proof(name: str, sentence: str) -> None:
    shown = asked("--unit", "so-y-te", "--year", "2023", "--why-not", name)
    answer = shown.partition("Kết quả này có, chắc chắn:\nKẾT QUẢ: ")[2]
    assert sentence in " ".join(answer[:300].split())
    assert "§" in answer and "item_score.csv:" in answer
    assert "VÌ SAO KHÔNG" not in shown


def test_the_list_that_a_unit_is_missing_from_is_named() -> None:
    dataset = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    found = evaluate(POLICY, dataset, years=[2023], verdicts=["list_missing", "list_extra"]).verdicts
    for verdict in found[:1] + found[-1:]:
        shown = asked("--unit", verdict.arguments["unit"], "--year", "2023", "--why-not", verdict.predicate, "--lang", "en")
        assert "VERDICT: the list of" in shown.partition("It does hold, for certain:\n")[2]


def test_what_is_possible_is_said_before_why_it_is_not_certain(tmp_path: Path) -> None:
    small(tmp_path, "95", "1.75", "unknown", "1.5", "1.25")
    for name, proved in (("criticism", True), ("not_completed", False)):
        shown = asked("--unit", "U1", "--year", "2023", "--why-not", name, dataset=str(tmp_path))
        before, said, after = shown.partition("Kết quả này chưa chắc chắn, nhưng có thể có.")
        assert said and "VÌ SAO KHÔNG" not in before and "VÌ SAO KHÔNG" in after
        assert ("KẾT QUẢ" in after.partition("VÌ SAO KHÔNG")[0]) == proved


def test_a_post_without_a_rule_is_told_so_and_no_more() -> None:
    shown = asked("--unit", "cuc-thue", "--year", "2023", "--why-not", "good")
    assert "không xếp được loại (Điều 17 không có quy định" in " ".join(shown.split())
    assert "VÌ SAO KHÔNG" not in shown and len(shown.splitlines()) < 50


def test_a_gap_is_told_before_what_is_unmet() -> None:
    dataset = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    rated = evaluate(POLICY, dataset, years=[2023], verdicts=["unclassified"]).verdicts
    unit = next(v.arguments["unit"] for v in rated if v.status == "certain" and v.arguments["gap"] == "item_fell")
    shown = asked("--unit", unit, "--year", "2023", "--why-not", "good")
    assert "không xếp được loại" in shown.partition("VÌ SAO KHÔNG")[0]
    assert "VÌ SAO KHÔNG" in shown


@pytest.mark.parametrize(("lang", "words"), [("vi", "về nội dung nào đó năm 2021"), ("en", "must explain some item in 2021")])
def test_an_open_argument_is_put_in_words(tmp_path: Path, lang: str, words: str) -> None:
    small(tmp_path, "95", "2")
    shown = asked("--unit", "U1", "--year", "2021", "--why-not", "must_explain", "--lang", lang, dataset=str(tmp_path))
    assert words in " ".join(shown.split())
    assert " ? " not in shown
