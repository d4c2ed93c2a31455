"""The reviewer's page: a review as Markdown, and as an HTML file that needs nothing else."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from cchc.diff_pages import DiffPages
from cchc.review import Effect, Found, Impact, Review
from cchc.text import say

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --old: #c0392b22; --new: #27ae6022; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
td, th { border: 1px solid var(--line); padding: .4rem .6rem; vertical-align: top; text-align: left; }
del { background: var(--old); } ins { background: var(--new); }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .6rem; font-size: .85rem; }
code { font-size: .9em; } blockquote { border-left: 4px solid var(--line); margin-left: 0; padding-left: 1rem; }
@media print { details > * { display: block; } body { max-width: none; } }
"""


class ReviewPage:
    """A review, in one language."""

    def __init__(self, found: Review, lang: str) -> None:
        self.found, self.lang = found, lang
        self.pages = DiffPages(found.base.policy, found.head.policy, found.diff, found.meaning, lang)

    def say(self, key: str, **words: object) -> str:
        return say(key, self.lang).format(**words)

    def markdown(self) -> str:
        """The page as Markdown, what matters most first."""
        return "\n".join([self._body, *self._proofs()]).rstrip("\n") + "\n"

    @cached_property
    def _body(self) -> str:
        """The page without the proofs, as Markdown."""
        found = self.found
        parts = [
            f"# {self.say('review-title')}", "", *(f"- {line}" for line in self.pages.heading()), *self._notices(), "",
            *self.summary(), "",
            f"## {self.say('review-gaps')}", "", *self._gaps(), "",
            f"## {self.say('review-impact')}", "", *self._impact(), "",
            f"## {self.say('review-cases')}", "", *self._cases(), "",
            f"## {self.say('review-quotations')}", "", *self._quotations(), "",
            f"## {self.say('review-diff')}", *self.pages.markdown(), "",
        ]  # fmt: skip
        if any(impact.effects for impact in found.impacts):
            parts += [f"## {self.say('review-proofs')}", ""]
        return "\n".join(parts)

    def html(self) -> str:
        """The page as one HTML file."""
        from markdown import markdown  # imported late: only this command needs it

        body = markdown(self._body, extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
        body = "\n".join([body, *self._proofs()])  # they are HTML already, and long
        title = html.escape(self.say("review-title"))
        return (f'<!doctype html>\n<html lang="{self.lang}">\n<head>\n<meta charset="utf-8">\n'
                '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
                f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n"
                "</html>\n")  # fmt: skip

    # -- Parts ---------------------------------------------------------------------------------------

    def _notices(self) -> Iterator[str]:
        for notice in self.found.head.policy.notices:
            yield f"- **{self.say('notice')}**: {html.escape(notice[self.lang])}"

    def summary(self) -> Iterator[str]:
        """Three sentences."""
        found = self.found
        if not (found.diff or found.datasets or any(found.cases)):
            yield self.say("no-difference").capitalize() + "."
        texts = sum(bool(change.old or change.new) for change in found.diff.provisions)
        rules = sum(len(change.rules_gone) + len(change.rules_new) for change in found.diff.provisions)
        facts = sum(len(change.facts_gone) + len(change.facts_new) for change in found.diff.provisions)
        duties = sum(len(change.duties_gone) + len(change.duties_new) for change in found.diff.provisions)
        others = len(found.diff.settings) + sum(map(len, found.diff.headings)) + len(found.diff.files)
        yield self.say("summary-text", texts=texts, facts=facts, duties=duties, rules=rules,
                       readings=len(found.diff.readings), others=others)  # fmt: skip
        moved = sum(len(effect.old) + len(effect.new) for impact in found.impacts for effect in impact.effects)
        whom = len({(impact.dataset, effect.about) for impact in found.impacts for effect in impact.effects})
        kept = sum(impact.unchanged for impact in found.impacts)
        data = self.say("summary-data", n=len(found.datasets)) if found.datasets else ""
        yield self.say("summary-impact", moved=moved, whom=whom, kept=kept, datasets=len(found.impacts), data=data)
        asked = ", ".join(self._reasons())
        verdict = self.say("summary-person", reasons=asked) if asked else self.say("summary-clear")
        counts = {"closed": len(found.closed), "opened": len(found.opened), "left": len(found.left)}
        yield self.say("summary-gaps", **counts, verdict=verdict)

    def _reasons(self) -> Iterator[str]:
        return (self.say(f"reason-{name}", n=number) for name, number in self.found.reasons.items())

    def _gaps(self) -> Iterator[str]:
        found = self.found
        lists = {"gaps-opened": found.opened, "gaps-closed": found.closed,
                 **({"gaps-dropped": found.dropped} if found.dropped else {}), "gaps-left": found.left}  # fmt: skip
        for key, entries in lists.items():
            yield f"**{self.say(key)} ({len(entries)})**"
            yield ""
            yield from self._findings(entries)
            yield ""

    def _findings(self, entries: Iterable[Found]) -> Iterator[str]:
        for found in entries:
            yield f"- `{found.property}: {found.key}` — {html.escape(_line(found.what))} ({'; '.join(found.ways)})"
        for found in entries:
            if found.witness:
                yield from ["", f"`{found.key}`:", "", "```yaml", found.witness.strip("\n"), "```"]

    def _impact(self) -> Iterator[str]:
        for data in self.found.datasets:
            key = "data-new" if data.old is None else "data-gone" if data.new is None else "data-changed"
            yield f"- `data/{data.name}`: {self.say(key)}: {', '.join(data.files)}"
        if self.found.datasets:
            yield ""
        if not self.found.impacts and not self.found.datasets:
            yield self.say("no-data")
        for impact in self.found.impacts:
            yield from self._one_impact(impact)

    def _one_impact(self, impact: Impact) -> Iterator[str]:
        yield f"### {html.escape(impact.dataset)}"
        yield ""
        if impact.notice:
            yield f"> {html.escape(impact.notice)}"
            yield ""
        yield self.say("impact-counts", moved=len(impact.effects), kept=impact.unchanged)
        yield ""
        if impact.effects:
            yield f"| {self.say('year')} | {self.say('whom')} | {self.say('old')} | {self.say('new')} |"
            yield "|---|---|---|---|"
            for effect in impact.effects:
                cells = [effect.year, effect.about, *("<br>".join(html.escape(line) for line, _ in side) or "—"
                                                      for side in (effect.old, effect.new))]  # fmt: skip
                yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
            yield ""

    def _proofs(self) -> Iterator[str]:
        for impact in self.found.impacts:
            for effect in impact.effects:
                yield from self._proof(impact, effect)

    def _proof(self, impact: Impact, effect: Effect) -> Iterator[str]:
        summary = html.escape(f"{impact.dataset}, {effect.year}: {effect.about}")
        yield f"<details><summary>{summary}</summary>"
        yield ""
        for key, side in (("old", effect.old), ("new", effect.new)):
            for _, proof in side:
                yield f"<pre>{self.say(key)}\n{html.escape(proof, quote=False).rstrip()}</pre>"
                yield ""
        yield "</details>"
        yield ""

    def _cases(self) -> Iterator[str]:
        cases = self.found.cases
        for key, names in (("cases-changed", cases.changed), ("cases-regiven", cases.regiven), ("cases-new", cases.new),
                           ("cases-gone", cases.gone)):  # fmt: skip
            yield f"- {self.say(key)}: {self._listed(names)}"
        rules = [f"{rule.at}: `{' '.join(rule.text.split())}`" for rule in cases.uncovered]
        yield f"- {self.say('cases-uncovered')}: {len(rules)}"
        yield from (f"    - {rule}" for rule in rules)

    def _listed(self, names: Sequence[str]) -> str:
        return f"{len(names)}" + (f" ({html.escape('; '.join(names))})" if names else "")

    def _quotations(self) -> Iterator[str]:
        policy = self.found.head.policy
        checked = len(policy.lines) + len(policy.facts) + len(policy.duties)
        yield self.say("quotations-checked", n=checked, drifted=len(self.found.quotations))
        yield ""
        yield from (f"- {html.escape(problem.text(self.lang))}" for problem in self.found.quotations)


def _line(text: str) -> str:
    """On one line: what a text says must not become a heading of the page."""
    return " ".join(text.split())
