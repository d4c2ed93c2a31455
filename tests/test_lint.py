"""The policy linter: `tests/lint/base` is a small clean repository; each folder beside it, named after a code, lays a
bad and a repaired version of a file or two over it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cchc.lint import findings
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.reading import read_rules
from cchc.schema import resource

FIXTURES = Path(__file__).parent / "lint"
RULES = "leave/article-2.lp"
LAW = "leave/article-1.yaml"
EXPECTED: dict[str, list[tuple[str, int, int]]] = {
    "asp-non-ascii": [(RULES, 2, 22)],
    "asp-syntax": [(RULES, 4, 1)],
    "computable-without-rule": [(LAW, 17, 9)],
    "drifted-quotation": [(LAW, 10, 53), (LAW, 12, 12), (LAW, 18, 11), ("leave/instrument.yaml", 9, 11)],
    "forbidden-construct": [
        *((RULES, line, 1) for line in (1, 2, 3, 4, 5, 6, 8, 10)),
        (RULES, 12, 35), (RULES, 14, 29), (RULES, 16, 40), (RULES, 18, 35), (RULES, 20, 8), (RULES, 22, 1),
        (RULES, 24, 1), (RULES, 26, 34), (RULES, 28, 34),
    ],
    "missing-citation": [(RULES, 4, 1)],
    "misused-predicate": [
        (RULES, 3, 1), (RULES, 5, 20), (RULES, 8, 20), (RULES, 10, 20), (RULES, 12, 1), (RULES, 14, 20), (RULES, 17, 1),
        (RULES, 19, 36), (RULES, 21, 36), (RULES, 24, 32), (RULES, 26, 50), (RULES, 28, 34), (RULES, 31, 1),
        (RULES, 33, 1), (RULES, 36, 1),
    ],
    "needless-reason": [(LAW, 4, 9)],
    "number-not-in-words": [(LAW, 10, 9)],
    "singleton-variable": [(RULES, 3, 29), (RULES, 4, 20)],
    "undeclared-predicate": [(RULES, 3, 20)],
    "underived-predicate": [("vocabulary.yaml", 43, 3)],
    "unexplained-provision": [(LAW, 17, 9)],
    "unknown-citation": [(RULES, 2, 8)],
    "unused-predicate": [("vocabulary.yaml", 43, 3)],
}  # fmt: skip


LONG, DAY = 'long_served(P) :- served(P,"2.1").', "extra_day(P) :- long_served(P)."
"""Two rules of the clean repository."""


def laid_over(base: Path, folder: Path, *above: Path) -> Path:
    """A copy of a policy repository with other files laid over it."""
    for source in (base, *above):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder


def found_in(folder: Path) -> list[tuple[str, str, int, int]]:
    """Code, path, line and column of every finding."""
    problems = findings(Policy.load(folder))
    return [(p.code, Path(p.at.path).relative_to(folder).as_posix(), p.at.line, p.at.column) for p in problems]


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    installed = Path(sys.executable).with_name("cchc")
    return subprocess.run([installed, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the clean repository with one edit."""
    laid_over(FIXTURES / "base", folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_every_code_has_a_fixture() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == {"base", *EXPECTED}


def test_the_clean_repository_is_clean() -> None:
    assert found_in(FIXTURES / "base") == []


@pytest.mark.parametrize("code", EXPECTED)
def test_bad_has_the_finding_at_its_place(code: str, tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / code / "bad")
    assert found_in(folder) == [(code, *place) for place in EXPECTED[code]]


@pytest.mark.parametrize("code", EXPECTED)
def test_good_has_no_finding(code: str, tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / code / "good")
    assert found_in(folder) == []


@pytest.mark.parametrize("code", EXPECTED)
def test_command_reports_place_and_fix_in_both_languages(code: str, tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / code / "bad")
    vietnamese, english = command("lint", "--policies", folder), command("lint", "--lang", "en", "--policies", folder)
    assert vietnamese.returncode == english.returncode == 1, vietnamese.stderr + english.stderr
    for path, line, column in EXPECTED[code]:
        at = re.escape(f"{folder.as_posix()}/{path}:{line}:{column}: ")
        told = [re.search(rf"^{at}(.+) \[{code}\]$", run.stdout, re.M) for run in (vietnamese, english)]
        assert all(told), vietnamese.stdout + english.stdout
        vi, en = (match[1] for match in told if match)
        assert vi != en
        # What was found, then what to do about it (a parser can only say what it expected).
        assert code == "asp-syntax" or all(part.strip() for text in (vi, en) for part in text.rpartition("; "))


def test_command_without_findings(tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies")
    run = command("lint", "--policies", folder, "--format", "json")
    assert (run.returncode, json.loads(run.stdout), run.stderr) == (0, [], "")


def test_a_reference_to_no_provision(tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies")
    article = folder / "leave" / "article-2.yaml"
    text = article.read_text(encoding="utf-8")
    for refs, found in (("['1.1', '1']", []), ("['1.1', '1.9']", [("unknown-citation", "1.9")])):
        article.write_text(text.replace("  - id: '2.1'\n", f"  - id: '2.1'\n    refs: {refs}\n"), encoding="utf-8")
        assert [(problem.code, problem.details["found"]) for problem in findings(Policy.load(folder))] == found


def test_command_as_json(tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / "unknown-citation" / "bad")
    run = command("lint", "--policies", folder, "--format", "json")
    (entry,) = json.loads(run.stdout)
    assert run.returncode == 1
    assert (entry["code"], entry["line"], entry["column"]) == ("unknown-citation", 2, 8)
    assert entry["path"].endswith(RULES)
    assert "“2.l”" in entry["message"]
    assert "“2.1”" in entry["message"]


def test_the_shipped_policy_is_clean() -> None:
    assert [problem.text("vi") for problem in findings(Policy.load())] == []
    assert command("lint").returncode == 0


# ---- What one folder per code cannot show ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("vocabulary.yaml", "opens: person", "opens: served",
         [("misused-predicate", "vocabulary.yaml", 15, 3), ("misused-predicate", "vocabulary.yaml", 32, 3)]),
        ("vocabulary.yaml", "    open: months_open\n", "", [("misused-predicate", "vocabulary.yaml", 31, 3)]),
        ("leave/readings.yaml", "provisions: ['1.1']", "provisions: ['1.1', '9.9']",
         [("unknown-citation", "leave/readings.yaml", 2, 9)]),
        ("leave/source.vi.txt", "từ 60 tháng", "từ 61 tháng",
         [("drifted-quotation", "leave/article-2.yaml", 5, 11), ("drifted-quotation", "leave/instrument.yaml", 9, 11)]),
        ("leave/source.vi.txt", "1. Người đã làm từ 60 tháng được nghỉ thêm 01 ngày.\n", "",
         [("drifted-quotation", "leave/article-2.yaml", 5, 11), ("drifted-quotation", "leave/instrument.yaml", 9, 11)]),
        ("leave/source.vi.txt", "01 ngày.\n", "01 ngày.\nĐiều 3.\n",
         [("drifted-quotation", "leave/article-2.yaml", 5, 11), ("drifted-quotation", "leave/instrument.yaml", 9, 11)]),
        # A rule file that cannot be read hides what the whole needs, and nothing else.
        (RULES, "% Điều 2. Nghỉ thêm.\n", "long_served(P) :- P\n", [("asp-syntax", RULES, 4, 1)]),
        (RULES, "% Điều 2. Nghỉ thêm.\n", '#include "article-1.lp".\n', [("forbidden-construct", RULES, 1, 1)]),
        (RULES, "% Điều 2. Nghỉ thêm.\n", "a. #script (lua) %* #end. *%\n", [("forbidden-construct", RULES, 1, 4)]),
        # A predicate that only its own rules read is not used.
        (RULES, LONG, "long_served(P) :- served(P,_).\n%@ 2.1\nlong_served(P) :- long_served(P).", []),
        (RULES, DAY, 'extra_day(P) :- served(P,"2.1").\n%@ 2.1\nlong_served(P) :- long_served(P).',
         [("unused-predicate", "vocabulary.yaml", 43, 3)]),
        # Two rules on one line, each with its own place.
        (RULES, LONG, 'long_served(P) :- served(P,_). long_served(P) :- served(P,Đ).',
         [("asp-non-ascii", RULES, 6, 59)]),
        (RULES, LONG, "long_served(P) :- served(P,_). long_served(P) :- served(P,D).",
         [("missing-citation", RULES, 6, 32), ("singleton-variable", RULES, 6, 59)]),
    ],
)  # fmt: skip
def test_one_edit(name: str, old: str, new: str, expected: list[tuple[str, str, int, int]], tmp_path: Path) -> None:
    folder = edited(tmp_path / "policies", name, old, new)
    assert found_in(folder) == expected


