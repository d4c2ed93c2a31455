"""Why-not answers for people: every unmet condition with its provision, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cchc.problems import Location, invalid, listed, nearest
from cchc.render import Renderer
from cchc.rules import Rule
from cchc.text import paragraph
from cchc.vocabulary import OPEN, Atom, Predicate, Vocabulary, decimal_text
from cchc.whynot import Compared, Unmet, WhyNot, matches


def why_not_text(renderer: Renderer, goal: Atom, unit: str) -> str:
    """Why a unit lacks a verdict; first where it has it after all, and what it has for certain in its place."""
    evaluation = renderer.evaluation
    held = [verdict for verdict in evaluation.verdicts if matches(goal, verdict.atom)]
    certain = [verdict for verdict in held if verdict.status == "certain"]
    parts = ["\n".join(renderer.heading())]
    if certain:
        parts.append("\n".join([renderer.say("holds-already"), *map(renderer.proof, certain)]).rstrip())
    if possible := [verdict for verdict in held if verdict.status == "possible"]:
        # What is possible is proved where it is one of several that were asked about; why it is not certain comes next.
        proofs = map(renderer.proof, possible if OPEN in goal.arguments else ())
        parts.append("\n".join([renderer.say("holds-possibly"), *proofs]).rstrip())
    why = evaluation.why_not(goal) if not certain else None
    instead = renderer.vocabulary.predicates[goal.predicate].option("otherwise")
    settled = [verdict for verdict in evaluation.verdicts if why is not None and verdict.predicate == instead
               and verdict.status == "certain" and verdict.arguments.get("unit") == unit]  # fmt: skip
    if why is not None and why.foreign and settled:
        # No rule is about such a unit: how each of them fails would tell nothing.
        parts += [renderer.proof(verdict).rstrip() for verdict in settled]
    elif why is not None:
        parts += ["\n".join(paragraph(f"{renderer.say('verdict')}: {renderer.sentence(verdict.atom)}", renderer.width))
                  for verdict in settled]  # fmt: skip
        parts.append(Telling(renderer).text(why).rstrip() if why.rules else renderer.say("no-rule"))
    return "\n\n".join(parts) + "\n"


class Telling:
    """Says why not; `gap`, `said` and `mark` are the words, `text` lays them out."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.vocabulary = renderer.vocabulary
        self.quoted: set[str] = set()
        self.assumed: set[tuple[str | int, ...]] = set()

    def text(self, why: WhyNot) -> str:
        r = self.renderer
        lines = [r.style("strong", line) for line in paragraph(f"{r.say('why-not')}: {r.sentence(why.goal)}", r.width)]
        self.assume(why)
        if why.assumed:
            lines += paragraph(f"{r.say('example-gap')}:", r.width)
            for atom in sorted(why.assumed):
                lines += paragraph(r.assumption(atom), r.width, "  ~ ", "    ")
        lines += self._rules(why, "", "")
        return "\n".join(lines) + "\n"

    def assume(self, why: WhyNot) -> None:
        """Remember which figures the answer assumes."""
        figures = (atom for atom in why.assumed
                   if any(argument.type.base == "decimal" for argument in self.vocabulary.predicates[atom.predicate].arguments))
        self.assumed = {atom.arguments[:2] for atom in figures}

    def _rules(self, why: WhyNot, rest: str, above: str) -> Iterator[str]:
        rules = nearest_ways(why.rules)
        if len(rules) == 1:
            yield from self._quotes(rules[0][0].citations, rest, above)
            yield from self._all(rules[0][1], rest)
            return
        for number, (rule, unmet) in enumerate(rules, start=1):
            last = number == len(rules)
            head = self.renderer.say("way", n=number, all=len(rules), cites=", ".join(rule.citations))
            below = rest + ("   " if last else "│  ")
            yield from paragraph(head, self.renderer.width, rest + ("└─ " if last else "├─ "), below)
            yield from self._quotes(rule.citations, below, below)
            yield from self._all(unmet, below)

    def _quotes(self, provisions: Sequence[str], rest: str, above: str) -> Iterator[str]:
        fresh = [provision for provision in provisions if provision not in self.quoted]
        self.quoted |= set(fresh)
        for provision in fresh:
            yield from self.renderer.quotation(provision, rest)

    def _all(self, unmet: Sequence[Unmet], rest: str) -> Iterator[str]:
        for index, condition in enumerate(unmet):
            last = index == len(unmet) - 1
            yield from self._one(condition, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))

    def _one(self, unmet: Unmet, first: str, rest: str) -> Iterator[str]:
        r = self.renderer
        below = unmet.below if unmet.below is not None and unmet.below.rules else None
        if unmet.kind == "compared" and unmet.compared is not None:
            gap = self.gap(unmet.compared) + self.mark(*unmet.given)
            yield from paragraph(f"✗ {gap}", r.width, first, rest)
            for atom in unmet.given:
                if not self.vocabulary.predicates[atom.predicate].option("silent"):
                    yield from paragraph(self.said(atom), r.width, rest + "· ", rest + "  ")
            return
        if below is not None and self.vocabulary.predicates[unmet.atom.predicate].kind == "internal" and len(below.rules) == 1:
            # Technical steps give way to what they rest on.
            for index, condition in enumerate(below.rules[0][1]):
                yield from self._one(condition, first if index == 0 else rest, rest)
            return
        words = "holds" if unmet.kind == "holds" else "lacks" if below is None else "unmet"
        yield from paragraph(f"✗ {r.say(words)}: {r.short(unmet.atom)}", r.width, first, rest)
        if below is not None:
            yield from self._rules(below, rest, rest)

    def said(self, atom: Atom) -> str:
        """What a condition depends on."""
        return self.renderer.short(atom) + self.mark(atom)

    def mark(self, *atoms: Atom) -> str:
        """No assumed figure may be read as a real one."""
        assumed = any({*slot} <= {*atom.arguments} for atom in atoms for slot in self.assumed)
        return f" ({self.renderer.say('assume')})" if assumed else ""

    def gap(self, compared: Compared) -> str:
        """The false comparison in words: what was found, what is asked for, and the difference."""
        r = self.renderer
        left, right = compared.left, compared.right
        type_ = self.vocabulary.types.get(compared.type)
        if type_ is not None and type_.base == "position":
            return r.say({">": "share-more", ">=": "share-below"}.get(compared.operator, "share-less"))
        if type_ is not None and type_.base == "decimal" and isinstance(left, int) and isinstance(right, int):
            difference = self._number(abs(right - left))
            if left == right:
                key = "not-more" if compared.operator == ">" else "not-less"
            elif left < right:
                key = "short-more" if compared.operator == ">" else "short"
            else:
                key = "over-by"
            return r.say(key, found=self._number(left), needed=self._number(right), difference=difference)
        return r.say("false", left=self._shown(compared.type, left), operator=compared.operator,
                     right=self._shown(compared.type, right))  # fmt: skip

    def _number(self, millionths: int) -> str:
        text = decimal_text(millionths)
        return text.replace(".", ",") if self.renderer.lang == "vi" else text

    def _shown(self, name: str, value: int | str) -> str:
        type_ = self.vocabulary.types.get(name)
        return str(value) if type_ is None else self.renderer.shown(type_, value)


