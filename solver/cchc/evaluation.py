"""Evaluation: one policy, one dataset, one answer, every verdict with its citations and its proof."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from cchc.answers import Answer, Question
from cchc.asp import Program
from cchc.dataset import Dataset
from cchc.facts import Facts, facts_of
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, invalid, listed
from cchc.proof import Proof, Prover
from cchc.rows import PROVENANCES
from cchc.rules import Rule, able, below
from cchc.traces import Pattern, World
from cchc.vocabulary import Atom, Predicate, fact, printed_value

if TYPE_CHECKING:
    from cchc.whynot import WhyNot


class Verdict(NamedTuple):
    """A verdict: certain holds in every completion of the data, possible in some."""

    atom: Atom
    arguments: Mapping[str, str]
    status: str
    cites: tuple[str, ...]
    provenance: str

    @property
    def predicate(self) -> str:
        return self.atom.predicate


class Case(NamedTuple):
    """The proofs of a verdict, one for each rule instance that gives it, under what they assume about unknown data."""

    proofs: tuple[Proof, ...]
    assumptions: tuple[Atom, ...]


class _Given(NamedTuple):
    policy: Policy
    dataset: Dataset
    years: tuple[int, ...]
    profile: str
    readings: Mapping[str, str]
    as_of: datetime.date | None
    kinds: frozenset[str]
    facts: Facts
    answer: Answer


class Evaluation(_Given):
    """The verdicts of a policy on a dataset under one set of readings."""

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each provision in the text."""
        return {provision: index for index, provision in enumerate(self.policy.provisions)}

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict of the kinds asked for, by name and arguments; none about an item that merely stands for unknown
        assignments."""
        found = [self.verdict(atom, status)
                 for status, atoms in (("certain", self.answer.certain), ("possible", self.answer.possible))
                 for atom in atoms if atom.predicate in self.kinds]  # fmt: skip
        return tuple(sorted((verdict for verdict in found if verdict is not None), key=_by_name))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What a reader of the verdicts should know of the data."""
        if not self._uncovered:
            return ()
        details = {"asked": max(self.years), "found": ", ".join(map(str, self._uncovered)), "first": min(self.dataset.years)}
        return (Problem(self.dataset.years_at, "year-uncovered", details),)

    @cached_property
    def outside(self) -> tuple[int, ...]:
        """The years asked about that the instrument does not apply to."""
        scopes = [{int(year) for (year,) in self.answer.ever(name, 1)} for name in self.policy.vocabulary.supplied("scope")]
        return tuple(year for year in self.years if any(year not in scope for scope in scopes))

    def needs_day(self, name: str) -> bool:
        """Whether verdicts of a kind look at the day of review, and there is none."""
        return self.as_of is None and not self._reached(name).isdisjoint(self.policy.vocabulary.supplied("today"))

    @cached_property
    def _uncovered(self) -> tuple[int, ...]:
        """Years that verdicts look back to and the dataset does not cover, so that what would count as absent in another year
        is open. (Figures are open in any year that lacks them.)"""
        tables = {name: table for name, table in self.policy.vocabulary.tables().items()
                  if all(column.completes != "order" for column in table.columns)}  # fmt: skip
        years = {int(atom.arguments[tables[atom.predicate].place("year")]) for atom in self.answer.choices
                 if atom.predicate in tables and self.facts.anonymous.keys().isdisjoint(map(str, atom.arguments))}  # fmt: skip
        return tuple(sorted(years - {*self.dataset.years})) if self.dataset.units() else ()

    @cached_property
    def _provers(self) -> dict[World, Prover]:
        return {}

    @cached_property
    def _looked_into(self) -> dict[str, set[str]]:
        """For each predicate, the predicates that its rules, or the loader that supplies it, look into."""
        below: dict[str, set[str]] = {}
        for rule in self.policy.rules:
            if rule.head is not None:
                below.setdefault(rule.head.name, set()).update(atom.name for atom in rule.atoms if atom.role != "head")
        for name, predicate in self.policy.vocabulary.predicates.items():
            supplied = {str(predicate.option(option)) for option in ("recorded", "unknown") if predicate.option(option)}
            below.setdefault(name, set()).update(supplied)
        return below

    def _absence(self, name: str) -> str:
        """The least reliable provenance among the tables that tell whether an atom of a predicate is absent."""
        tables = self._reached(name) & self.policy.vocabulary.tables().keys()
        return max(map(self.dataset.provenance_of, tables), key=PROVENANCES.index, default=PROVENANCES[0])

    def _reached(self, name: str) -> set[str]:
        """The predicates that a predicate depends on, itself included."""
        reached: set[str] = set()
        waiting = {name}
        while waiting:
            current = waiting.pop()
            reached.add(current)
            waiting |= self._looked_into[current] - reached
        return reached

    def _prover(self, world: World) -> Prover:
        settled = self._prover(self.answer.settled) if world is not self.answer.settled else None
        if world not in self._provers:
            self._provers[world] = Prover(self.policy.vocabulary, self.policy.rules, self.facts, world, self.order,
                                              self._absence, settled)  # fmt: skip
        return self._provers[world]

    def prover(self, atom: Atom) -> Prover:
        """What proves a verdict: the completion named by its proof, or what holds in all of them."""
        return self._prover(self.answer.worlds.get(atom, self.answer.settled))

    def verdict(self, atom: Atom, status: str) -> Verdict | None:
        """An atom of the answer as a verdict; None about an item that merely stands for unknown assignments."""
        if any(argument in self.facts.anonymous for argument in atom.arguments):
            return None
        predicate = self.policy.vocabulary.predicates[atom.predicate]
        prover = self.prover(atom)
        cites = prover.cites(atom)
        if status == "certain" and (common := self.answer.common.get(atom)) is not None:
            cites = tuple(sorted(common, key=self.order.__getitem__))
        arguments = {argument.name: printed_value(argument.type, value)
                     for argument, value in zip(predicate.arguments, atom.arguments, strict=True)}  # fmt: skip
        return Verdict(atom, arguments, status, cites, prover.provenance(atom))

    def uncited(self, verdict: Verdict, provisions: Sequence[str]) -> tuple[str, ...]:
        """Which of the provisions no proof of the verdict cites: in every completion if certain, else in some."""
        if all(provision in verdict.cites for provision in provisions):
            return ()
        cited = self.answer.somewhere.get(verdict.atom, frozenset()) | set(verdict.cites)
        return tuple(provision for provision in provisions if provision not in cited)

    def cases(self, verdict: Verdict) -> tuple[Case, ...]:
        """The proofs of a verdict: one case where it rests on the same grounds in every completion; for a certain one that
        does not, a case for each of its grounds; for a possible one, an example."""
        cases = []
        for world in self.answer.cases(verdict.atom):
            proofs = self._prover(world).prove(verdict.atom)
            cases.append(Case(proofs, self._assumed(world, proofs) if world is not self.answer.settled else ()))
        return tuple(cases)

    def why_not(self, goal: Atom) -> WhyNot | None:
        """What keeps a goal from being certain; None if nothing does. Open arguments are `whynot.OPEN`."""
        return self.answer.why_not(_able(self.policy, self.facts, self.readings), self.policy.vocabulary.predicates, goal)

    def why_nots(self, goals: Iterable[Atom]) -> dict[Atom, WhyNot]:
        """What keeps goals from holding that hold in no completion: quicker for many than one by one."""
        return self.answer.why_nots(_able(self.policy, self.facts, self.readings), self.policy.vocabulary.predicates, goals)

    def _assumed(self, world: World, proofs: Sequence[Proof]) -> tuple[Atom, ...]:
        """What proofs assume about unknown data. Where one says `not` of something, that is what its completion chooses for
        whatever the proof names."""
        steps: list[Proof] = []
        waiting = list(proofs)
        while waiting:
            steps.append(waiting.pop())
            waiting += steps[-1].children
        found = {step.atom for step in steps if step.kind == "assumed"} & world.chosen
        if any(step.kind == "absent" for step in steps):
            named = {argument for step in steps if step.kind != "row" for argument in step.atom.arguments}
            found |= {atom for atom in world.chosen if atom.arguments[0] in named}
        return tuple(sorted(found))


