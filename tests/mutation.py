"""Mutants of a policy: each rule and each fact changed in one place, as far as its language and vocabulary can say it."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cchc.asp import Program
from cchc.policy import Policy, PolicyFact
from cchc.problems import Invalid, Location
from cchc.reading import read_rules
from cchc.rules import Rule
from cchc.vocabulary import SCALE, Atom, fact

SMALLEST_STEP = SCALE // 10_000
"""Of points: they have up to four decimal places."""
LEFT_OUT = "left out"

_OUTER = re.compile(r'"[^"]*"|[(),:]')
_NUMBER = re.compile(r'"[^"]*"|\b\d+\b')
VARIABLE = re.compile(r'"[^"]*"|\b[A-Z]\w*')
_COMPARISON = re.compile(r"([^<>=!]+) ([<>]=?|!?=) ([^<>=!]+)")
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


class Mutant(NamedTuple):
    """A rule or fact, by its place among those of the policy, and what stands in its place (nothing if it is left out).

    `probes` are rules that tell where that makes a difference, `__gains(@)` where more is derived and `__loses(@)` where
    something no longer is; `@` is the number of the mutant.
    """

    at: Location
    original: str
    change: str
    place: int
    old: Rule | PolicyFact
    new: Rule | PolicyFact | None
    probes: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.original, self.change

    @property
    def cited(self) -> tuple[str, ...]:
        """The provisions that it stands under."""
        return self.old.citations if isinstance(self.old, Rule) else (self.old.provision,)

    def within(self, policy: Policy) -> Policy:
        """The policy with the mutant in it."""
        rules, facts = list(policy.rules), list(policy.facts)
        if isinstance(self.old, Rule):
            rules[self.place : self.place + 1] = [self.new] if isinstance(self.new, Rule) else []
        else:
            facts[self.place : self.place + 1] = [self.new] if isinstance(self.new, PolicyFact) else []
        changed = policy._replace(facts=tuple(facts))
        changed.rules = tuple(rules)
        return changed


# ---- Mutants of rules ----------------------------------------------------------------------------------


class Edit(NamedTuple):
    """A rule changed in one place; `lost` is what the body of the old rule has, and the new one has not (empty: nothing
    more than the old body, None: nothing)."""

    change: str
    head: str
    body: tuple[str, ...]
    lost: str | None

    @property
    def text(self) -> str:
        return _rule(self.head, self.body)


def _rule(head: str, body: Sequence[str]) -> str:
    return f"{head} :- {', '.join(filter(None, body))}." if body else f"{head}."


def _parts(rule: Rule) -> tuple[str, tuple[str, ...]]:
    """Head and body literals of a rule, as written; a conditional literal comes last."""
    head, _, body = " ".join(rule.text.removesuffix(".").split()).partition(" :- ")
    literals, depth, start, conditional = [], 0, 0, False
    for match in _OUTER.finditer(body):
        depth += (match[0] == "(") - (match[0] == ")")
        conditional |= match[0] == ":" and not depth
        if match[0] == "," and not depth and not conditional:
            literals.append(body[start : match.start()].strip())
            start = match.end()
    literals.append(body[start:].strip())
    assert len(literals) == len(rule.parts) + len(rule.comparisons), rule.text
    return head, tuple(literals)


def edits_of(head: str, body: tuple[str, ...]) -> Iterator[Edit]:
    for index, literal in enumerate(body):
        before, after = body[:index], body[index + 1 :]
        yield Edit(f"without {literal}", *_unnamed(head, before + after), None)
        for changed in (*_other_comparisons(literal), *_other_numbers(literal)):
            yield Edit(f"{changed} for {literal}", head, (*before, changed, *after), _denied(changed))
    for changed in _other_numbers(head):
        yield Edit(f"{changed} for {head}", changed, body, "")


def _unnamed(head: str, body: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Lint would find a variable that is now the only one of its name; whoever heeds it writes `_`, and so do we."""
    times = Counter(VARIABLE.findall(f"{head} {' '.join(body)}"))

    def unnamed(literal: str) -> str:
        if literal.startswith("not ") or " : " in literal or _COMPARISON.fullmatch(literal):
            return literal
        return VARIABLE.sub(lambda match: "_" if times[match[0]] == 1 and match[0][0] != '"' else match[0], literal)

    return head, tuple(map(unnamed, body))


def _other_comparisons(literal: str) -> Iterator[str]:
    if match := _COMPARISON.fullmatch(literal):
        left, operator, right = match.groups()
        for other in filter(None, (_BOUNDARY.get(operator), _NOT[operator])):
            yield f"{left} {other} {right}"


