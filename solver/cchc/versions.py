"""Which text is in force on a day: the instruments of a repository, what amends and what replaces them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import Document
from cchc.problems import Location, display_path, invalid, listed, nearest
from cchc.schema import load_valid
from cchc.vocabulary import Vocabulary, parse_date

DRAFTS = "drafts"
"""The folder of amending instruments that are not in force."""


class Instrument(NamedTuple):
    """A folder with an `instrument.yaml`."""

    folder: Path
    document: Document
    draft: bool

    @property
    def data(self) -> Mapping[str, Any]:
        """What `instrument.yaml` says; of a draft not the day that it hopes for: it is in force for whoever asks for it."""
        data: Mapping[str, Any] = self.document.data
        return {key: value for key, value in data.items() if key != "effective_from"} if self.draft else data

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def begins(self) -> str:
        """The first day in force; a draft, once it is asked for, is in force after everything else."""
        return str(self.data.get("effective_from", "9999-12-31"))


class Version(NamedTuple):
    """An instrument with the amendments that apply to it, in order."""

    base: Instrument
    amendments: tuple[Instrument, ...]

    @property
    def name(self) -> str:
        """The day since which the text reads like this, and the drafts laid over it."""
        dated = [one.begins for one in (self.base, *self.amendments) if not one.draft]
        return "+".join([max(dated), *(one.id for one in self.amendments if one.draft)])


def instruments(root: Path) -> dict[str, Instrument]:
    """Every instrument of a policies folder, drafts included, by id. Raises Invalid."""
    found: dict[str, Instrument] = {}
    for path in [*sorted(root.glob("*/instrument.yaml")), *sorted(root.glob(f"{DRAFTS}/*/instrument.yaml"))]:
        document = load_valid(path, "instrument")
        one = Instrument(path.parent, document, path.parent.parent.name == DRAFTS)
        if one.id != path.parent.name:
            raise invalid(document.at(("id",)), "not-allowed", found=one.id, hint=nearest(one.id, [path.parent.name]),
                          allowed=path.parent.name)  # fmt: skip
        if not one.draft:
            for key in ("signed", "effective_from"):
                if key not in one.data:
                    raise invalid(document.at(()), "missing-key", found=key)
        for dated in (("signed",), ("effective_from",), ("expires",), ("scope_ends", "date")):
            if dated in document.values:
                value = document.data[dated[0]]
                parse_date(value if len(dated) == 1 else value[dated[1]], document.at(dated))
        for key in ("id", "number"):
            if other := next((other for other in found.values() if one.data[key] == other.data[key]), None):
                raise invalid(document.at((key,)), "repeated-instrument", found=one.data[key], first=other.document.at((key,)))
        found[one.id] = one
    if not any("amends" not in one.data for one in found.values()):
        raise invalid(Location(display_path(root)), "no-file")
    _check(found)
    return found


def _check(found: Mapping[str, Instrument]) -> None:
    bases = [name for name, one in found.items() if "amends" not in one.data]
    numbers = {one.data["number"] for one in found.values()}
    for one in found.values():
        if (target := one.data.get("amends")) is not None:
            if target not in bases:
                raise invalid(one.document.at(("amends",)), "unknown-instrument", found=target, hint=nearest(target, bases),
                              allowed=listed(bases))  # fmt: skip
            # No version would heed these.
            for key in ("expires", "scope_ends", *(["replaces"] if numbers & {*one.data.get("replaces", ())} else [])):
                if key in one.data:
                    raise invalid(one.document.keys[(key,)], "not-of-amendment", found=key)
            if not one.draft and not found[target].draft and one.begins < (begins := found[target].begins):
                raise invalid(one.document.at(("effective_from",)), "before-base", found=one.begins, allowed=begins)
        waiting, seen = [one], set[str]()
        while waiting:
            earlier = _replaced(found, waiting.pop())
            if one in earlier:
                raise invalid(one.document.at(("replaces",)), "version-cycle", found=one.data["number"],
                              by=_replaced(found, one)[0].data["number"])  # fmt: skip
            waiting += [other for other in earlier if other.id not in seen]
            seen |= {other.id for other in earlier}
        for other in () if one.draft else _replaced(found, one):
            at = one.document.at(("effective_from",))
            if one.begins < other.begins:
                raise invalid(at, "before-base", found=one.begins, allowed=other.begins)
            first = next(each for each in found.values() if other in _replaced(found, each) and each.begins == one.begins)
            if not other.draft and first is not one:
                raise invalid(at, "replaced-twice", found=other.data["number"], day=one.begins, other=first.data["number"],
                              place=first.document.at(("effective_from",)))  # fmt: skip


def _replaced(found: Mapping[str, Instrument], one: Instrument) -> list[Instrument]:
    """The instruments that one replaces as a whole."""
    return [other for other in found.values() if other.data["number"] in one.data.get("replaces", ())]


def _successor(found: Mapping[str, Instrument], one: Instrument) -> Instrument | None:
    """The instrument that replaces another: the first one, where a later one names both."""
    return min((other for other in found.values() if one in _replaced(found, other)), key=_begins, default=None)


def _predecessor(found: Mapping[str, Instrument], one: Instrument) -> Instrument | None:
    return max(_replaced(found, one), key=_begins, default=None)


def _begins(one: Instrument) -> str:
    return one.begins


def beginnings(found: Mapping[str, Instrument], base: Instrument) -> list[datetime.date]:
    """The first days of the texts that an instrument has had or will have."""
    later = _successor({name: one for name, one in found.items() if not one.draft}, base)
    ends = min(later.begins if later is not None else "9999", base.data.get("expires", "9999"))
    amending = (one.begins for one in found.values() if one.data.get("amends") == base.id and not one.draft)
    return [datetime.date.fromisoformat(day) for day in sorted({base.begins, *amending}) if day < ends]


def first_day(found: Mapping[str, Instrument], name: str) -> datetime.date:
    """The first day on which a text that goes by the name of an instrument, or one that it replaced, was in force."""
    base: Instrument | None = found[name]
    while base is not None:
        begins, base = base.begins, _predecessor(found, base)
    return datetime.date.fromisoformat(begins)


def version_of(found: Mapping[str, Instrument], name: str | None, day: datetime.date | None = None,
               drafts: Sequence[str] = ()) -> Version:  # fmt: skip
    """The text that goes by the name of an instrument (default: the first) on a day (default: the newest), with drafts
    laid over it. Raises Invalid."""
    at = Location("cchc")
    bases = {key: one for key, one in found.items() if "amends" not in one.data and not one.draft}
    if name is not None and name not in bases:
        raise invalid(at, "unknown-instrument", found=name, hint=nearest(name, bases), allowed=listed(bases))
    base = bases[name] if name is not None else next(iter(bases.values()))
    today = day.isoformat() if day is not None else "9999-12-31"
    while (later := _successor(bases, base)) is not None and later.begins <= today:
        base = later
    while base.begins > today:
        if (earlier := _predecessor(bases, base)) is None:
            raise invalid(at, "not-in-force", found=today, allowed=base.begins)
        base = earlier
    if (expires := base.data.get("expires")) is not None and expires <= today and day is not None:
        raise invalid(at, "expired", found=today, number=base.data["number"], allowed=expires)
    amending = [one for one in found.values() if one.data.get("amends") == base.id]
    applied = [one for one in amending if not one.draft and one.begins <= today]
    names = {one.id: one for one in amending if one.draft}
    for draft in drafts:
        if draft not in names:
            raise invalid(at, "unknown-draft", found=draft, hint=nearest(draft, names), allowed=listed(names) or "–")
    order = sorted(applied, key=lambda one: (one.begins, one.data["signed"], one.id))
    return Version(base, (*order, *(names[draft] for draft in dict.fromkeys(drafts))))


def out_of_scope(version: Version, day: datetime.date | None) -> Mapping[str, Any] | None:
    """What ended the scope of a text that nobody repealed (`scope_ends`), if that was before a day."""
    ends = version.base.data.get("scope_ends")
    return ends if ends is not None and day is not None and day.isoformat() >= ends["date"] else None


def day_of(vocabulary: Vocabulary, rows: Mapping[str, Iterable[Any]], year: int) -> datetime.date | None:
    """The day that decides which version applies to a year (vocabulary, `selects_version`); None where nothing says so."""
    for name, predicate in vocabulary.supplied("selects_version").items():
        rule = predicate.option("selects_version")
        for row in rows.get(name, ()):
            given = dict(zip((column.name for column in predicate.columns), row.values, strict=True))
            chosen = given[rule["by"]] == year and all(given[key] == value for key, value in rule["where"].items())
            if chosen and isinstance(given[rule["day"]], int):
                return datetime.date.fromordinal(given[rule["day"]])
        other = rule["otherwise"]
        return datetime.date(year + other["years_later"], other["month"], other["day"])
    return None