def nearest_ways(rules: Sequence[tuple[Rule, tuple[Unmet, ...]]]) -> list[tuple[Rule, tuple[Unmet, ...]]]:
    """Of rules that only differ in the bound that one figure misses, the one it misses least."""
    kept: dict[object, tuple[Rule, tuple[Unmet, ...]]] = {}
    for rule, unmet in rules:
        only = unmet[0].compared if len(unmet) == 1 else None
        key: object = (only.left, only.type) if only is not None else rule.number
        if key not in kept or _missed(unmet) < _missed(kept[key][1]):
            kept[key] = (rule, unmet)
    return list(kept.values())


def _missed(unmet: Sequence[Unmet]) -> int:
    only = unmet[0].compared
    return abs(only.left - only.right) if only and isinstance(only.left, int) and isinstance(only.right, int) else 0


def goal_of(vocabulary: Vocabulary, name: str, unit: str, year: int) -> Atom:
    """What is asked about a unit: a kind of verdict, or a value that one can have (a class, a list). Raises Invalid."""
    verdicts = vocabulary.of_kind("verdict")
    given: dict[str, str | int] = {"unit": unit, "year": year}
    found = verdicts.get(name)
    if found is None:
        values: dict[str, Predicate] = {}
        for predicate in {**vocabulary.supplied("why_not"), **verdicts}.values():
            for value in (value for argument in predicate.arguments for value in argument.type.values):
                values.setdefault(value, predicate)
        if name not in values:
            words = [*verdicts, *(value for value in values if value not in verdicts)]
            raise invalid(Location("--why-not"), "unknown-verdict", found=name, hint=nearest(name, words),
                          allowed=listed(words, len(words)))  # fmt: skip
        found = values[name]
        given |= {argument.name: name for argument in found.arguments if name in argument.type.values}
    return Atom(found.name, tuple(given.get(argument.name, OPEN) for argument in found.arguments))
