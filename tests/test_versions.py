"""Versions: which text is in force on a day, and which one figures of a year are judged by.

The toy of `tests/amendments/years` (over `base`): a text of 2020, amended twice, replaced as a whole in 2024; the units of
the new one end in July 2025, the text itself expires in 2026.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc.applicable import applicable
from cchc.cases import run_file
from cchc.evaluation import evaluate
from cchc.lint import findings
from cchc.policy import Policy, source_text
from cchc.printing import consolidated_text
from cchc.problems import Invalid
from cchc.review import findings as search
from cchc.schema import resource

COMMAND = Path(sys.executable).with_name("cchc")
FIXTURES = Path(__file__).parent / "amendments"
DATA = FIXTURES / "years" / "data"
ONE = timedelta(1)


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("toy"))


def laid_out(folder: Path) -> Path:
    for source in ("base", "years"):
        shutil.copytree(FIXTURES / source, folder, dirs_exist_ok=True)
    return folder / "policies"


def cchc(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str]:
    done = subprocess.run([COMMAND, *arguments], cwd=cwd, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


# ---- An independent reading of the toy --------------------------------------------------------------


class Text(NamedTuple):
    """What is in force on a day: since when, its lines, what it states, owes and leaves open, and who is what by it."""

    since: str
    lines: tuple[str, ...]
    facts: frozenset[tuple[object, ...]]
    readings: dict[str, list[str]]
    duties: tuple[str, ...]
    rules: int
    verdicts: frozenset[tuple[str, str]]


def oracle(day: date) -> Text | str:
    """The same law in plain Python, written from the four instruments."""
    iso = day.isoformat()
    if iso < "2020-01-01":
        return "not-in-force"
    if iso >= "2026-01-01":
        return "expired"
    if iso >= "2024-01-01":
        new = ("NỘI QUY THI ĐUA MỚI", "Điều 1. Phòng đạt từ 70 điểm thì được khen.",
               "Điều 2. Phòng đạt dưới 40 điểm thì bị phê bình.")  # fmt: skip
        figures = frozenset({("points_from", "1", 70), ("points_below", "2", 40)})
        return Text("2024-01-01", new, figures, {}, (), 2, frozenset({("praised", "an"), ("praised", "chi")}))
    first, second = iso >= "2021-03-01", iso >= "2022-07-15"
    bar = 80 if first else 90
    new_offices = "never" if second else "high" if first else "never high"
    lines = (
        "NỘI QUY THI ĐUA", "Điều 1. Khen", f"1. Phòng đạt từ {bar} điểm thì được khen.",
        "2. Không khen phòng mới lập, trừ khi có thành tích.",
        *(["2a. Riêng điểm cao không phải là thành tích."] if second else []),
        *(["2a. Đạt điểm cao là có thành tích."] if first and not second else []),
        "3. Phòng được khen gửi báo cáo trong 30 ngày.", "Điều 2. Phê bình", "1. Phê bình phòng thuộc một trong các trường hợp",
        "a) đạt dưới 50 điểm;", "b)" if second else "b) bị nhắc nhở từ 2 lần;",
        "c) trường hợp khác do Giám đốc quyết định.", "2. Phòng bị phê bình (sau đây gọi là phòng yếu) báo cáo Giám đốc.",
        *(["3. Phòng yếu lập kế hoạch sửa chữa."] if second else []), "Điều 3. Thi hành",
        "Các phòng thi hành Nội quy này; căn cứ phê bình là điểm a khoản 1 Điều 2.", "Giám đốc theo dõi việc thi hành.",
    )  # fmt: skip
    duties = ("1.3.o1", "2.2.o1", *(["2.3.o1"] if second else []))
    stated: set[tuple[object, ...]] = {
        ("points_from", "1.1", bar), ("points_below", "2.1.a", 50), ("ground", "3.p1", "2.1.a"),
        *(("owes", duty, "office") for duty in duties),
    }  # fmt: skip
    stated |= set() if second else {("times_from", "2.1.b", 2)}
    stated |= {("reading", "newcomers", new_offices)} if first else set()
    # Four rules on praise, one of each pair on new offices left where the text decides; five on blame, four without point b.
    rules = (3 if first else 4) + (4 if second else 5)
    found = {("blamed", "binh"), *([] if second else [("blamed", "an")]), *([("praised", "an")] if bar <= 85 else []),
             ("praised" if new_offices == "high" else "excluded", "chi")}  # fmt: skip
    since = "2022-07-15" if second else "2021-03-01" if first else "2020-01-01"
    return Text(since, lines, frozenset(stated), {"newcomers": new_offices.split()}, duties, rules, frozenset(found))


@functools.cache
def judged(root: Path, since: str) -> frozenset[tuple[str, str]]:
    """Who is praised, excluded or blamed by a text, of three offices with the same figures in every year."""
    from cchc.dataset import Dataset

    policy = Policy.load(root, "noi-quy", date.fromisoformat(since))
    found = evaluate(policy, Dataset.load(DATA, policy), years=[2021]).verdicts
    return frozenset((v.predicate, v.arguments["unit"]) for v in found if v.predicate != "missed")


def agrees(root: Path, day: date) -> None:
    expected = oracle(day)
    if isinstance(expected, str):
        with pytest.raises(Invalid) as error:
            Policy.load(root, "noi-quy", day)
        assert [problem.code for problem in error.value.problems] == [expected]
        return
    policy = Policy.load(root, "noi-quy", day)
    stated = frozenset((fact.atom.predicate, *fact.atom.arguments) for fact in policy.facts)
    readings = {name: [*reading.values] for name, reading in policy.readings.items()}
    found = Text(policy.version, policy.lines, stated, readings, tuple(policy.duties), len(policy.rules), expected.verdicts)
    assert found == expected
    assert judged(root, policy.version) == expected.verdicts


# ---- Temporal coverage ------------------------------------------------------------------------------

BOUNDARIES = [date(2020, 1, 1), date(2021, 3, 1), date(2022, 7, 15), date(2024, 1, 1), date(2025, 7, 1), date(2026, 1, 1)]


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("day", BOUNDARIES, ids=str)
def test_exactly_one_text_on_every_boundary(day: date, step: int, policies: Path) -> None:
    agrees(policies, day + step * ONE)


@settings(max_examples=25, deadline=None)
@given(day=st.dates(date(2019, 1, 1), date(2027, 12, 31)))
def test_any_day(day: date) -> None:
    agrees(_anywhere(), day)


@functools.cache
def _anywhere() -> Path:
    import tempfile

    return laid_out(Path(tempfile.mkdtemp()))


def test_the_name_of_any_of_the_instruments_leads_to_the_same_text(policies: Path) -> None:
    for day in (date(2020, 6, 1), date(2021, 6, 1), date(2023, 6, 1), date(2025, 12, 31)):
        one, other = Policy.load(policies, "noi-quy", day), Policy.load(policies, "noi-quy-moi", day)
        assert (one.version, one.sha256, one.lines) == (other.version, other.sha256, other.lines)
    assert Policy.load(policies, "noi-quy").version == Policy.load(policies).version == "2024-01-01"


def test_one_hash_for_each_interval_wherever_the_folder_lies(policies: Path, tmp_path: Path) -> None:
    elsewhere = laid_out(tmp_path / "elsewhere")
    intervals = list(zip(BOUNDARIES[:4], [*BOUNDARIES[1:4], BOUNDARIES[5]], strict=True))
    hashes = []
    for begin, end in intervals:
        loaded = [Policy.load(root, "noi-quy", day) for root in (policies, elsewhere)
                  for day in (begin, begin + (end - begin) / 2, end - ONE)]  # fmt: skip
        assert len({(one.version, one.sha256, one.lines, str(one.rules[0].text)) for one in loaded}) == 1
        hashes.append(loaded[0].sha256)
    assert len({*hashes}) == 4


def test_a_change_of_one_instrument_changes_the_texts_it_is_part_of_only(tmp_path: Path) -> None:
    root = laid_out(tmp_path)

    def sums() -> list[str]:
        return [Policy.load(root, "noi-quy", day).sha256 for day in BOUNDARIES[:4]]

    before = sums()
    path = root / "sua-2" / "article-1.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# Ghi chú.\n", encoding="utf-8")
    assert [one == other for one, other in zip(before, sums(), strict=True)] == [True, True, False, True]


def test_the_printed_text_tells_when_its_scope_ends(policies: Path) -> None:
    text = consolidated_text(Policy.load(policies, "noi-quy", date(2024, 6, 1)), "vi")
    (told,) = [line for line in text.splitlines() if line.startswith("LƯU Ý: từ ngày 01/07/2025 ngoài phạm vi áp dụng: ")]
    assert told
    assert "ngoài phạm vi áp dụng" not in consolidated_text(Policy.load(policies, "noi-quy", date(2023, 6, 1)), "vi")


SPACE = """%! title: {vi: Một phòng, en: One office}
year(2023).
unit("an",old).
1 { score("an",2023,(0;100)) } 1.
"""
PROPERTY = """%! title: {vi: Không ai bị phê bình, en: Nobody is blamed}
%! provisions: [2.1.a]
%! space: one
%! verdicts: [blamed]
%! small_domain: {vi: Một phòng., en: One office.}

