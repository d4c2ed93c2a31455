"""Which version of a text applies to which years of a dataset."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cchc.dataset import Dataset, described
from cchc.policy import Policy
from cchc.problems import Invalid, Problem
from cchc.schema import resource
from cchc.versions import day_of, first_day, instruments, out_of_scope, version_of


class Applicable(NamedTuple):
    """A version, a dataset read with it, and the years that it applies to."""

    policy: Policy
    dataset: Dataset
    years: tuple[int, ...]


class Scope(NamedTuple):
    """The versions that apply to a dataset, oldest first, and why none applies to some of its years."""

    versions: tuple[Applicable, ...]
    outside: tuple[tuple[int, Problem], ...]


def applicable(folder: Path, policies: Path | None = None, day: datetime.date | None = None,
               drafts: Sequence[str] = ()) -> Scope:  # fmt: skip
    """What applies to each year of a dataset folder on a day (default: the day on which the figures of that year were
    announced), with drafts laid over it. Raises Invalid."""
    root = policies if policies is not None else resource("policies")
    document = described(folder)
    name = document.data["instrument"]
    known = instruments(root)
    try:
        newest = Policy.load(policies, name, None, drafts)
    except Invalid as error:
        at = document.at(("instrument",))
        raise Invalid(p._replace(at=at) if p.code == "unknown-instrument" else p for p in error.problems) from error
    dataset = Dataset.load(folder, newest)
    found: dict[str, tuple[datetime.date | None, list[int]]] = {}
    outside: list[tuple[int, Problem]] = []
    for year in dataset.years:
        on = day if day is not None else day_of(newest.vocabulary, dataset.rows, year)
        if on is not None and day is None:  # figures announced before anything was in force: the first text
            on = max(on, first_day(known, name))
        version = version_of(known, name, on, drafts)
        if ends := out_of_scope(version, on):
            details = {"found": year, "day": str(on), "date": ends["date"], "reason": ends["reason"]}
            outside.append((year, Problem(document.at(("years",)), "out-of-scope", details)))
        else:
            found.setdefault(version.name, (on, []))[1].append(year)
    versions = []
    for version_name, (on, years) in found.items():
        policy = newest if version_name == newest.version else Policy.load(policies, name, on, drafts)
        read = dataset if policy is newest else Dataset.load(folder, policy)
        versions.append(Applicable(policy, read, tuple(years)))
    return Scope(tuple(sorted(versions, key=lambda one: one.years)), tuple(outside))
