"""Amendments: what each operation does to the text, the facts, the duties and the rules; what is refused.

`tests/amendments/base` is a small instrument; each folder beside it holds a `bad/` amendment, the lines the command must
print about it (`expected.vi.txt`, `expected.en.txt`), and a `good/` twin that is accepted. `one/` is what most share.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from cchc.dataset import Dataset
from cchc.evaluation import Evaluation, evaluate
from cchc.lint import findings
from cchc.policy import Policy
from cchc.printing import consolidated_text
from cchc.problems import Invalid, Problem

COMMAND = Path(sys.executable).with_name("cchc")
FIXTURES = Path(__file__).parent / "amendments"
SHARED = {"base", "one", "years"}
TWINS = sorted(path.name for path in FIXTURES.iterdir() if path.name not in SHARED)
INSTRUMENT = (FIXTURES / "one" / "policies" / "sua" / "instrument.yaml").read_text(encoding="utf-8")


# ---- Twins ------------------------------------------------------------------------------------------


def laid_out(folder: Path, side: Path) -> tuple[str, ...]:
    """Lays a side of a twin over the base, and gives the command that reads it."""
    above = [FIXTURES / "one"] if (side / "policies" / "sua").is_dir() else []
    for source in (FIXTURES / "base", *above, side):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    if (folder / "cases.yaml").exists():
        return "test", "cases.yaml"
    return ("text", "--with", "du-thao") if (folder / "policies" / "drafts" / "du-thao").is_dir() else ("text",)


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run([COMMAND, *arguments, "--policies", "policies"], cwd=folder, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("name", TWINS)
def test_bad_twin(name: str, tmp_path: Path) -> None:
    command = laid_out(tmp_path, FIXTURES / name / "bad")
    for lang in ("vi", "en"):
        expected = (FIXTURES / name / f"expected.{lang}.txt").read_text(encoding="utf-8")
        assert run(tmp_path, *command, "--lang", lang) == (3, "", expected)


@pytest.mark.parametrize("name", TWINS)
def test_good_twin(name: str, tmp_path: Path) -> None:
    code, out, err = run(tmp_path, *laid_out(tmp_path, FIXTURES / name / "good"))
    assert (code, err) == (0, "")
    assert out


def test_an_unknown_draft_is_told_at_the_option(tmp_path: Path) -> None:
    laid_out(tmp_path, FIXTURES / "unknown-value-in-a-draft" / "good")
    code, out, err = run(tmp_path, "text", "--with", "du-thoa")
    assert (code, out, err) == (3, "", "--with: không có dự thảo “du-thoa”; có: du-thao [unknown-draft]\n")


# ---- Amendments written in a test -------------------------------------------------------------------


class Repository:
    """A copy of the base, to which amendments are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "policies"
        shutil.copytree(FIXTURES / "base" / "policies", self.folder)

    def amend(self, *changes: str, rules: str = "", redefines: Sequence[str] = (), name: str = "sua",
              day: str = "2021-03-01") -> Repository:  # fmt: skip
        """Adds an amending instrument with one clause for each of the changes; a draft if it has no day."""
        folder = self.folder / ("" if day else "drafts") / name
        folder.mkdir(parents=True)
        described = INSTRUMENT.replace("id: sua\n", f"id: {name}\n").replace("02/NQ", f"{name}/NQ")
        dated = f"effective_from: '{day}'\n" if day else ""
        (folder / "instrument.yaml").write_text(described.replace("effective_from: '2021-03-01'\n", dated), encoding="utf-8")
        lines = [f"redefines: [{', '.join(redefines)}]"] if redefines else []
        lines += ["article: '1'", "lines:", "  - heading: Điều 1. Sửa đổi"]
        for number, change in enumerate(changes, start=1):
            lines += [f"  - clause: '1.{number}'", f"    text: {number}. Sửa.", f"    en: {number}. To amend.", "    changes:",
                      textwrap.indent(textwrap.dedent(change).strip("\n"), "      ")]  # fmt: skip
        (folder / "article-1.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        if rules:
            (folder / "article-1.lp").write_text(rules, encoding="utf-8")
        return self

    def policy(self, *drafts: str) -> Policy:
        policy = Policy.load(self.folder, None, None, drafts)
        return policy.completed()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture(scope="module")
def base() -> Policy:
    return Policy.load(FIXTURES / "base" / "policies")


FOR_PEOPLE = "kind: principle, evaluable: judgement, reason: {vi: Người xét., en: For people.}"


def line(name: str, text: str, en: str = "Text.", more: str = FOR_PEOPLE) -> str:
    return f"{{id: '{name}', text: '{text}', en: '{en}', {more}}}"


def stated(predicate: str, words: str, **values: object) -> str:
    given = "".join(f", {key}: {value}" for key, value in values.items())
    return f"kind: consequence, evaluable: computable, facts: [{{predicate: {predicate}{given}, words: {words}}}]"


def owed(name: str, words: str) -> str:
    duty = f"{{id: {name}, kind: duty, bearers: [office], words: {words}, vi: Làm, en: Do it, evaluable: evidence, "
    return f"kind: duty, evaluable: evidence, duties: [{duty}evidence: {{vi: Báo cáo, en: A report}}}}]"


def replace(targets: str, *lines: str, keeps: bool = False) -> str:
    written = "".join(f"\n    - {line}" for line in lines)
    return f"- replace: [{targets}]\n" + ("  keeps_rules: true\n" if keeps else "") + f"  lines:{written}"


def insert(after: str, *lines: str) -> str:
    return f"- insert_after: '{after}'\n  lines:" + "".join(f"\n    - {line}" for line in lines)


def heads(policy: Policy) -> list[tuple[str, tuple[str, ...]]]:
    """Each rule by the predicate it gives and what it cites."""
    return [(rule.head.name if rule.head else "", rule.citations) for rule in policy.rules]


def facts(policy: Policy) -> set[tuple[object, ...]]:
    return {(fact.atom.predicate, *fact.atom.arguments) for fact in policy.facts}


def changed(before: Policy, after: Policy) -> list[tuple[list[str], list[str]]]:
    """The runs of lines that differ: what went, what came."""
    import difflib

    old, new = before.lines, after.lines
    return [([*old[a:b]], [*new[c:d]]) for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, False).get_opcodes()
            if tag != "equal"]  # fmt: skip