finding(somebody) :- blamed(_,_).
"""


def test_each_text_is_searched_for_its_own_properties(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCHC_CACHE", str(tmp_path / "cache"))
    root = laid_out(tmp_path)
    folder = root / "noi-quy" / "properties"
    (folder / "spaces").mkdir(parents=True)
    (folder / "spaces" / "one.lp").write_text(SPACE, encoding="utf-8")
    (folder / "nobody.lp").write_text(PROPERTY, encoding="utf-8")
    found = [[*search(Policy.load(root, "noi-quy", day), "vi")] for day in (date(2020, 6, 1), date(2024, 6, 1))]
    assert found == [[("nobody", "somebody")], []]


def test_a_text_that_replaces_two_others_does_not_hide_the_one_between(tmp_path: Path) -> None:
    """The last one names both; by folder name it comes before the one in between."""
    root = laid_out(tmp_path)
    path = root / "noi-quy-moi"
    shutil.copytree(path, root / "a-moi")
    described = (path / "instrument.yaml").read_text(encoding="utf-8")
    latest = described.replace("id: noi-quy-moi", "id: a-moi").replace("04/NQ", "06/NQ").replace("[01/NQ]", "[01/NQ, 04/NQ]")
    (root / "a-moi" / "instrument.yaml").write_text(latest.replace("'2024-01-01'", "'2025-01-01'"), encoding="utf-8")
    for name in ("noi-quy", "noi-quy-moi", "a-moi"):
        found = [Policy.load(root, name, date(year, 6, 1)).instrument["id"] for year in (2020, 2023, 2024, 2025)]
        assert found == ["noi-quy", "noi-quy", "noi-quy-moi", "a-moi"]


def test_replacing_in_a_circle_of_three_is_told(tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    path = root / "noi-quy" / "instrument.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "replaces: [06/NQ]\n", encoding="utf-8")
    shutil.copytree(root / "noi-quy-moi", root / "a-moi")
    described = (root / "noi-quy-moi" / "instrument.yaml").read_text(encoding="utf-8")
    third = described.replace("id: noi-quy-moi", "id: a-moi").replace("04/NQ", "06/NQ").replace("[01/NQ]", "[04/NQ]")
    (root / "a-moi" / "instrument.yaml").write_text(third, encoding="utf-8")
    with pytest.raises(Invalid) as error:
        Policy.load(root)
    assert [problem.code for problem in error.value.problems] == ["version-cycle"]


# ---- Which version a year comes under ---------------------------------------------------------------


def test_the_day_of_the_announcement_decides(policies: Path) -> None:
    scope = applicable(DATA, policies)
    # 2019: before the first text; 2022: the day is unknown, so the end of June of the year after.
    assert [(one.policy.version, one.years) for one in scope.versions] == [
        ("2020-01-01", (2019, 2020)), ("2021-03-01", (2021,)), ("2022-07-15", (2022,)), ("2024-01-01", (2023,))]  # fmt: skip
    assert scope.outside == ()


def test_each_year_is_judged_by_its_text_and_says_which(policies: Path) -> None:
    code, out, err = cchc("evaluate", DATA, "--policies", policies)
    assert (code, err) == (0, "")
    parts = out.split("\n\n01/NQ · ")
    shown = [line.removeprefix("văn bản: có hiệu lực từ ") for line in out.splitlines() if line.startswith("văn bản")]
    assert shown == ["01/01/2020", "01/03/2021", "15/07/2022", "01/01/2024"]
    assert "Năm 2021 · praised" in parts[1]
    assert ["an    2.2.o1 Báo cáo Giám đốc" in part for part in parts] == [True, False, False]
    assert ["an    2.3.o1 Lập kế hoạch" in part for part in parts] == [False, False, True]
    for year, since in ((2019, "2020-01-01"), (2021, "2021-03-01"), (2022, "2022-07-15"), (2023, "2024-01-01")):
        code, out, err = cchc("evaluate", DATA, "--policies", policies, "--year", str(year), "--format", "json")
        assert (code, err) == (0, "")
        document = json.loads(out)
        expected = oracle(date.fromisoformat(since))
        assert isinstance(expected, Text)
        assert (document["version"], document["policy_sha256"]) == (
            since, Policy.load(policies, "noi-quy", date.fromisoformat(since)).sha256)  # fmt: skip
        found = {(v["predicate"], v["unit"]) for v in document["verdicts"] if v["predicate"] != "missed"}
        assert found == expected.verdicts


@pytest.mark.parametrize("style", ["json", "csv"])
def test_one_document_for_several_versions_is_refused(style: str, policies: Path) -> None:
    code, out, err = cchc("evaluate", DATA, "--policies", policies, "--format", style, "--lang", "en")
    assert (code, out) == (3, "")
    assert err == (
        "--year: the years asked about come under several versions of the text (2020-01-01: 2019, 2020; 2021-03-01: 2021; "
        "2022-07-15: 2022; 2024-01-01: 2023); add --year or --as-of [several-versions]\n"
    )
    assert cchc("export", DATA, "--asp", "--policies", policies)[:2] == (3, "")


def test_as_of_decides_for_all_years(policies: Path) -> None:
    code, out, _ = cchc("evaluate", DATA, "--policies", policies, "--as-of", "2021-03-01", "--format", "json")
    assert (code, json.loads(out)["version"]) == (0, "2021-03-01")
    code, out, err = cchc("evaluate", DATA, "--policies", policies, "--as-of", "2019-12-31")
    told = "--as-of: ngày 2019-12-31 chưa có quy định nào có hiệu lực; chọn từ ngày 2020-01-01 [not-in-force]\n"
    assert (code, out, err) == (3, "", told)
    code, out, err = cchc("evaluate", DATA, "--policies", policies, "--as-of", "2026-01-01")
    told = "--as-of: ngày 2026-01-01: 04/NQ đã hết hiệu lực từ 2026-01-01; chọn ngày trước đó [expired]\n"
    assert (code, out, err) == (3, "", told)
    code, out, err = cchc("evaluate", DATA, "--policies", policies, "--as-of", "2025-07-01", "--lang", "en")
    assert (code, out, err.count("\n")) == (3, "", 5)
    assert "on 2025-07-01) is out of scope: since 2025-07-01, the company dissolved its offices [out-of-scope]\n" in err
    assert cchc("evaluate", DATA, "--policies", policies, "--as-of", "2025-06-30")[0] == 0


def announced(folder: Path, **days: str) -> Path:
    """The data with other days of announcement."""
    shutil.copytree(DATA, folder)
    rows = "".join(f"{year.removeprefix('y')},{day}\n" for year, day in days.items())
    (folder / "announced.csv").write_text(f"year,date\n{rows}", encoding="utf-8")
    return folder


def test_a_year_without_a_text_does_not_block_the_others(policies: Path, tmp_path: Path) -> None:
    data = announced(tmp_path / "data", y2019="2020-05-01", y2020="2021-05-01", y2021="2025-06-30", y2022="2025-07-01",
                     y2023="2026-01-01")  # fmt: skip
    code, out, err = cchc("evaluate", data, "--policies", policies)
    assert code == 0
    assert [line[-10:] for line in out.splitlines() if line.startswith("văn bản")] == ["01/01/2020", "01/03/2021", "01/01/2024"]
    described = (data / "dataset.yaml").as_posix()
    assert err.splitlines() == [
        f"cảnh báo: {described}:4:8: năm 2022 (ngày 2025-07-01) ngoài phạm vi áp dụng: từ 2025-07-01, công ty đã giải thể các "
        "phòng [out-of-scope]",
        f"cảnh báo: {described}:4:8: ngày 2026-01-01: 04/NQ đã hết hiệu lực từ 2026-01-01; chọn ngày trước đó [expired]",
    ]
    assert cchc("evaluate", data, "--policies", policies, "--year", "2020")[2] == ""
    for year, told in ((2022, "out-of-scope"), (2023, "expired")):
        code, out, err = cchc("evaluate", data, "--policies", policies, "--year", str(year))
        assert (code, out, err.count("\n"), err.endswith(f"[{told}]\n")) == (3, "", 1, True)


def test_a_year_that_the_data_do_not_have(policies: Path) -> None:
    for day in ([], ["--as-of", "2025-08-01"]):  # on that day, no year has a text
        code, out, err = cchc("evaluate", DATA, "--policies", policies, "--year", "2031", *day)
        assert (code, out) == (3, "")
        assert "Traceback" not in err
        assert ("[year-outside]" in err) == (not day)


def test_a_duty_of_another_version_is_left_out_with_a_warning(policies: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    with (data / "duty_record.csv").open("a", encoding="utf-8") as file:
        file.write("binh,2.3.o1,2021,missed\n")
    code, out, err = cchc("evaluate", data, "--policies", policies, "--year", "2021")
    assert (code, "missed" in out) == (0, False)
    assert [line.partition("duty_record.csv:")[2] for line in err.splitlines()] == [
        "5:6: văn bản được hỏi không còn nghĩa vụ “2.3.o1”; bỏ qua ghi nhận này [vanished-duty]"]  # fmt: skip
    assert cchc("evaluate", data, "--policies", policies, "--year", "2022")[2] == ""


def test_a_draft_need_not_fit_the_text_of_other_years(policies: Path, tmp_path: Path) -> None:
    root = laid_out(tmp_path)
    draft = root / "drafts" / "du-thao"
    shutil.copytree(FIXTURES / "one" / "policies" / "sua", draft)
    described = (draft / "instrument.yaml").read_text(encoding="utf-8").replace("id: sua", "id: du-thao").replace("02/", "99/")
    (draft / "instrument.yaml").write_text(described.replace("effective_from: '2021-03-01'\n", ""), encoding="utf-8")
    (draft / "article-1.yaml").write_text(
        "article: '1'\nlines:\n  - clause: '1'\n    text: 1. Bãi bỏ khoản 3 Điều 2.\n    en: 1. To repeal.\n    changes:\n"
        "      - repeal: ['2.3']\n", encoding="utf-8")  # fmt: skip
    code, out, err = cchc("evaluate", DATA, "--policies", root, "--year", "2022", "--with", "du-thao")
    assert (code, "văn bản: có hiệu lực từ 15/07/2022, cùng dự thảo du-thao" in out) == (0, True)
    assert "[vanished-duty]" in err
    code, out, err = cchc("evaluate", DATA, "--policies", root, "--year", "2021", "--with", "du-thao")
    assert (code, out, "[no-such-provision]" in err) == (3, "", True)


CASE = """\
- case: A1
  title: Một phòng mới lập đạt điểm cao
  year: {year}
{as_of}  given:
    unit: [{{unit: chi, age: new}}]
    score: [{{unit: chi, year: {year}, points: 95}}]
    duty_record: [{{unit: chi, duty: {duty}, year: {year}, status: missed}}]
{announced}  expect:
    - under: {{}}
      praised: [{praised}]
      missed: [{missed}]
