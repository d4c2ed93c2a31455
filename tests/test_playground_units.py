"""A unit that the playground loads gets the verdicts that its dataset gives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.drawn import NEWEST, engine
from cchc.applicable import scope_of
from cchc.evaluation import Evaluation, evaluate
from cchc.playground_units import of_dataset

TOP = Path(__file__).parents[1]
# Of lists that are drafted for all units at once, a single unit does not show enough; duties are not on the page.
NOT_SHOWN = {"duty_state", "list_missing", "list_extra"}


def about(evaluation: Evaluation, unit: str) -> set[tuple[str, str, tuple[str | int, ...]]]:
    return {(verdict.predicate, verdict.status, verdict.atom.arguments) for verdict in evaluation.verdicts
            if verdict.arguments.get("unit") == unit and verdict.predicate not in NOT_SHOWN}  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.parent.name for path in (TOP / "data").glob("*/dataset.yaml")))
def test_a_single_unit_gets_the_verdicts_of_its_dataset(name: str) -> None:
    folder = TOP / "data" / name
    scope = scope_of(folder, NEWEST).versions
    whole = {year: evaluate(one.policy, one.dataset, years=[year]) for one in scope for year in one.years[-3:]}
    for unit, case in of_dataset(folder, NEWEST):
        for year, evaluation in whole.items():
            alone = engine(NEWEST, {**case, "readings": {}, "year": str(year)})
            assert about(alone, unit) == about(evaluation, unit), (unit, year)