def notes(policy: Policy, lang: str = "vi") -> list[str]:
    """The lines of the printed text that bear a note, and the notes."""
    return [text for text in consolidated_text(policy, lang).splitlines() if "[" in text]


DATA = FIXTURES / "base" / "data"


def evaluated(policy: Policy, year: int = 2021, **readings: str) -> Evaluation:
    return evaluate(policy, Dataset.load(DATA, policy), years=[year], readings=readings)


def verdicts(policy: Policy, year: int = 2021, **readings: str) -> set[tuple[str, ...]]:
    found = evaluated(policy, year, **readings).verdicts
    return {(verdict.predicate, *verdict.arguments.values()) for verdict in found}


def refused(repository: Repository, *drafts: str) -> Problem:
    with pytest.raises(Invalid) as error:
        repository.policy(*drafts)
    (problem,) = error.value.problems
    return problem


WHEN = "(có hiệu lực từ 01/03/2021)"


# ---- Insert -----------------------------------------------------------------------------------------


def test_insert_adds_lines_facts_and_duties_and_leaves_the_rules(repository: Repository, base: Policy) -> None:
    inserted = line("1.3a", "3a. Phòng được khen viết bài.", "3a. It writes an article.", owed("1.3a.o1", "viết bài"))
    policy = repository.amend(insert("1.3", inserted)).policy()
    assert changed(base, policy) == [([], ["3a. Phòng được khen viết bài."])]
    assert policy.lines.index("3a. Phòng được khen viết bài.") == 5  # after clause 3, before the heading of Article 2
    assert [*policy.provisions] == ["1.1", "1.2", "1.3", "1.3a", *[*base.provisions][3:]]
    assert facts(policy) - facts(base) == {("owes", "1.3a.o1", "office")}
    assert {*policy.duties} == {*base.duties, "1.3a.o1"}
    assert heads(policy) == heads(base)
    assert notes(policy) == ["3a. Phòng được khen viết bài. [1]",
                             f"[1] được bổ sung theo khoản 1 Điều 1 của sua/NQ {WHEN}"]  # fmt: skip
    assert "3a. It writes an article. [1]" in notes(policy, "en")


