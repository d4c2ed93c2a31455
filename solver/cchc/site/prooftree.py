"""Proofs, missing facts and why-nots as HTML to unfold: nested `<details>`, which need no script.

Everything that a step refers to (provisions, readings, items) is an anchor of the same page, so that a reader who follows
it comes back to the proof as it was; there the law is quoted once and linked to its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from cchc.evaluation import Case
from cchc.explored import Findings, Look
from cchc.policy import PolicyFact
from cchc.proof import Proof
from cchc.render import Renderer
from cchc.robustness import Outcomes, Settling, Slot, told_outcomes
from cchc.rows import Row
from cchc.rules import Rule
from cchc.shortfall import Telling, nearest_ways
from cchc.site.explorer_words import told
from cchc.vocabulary import Atom
from cchc.whynot import Unmet, WhyNot


class Weaver:
    """Writes the proofs of one page and remembers what they refer to."""

    def __init__(self, findings: Findings, lang: str, cards: Mapping[Atom, str]) -> None:
        """`cards` are certain verdicts with a place of their own on the page: there is their proof."""
        self.renderer = Renderer(findings.evaluation, lang)
        self.cards = cards
        self.provisions: dict[str, None] = {}
        self.readings: dict[str, None] = {}
        self.items: dict[str, None] = {}

    def say(self, key: str, **words: object) -> str:
        return escape(self.renderer.say(key, **words))

    # -- What steps refer to ------------------------------------------------------------------------

    def cite(self, provisions: Iterable[str]) -> str:
        """Provisions by their ids, each a link to where the page quotes it."""
        named = list(provisions)
        self.provisions |= dict.fromkeys(named)
        return " ".join(f'<a class="cite" href="#law-{escape(name)}">{escape(name)}</a>' for name in named)

    def short(self, atom: Atom) -> str:
        """The sentence of an atom, items by their number; their names stand at the foot of the page."""
        evaluation = self.renderer.evaluation
        for argument, value in zip(self.renderer.vocabulary.predicates[atom.predicate].arguments, atom.arguments, strict=True):
            if argument.type.name == "item" and str(value) in evaluation.dataset.labels:
                self.items[str(value)] = None
        return escape(self.renderer.short(atom))

    # -- Proofs -------------------------------------------------------------------------------------

    def proof(self, look: Look) -> str:
        """All proofs of a verdict, under what they assume about missing data."""
        parts: list[str] = []
        if look.verdict.status == "certain" and any(case.assumptions for case in look.cases):
            common = self.cite(look.verdict.cites)
            parts.append(f'<p class="assume">{self.say("different-grounds", common="§").replace("§", common)}</p>')
        for number, case in enumerate(look.cases, start=1):
            parts.append(self._case(case, number, len(look.cases), look.verdict.atom))
        return "".join(parts)

    def _case(self, case: Case, number: int, count: int, atom: Atom) -> str:
        shown: set[Proof] = set()
        tree = "".join(self._node(proof, shown, atom, first=True) for proof in case.proofs)
        if not case.assumptions:
            return f'<ul class="proof">{tree}</ul>'
        words = self.say("case", n=number, all=count) if count > 1 else self.say("example-world")
        assumed = "".join(f"<li>{escape(self.renderer.assumption(one))}</li>" for one in case.assumptions)
        return f'<div class="assume"><p>{words}:</p><ul>{assumed}</ul></div><ul class="proof">{tree}</ul>'

    def _node(self, proof: Proof, shown: set[Proof], top: Atom, *, first: bool = False) -> str:
        card = self.cards.get(proof.atom) if proof.kind == "rule" and proof.atom != top else None
        if card is not None:
            return f'<li class="leaf"><a href="#{card}">{self.short(proof.atom)}</a> {self.cite(proof.cites)}</li>'
        again = bool(proof.children) and proof in shown
        shown.add(proof)
        line, cites = self._line(proof), self.cite(self._cited(proof))
        if again:
            return f'<li class="leaf">{line} {cites} <small>({self.say("above")})</small></li>'
        if not proof.children:
            return f'<li class="leaf of-{proof.kind}">{line} {cites}</li>'
        below = "".join(self._nodes(proof.children, shown, top))
        return _unfolding(line, cites, below, first)

    def _nodes(self, proofs: Sequence[Proof], shown: set[Proof], top: Atom) -> Iterator[str]:
        """Steps one after the other; further grounds for one and the same conclusion stand behind the first."""
        groups: dict[object, list[Proof]] = {}
        for proof in proofs:
            groups.setdefault(proof.atom if proof.kind == "rule" else proof, []).append(proof)
        for first, *more in groups.values():
            yield self._node(first, shown, top)
            if more:
                below = "".join(self._node(proof, shown, top) for proof in more)
                words = escape(told(self.renderer.lang, "more-grounds", n=len(more)))
                yield f'<li><details class="more-grounds"><summary>{words}</summary><ul>{below}</ul></details></li>'

    def _line(self, proof: Proof) -> str:
        match proof.kind:
            case "rule":
                return self.short(proof.atom)
            case "reading":
                name, value = map(str, proof.atom.arguments)
                self.readings[name] = None
                meaning = self.renderer.evaluation.policy.readings[name].values[value][self.renderer.lang]
                link = f'<a href="#reading-{escape(name)}">{escape(name)} = {escape(value)}</a>'
                return f"{self.say('reading')} {link}: {escape(meaning)}"
            case "stated" if isinstance(proof.origin, PolicyFact):
                words = f'<q lang="vi">{escape(proof.origin.words)}</q>'
                return f"{self.short(proof.atom)} — {self.say('words')}: {words}"
            case "row" if isinstance(proof.origin, Row):
                made_up = f" {self.origin(proof.origin)}"
                return f"{self.short(proof.atom)}{made_up}"
            case "assumed":
                return f"<em>{self.say('assume')}</em>: {escape(self.renderer.assumption(proof.atom))}"
            case "absent":
                looked = self.renderer.looked_at(proof.atom)
                return f"{self.say('not')}: {self.short(proof.atom)} <small>({escape(looked)})</small>"
            case "all":
                return f"{self.say('every', n=len(proof.children))}:"
            case "none":
                return self.say("nothing")
        return self.short(proof.atom)

    def _cited(self, proof: Proof) -> tuple[str, ...]:
        if proof.kind == "stated" and isinstance(proof.origin, PolicyFact):
            return proof.cites[:1]
        return proof.cites if proof.kind == "rule" else ()

    def origin(self, row: Row) -> str:
        """The row of data, its source and how far it can be relied on."""
        source = self.renderer.evaluation.dataset.sources.get(row.source or "")
        described = f", {escape(source['document'])}" if source else ""
        place = f"{row.at.path.rpartition('/')[2]}:{row.at.line}"
        return (f'<small class="row"><code>{escape(place)}</code>{described} '
                f'<span class="from {row.provenance}">{self.say(row.provenance)}</span></small>')  # fmt: skip

    # -- Missing facts ------------------------------------------------------------------------------

    def settling(self, look: Look) -> str:
        """What would settle a possible verdict: the smallest sets of missing facts, and what follows from each value."""
        if not look.settled:
            named = "".join(f"<li>{self._slot(slot)}</li>" for slot in look.missing)
            return f"<p>{self.say('settled-by-more', names='').rstrip(' :')}:</p><ul>{named}</ul>" if named else ""
        return "".join(self._settled(*one) for one in look.settled)

    def _settled(self, settled: Settling, outcomes: Outcomes) -> str:
        names = " + ".join(map(self._slot, settled.slots))
        listed = ""
        for holds, chosen in told_outcomes(self.renderer, settled, outcomes, _named):
            head = f'<li class="{"holds" if holds else "fails"}"><b>{self.say("then-holds" if holds else "then-not")}</b>'
            listed += "".join(f"{head} {escape(text)}</li>" for text in chosen)
        return f"<p>{self.say('settled-by')}: <b>{names}</b></p>" + (f"<ul>{listed}</ul>" if listed else "")

    def _slot(self, slot: Slot) -> str:
        return escape(_named(self.renderer, slot))

    # -- Why not ------------------------------------------------------------------------------------

    def why_not(self, why: WhyNot) -> str:
        """Every unmet condition of what does not hold, and by how much."""
        return _WhyNot(self).html(why)


def _unfolding(line: str, cites: str, below: str, opened: bool) -> str:
    """A step to unfold. Its links stand beside it: a summary is a button, and a button with links in it is out of reach."""
    return f"<li>{cites}<details{' open' if opened else ''}><summary>{line}</summary><ul>{below}</ul></details></li>"


def _named(renderer: Renderer, slot: Slot) -> str:
    """A missing fact as the sentence of its table, with what is not known left out."""
    table, key = slot
    predicate = renderer.vocabulary.predicates[table]
    known = {name: renderer.shown(predicate.argument(name).type, value) for name, value in zip(predicate.key, key, strict=True)}
    words = {argument.name: known.get(argument.name, "…") for argument in predicate.arguments}
    return predicate.readings[renderer.lang].format(**words)


class _WhyNot(Telling):
    """The answer as nested lists; what is said of each condition is said as on the command line."""

    def __init__(self, weaver: Weaver) -> None:
        super().__init__(weaver.renderer)
        self.weaver = weaver

    def html(self, why: WhyNot) -> str:
        self.assume(why)
        assumed = "".join(f"<li>{escape(self.renderer.assumption(atom))}</li>" for atom in sorted(why.assumed))
        head = f'<div class="assume"><p>{self.weaver.say("example-gap")}:</p><ul>{assumed}</ul></div>' if assumed else ""
        return f'{head}<ul class="proof lacks">{self._ways(why.rules)}</ul>'

    def _ways(self, rules: Sequence[tuple[Rule, tuple[Unmet, ...]]]) -> str:
        ways = nearest_ways(rules)
        if len(ways) == 1:
            return "".join(self._conditions(ways[0]))
        parts = []
        for number, way in enumerate(ways, start=1):
            words = self.weaver.say("way", n=number, all=len(ways), cites="§").replace(" [§]", "")
            parts.append(_unfolding(words, self.weaver.cite(way[0].citations), "".join(self._conditions(way)), True))
        return "".join(parts)

    def _conditions(self, way: tuple[Rule, tuple[Unmet, ...]]) -> Iterator[str]:
        for number, unmet in enumerate(way[1]):
            yield self._condition(unmet, self.weaver.cite(way[0].citations) if number == 0 else "")

    def _condition(self, unmet: Unmet, cites: str) -> str:
        below = unmet.below if unmet.below is not None and unmet.below.rules else None
        if unmet.kind == "compared" and unmet.compared is not None:
            said = "".join(f"<li>{escape(self.said(atom))}</li>" for atom in unmet.given
                           if not self.vocabulary.predicates[atom.predicate].option("silent"))  # fmt: skip
            gap = escape(self.gap(unmet.compared) + self.mark(*unmet.given))
            return f'<li class="leaf"><span class="short">{gap}</span> {cites}<ul class="given">{said}</ul></li>'
        if below is not None and self.vocabulary.predicates[unmet.atom.predicate].kind == "internal" and len(below.rules) == 1:
            return "".join(self._conditions(below.rules[0]))  # technical steps give way to what they rest on
        word = "holds" if unmet.kind == "holds" else "lacks" if below is None else "unmet"
        line = f"<b>{self.weaver.say(word)}</b>: {self.weaver.short(unmet.atom)}"
        if below is None:
            return f'<li class="leaf">{line} {cites}</li>'
        return _unfolding(line, cites, self._ways(below.rules), True)
