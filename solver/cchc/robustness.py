"""What a verdict hangs on: the readings that change it, and the missing facts that would settle it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from cchc.answers import Answer
from cchc.evaluation import Evaluation, under
from cchc.figures import Assumed
from cchc.render import Renderer
from cchc.text import paragraph
from cchc.vocabulary import Atom, decimal_text

Slot = tuple[str, tuple[str | int, ...]]
"""A table and the key of a row in it whose value is not known."""
Facts = tuple[tuple[Slot, Atom | None], ...]
"""What missing facts turn out to be; None for what does not arise (a cause of what did not fall)."""
_FEW = 9
"""Outcomes of several facts together are only listed up to this number."""
_COMPLETIONS = 5000
"""How many completions a search looks at: their number grows fast with that of the facts."""


class Change(NamedTuple):
    """What another value of one reading changes: atoms with their status before and after (empty: no such verdict)."""

    reading: str
    value: str
    changed: tuple[tuple[Atom, str, str], ...]


class Settling(NamedTuple):
    """Missing facts that settle a verdict together: for what they may be, whether it holds. An outcome leaves out what no
    longer matters given the facts before."""

    slots: tuple[Slot, ...]
    outcomes: tuple[tuple[Facts, bool], ...]


class Span(NamedTuple):
    """Values of a missing fact from which the same follows: single ones, or of a figure all those between two bounds (in
    millionths), of which `with_low` and `with_high` tell whether they belong to it. None: the fact does not arise."""

    slot: Slot
    values: tuple[Atom | None, ...]
    low: Fraction | None = None
    high: Fraction | None = None
    with_low: bool = True
    with_high: bool = True


Outcomes = list[tuple[tuple[Span, ...], bool]]


def sensitivity(evaluation: Evaluation) -> Iterator[Change]:
    """For every other value of every reading, which verdicts of the kinds asked for it changes."""
    before = _statuses(evaluation.answer, evaluation.kinds)
    for name, reading in evaluation.policy.readings.items():
        for value in reading.values:
            if value != evaluation.readings[name]:
                changes = {**evaluation.readings, name: value}
                after = _statuses(under(evaluation, evaluation.profile, changes), evaluation.kinds)
                atoms = sorted(atom for atom in before.keys() | after.keys() if before.get(atom) != after.get(atom))
                yield Change(name, value, tuple((atom, before.get(atom, ""), after.get(atom, "")) for atom in atoms))


def _statuses(answer: Answer, kinds: frozenset[str]) -> dict[Atom, str]:
    found = dict.fromkeys(answer.certain, "certain") | dict.fromkeys(answer.possible, "possible")
    return {atom: status for atom, status in found.items() if atom.predicate in kinds}


def settling(evaluation: Evaluation, atom: Atom, most: int | None = None) -> tuple[list[Settling], list[Slot]]:
    """The smallest sets of missing facts that settle a possible verdict, and all that it may depend on.

    The search is given up, and the list empty or not complete, where it takes more than `most` completions.
    """
    most = _COMPLETIONS if most is None else most
    tables = evaluation.policy.vocabulary.tables()
    slots: dict[Slot, list[Atom]] = {}
    for choice in sorted(evaluation.answer.reached_choices(atom)):
        table = tables[choice.predicate]
        key = tuple(choice.arguments[table.place(name)] for name in table.key)
        slots.setdefault((choice.predicate, key), []).append(choice)
    if not most:
        return [], sorted(slots)
    rows = frozenset(name for name, table in tables.items() if table.option("carried_back"))
    search = _Search(evaluation.answer, atom, slots, rows, most)
    # What only arises in some completions comes last: whether it does is then known.
    ordered = sorted(slots, key=lambda slot: (search.may_not_arise(slot), slot))
    found: list[Settling] = []
    for size in range(1, len(slots) + 1):
        for chosen in combinations(ordered, size):
            if (settled := search.settled(chosen)) is not None:
                found.append(settled)
        if found or search.exhausted:
            break
    return found, sorted(slots)


class _Search:
    """Whether sets of missing facts settle a verdict, whatever they turn out to be.

    A set does not if two completions agree on it and differ in the verdict. What such a pair differs in is remembered: no
    set without any of that settles the verdict either. Nor does a set with a fact of which the others leave open whether it
    arises at all (the cause of a fall that is not certain): that it is found in the data does not mean that it counts.
    """

    def __init__(self, answer: Answer, atom: Atom, slots: Mapping[Slot, Sequence[Atom]], rows: frozenset[str],
                 most: int) -> None:  # fmt: skip
        """`rows` are the tables whose rows hold or not, whatever else is known."""
        self.answer = answer
        self.rows = rows
        self.atom = atom
        self.slots = slots
        self.apart: list[set[Slot]] = []
        self.left = most

    @property
    def exhausted(self) -> bool:
        return self.left <= 0

    def may_not_arise(self, slot: Slot) -> bool:
        if slot[0] in self.rows:
            return False
        return any(found is not None for found in self.answer.outcomes(self.atom, (), self.slots[slot]))

    def settled(self, chosen: Sequence[Slot]) -> Settling | None:
        """What follows from each value of some facts, those that turn out not to matter left out; None if not settled."""
        self.left -= 1
        outcomes: list[tuple[Facts, bool]] = []
        if self.exhausted or any(pair.isdisjoint(chosen) for pair in self.apart):
            return None
        return Settling(tuple(chosen), tuple(outcomes)) if self._follow(chosen, (), outcomes) else None

    def _follow(self, open_slots: Sequence[Slot], facts: Facts, outcomes: list[tuple[Facts, bool]]) -> bool | None:
        """Whether the facts and the open ones settle the verdict; None if no completion has these facts."""
        self.left -= 1
        made = {value for _, value in facts if value is not None}
        holds, fails = self.answer.outcomes(self.atom, made, {other for slot, _ in facts for other in self.slots[slot]} - made)
        if holds is None or fails is None:
            if holds is fails:
                return None
            outcomes.append((facts, holds is not None))
            return True
        if not open_slots:
            self.apart.append({slot for slot, values in self.slots.items() if holds & {*values} != fails & {*values}})
            return False
        slot, *rest = open_slots
        arises = False
        for value in (*self.slots[slot], None):
            settled = None if self.exhausted else self._follow(rest, (*facts, (slot, value)), outcomes)
            if self.exhausted or settled is False or (settled and value is None and arises):
                return False
            arises = arises or (settled is True and slot[0] not in self.rows)
        return True


def spans(evaluation: Evaluation, settled: Settling) -> Outcomes:
    """What follows from the facts that settle a verdict: each value that a fact may have belongs to one span."""
    return _Spans(evaluation).merged(settled.outcomes, 0)


class _Spans:
    """Puts together what the outcomes of a `Settling` say of single values.

    Values that are tried stand for all between the positions that matter (`completions.py`): neighbours from which the same
    follows are one span, and so nothing between them is left out.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.origins = evaluation.facts.origins
        self.tables = evaluation.policy.vocabulary.tables()
        self.choices = evaluation.answer.choices

    def merged(self, outcomes: Sequence[tuple[Facts, bool]], depth: int) -> Outcomes:
        if len(outcomes) == 1 and len(outcomes[0][0]) == depth:
            return [((), outcomes[0][1])]
        by_value: dict[tuple[Slot, Atom | None], list[tuple[Facts, bool]]] = {}
        for outcome in outcomes:
            by_value.setdefault(outcome[0][depth], []).append(outcome)
        found: list[tuple[Span, Outcomes]] = []
        entries = [(self._span(*fact), self.merged(group, depth + 1)) for fact, group in by_value.items()]
        for span, rest in sorted(entries, key=lambda entry: (entry[0].low is not None, entry[0].low or 0, entry[0].high or 0)):
            before = found[-1] if found else None
            if before is not None and span.low is not None and before[0].low is not None and before[1] == rest:
                span = before[0]._replace(values=(*before[0].values, *span.values), high=span.high, with_high=span.with_high)
                found.pop()
            found.append((span, rest))
        return [((span, *spans), holds) for span, rest in found for spans, holds in rest]

    def _span(self, slot: Slot, value: Atom | None) -> Span:
        table = self.tables[slot[0]]
        column = next((column for column in table.columns if column.completes in {"order", "thresholds"}), None)
        if value is None or column is None:
            return Span(slot, (value,))
        origin = self.origins.get(value)
        if isinstance(origin, Assumed):
            low, high = origin.low, origin.high
        else:  # thresholds, and one value between each two of them
            place = table.place(column.name)
            key = [table.place(name) for name in table.key]
            tried = sorted(int(atom.arguments[place]) for atom in self.choices if atom.predicate == slot[0]
                           and all(atom.arguments[index] == value.arguments[index] for index in key))  # fmt: skip
            index = tried.index(int(value.arguments[place]))
            low, high = Fraction(tried[index - index % 2]), Fraction(tried[index + index % 2])
        return Span(slot, (value,), low, high, low == high, low == high)