def test_an_article_is_inserted_behind_every_part_of_another(repository: Repository) -> None:
    policy = repository.amend(insert("1", "heading: Điều 1a. Thưởng", line("1a.1", "1. Thưởng tiền."))).policy()
    assert policy.lines[4:8] == ("3. Phòng được khen gửi báo cáo trong 30 ngày.", "Điều 1a. Thưởng", "1. Thưởng tiền.",
                                 "Điều 2. Phê bình")  # fmt: skip


def test_new_lines_do_not_come_between_a_line_and_its_parts(repository: Repository) -> None:
    policy = repository.amend(insert("2.2", line("2.3", "3. Nữa."))).policy()
    assert [*policy.provisions][6:10] == ["2.2", "2.2.def", "2.3", "3.p1"]


def test_a_part_cannot_be_inserted_on_its_own(repository: Repository) -> None:
    part = "{id: '2.2.def2', words: báo cáo, en: reports, kind: definition, evaluable: not_evaluable}"
    assert refused(repository.amend(insert("2.2", part))).code == "part-of-line"


# ---- Replace ----------------------------------------------------------------------------------------

NEW_1_1 = line("1.1", "1. Phòng đạt từ 80 điểm thì được khen.", "1. With 80 points.",
               stated("points_from", "từ 80 điểm", points=80))  # fmt: skip
HIGH = '%@ 1.1\nhigh(U,Y) :- year(Y), score(U,Y,P), points_from("1.1",F), P >= F.\n'


def test_replace_takes_facts_and_rules_with_it(repository: Repository, base: Policy) -> None:
    policy = repository.amend(replace("'2.1.a'", line("2.1.a", "a) bị cấp trên phê bình;"))).policy()
    assert changed(base, policy) == [(["a) đạt dưới 50 điểm;"], ["a) bị cấp trên phê bình;"])]
    assert facts(base) - facts(policy) == {("points_below", "2.1.a", 50)}
    assert [rule for rule in heads(base) if rule not in heads(policy)] == [("fails", ("2.1.a",))]
    assert ("blamed", "binh", "2021") in verdicts(base)
    assert ("blamed", "binh", "2021") not in verdicts(policy)
    assert notes(policy) == ["a) bị cấp trên phê bình; [1]",
                             f"[1] được sửa đổi, bổ sung theo khoản 1 Điều 1 của sua/NQ {WHEN}"]  # fmt: skip


def test_replace_with_keeps_rules_changes_the_figure_only(repository: Repository, base: Policy) -> None:
    policy = repository.amend(replace("'1.1'", NEW_1_1, keeps=True)).policy()
    assert heads(policy) == heads(base)
    assert facts(policy) ^ facts(base) == {("points_from", "1.1", 80), ("points_from", "1.1", 90)}
    assert ("praised", "an", "2021") in verdicts(policy) - verdicts(base)


def test_restated_rules_stand_in_for_those_that_fall(repository: Repository, base: Policy) -> None:
    mixed = "%@ 1.1 1.2\npraised(U,Y) :- high(U,Y).\n"
    policy = repository.amend(replace("'1.1'", NEW_1_1), rules=HIGH + mixed, redefines=["praised"]).policy()
    told = [rule for rule in heads(policy) if rule[0] in {"high", "praised"}]
    assert told == [("high", ("1.1",)), ("praised", ("1.1", "1.2"))]
    assert {found[1] for found in verdicts(policy) if found[0] == "praised"} == {"an", "chi"}
    assert [rule.number for rule in policy.rules] == [*range(len(policy.rules))]


def test_a_phrase_of_a_heading_has_its_note(repository: Repository) -> None:
    policy = repository.amend("- substitute: {provision: '1', old: Điều 1. Khen, new: Điều 1. Thưởng}").policy()
    assert notes(policy) == ["Điều 1. Thưởng [1]", f"[1] được thay thế cụm từ theo khoản 1 Điều 1 của sua/NQ {WHEN}"]


