"""Why not: which conditions of which rules keep a verdict from holding, worked out by the solver from the same rules.

For a goal (an atom, some of whose arguments may be left open) each rule that could give it is asked, literal by literal,
what is unmet where everything it depends on holds; what is unmet and has rules of its own is a goal in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cchc.asp import Holds, Program
from cchc.rules import Check, Comparison, Rule, RuleAtom, Term
from cchc.vocabulary import OPEN, Atom, Predicate, term

_VARIABLE = re.compile(r"\b_*[A-Z]\w*")
_OPPOSITE = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}


def matches(goal: Atom, atom: Atom) -> bool:
    """Whether an atom is an instance of a goal."""
    return goal.predicate == atom.predicate and all(
        wanted in {OPEN, value} for wanted, value in zip(goal.arguments, atom.arguments, strict=True)
    )


class Unmet(NamedTuple):
    """A condition that keeps a rule from giving the goal. `kind`: missing (it does not hold), holds (it does, behind a
    `not`), compared (`left operator right` is false) or checked (one of those that must hold for all).

    `given` are the atoms that the condition depends on; `below` says why a derived one is missing; `foreign` marks what
    shows that the rule is about something else: a unit or item of another kind.
    """

    kind: str
    atom: Atom
    given: tuple[Atom, ...] = ()
    below: WhyNot | None = None
    compared: Compared | None = None
    foreign: bool = False


class Compared(NamedTuple):
    """A comparison that is false: `left operator right`, values of a type (by its name; empty for bare numbers)."""

    left: int | str
    operator: str
    right: int | str
    type: str


class WhyNot(NamedTuple):
    """A goal that does not hold, and for each rule that could give it what is unmet; `foreign` if no rule is about it.

    `assumed` is what the completion looked at chooses for unknown data.
    """

    goal: Atom
    rules: tuple[tuple[Rule, tuple[Unmet, ...]], ...]
    foreign: bool = False
    assumed: frozenset[Atom] = frozenset()

    def atoms(self) -> Iterator[Atom]:
        """Every atom that the answer speaks of."""
        yield self.goal
        for _, conditions in self.rules:
            for unmet in conditions:
                yield from (unmet.atom, *unmet.given)
                if unmet.below is not None:
                    yield from unmet.below.atoms()


class Goal(NamedTuple):
    """A predicate with some arguments bound."""

    name: str
    bound: tuple[bool, ...]
    part: str

    @property
    def predicate(self) -> str:
        return f"{self.part}_{self.name}_{''.join('b' if bound else 'o' for bound in self.bound)}"


class Condition(NamedTuple):
    """How one literal of a rule is asked for under a goal: the trace atom of it being unmet, how to read that, and the
    rules that give it."""

    name: str
    variables: tuple[str, ...]
    kind: str
    literal: RuleAtom | Comparison
    given: tuple[RuleAtom, ...]
    goal: Goal | None
    lines: tuple[str, ...]


class Asked:
    """All goals reached from some, with the conditions of their rules."""

    def __init__(self, part: str, rules: Mapping[str, Sequence[Rule]], predicates: Mapping[str, Predicate]) -> None:
        self.part = part
        self.rules = rules
        self.predicates = predicates
        self.conditions: dict[Goal, list[tuple[Rule, list[Condition]]]] = {}

    @property
    def lines(self) -> Iterator[str]:
        """The rules by which the solver finds what is unmet."""
        for goal, found in self.conditions.items():
            yield f"#defined {goal.predicate}/{sum(goal.bound)}."
            yield from (line for _, conditions in found for condition in conditions for line in condition.lines)

    def ask(self, first: Goal) -> None:
        waiting = [first]
        while waiting:
            goal = waiting.pop()
            if goal in self.conditions:
                continue
            self.conditions[goal] = [(rule, list(self._conditions(goal, rule))) for rule in self.rules.get(goal.name, ())]
            waiting += [c.goal for _, conditions in self.conditions[goal] for c in conditions if c.goal is not None]

    def _conditions(self, goal: Goal, rule: Rule) -> Iterator[Condition]:
        assert rule.head is not None
        arguments = [item.text if item.kind != "string" else f'"{item.text}"'
                     for item, bound in zip(rule.head.terms, goal.bound, strict=True) if bound]  # fmt: skip
        head = _written(goal.predicate, arguments)
        known = {name: frozenset[int]() for text in arguments for name in _VARIABLE.findall(text)}
        body: list[RuleAtom | Comparison | Check] = [*rule.parts, *rule.comparisons]
        binding: list[int] = []
        for index, part in enumerate(body):
            if isinstance(part, RuleAtom) and part.role == "positive":
                needs = _union(known[name] for name in part.variables if name in known)
            elif isinstance(part, Comparison) and part.binds(known):
                needs = _union(known[name] for name in _VARIABLE.findall(part.right) if name in known)
            else:
                continue
            new = [name for name in part.variables if name not in known]
            if new:
                binding.append(index)
                known |= dict.fromkeys(new, needs | {index})
        for index, part in enumerate(body):
            variables = part.checked.variables if isinstance(part, Check) else part.variables
            needs = _union(known[name] for name in variables if name in known) - {index}
            given = [other for number, other in enumerate(body) if number in needs]
            before = ", ".join([head, *(other.text for other in given if not isinstance(other, Check))])
            free = dict.fromkeys(name for name in _VARIABLE.findall(before))
            name = f"{goal.predicate}_{rule.number}_{index}"
            atoms = tuple(other for other in given if isinstance(other, RuleAtom))
            yield from self._condition(name, list(free), before, part, index in binding, atoms)

    def _condition(self, name: str, free: list[str], before: str, part: RuleAtom | Comparison | Check, binds: bool,
                   given: tuple[RuleAtom, ...]) -> Iterator[Condition]:  # fmt: skip
        if isinstance(part, Comparison):
            if not binds and ".." not in part.right:  # an interval only gives a variable its values
                unmet = f"{part.left} {_OPPOSITE[part.operator]} {part.right}"
                free += [side for side in (part.left, part.right) if side not in free and not side.isdigit()]
                yield self._line(name, free, f"{before}, {unmet}", "compared", part, given, None)
        elif isinstance(part, Check):
            conditions = ", ".join(condition.text for condition in part.conditions)
            free = list(dict.fromkeys([*free, *(v for c in part.conditions for v in c.variables)]))
            yield self._line(name, free, f"{before}, {conditions}, not {part.checked.text}", "checked", part.checked, given,
                             self._goal(part.checked, free))  # fmt: skip
        elif part.role == "negative":
            yield self._line(name, free, f"{before}, {part.text}", "holds", part, given, None)
        else:
            shared = [variable for variable in part.variables if variable in free]
            some = _written(f"{name}_some", shared)
            more = (f"#defined {name}_some/{len(shared)}.", f"{some} :- {part.text}.")
            yield self._line(name, free, f"{before}, not {some}", "missing", part, given, self._goal(part, free), more)

    def _line(self, name: str, free: Sequence[str], body: str, kind: str, literal: RuleAtom | Comparison,
              given: tuple[RuleAtom, ...], goal: Goal | None, more: tuple[str, ...] = ()) -> Condition:  # fmt: skip
        lines = [*more, f"#show {name}/{len(free)}. #defined {name}/{len(free)}.", f"{_written(name, free)} :- {body}."]
        if goal is not None:
            assert isinstance(literal, RuleAtom)
            bound = [text for text, is_bound in zip(map(_text, literal.terms), goal.bound, strict=True) if is_bound]
            lines.append(f"{_written(goal.predicate, bound)} :- {_written(name, free)}.")
        return Condition(name, tuple(free), kind, literal, given, goal, tuple(lines))

    def _goal(self, literal: RuleAtom, free: Sequence[str]) -> Goal | None:
        if literal.name not in self.rules:
            return None
        return Goal(literal.name, tuple({*_VARIABLE.findall(_text(item))} <= {*free} for item in literal.terms), self.part)

    def type_of(self, condition: Condition) -> str:
        """The type of what is compared: that of an argument where one of the sides stands."""
        assert isinstance(condition.literal, Comparison)
        for atom in condition.given:
            for item, argument in zip(atom.terms, self.predicates[atom.name].arguments, strict=True):
                if item.text in {condition.literal.left, condition.literal.right}:
                    return argument.type.name
        return ""


def asking(rules: Iterable[Rule], predicates: Mapping[str, Predicate], part: str) -> Asked:
    """Asks by rules that can fire; `part` begins the names of the predicates made for it."""
    by_head: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.head is not None:
            by_head.setdefault(rule.head.name, []).append(rule)
    # Predicates that only bound a search, or that two variables add up to, are not looked into.
    looked_into = {name: found for name, found in by_head.items()
                   if not predicates[name].option("silent") and not any(map(_adds_up, found))}  # fmt: skip
    return Asked(part, looked_into, predicates)


def why_not(program: Program, rules: Iterable[Rule], predicates: Mapping[str, Predicate], goals: Sequence[Atom],
            against: Sequence[int], choices: Mapping[Atom, int]) -> dict[Atom, WhyNot]:  # fmt: skip
    """Why goals do not hold in a completion in which the atoms of some numbers do not; open arguments are `OPEN`.

    `choices` are what completions choose between, by their numbers. Empty if there is no such completion. Grounding is what
    takes time, and takes little more for many goals than for one.
    """
    asked = asking(rules, predicates, program.fresh("__whynot"))
    lines = []
    firsts = {}
    for goal in goals:
        first = firsts[goal] = Goal(goal.predicate, tuple(argument != OPEN for argument in goal.arguments), asked.part)
        asked.ask(first)
        types = [argument.type for argument in predicates[goal.predicate].arguments]
        written = [term(type_, value) for type_, value in zip(types, goal.arguments, strict=True) if value != OPEN]
        lines.append(f"{_written(first.predicate, written)}.")
    program.ground(asked.part, "\n".join([f"#program {asked.part}.", *asked.lines, *lines]) + "\n")
    arities = {c.name: len(c.variables) for found in asked.conditions.values() for _, cs in found for c in cs}
    shown = program.shown(arities)

    def read(holds: Holds) -> dict[Atom, WhyNot]:
        unmet = {name: [values for values, number in rows if holds(number)] for name, rows in shown.items()}
        reader = _Reader(asked, unmet)
        chosen = [atom for atom, number in choices.items() if holds(number)]
        return {goal: _assuming(reader.why(first, goal, frozenset()), chosen) for goal, first in firsts.items()}

    return program.model([-number for number in against], read) or {}


def _assuming(found: WhyNot, chosen: Iterable[Atom]) -> WhyNot:
    """An answer with what its completion chooses for whatever it speaks of."""
    named = {argument for atom in found.atoms() for argument in atom.arguments}
    return found._replace(assumed=frozenset(atom for atom in chosen if atom.arguments[0] in named))


def _adds_up(rule: Rule) -> bool:
    return rule.head is not None and any(len(_VARIABLE.findall(_text(item))) > 1 for item in rule.head.terms)


_Groups = dict[str | tuple[str | int, ...], list[tuple[int, Mapping[str, str | int]]]]
"""Values of variables by what the head of their rule then is, in some places; each with its number, to keep their order."""


class _Reader:
    """Puts the answer together from the atoms of a model."""

    def __init__(self, asked: Asked, unmet: Mapping[str, Sequence[tuple[str | int, ...]]]) -> None:
        self.asked = asked
        self.unmet = unmet
        self._kept: dict[tuple[str, tuple[int, ...]], _Groups] = {}

    def why(self, goal: Goal, atom: Atom, above: frozenset[Atom]) -> WhyNot:
        rules = []
        for rule, conditions in self.asked.conditions[goal]:
            assert rule.head is not None
            found = [unmet for condition in conditions for unmet in self._unmet(rule.head, condition, atom, above | {atom})]
            if found:
                rules.append((rule, tuple(dict.fromkeys(found))))
        # A way that lacks all that another one lacks, and more, is not worth saying.
        lacking = [{(unmet.kind, unmet.atom, unmet.compared) for unmet in found} for _, found in rules]
        rules = [way for way, lacks in zip(rules, lacking, strict=True) if not any(fewer < lacks for fewer in lacking)]
        own = [(rule, unmet) for rule, unmet in rules if not any(condition.foreign for condition in unmet)]
        return WhyNot(atom, tuple(own or rules), bool(rules) and not own)

    def _about(self, head: RuleAtom, condition: Condition, goal: Atom) -> Iterator[Mapping[str, str | int]]:
        """The values of variables that belong to a goal: many goals share a condition, most values are about the others."""
        places = tuple(index for index, argument in enumerate(goal.arguments) if argument != OPEN)
        kept = self._kept.get((condition.name, places))
        if kept is None:
            kept = self._kept[condition.name, places] = {}
            for number, values in enumerate(self.unmet[condition.name]):
                known = dict(zip(condition.variables, values, strict=True))
                found = _ground(head, known).arguments
                kept.setdefault(tuple(found[place] for place in places), []).append((number, known))
            kept[OPEN] = [each for key, group in kept.items() if OPEN in key for each in group]
        same = kept.get(tuple(goal.arguments[place] for place in places), [])
        if not (loose := kept[OPEN]):
            return (known for _, known in same)
        fits = [each for each in loose if _matches(head, each[1], goal)]
        return (known for _, known in sorted([*same, *fits], key=lambda each: each[0]))

    def _unmet(self, head: RuleAtom, condition: Condition, goal: Atom, above: frozenset[Atom]) -> Iterator[Unmet]:
        for known in self._about(head, condition, goal):
            given = tuple(_ground(literal, known) for literal in condition.given)
            if isinstance(condition.literal, Comparison):
                sides = known[condition.literal.left], known[condition.literal.right]
                compared = Compared(sides[0], condition.literal.operator, sides[1], self.asked.type_of(condition))
                yield Unmet("compared", goal, given, None, compared)
                continue
            atom = _ground(condition.literal, known)
            below = self.why(condition.goal, atom, above) if condition.goal is not None and atom not in above else None
            predicate = self.asked.predicates[atom.predicate]
            declares = predicate.is_table and predicate.columns[0].type.table == atom.predicate
            foreign = condition.kind == "missing" and (declares or (below is not None and below.foreign))
            yield Unmet(condition.kind, atom, given, below, None, foreign)


def _matches(head: RuleAtom, known: Mapping[str, str | int], goal: Atom) -> bool:
    """Whether values belong to a goal: the same condition may be asked for several."""
    pairs = zip(goal.arguments, _ground(head, known).arguments, strict=True)
    return all(OPEN in {value, found} or value == found for value, found in pairs)


def _ground(literal: RuleAtom, known: Mapping[str, str | int]) -> Atom:
    return Atom(literal.name, tuple(_value(item, known) for item in literal.terms))


def _value(item: Term, known: Mapping[str, str | int]) -> str | int:
    if item.kind in {"string", "constant"}:
        return item.text
    if item.kind == "number":
        return int(item.text)
    if item.kind == "arithmetic":
        # Rules only add and subtract whole numbers from one variable.
        match = re.fullmatch(r"\(?(\w+) ?([-+]) ?(\d+)\)?", item.text)
        base = known.get(match[1]) if match else None
        return base + int(match[2] + match[3]) if match and isinstance(base, int) else OPEN
    return known.get(item.text, OPEN)


def _text(item: Term) -> str:
    return f'"{item.text}"' if item.kind == "string" else item.text


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _written(name: str, arguments: Sequence[str]) -> str:
    return f"{name}({','.join(arguments)})" if arguments else name