# ---- For people and machines ------------------------------------------------------------------------


def sensitivity_text(renderer: Renderer, changes: Iterable[Change], asked: Callable[[Atom], bool]) -> str:
    """The verdicts asked for that another value of a reading would change, by reading; last the readings without effect."""
    evaluation = renderer.evaluation
    lines = [*renderer.heading(), ""]
    idle: dict[str, bool] = {}
    for change in changes:
        changed = [entry for entry in change.changed if asked(entry[0])]
        idle[change.reading] = idle.get(change.reading, True) and not changed
        if not changed:
            continue
        reading = evaluation.policy.readings[change.reading]
        now = evaluation.readings[change.reading]
        head = renderer.say("reading-changes", name=change.reading, now=now, value=change.value, n=len(changed))
        lines += [renderer.style("strong", line) for line in paragraph(head, renderer.width)]
        lines += paragraph(reading.source["question"][renderer.lang], renderer.width, "  ", "  ")
        lines += paragraph(f"{change.value}: {reading.values[change.value][renderer.lang]}", renderer.width, "  ", "  ")
        for atom, before, after in changed:
            statuses = " → ".join(renderer.say(status or "none") for status in (before, after))
            lines += paragraph(f"{renderer.sentence(atom)}: {statuses}", renderer.width, "  - ", "    ")
        lines.append("")
    without = ", ".join(name for name, no_effect in idle.items() if no_effect)
    return "\n".join([*lines, *paragraph(f"{renderer.say('no-effect')}: {without or '–'}", renderer.width)]) + "\n"


