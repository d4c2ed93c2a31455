"""Bad input: exit code 3, one line for each finding with its exact place, nothing on standard output, nothing written.

Each folder of `tests/input/` holds a `bad/` input, the lines the command must print about it in Vietnamese and in
English (`expected.vi.txt`, `expected.en.txt`), and a `good/` twin that differs in that one respect and is accepted.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc import cli
from cchc.cases import run_file
from cchc.dataset import Dataset
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.schema import resource
from made import write

COMMAND = Path(sys.executable).with_name("cchc")
INPUT = Path(__file__).parent / "input"
TWINS = sorted(path.name for path in INPUT.iterdir() if path.is_dir())
GOOD = INPUT / "score-over-maximum" / "good"
SHIPPED = Path(__file__).parents[1] / "data" / "thai-binh-minh-hoa"


class Result(NamedTuple):
    code: int | str | None
    out: str
    err: str


def cchc(*arguments: str | Path, cwd: Path = INPUT) -> Result:
    """Run the installed command."""
    done = subprocess.run([COMMAND, *arguments], cwd=cwd, capture_output=True, check=False)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


Run = Callable[..., Result]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


@pytest.fixture
def inside(policy: Policy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command inside this process: the policy is loaded once, which makes it fast."""
    load = Policy.load

    def cached(folder: Path | None = None, instrument: str | None = None, day: date | None = None,
               drafts: Sequence[str] = ()) -> Policy:  # fmt: skip
        kept = folder is None and instrument in {None, policy.instrument["id"]} and not drafts
        return policy if kept else load(folder, instrument, day, drafts)

    monkeypatch.setattr(Policy, "load", cached)

    def run(*arguments: str | Path, cwd: Path = INPUT) -> Result:
        monkeypatch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        return Result(ended.value.code, *capsys.readouterr())

    return run


def command(name: str, side: str) -> tuple[str, str]:
    return ("test", f"{side}/cases.yaml") if (INPUT / name / side / "cases.yaml").exists() else ("validate", side)


# ---- Twins ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TWINS)
def test_bad_twin(name: str) -> None:
    expected = (INPUT / name / "expected.vi.txt").read_text(encoding="utf-8")
    assert cchc(*command(name, "bad"), cwd=INPUT / name) == (3, "", expected)


@pytest.mark.parametrize("name", TWINS)
def test_bad_twin_in_english(name: str, inside: Run) -> None:
    expected = (INPUT / name / "expected.en.txt").read_text(encoding="utf-8")
    assert inside(*command(name, "bad"), "--lang", "en", cwd=INPUT / name) == (3, "", expected)


@pytest.mark.parametrize("name", TWINS)
def test_good_twin(name: str, inside: Run) -> None:
    code, out, err = inside(*command(name, "good"), cwd=INPUT / name)
    assert (code, [line for line in err.splitlines() if "[year-uncovered]" not in line]) == (0, [])
    assert out


def test_good_input_through_the_installed_command() -> None:
    assert cchc("validate", "bom-crlf/good").code == 0
    assert cchc("test", "case-unknown-verdict/good/cases.yaml").code == 0


# ---- What cannot be kept as a file in a repository --------------------------------------------------


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "data"))


def test_not_utf8(dataset: Path) -> None:
    scores = dataset / "item_score.csv"
    scores.write_bytes("\ufeff".encode() + "điểm,".encode() + b"\xe9,x\n")
    code, out, err = cchc("validate", "data", cwd=dataset.parent)
    assert (code, out) == (3, "")
    assert err.startswith("data/item_score.csv:1:6: byte 0xe9 không phải UTF-8; lưu lại tệp với mã hóa UTF-8")
    scores.write_bytes("item,year,points,max\r\n1.1,2023,điểm".encode() + b"\xff")
    assert cchc("validate", "data", cwd=dataset.parent).err.startswith("data/item_score.csv:2:14: byte 0xff")


