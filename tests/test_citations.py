"""What a verdict must not cite: a case names only what it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc import Dataset, Policy, evaluate
from made import write

POLICY = Policy.load()
TABLES = {
    "unit": "unit,type\nU1,department\nU2,department\nT1,tax_department\n",
    "head": "unit,year,capacity,holder\nU2,2023,acting,\n",
    "unit_index": "unit,year,points\nU1,2023,55\nU2,2023,55\n",
    "item": "item,level\nI1,criterion\nI2,criterion\n",
    "item_score": "item,year,points,max\nI1,2022,9,10\nI1,2023,8,10\nI2,2022,9,10\nI2,2023,8,10\n",
    "assignment": "item,unit,year,role\nI1,U1,2023,lead\nI2,T1,2023,lead\n",
}


@pytest.mark.parametrize(
    ("predicate", "provision", "units"),
    [
        ("notice", "2.4", {"U2"}),  # of two heads, the one who acts
        ("must_explain", "15.7", {"U1"}),  # of two leads, the one whom clause 7 names
    ],
)
def test_a_provision_is_cited_only_about_those_it_is_about(
    tmp_path: Path, predicate: str, provision: str, units: set[str]
) -> None:
    found = evaluate(POLICY, Dataset.load(write(tmp_path, [2022, 2023], TABLES), POLICY), years=[2023], verdicts=[predicate])
    assert len(found.verdicts) == 2
    assert {verdict.arguments["unit"] for verdict in found.verdicts if provision in verdict.cites} == units
