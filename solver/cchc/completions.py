"""What unknown figures may become: every order position among the figures they are compared with.

Rules only compare figures of one family (an item, its predecessors and successors), by points and by share of the
maximum. A set of values is enough if every order that exact values could have, in both respects and among several
unknown figures at once, occurs among the chosen values. It is built in three steps.

1. Breakpoints of an unknown with maximum m: 0, m, each known figure p and each share p/q carried over to m.
2. Unknown figures with different maxima meet each other on u = v and on u/m = v/n. Carrying every breakpoint along
   these lines, one step for each further unknown, makes every line cross the grid in its corners only. All lines pass
   through 0, so one more breakpoint near 0 separates them there.
3. Between neighbouring breakpoints k unknown figures can take at most k different values: k equally spaced ones.
   Equal spacing is kept by the carrying over, so values compare alike in matching intervals.

All this is done in whole numbers of so fine a unit that every division comes out even.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import lcm

Figure = tuple[int, int]
"""Points and maximum."""


def fineness(known: Iterable[int], maxima: Sequence[int]) -> int:
    """Into how many parts to cut a point so that `order_positions` finds whole numbers of parts, for the maxima of the
    known and of the unknown figures."""
    shares = lcm(*known, *maxima)
    parts = shares * lcm(*range(1, len(maxima) + 2))
    return parts if len(set(maxima)) < 2 else parts * 2 * max(maxima) * shares ** len(maxima)


def order_positions(known: Iterable[Figure], maxima: Sequence[int], parts: int) -> dict[int, list[int]]:
    """For each maximum of an unknown figure, the values it has to be tried with, in parts of a point.

    `known` are the figures it is compared with; `maxima` has one entry for each unknown figure.
    """
    figures = set(known)
    grid = {m: {0, m * parts, *(p * parts for p, _ in figures if p <= m), *(p * parts // q * m for p, q in figures)}
            for m in set(maxima)}  # fmt: skip
    if len(grid) > 1:
        smallest = min(value for values in grid.values() for value in values if value > 0)
        for m, values in grid.items():
            values.add(smallest // (2 * max(grid)) * m)
    for _ in maxima[1:]:
        carried = {m: {value for n, values in grid.items() for g in values for value in (g, g // n * m) if value <= m * parts}
                   for m in grid}  # fmt: skip
        if carried == grid:
            break
        grid = carried
    return {m: list(_with_interiors(sorted(values), len(maxima))) for m, values in grid.items()}


def _with_interiors(values: list[int], count: int) -> Iterable[int]:
    for low, high in pairwise(values):
        width = (high - low) // (count + 1)
        yield from (low + step * width for step in range(count + 1))
    yield values[-1]


def placed(values: Iterable[int], anchors: Iterable[int], parts: int) -> dict[int, int]:
    """Whole points in the order of values in parts of a point; anchors (announced figures, in points) stay as they are.

    Raises ValueError if more values lie between two anchors than whole numbers do.
    """
    fixed = {anchor * parts for anchor in anchors}
    ordered = sorted({*values, *fixed})
    if not ordered:
        return {}
    result: dict[int, int] = {}
    ceiling = ordered[-1] // parts + 2
    for value in reversed(ordered):
        result[value] = ceiling = value // parts if value in fixed else min(value // parts, ceiling - 1)
    previous = -1
    for value in ordered:
        if value not in fixed:
            result[value] = max(result[value], previous + 1)
        if result[value] <= previous:
            raise ValueError(f"{value} of {parts} parts does not fit between announced figures")
        previous = result[value]
    return result


def ranks(values: Iterable[int]) -> dict[int, int]:
    """Dense ranks from 0 in ascending order."""
    return {value: rank for rank, value in enumerate(sorted(set(values)))}
