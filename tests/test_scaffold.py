"""`cchc new`: the installed command in a copy of the repository creates what a change needs, all of it or nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cchc.drafting import Wanted, new_amendment
from cchc.files import load_yaml, write_together
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.schema import validate
from cchc.yaml_writer import block
from examples import excerpts, shows

TOP = Path(__file__).parents[1]
BASE = "3373-qd-ubnd"
UNFINISHED = ("[Người soạn", "[To write")


def copied(folder: Path) -> Path:
    for name in ("policies", "schemas"):
        shutil.copytree(TOP / name, folder / name)
    (folder / "tests" / "cases").mkdir(parents=True)
    shutil.copy(TOP / "tests" / "cases" / "article-17-1-b.yaml", folder / "tests" / "cases")
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for commands that write nothing."""
    return copied(tmp_path_factory.mktemp("shared"))


def cchc(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    installed = Path(sys.executable).with_name("cchc")
    return subprocess.run([installed, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def created(folder: Path, *arguments: str) -> tuple[str, dict[str, bytes], dict[str, bytes]]:
    """Output, files before and files after a command that succeeds."""
    before = files(folder)
    run = cchc(folder, "new", *arguments)
    assert (run.returncode, run.stderr) == (0, ""), run.stderr
    return run.stdout, before, files(folder)


def only_inserted(before: bytes, after: bytes) -> bytes:
    """What was inserted, in one place, into a file that is otherwise the same byte for byte."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    start = before.rfind(b"\n", 0, start) + 1 if start < len(before) else start
    for begin in range(start + 1):
        rest = before[start - begin :]
        if after.startswith(before[: start - begin]) and after.endswith(rest):
            return after[start - begin : len(after) - len(rest)]
    raise AssertionError("more than an insertion")


def lint(folder: Path) -> str:
    run = cchc(folder, "lint", "--policies", "policies", "--lang", "en")
    return run.stdout


# ---- An amendment -----------------------------------------------------------------------------------


def test_an_amendment_has_every_file_and_passes_lint_and_test(copy: Path) -> None:
    out, before, after = created(copy, "amendment", "2027-thu", "--amends", BASE, "--replace", "17.1.b",
                                 "--insert-after", "17.2", "--repeal", "22")  # fmt: skip
    folder = "policies/drafts/2027-thu"
    assert set(after) - set(before) == {f"{folder}/{name}" for name in (
        "instrument.yaml", "source.vi.txt", "article-1.yaml", "article-1.lp", "article-2.yaml")} | {
        "tests/cases/2027-thu.yaml"}  # fmt: skip
    assert all(after[name] == content for name, content in before.items())
    assert all(f"+ {name}" in out for name in set(after) - set(before))
    assert "1. " in out
    assert lint(copy) == "no findings\n"
    run = cchc(copy, "test", "--policies", "policies", "tests/cases/2027-thu.yaml", "tests/cases/article-17-1-b.yaml")
    assert run.returncode == 0, run.stdout + run.stderr
    written = after[f"{folder}/article-1.yaml"].decode()
    assert all(mark in written for mark in (*UNFINISHED, "id: '17.3'", "repeal: ['22']", "redefines: [gap, commune_class]"))
    assert "Bổ sung khoản 3 vào sau khoản 2 Điều 17 như sau:" in after[f"{folder}/source.vi.txt"].decode()
    assert "with: 2027-thu" in after["tests/cases/2027-thu.yaml"].decode()


@pytest.mark.parametrize("provision", ["17.1.b", "17", "5.1.b", "7.2", "12", "13.2", "15", "16", "1", "20.2", "21", "qd.2"])
def test_a_replacement_starts_as_the_text_in_force(provision: str, copy: Path) -> None:
    now = Policy.load(copy / "policies")
    write_together(new_amendment(now, "thu", Wanted([provision], [], []), copy / "tests" / "cases").texts)
    then = Policy.load(copy / "policies", None, None, ["thu"])
    assert then.lines == now.lines
    assert Counter((rule.citations, rule.plain) for rule in then.rules) == Counter((r.citations, r.plain) for r in now.rules)
    assert [fact[:3] for fact in then.facts] == [fact[:3] for fact in now.facts]
    assert [duty._replace(at=now.provisions["1"].at) for duty in then.duties.values()] == [
        duty._replace(at=now.provisions["1"].at) for duty in now.duties.values()]  # fmt: skip
    assert [one.source for one in then.provisions.values()] == [one.source for one in now.provisions.values()]


def test_verdicts_of_a_fresh_draft_are_those_in_force(copy: Path) -> None:
    created(copy, "amendment", "thu", "--amends", BASE, "--replace", "17.1.a,17.1.b", "--replace", "19.1")
    data = str(TOP / "data" / "thai-binh-minh-hoa")
    plain, drafted = (cchc(copy, "evaluate", data, "--policies", "policies", "--year", "2023", "--format", "csv", *more)
                      for more in ((), ("--with", "thu")))  # fmt: skip
    assert plain.returncode == drafted.returncode == 0, drafted.stderr
    assert plain.stdout == drafted.stdout


def test_a_rule_that_names_a_repealed_provision_is_kept_as_a_comment(copy: Path) -> None:
    out, _, after = created(copy, "amendment", "thu", "--amends", BASE, "--repeal", "17.1.b", "--lang", "en")
    rules = after["policies/drafts/thu/article-1.lp"].decode()
    assert "%   commune_class(U,Y,good) :-" in rules
    assert "%@ 17.1.a.2 17.1.c.2\ngap(U,Y,item_fell)" in rules
    assert "What to do next:" in out
    assert "chưa đổi gì" not in after["tests/cases/thu.yaml"].decode(), "results do change"
    assert cchc(copy, "test", "tests/cases/thu.yaml", "--policies", "policies").returncode == 0


def test_a_case_with_a_long_title_can_be_read(copy: Path) -> None:
    created(copy, "amendment", "thu", "--amends", BASE, "--replace", "17")
    done = cchc(copy, "test", "tests/cases/thu.yaml", "--policies", "policies")
    assert (done.returncode, done.stderr) == (0, "")
    vietnamese, english = load_yaml(copy / "tests/cases/thu.yaml", text_only=True).data[0]["title"].split(" / ")
    assert (vietnamese[:17], english[:10]) == ("[Người soạn sửa: ", "[To mend: ")


def test_the_next_id_follows_vietnamese_usage(copy: Path) -> None:
    now = Policy.load(copy / "policies")
    for after, expected in {"17.2": "17.3", "17.1.a": "17.1.a1", "17.1.d": "17.1.đ", "3": "3a", "23": "24", "17.1": "17.1a",
                            "17.1.a.2": "17.1.a.3", "5.3.f": "5.3.g"}.items():  # fmt: skip
        write_together(new_amendment(now, "thu", Wanted([], [(after, "")], []), copy / "tests" / "cases").texts)
        then = Policy.load(copy / "policies", None, None, ["thu"])
        assert [name for name in then.provisions if name not in now.provisions] == [expected]
        shutil.rmtree(copy / "policies" / "drafts" / "thu")
        (copy / "tests" / "cases" / "thu.yaml").unlink()


def test_the_archived_text_of_a_draft_follows_its_articles(copy: Path) -> None:
    created(copy, "amendment", "thu", "--amends", BASE, "--replace", "17.2")
    path = copy / "policies" / "drafts" / "thu" / "article-2.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[Người soạn viết: áp dụng", "Áp dụng"), encoding="utf-8")
    assert "[drifted-quotation]" in lint(copy)
    created(copy, "source", "thu")
    assert lint(copy) == "no findings\n"


def test_a_signed_amendment_is_moved_out_of_the_drafts(copy: Path) -> None:
    """What the page on amendments says of signing; earlier years still go by the earlier text."""
    created(copy, "amendment", "thu", "--amends", BASE, "--replace", "17.1.b", "--repeal", "18")
    folder = (copy / "policies" / "drafts" / "thu").rename(copy / "policies" / "thu")
    path = folder / "instrument.yaml"
    run = cchc(copy, "lint", "--policies", "policies")
    assert (run.returncode, "[missing-key]" in run.stderr) == (3, True)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}signed: '2024-01-10'\neffective_from: '2024-01-20'\n", encoding="utf-8")
    shutil.rmtree(copy / "policies" / "drafts")
    assert [line for line in lint(copy).splitlines() if "unused-predicate" not in line] in (
        ["no findings"], [lint(copy).splitlines()[-1]])  # fmt: skip
    assert "18" not in Policy.load(copy / "policies").provisions
    run = cchc(copy, "evaluate", str(TOP / "data" / "thanh-hoa-2024"), "--policies", "policies", "--lang", "en")
    assert run.returncode == 0
    assert "in force from 2024-01-20" in run.stdout


# ---- The other kinds --------------------------------------------------------------------------------


def test_a_rule_with_a_new_predicate(copy: Path) -> None:
    out, before, after = created(copy, "rule", "17.1.b", "praised")
    assert {name for name in after if after[name] != before.get(name)} == {
        "policies/vocabulary.yaml", f"policies/{BASE}/article-17.lp"}  # fmt: skip
    rules = only_inserted(before[f"policies/{BASE}/article-17.lp"], after[f"policies/{BASE}/article-17.lp"]).decode()
    assert "%@ 17.1.b\npraised(U,Y) :- rated(U,Y), 1 < 0." in rules
    declared = only_inserted(before["policies/vocabulary.yaml"], after["policies/vocabulary.yaml"]).decode()
    assert "  praised:\n    kind: verdict\n" in declared
    assert all(mark in declared for mark in UNFINISHED)
    assert "~ policies/vocabulary.yaml" in out
    assert lint(copy) == "no findings\n"


def test_a_rule_for_a_known_predicate_in_a_file_that_there_was_not(copy: Path) -> None:
    out, before, after = created(copy, "rule", "5.1.b", "note", "--lang", "en")
    assert set(after) - set(before) == {f"policies/{BASE}/article-05.lp"}
    assert after[f"policies/{BASE}/article-05.lp"].decode().startswith("% Điều 5. ")
    assert all(after[name] == content for name, content in before.items())
    assert lint(copy) == "no findings\n"
    assert "add a case" in out


def test_a_rule_and_a_reading_of_a_draft(copy: Path) -> None:
    _, before, after = created(copy, "rule", "3a.3", "praised", "--with", "2026-minh-hoa")
    assert "%@ 3a.3\npraised" in only_inserted(before["policies/drafts/2026-minh-hoa/article-1.lp"],
                                               after["policies/drafts/2026-minh-hoa/article-1.lp"]).decode()  # fmt: skip
    _, before, after = created(copy, "reading", "how", "--provision", "3a.3", "--values", "a,b", "--with", "2026-minh-hoa")
    assert set(after) - set(before) == {"policies/drafts/2026-minh-hoa/readings.yaml"}
    assert lint(copy) == "no findings\n"


def test_a_reading_stands_behind_the_others(copy: Path) -> None:
    name = f"policies/{BASE}/readings.yaml"
    path = copy / name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # as some editors save it
    _, before, after = created(copy, "reading", "how", "--provision", "17.1.b,17.1.c", "--values", "a,b")
    added = only_inserted(before[name], after[name])
    assert added.count(b"\n") == added.count(b"\r\n")
    document = load_yaml(path)
    validate(document, "readings")
    assert document.data["readings"][-1]["id"] == "how"
    assert document.data["readings"][-1]["provisions"] == ["17.1.b", "17.1.c"]
    assert lint(copy) == "no findings\n"


def test_a_case_in_a_new_and_in_a_known_file(copy: Path) -> None:
    created(copy, "case", "tests/cases/new.yaml", "--id", "N1", "--year", "2023")
    _, before, after = created(copy, "case", "tests/cases/new.yaml", "--id", "N2", "--year", "2024", "--with", "2026-minh-hoa")
    assert only_inserted(before["tests/cases/new.yaml"], after["tests/cases/new.yaml"]).decode().startswith("\n- case: N2\n")
    run = cchc(copy, "test", "--policies", "policies", "--lang", "en", "tests/cases/new.yaml")
    assert run.stdout == "2 passed, 0 failed\n", run.stderr
    known = load_yaml(copy / "tests/cases/new.yaml", text_only=True)
    assert known.data[1]["expect"] == [{"under": {"profile": "default", "with": "2026-minh-hoa"}}]
    assert [half.partition(": ")[0] for half in known.data[1]["title"].split(" / ")] == ["[Người soạn viết", "[To write"]


def test_an_article_is_taken_from_the_archived_text(copy: Path) -> None:
    folder = copy / "policies" / BASE
    whole = files(copy)
    (folder / "article-22.yaml").unlink()
    listed = folder / "instrument.yaml"
    listed.write_text(listed.read_text(encoding="utf-8").replace("  - article-22\n", ""), encoding="utf-8")
    _, _, after = created(copy, "article", "22")
    assert after[f"policies/{BASE}/instrument.yaml"] == whole[f"policies/{BASE}/instrument.yaml"]
    assert Policy.load(copy / "policies").lines == Policy.load().lines
    assert lint(copy) == "no findings\n"


def test_an_article_of_a_draft(copy: Path) -> None:
    _, before, after = created(copy, "article", "3", "--of", "2026-minh-hoa")
    assert set(after) - set(before) == {"policies/drafts/2026-minh-hoa/article-3.yaml"}
    assert b"articles: [article-1, article-2, article-3]" in after["policies/drafts/2026-minh-hoa/instrument.yaml"]
    assert lint(copy) == "no findings\n"


@pytest.mark.parametrize("docs", ["docs", "docs/en"])
def test_the_page_on_amendments_shows_what_is_created(copy: Path, docs: str) -> None:
    ((command, part),) = [(command, part) for command, part in
                          excerpts((TOP / docs / "propose-an-amendment.md").read_text(encoding="utf-8")).items()
                          if command.startswith("new ")]  # fmt: skip
    out, before, after = created(copy, *command.split()[1:])
    assert shows(out, part)
    assert [line[2:] for line in part.splitlines() if line.startswith("+ ")] == [
        line[2:] for line in out.splitlines() if line.startswith("+ ")]  # fmt: skip
    assert len(set(after) - set(before)) == 6
    # The text says so, and `cchc diff` proves it: a fresh draft differs in nothing but what is inserted.
    diff = cchc(copy, "diff", "policies", "policies", "--with", "2027-diem-b", "--lang", "en")
    assert diff.returncode == 0, diff.stderr
    assert "[17.1.b]" not in diff.stdout


# ---- What is refused --------------------------------------------------------------------------------


AMENDMENT = ("amendment", "thu", "--amends", BASE)


@pytest.mark.parametrize(
    ("arguments", "place", "code"),
    [
        (("amendment", "2026-minh-hoa", "--amends", BASE, "--replace", "18"), "ID", "taken"),
        (("amendment", BASE, "--amends", BASE, "--replace", "18"), "ID", "taken"),
        (("amendment", "article-17-1-b", "--amends", BASE, "--replace", "18"), "ID", "taken"),
        (("amendment", "Thử", "--amends", BASE, "--replace", "18"), "ID", "wrong-shape"),
        (("amendment", "../thu", "--amends", BASE, "--replace", "18"), "ID", "wrong-shape"),
        (("amendment", "thu", "--amends", "3373", "--replace", "18"), "--amends", "unknown-instrument"),
        (("amendment", "thu", "--amends", "2026-minh-hoa", "--replace", "18"), "--amends", "unknown-instrument"),
        (AMENDMENT, "--replace", "nothing-changed"),
        ((*AMENDMENT, "--replace", "17.1.z"), "--replace", "unknown-provision"),
        ((*AMENDMENT, "--repeal", "99"), "--repeal", "unknown-provision"),
        ((*AMENDMENT, "--insert-after", "17.9"), "--insert-after", "unknown-provision"),
        ((*AMENDMENT, "--insert-after", "17.2=18"), "--insert-after", "not-beside"),
        ((*AMENDMENT, "--insert-after", "17.1.a=17.1.b"), "--insert-after", "not-beside"),
        ((*AMENDMENT, "--replace", "17.1", "--replace", "17.1.b"), "--replace", "overlapping-changes"),
        ((*AMENDMENT, "--replace", "17.1.b", "--repeal", "17.1"), "--repeal", "overlapping-changes"),
        ((*AMENDMENT, "--repeal", "17.1", "--insert-after", "17.1.b"), "--insert-after", "overlapping-changes"),
        ((*AMENDMENT, "--replace", "1.def.1"), "--replace", "part-of-line"),
        (("article", "17"), "NN", "taken"),
        (("article", "24"), "NN", "not-archived"),
        (("article", "0"), "NN", "wrong-shape"),
        (("article", "3", "--of", "none"), "--of", "unknown-instrument"),
        (("source", BASE), "DRAFT", "not-a-draft"),
        (("source", "none"), "DRAFT", "unknown-draft"),
        (("rule", "99", "praised"), "PROVISION", "unknown-provision"),
        (("rule", "17.1.b", "Praised"), "PREDICATE", "wrong-shape"),
        (("rule", "17.1.b", "item_score"), "PREDICATE", "underivable"),
        (("rule", "17.1.b", "stated", "--args", "unit:unit"), "--args", "taken"),
        (("rule", "17.1.b", "praised", "--args", "unit:units"), "--args", "not-allowed"),
        (("rule", "17.1.b", "praised", "--with", "none"), "--with", "unknown-draft"),
        (("reading", "b2_max", "--provision", "17.1.b", "--values", "a,b"), "ID", "taken"),
        (("reading", "how", "--provision", "99", "--values", "a,b"), "--provision", "unknown-provision"),
        (("reading", "how", "--provision", "17.1.b", "--values", "a"), "--values", "too-few-values"),
        (("reading", "how", "--provision", "17.1.b", "--values", "a,a"), "--values", "too-few-values"),
        (("reading", "how", "--provision", "17.1.b", "--values", "a,B"), "--values", "wrong-shape"),
        (("case", "tests/cases/article-17-1-b.yaml", "--id", "C03", "--year", "2023"), "--id", "taken"),
        (("case", "tests/cases/new.txt", "--id", "N", "--year", "2023"), "FILE", "wrong-shape"),
        (("case", "tests/none/new.yaml", "--id", "N", "--year", "2023"), "tests/none:1:1", "no-file"),
        (("case", "tests/cases/new.yaml", "--id", "N", "--year", "23"), "--year", "wrong-shape"),
        (("rule", "17.1.b", "praised", "--policies", "schemas"), "--policies", "no-policies"),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(arguments: tuple[str, ...], place: str, code: str, shared: Path) -> None:
    before = files(shared)
    run = cchc(shared, "new", *arguments)
    assert (run.returncode, run.stdout) == (3, ""), run.stdout + run.stderr
    assert run.stderr.startswith(f"{place}: "), run.stderr
    assert run.stderr.endswith(f"[{code}]\n")
    assert files(shared) == before


def test_a_folder_that_cannot_be_written_leaves_nothing(copy: Path) -> None:
    (copy / "tests" / "cases" / "article-17-1-b.yaml").unlink()
    (copy / "tests" / "cases").rmdir()
    (copy / "tests" / "cases").write_text("a file, so that no case can be written\n")
    before = files(copy)
    run = cchc(copy, "new", *AMENDMENT, "--replace", "17.1.b")
    assert run.returncode == 3
    assert "[not-writable]" in run.stderr
    assert files(copy) == before
    assert not (copy / "policies" / "drafts" / "thu").exists()


def test_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "known").write_bytes(b"before")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Invalid, match="not-writable"):
        write_together({tmp_path / "known": "after", tmp_path / "new" / "file": "new", tmp_path / "folder": "no file"})
    assert files(tmp_path) == {"known": b"before"}
    assert not (tmp_path / "new").exists()


def test_written_yaml_is_read_back_as_the_same_data(tmp_path: Path) -> None:
    data = {"a": ["1", 1, None, True, "yes", "true", "null", "1e3", "17.1.b", "- x", "a: b", "#", "", " spaced  text ", "it's"],
            "long": "chữ " * 60 + "cuối", "double": "two  spaces " * 20, "lines": "one\ntwo", "'": {"vi": "x"},
            "flow": {"vi": "x", "en": "y: z"}, "none": [],
            "rows": [{"predicate": "p", "words": "w"}, {"id": "x", "facts": [{"predicate": "p", "n": 90}]}]}  # fmt: skip
    path = tmp_path / "x.yaml"
    path.write_text(block(data), encoding="utf-8")
    assert load_yaml(path).data == data