def _by_name(verdict: Verdict) -> tuple[str, tuple[str, ...]]:
    return verdict.predicate, tuple(verdict.arguments.values())


def evaluate(policy: Policy, dataset: Dataset, *, years: Iterable[int] | None = None, profile: str = "default",
             readings: Mapping[str, str] | None = None, as_of: datetime.date | None = None,
             verdicts: Collection[str] | None = None, everything: bool = False) -> Evaluation:  # fmt: skip
    """Solve a dataset for some of its years (default: all) under a profile with single readings changed.

    `verdicts` names the kinds of verdicts to give (default: all but those only derived on request). With `everything`,
    every rule that the readings leave is traced, not only what proofs show: for coverage.

    Raises Invalid for an unknown profile, reading or year, and for rules clingo objects to.
    """
    here = Location("cchc")
    chosen = policy.values_of(profile, readings or {}, here)
    asked = tuple(sorted(dataset.years if years is None else years))
    for year in asked:
        if dataset.years and year not in dataset.years:
            raise invalid(here, "year-outside", found=year, allowed=listed(str(known) for known in dataset.years))
    if as_of is not None and as_of.isoformat() < policy.instrument["effective_from"]:
        raise invalid(here, "not-in-force", found=as_of.isoformat(), allowed=policy.instrument["effective_from"])
    kinds = frozenset(policy.vocabulary.of_kind("verdict") if verdicts is None else verdicts)
    facts = facts_of(policy, dataset, asked, chosen, as_of, verdicts or ())
    rules = _able(policy, facts, chosen)
    silent = frozenset(policy.vocabulary.supplied("silent"))
    traced = rules if everything else below(rules, kinds, silent, behind_not=False)
    return Evaluation(policy, dataset, asked, profile, chosen, as_of, kinds, facts, _solve(policy, facts, rules, traced, kinds))


