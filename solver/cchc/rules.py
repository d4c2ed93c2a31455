"""Rules as the engine handles them: their parts, which of them a proof can show, clingo's messages about them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from cchc.files import read_text
from cchc.problems import Location, Problem, display_path

_VARIABLE = re.compile(r"\b_*[A-Z]\w*")
_MESSAGE = re.compile(
    r"(?:(?P<path>[^\n]*?):(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: )?(?:error|info|warning): (?P<text>.*)", re.S
)


class Term(NamedTuple):
    """An argument in a rule; kind is variable, anonymous, string, constant, number, arithmetic or other."""

    kind: str
    text: str


class RuleAtom(NamedTuple):
    """An atom in a rule; role is head, positive, negative, checked (L in `L : C`) or condition (C)."""

    name: str
    terms: tuple[Term, ...]
    role: str
    text: str
    at: Location

    @property
    def signature(self) -> str:
        return f"{self.name}/{len(self.terms)}"

    @property
    def variables(self) -> tuple[str, ...]:
        texts = (term.text for term in self.terms if term.kind != "string")
        return tuple(dict.fromkeys(name for text in texts for name in _VARIABLE.findall(text)))


class Comparison(NamedTuple):
    """`left operator right` in a body; `N = 1..M` gives N its values where nothing else does."""

    left: str
    operator: str
    right: str

    @property
    def text(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_VARIABLE.findall(self.text)))

    def binds(self, known: Container[str]) -> bool:
        return self.operator == "=" and self.left not in known and _VARIABLE.fullmatch(self.left) is not None


class Check(NamedTuple):
    """A conditional literal `L : C1, …, Cn` of a body: L for all that satisfy the conditions."""

    checked: RuleAtom
    conditions: tuple[RuleAtom, ...]


class Rule(NamedTuple):
    """A rule of a policy file. `parts` are its body in order: an atom (role positive or negative) or a check;
    comparisons are apart.

    `citations_at` are the places of its citations, `text` is the rule as written, and `forbidden` are constructs that
    the policy language does not have, each with its place.
    """

    number: int
    at: Location
    citations: tuple[str, ...]
    citations_at: tuple[Location, ...]
    text: str
    head: RuleAtom | None
    parts: tuple[RuleAtom | Check, ...]
    comparisons: tuple[Comparison, ...]
    body: str
    atoms: tuple[RuleAtom, ...]
    forbidden: tuple[tuple[str, Location], ...]

    def applies(self, readings: Mapping[str, str]) -> bool:
        """Whether the readings that the rule asks for are chosen."""
        asked = (atom.terms for atom in self.atoms if atom.name == "reading" and atom.role == "positive")
        return all(readings.get(name.text, value.text) == value.text for name, value in asked)

    @property
    def plain(self) -> str:
        """The rule without its comments, each `_` named."""
        return f"{self.head.text if self.head else ''}{' :- ' if self.body else ''}{self.body}."


def able(rules: Iterable[Rule], readings: Mapping[str, str], given: Iterable[str]) -> list[Rule]:
    """The rules that can fire at all under some readings, where only some predicates have facts."""
    left = [rule for rule in rules if rule.head is not None and rule.applies(readings)]
    known, fit = set(given), set[int]()
    while now := [rule for rule in left if all(atom.name in known for atom in rule.atoms if atom.role == "positive")]:
        known |= {rule.head.name for rule in now if rule.head is not None}
        fit |= {rule.number for rule in now}
        left = [rule for rule in left if rule.number not in fit]
    return [rule for rule in rules if rule.number in fit]


def below(rules: Iterable[Rule], roots: Iterable[str], silent: frozenset[str] = frozenset(), *,
          behind_not: bool = True) -> list[Rule]:  # fmt: skip
    """The rules that root predicates depend on. Those that a proof can show are reached without a `not`, and not through
    what is silent."""
    by_head: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.head is not None:
            by_head.setdefault(rule.head.name, []).append(rule)
    reached: dict[str, None] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached and name not in silent:
            reached[name] = None
            waiting += [atom.name for rule in by_head.get(name, ()) for atom in rule.atoms
                        if atom.role != "head" and (behind_not or atom.role != "negative")]  # fmt: skip
    return [rule for name in reached for rule in by_head.get(name, ())]


def characters(line: str, column: int) -> int:
    """clingo counts columns in bytes."""
    return len(line.encode()[: column - 1].decode("utf-8", "replace")) + 1


class Log:
    """Collects clingo's messages. Every one is an error for us: some infos hide lost rule instances."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files = {str(path): path for path in files}
        self.problems: list[Problem] = []

    def __call__(self, code: object, message: str) -> None:
        match = _MESSAGE.match(message.strip())
        if match is None or match["path"] is None:
            self.problems.append(Problem(Location("clingo"), "asp-syntax", {"found": " ".join(message.split())}))
            return
        path, line, column = self.files.get(match["path"]), int(match["line"]), int(match["column"])
        if path is not None:
            lines = read_text(path).split("\n")
            column = characters(lines[line - 1], column) if line <= len(lines) else column
        shown = display_path(path) if path is not None else match["path"]
        found = " ".join(match["text"].split())
        self.problems.append(Problem(Location(shown, line, column), "asp-syntax", {"found": found}))
