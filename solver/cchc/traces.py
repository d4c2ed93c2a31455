"""Traces: atoms by which the solver records the rule instances that fire, and the worlds that proofs are read from.

A rule `h(X) :- b(X,Y).` is solved as `__t7(X,Y) :- b(X,Y). h(X) :- __t7(X,Y).` The trace atom is flat and short: its
arguments are the variables and expressions of the rule, from which a `Pattern` puts the instance together again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from cchc.rules import Check, Rule, RuleAtom
from cchc.vocabulary import Atom

Values = tuple[str | int, ...]
"""The arguments of a trace atom."""


class Step(NamedTuple):
    """A rule instance that fired: body atoms in the order of the rule's parts, the head itself in place of a check."""

    rule: int
    head: Atom
    body: tuple[Atom, ...]
    checked: tuple[Checked, ...]


class Checked(NamedTuple):
    """One thing that a check of a rule instance went through; `part` is the place of the check in the body."""

    part: int
    atom: Atom
    conditions: tuple[Atom, ...]


class Instance(NamedTuple):
    """A rule instance as its trace tells it, with what its checks went through."""

    pattern: Pattern
    values: Values
    gone_through: tuple[tuple[Gone, Values], ...]

    def rests_on(self) -> list[Atom]:
        """The atoms of its body, and all that its checks went through."""
        values = self.values
        atoms = [get(values) for get in self.pattern.below]
        for gone, found in self.gone_through:
            atoms += [get(found) for get in gone.atoms]
        return atoms

    def step(self) -> Step:
        checked = []
        for gone, found in self.gone_through:
            atom, *conditions = (get(found) for get in gone.atoms)
            checked.append(Checked(gone.part, atom, tuple(conditions)))
        pattern, values = self.pattern, self.values
        body = tuple([get(values) for get in pattern.body])
        return Step(pattern.rule.number, pattern.head(values), body, tuple(sorted(checked)))


class _Terms:
    """The arguments of a trace atom: each variable and expression of the rule once."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.texts = list(texts)
        self.constants: list[str | int] = []

    def getter(self, atom: RuleAtom) -> Callable[[Values], Atom]:
        """Makes the ground atom from the arguments of a trace atom and the constants of the rule."""
        places = [self._place(term.kind, term.text) for term in atom.terms]
        name, constants = atom.name, self.constants
        if not places:
            return lambda values: Atom(name, ())
        # Constants lie behind the arguments, counted from the end: the number of arguments is not known yet.
        if any(place < 0 for place in places):
            return lambda values: Atom(name, tuple([values[p] if p >= 0 else constants[~p] for p in places]))
        if len(places) == 1:
            first = places[0]
            return lambda values: Atom(name, (values[first],))
        get = itemgetter(*places)
        return lambda values: Atom(name, get(values))

    def _place(self, kind: str, text: str) -> int:
        if kind in {"string", "constant", "number"}:
            self.constants.append(int(text) if kind == "number" else text)
            return -len(self.constants)
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)


class Gone(NamedTuple):
    """How a check of a rule is traced: the trace has the arguments of the instance first. The atom checked is the first
    of the literals, its conditions are the others."""

    part: int
    name: str
    terms: tuple[str, ...]
    literals: tuple[RuleAtom, ...]
    atoms: tuple[Callable[[Values], Atom], ...]


class Pattern:
    """How the instances of one rule are written as trace atoms and read back."""

    def __init__(self, rule: Rule, silent: frozenset[str]) -> None:
        assert rule.head is not None
        self.rule = rule
        self.head_literal = rule.head
        self.name = f"__t{rule.number}"
        terms = _Terms()
        self.head = terms.getter(rule.head)
        self.body = tuple(terms.getter(part) if isinstance(part, RuleAtom) else self.head for part in rule.parts)
        self.terms = tuple(terms.texts)
        found = [(part, get) for part, get in zip(rule.parts, self.body, strict=True)
                 if isinstance(part, RuleAtom) and part.role == "positive" and part.name not in silent]  # fmt: skip
        self.supports = tuple(part for part, _ in found)
        self.below = tuple(get for _, get in found)
        self.denied = tuple(part.name for part in rule.parts if isinstance(part, RuleAtom) and part.role == "negative")
        self.checks = tuple(self._gone(number, part) for number, part in enumerate(rule.parts) if isinstance(part, Check))

    def _gone(self, number: int, check: Check) -> Gone:
        terms = _Terms(self.terms)
        literals = (check.checked, *check.conditions)
        atoms = tuple(terms.getter(literal) for literal in literals)
        return Gone(number, f"__x{self.rule.number}_{number}", tuple(terms.texts), literals, atoms)

    @property
    def sizes(self) -> dict[str, int]:
        """The names of its trace atoms, each with the number of arguments."""
        return {self.name: len(self.terms), **{gone.name: len(gone.terms) for gone in self.checks}}

    def bound(self) -> str:
        """The trace atom in a body; what stands for an expression there is a variable of its own."""
        return _written(self.name, self._variables(self.terms))

    def went(self, gone: Gone) -> str:
        """The trace atom of a check beside the bound one of its instance."""
        return _written(gone.name, self._variables(gone.terms))

    def _variables(self, terms: Sequence[str]) -> list[str]:
        return [text if text.isidentifier() else f"_T{index}" for index, text in enumerate(terms)]

    def literal(self, literal: RuleAtom, terms: Sequence[str]) -> str:
        """An atom of the rule beside its bound trace atom."""
        named = dict(zip(terms, self._variables(terms), strict=True))
        written = [f'"{term.text}"' if term.kind == "string" else named.get(term.text, term.text) for term in literal.terms]
        return _written(literal.name, written)

    def program(self) -> Iterator[str]:
        """The rule, split so as to record its instances, and what its checks went through."""
        yield f"#defined {self.name}/{len(self.terms)}. #show {self.name}/{len(self.terms)}."
        yield f"{_written(self.name, self.terms)}{' :- ' if self.rule.body else ''}{self.rule.body}."
        yield f"{self.literal(self.head_literal, self.terms)} :- {self.bound()}."
        for gone in self.checks:
            yield f"#defined {gone.name}/{len(gone.terms)}. #show {gone.name}/{len(gone.terms)}."
            conditions = [self.literal(literal, gone.terms) for literal in gone.literals[1:]]
            yield f"{self.went(gone)} :- {'; '.join([self.bound(), *conditions])}."


def _written(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({','.join(arguments)})" if arguments else name


Shown = Mapping[str, Sequence[tuple[Values, int]]]
"""Atoms by predicate: the arguments, and the solver's number for the atom (0 where it holds in every completion)."""


