"""Which version of a text applies to which years of a dataset."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.cache import remembered
from cchc.dataset import Dataset, described
from cchc.policy import Policy, files_of
from cchc.problems import Invalid, Problem
from cchc.versions import day_of, first_day, instruments, out_of_scope, version_of


class Applicable(NamedTuple):
    """A version, a dataset read with it, and the years that it applies to."""

    policy: Policy
    dataset: Dataset
    years: tuple[int, ...]


def loaded(policies: Path | None, day: datetime.date | None = None, drafts: Sequence[str] = ()) -> Policy:
    """The first instrument of a policies folder as of a day, with drafts; unchanged files are not read twice. Raises
    Invalid."""

    def make() -> Policy:
        return Policy.load(policies, None, day, drafts).completed()

    return remembered("policy", files_of(policies), make, f"{day} {tuple(drafts)}")


class Versions:
    """The versions of a policy, each loaded once."""

    def __init__(self, newest: Policy) -> None:
        self.newest = newest
        self._known = instruments(newest.root)
        self._loaded = {newest.version: newest}

    def at(self, day: datetime.date | None, drafts: Sequence[str] = ()) -> Policy:
        """The text in force on a day with drafts laid over it, those of the newest version included. Raises Invalid."""
        name, drafts = self.newest.instrument["id"], (*self.newest.drafts, *drafts)
        version = version_of(self._known, name, day, drafts)
        if version.name not in self._loaded:
            self._loaded[version.name] = Policy.load(self.newest.root, name, day, drafts)
        return self._loaded[version.name]

    def of_year(self, rows: Mapping[str, Iterable[Any]], year: int, drafts: Sequence[str] = ()) -> Policy:
        """The text that applies to the figures of a year. Raises Invalid."""
        return self.at(self.day(rows, year), drafts)

    def day(self, rows: Mapping[str, Iterable[Any]], year: int) -> datetime.date | None:
        """The day that decides for a year, but none before the first text: it covers what was announced earlier."""
        on = day_of(self.newest.vocabulary, rows, year)
        return None if on is None else max(on, first_day(self._known, self.newest.instrument["id"]))

    def ended(self, day: datetime.date | None) -> Mapping[str, Any] | None:
        """What ended the scope of the text in force on a day, if something did."""
        return out_of_scope(version_of(self._known, self.newest.instrument["id"], day), day)


class Scope(NamedTuple):
    """The versions that apply to a dataset, oldest first, and why none applies to some of its years."""

    versions: tuple[Applicable, ...]
    outside: tuple[tuple[int, Problem], ...]


def applicable(folder: Path, policies: Path | None = None, day: datetime.date | None = None,
               drafts: Sequence[str] = (), year: int | None = None) -> Scope:  # fmt: skip
    """What applies to each year of a dataset folder, or to one of them, on a day (default: the day on which the figures of
    that year were announced), with drafts laid over it. Raises Invalid.

    A draft need not fit the texts of years that are not asked about.
    """
    document = described(folder)
    try:
        newest = _newest(policies, document.data["instrument"], drafts)
    except Invalid as error:
        at = document.at(("instrument",))
        raise Invalid(p._replace(at=at) if p.code == "unknown-instrument" else p for p in error.problems) from error
    return scope_of(folder, newest, day, drafts, year)


def scope_of(folder: Path, newest: Policy, day: datetime.date | None = None, drafts: Sequence[str] = (),
             year: int | None = None) -> Scope:  # fmt: skip
    """The same for a policy that is loaded already: what of its versions applies. Raises Invalid."""
    document = described(folder)
    dataset = Dataset.load(folder, newest)
    versions = Versions(newest)
    found: dict[str, tuple[Policy, list[int]]] = {}
    outside: list[tuple[int, Problem]] = []
    for one in dataset.years if year not in dataset.years else [year]:
        on = day if day is not None else versions.day(dataset.rows, one)
        try:
            ends = versions.ended(on)
        except Invalid as error:
            if day is not None:
                raise  # no year has a text on that day
            outside += ((one, p._replace(at=document.at(("years",)))) for p in error.problems)
            continue
        if ends:
            details = {"found": one, "day": str(on), "date": ends["date"], "reason": ends["reason"]}
            outside.append((one, Problem(document.at(("years",)), "out-of-scope", details)))
        else:
            policy = versions.at(on, drafts)
            found.setdefault(policy.version, (policy, []))[1].append(one)
    kinds = [Applicable(policy, _about(dataset if policy is newest else Dataset.load(folder, policy), years), tuple(years))
             for policy, years in found.values()]  # fmt: skip
    return Scope(tuple(sorted(kinds, key=lambda one: one.years)), tuple(outside))


def _newest(policies: Path | None, instrument: str, drafts: Sequence[str]) -> Policy:
    """The newest text, with the drafts laid over it if they fit: they may be about an earlier one. Raises Invalid."""
    try:
        return Policy.load(policies, instrument, None, drafts)
    except Invalid:
        if not drafts:
            raise
        return Policy.load(policies, instrument)


def _about(dataset: Dataset, years: Iterable[int]) -> Dataset:
    """A dataset as the text of some years reads it: what other years record of duties that only their text knows is not
    lost."""
    told = (problem for problem in dataset.warnings
            if problem.code != "vanished-duty" or problem.details["year"] in {None, *years})  # fmt: skip
    return dataset._replace(warnings=tuple(told))
