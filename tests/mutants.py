"""`make mutants`: every rule and every fact of the law is changed a little, and a case, lint or a test must notice.

To run every mutant on every block would take hours. So each block is solved once with probes that tell which mutants
derive anything else there, and once with all of these in one program, which tells whose verdicts differ. Only such
mutants are run on the block as cases are run.

`python tests/mutants.py --tests NUMBER` runs with one mutant, by its number, the tests of what no case can say.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cchc.asp import Program
from cchc.cases import WrittenCase, read_file
from cchc.files import load_yaml
from cchc.lint import in_rule, in_whole
from cchc.policy import Policy, PolicyFact
from cchc.problems import Invalid, Location
from cchc.rules import Rule, below
from cchc.versions import instruments
from cchc.vocabulary import fact
from mutation import VARIABLE, Mutant, mutants_of

CASES = [path for path in sorted(Path(__file__).with_name("cases").glob("*.yaml")) if not path.stem.startswith("random")]
"""Those that a person wrote from the text, each for a reason; what only random ones notice, nobody has thought of. Blocks
about a draft are about other rules."""
TESTS = [str(Path(__file__).with_name(name)) for name in ("test_citations.py", "test_duties.py", "test_uncovered.py")]
"""Of what no case can say: what is not cited, duties that nobody asked about, what is told of years that the data lack."""
EQUIVALENT = Path(__file__).with_name("equivalent-mutants.yaml")
PROCESSES = 2
_INDEX = "Mutant__"
"""The variable in whose place stands the number of a mutant."""


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
    drafts: Sequence[Policy]


def drafts_of(policy: Policy) -> list[Policy]:
    """The drafts laid over the text in force: what only they use is declared for them."""
    known = instruments(policy.root)
    return [Policy.load(drafts=[name]) for name, one in known.items() if one.draft]


@cache
def suite() -> Suite:
    policy = Policy.load()
    cases = [case for path in CASES for case in read_file(path, policy)]
    blocks = [Block(case, number) for case in cases for number in range(case.blocks) if not case.draft(number)]
    return Suite(policy, mutants_of(policy), blocks, drafts_of(policy))


def killers(numbers: Iterable[int]) -> dict[int, str]:
    """What notices each of some mutants: `lint`, the name of a case, `tests`, or nothing."""
    policy, mutants, blocks, _ = suite()
    found = {number: _at_sight(policy, mutants[number]) for number in numbers}
    citing: dict[int, list[Block]] = {}

    def left() -> dict[int, Mutant]:
        return {number: mutants[number] for number, killer in found.items() if not killer}

    def tried(number: int, block: Block) -> None:
        if not found[number] and _noticed(mutants[number].within(policy), block):
            assert _passes(block), block.case.case["case"]
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
    for number in left():
        if mutants[number].key not in accepted() and _tests_fail(str(number)):
            assert not _tests_fail()
            found[number] = "tests"
    return found


def _at_sight(policy: Policy, mutant: Mutant) -> str:
    changed = mutant.within(policy)
    versions = [changed, *suite().drafts]
    if (isinstance(mutant.new, Rule) and in_rule(policy, mutant.new)) or in_whole(changed, changed.rules, versions):
        return "lint"
    return "endless" if isinstance(mutant.new, Rule) and _endless(mutant.new) else ""


def _endless(rule: Rule) -> bool:
    """Whether a rule counts on for ever: nothing but the rule itself bounds what it adds up in its head."""
    assert rule.head is not None
    counted = [index for index, term in enumerate(rule.head.terms) if term.kind == "arithmetic"]
    times = Counter(VARIABLE.findall(rule.body))
    for atom in rule.atoms:
        if counted and atom.role == "positive" and atom.signature == rule.head.signature:
            here, there = rule.head.terms, atom.terms
            if all(times[there[index].text] == 1 if index in counted else here[index] == there[index]
                   for index in range(len(here))):  # fmt: skip
                return True
    return False


def _suspects(policy: Policy, block: Block, mutants: Mapping[int, Mutant]) -> tuple[set[int], set[int]]:
    """The mutants that a block may notice: those that change a verdict, and those that change a proof that it asks for."""
    roots, rules = _needed(policy, block.case.kinds(block.number))
    reached, read = {rule.number for rule in rules}, {atom.name for rule in rules for atom in rule.atoms}
    near = {number: mutant for number, mutant in mutants.items()
            if (mutant.place in reached if isinstance(mutant.old, Rule) else mutant.old.atom.predicate in read)}  # fmt: skip
    if not near:
        return set(), set()
    facts = block.case.facts(block.number, policy).text
    probes = [probe.replace("@", str(number)) for number, mutant in near.items() for probe in mutant.probes]
    defined = "#defined __gains/1. #defined __loses/1."
    program = Program([], "\n".join([facts, defined, *(rule.plain for rule in rules), *probes]))
    loses = {int(number) for (number,) in program.open("__loses", 1)}
    infected = loses | {int(number) for (number,) in program.open("__gains", 1)}
    uncited = {number for number in loses if not block.because.isdisjoint(near[number].cited)}
    return _differing(policy, facts, roots, rules, {number: near[number] for number in infected}), uncited


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


def _differing(policy: Policy, facts: str, roots: Iterable[str], rules: Sequence[Rule],
               mutants: Mapping[int, Mutant]) -> set[int]:  # fmt: skip
    """The mutants that change an atom of the root predicates in some completion."""
    if not mutants:
        return set()
    try:
        program = Program([], facts + "\n".join(_side_by_side(policy, sorted(roots), rules, mutants)))
    except Invalid:  # some mutant cannot be solved: each must be tried by itself
        return set(mutants)
    found = {int(values[0]): number for values, number in program.shown({"__differs": 1})["__differs"]}
    unsettled = program.consequences("brave", {mutant: number for mutant, number in found.items() if number})
    return {mutant for mutant, number in found.items() if not number} | unsettled.keys()


def _side_by_side(policy: Policy, roots: Sequence[str], rules: Sequence[Rule],
                  mutants: Mapping[int, Mutant]) -> Iterator[str]:  # fmt: skip
    """The rules, without and with each mutant, as one program over the same tables: every derived atom has the number of
    its mutant (0 for none) as first argument, and what the rules alone leave open is open for all."""
    moved = {mutant.old.atom.predicate for mutant in mutants.values() if isinstance(mutant.old, PolicyFact)}
    derived = sorted({rule.head.name for rule in policy.rules if rule.head} | moved)
    arguments = {name: ",".join(f"X{place}" for place, _ in enumerate(policy.vocabulary.predicates[name].arguments))
                 for name in derived}  # fmt: skip
    atom = re.compile(rf'"[^"]*"|\b({"|".join(derived)})\(')

    def indexed(text: str, index: int | str) -> str:
        return atom.sub(lambda match: f"__i_{match[1]}({index}," if match[1] else match[0], text)

    yield "#show. #defined __differs/1. #show __differs/1. #project __differs/1. #defined __off/2. __mutant(0)."
    yield from (f"#defined __i_{name}/{len(policy.vocabulary.predicates[name].arguments) + 1}." for name in derived)
    for name in sorted(moved):
        here = arguments[name]
        yield f"__i_{name}(M,{here}) :- __mutant(M), {name}({here}), not __gone_{name}(M,{here})."
    for number, mutant in mutants.items():
        yield f"__mutant({number})."
        if isinstance(mutant.old, PolicyFact):
            yield f"__gone_{_fact(policy, mutant.old).replace('(', f'({number},', 1)}."
        else:
            yield f"__off({mutant.place},{number})."
        if mutant.new is not None:
            yield indexed(mutant.new.plain if isinstance(mutant.new, Rule) else f"{_fact(policy, mutant.new)}.", number)
    changed = {mutant.place for mutant in mutants.values() if isinstance(mutant.old, Rule)}
    for rule in rules:
        head, _, body = indexed(rule.plain, _INDEX).partition(" :- ")
        yield f"{head} :- __mutant({_INDEX}); {f'not __off({rule.number},{_INDEX}); ' if rule.number in changed else ''}{body}"
    for name in roots:
        here, there = f"__i_{name}(M,{arguments[name]})", f"__i_{name}(0,{arguments[name]})"
        yield f"__differs(M) :- {here}, not {there}. __differs(M) :- __mutant(M), {there}, not {here}."
        if policy.vocabulary.predicates[name].option("opens"):
            yield f"{name}({arguments[name]}) :- {there}."


def _fact(policy: Policy, stated: PolicyFact) -> str:
    return fact(policy.vocabulary.predicates[stated.atom.predicate], stated.atom.arguments)


def _noticed(policy: Policy, block: Block) -> bool:
    try:
        return bool(block.case.compared(block.number, block.case.evaluation(block.number, policy)).differences)
    except Invalid:  # what the engine refuses is noticed
        return True


@cache
def _passes(block: Block) -> bool:
    """Without a mutant."""
    return not _noticed(suite().policy, block)


@cache
def _tests_fail(*number: str) -> bool:
    """Whether tests fail with a mutant, or without any. They keep the policy they load: each mutant needs a new process."""
    done = subprocess.run([sys.executable, __file__, "--tests", *number], capture_output=True, check=False)
    return done.returncode == pytest.ExitCode.TESTS_FAILED


def run_tests(number: str = "") -> int:
    load = Policy.load
    changed = suite().mutants[int(number)].within(suite().policy) if number else load()
    Policy.load = lambda *given: load(*given) if given else changed  # type: ignore[method-assign]
    return pytest.main(["-x", *TESTS])


# ---- The report -----------------------------------------------------------------------------------------


@cache
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
    survivors = {mutant.key: number for number, mutant in enumerate(suite().mutants) if not found[number]}
    listed = accepted()
    unlisted = [number for key, number in survivors.items() if key not in listed]
    stale = [(at, key) for key, at in listed.items() if key not in survivors]
    for number in unlisted:
        mutant = suite().mutants[number]
        print(f"{mutant.at}: nothing notices {number}: {mutant.change}\n    {mutant.original}")
    for at, (original, change) in stale:
        print(f"{at}: stale: {change}\n    {original}")
    counted = Counter(killer if killer in {"lint", "tests", "endless", ""} else "cases" for killer in found.values())
    print(f"{count} mutants: {counted['cases']} noticed by cases, {counted['lint']} by lint, {counted['tests']} by tests, "
          f"{counted['endless']} never end, "
          f"{counted['']} survive, of which {len(survivors) - len(unlisted)} are known to be equivalent; "
          f"{time.monotonic() - start:.0f} s")  # fmt: skip
    return 1 if unlisted or stale else 0


if __name__ == "__main__":
    sys.exit(run_tests(*sys.argv[2:]) if "--tests" in sys.argv else main())
