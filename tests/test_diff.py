"""`cchc diff`: what is written differently in two versions, and where they are proved to give the same verdicts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc.diff import diff, words
from cchc.policy import Policy
from cchc.verbal import sentence
from repository import Repository

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


# ---- Sides ------------------------------------------------------------------------------------------


def test_sides_are_folders_revisions_or_days(repository: Repository) -> None:
    repository.edit(repository.law / "rules.yaml", "amount: 50,", "amount: 60,")
    repository.commit()
    texts = [repository.cchc("diff", *sides).out for sides in
             (("HEAD~1", "HEAD"), ("HEAD~1", "policies"), ("HEAD~1", "."), ("HEAD~1", "2024-01-01"))]  # fmt: skip
    assert len(set(texts)) == 1
    assert "không có gì khác nhau" in repository.cchc("diff", "HEAD", "policies").out
    assert "nothing is different" in repository.cchc("diff", "HEAD", "policies", "--lang", "en").out


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