def test_symbolic_link_out_of_the_folder(dataset: Path) -> None:
    (dataset / "item.csv").rename(dataset.parent / "item.csv")
    (dataset / "item.csv").symlink_to("../item.csv")
    lines = (dataset / "dataset.yaml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "item.csv" in text)
    code, out, err = cchc("validate", "data", cwd=dataset.parent)
    assert (code, out) == (3, "")
    assert err.startswith(f"data/dataset.yaml:{line}:16: đường dẫn “item.csv” đi ra ngoài thư mục dữ liệu")
    (dataset / "item.csv").unlink()
    (dataset / "item.csv").symlink_to("item.csv")
    assert "[missing-file]" in cchc("validate", "data", cwd=dataset.parent).err


def test_impossible_file_names(dataset: Path, inside: Run) -> None:
    description = (dataset / "dataset.yaml").read_text(encoding="utf-8")
    for name in ('"a\\0b"', "x" * 5000, ".", '"a\\nb"'):
        (dataset / "dataset.yaml").write_text(description.replace("item.csv", name), encoding="utf-8")
        code, out, err = inside("validate", dataset)
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert "[missing-file]" in err


def test_codes_are_the_same_however_they_are_composed(dataset: Path, inside: Run) -> None:
    composed, decomposed = (unicodedata.normalize(form, "xã-tân-hòa") for form in ("NFC", "NFD"))
    assert composed != decomposed
    table = ": {file: %s.csv, complete: true, provenance: illustrative, source: thu}\n"
    with (dataset / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write("  unit" + table % "unit" + "  unit_index" + table % "unit_index")
    (dataset / "unit.csv").write_text(f"unit,type\n{composed},department\n", encoding="utf-8")
    (dataset / "unit_index.csv").write_text(f"unit,year,points\n{decomposed},2023,95\n", encoding="utf-8")
    code, out, _ = inside("evaluate", dataset, "--unit", decomposed, "--format", "csv")
    assert code == 0
    assert composed in out


def test_no_dataset_at_all(tmp_path: Path) -> None:
    for name in ("nowhere", ".", "file"):
        (tmp_path / "file").touch()
        code, out, err = cchc("validate", name, cwd=tmp_path)
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert "dataset.yaml:1:1: không tìm thấy" in err


# ---- Damaged rules ----------------------------------------------------------------------------------


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resource("policies"), tmp_path / "policies"))


@pytest.mark.parametrize(
    ("damage", "column", "words"),
    [
        ("class(U,Y,C) :- stated(U,Y,C.", 29, "[asp-syntax]"),
        ("class(U,Y,đ) :- stated(U,Y,C).", 11, "ký tự “đ” ngoài ASCII trong quy tắc"),
    ],
)
def test_damaged_rule(policies: Path, damage: str, column: int, words: str) -> None:
    rules = policies / "3373-qd-ubnd" / "article-17.lp"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(f"{text}{damage}\n", encoding="utf-8")
    line = text.count("\n") + 1
    for lang in ("vi", "en"):
        code, out, err = cchc("evaluate", GOOD, "--policies", "policies", "--lang", lang, cwd=policies.parent)
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert err.startswith(f"policies/3373-qd-ubnd/article-17.lp:{line}:{column}: ")
        assert words in err or lang == "en"


def test_no_policies(tmp_path: Path) -> None:
    code, out, err = cchc("evaluate", GOOD, "--policies", "none", cwd=tmp_path)
    assert (code, out) == (3, "")
    assert err.startswith("none:1:1: không tìm thấy")


# ---- The command line -------------------------------------------------------------------------------

OPTIONS = [
    (["--reading", "b2max=strict"], "--reading: không có cách hiểu “b2max”; có phải “b2_max”?; có: "),
    (["--reading", "b2_max=strickt"], "--reading: cách hiểu b2_max không có giá trị “strickt”; có phải “strict”?; "),
    (["--profile", "litteral"], "--profile: không có bộ cách hiểu “litteral”; có phải “literal”?; có: default, "),
    (["--year", "2031"], "--year: năm 2031 không nằm trong dữ liệu; có: 2020, 2021, 2022, 2023, 2024"),
    (["--unit", "so-noi-vụ"], "--unit: không có đơn vị “so-noi-vụ”; có phải “so-noi-vu”?; có: so-noi-vu, "),
    (["--unit", "sở y tế"], "--unit: không có đơn vị “sở y tế”; có phải “so-y-te”?; có: so-noi-vu, "),
    (["--verdict", "clas"], "--verdict: không có loại kết quả “clas”; có phải “class”?; có: class, "),
    (["--with", "du-thao"], "--with: không có dự thảo “du-thao”"),
]