def test_targets_that_are_no_neighbours_keep_their_places(repository: Repository, base: Policy) -> None:
    first, third = line("2.1.a", "a) một;"), line("2.1.c", "c) ba.")
    policy = repository.amend(replace("'2.1.a', '2.1.c'", first, third)).policy()
    assert changed(base, policy) == [(["a) đạt dưới 50 điểm;"], ["a) một;"]),
                                     (["c) trường hợp khác do Giám đốc quyết định."], ["c) ba."])]  # fmt: skip
    assert [*policy.provisions] == [*base.provisions]


def test_a_replaced_article_takes_its_headings_with_it(repository: Repository, base: Policy) -> None:
    new = ["heading: Điều 2. Nhắc nhở", line("2.1", "1. Nhắc phòng yếu."), "heading: 2. Cách nhắc", line("2.2.a", "a) Viết.")]
    policy = repository.amend(replace("'2'", *new)).policy()
    assert policy.lines[5:9] == ("Điều 2. Nhắc nhở", "1. Nhắc phòng yếu.", "2. Cách nhắc", "a) Viết.")
    assert policy.lines[9] == "Điều 3. Thi hành"
    assert "2.2.def" not in policy.provisions


def test_a_replaced_clause_takes_its_own_heading_only(repository: Repository, base: Policy) -> None:
    policy = repository.amend(replace("'2.1'", line("2.1", "1. Phê bình phòng yếu."))).policy()
    assert changed(base, policy) == [([*base.lines[6:10]], ["1. Phê bình phòng yếu."])]


def test_rules_are_not_kept_for_what_the_new_text_no_longer_has(repository: Repository) -> None:
    weak = line("2.1.a", "a) yếu.", more=stated("points_below", "yếu", points=50))
    new = ["heading: 1. Phê bình phòng thuộc trường hợp", weak]
    problem = refused(repository.amend(replace("'2.1'", *new, keeps=True)))
    assert (problem.code, problem.details["found"], problem.at.line) == ("stale-rule", "2.1.b", 6)


def test_redefining_a_predicate_drops_the_rules_of_other_provisions_too(repository: Repository, base: Policy) -> None:
    rules = "%@ 2.1.c\nblamed(U,Y) :- year(Y), unit(U,new).\n"
    policy = repository.amend("- substitute: {provision: '2.1.c', old: khác, new: phòng mới}", rules=rules,
                              redefines=["blamed"]).policy()  # fmt: skip
    assert [rule for rule in heads(policy) if rule[0] == "blamed"] == [("blamed", ("2.1.c",))]
    assert {found for found in verdicts(policy) if found[0] == "blamed"} == {("blamed", "chi", "2021")}


# ---- Repeal -----------------------------------------------------------------------------------------


