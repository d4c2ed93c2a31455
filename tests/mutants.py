"""`make mutants`: every rule and every fact of the law is changed a little, and a case, or lint, must notice.

A case can only notice a mutant where something else is derived. So each block is solved once with probes beside the rules,
`__infected(N) :- not <head>, <body of mutant N>.`, and only the mutants that show there are run on it.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cchc.asp import Program
from cchc.cases import WrittenCase, read_file
from cchc.files import load_yaml
from cchc.lint import in_rule, in_whole
from cchc.policy import Policy, PolicyFact
from cchc.problems import Invalid, Location
from cchc.reading import read_rules
from cchc.rules import Rule, below
from cchc.vocabulary import SCALE, Atom, fact

CASES = sorted((Path(__file__).with_name("cases")).glob("*.yaml"), key=lambda path: (path.stem.startswith("random"), path))
"""Those written by hand first: they tell mutants apart with fewer blocks."""
EQUIVALENT = Path(__file__).with_name("equivalent-mutants.yaml")
PROCESSES = 2
SMALLEST_STEP = SCALE // 10_000
"""Of points: they have up to four decimal places."""
LEFT_OUT = "left out"

_OUTER = re.compile(r'"[^"]*"|[(),:]')
_NUMBER = re.compile(r'"[^"]*"|\b\d+\b')
_VARIABLE = re.compile(r'"[^"]*"|\b[A-Z]\w*')
_COMPARISON = re.compile(r"([^<>=!]+) ([<>]=?|!?=) ([^<>=!]+)")
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}


class Mutant(NamedTuple):
    """A rule or fact, by its place among those of the policy, and what stands in its place (nothing if it is left out).

    `probes` are rules that tell where that makes a difference; `@` in them is the number of the mutant.
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


class _Edit(NamedTuple):
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


def _edits(head: str, body: tuple[str, ...]) -> Iterator[_Edit]:
    for index, literal in enumerate(body):
        before, after = body[:index], body[index + 1 :]
        yield _Edit(f"without {literal}", *_unnamed(head, before + after), None)
        for changed in (*_other_comparisons(literal), *_other_numbers(literal)):
            yield _Edit(f"{changed} for {literal}", head, (*before, changed, *after), _denied(changed))
    for changed in _other_numbers(head):
        yield _Edit(f"{changed} for {head}", changed, body, "")


