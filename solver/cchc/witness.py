"""The data that a search found, as a case in the contract's format, with what the engine itself says of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc.asp import Program
from cchc.dataset import Dataset
from cchc.evaluation import evaluate
from cchc.facts import facts_of
from cchc.policy import Policy
from cchc.problems import Location
from cchc.properties import FINDING, Property
from cchc.rules import below
from cchc.search import Tables
from cchc.traces import Values
from cchc.vocabulary import ABSENT, Predicate, Vocabulary, printed_value
from cchc.yaml_reader import read

_PLAIN = re.compile(r"[\w][\w.-]*")
_WIDTH = 120


class Under(NamedTuple):
    """A profile with single readings changed."""

    profile: str
    readings: Mapping[str, str] = {}

    @property
    def name(self) -> str:
        """The profile; for single readings changed in the default, those."""
        return ", ".join(f"{name}={value}" for name, value in self.readings.items()) or self.profile

    @property
    def id(self) -> str:
        """The same, fit for the id of a case."""
        return "-".join(part for pair in self.readings.items() for part in pair) or self.profile


class Data(NamedTuple):
    """Tables as a case gives them, the year asked about and, if it matters, the date of review."""

    year: int
    as_of: datetime.date | None
    given: str

    def dataset(self, policy: Policy) -> Dataset:
        document = read("witness", f"given:\n{self.given}", text_only=True, nfc=True)
        return Dataset.from_tables("witness", document, ("given",), policy)


def data_of(vocabulary: Vocabulary, tables: Tables) -> Data:
    """The rows of a search as the tables of a case."""
    asked = [values for name in vocabulary.supplied("asked") for values in tables.get(name, ())]
    today = [values for name in vocabulary.supplied("today") for values in tables.get(name, ())]
    unknown = {predicate.option("unknown"): tables.get(name, ()) for name, predicate in vocabulary.supplied("unknown").items()}
    lines: list[str] = []
    for name, table in vocabulary.tables().items():
        rows = [_row(table, values) for values in tables.get(name, ())]
        rows += [_unknown(table, values) for values in unknown.get(name, ())]
        if rows:
            lines += [f"    {name}:", *(f"      - {_flow(row)}" for row in rows)]
    day = datetime.date.fromordinal(int(today[0][0])) if today else None
    return Data(int(asked[0][0]), day, "\n".join(lines) + "\n")


def _row(table: Predicate, values: Values) -> dict[str, str]:
    return {argument.name: printed_value(argument.type, value)
            for argument, value in zip(table.arguments, values, strict=True)
            if argument in table.columns and value not in {ABSENT, argument.default}}  # fmt: skip


def _unknown(table: Predicate, key: Values) -> dict[str, str]:
    """A row of which only the key is known."""
    known = dict(zip(table.key, key, strict=True))
    return {column.name: printed_value(column.type, known[column.name]) if column.name in known else column.tokens[0]
            for column in table.columns if column.name in known or column.tokens}  # fmt: skip


def confirmed(policy: Policy, data: Data, under: Under, asked: Property) -> frozenset[str]:
    """The findings of a property that the engine itself is certain of: on the data as a user would load it."""
    readings = policy.values_of(under.profile, under.readings, Location("cchc"))
    facts = facts_of(policy, data.dataset(policy), [data.year], readings, data.as_of, asked.verdicts)
    needed = below([rule for rule in (*policy.rules, *asked.rules) if rule.applies(readings)], [FINDING])
    rules = "\n".join(rule.plain for rule in needed)
    program = Program([], f"{facts.text}#show.\n#show {FINDING}/1.\n{rules}\n")
    return frozenset(str(values[0]) for values, number in program.shown({FINDING: 1})[FINDING] if not number)


def case_text(policy: Policy, name: str, title: str, data: Data, expect: Sequence[tuple[Under, Sequence[str]]]) -> str:
    """A case whose expectations are what the engine gives: for each way to read the text, every row of some kinds."""
    dataset = data.dataset(policy)
    lines = [f"- case: {_scalar(name)}", f"  title: {_quoted(title)}", f"  year: {data.year}"]
    if data.as_of:
        lines.append(f"  as_of: {data.as_of.isoformat()}")
    lines += ["  given:", data.given.rstrip("\n"), "  expect:"]
    for under, kinds in expect:
        lines += _block(policy, dataset, data, under, kinds)
    return "\n".join(lines) + "\n"


def _block(policy: Policy, dataset: Dataset, data: Data, under: Under, kinds: Sequence[str]) -> Iterator[str]:
    evaluation = evaluate(policy, dataset, years=[data.year], profile=under.profile, readings=under.readings,
                          as_of=data.as_of, verdicts=kinds)  # fmt: skip
    described = f"profile: {under.profile}"
    if under.readings:
        described += f", readings: {_flow(under.readings)}"
    yield f"    - under: {{{described}}}"
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for verdict in evaluation.verdicts:
        if verdict.arguments.get("year", str(data.year)) == str(data.year):
            row = {key: value for key, value in verdict.arguments.items() if key != "year"}
            rows.setdefault((verdict.status, verdict.predicate), []).append(row)
    for kind in kinds:
        yield f"      {kind}:{_listed(rows.get(('certain', kind), []), '        ')}"
    possible = [kind for kind in kinds if ("possible", kind) in rows]
    if possible:
        yield "      possible:"
        for kind in possible:
            yield f"        {kind}:{_listed(rows['possible', kind], '          ')}"


def _listed(rows: Sequence[Mapping[str, str]], indent: str) -> str:
    line = f" [{', '.join(map(_flow, rows))}]"
    return line if len(line) < _WIDTH - 30 else "".join(f"\n{indent}- {_flow(row)}" for row in rows)


def _flow(row: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_scalar(value)}" for key, value in row.items()) + "}"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