def under(evaluation: Evaluation, profile: str, readings: Mapping[str, str] | None = None) -> Answer:
    """The verdicts of the same kinds under another profile or other readings, without proofs. Raises Invalid."""
    chosen = evaluation.policy.values_of(profile, readings or {}, Location("cchc"))
    facts = evaluation.facts.like(chosen)
    rules = _needed(evaluation.policy, facts, chosen, evaluation.kinds)
    return _solve(evaluation.policy, facts, rules, (), evaluation.kinds)


def statuses(answer: Answer) -> frozenset[tuple[Atom, str]]:
    """The atoms of an answer, each certain or possible."""
    return frozenset((atom, status) for status, atoms in (("certain", answer.certain), ("possible", answer.possible))
                     for atom in atoms)  # fmt: skip


def firing(policy: Policy, facts: Facts, readings: Mapping[str, str], rules: Sequence[Rule]) -> list[Rule]:
    """Those of some rules that fire in some completion: quicker than all verdicts. Raises Invalid."""
    patterns = [Pattern(rule, frozenset()) for rule in rules]
    split = {pattern.rule.number: pattern for pattern in patterns}
    needed = _needed(policy, facts, readings, (rule.head.name for rule in rules if rule.head is not None))
    program = Program([], f"{facts.text}#show.\n{_written(needed, split)}")
    shown = program.shown({name: size for pattern in patterns for name, size in pattern.sizes.items()})
    return [pattern.rule for pattern in patterns if shown[pattern.name]]