def sensitivity_json(renderer: Renderer, changes: Iterable[Change], asked: Callable[[Atom], bool]) -> str:
    """The same as one object: `changes` is a list of readings, values and the verdicts they change."""
    evaluation = renderer.evaluation
    found = [{"reading": change.reading, "value": change.value,
              "verdicts": [{**renderer.named(atom), "before": before or None, "after": after or None}
                           for atom, before, after in change.changed if asked(atom)]} for change in changes]  # fmt: skip
    document = {"dataset": evaluation.dataset.name, "profile": evaluation.profile, "years": list(evaluation.years),
                "notice": dict(evaluation.dataset.notice) if evaluation.dataset.notice else None, "changes": found}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def settling_text(renderer: Renderer, atom: Atom) -> list[str]:
    """What would settle a possible verdict: the smallest sets of missing facts, and what follows from each value."""
    found, slots = settling(renderer.evaluation, atom)
    lines: list[str] = []
    for settled in found:
        names = " + ".join(slot_text(renderer, slot) for slot in settled.slots)
        lines += paragraph(f"{renderer.say('settled-by')}: {names}", renderer.width, "? ", "  ")
        for holds, chosen in told_outcomes(renderer, settled, spans(renderer.evaluation, settled), slot_text):
            word = renderer.say("then-holds" if holds else "then-not")
            lines += paragraph(f"{word}: {'; '.join(chosen)}", renderer.width, "  - ", "    ")
    if not found:
        names = "; ".join(slot_text(renderer, slot) for slot in slots)
        lines += paragraph(renderer.say("settled-by-more", names=names), renderer.width, "? ", "  ")
    return lines


Naming = Callable[[Renderer, Slot], str]
"""How a missing fact is called."""


def told_outcomes(renderer: Renderer, settled: Settling, outcomes: Outcomes, named: Naming) -> Iterator[tuple[bool, list[str]]]:
    """From which facts it follows that a verdict holds, and that it does not; nothing where that is too much to tell."""
    tables = renderer.vocabulary.tables()
    compared = [table for table, _ in settled.slots if any(c.completes == "order" for c in tables[table].columns)]
    # Of figures that are compared with each other, no single one has bounds of its own.
    if len(settled.slots) > 1 and (len(compared) > 1 or len(outcomes) > _FEW):
        return
    for holds in (True, False):
        chosen = [" + ".join(_described(renderer, span, named, len(settled.slots) == 1) for span in facts)
                  for facts, outcome in outcomes if outcome == holds]  # fmt: skip
        if chosen:
            yield holds, chosen


def slot_text(renderer: Renderer, slot: Slot) -> str:
    """A missing fact as a column of a table and the key of its row."""
    table, key = slot
    predicate = renderer.vocabulary.predicates[table]
    values = [renderer.shown(predicate.argument(name).type, value) for name, value in zip(predicate.key, key, strict=True)]
    return f"{table} ({', '.join(values)})"


def _described(renderer: Renderer, span: Span, named: Naming, alone: bool) -> str:
    """A span in words; the fact is named unless it is the only one."""
    name = "" if alone else f"{named(renderer, span.slot)}: "
    if span.low is not None and span.high is not None:
        return name + _bounds(renderer, span, span.low, span.high)
    (value,) = span.values
    if value is not None:
        return renderer.assumption(value)
    rows = renderer.vocabulary.predicates[span.slot[0]].option("carried_back")
    return f"{named(renderer, span.slot)}: {renderer.say('no-such-row' if rows else 'nothing-chosen')}"


def _bounds(renderer: Renderer, span: Span, low: Fraction, high: Fraction) -> str:
    def number(value: Fraction) -> str:
        text = decimal_text(round(value)).replace(".", "," if renderer.lang == "vi" else ".")
        return text if value.denominator == 1 else renderer.say("about", a=text)

    if low == high:
        return renderer.say("equals", a=number(low))
    least = [renderer.say("at-least" if span.with_low else "over", a=number(low))] if low or not span.with_low else []
    most = renderer.say("at-most" if span.with_high else "under", a=number(high))
    return renderer.say("and").join([*least, most])
