"""Charts as plain SVG, drawn here: nothing is loaded, nothing moves, colours come from the style sheet.

Each says in words what it shows (`role="img"` with a title and a description), and no kind is told apart by colour alone.
Sizes are those of a phone: a chart is drawn 340 units wide and grows a little on larger screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH = 340
SHADES = 6
"""How many shades from the best to the worst level the style sheet has."""


class Share(NamedTuple):
    """A part of a bar: its style, how many, and what they are."""

    style: str
    number: int
    name: str


class Bar(NamedTuple):
    label: str
    shares: tuple[Share, ...]


class Point(NamedTuple):
    """A figure of a year as it is drawn (between 0 and 1) and as it is written; `mark`: of interest, a fall, or neither."""

    label: str
    place: float
    text: str
    mark: str = ""


def shade(rank: int, count: int) -> str:
    """The style of a level among so many, best first."""
    return f"lv{round(rank * (SHADES - 1) / max(1, count - 1))}"


def other(kind: str) -> str:
    """The style of whatever is not one level."""
    return f"at-{kind}"


def drawing(style: str, height: float, title: str, description: str, body: str, width: float = WIDTH) -> str:
    described = f"<desc>{escape(description)}</desc>" if description else ""
    name = escape(f"{title}. {description}" if description else title)
    return (f'<svg class="{style}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{name}">'
            f"<title>{escape(title)}</title>{described}{body}</svg>")  # fmt: skip


# ---- Marks ------------------------------------------------------------------------------------------


def mark(kind: str, rank: int = 0, count: int = 1) -> str:
    """A small picture of where a unit stands: as many steps filled as the level is high, none where nothing applies, a
    question mark where it is open. Whoever places it says in words what it means."""
    if kind in {"level", "several"}:
        steps = "".join(_step(index, count, index < count - rank) for index in range(count))
        extra = '<path class="also" d="M1 1.5h22"/>' if kind == "several" else ""
        body, style = steps + extra, shade(rank, count)
    elif kind == "gap":
        body, style = '<circle cx="12" cy="8" r="6"/><path d="M7.8 12.2l8.4-8.4"/>', other(kind)
    elif kind == "open":
        body, style = '<circle cx="12" cy="8" r="6.6"/><text x="12" y="11.6">?</text>', other(kind)
    else:
        body, style = '<path d="M9 8h6"/>', other("none")
    return f'<svg class="mark {style}" viewBox="0 0 24 16" aria-hidden="true" focusable="false">{body}</svg>'


def _step(index: int, count: int, filled: bool) -> str:
    width = 22 / count
    height = 5 + 10 * index / max(1, count - 1)
    top = 15 - height + 0.5  # half a pixel of air below
    return (f'<rect class="{"on" if filled else "off"}" x="{1 + index * width:.1f}" y="{top:.1f}" '
            f'width="{width - 1.2:.1f}" height="{height:.1f}" rx=".8"/>')  # fmt: skip


HATCH = (
    '<svg class="patterns" width="0" height="0" aria-hidden="true">'
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="5" height="5"/><path class="hatch-line" d="M0 0v5"/></pattern></defs></svg>'
)
"""What the bars of a page are filled with; an id may stand on a page only once."""


# ---- Bars -------------------------------------------------------------------------------------------


def stacked(bars: Sequence[Bar], title: str, description: str) -> str:
    """One bar a year, as long as there are units; counts stand in the bar where there is room."""
    left, height, gap, right = 40, 24, 9, 26
    most = max((sum(share.number for share in bar.shares) for bar in bars), default=1) or 1
    scale = (WIDTH - left - right) / most
    parts: list[str] = []
    for number, bar in enumerate(bars):
        y = number * (height + gap)
        parts.append(f'<text class="label" x="0" y="{y + 16.5:g}">{escape(bar.label)}</text>')
        x = float(left)
        for share in bar.shares:
            width = share.number * scale
            if not share.number:
                continue
            told = f"<title>{escape(bar.label)}: {escape(share.name)} {share.number}</title>"
            parts.append(f'<rect class="{share.style}" x="{x:.1f}" y="{y}" width="{max(width - 1.5, 1):.1f}" '
                         f'height="{height}" rx="2">{told}</rect>')  # fmt: skip
            if width >= 8 * len(str(share.number)) + 4:
                parts.append(f'<text class="count {share.style}" x="{x + width / 2 - 0.75:.1f}" y="{y + 16.5:g}">'
                             f"{share.number}</text>")  # fmt: skip
            x += width
        total = sum(share.number for share in bar.shares)
        parts.append(f'<text class="total" x="{x + 4:.1f}" y="{y + 16.5:g}">{total}</text>')
    return drawing("chart bars", max(1, len(bars)) * (height + gap) - gap, title, description, "".join(parts))


# ---- Dots on a line ---------------------------------------------------------------------------------


class Dot(NamedTuple):
    """A unit at its index; `style` as in the bars."""

    value: float
    style: str
    name: str


def strip(rows: Sequence[tuple[str, Sequence[Dot]]], lines: Sequence[tuple[float, str]], ends: tuple[float, float], title: str,
          description: str) -> str:  # fmt: skip
    """One line a year with a dot for each unit; dots that would hide each other are piled up. `lines` are thresholds."""
    low, high = ends
    left, right, radius, top = 40, 10, 3.4, 16
    scale = (WIDTH - left - right) / max(high - low, 1e-9)
    parts: list[str] = []
    y = float(top)
    bodies: list[str] = []
    for label, dots in rows:
        placed = _piled(sorted(dots), scale, radius)
        tall = max((level for _, _, level in placed), default=0)
        y += 12 + tall * 2 * radius
        bodies.append(f'<path class="axis" d="M{left} {y + radius + 1.5:.1f}H{WIDTH - right}"/>'
                      f'<text class="label" x="0" y="{y + 4.5:.1f}">{escape(label)}</text>')  # fmt: skip
        for dot, x, level in placed:
            place = f'cx="{left + x - low * scale:.1f}" cy="{y - level * 2 * radius:.1f}"'
            bodies.append(f'<circle class="dot {dot.style}" {place} r="{radius}"><title>{escape(dot.name)}</title></circle>')
        y += 14
    for value, text in lines:
        x = left + (value - low) * scale
        parts.append(f'<path class="threshold" d="M{x:.1f} {top - 4}V{y - 8:.1f}"/>'
                     f'<text class="tick" x="{x:.1f}" y="{top - 7}">{escape(text)}</text>')  # fmt: skip
    return drawing("chart strip", y - 4, title, description, "".join([*parts, *bodies]))


def _piled(dots: Sequence[Dot], scale: float, radius: float) -> list[tuple[Dot, float, int]]:
    """Each dot with its place along the line and how high it is piled up: the lowest level where it touches no other."""
    ends: list[float] = []
    placed = []
    for dot in dots:
        x = dot.value * scale
        level = next((index for index, end in enumerate(ends) if x - end >= 2 * radius), len(ends))
        ends[level : level + 1] = [x]
        placed.append((dot, x, level))
    return placed


# ---- Lines ------------------------------------------------------------------------------------------


def line(points: Sequence[Point | None], lines: Sequence[tuple[float, str]], title: str, description: str) -> str:
    """An index over the years, with thresholds; `None` is a year without a figure: the line breaks there."""
    left, right, top, height = 14, 58, 18, 84
    step = (WIDTH - left - right) / max(1, len(points) - 1)

    def at(place: float) -> float:
        return top + (1 - place) * height

    parts = [f'<path class="threshold" d="M{left} {at(place):.1f}H{WIDTH - right + 22}"/>'
             f'<text class="tick end" x="{WIDTH - right + 27}" y="{at(place) + 4:.1f}">{escape(text)}</text>'
             for place, text in lines]  # fmt: skip
    if len(points) == 1:
        left = (WIDTH - right) // 2
    parts.append(_path(points, left, step, at))
    for index, point in enumerate(points):
        if point is not None:
            x = left + index * step
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{at(point.place):.1f}" r="3.6"/>')
            parts.append(f'<text class="value" x="{x:.1f}" y="{at(point.place) - 8:.1f}">{escape(point.text)}</text>')
    parts += _years(points, left, step, top + height + 18)
    return drawing("chart line", top + height + 22, title, description, "".join(parts))


def _years(points: Sequence[Point | None], left: float, step: float, y: float) -> list[str]:
    labels = [(index, point.label) for index, point in enumerate(points) if point is not None]
    return [f'<text class="year" x="{left + index * step:.1f}" y="{y:g}">{escape(label)}</text>' for index, label in labels]


def sparkline(points: Sequence[Point | None], title: str, ceiling: float | None = None) -> str:
    """A line as small as a word, from the lowest figure to the highest, or to a ceiling: the last figure is a dot, a fall
    a triangle. The figures are in its name."""
    width, height, edge = 96, 26, 5
    step = (width - 2 * edge) / max(1, len(points) - 1)

    known = [(index, point) for index, point in enumerate(points) if point is not None]
    low = min((point.place for _, point in known), default=0.0)
    high = max((point.place for _, point in known), default=1.0) if ceiling is None else ceiling
    low, span = (low, high - low) if high - low > 1e-6 else (low - 0.5, 1.0)

    def at(place: float) -> float:
        return edge + (1 - (place - low) / span) * (height - 2 * edge)

    parts = [] if ceiling is None else [f'<path class="ceiling" d="M{edge} {at(ceiling) - 1.5:.1f}H{width - edge}"/>']
    parts.append(_path(points, edge, step, at))
    for index, point in known:
        x, y = edge + index * step, at(point.place)
        if point.mark == "fall":
            parts.append(f'<path class="fall" d="M{x - 3:.1f} {y - 2.4:.1f}h6l-3 5z"/>')
        elif index == known[-1][0] or point.mark == "own":
            parts.append(f'<circle class="{"dot" if index == known[-1][0] else "dot small"}" cx="{x:.1f}" cy="{y:.1f}" '
                         f'r="{2.6 if index == known[-1][0] else 1.5}"/>')  # fmt: skip
    return drawing("spark", height, title, "", "".join(parts), width)


def _path(points: Sequence[Point | None], left: float, step: float, at: object) -> str:
    pieces: list[str] = []
    pen = "M"
    for index, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        assert callable(at)
        pieces.append(f"{pen}{left + index * step:.1f} {at(point.place):.1f}")
        pen = "L"
    return f'<path class="trace" d="{"".join(pieces)}"/>'