def _shown(policy: Policy, facts: Facts) -> str:
    """What stock clingo has to show so that it prints the verdicts."""
    markers = list(policy.vocabulary.supplied("stands_in")) if facts.anonymous else []
    shown = ["#show."]
    for name, predicate in policy.vocabulary.of_kind("verdict").items():
        items = [f"X{i}" for i, argument in enumerate(predicate.arguments) if argument.type.name in facts.anonymous_types]
        if not items or not markers:
            shown.append(f"#show {name}/{len(predicate.arguments)}.")
            continue
        # Nothing is listed for an item that merely stands for unknown assignments.
        atom = f"{name}({','.join(f'X{i}' for i in range(len(predicate.arguments)))})"
        shown.append(f"#show {atom} : {atom}, {', '.join(f'not {marker}({item})' for marker in markers for item in items)}.")
    return "\n".join(shown) + "\n"


def _solve(policy: Policy, facts: Facts, rules: Sequence[Rule], traced: Iterable[Rule], kinds: Collection[str]) -> Answer:
    """Verdicts, and other atoms of the kinds asked for, by some of the rules, and the traces of a part of these, from which
    proofs are read."""
    vocabulary = policy.vocabulary

    def arities(predicates: Mapping[str, Predicate]) -> dict[str, int]:
        return {name: len(predicate.arguments) for name, predicate in predicates.items()}

    def written(atom: Atom) -> str:
        return fact(vocabulary.predicates[atom.predicate], atom.arguments)

    roots = arities({name: vocabulary.predicates[name] for name in (*vocabulary.of_kind("verdict"), *kinds)})
    silent = frozenset(vocabulary.supplied("silent"))
    patterns = [Pattern(rule, silent) for rule in traced]
    stated = [(stated.atom, stated.provision) for stated in policy.facts]
    chosen = {name: arity for name, arity in arities(vocabulary.tables()).items() if vocabulary.predicates[name].option("open")}
    asked = Question(roots, chosen, frozenset(facts.anonymous), patterns, stated, written)
    split = {pattern.rule.number: pattern for pattern in patterns}
    try:
        program = Program([], facts.text + asked.shows + _written(rules, split))
    except Invalid:
        Program(policy.files, facts.text)  # complains likewise, and tells where
        raise
    opened = arities(vocabulary.supplied("opens"))
    if not any(program.open(name, arity) for name, arity in opened.items()) and (left := program.undecided()):
        raise invalid(Location("clingo"), "not-decided", found=listed(left, most=3))
    return Answer(program, asked)


def _written(rules: Iterable[Rule], split: Mapping[int, Pattern]) -> str:
    """Rules as a program; those with a pattern are traced."""
    lines = (split[rule.number].program() if rule.number in split else [rule.plain] for rule in rules)
    return "\n".join(chain.from_iterable(lines)) + "\n"


def _needed(policy: Policy, facts: Facts, readings: Mapping[str, str], roots: Iterable[str]) -> list[Rule]:
    """The rules that some predicates need, those that open unknown data included."""
    return below(_able(policy, facts, readings), (*roots, *policy.vocabulary.supplied("opens")))


def _able(policy: Policy, facts: Facts, readings: Mapping[str, str]) -> list[Rule]:
    given = (name for name, predicate in policy.vocabulary.predicates.items()
             if predicate.kind in {"input", "policy"} and predicate.wanted(facts.requested))  # fmt: skip
    return able(policy.rules, readings, given)


def exported(evaluation: Evaluation) -> str:
    """One logic program, rules and facts, that stock clingo solves to the same verdicts.

    Certain verdicts are those of `clingo --enum-mode=cautious`, possible ones those of `--enum-mode=brave`.
    """
    policy = evaluation.policy
    head = f"% {policy.instrument['number']}, {evaluation.dataset.name}: cchc export --asp. policy {policy.sha256}\n"
    rules = ("".join(f"%@ {provision}\n" for provision in rule.citations) + f"{rule.text}\n" for rule in policy.rules)
    return head + "".join(rules) + "\n% ---- facts\n" + evaluation.facts.text + _shown(policy, evaluation.facts)
