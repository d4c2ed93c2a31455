"""Figures of an item and of those it succeeds or is succeeded by: points, maximum, and the rank of the share among all that
can occur, so that rules compare whole numbers only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from cchc.completions import fineness, order_positions, placed, ranks
from cchc.policy import PolicyFact
from cchc.problems import Location, invalid
from cchc.rows import Row
from cchc.vocabulary import SCALE, Atom, Predicate, Vocabulary, fact

Slot = tuple[str, int]
"""An item and a year."""


class Assumed(NamedTuple):
    """A value that a completion of unknown data may take: its share of the maximum, and the announced figures around it
    in millionths. It stands for all values between `low` and `high`, in millionths; for itself where these are one."""

    atom: Atom
    share: float
    below: int | None
    above: int | None
    low: Fraction
    high: Fraction


Origin = Row | PolicyFact | Assumed


class Figures(NamedTuple):
    """The facts about the figures of an item and of those it succeeds or is succeeded by."""

    lines: list[str]
    origins: dict[Atom, Origin]


def family(vocabulary: Vocabulary, dataset: str, table: Predicate, rows: Sequence[Row], corrected: Sequence[Row],
           slots: Sequence[Slot]) -> Figures:  # fmt: skip
    """The facts of one family: its announced and corrected figures, and what its open slots may become. Raises Invalid."""
    maximum = {row.values[:2]: int(row.values[3]) for row in rows}
    known = {row: (int(row.values[2]), int(row.values[3])) for row in rows if isinstance(row.values[2], int)}
    fixed = {row: (int(row.values[2]), maximum[row.values[:2]]) for row in corrected}
    near = {slot: _nearest_maximum(slot, maximum) for slot in slots}
    announced = {*known.values(), *fixed.values()}
    chains = _chains(slots)
    parts = lcm(*(fineness(maximum.values(), [near[slot] for slot in chain]) for chain in chains))
    positions: dict[Slot, list[int]] = {}
    steps: dict[Slot, int] = {}
    for chain in chains:
        years = {year + step for _, year in chain for step in (-1, 0, 1)}
        beside = (figure for row, figure in (*known.items(), *fixed.items()) if row.values[1] in years)
        values = order_positions(beside, [near[slot] for slot in chain], parts)
        positions |= {slot: values[near[slot]] for slot in chain}
        steps |= dict.fromkeys(chain, len(chain) + 1)
    pairs = {(points * parts, m) for points, m in announced} | {(value, m) for slot, m in near.items()
                                                                for value in positions[slot]}  # fmt: skip
    # Over a common multiple of the maxima, shares are whole numbers: quick to compare.
    whole = lcm(*(m for _, m in pairs))
    share = ranks(points * (whole // m) for points, m in pairs)
    try:
        anchors = {*near.values(), *(value for figure in announced for value in figure)}
        place = placed((value for value, _ in pairs), anchors, parts)
    except ValueError as error:
        raise invalid(rows[0].at if rows else Location(dataset), "no-candidates",
                      found=", ".join(f"{item} {year}" for item, year in slots)) from error  # fmt: skip
    origins: dict[Atom, Origin] = {}
    for row, (points, m) in (*known.items(), *fixed.items()):
        origins[Atom(row.table, (*row.values, share[points * parts * (whole // m)]))] = row
    lines = [f"{fact(vocabulary.predicates[atom.predicate], atom.arguments)}." for atom in origins]
    bounds = sorted({points for points, _ in announced})
    for (item, year), m in near.items():
        step, tried = steps[item, year], positions[item, year]
        for index, value in enumerate(tried):
            # Between the positions that matter, one in `step`, lie those that only matter for other unknown figures.
            low, high = tried[index - index % step], tried[index + -index % step]
            atom = Atom(table.name, (item, year, place[value], m, share[value * (whole // m)]))
            candidate = fact(table, atom.arguments).replace(table.name, f"{table.name}_candidate", 1)
            lines.append(f"{candidate}.")
            below, above = bisect_right(bounds, value // parts), bisect_left(bounds, -(-value // parts))
            origins[atom] = Assumed(atom, value / (m * parts), bounds[below - 1] if below else None,
                                    bounds[above] if above < len(bounds) else None,
                                    Fraction(low, parts), Fraction(high, parts))  # fmt: skip
    return Figures(lines, origins)


def _chains(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Unknown figures in neighbouring years: rules compare a figure with that of the year before only (vocabulary:
    `completes: order`), so that each chain is completed by itself."""
    chains: list[list[Slot]] = []
    for slot in sorted(slots, key=lambda slot: (slot[1], slot[0])):
        if chains and slot[1] - chains[-1][-1][1] <= 1:
            chains[-1].append(slot)
        else:
            chains.append([slot])
    return chains


def _nearest_maximum(slot: Slot, maximum: Mapping[tuple[Any, ...], int]) -> int:
    """The maximum of the row itself, else of the nearest year with a row: the item's own before its family's."""
    item, year = slot
    own = {key: value for key, value in maximum.items() if key[0] == item} or maximum
    nearest = min(own, key=lambda key: (abs(key[1] - year), key[1]), default=None)
    return SCALE if nearest is None else own[nearest]