TERMS = {
    "late": "constant", "_late": "constant", "'late": "constant", "_'late'": "constant", "()": "constant", "#sup": "constant",
    "X": "variable", "X'": "variable", "_X": "anonymous", "12": "number", "-12": "arithmetic", "X+1": "arithmetic",
    '"a,b(c"': "string", '"a\\"b"': "string", "(a,b)": "other", "f(X)": "other",
}  # fmt: skip


def test_kinds_of_terms(tmp_path: Path) -> None:
    # Each alone, where the reader goes by the text of the atom, and beside one that it has to ask the parser for.
    for beside in ("", ",f(X)"):
        file = tmp_path / "rules.lp"
        file.write_text("\n".join(f"p :- q({text}{beside}), not r({text})." for text in TERMS), encoding="utf-8")
        found = [rule.atoms[1].terms[0].kind for rule in read_rules([file])]
        assert found == list(TERMS.values())


def test_facts_name_provisions_that_exist(tmp_path: Path) -> None:
    arguments = "{provision: provision, also: provision}"
    declared = f"  see:\n    kind: policy\n    args: {arguments}\n    vi: '{{also}}'\n    en: '{{also}}'\n"
    folder = edited(tmp_path / "policies", "vocabulary.yaml", "  months_open:\n", declared + "  months_open:\n")
    for name, old, new in (
        (RULES, DAY, "extra_day(P) :- long_served(P), see(_,_)."),
        ("leave/article-2.yaml", "    facts:\n", "    facts:\n      - {predicate: see, also: 2.9, words: nghỉ thêm}\n"),
    ):
        (folder / name).write_text((folder / name).read_text("utf-8").replace(old, new), encoding="utf-8")
    assert found_in(folder) == [("misused-predicate", "leave/article-2.yaml", 10, 9)]


