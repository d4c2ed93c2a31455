"""Where there are no verdicts: why, and what no reader must take that for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cchc.text import paragraph

if TYPE_CHECKING:
    from cchc.evaluation import Verdict
    from cchc.render import Renderer


def emptiness(renderer: Renderer, verdicts: Sequence[Verdict]) -> list[str]:
    """Lines about the kinds of verdicts asked for of which there are none, after an empty one; nothing if all is plain."""
    evaluation = renderer.evaluation
    lines = [] if verdicts else [renderer.say("no-verdicts")]
    if evaluation.outside:
        lines.append(renderer.say("out-of-scope", years=", ".join(map(str, evaluation.outside))))
    found = {verdict.predicate for verdict in verdicts}
    empty = [kind for name, kind in renderer.vocabulary.of_kind("verdict").items() if name in evaluation.kinds - found]
    undated = [kind.name for kind in empty if not verdicts and evaluation.needs_day(kind.name)]
    if undated and len(evaluation.outside) < len(evaluation.years):
        lines.append(renderer.say("needs-day", titles=", ".join(map(renderer.title, undated))))
    about_items = [kind.name for kind in empty
                   if any(argument.type.name in evaluation.facts.anonymous_types for argument in kind.arguments)]  # fmt: skip
    if about_items and evaluation.facts.anonymous:
        titles = ", ".join(map(renderer.title, about_items))
        lines.append(renderer.say("known-items-only", titles=titles, count=len(evaluation.facts.anonymous)))
    return ["", *(piece for line in lines for piece in paragraph(line, renderer.width))] if lines else []