class Traces:
    """All instances of a grounded program, by the atom they give: settled ones, and those of some completions only."""

    def __init__(self, patterns: Sequence[Pattern], shown: Shown) -> None:
        self.settled: dict[Atom, list[tuple[Pattern, Values]]] = {}
        self.open: dict[Atom, list[tuple[Pattern, Values, int]]] = {}
        self._gone: dict[tuple[str, Values], list[tuple[Gone, Values, int]]] = {}
        for pattern in patterns:
            head, size = pattern.head, len(pattern.terms)
            for values, number in shown.get(pattern.name, ()):
                if number:
                    self.open.setdefault(head(values), []).append((pattern, values, number))
                else:
                    self.settled.setdefault(head(values), []).append((pattern, values))
            for gone in pattern.checks:
                for values, number in shown.get(gone.name, ()):
                    self._gone.setdefault((pattern.name, values[:size]), []).append((gone, values, number))

    def instance(self, pattern: Pattern, values: Values, holds: Callable[[int], bool]) -> Instance:
        if not pattern.checks:
            return Instance(pattern, values, ())
        gone_through = self._gone.get((pattern.name, values), ())
        return Instance(pattern, values, tuple((gone, found) for gone, found, number in gone_through if holds(number)))

    def open_below(self, root: Atom) -> set[Atom]:
        """Every atom, behind a `not` or not, that some instance of an unsettled atom rests on in some completion."""
        found: set[Atom] = set()
        waiting = [root]
        while waiting:
            atom = waiting.pop()
            if atom not in found:
                found.add(atom)
                for pattern, values, _ in self.open.get(atom, ()):
                    waiting += [get(values) for get in pattern.body]
                    waiting += self.instance(pattern, values, lambda number: True).rests_on()
        return found

    def unsettled(self, roots: Iterable[Atom], holds: Callable[[int], bool]) -> dict[Atom, list[Instance]]:
        """What atoms rest on in a completion, as far as it is not settled."""
        found: dict[Atom, list[Instance]] = {}
        waiting = [*roots]
        while waiting:
            atom = waiting.pop()
            if atom not in found and atom in self.open:
                fired = [(pattern, values) for pattern, values, number in self.open[atom] if holds(number)]
                found[atom] = [self.instance(pattern, values, holds) for pattern, values in fired]
                waiting += chain.from_iterable(instance.rests_on() for instance in found[atom])
        return found


class World:
    """One completion of the data (the only one where nothing is unknown): the rule instances its verdicts rest on."""

    def __init__(self, traces: Traces, unsettled: Mapping[Atom, Sequence[Instance]] | None = None,
                 chosen: frozenset[Atom] = frozenset()) -> None:  # fmt: skip
        """`chosen` is what the completion chooses for unknown data."""
        self._traces = traces
        self._unsettled = unsettled or {}
        self.chosen = chosen

    def settled(self, atom: Atom) -> bool:
        """Whether what the atom rests on is the same in every completion."""
        return atom not in self._unsettled

    def instances(self, atom: Atom) -> Sequence[Instance]:
        """The rule instances that give an atom; none for data and facts of the text."""
        if (found := self._unsettled.get(atom)) is not None:
            return found
        return [self._traces.instance(*fired, lambda number: not number) for fired in self._traces.settled.get(atom, ())]

    def steps(self, atom: Atom) -> list[Step]:
        return sorted(instance.step() for instance in self.instances(atom))


def citation_program(part: str, seeds: Iterable[str], patterns: Iterable[Pattern], stated: Iterable[tuple[str, str]]) -> str:
    """Rules that carry citations up the trace of the seed atoms: `__cited_<part>(number of the seed, provision)`.

    `stated` are facts of the text with their provision.
    """
    text = [f"#program {part}.", f"#show __cited_{part}/2. #project __cited_{part}/2.",
            f"__cited_{part}(N,P) :- __seed({part},N,A), __c({part},A,P).",
            f"__d({part},A) :- __seed({part},_,A)."]  # fmt: skip
    text += [f"__seed({part},{number},{seed})." for number, seed in enumerate(seeds)]
    text += [f'__c({part},{atom},"{provision}").' for atom, provision in stated]
    for pattern in patterns:
        head = pattern.literal(pattern.head_literal, pattern.terms)
        fired = f"__d({part},{head}), {pattern.bound()}"
        text += [f'__c({part},{head},"{provision}") :- {fired}.' for provision in pattern.rule.citations]
        below = [(fired, pattern.literal(literal, pattern.terms)) for literal in pattern.supports]
        for gone in pattern.checks:
            below += [(f"{fired}, {pattern.went(gone)}", pattern.literal(literal, gone.terms)) for literal in gone.literals]
        for body, atom in below:
            text += [f"__d({part},{atom}) :- {body}.", f"__c({part},{head},P) :- {body}, __c({part},{atom},P)."]
    return "\n".join(text) + "\n"