@pytest.mark.parametrize(("options", "words"), OPTIONS, ids=[" ".join(options) for options, _ in OPTIONS])
def test_unknown_values_of_options(options: list[str], words: str, inside: Run) -> None:
    year = [] if "--year" in options else ["--year", "2021"]
    code, out, err = cchc("evaluate", SHIPPED, *year, *options)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(words)
    code, out, err = inside("evaluate", SHIPPED, *year, *options, "--lang", "en")
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(words.partition(":")[0])


@pytest.mark.parametrize("reading", ["b2_max=strickt", "b2_max=strict"])
def test_nothing_is_written(tmp_path: Path, reading: str) -> None:
    """Neither by an export that fails before writing, nor by one that cannot write."""
    for name in ("kept.lp", "new.lp"):
        (tmp_path / "kept.lp").write_text("kept", encoding="utf-8")
        (tmp_path / "folder.lp").mkdir(exist_ok=True)
        output = name if reading.endswith("strickt") else {"kept.lp": "folder.lp", "new.lp": "nowhere/new.lp"}[name]
        code, out, err = cchc("export", GOOD, "--asp", "--reading", reading, "--output", output, cwd=tmp_path)
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.lp", "kept.lp"]
        assert (tmp_path / "kept.lp").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([COMMAND, "validate", GOOD], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert done.stderr.decode().startswith("--output: không ghi được: ")
    code, out, err = cchc("export", GOOD, "--asp", "--output", "/dev/full/x")
    assert (code, out, err.count("\n")) == (3, "", 1)


def test_output_replaces_a_file_when_all_is_well(tmp_path: Path) -> None:
    (tmp_path / "kept.lp").write_text("kept", encoding="utf-8")
    assert cchc("export", GOOD, "--asp", "--output", "kept.lp", cwd=tmp_path) == (0, "", "")
    assert (tmp_path / "kept.lp").read_text(encoding="utf-8").startswith("% 3373/QĐ-UBND")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.lp"]


def test_a_bad_case_file_prints_no_results_of_the_good_one_before_it() -> None:
    good, bad = "case-unknown-verdict/good/cases.yaml", "case-unknown-verdict/bad/cases.yaml"
    code, out, err = cchc("test", good, bad)
    assert (code, out, err.count("\n")) == (3, "", 1)


USAGE = [
    ([], "cchc: lỗi: thiếu tham số: LỆNH"),
    (["evaluate"], "cchc evaluate: lỗi: thiếu tham số: DATASET"),
    (["explain", "x"], "cchc explain: lỗi: thiếu tham số: --unit"),
    (["validate", "x", "--bogus"], "cchc: lỗi: tham số lạ: --bogus"),
    (["validate", "x", "--lang", "fr"], "cchc validate: lỗi: tham số --lang: lựa chọn không hợp lệ: 'fr'"),
    (["evaluate", "x", "--year", "năm"], "cchc evaluate: lỗi: tham số --year: giá trị không hợp lệ: 'năm'"),
    (["evaluate", "x", "--year"], "cchc evaluate: lỗi: tham số --year: cần một giá trị"),
    (["evaluate", "x", "--as-of", "2024-02-30"], "cchc evaluate: lỗi: tham số --as-of: “2024-02-30” không phải ngày"),
    (["evaluate", "x", "--as-of", "20240230"], "cchc evaluate: lỗi: tham số --as-of: “20240230” không phải ngày"),
    (["evaluate", "x", "--reading", "b2_max"], "cchc evaluate: lỗi: tham số --reading: “b2_max” thiếu dấu bằng"),
    (["docs", ""], "cchc docs: lỗi: tham số OUT: đường dẫn để trống"),
    (["evaluate", "x", "--format", "xml"], "cchc evaluate: lỗi: tham số --format: lựa chọn không hợp lệ: 'xml'"),
    (["export", "x"], "cchc export: lỗi: thiếu tham số: --asp"),
]


@pytest.mark.parametrize(("arguments", "words"), USAGE, ids=[" ".join(arguments) for arguments, _ in USAGE])
def test_wrong_usage(arguments: list[str], words: str) -> None:
    code, out, err = cchc(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("cách dùng: cchc")
    assert err.splitlines()[-1].startswith(words)


def test_wrong_usage_in_english(inside: Run) -> None:
    code, out, err = inside("evaluate", "x", "--as-of", "soon", "--lang", "en")
    assert (code, out) == (2, "")
    assert "usage: cchc evaluate" in err
    assert "error: argument --as-of: “soon” is not a date; write year-month-day" in err


def test_a_file_name_that_is_not_utf8() -> None:
    done = subprocess.run([COMMAND, "validate", b"\xff"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Traceback" not in done.stderr


# ---- Random damage ----------------------------------------------------------------------------------

FILES = {path.name: path.read_bytes() for path in sorted((INPUT / "own-predecessor" / "good").iterdir())}
CASES = (INPUT / "case-unknown-verdict" / "good" / "cases.yaml").read_bytes()
PIECES = st.one_of(
    st.binary(max_size=6),
    st.text(max_size=4).map(str.encode),
    st.sampled_from(
        b"\0 \n \r \xef\xbb\xbf \xff , ; \" ' : - [ ] { } & * ! !! | > # %YAML << ? ~ null true 9999999999999999999999 "
        b"-1 1e9 0x1 3,75 none unknown 2024-02-30 {{{{ [[[[ \\ {} {a: }".split(b" ")
    ),
    st.just(b"[" * 200),
    st.just(b"9" * 5000),
)
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), PIECES), min_size=1, max_size=4)


def edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for position, removed, piece in edits:
        start = position % (len(content) + 1)
        content = content[:start] + piece + content[start + removed :]
    return content


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("damaged")


def complaints(action: Callable[[], object]) -> None:
    """Only `Invalid` may be raised, and every finding has a text in both languages."""
    try:
        action()
    except Invalid as error:
        assert error.problems
        for problem in error.problems:
            assert problem.text("vi")
            assert problem.text("en")


@settings(max_examples=400, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), edits=EDITS)
def test_damaged_dataset(policy: Policy, workplace: Path, name: str, edits: list[tuple[int, int, bytes]]) -> None:
    for other, content in FILES.items():
        (workplace / other).write_bytes(edited(content, edits) if other == name else content)
    complaints(lambda: Dataset.load(workplace, policy))


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), content=st.binary(max_size=200))
def test_random_bytes(policy: Policy, workplace: Path, name: str, content: bytes) -> None:
    for other, known in FILES.items():
        (workplace / other).write_bytes(content if other == name else known)
    complaints(lambda: Dataset.load(workplace, policy))