def test_a_policy_predicate_needs_a_fact_and_a_rule(tmp_path: Path) -> None:
    declared = "  quota:\n    kind: policy\n    args: {months: months}\n    vi: '{months}'\n    en: '{months}'\n"
    folder = edited(tmp_path / "policies", "vocabulary.yaml", "  months_open:\n", declared + "  months_open:\n")
    assert [code for code, *_ in found_in(folder)] == ["unused-predicate"]
    rules = (folder / RULES).read_text("utf-8")
    (folder / RULES).write_text(rules.replace(":- long_served(P).", ":- long_served(P), quota(_)."), encoding="utf-8")
    assert [code for code, *_ in found_in(folder)] == ["underived-predicate"]


def test_a_drifted_line_shows_where_it_parts(tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / "drifted-quotation" / "bad")
    texts = [problem.text("vi") for problem in findings(Policy.load(folder))]
    assert "trí lịch nghỉ hợp lí.”, bản gốc “… trí lịch nghỉ hợp lý.”" in texts[2]


@pytest.mark.parametrize(
    "construct",
    ["#show.", "#const n = 1.", "{ verdict_year(2024) }.", '#include "x.lp".', "#script (lua) #end.", "#program base.",
     "#external verdict_year(1).", "verdict_year(1..2) :- year(2024).", "verdict_year(Y) :- year(Y), Y = @f()."],
)  # fmt: skip
def test_evaluation_refuses_forbidden_constructs(construct: str, tmp_path: Path) -> None:
    folder = laid_over(resource("policies"), tmp_path / "policies")
    path = Policy.load(folder).rule_files[0]
    path.write_text(f"{path.read_text('utf-8')}\n{construct}\n", encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        _ = Policy.load(folder).rules
    assert [problem.code for problem in caught.value.problems] == ["forbidden-construct"]
    dataset = resource("policies").parent / "data" / "thanh-hoa-2024"
    run = command("evaluate", dataset, "--policies", folder)
    assert run.returncode == 3
    assert run.stdout == ""
    assert "[forbidden-construct]" in run.stderr


@pytest.mark.parametrize(("words", "months", "found"), [
    ("từ hai tháng", 2, False), ("từ 02 tháng", 2, False), ("từ 2,5 tháng", 2, True), ("từ 12 tháng", 2, True),
    ("từ tháng đầu", 1, True),
])  # fmt: skip
def test_a_number_may_be_spelled_out_or_led_by_a_zero(tmp_path: Path, words: str, months: int, found: bool) -> None:
    folder = edited(tmp_path / "policies", LAW, "months: 12, words: từ 12 tháng", f'months: {months}, words: "{words}"')
    assert ("number-not-in-words" in {code for code, *_ in found_in(folder)}) == found
    vocabulary = folder / "vocabulary.yaml"
    implied = vocabulary.read_text(encoding="utf-8").replace(
        "args: {provision: provision, months: months}", "args: {provision: provision, months: {type: months, implied: true}}"
    )
    vocabulary.write_text(implied, encoding="utf-8")
    assert "number-not-in-words" not in {code for code, *_ in found_in(folder)}
