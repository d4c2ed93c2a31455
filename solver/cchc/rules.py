"""Rules as the engine handles them: their parts, the traces that record which instances fire, clingo's messages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cchc.files import read_text
from cchc.problems import Location, Problem, display_path
from cchc.vocabulary import Atom

FLAT_ATOM = re.compile(r'[a-z_]\w*\([^()"]*(?:"[^"]*"[^()"]*)*\)')
"""An atom without nested terms, as clingo prints it."""
_ARGUMENT = re.compile(r'"([^"]*)"|(-?\d+)|([a-z_]\w*)')
_MESSAGE = re.compile(
    r"(?:(?P<path>[^\n]*?):(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: )?(?:error|info|warning): (?P<text>.*)", re.S
)


@dataclass(frozen=True, slots=True)
class Term:
    """An argument in a rule; kind is variable, anonymous, string, constant, number, arithmetic or other."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleAtom:
    """An atom in a rule; role is head, positive, negative, checked (L in `L : C`) or condition (C)."""

    name: str
    terms: tuple[Term, ...]
    role: str
    text: str
    at: Location

    @property
    def signature(self) -> str:
        return f"{self.name}/{len(self.terms)}"


@dataclass(frozen=True, slots=True)
class Check:
    """A conditional literal `L : C1, …, Cn` of a body: L for all that satisfy the conditions."""

    checked: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a policy file. `parts` are its body in order: an atom (role positive or negative) or a check.

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
    body: str
    atoms: tuple[RuleAtom, ...]
    forbidden: tuple[tuple[str, Location], ...]


class Step(NamedTuple):
    """A rule instance that fired: body atoms in the order of the rule's parts (`__check` for a check)."""

    rule: int
    head: Atom
    body: tuple[Atom, ...]


class Checked(NamedTuple):
    """One thing that a check of a rule instance went through."""

    step: Step
    part: int
    atom: Atom
    conditions: tuple[Atom, ...]


def traced(rules: Iterable[Rule], roots: Iterable[str], silent: frozenset[str]) -> list[Rule]:
    """The rules that a proof of a root predicate can show: those reached from it without a `not`."""
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
                        if atom.role not in {"head", "negative"}]  # fmt: skip
    return [rule for name in reached for rule in by_head.get(name, ())]


def trace_program(rules: Iterable[Rule]) -> str:
    """Rules that record which instances of the given rules fire: `__t(rule, head, body)`, and for each check in a body
    what it went through: `__x(rule, part, instance, checked, conditions)`.

    No other rule reads these atoms, so they hold as facts exactly where the bodies do. Atoms in them are flat and are
    read from the text of the symbol: taking symbols apart piece by piece is slow.
    """
    text = ["#defined __t/3.", "#defined __x/5."]
    for rule in rules:
        if rule.head is None:
            continue
        body = [part.text if isinstance(part, RuleAtom) else f"__check({i})" for i, part in enumerate(rule.parts)]
        instance = f"__t({rule.number},{rule.head.text},{_tuple(body)})"
        text.append(f"{instance}{' :- ' if rule.body else ''}{rule.body}.")
        for i, part in enumerate(rule.parts):
            if isinstance(part, Check):
                gone_through = f"__x({rule.number},{i},{instance},{part.checked},{_tuple(part.conditions)})"
                text.append(f"{gone_through} :- {instance}; {'; '.join(part.conditions)}.")
    return "\n".join(text) + "\n"


def _tuple(terms: Sequence[str]) -> str:
    return f"({','.join(terms)}{',' if len(terms) == 1 else ''})"


def citation_program(part: str, seeds: Iterable[str], rules: Iterable[Rule], stated: Iterable[tuple[str, str]],
                     silent: frozenset[str]) -> str:  # fmt: skip
    """Rules that carry citations up the trace of the seed atoms: `__c(part, atom, provision)`.

    `stated` are facts of the text with their provision; `silent` predicates only bound the search and cite nothing.
    """
    text = [f"#program {part}.", f"#show __c({part},A,P) : __c({part},A,P), __seed({part},A).",
            f"__d({part},A) :- __seed({part},A).", f"__d({part},A) :- __d({part},H), __x(_,_,__t(_,H,_),A,_).",
            f"__c({part},H,P) :- __d({part},H), __x(_,_,__t(_,H,_),A,_), __c({part},A,P)."]  # fmt: skip
    text += [f"__seed({part},{seed})." for seed in seeds]
    text += [f"__c({part},{atom},{provision})." for atom, provision in stated]
    for rule in rules:
        number = rule.number
        text += [f'__c({part},H,"{provision}") :- __d({part},H), __t({number},H,_).' for provision in rule.citations]
        for i, literal in enumerate(rule.parts):
            if isinstance(literal, RuleAtom) and literal.role == "positive" and literal.name not in silent:
                holes = _tuple(["X" if j == i else "_" for j in range(len(rule.parts))])
                text.append(f"__d({part},X) :- __d({part},H), __t({number},H,{holes}).")
                text.append(f"__c({part},H,P) :- __d({part},H), __t({number},H,{holes}), __c({part},X,P).")
    return "\n".join(text) + "\n"


@functools.lru_cache(maxsize=200_000)
def to_atom(text: str) -> Atom:
    """An atom without nested terms, as clingo prints it; strings, constants and numbers become plain values."""
    name, _, arguments = text.partition("(")
    values = _ARGUMENT.findall(arguments)
    return Atom(name, tuple(int(number) if number else string or constant for string, number, constant in values))


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One completion of the data (the only one where nothing is unknown): the rule instances that its verdicts rest on,
    by the atom they give, what their checks went through, and what an unsettled completion chooses."""

    steps: Mapping[Atom, tuple[Step, ...]]
    checked: Mapping[Step, tuple[Checked, ...]]
    chosen: frozenset[Atom] = frozenset()


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