@settings(max_examples=100, deadline=None)
@given(edits=EDITS)
def test_damaged_cases(policy: Policy, workplace: Path, edits: list[tuple[int, int, bytes]]) -> None:
    (workplace / "cases.yaml").write_bytes(edited(CASES, edits))
    complaints(lambda: list(run_file(workplace / "cases.yaml", policy)))


# ---- Warnings: the law still gives an answer --------------------------------------------------------


def test_what_should_be_looked_at_again_is_a_warning(tmp_path: Path, inside: Run) -> None:
    tables = {
        "unit": "unit,type,parent\nU1,department,\nX1,commune,\n",
        "item": "item,level,domain\nI1,criterion,\nD1,domain,\n",
        "announcement": "index,year,date\nprovince,2023,2024-04-17\n",
        "report": "report,year,date\n20.2,2023,2024-04-16\n",
        "explanation_request": "unit,year,date\nU1,2023,2024-06-01\n",
        "explanation": "unit,item,year,date\nU1,I1,2023,2024-05-31\n",
    }
    write(tmp_path, [2023], tables)
    result = inside("validate", tmp_path, "--lang", "en")
    assert result.code == 0
    assert [line.rpartition(" ")[2] for line in sorted(result.err.splitlines())] == [
        "[year-uncovered]",
        "[too-early]",
        "[expected-value]",
        "[too-early]",
        "[expected-value]",
    ]
    assert all(at in result.err for at in ("item.csv:3:11", "unit.csv:3:12", "explanation.csv:2:12", "2024-04-17"))


