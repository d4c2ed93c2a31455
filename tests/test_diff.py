"""`cchc diff`: what is written differently in two versions, and where they are proved to give the same verdicts."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc.diff import diff, meaning, words
from cchc.diff_pages import DiffPages
from cchc.policy import Policy
from cchc.schema import resource
from cchc.verbal import sentence
from repository import INSTRUMENT, Repository

DRAFT = "2026-minh-hoa"
POLICY, AMENDED = Policy.load(), Policy.load(drafts=[DRAFT])
RULE = 'suspended(U,Y) :- year(Y), debt(U,Y,D), debt_from("2",F), D >= F, not spared(U).'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


# ---- Text -------------------------------------------------------------------------------------------

TEXT = st.lists(st.sampled_from(["điểm", "số", ",", " ", "tăng", "giảm", "02", "năm", ";"]), max_size=12).map("".join)


@given(TEXT, TEXT)
def test_words_give_both_texts_back(old: str, new: str) -> None:
    left, right = words(old, new)
    assert "".join(text for _, text in left) == old
    assert "".join(text for _, text in right) == new
    assert {kind for kind, _ in left} <= {"same", "gone"}
    assert {kind for kind, _ in right} <= {"same", "new"}


@given(TEXT, TEXT)
def test_words_that_stay_are_the_same_on_both_sides(old: str, new: str) -> None:
    left, right = ("".join(text for kind, text in side if kind == "same").split() for side in words(old, new))
    assert "".join(left) == "".join(right)


def test_words_are_compared_not_lines() -> None:
    _, right = words(POLICY.provisions["20.5"].text, AMENDED.provisions["20.5"].text)
    assert [text for kind, text in right if kind == "new"] == [" và các trường hợp thuộc điểm a, điểm c khoản 1 Điều 19"]


def test_a_policy_does_not_differ_from_itself() -> None:
    assert not diff(POLICY, POLICY)
    assert not diff(AMENDED, AMENDED)


def test_every_change_of_the_draft_is_listed_and_nothing_else() -> None:
    found = {change.id: change for change in diff(POLICY, AMENDED).provisions if change.old or change.new}
    untouched = {name for name, provision in AMENDED.provisions.items()
                 if not provision.changes and name in POLICY.provisions}  # fmt: skip
    assert found.keys().isdisjoint(untouched)
    touched = {name for name, provision in AMENDED.provisions.items() if provision.changes}
    vanished = POLICY.provisions.keys() - AMENDED.provisions.keys()
    assert found.keys() == touched | {name for name in vanished if name.startswith("17.1.")}
    assert [name for name in found if name in AMENDED.provisions] == [
        name for name in AMENDED.provisions if name in found
    ], "the order of the law"


def test_a_renumbered_provision_is_compared_with_itself() -> None:
    found = {change.id: change for change in diff(POLICY, AMENDED).provisions}
    moved = found["5.3.đ"]
    assert moved.old is not None and moved.old.id == "5.3.e"
    assert not (moved.duties_gone or moved.duties_new or moved.facts_gone or moved.facts_new)


def test_readings_that_the_text_decides_are_told() -> None:
    found = {change.id: change for change in diff(POLICY, AMENDED).readings}
    decided = {fact.atom.arguments[0] for fact in AMENDED.facts if fact.atom.predicate == "reading"}
    assert found.keys() == decided
    assert all(change.new and change.new.decided for change in found.values())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_rule_can_be_read_aloud(lang: str) -> None:
    for rule in {*POLICY.rules, *AMENDED.rules}:
        said = sentence(rule, AMENDED.vocabulary, lang)
        assert said.endswith(".") and "{" not in said and rule.head is not None
        for variable in rule.head.variables:
            assert re.search(rf"\b{variable}\b", said), (rule.text, said)


# ---- Meaning ----------------------------------------------------------------------------------------


def test_a_rule_written_otherwise_is_proved_equal(repository: Repository) -> None:
    repository.edit(repository.law / "rules.lp", RULE,
                    'suspended(U,Y) :- debt_from("2",F), year(Y), debt(U,Y,E), not spared(U), E >= F.')  # fmt: skip
    done = repository.cchc("diff", "HEAD", "policies", "--format", "json")
    found = json.loads(done.out)
    assert done.code == 0
    assert [change["provision"] for change in found["provisions"]] == ["2"]
    assert found["verdicts_that_differ"] == []
    assert [name.split("(")[-1].rstrip(")") for name in found["verdicts_proved_equal"]] == ["fine", "suspended"]


def test_the_smallest_data_on_which_two_texts_differ(repository: Repository) -> None:
    repository.edit(repository.law / "rules.yaml", "amount: 50,", "amount: 60,")
    found = json.loads(repository.cchc("diff", "HEAD", "policies", "--format", "json").out)
    (differs,) = found["verdicts_that_differ"]
    assert (differs["predicate"], differs["new"]) == ("suspended", [])
    assert [row["status"] for row in differs["old"]] == ["certain"]
    (amount,) = re.findall(r"amount: ([0-9.]+)", differs["given"])
    assert 50 <= float(amount) < 60


# ---- What is neither words nor rule ------------------------------------------------------------------

LAW = "3373-qd-ubnd"
ELSEWHERE = {
    "how a duty is computed": (f"{LAW}/article-05.yaml", "part: plans_on_time,", "part: problems_handled,",
                               "5.1.b.o10 được thực hiện khi số vấn đề đã xử lý"),
    "who owes it": (f"{LAW}/article-05.yaml", "'5.1.c.o1'\n        kind: duty\n        bearers: [dept_head, ",
                    "'5.1.c.o1'\n        kind: duty\n        bearers: [", "Chủ tịch Ủy ban nhân dân cấp huyện, "),
    "the words that a fact rests on": (f"{LAW}/article-15.yaml", "words: cải cách chế độ công vụ", "words: chế độ công vụ",
                                       "— “chế độ công vụ”"),
    "a number": (f"{LAW}/article-22.yaml", "id: '22'", "id: '24'", "đổi số (22 → 24)"),
    "a heading": (f"{LAW}/article-17.yaml", "Điều 17. Đánh giá", "Điều 17. Xếp loại", "Điều 17. Xếp loại"),
    "a rendering": (f"{LAW}/article-17.yaml", "      a) Excellent completion", "      a) Superb completion", "17.1.a.en: "),
    "a profile": (f"{LAW}/readings.yaml", "    take: default\n  - id: literal", "    take: literal\n  - id: literal",
                  "profiles.default.take: default → literal"),
    "what a value of a reading means": (f"{LAW}/readings.yaml", "vi: Chỉ cần một trong hai", "vi: Phải có cả hai",
                                        "readings.d_connective.values.or.vi: Chỉ cần một trong hai"),
    "the default of a reading": (f"{LAW}/readings.yaml", "default: 'or'", "default: 'and'", "d_connective.default: or → and"),
    "the order of the text": (f"{LAW}/instrument.yaml", "  - article-18\n  - article-19\n", "  - article-19\n  - article-18\n",
                              "instrument.yaml: order: ["),
    "the end of its scope": (f"{LAW}/instrument.yaml", "date: '2025-07-01'", "date: '2023-01-01'",
                             "scope_ends.date: 2025-07-01 → 2023-01-01"),
    "its first day": (f"{LAW}/instrument.yaml", "effective_from: '2021-12-28'", "effective_from: '2022-12-28'",
                      "effective_from: 2021-12-28 → 2022-12-28"),
    "which text applies": ("vocabulary.yaml", "years_later: 1,", "years_later: 5,", "otherwise.years_later: 1 → 5"),
    "what data may become": ("vocabulary.yaml", "completes: [excellent, good, completed, not_completed]",
                             "completes: [excellent]", "args.class.completes: "),
}  # fmt: skip


@pytest.mark.parametrize("what", ELSEWHERE)
def test_what_is_neither_words_nor_rule_is_told_as_well(what: str, tmp_path: Path) -> None:
    path, old, new, told = ELSEWHERE[what]
    root = Path(shutil.copytree(resource("policies"), tmp_path / "policies"))
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (root / path).write_text(text.replace(old, new), encoding="utf-8")
    changed = Policy.load(root)
    pages = DiffPages(POLICY, changed, diff(POLICY, changed), None, "vi")
    for shown in (pages.terminal(1000), pages.markdown()):
        assert told in "\n".join(shown)


@pytest.mark.parametrize("path", [f"{LAW}/known-gaps.yaml", f"{LAW}/properties/ladder.lp", "index-frameworks.yaml",
                                  "drafts/2026-minh-hoa/instrument.yaml"])  # fmt: skip
def test_files_that_changed_are_named(path: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(resource("policies"), tmp_path / "policies"))
    assert diff(POLICY, Policy.load(root)) == diff(POLICY, POLICY)
    (root / path).write_text((root / path).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert diff(POLICY, Policy.load(root)).files == (path,)


def edited(root: Path, *edits: tuple[str, str, str]) -> Policy:
    """The shipped policy with some words changed, in the files of the text in force."""
    shutil.copytree(resource("policies"), root)
    for name, old, new in edits:
        file = root / LAW / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
    return Policy.load(root)


def test_a_rule_that_goes_as_its_provision_gets_another_number_is_told(tmp_path: Path) -> None:
    rule = next(rule for rule in POLICY.rules if rule.citations[:1] == ("15.7",))
    changed = edited(tmp_path / "policies", ("article-15.yaml", "id: '15.7'", "id: '15.8'"),
                     ("article-15.lp", f"%@ 15.7\n{rule.text}", ""))  # fmt: skip
    (told,) = [one for one in diff(POLICY, changed).provisions if one.id == "15.8"]
    assert ([gone.text for gone in told.rules_gone], told.rules_new) == ([rule.text], ())


def test_words_that_take_the_number_of_others_hide_neither(tmp_path: Path) -> None:
    root = Path(shutil.copytree(resource("policies"), tmp_path / "policies"))
    file = root / LAW / "article-06.yaml"
    text = file.read_text(encoding="utf-8")
    body = POLICY.provisions["6.5"].text.partition(" ")[2]
    for name, words_ in (("6.4", f"4. {body}"), ("6.5", f"5. Được khuyến khích {body}")):
        line = rf"(id: '{name}'\n    text:).*?(?=\n    en:)"
        text = re.sub(line, rf"\1 {json.dumps(words_, ensure_ascii=False)}", text, flags=re.S)
    file.write_text(text, encoding="utf-8")
    found = {one.id: (one.old, one.new) for one in diff(POLICY, Policy.load(root)).provisions}
    for name in ("6.4", "6.5"):
        old, new = found[name]
        assert old == POLICY.provisions[name] and new is not None and body in new.text


def test_what_else_is_said_of_words_that_change(tmp_path: Path) -> None:
    changed = edited(tmp_path / "policies", ("article-22.yaml", "Đề nghị Ủy ban", "Mời Ủy ban"),
                     ("article-22.yaml", "kind: power", "kind: duty"))  # fmt: skip
    found = diff(POLICY, changed)
    assert [one.id for one in found.provisions] == ["22"]
    assert ("22.kind", "power", "duty") in [(one.name, one.old, one.new) for one in found.settings]


def test_nothing_is_proved_where_data_is_read_differently(repository: Repository) -> None:
    repository.edit("policies/vocabulary.yaml", "completes: [on_time, late]", "completes: [on_time]")
    done = repository.cchc("diff", "HEAD", "policies")
    assert "predicates.loan.args.returned.completes" in done.out
    assert "không chứng minh được" in done.out and "đã chứng minh" not in done.out
    found = json.loads(repository.cchc("diff", "HEAD", "policies", "--format", "json").out)
    assert found["verdicts_proved_equal"] is None


def test_what_a_predicate_is_called_changes_no_verdict(repository: Repository) -> None:
    repository.edit("policies/vocabulary.yaml", "vi: 'nợ từ {amount} nghìn đồng'", "vi: 'số nợ từ {amount} nghìn đồng'")
    done = repository.cchc("diff", "HEAD", "policies")
    assert "predicates.debt_from.vi" in done.out and "đã chứng minh" in done.out


def test_a_kind_that_only_differs_by_a_number_is_not_said_to_be_proved() -> None:
    """The draft renumbers duties: data that names one by its present number cannot be compared."""
    apart = meaning(POLICY, AMENDED)
    assert apart is not None
    (left,) = [each for each in apart if not each.old and not each.new]
    pages = DiffPages(POLICY, AMENDED, diff(POLICY, AMENDED), apart, "en")
    assert not any(f"({left.predicate})" in name for name in pages.equal())
    assert [said for said, _ in pages.meaning() if "neither proved nor refuted" in said]


# ---- Sides ------------------------------------------------------------------------------------------


def test_sides_are_folders_revisions_or_days(repository: Repository) -> None:
    repository.edit(repository.law / "rules.yaml", "amount: 50,", "amount: 60,")
    repository.commit()
    texts = [repository.cchc("diff", *sides).out for sides in
             (("HEAD~1", "HEAD"), ("HEAD~1", "policies"), ("HEAD~1", "."), ("HEAD~1", "2024-01-01"))]  # fmt: skip
    assert len(set(texts)) == 1
    assert "không có gì khác nhau" in repository.cchc("diff", "HEAD", "policies").out
    assert "nothing is different" in repository.cchc("diff", "HEAD", "policies", "--lang", "en").out


def test_a_repository_of_policies_alone_has_no_place_for_data(repository: Repository) -> None:
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "x")):
        repository.git("-C", "policies", *arguments)
    done = repository.cchc("diff", "HEAD", "policies")
    assert (done.code, done.out) == (3, "") and "[no-side]" in done.err and "Traceback" not in done.err
    assert "không có gì khác nhau" in repository.cchc("diff", "policies", "policies").out  # what git keeps is no policy


def test_a_revision_without_policies_names_no_folder_of_the_cache(repository: Repository) -> None:
    shutil.move(repository.top / "policies", repository.top / "kept")
    (repository.top / "policies").write_text("x", encoding="utf-8")
    repository.commit()
    (repository.top / "policies").unlink()
    shutil.move(repository.top / "kept", repository.top / "policies")
    repository.commit()
    for _ in range(2):
        done = repository.cchc("diff", "HEAD~1", "HEAD")
        assert (done.code, done.out) == (3, "") and done.err.startswith("OLD: “HEAD~1” ")


def test_two_policies_folders_of_one_revision(repository: Repository) -> None:
    other = "[khác]"  # git takes brackets for a pattern
    shutil.copytree(repository.top / "policies", repository.top / other)
    repository.edit(f"{other}/{INSTRUMENT}/rules.yaml", "amount: 50,", "amount: 60,")
    repository.commit()
    assert "không có gì khác nhau" in repository.cchc("diff", "HEAD", "policies").out
    assert "không có gì khác nhau" in repository.cchc("diff", "HEAD", other, policies=other).out


@pytest.mark.parametrize("side", ["no-such-revision", "--", "2024-02-30", "HEAD~99", "data", "../outside"])
def test_a_side_that_does_not_exist(repository: Repository, side: str) -> None:
    done = repository.cchc("diff", "--", "policies", side) if side == "--" else repository.cchc("diff", "policies", side)
    assert (done.code, done.out) == (3 if side != "--" else 2, "")
    assert "Traceback" not in done.err


def test_the_day_before_anything_was_in_force(repository: Repository) -> None:
    done = repository.cchc("diff", "2019-12-31", "policies")
    assert (done.code, done.out) == (3, "")
    assert "2020-01-01" in done.err


def test_the_working_tree_is_left_as_it_is(repository: Repository) -> None:
    before = {path: path.read_bytes() for path in repository.top.rglob("*") if path.is_file() and ".git" not in path.parts}
    repository.cchc("diff", "HEAD", "policies")
    after = {path: path.read_bytes() for path in repository.top.rglob("*") if path.is_file() and ".git" not in path.parts}
    assert before == after
