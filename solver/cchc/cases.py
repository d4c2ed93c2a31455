"""Case files: given tables, expected verdicts, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cchc.dataset import Dataset
from cchc.evaluation import Evaluation, Verdict, evaluate
from cchc.files import Document, load_yaml
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest
from cchc.schema import validate
from cchc.vocabulary import parse_date, parse_value, printed_value

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A verdict that a case expects and the engine does not find (`missing`), finds unexpectedly (`extra`), or
    proves without a provision the case names (`uncited`)."""

    kind: str
    predicate: str
    status: str
    arguments: Mapping[str, str]
    at: Location
    provisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One `expect` block of a case, run."""

    case: str
    title: str
    under: str
    at: Location
    differences: tuple[Difference, ...]


def run_file(path: Path, policy: Policy) -> Iterator[Outcome]:
    """Run every block of a case file. Raises Invalid for a file that is not one."""
    document = load_yaml(path, text_only=True)
    validate(document, "cases")
    first: dict[str, int] = {}
    for index, case in enumerate(document.data):
        at = document.at((index, "case"))
        if case["case"] in first:
            raise invalid(at, "repeated-case", found=case["case"], first=first[case["case"]])
        first[case["case"]] = at.line
    for index in range(len(document.data)):
        yield from _Case(document, index, policy).run()


class _Case:
    def __init__(self, document: Document, index: int, policy: Policy) -> None:
        self.document = document
        self.index = index
        self.case: Mapping[str, Any] = document.data[index]
        self.policy = policy
        self.year = int(self.case["year"])

    @cached_property
    def dataset(self) -> Dataset:
        return Dataset.from_tables(self.case["case"], self.document, (self.index, "given"), self.policy)

    def run(self) -> Iterator[Outcome]:
        for number, block in enumerate(self.case["expect"]):
            here = (self.index, "expect", number)
            under = block["under"]
            if "with" in under:
                raise invalid(self.document.at((*here, "under", "with")), "unknown-draft", found=under["with"], allowed="–")
            day = parse_date(self.case["as_of"], self.document.at((self.index, "as_of"))) if "as_of" in self.case else None
            try:
                evaluation = evaluate(self.policy, self.dataset, years=[self.year], profile=under.get("profile", "default"),
                                      readings=under.get("readings", {}), as_of=day)  # fmt: skip
            except Invalid as error:
                raise Invalid(self._placed(problem, here) for problem in error.problems) from error
            shown = ", ".join([under.get("profile", "default"), *(f"{k}={v}" for k, v in under.get("readings", {}).items())])
            differences = tuple(self._compare(block, here, evaluation))
            yield Outcome(self.case["case"], self.case["title"], shown, self.document.at(here), differences)

    def _placed(self, problem: Problem, here: tuple[str | int, ...]) -> Problem:
        """Unknown readings and profiles are found by the engine, which does not know where the case names them."""
        if problem.at.path != "cchc":
            return problem
        return Problem(self.document.at((*here, "under")), problem.code, problem.details)

    def _compare(self, block: Mapping[str, Any], here: tuple[str | int, ...], evaluation: Evaluation) -> Iterator[Difference]:
        possible = block.get("possible", {})
        verdicts = self.policy.vocabulary.of_kind("verdict")
        for name in dict.fromkeys([*(key for key in block if key not in {"under", "possible"}), *possible]):
            if name not in verdicts:
                at = self.document.keys.get((*here, name)) or self.document.keys[(*here, "possible", name)]
                raise invalid(at, "unknown-verdict", found=name, hint=nearest(name, verdicts), allowed=listed(verdicts, 30))
            for status, path in (("certain", (*here, name)), ("possible", (*here, "possible", name))):
                if status == "certain" and name not in block:
                    continue
                expected = self._rows(name, block.get(name, ()) if status == "certain" else possible.get(name, ()), path)
                found = {tuple(verdict.arguments.values()): verdict for verdict in evaluation.verdicts
                         if (verdict.predicate, verdict.status) == (name, status)}  # fmt: skip
                yield from self._differences(name, status, expected, found, evaluation)

    def _rows(self, name: str, rows: Sequence[Mapping[str, Any]], path: tuple[str | int, ...]) -> dict[Values, Any]:
        """Expected rows as printed values, each with its place and the provisions its proof must cite."""
        predicate = self.policy.vocabulary.predicates[name]
        names = [argument.name for argument in predicate.arguments]
        result: dict[Values, Any] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            for key in row:
                if key not in names and key != "because":
                    raise invalid(self.document.keys[(*here, key)], "unknown-column", found=key, hint=nearest(key, names),
                                  allowed=listed([*names, "because"]))  # fmt: skip
            given = {"year": str(self.year), **row}
            if missing := [column for column in names if column not in given]:
                raise invalid(self.document.at(here), "missing-column", found=missing[0], table=name)
            for provision in row.get("because", ()):
                if provision not in self.policy.provisions:
                    raise invalid(self.document.at((*here, "because")), "unknown-provision", found=provision,
                                  hint=nearest(provision, self.policy.provisions))  # fmt: skip
            values = tuple(
                printed_value(argument.type, parse_value(argument.type, given[argument.name], self.document.at((*here, argument.name))))
                for argument in predicate.arguments
            )
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