def test_repeal_leaves_the_number_and_a_note(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- repeal: ['2.1.b']").policy()
    assert changed(base, policy) == [(["b) bị nhắc nhở từ 2 lần;"], ["b)"])]
    assert notes(policy) == ["b) (được bãi bỏ) [1]", f"[1] được bãi bỏ theo khoản 1 Điều 1 của sua/NQ {WHEN}"]
    assert {*base.provisions} - {*policy.provisions} == {"2.1.b"} == {*policy.repealed}
    assert [rule for rule in heads(base) if rule not in heads(policy)] == [("fails", ("2.1.b",))]
    assert verdicts(base) - verdicts(policy) == {("blamed", "an", "2021")}


def test_a_repealed_duty_is_owed_no_more(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- repeal: ['2.2']").policy()
    assert {*base.duties} - {*policy.duties} == {"2.2.o1"}
    assert facts(base) - facts(policy) == {("owes", "2.2.o1", "office")}
    assert {"2.2", "2.2.def"}.isdisjoint(policy.provisions)
    assert ("missed", "an", "2.2.o1", "2020") in verdicts(base, 2020)
    assert not any(found[0] == "missed" for found in verdicts(policy, 2020))


def test_a_repealed_article_leaves_its_heading_only(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- repeal: ['2']").policy()
    assert policy.lines[4:7] == ("3. Phòng được khen gửi báo cáo trong 30 ngày.", "Điều 2.", "Điều 3. Thi hành")
    assert notes(policy)[0] == "Điều 2. (được bãi bỏ) [1]"


def test_a_repealed_paragraph_has_no_number_to_leave(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- repeal: ['3.p2']").policy()
    assert changed(base, policy) == [(["Giám đốc theo dõi việc thi hành."], [""])]
    assert notes(policy)[0] == "(được bãi bỏ) [1]"


# ---- Substitute -------------------------------------------------------------------------------------


def test_substitute_reaches_quotations_and_english_and_marks_what_it_changed(repository: Repository, base: Policy) -> None:
    policy = repository.amend(
        "- substitute: {provision: '2', old: Giám đốc, new: Hội đồng, en: {old: Director, new: Council}}"
    ).policy()
    assert changed(base, policy) == [(["c) trường hợp khác do Giám đốc quyết định.",
                                       "2. Phòng bị phê bình (sau đây gọi là phòng yếu) báo cáo Giám đốc."],
                                      ["c) trường hợp khác do Hội đồng quyết định.",
                                       "2. Phòng bị phê bình (sau đây gọi là phòng yếu) báo cáo Hội đồng."])]  # fmt: skip
    assert policy.duties["2.2.o1"].words == "báo cáo Hội đồng"
    assert "Director" not in policy.provisions["2.2"].en + policy.provisions["2.1.c"].en
    assert policy.provisions["3.p2"].text == base.provisions["3.p2"].text
    assert {name for name, provision in policy.provisions.items() if provision.changes} == {"2.1.c", "2.2"}
    assert [mark for mark in notes(policy) if mark.startswith("[")] == [
        f"[1] được thay thế cụm từ theo khoản 1 Điều 1 của sua/NQ {WHEN}"]  # fmt: skip
    assert (heads(policy), facts(policy)) == (heads(base), facts(base))


def test_substitute_reaches_headings(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- substitute: {provision: '2', old: Phê bình, new: Nhắc nhở}").policy()
    assert policy.lines[5:7] == ("Điều 2. Nhắc nhở", "1. Nhắc nhở phòng thuộc một trong các trường hợp")


def test_a_substituted_figure_is_restated(repository: Repository, base: Policy) -> None:
    restated = "[{predicate: points_below, points: 40, words: dưới 40 điểm}]"
    policy = repository.amend(
        f"- substitute: {{provision: '2.1.a', old: 50 điểm, new: 40 điểm, facts: {restated}}}"
    ).policy()
    assert facts(policy) ^ facts(base) == {("points_below", "2.1.a", 40), ("points_below", "2.1.a", 50)}
    assert ("blamed", "binh", "2021") in verdicts(base) - verdicts(policy)
    (fact,) = (fact for fact in policy.facts if fact.atom.predicate == "points_below")
    assert fact.at.path.endswith("sua/article-1.yaml")


def test_a_substituted_figure_of_a_duty_is_restated_too(repository: Repository) -> None:
    change = "- substitute: {provision: '1.3', old: 30 ngày, new: 15 ngày}"
    assert refused(repository.amend(change)).code == "changed-figure"


def test_words_added_behind_a_figure_change_no_figure(repository: Repository) -> None:
    change = "- substitute: {provision: '2.1.b', old: từ 2 lần, new: từ 2 lần trong 12 tháng}"
    policy = repository.amend(change).policy()
    assert policy.provisions["2.1.b"].text == "b) bị nhắc nhở từ 2 lần trong 12 tháng;"


def test_a_part_follows_the_line_that_holds_it(repository: Repository) -> None:
    policy = repository.amend("- substitute: {provision: '2.2', old: phòng yếu, new: phòng kém}").policy()
    assert policy.provisions["2.2.def"].text == "sau đây gọi là phòng kém"


def test_lint_finds_a_substitution_that_cuts_a_part(repository: Repository) -> None:
    repository.amend("- substitute: {provision: '2.2', old: yếu) báo, new: kém) báo}")
    found = [problem for problem in findings(repository.policy()) if problem.at.path.endswith("noi-quy/article-2.yaml")]
    assert [(problem.code, problem.at.line) for problem in found] == [("drifted-quotation", 34)]


# ---- Renumber ---------------------------------------------------------------------------------------

SWAPPED = """\
%@ 2.1.b
fails(U,Y,"2.1.b") :- year(Y), score(U,Y,P), points_below("2.1.b",B), P < B.
%@ 2.1.a
fails(U,Y,"2.1.a") :- year(Y), warned(U,Y,N), times_from("2.1.a",T), N >= T.
"""


def test_a_swap_happens_all_at_once(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- renumber: {'2.1.a': '2.1.b', '2.1.b': '2.1.a'}", rules=SWAPPED, redefines=["fails"]).policy()
    assert policy.lines[7:9] == ("b) đạt dưới 50 điểm;", "a) bị nhắc nhở từ 2 lần;")
    assert {"b) below 50 points; [1]", "a) warned 2 times or more; [1]"} <= {*notes(policy, "en")}
    # What another provision says of point a still means what was point a.
    assert facts(policy) ^ facts(base) == {
        ("points_below", "2.1.a", 50), ("points_below", "2.1.b", 50), ("times_from", "2.1.b", 2), ("times_from", "2.1.a", 2),
        ("ground", "3.p1", "2.1.a"), ("ground", "3.p1", "2.1.b"),
    }  # fmt: skip
    assert verdicts(policy) == verdicts(base)
    assert notes(policy)[-1] == f"[1] được đổi thứ tự theo khoản 1 Điều 1 của sua/NQ {WHEN}"


def test_renumbered_duties_are_the_same_duties(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- renumber: {'2.2': '2.4'}", day="", name="du-thao").policy("du-thao")
    assert "4. Phòng bị phê bình (sau đây gọi là phòng yếu) báo cáo Giám đốc." in policy.lines
    assert {"2.4", "2.4.def"} <= {*policy.provisions}
    assert {*policy.duties} == {"1.3.o1", "2.4.o1"}
    assert policy.duty_ids["2.2.o1"] == "2.4.o1"
    assert ("missed", "an", "2.4.o1", "2020") in verdicts(policy, 2020)


def test_a_number_that_is_taken_over_says_nothing_about_the_duty_that_had_it(repository: Repository) -> None:
    added = line("2.3", "3. Phòng yếu lập kế hoạch.", more=owed("2.3.o1", "lập kế hoạch"))
    repository.amend(insert("2.2", added), day="2020-06-01", name="truoc")
    repository.amend("- repeal: ['2.2']", "- renumber: {'2.3': '2.2'}", day="", name="du-thao")
    policy = repository.policy("du-thao")
    assert policy.duties["2.2.o1"].words == "lập kế hoạch"
    assert (policy.duty_ids["2.2.o1"], policy.duty_ids["2.3.o1"]) == ("", "2.2.o1")
    data = Path(shutil.copytree(DATA, repository.folder.parent / "data"))
    (data / "duty_record.csv").write_text("unit,duty,year,status\nan,2.2.o1,2020,missed\nan,2.3.o1,2022,missed\n")
    dataset = Dataset.load(data, policy)
    assert [(w.code, w.details["found"]) for w in dataset.warnings] == [("vanished-duty", "2.2.o1")]
    missed = [v.arguments for v in evaluate(policy, dataset).verdicts if v.predicate == "missed"]
    assert missed == [{"unit": "an", "duty": "2.2.o1", "year": "2022"}]


def test_only_the_number_at_the_head_of_a_line_changes(repository: Repository) -> None:
    dash = line("2.1.c.1", "- từ 1 lần đến 2 lần.")
    repository.amend(insert("2.1.c", dash), name="truoc", day="2020-06-01")
    policy = repository.amend("- renumber: {'2.1.c.1': '2.1.c.2'}").policy()
    assert policy.provisions["2.1.c.2"].text == "- từ 1 lần đến 2 lần."


def test_a_renumbered_article_has_its_number_in_its_heading(repository: Repository) -> None:
    rules = "%@ 4.p1\nblamed(U,Y) :- fails(U,Y,_).\n%@ 4.p1\nmissed(U,D,Y) :- year(Y), duty_record(U,D,Y,missed).\n"
    policy = repository.amend("- renumber: {'3': '4'}", rules=rules, redefines=["blamed", "missed"]).policy()
    assert policy.lines[11] == "Điều 4. Thi hành"
    assert [*policy.provisions][-2:] == ["4.p1", "4.p2"]


def test_a_number_under_which_something_else_stands_is_taken(repository: Repository) -> None:
    assert refused(repository.amend("- renumber: {'3': '2'}")).code == "repeated-provision"


def test_repeal_and_renumber_close_a_gap(repository: Repository, base: Policy) -> None:
    policy = repository.amend("- repeal: ['2.1.b']", "- renumber: {'2.1.c': '2.1.b'}").policy()
    assert policy.lines[7:10] == ("a) đạt dưới 50 điểm;", "b)", "b) trường hợp khác do Giám đốc quyết định.")
    assert notes(policy)[:2] == ["b) (được bãi bỏ) [1]", "b) trường hợp khác do Giám đốc quyết định. [2]"]


# ---- Readings ---------------------------------------------------------------------------------------


def deciding(value: str, name: str = "1.2a") -> str:
    fact = stated("reading", "thành tích", reading="newcomers", value=value)
    return line(name, f"{name[2:]}. Nói về thành tích ({value}).", more=fact)


def test_a_stated_reading_leaves_no_choice(repository: Repository, base: Policy) -> None:
    policy = repository.amend(insert("1.2", deciding("high"))).policy()
    reading = policy.readings["newcomers"]
    assert ([*reading.values], reading.default, reading.literal, reading.decided) == (["high"], "high", "high", "1.2a")
    assert ("excluded", ("1.2",)) in heads(base)
    assert ("excluded", ("1.2",)) not in heads(policy)
    for profile in ("default", "literal"):
        data = Dataset.load(DATA, policy)
        (praised,) = (v for v in evaluate(policy, data, years=[2021], profile=profile).verdicts if v.predicate == "praised")
        assert (praised.arguments["unit"], praised.cites) == ("chi", ("1.1", "1.2", "1.2a"))
    with pytest.raises(Invalid) as error:
        verdicts(policy, newcomers="never")
    assert [(p.code, p.details["allowed"]) for p in error.value.problems] == [("unknown-value", "high")]


def test_a_later_amendment_may_decide_otherwise(repository: Repository) -> None:
    repository.amend(insert("1.2", deciding("high")))
    policy = repository.amend(replace("'1.2a'", deciding("never")), name="sau", day="2022-01-01").policy()
    assert policy.readings["newcomers"].default == "never"
    assert ("excluded", ("1.2",)) in heads(policy)
    assert ("praised", ("1.1", "1.2")) not in heads(policy)


def test_a_text_cannot_decide_both_ways(repository: Repository) -> None:
    problem = refused(repository.amend(insert("1.2", deciding("high"), deciding("never", "1.2b"))))
    assert (problem.code, problem.details["found"]) == ("unknown-value", "never")


def test_readings_that_an_amendment_names_count_in_the_hash(repository: Repository) -> None:
    repository.amend("- repeal: ['2.1.c']")
    before = repository.policy().sha256
    text = (repository.folder / "noi-quy" / "readings.yaml").read_text(encoding="utf-8").partition("profiles:")[0]
    own = repository.folder / "sua" / "readings.yaml"
    own.write_text(text.replace("id: newcomers", "id: latecomers"), encoding="utf-8")
    with_readings = repository.policy()
    assert {*with_readings.readings} == {"newcomers", "latecomers"}
    own.write_text(own.read_text(encoding="utf-8").replace("id: latecomers", "id: latecomers\n    number: N2", 1)
                   .replace("    number: N1\n", "").replace("default: never", "default: high"), encoding="utf-8")  # fmt: skip
    assert len({before, with_readings.sha256, repository.policy().sha256}) == 3


# ---- Drafts and lint --------------------------------------------------------------------------------


def test_a_draft_that_hopes_for_a_day_is_a_draft(repository: Repository) -> None:
    repository.amend("- renumber: {'2.2': '2.4'}", day="", name="du-thao")
    path = repository.folder / "drafts" / "du-thao" / "instrument.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "effective_from: '2021-01-01'\n", encoding="utf-8")
    policy = repository.policy("du-thao")
    assert (policy.version, policy.drafts) == ("2020-01-01+du-thao", ("du-thao",))
    assert policy.duty_ids["2.2.o1"] == "2.4.o1"
    assert notes(policy)[-1].endswith("(dự thảo, chưa có hiệu lực)")
    assert repository.policy().version == "2020-01-01"


def with_source(folder: Path) -> None:
    """Writes the archived text of an instrument as its article files have it."""
    import hashlib
    import re

    from cchc.consolidation import documents, printed
    from cchc.files import load_yaml

    path = folder / "instrument.yaml"
    found = documents(folder, load_yaml(path).data)
    text = "".join(f"{text}\n" for _, document in found for text, _, whole in printed(document) if whole)
    (folder / "source.vi.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(re.sub("[0-9a-f]{64}", digest, path.read_text(encoding="utf-8")), encoding="utf-8")


def told(repository: Repository) -> list[tuple[str, str, int]]:
    return [(p.code, Path(p.at.path).relative_to(repository.folder).as_posix(), p.at.line) for p in
            findings(Policy.load(repository.folder))]  # fmt: skip


def test_lint_of_a_draft(repository: Repository) -> None:
    draft = repository.folder / "drafts" / "du-thao"
    computable = "kind: principle, evaluable: computable"
    repository.amend(insert("1.2", line("1.2a", "2a. Nữa.", more=computable)),
                     "- substitute: {provision: '2.1.c', old: Giám đốc, new: Hội đồng}", day="", name="du-thao")  # fmt: skip
    with_source(draft)
    article = "drafts/du-thao/article-1.yaml"
    # The clause that substitutes quotes neither the old nor the new words.
    assert told(repository) == [("computable-without-rule", article, 10), ("drifted-quotation", article, 15),
                                ("drifted-quotation", article, 15)]  # fmt: skip
    text = (draft / "article-1.yaml").read_text(encoding="utf-8")
    quoting = text.replace("text: 2. Sửa.", "text: 2. Thay “Giám đốc” bằng “Hội đồng”.").replace(computable, FOR_PEOPLE)
    (draft / "article-1.yaml").write_text(quoting, encoding="utf-8")
    with_source(draft)
    assert told(repository) == []
    (draft / "article-1.yaml").write_text(quoting.replace("2a. Nữa.", "2a. Nữa!"), encoding="utf-8")
    assert told(repository) == [("drifted-quotation", article, 10)]


@pytest.mark.parametrize("broken", ["- repeal: ['9']", replace("'1.1'", NEW_1_1)])
def test_a_broken_draft_does_not_hide_what_is_wrong_with_the_text_in_force(repository: Repository, broken: str) -> None:
    repository.amend(broken, day="", name="du-thao")
    with_source(repository.folder / "drafts" / "du-thao")
    source = repository.folder / "noi-quy" / "source.vi.txt"
    source.write_text(source.read_text(encoding="utf-8").replace("90 điểm", "91 điểm"), encoding="utf-8")
    codes = {code for code, _, _ in told(repository)}
    assert codes == {"drifted-quotation", "no-such-provision" if "9" in broken[:15] else "stale-rule"}


def test_lint_looks_at_texts_that_were_replaced(repository: Repository) -> None:
    shutil.copytree(FIXTURES / "years" / "policies", repository.folder, dirs_exist_ok=True)
    assert told(repository) == []
    rules = repository.folder / "noi-quy" / "article-2.lp"
    rules.write_text(rules.read_text(encoding="utf-8").replace("%@ 2.1.b", "%@ 2.1.e"), encoding="utf-8")
    assert ("unknown-citation", "noi-quy/article-2.lp", 5) in told(repository)


def test_an_instrument_may_have_no_rules(repository: Repository) -> None:
    for path in (repository.folder / "noi-quy").glob("*.lp"):
        path.unlink()
    assert run(repository.folder.parent, "text")[0] == 0
    assert repository.policy().rules == ()
