"""The independent evaluator gives every verdict that the worked cases print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from independent import PREDICATES, Verdicts, evaluate, profile

CASE_FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))

# The arguments of each predicate, in the order in which the evaluator prints them.
ARGUMENTS = {
    "class": ("unit", "class"),
    "unclassified": ("unit", "gap"),
    "conflicting_classes": ("unit",),
    "must_explain": ("unit", "item"),
    "criticism": ("unit", "item"),
    "notice": ("unit",),
    "committee_report": ("unit", "item"),
    "reward_candidate": ("unit",),
    "basis_missing": ("unit",),
    "trend": ("item", "direction"),
    "responsible": ("item", "unit", "role"),
    "note": ("unit", "code"),
    "evaluator": ("unit", "authority"),
    "commune_criticism": ("unit",),
    "commune_discipline": ("unit",),
}


def load(path: Path) -> list[dict[str, Any]]:
    # Every scalar of a case file is text: 90.00 is not a float and 14.1 is not a number.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def blocks() -> list[Any]:
    """One test per block of expectations that the evaluator can answer: no draft in force, no analogy for communes."""
    found = []
    for path in CASE_FILES:
        for case in load(path):
            for number, block in enumerate(case["expect"]):
                if is_answerable(block.get("under", {})) and named(block):
                    found.append(pytest.param(case, block, id=f"{path.stem}-{case['case']}-{number}"))
    return found


def is_answerable(under: dict[str, Any]) -> bool:
    return "with" not in under and under.get("readings", {}).get("commune_rule") != "analogy"


def named(block: dict[str, Any]) -> list[str]:
    return [name for name in PREDICATES if name in block or name in block.get("possible", {})]


def rows(printed: list[dict[str, Any]], predicate: str) -> set[tuple[str, ...]]:
    return {tuple(row[argument] for argument in ARGUMENTS[predicate]) for row in printed}


def about(found: frozenset[tuple[str, ...]], predicate: str, units: list[str] | None) -> set[tuple[str, ...]]:
    """Rows about the units that the case names; a row without a unit is always compared."""
    if units is None or "unit" not in ARGUMENTS[predicate]:
        return set(found)
    position = ARGUMENTS[predicate].index("unit")
    return {row for row in found if row[position] in units}


def verdicts(case: dict[str, Any], under: dict[str, Any]) -> dict[str, Verdicts]:
    readings = profile(under.get("profile", "default")) | under.get("readings", {})
    return evaluate(case["given"], int(case["year"]), readings, case.get("as_of"))


def test_there_are_cases() -> None:
    assert blocks(), "no worked case found under tests/cases"


def test_arguments_are_declared_for_every_predicate() -> None:
    assert set(ARGUMENTS) == set(PREDICATES)


@pytest.mark.parametrize(("case", "block"), blocks())
def test_case(case: dict[str, Any], block: dict[str, Any]) -> None:
    found = verdicts(case, block.get("under", {}))
    for predicate in named(block):
        units = case.get("about")
        assert about(found[predicate].certain, predicate, units) == rows(block.get(predicate, []), predicate)
        assert about(found[predicate].possible, predicate, units) == rows(
            block.get("possible", {}).get(predicate, []), predicate
        )
