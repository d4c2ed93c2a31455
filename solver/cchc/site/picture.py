"""The picture of what a provision rests on and what rests on it: plain SVG, drawn here, nothing loaded."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_ROW, _BOX, _HEIGHT, _GAP = 34, 128, 26, 96
_MOST = 9


def picture(name: str, below: Sequence[str], above: Sequence[str], title: str) -> str:
    """Three columns: what it rests on, the provision, what rests on it. The same is listed in words beside the picture."""
    left, right = _shortened(below), _shortened(above)
    rows = max(len(left), len(right), 1)
    height = rows * _ROW + 8
    columns = [(4, left), (4 + _BOX + _GAP, [name]), (4 + 2 * (_BOX + _GAP), right)]
    width = columns[-1][0] + _BOX + 4
    middle = height / 2
    parts = []
    places = {x: [middle + (index - (len(names) - 1) / 2) * _ROW for index in range(len(names))] for x, names in columns}
    for x, start in ((4, True), (columns[2][0], False)):
        for y in places[x]:
            a, b = (x + _BOX, y), (columns[1][0], middle)
            if not start:
                a, b = (columns[1][0] + _BOX, middle), (x, y)
            bend = (a[0] + b[0]) / 2
            curve = f"M{a[0]:g} {a[1]:g}C{bend:g} {a[1]:g} {bend:g} {b[1]:g} {b[0] - 5:g} {b[1]:g}"
            parts.append(f'<path class="wire" d="{curve}"/>')
            parts.append(f'<path class="tip" d="M{b[0]:g} {b[1]:g}l-7 -3.5v7z"/>')
    for x, names in columns:
        for y, text in zip(places[x], names, strict=True):
            kind = "box here" if x == columns[1][0] else "box"
            parts.append(f'<rect class="{kind}" x="{x:g}" y="{y - _HEIGHT / 2:g}" width="{_BOX}" height="{_HEIGHT}" rx="5"/>')
            parts.append(f'<text class="{"name here" if x == columns[1][0] else "name"}" x="{x + _BOX / 2:g}" y="{y + 4.5:g}">'
                         f"{escape(text)}</text>")  # fmt: skip
    return (f'<svg class="network" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" '
            f'style="max-width:{width:g}px">{"".join(parts)}</svg>')  # fmt: skip


def _shortened(names: Sequence[str]) -> list[str]:
    return [*names[: _MOST - 1], f"+ {len(names) - _MOST + 1}"] if len(names) > _MOST else list(names)