def _other_numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        if match[0][0] != '"':
            for number in (int(match[0]) - 1, int(match[0]) + 1):
                yield f"{text[: match.start()]}{number}{text[match.end() :]}"


def _denied(literal: str) -> str:
    if match := _COMPARISON.fullmatch(literal):
        return f"{match[1]} {_NOT[match[2]]} {match[3]}"
    return literal.removeprefix("not ") if literal.startswith("not ") else f"not {literal}"


def _of_rules(policy: Policy) -> Iterator[Mutant]:
    edits: list[tuple[Rule, Edit]] = []
    for rule in policy.rules:
        head, body = _parts(rule)
        yield Mutant(rule.at, _rule(head, body), LEFT_OUT, rule.number, rule, None, (_rule("__loses(@)", body),))
        edits += [(rule, edit) for edit in edits_of(head, body)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutants.lp"
        path.write_text("".join(f"%@ {' '.join(rule.citations)}\n{edit.text}\n" for rule, edit in edits), encoding="utf-8")
        read = read_rules([path])
    for (rule, edit), new in zip(edits, read, strict=True):
        if _safe(new):
            head, body = _parts(rule)
            probes = [_rule("__gains(@)", (f"not {edit.head}", *edit.body))]
            if edit.lost is not None:
                probes.append(_rule("__loses(@)", (edit.lost, *body)))
            new = new._replace(number=rule.number, at=rule.at)
            yield Mutant(rule.at, _rule(head, body), edit.change, rule.number, rule, new, tuple(probes))


def _safe(rule: Rule) -> bool:
    """Whether clingo accepts the rule by itself."""
    defined = {atom.signature for atom in rule.atoms if atom.role != "head"}
    try:
        Program([], "".join(f"#defined {signature}.\n" for signature in sorted(defined)) + rule.plain)
    except Invalid:
        return False
    return True


# ---- Mutants of facts ----------------------------------------------------------------------------------


def _of_facts(policy: Policy) -> Iterator[Mutant]:
    for place, old in enumerate(policy.facts):
        for atom in (None, *_other_values(policy, old.atom)):
            change = LEFT_OUT if atom is None else f"{_fact(policy, atom)}."
            new = None if atom is None else old._replace(atom=atom)
            probes = tuple(_fact_probes(policy, old.atom, atom))
            yield Mutant(old.at, f"{_fact(policy, old.atom)}.", change, place, old, new, probes)


def _fact(policy: Policy, atom: Atom) -> str:
    return fact(policy.vocabulary.predicates[atom.predicate], atom.arguments)


def _other_values(policy: Policy, atom: Atom) -> Iterator[Atom]:
    """The atom with a number moved by one, points also by the smallest step, as far as the vocabulary lets them."""
    for place, argument in enumerate(policy.vocabulary.predicates[atom.predicate].arguments):
        value, decimal = atom.arguments[place], argument.type.base == "decimal"
        unit = SCALE if decimal else 1
        for step in (-unit, *((-SMALLEST_STEP, SMALLEST_STEP) if decimal else ()), unit) if isinstance(value, int) else ():
            moved, low, high = int(value) + step, argument.type.low, argument.type.high
            if (low is None or low * unit <= moved) and (high is None or moved <= high * unit):
                yield Atom(atom.predicate, (*atom.arguments[:place], moved, *atom.arguments[place + 1 :]))


def _fact_probes(policy: Policy, old: Atom, new: Atom | None) -> Iterator[str]:
    """Where a rule reads the old fact, or would read the new one."""
    name, arity = old.predicate, len(old.arguments)
    gone, come = f"__gone_@_{name}", f"__come_@_{name}"
    yield f"#defined {come}/{arity}. {_fact(policy, old).replace(name, gone, 1)}."
    if new is not None:
        yield f"{_fact(policy, new).replace(name, come, 1)}."
    for rule in policy.rules:
        head, body = _parts(rule) if any(atom.name == name for atom in rule.atoms) else ("", ())
        for index, literal in enumerate(body):
            if literal.startswith(f"{name}(") and " : " not in literal:
                yield _rule("__loses(@)", (literal.replace(name, gone, 1), *body))
                yield _rule("__gains(@)", (f"not {head}", *body[:index], literal.replace(name, come, 1), *body[index + 1 :]))
            elif f"{name}(" in literal:
                yield _rule("__loses(@)", (*body[:index], *body[index + 1 :]))


def mutants_of(policy: Policy) -> list[Mutant]:
    """Every mutant that the policy language and the vocabulary can say."""
    return [*_of_rules(policy), *_of_facts(policy)]
