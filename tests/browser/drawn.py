"""Random cases for the playground, and what the engine says of them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from cchc import Dataset, Policy, evaluate
from cchc.evaluation import Evaluation
from cchc.files import Document
from cchc.problems import Location
from strategies import COMMUNES, HEADS, commune_readings, datasets, readings, years

HERE = Location("drawn")
NEWEST = Policy.load()
DRAFT = Policy.load(None, None, None, ["2026-minh-hoa"])
VERSIONS = {"+".join(policy.drafts) or "in-force": policy for policy in (NEWEST, DRAFT)}
_DUTIES = {"duty_record", "duty_figure"}
"""The registers of duties are only derived when they are asked for, and not on the page."""
_TABLES = {name for name, table in NEWEST.vocabulary.tables().items()
           if any(column.type.table in {"unit", "item"} for column in table.columns)} - _DUTIES  # fmt: skip

Case = dict[str, Any]


def cases(number: int) -> Iterator[Case]:
    """So many different cases: departments and communes, unknown figures, incomplete assignments, changed readings."""
    found: list[Case] = []
    kinds = ((HEADS, readings()), (COMMUNES, commune_readings()), ((*HEADS, *COMMUNES), readings()))
    for index, (units, chosen) in enumerate(kinds):

        @seed(index)
        @settings(max_examples=number // len(kinds), deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(datasets(units), chosen, years(), st.integers(0, 3))
        def collect(tables: Mapping[str, Any], reading: dict[str, str], year: int, open_: int) -> None:
            given_ = {table: rows for table, rows in tables.items() if table in _TABLES}
            unit = given_["unit"][0]["unit"]
            incomplete = {"assignment": [unit]} if open_ == 3 else {}
            found.append({"given": given_, "readings": reading, "year": str(year), "unit": unit, "profile": "default",
                          "incomplete": incomplete, "labels": {}})  # fmt: skip

        collect()
    random.Random(5).shuffle(found)
    yield from found


def readings_for(policy: Policy, changes: Mapping[str, str]) -> dict[str, str]:
    """Readings that the text has not decided."""
    return {name: value for name, value in changes.items() if value in policy.readings[name].values}


def engine(policy: Policy, case: Case) -> Evaluation:
    everywhere: dict[tuple[str | int, ...], Location] = defaultdict(lambda: HERE)
    document = Document("drawn", {"given": case["given"]}, everywhere, everywhere)
    incomplete = {table: frozenset(units) for table, units in case["incomplete"].items()}
    dataset = Dataset.from_tables("drawn", document, ("given",), policy, incomplete)
    return evaluate(policy, dataset, years=[int(case["year"])], readings=readings_for(policy, case["readings"]))


def verdicts(evaluation: Evaluation) -> dict[str, set[tuple[str, tuple[str | int, ...]]]]:
    """Certain and possible verdicts as the page has them."""
    found: dict[str, set[tuple[str, tuple[str | int, ...]]]] = {"certain": set(), "possible": set()}
    for verdict in evaluation.verdicts:
        if verdict.predicate != "duty_state":
            found[verdict.status].add((verdict.predicate, verdict.atom.arguments))
    return found
