"""Thousands of unknowns do not blow up: what is solved grows with the data, and completions are not enumerated."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc import Dataset, Policy, evaluate
from cchc.asp import Program
from made import large

POLICY = Policy.load()
KINDS = ["class", "unclassified", "criticism", "notice", "committee_report", "must_explain"]


def size(folder: Path, items: int) -> tuple[int, int]:
    """How long the facts are, and how many verdicts are possible."""
    evaluation = evaluate(POLICY, Dataset.load(large(folder, items, 0.1), POLICY), years=[2023], verdicts=KINDS)
    return len(evaluation.facts.text), len(evaluation.answer.possible)


def test_facts_grow_with_the_items(tmp_path: Path) -> None:
    small, few = size(tmp_path / "50", 50)
    large_, many = size(tmp_path / "400", 400)
    assert large_ < 8.5 * small
    assert many > 4 * few > 0


def test_completions_are_sampled_not_enumerated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """400 items with 10 % unknown have more than 2 ** 100 completions; an example for each verdict takes few of them."""
    solved = []
    model = Program.model

    def counted(self: Program, *arguments: object) -> object:
        solved.append(1)
        return model(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Program, "model", counted)
    evaluation = evaluate(POLICY, Dataset.load(large(tmp_path, 400, 0.1), POLICY), years=[2023], verdicts=KINDS)
    assert len(evaluation.verdicts) > 200
    assert len(evaluation.answer.choices) > 1000
    assert len(solved) < 30