def _unnamed(head: str, body: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Lint would find a variable that is now the only one of its name; whoever heeds it writes `_`, and so do we."""
    times = Counter(_VARIABLE.findall(f"{head} {' '.join(body)}"))

    def unnamed(literal: str) -> str:
        if literal.startswith("not ") or " : " in literal or _COMPARISON.fullmatch(literal):
            return literal
        return _VARIABLE.sub(lambda match: "_" if times[match[0]] == 1 and match[0][0] != '"' else match[0], literal)

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
    edits: list[tuple[Rule, _Edit]] = []
    for rule in policy.rules:
        head, body = _parts(rule)
        yield Mutant(rule.at, _rule(head, body), LEFT_OUT, rule.number, rule, None, (_rule("__loses(@)", body),))
        edits += [(rule, edit) for edit in _edits(head, body)]
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


def _endless(rule: Rule) -> bool:
    """Whether a rule counts on for ever: nothing but the rule itself bounds what it adds up in its head."""
    assert rule.head is not None
    counted = [index for index, term in enumerate(rule.head.terms) if term.kind == "arithmetic"]
    times = Counter(_VARIABLE.findall(rule.body))
    for atom in rule.atoms:
        if counted and atom.role == "positive" and atom.signature == rule.head.signature:
            here, there = rule.head.terms, atom.terms
            if all(times[there[index].text] == 1 if index in counted else here[index] == there[index]
                   for index in range(len(here))):  # fmt: skip
                return True
    return False


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


# ---- The hunt -------------------------------------------------------------------------------------------


class Block(NamedTuple):
    """A block of a case, by its number."""

    case: WrittenCase
    number: int

    @property
    def because(self) -> set[str]:
        """The provisions that proofs must cite."""
        block = self.case.case["expect"][self.number]
        rows = (row for named in (block, block.get("possible", {})) for rows in named.values() if isinstance(rows, list)
                for row in rows)  # fmt: skip
        return {provision for row in rows for provision in row.get("because", ())}


class Suite(NamedTuple):
    policy: Policy
    mutants: Sequence[Mutant]
    blocks: Sequence[Block]


@cache
def suite() -> Suite:
    policy = Policy.load()
    cases = [case for path in CASES for case in read_file(path, policy)]
    return Suite(policy, mutants_of(policy), [Block(case, number) for case in cases for number in range(case.blocks)])


def killers(numbers: Iterable[int]) -> dict[int, str]:
    """What notices each of some mutants: `lint`, the name of a case, or nothing."""
    policy, mutants, blocks = suite()
    found = {number: _at_sight(policy, mutants[number]) for number in numbers}
    citing: dict[int, list[Block]] = {}

    def left() -> dict[int, Mutant]:
        return {number: mutants[number] for number, killer in found.items() if not killer}

    def tried(number: int, block: Block) -> None:
        if not found[number] and _noticed(mutants[number].within(policy), block):
            found[number] = block.case.case["case"]

    for block in blocks:
        if not (remaining := left()):
            break
        differing, uncited = _suspects(policy, block, remaining)
        for number in differing:
            tried(number, block)
        for number in uncited:
            citing.setdefault(number, []).append(block)
    for number in left():  # last, because the same verdict with other proofs is rarely noticed
        for block in citing.get(number, ()):
            tried(number, block)
    return found


def _at_sight(policy: Policy, mutant: Mutant) -> str:
    changed = mutant.within(policy)
    if (isinstance(mutant.new, Rule) and in_rule(policy, mutant.new)) or in_whole(changed, changed.rules):
        return "lint"
    return "endless" if isinstance(mutant.new, Rule) and _endless(mutant.new) else ""


def _suspects(policy: Policy, block: Block, mutants: Mapping[int, Mutant]) -> tuple[set[int], set[int]]:
    """The mutants that a block may notice: those that change a verdict, and those that change a proof that it asks for."""
    evaluation = block.case.evaluation(block.number, policy)
    outcome = block.case.compared(block.number, evaluation)
    assert not outcome.differences, f"{outcome.at}: {outcome.case}"
    roots, rules = _needed(policy, evaluation.kinds)
    reached = {rule.number for rule in rules}
    probes = [probe.replace("@", str(number)) for number, mutant in mutants.items()
              if isinstance(mutant.old, PolicyFact) or mutant.place in reached for probe in mutant.probes]  # fmt: skip
    defined = "#defined __gains/1. #defined __loses/1."
    program = Program([], "\n".join([evaluation.facts.text, defined, *(rule.plain for rule in policy.rules), *probes]))
    loses = {int(number) for (number,) in program.open("__loses", 1)}
    infected = loses | {int(number) for (number,) in program.open("__gains", 1)}
    uncited = {number for number in loses if not block.because.isdisjoint(mutants[number].cited)}
    return _differing(policy, evaluation.facts.text, roots, rules, {number: mutants[number] for number in infected}), uncited


def _needed(policy: Policy, kinds: Iterable[str]) -> tuple[set[str], list[Rule]]:
    """What has to be alike for verdicts of some kinds to be, with its rules: they, and what opens the tables they read."""
    roots = set(kinds)
    while True:
        rules = below(policy.rules, roots)
        read = {atom.name for rule in rules for atom in rule.atoms}
        opens = {name for name, opening in policy.vocabulary.supplied("opens").items() if opening.option("opens") in read}
        if opens <= roots:
            return roots, rules
        roots |= opens


_INDEX = "Mutant__"


def _differing(policy: Policy, facts: str, roots: Iterable[str], rules: Sequence[Rule],
               mutants: Mapping[int, Mutant]) -> set[int]:  # fmt: skip
    """The mutants that change an atom of some predicates in some completion: all are solved as one program, in which every
    derived atom has the number of a mutant, 0 for none, as its first argument. Tables are shared."""
    if not mutants:
        return set()
    moved = {mutant.old.atom.predicate for mutant in mutants.values() if isinstance(mutant.old, PolicyFact)}
    arities = {name: len(policy.vocabulary.predicates[name].arguments)
               for name in {rule.head.name for rule in policy.rules if rule.head} | moved}  # fmt: skip
    atom = re.compile(rf'"[^"]*"|\b({"|".join(sorted(arities))})\(')

    def indexed(text: str, index: int | str) -> str:
        return atom.sub(lambda match: f"__i_{match[1]}({index}," if match[1] else match[0], text)

    lines = [facts, "__mutant(0).", "#defined __off/2.",
             "#show. #defined __differs/1. #show __differs/1. #project __differs/1."]  # fmt: skip
    lines += [f"#defined __i_{name}/{arity + 1}." for name, arity in arities.items()]
    for name in sorted(moved):
        arguments = ",".join(f"X{place}" for place in range(arities[name]))
        lines.append(f"#defined __gone_{name}/{arities[name] + 1}.")
        lines.append(f"__i_{name}(M,{arguments}) :- __mutant(M), {name}({arguments}), not __gone_{name}(M,{arguments}).")
    for number, mutant in mutants.items():
        lines.append(f"__mutant({number}).")
        if isinstance(mutant.old, PolicyFact):
            lines.append(f"__gone_{_fact(policy, mutant.old.atom).replace('(', f'({number},', 1)}.")
            if isinstance(mutant.new, PolicyFact):
                lines.append(f"{indexed(_fact(policy, mutant.new.atom), number)}.")
        else:
            lines.append(f"__off({mutant.place},{number}).")
            if isinstance(mutant.new, Rule):
                lines.append(indexed(mutant.new.plain, number))
    changed = {mutant.place for mutant in mutants.values() if isinstance(mutant.old, Rule)}
    for rule in rules:
        head, _, body = indexed(rule.plain, _INDEX).removesuffix(".").partition(" :- ")
        on = f"not __off({rule.number},{_INDEX}); " if rule.number in changed else ""
        lines.append(f"{head} :- __mutant({_INDEX}); {on}{body}.")
    for name in sorted(roots):
        arguments = ",".join(f"X{place}" for place in range(arities[name]))
        here, there = f"__i_{name}(M,{arguments})", f"__i_{name}(0,{arguments})"
        lines.append(f"__differs(M) :- {here}, not {there}. __differs(M) :- __mutant(M), {there}, not {here}.")
        if policy.vocabulary.predicates[name].option("opens"):
            lines.append(f"{name}({arguments}) :- {there}.")
    try:
        program = Program([], "\n".join(lines))
    except Invalid:  # a mutant that cannot be solved
        return set(mutants)
    found = {int(values[0]): number for values, number in program.shown({"__differs": 1})["__differs"]}
    unsettled = program.consequences("brave", {mutant: number for mutant, number in found.items() if number})
    return {mutant for mutant, number in found.items() if not number} | unsettled.keys()


def _noticed(policy: Policy, block: Block) -> bool:
    try:
        return bool(block.case.compared(block.number, block.case.evaluation(block.number, policy)).differences)
    except Invalid:  # what the engine refuses is noticed
        return True


# ---- The report -----------------------------------------------------------------------------------------


def accepted() -> dict[tuple[str, str], Location]:
    """The mutants that a person has found to be equivalent, and where that is said."""
    document = load_yaml(EQUIVALENT)
    return {(entry["rule"], change): document.at((group, "mutants", index, "changes", number))
            for group, described in enumerate(document.data) for index, entry in enumerate(described["mutants"])
            for number, change in enumerate(entry["changes"])}  # fmt: skip


def main() -> int:
    start = time.monotonic()
    count = len(suite().mutants)
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = pool.map(killers, [range(first, count, PROCESSES) for first in range(PROCESSES)])
        found = {number: killer for part in parts for number, killer in part.items()}
    survivors = {(mutant.original, mutant.change): mutant for number, mutant in enumerate(suite().mutants) if not found[number]}
    listed = accepted()
    unlisted = [mutant for key, mutant in survivors.items() if key not in listed]
    stale = [(at, key) for key, at in listed.items() if key not in survivors]
    for mutant in unlisted:
        print(f"{mutant.at}: no case notices: {mutant.change}\n    {mutant.original}")
    for at, (original, change) in stale:
        print(f"{at}: stale: {change}\n    {original}")
    counted = Counter(killer if killer in {"lint", "endless", ""} else "cases" for killer in found.values())
    print(f"{count} mutants: {counted['cases']} noticed by cases, {counted['lint']} by lint, {counted['endless']} never end, "
          f"{counted['']} survive, of which {len(survivors) - len(unlisted)} are known to be equivalent; "
          f"{time.monotonic() - start:.0f} s")  # fmt: skip
    return 1 if unlisted or stale else 0


if __name__ == "__main__":
    sys.exit(main())
