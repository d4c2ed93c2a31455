"""A part of what `make mutants` does with all mutants, and what it could not notice itself."""

from __future__ import annotations

import pytest

from cchc.files import load_yaml
from mutants import EQUIVALENT, accepted, killers, suite
from mutation import LEFT_OUT, edits_of

SAMPLE = 40
"""One mutant of so many is tried."""


def test_a_sample_is_noticed() -> None:
    sample = [number for number, mutant in enumerate(suite().mutants) if mutant.key not in accepted()][::SAMPLE]
    assert len(sample) > 30
    missed = {number for number, killer in killers(sample).items() if not killer}
    assert [suite().mutants[number].key for number in missed] == []


def test_every_accepted_mutant_exists_once_and_says_why() -> None:
    keys = {mutant.key for mutant in suite().mutants}
    groups = load_yaml(EQUIVALENT).data
    assert [key for key in accepted() if key not in keys] == []
    assert len(accepted()) == sum(len(entry["changes"]) for group in groups for entry in group["mutants"])
    assert all({*group["reason"]} == {"vi", "en"} and all(group["reason"].values()) for group in groups)


def test_every_rule_and_fact_has_mutants() -> None:
    policy, found, *_ = suite()
    left_out = [mutant.old for mutant in found if mutant.change == LEFT_OUT]
    assert left_out == [*policy.rules, *policy.facts]
    assert len({mutant.key for mutant in found}) == len(found)


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (("p(X)", "q(X,Y)", "Y > 3"), {
            "without p(X)": "q(X,Y), Y > 3", "without Y > 3": "p(X), q(X,_)", "Y >= 3 for Y > 3": "p(X), q(X,Y), Y >= 3",
            "Y <= 3 for Y > 3": "p(X), q(X,Y), Y <= 3", "Y > 2 for Y > 3": "p(X), q(X,Y), Y > 2",
            "Y > 4 for Y > 3": "p(X), q(X,Y), Y > 4", "without q(X,Y)": "p(X), Y > 3",
        }),
        (("p(X)", 'not r(X,"1.1")'), {"without p(X)": 'not r(X,"1.1")', 'without not r(X,"1.1")': "p(X)"}),
        (("p(X - 1)",), {"without p(X - 1)": "", "p(X - 0) for p(X - 1)": "p(X - 0)", "p(X - 2) for p(X - 1)": "p(X - 2)"}),
    ],
)  # fmt: skip
def test_how_a_rule_is_changed(body: tuple[str, ...], changes: dict[str, str]) -> None:
    assert {edit.change: ", ".join(edit.body) for edit in edits_of("h(X)", body)} == changes