"""


@pytest.mark.parametrize(("year", "as_of", "announced", "duty", "praised"), [
    (2020, "", "2021-02-28", "2.2.o1", False), (2020, "", "2021-03-01", "2.2.o1", True),
    (2020, "2022-07-15", "2021-03-01", "2.3.o1", False), (2020, "2022-07-14", "2021-03-01", "1.3.o1", True),
    (2020, "", "", "1.3.o1", True), (2021, "", "", "1.3.o1", True), (2022, "", "unknown", "2.3.o1", False),
])  # fmt: skip
def test_cases_come_under_the_text_of_their_day(year: int, as_of: str, announced: str, duty: str, praised: bool, policies: Path,
                                                tmp_path: Path) -> None:  # fmt: skip
    """No announcement: the end of June of the year after. Duties are named as that text has them."""
    written = CASE.format(
        year=year, duty=duty, as_of=f"  as_of: {as_of}\n" if as_of else "",
        announced=f"    announced: [{{year: {year}, date: {announced}}}]\n" if announced else "",
        praised="{unit: chi}" if praised else "", missed=f"{{unit: chi, duty: {duty}}}",
    )  # fmt: skip
    (tmp_path / "cases.yaml").write_text(written, encoding="utf-8")
    assert cchc("test", "cases.yaml", "--policies", policies, cwd=tmp_path) == (0, "1 ca đạt, 0 ca không đạt\n", "")


def test_a_case_cannot_name_a_duty_of_another_version(policies: Path, tmp_path: Path) -> None:
    written = CASE.format(year=2020, duty="2.3.o1", as_of="", announced="", praised="{unit: chi}", missed="")
    (tmp_path / "cases.yaml").write_text(written, encoding="utf-8")
    code, out, err = cchc("test", "cases.yaml", "--policies", policies, cwd=tmp_path)
    assert (code, out, err.startswith("cases.yaml:7:37: không có nghĩa vụ “2.3.o1”")) == (3, "", True)


def test_a_case_without_a_text_in_force(policies: Path, tmp_path: Path) -> None:
    written = CASE.format(year=2025, duty="2.3.o1", as_of="", announced="", praised="", missed="")
    (tmp_path / "cases.yaml").write_text(written, encoding="utf-8")
    code, out, err = cchc("test", "cases.yaml", "--policies", policies, cwd=tmp_path)
    assert (code, out, err.endswith("[expired]\n")) == (3, "", True)


# ---- The shipped draft ------------------------------------------------------------------------------

SHIPPED = resource("policies")
DRAFT = "2026-minh-hoa"
CASES = Path(__file__).parent / "cases" / "draft-amendment.yaml"
ILLUSTRATED = Path(__file__).parents[1] / "data" / "thai-binh-minh-hoa"


@pytest.fixture(scope="module")
def drafted() -> Policy:
    return Policy.load(None, None, None, [DRAFT])


def test_the_cases_of_the_draft_pass() -> None:
    outcomes = [*run_file(CASES, Policy.load())]
    assert len(outcomes) >= 40
    assert [outcome.case for outcome in outcomes if outcome.differences] == []
    assert {outcome.under.rpartition("with ")[2] for outcome in outcomes} == {DRAFT}


def test_the_source_of_the_draft_is_locked() -> None:
    folder = SHIPPED / "drafts" / DRAFT
    digest = hashlib.sha256((folder / "source.vi.txt").read_bytes()).hexdigest()
    assert digest == "c499cc417133ae7bf279197b7b56180cfb5214cff0a62c8466b555a125cbdeba"
    assert digest in (folder / "instrument.yaml").read_text(encoding="utf-8")


def test_the_consolidated_text_is_the_archived_one_with_the_words_of_the_draft(drafted: Policy) -> None:
    """Put together by hand: every untouched line byte for byte, every new one from between the quotation marks of the draft."""
    text = source_text(Policy.load()).removesuffix("\n").split("\n")
    source = (SHIPPED / "drafts" / DRAFT / "source.vi.txt").read_text(encoding="utf-8")
    blocks = [part.partition("”.")[0].split("\n") for part in source.split("\n“")[1:]]
    assert [len(block) for block in blocks] == [6, 2, 4, 2, 1, 2, 1, 1, 1]

    def place(start: str) -> int:
        (found,) = (number for number, line in enumerate(text) if line.startswith(start))
        return found

    def put(start: str, *new: list[str], until: str = "") -> None:
        begin = place(start)
        text[begin : place(until) if until else begin] = [line for block in new for line in block]

    put("Điều 4. Thẩm quyền", blocks[0])
    put("Điều 15. Phạm vi", blocks[1])
    put("a) Hoàn thành xuất sắc nhiệm vụ: ", *blocks[2:5], until="Điều 18. ")
    put("2. Ủy ban nhân dân cấp xã:", blocks[5])
    put("2. Chậm nhất 30 ngày sau khi", *blocks[6:8], until="3. Tham mưu Ủy ban nhân dân tỉnh đánh giá, phân loại")
    put("Điều 21. ", blocks[8])
    for start, old, new in (
        ("2. Tổ chức hệ thống hóa văn bản quy phạm pháp luật", "154/NĐ-CP", "154/2020/NĐ-CP"),
        ("4. Tổng hợp và đề xuất khen thưởng", "cải cách hành chính hành chính", "cải cách hành chính"),
        ("5. Tổng hợp danh sách", ", đề xuất", " và các trường hợp thuộc điểm a, điểm c khoản 1 Điều 19, đề xuất"),
        ("e) Chỉ đạo thực hiện chế độ báo cáo", "e)", "đ)"), ("f) Hàng năm tổ chức sơ kết", "f)", "e)"),
        ("e) Ủy ban nhân dân cấp xã từng bước", "e)", "đ)"),
    ):  # fmt: skip
        line = text[place(start)]
        assert line.count(old) == 1
        text[place(start)] = line.replace(old, new)
    assert list(drafted.lines) == text


def test_the_draft_changes_nothing_for_who_does_not_ask_for_it(tmp_path: Path) -> None:
    bare = Path(shutil.copytree(SHIPPED, tmp_path / "policies", ignore=shutil.ignore_patterns("drafts")))
    base = Policy.load()
    assert Policy.load(bare).sha256 == base.sha256
    assert base.drafts == ()
    arguments = ("evaluate", ILLUSTRATED, "--year", "2023", "--format", "json")
    with_drafts, without = cchc(*arguments), cchc(*arguments, "--policies", bare)
    assert with_drafts == without
    assert with_drafts[0] == 0


def test_the_draft_is_named_wherever_it_is_used(drafted: Policy) -> None:
    assert (drafted.version, drafted.drafts) == (f"2021-12-28+{DRAFT}", (DRAFT,))
    assert drafted.sha256 != Policy.load().sha256
    code, out, _ = cchc("evaluate", ILLUSTRATED, "--year", "2023", "--with", DRAFT, "--format", "json")
    assert (code, json.loads(out)["version"]) == (0, drafted.version)
    shown = cchc("text", "--with", DRAFT, "--lang", "en")[1]
    assert "with the draft 2026-minh-hoa" in shown
    # Renumbered lines bear their new number in English, too.
    assert "\nđ) Direct the implementation of the regime of periodic reporting" in shown


def test_the_shipped_policies_with_their_draft_are_clean() -> None:
    assert [problem.text("en") for problem in findings(Policy.load())] == []