SOUND = {
    "unit": "unit,type,parent,office\nU1,department,,doha\nU2,department,,\nD1,district,,\nX1,commune,D1,\n",
    "item": "item,level,domain,parent,first_year\n3,domain,3,,\n3.1,criterion,,3,\n3.2,criterion,,3,\n3.3,criterion,,3,2023\n",
    "item_score": "item,year,points,max\n3,2022,3,5\n3.1,2022,1,2\n3.2,2022,2,3\n3,2023,3.5,6\n3.1,2023,1,2\n3.2,2023,2,3\n"
    "3.3,2023,0.5,1\n3.1,2024,1,2\n3,2024,4,6\n",
    "assignment": "item,unit,year,role\n3.1,U1,2023,lead\n3.1,U2,2023,coordinating\n3.1,U2,2024,lead\n3.2,U2,2023,lead\n",
    "announcement": "index,year,date\nprovince,2023,2024-04-17\nunits,2023,2024-05-09\n",
    "explanation_request": "unit,year,date\nU1,2023,2024-04-17\n",
    "explanation": "unit,item,year,date\nU1,3.1,2023,2024-06-01\n",
    "explanation_section": "unit,item,year,section\nU1,3.1,2023,16.1\n",
    "commune_rating": "unit,year,class\n" + "".join(f"X1,{year},good\n" for year in (2021, 2022, 2023, 2024)),
    "commune_scale": "unit,class,from\nD1,good,80\n",
}
DOUBTFUL = [
    ("two leads", "assignment", "3.1,U2,2023,coordinating", "3.1,U2,2023,lead", "assignment.csv:3:13", "said-twice"),
    ("two units with one office", "unit", "U2,department,,", "U2,department,,doha", "unit.csv:3:16", "said-twice"),
    ("announced in its own year", "announcement", "units,2023,2024-05-09", "units,2023,2023-12-31",
     "announcement.csv:3:12", "within-year"),
    ("announced before its year", "announcement", "units,2023,2024-05-09", "units,2023,2022-05-09",
     "announcement.csv:3:12", "within-year"),
    ("commune of a department", "unit", "X1,commune,D1,", "X1,commune,U1,", "unit.csv:5:12", "wrong-kind"),
    ("rating of a department", "commune_rating", "X1,2021,good", "X1,2021,good\nU1,2021,good", "commune_rating.csv:3:1",
     "wrong-kind"),
    ("scale of a commune", "commune_scale", "D1,good,80", "X1,good,80", "commune_scale.csv:2:1", "wrong-kind"),
    ("asked too early", "explanation_request", "2024-04-17", "2024-04-16", "explanation_request.csv:2:9", "too-early"),
    ("section of nothing", "explanation_section", "U1,3.1", "U1,3.2", "explanation_section.csv:2:13", "no-counterpart"),
    ("a year left out", "item_score", "3.1,2023,1,2\n", "", "item_score.csv:8:5", "broken-years"),
    ("not the sum", "item_score", "3,2023,3.5,6", "3,2023,3.6,6", "item_score.csv:5:8", "not-the-sum"),
    ("maximum is not the sum", "item_score", "3,2023,3.5,6", "3,2023,3.5,5", "item_score.csv:5:12", "not-the-sum"),
]  # fmt: skip


def test_sound_rows_are_not_doubted(tmp_path: Path, inside: Run) -> None:
    code, _, err = inside("validate", write(tmp_path, range(2021, 2025), SOUND))
    assert (code, err) == (0, "")


@pytest.mark.parametrize(("table", "sound", "doubtful", "at", "warning"), [row[1:] for row in DOUBTFUL],
                         ids=[row[0] for row in DOUBTFUL])  # fmt: skip
def test_doubtful_rows_are_accepted_with_a_warning(
    tmp_path: Path, inside: Run, table: str, sound: str, doubtful: str, at: str, warning: str
) -> None:
    assert sound in SOUND[table]
    write(tmp_path, range(2021, 2025), {**SOUND, table: SOUND[table].replace(sound, doubtful, 1)})
    code, out, err = inside("validate", tmp_path)
    assert code == 0 and out
    (line,) = err.splitlines()
    assert at in line and line.endswith(f"[{warning}]")
