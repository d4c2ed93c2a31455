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
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

Number = Fraction | int


def order_positions(known: Iterable[tuple[Fraction, Fraction]], maxima: Sequence[Fraction]) -> dict[Fraction, list[Fraction]]:
    """For each maximum of an unknown figure, the values it has to be tried with.

    `known` holds (points, maximum) of the figures it is compared with; `maxima` one entry for each unknown figure.
    """
    figures = set(known)
    grid = {m: {Fraction(0), m, *(p for p, _ in figures if p <= m), *(p / q * m for p, q in figures)} for m in set(maxima)}
    if len(grid) > 1:
        smallest = min(value for values in grid.values() for value in values if value > 0)
        for m, values in grid.items():
            values.add(smallest * m / (2 * max(grid)))
    for _ in maxima[1:]:
        carried = {
            m: {value for n, values in grid.items() for g in values for value in (g, g * m / n) if value <= m} for m in grid
        }
        if carried == grid:
            break
        grid = carried
    return {m: list(_with_interiors(sorted(values), len(maxima))) for m, values in grid.items()}


def _with_interiors(values: list[Fraction], count: int) -> Iterable[Fraction]:
    for low, high in pairwise(values):
        yield low
        for step in range(1, count + 1):
            yield low + (high - low) * Fraction(step, count + 1)
    yield values[-1]


def placed(values: Iterable[Number], anchors: Iterable[int]) -> dict[Number, int]:
    """Whole numbers in the order of the exact values; anchors (announced figures) are whole and stay as they are.

    Raises ValueError if more values lie between two anchors than whole numbers do.
    """
    fixed: set[Number] = set(anchors)
    ordered = sorted({*values, *fixed})
    if not ordered:
        return {}
    result: dict[Number, int] = {}
    ceiling = int(ordered[-1]) + 2
    for value in reversed(ordered):
        result[value] = ceiling = int(value) if value in fixed else min(int(value), ceiling - 1)
    previous = -1
    for value in ordered:
        if value not in fixed:
            result[value] = max(result[value], previous + 1)
        if result[value] <= previous:
            raise ValueError(f"{value} does not fit between announced figures")
        previous = result[value]
    return result


def ranks(values: Iterable[Number]) -> dict[Number, int]:
    """Dense ranks from 0 in ascending order."""
    return {value: rank for rank, value in enumerate(sorted(set(values)))}
