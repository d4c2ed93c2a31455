"""Case files: given tables, expected verdicts, and what differs."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cchc.applicable import Versions
from cchc.dataset import Dataset
from cchc.evaluation import Evaluation, Verdict, evaluate, firing
from cchc.facts import Facts, facts_of
from cchc.files import Document, Path_
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest
from cchc.rules import Rule
from cchc.schema import load_valid
from cchc.vocabulary import Atom, parse_date, parse_value, printed_value

Values = tuple[str, ...]


class Difference(NamedTuple):
    """A verdict that a case expects and the engine does not find (`missing`), finds unexpectedly (`extra`), or
    proves without a provision the case names (`uncited`)."""

    kind: str
    predicate: str
    status: str
    arguments: Mapping[str, str]
    at: Location
    provisions: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """One `expect` block of a case, run."""

    case: str
    title: str
    under: str
    at: Location
    differences: tuple[Difference, ...]


class Coverage:
    """Which rules and facts of a policy, kinds of verdicts and values in them, and values of readings the cases run so far
    have exercised."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.fired: set[int] = set()
        self.used: set[Atom] = set()
        self.given: set[tuple[str, str, str]] = set()
        self.readings: set[tuple[str, str]] = set()

    def add(self, evaluation: Evaluation) -> None:
        if evaluation.policy is not self.policy:
            return  # rules of another version
        fired, used = evaluation.answer.exercised()
        self.fired |= fired
        self.used |= used
        self.given |= {(verdict.predicate, *pair) for verdict in evaluation.verdicts for pair in verdict.arguments.items()}
        self.readings |= set(evaluation.readings.items())

    def missed(self) -> list[tuple[Location, str]]:
        """Every rule that never fired, fact that none rested on, value no verdict had and value of a reading no case took,
        with its place, in the order of the text."""
        rules = [(rule.at, rule.text) for rule in self.policy.rules if rule.number not in self.fired]
        facts = [(stated.at, f"{stated.atom.predicate}: {stated.words}") for stated in self.policy.facts
                 if stated.atom not in self.used]  # fmt: skip
        kinds = self.policy.vocabulary.of_kind("verdict")
        verdicts = [(verdict.at, name) for name, verdict in kinds.items() if all(name != given for given, *_ in self.given)]
        verdicts += [(verdict.at, f"{name}({argument.name}: {value})") for name, verdict in kinds.items()
                     for argument in verdict.arguments for value in argument.type.values
                     if (name, argument.name, value) not in self.given]  # fmt: skip
        readings = [(reading.at, f"{name}={value}") for name, reading in self.policy.readings.items()
                    for value in reading.values if (name, value) not in self.readings]  # fmt: skip
        return [*sorted(rules), *sorted(facts), *sorted(verdicts), *sorted(readings)]


def run_file(path: Path, policy: Policy, seen: Callable[[Evaluation], None] | None = None) -> Iterator[Outcome]:
    """Run every block of a case file, showing each evaluation to `seen`. Raises Invalid, with every problem found, for a
    file that is not one."""
    for case in read_file(path, policy):
        for number in range(case.blocks):
            evaluation = case.evaluation(number, everything=seen is not None)
            if seen is not None:
                seen(evaluation)
            yield case.compared(number, evaluation)


def read_file(path: Path, policy: Policy) -> list[WrittenCase]:
    """The cases of a file, ready to be run. Raises Invalid, with every problem found, for a file that is not one."""
    document = load_valid(path, "cases", text_only=True, nfc=True)
    first: dict[str, int] = {}
    problems: list[Problem] = []
    versions = Versions(policy)
    cases = [WrittenCase(document, index, versions) for index in range(len(document.data))]
    for index, case in enumerate(cases):
        at, name = document.at((index, "case")), case.case["case"]
        if name in first:
            problems.append(Problem(at, "repeated-case", {"found": name, "first": first[name]}))
        first.setdefault(name, at.line)
        try:
            case.check()
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(problems)
    return cases


def cases_of(path: Path) -> dict[str, Any]:
    """The cases of a file as they are written, by id. Raises Invalid."""
    document = load_valid(path, "cases", text_only=True, nfc=True)
    return {case["case"]: case for case in document.data}


def run_until(paths: Iterable[Path], policy: Policy, rules: set[int]) -> set[int]:
    """Which of some rules of a policy the cases exercise; no more cases are run than it takes to see all of them. Where
    drafts are laid over the policy, only blocks that name one are about it. Raises Invalid."""
    # The rules of another version have other numbers; the same rule stands at the same place.
    wanted = {rule.at: rule.number for rule in policy.rules if rule.number in rules}
    blocks = ((case, number) for path in paths for case in read_file(path, policy) for number in range(case.blocks)
              if not policy.drafts or case.draft(number) in policy.drafts)  # fmt: skip
    for case, number in blocks:
        for rule in case.firing(number, wanted):
            del wanted[rule.at]
        if not wanted:
            break
    return rules - {*wanted.values()}


class WrittenCase:
    """A case as a file has it: one dataset, and blocks that tell what is expected of it."""

    def __init__(self, document: Document, index: int, versions: Versions) -> None:
        self.document = document
        self.index = index
        self.case: Mapping[str, Any] = document.data[index]
        self.versions = versions
        self.policy = versions.newest
        self.year = int(self.case["year"])
        self._datasets: dict[str, Dataset] = {}

    @cached_property
    def given(self) -> Dataset:
        """What is given, before it is known which text, with which duties, it is about."""
        return self._read(self.policy, any_duty=True)

    def dataset(self, policy: Policy) -> Dataset:
        """What is given, as a version of the text reads it. Raises Invalid."""
        if policy.version not in self._datasets:
            self._datasets[policy.version] = self._read(policy)
        return self._datasets[policy.version]

    def _read(self, policy: Policy, *, any_duty: bool = False) -> Dataset:
        incomplete = {table: frozenset(units) for table, units in self.case.get("incomplete", {}).items()}
        years = tuple(map(int, self.case.get("years", ())))
        return Dataset.from_tables(self.case["case"], self.document, (self.index, "given"), policy, incomplete, years,
                                   any_duty=any_duty)  # fmt: skip

    def in_force(self, block: Mapping[str, Any]) -> Policy:
        """The version that a block is about: that of the day of review, or of the announcement, with the draft it names.
        Raises Invalid."""
        drafts = tuple(filter(None, [block["under"].get("with")]))
        if self.day is not None:
            return self.versions.at(self.day, drafts)
        return self.versions.of_year(self.given.rows, self.year, drafts)

    @cached_property
    def day(self) -> datetime.date | None:
        return parse_date(self.case["as_of"], self.document.at((self.index, "as_of"))) if "as_of" in self.case else None

    def check(self) -> None:
        """Everything that can be wrong with a case as it is written. Raises Invalid."""
        units, _ = self.given.units(), self.day
        if (years := self.given.years) and self.year not in years:
            at = self.document.at((self.index, "year"))
            raise invalid(at, "year-outside", found=self.year, allowed=listed(map(str, years)))
        open_tables = [name for name, table in self.policy.vocabulary.tables().items() if table.option("incomplete")]
        for table in self.case.get("incomplete", {}):
            if table not in open_tables:
                raise invalid(self.document.keys[(self.index, "incomplete", table)], "not-allowed", found=table,
                              hint=nearest(table, open_tables), allowed=listed(open_tables))  # fmt: skip
        named = [("about",), *(("incomplete", table) for table in self.case.get("incomplete", {}))]
        for path in named:
            listed_units: Any = self.case
            for step in path:
                listed_units = listed_units.get(step, ())
            for index, unit in enumerate(listed_units):
                if unit not in units:
                    at = self.document.at((self.index, *path, index))
                    raise invalid(at, "undeclared", found=unit, table="unit", hint=nearest(unit, units))
        for number, block in enumerate(self.case["expect"]):
            here: Path_ = (self.index, "expect", number)
            try:
                policy = self.in_force(block)
                policy.values_of(*self._under(block), Location("cchc"))
            except Invalid as error:
                raise Invalid(self._placed(problem, here) for problem in error.problems) from error
            self.dataset(policy)
            for _ in self._expected(block, here, policy):
                pass

    @property
    def blocks(self) -> int:
        return len(self.case["expect"])

    def draft(self, number: int) -> str:
        """The draft that a block names; empty if it is about the text in force."""
        return str(self.case["expect"][number]["under"].get("with", ""))

    def kinds(self, number: int) -> set[str]:
        """The kinds of verdicts that a block names."""
        block = self.case["expect"][number]
        return {*block, *block.get("possible", ())} - {"under", "possible"}

    def evaluation(self, number: int, policy: Policy | None = None, *, everything: bool = False) -> Evaluation:
        """What a block is compared with: under the text that it is about, or one with the same vocabulary and other rules or
        facts."""
        block = self.case["expect"][number]
        profile, readings = self._under(block)
        policy = self.in_force(block) if policy is None else policy
        return evaluate(policy, self.dataset(policy), years=[self.year], profile=profile, readings=readings, as_of=self.day,
                        verdicts=self.kinds(number), everything=everything)  # fmt: skip

    def firing(self, number: int, places: Container[Location]) -> list[Rule]:
        """The rules at some places that fire for what is given, under the text that a block is about."""
        policy = self.in_force(self.case["expect"][number])
        rules = [rule for rule in policy.rules if rule.at in places]
        return firing(policy, self.facts(number, policy), self._chosen(number, policy), rules)

    def facts(self, number: int, policy: Policy) -> Facts:
        """What a block is solved from, under a version of the text."""
        chosen = self._chosen(number, policy)
        return facts_of(policy, self.dataset(policy), [self.year], chosen, self.day, self.kinds(number))

    def _chosen(self, number: int, policy: Policy) -> dict[str, str]:
        return policy.values_of(*self._under(self.case["expect"][number]), Location("cchc"))

    def compared(self, number: int, evaluation: Evaluation) -> Outcome:
        """How the verdicts found differ from those that a block expects."""
        block = self.case["expect"][number]
        here: Path_ = (self.index, "expect", number)
        profile, readings = self._under(block)
        shown = ", ".join([profile, *(f"{name}={value}" for name, value in readings.items()),
                           *(f"with {draft}" for draft in evaluation.policy.drafts)])  # fmt: skip
        differences = tuple(self._compare(block, here, evaluation))
        return Outcome(self.case["case"], self.case["title"], shown, self.document.at(here), differences)

    def _under(self, block: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
        return block["under"].get("profile", "default"), block["under"].get("readings", {})

    def _placed(self, problem: Problem, here: Path_) -> Problem:
        """Unknown readings and profiles are found by the policy, which does not know where the case names them."""
        under, found = (*here, "under"), str(problem.details["found"])
        match problem.code:
            case "unknown-draft":
                at = self.document.at((*under, "with"))
            case "not-in-force" | "expired":
                at = self.document.at((self.index, "as_of"))
            case "unknown-profile":
                at = self.document.at((*under, "profile"))
            case "unknown-reading":
                at = self.document.keys[(*under, "readings", found)]
            case "unknown-value":
                at = self.document.at((*under, "readings", str(problem.details["reading"])))
            case _:  # what is wrong with the draft itself
                return problem
        return Problem(at, problem.code, problem.details)

    def _expected(self, block: Mapping[str, Any], here: Path_, policy: Policy) -> Iterator[tuple[str, str, dict[Values, Any]]]:
        """For each predicate that a block names, the certain and the possible rows it expects."""
        certain = {name: rows for name, rows in block.items() if name not in {"under", "possible"}}
        possible = block.get("possible", {})
        verdicts = self.policy.vocabulary.of_kind("verdict")
        for name in {**certain, **possible}:
            if name not in verdicts:
                at = self.document.keys.get((*here, name)) or self.document.keys[(*here, "possible", name)]
                raise invalid(at, "unknown-verdict", found=name, hint=nearest(name, verdicts),
                              allowed=listed(verdicts, 30))  # fmt: skip
            if name in certain:
                yield name, "certain", self._rows(name, certain[name], (*here, name), policy)
            yield name, "possible", self._rows(name, possible.get(name, ()), (*here, "possible", name), policy)

    def _compare(self, block: Mapping[str, Any], here: Path_, evaluation: Evaluation) -> Iterator[Difference]:
        for name, status, expected in self._expected(block, here, evaluation.policy):
            found = {tuple(verdict.arguments.values()): verdict for verdict in evaluation.verdicts
                     if (verdict.predicate, verdict.status) == (name, status)}  # fmt: skip
            yield from self._differences(name, status, expected, found, evaluation)

    def _rows(self, name: str, rows: Sequence[Mapping[str, Any]], path: Path_, policy: Policy) -> dict[Values, Any]:
        """Expected rows as printed values, each with its place and the provisions its proof must cite."""
        predicate = self.policy.vocabulary.predicates[name]
        names = [argument.name for argument in predicate.arguments]
        result: dict[Values, Any] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            for key in row:
                if key not in names and key != "because":
                    raise invalid(self.document.keys[(*here, key)], "unknown-column", found=key,
                                  hint=nearest(key, names), allowed=listed([*names, "because"]))  # fmt: skip
            given = {"year": str(self.year), **row}
            if missing := [column for column in names if column not in given]:
                raise invalid(self.document.at(here), "missing-column", found=missing[0], table=name)
            for number, provision in enumerate(row.get("because", ())):
                if provision not in policy.provisions:
                    raise invalid(self.document.at((*here, "because", number)), "unknown-provision", found=provision,
                                  hint=nearest(provision, policy.provisions))  # fmt: skip
            types = {argument.name: argument.type for argument in predicate.arguments}
            parsed = {column: parse_value(type_, given[column], self.document.at((*here, column)))
                      for column, type_ in types.items()}  # fmt: skip
            values = tuple(printed_value(types[column], value) for column, value in parsed.items())
            if values in result:
                raise invalid(self.document.at(here), "repeated-row", found=", ".join(values), first=result[values][0])
            result[values] = (self.document.at(here), tuple(row.get("because", ())))
        return result

    def _differences(self, name: str, status: str, expected: Mapping[Values, Any], found: Mapping[Values, Verdict],
                     evaluation: Evaluation) -> Iterator[Difference]:  # fmt: skip
        names = [argument.name for argument in self.policy.vocabulary.predicates[name].arguments]
        about = set(self.case.get("about", ()))
        block_at = self.document.at((self.index, "case"))
        for values in {**expected, **found}:
            arguments = dict(zip(names, values, strict=True))
            if about and arguments.get("unit", "") not in about and "unit" in arguments:
                continue
            if values not in found:
                yield Difference("missing", name, status, arguments, expected[values][0])
            elif values not in expected:
                yield Difference("extra", name, status, arguments, block_at, found[values].cites)
            elif lacking := evaluation.uncited(found[values], expected[values][1]):
                yield Difference("uncited", name, status, arguments, expected[values][0], lacking)
