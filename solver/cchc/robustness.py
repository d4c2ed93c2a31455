"""What a verdict hangs on: the readings that change it, and the missing facts that would settle it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from cchc.answers import Answer
from cchc.evaluation import Evaluation, under
from cchc.render import Renderer
from cchc.text import paragraph
from cchc.vocabulary import Atom

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


def settling(evaluation: Evaluation, atom: Atom, most: int = _COMPLETIONS) -> tuple[list[Settling], list[Slot]]:
    """The smallest sets of missing facts that settle a possible verdict, and all that it may depend on.

    The search is given up, and the list empty or not complete, where it takes more than `most` completions.
    """
    tables = evaluation.policy.vocabulary.tables()
    slots: dict[Slot, list[Atom]] = {}
    for choice in sorted(evaluation.answer.reached_choices(atom)):
        table = tables[choice.predicate]
        key = tuple(choice.arguments[table.place(name)] for name in table.key)
        slots.setdefault((choice.predicate, key), []).append(choice)
    if not most:
        return [], sorted(slots)
    search = _Search(evaluation.answer, atom, slots, most)
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

    def __init__(self, answer: Answer, atom: Atom, slots: Mapping[Slot, Sequence[Atom]], most: int) -> None:
        self.answer = answer
        self.atom = atom
        self.slots = slots
        self.apart: list[set[Slot]] = []
        self.left = most

    @property
    def exhausted(self) -> bool:
        return self.left <= 0

    def may_not_arise(self, slot: Slot) -> bool:
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
            arises = arises or settled is True
        return True


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
        if len(settled.slots) > 1 and len(settled.outcomes) > _FEW:
            continue
        for holds in (True, False):
            # Different values may read alike: two that lie between the same announced figures.
            chosen = dict.fromkeys(" + ".join(f"{slot_text(renderer, slot)}: {renderer.say('nothing-chosen')}" if value is None
                                              else renderer.assumption(value) for slot, value in facts)
                                   for facts, outcome in settled.outcomes if outcome == holds)  # fmt: skip
            if chosen:
                word = renderer.say("then-holds" if holds else "then-not")
                lines += paragraph(f"{word}: {'; '.join(chosen)}", renderer.width, "  - ", "    ")
    if not found:
        names = "; ".join(slot_text(renderer, slot) for slot in slots)
        lines += paragraph(renderer.say("settled-by-more", names=names), renderer.width, "? ", "  ")
    return lines


def slot_text(renderer: Renderer, slot: Slot) -> str:
    """A missing fact as a column of a table and the key of its row."""
    table, key = slot
    predicate = renderer.vocabulary.predicates[table]
    values = [renderer.shown(predicate.argument(name).type, value) for name, value in zip(predicate.key, key, strict=True)]
    return f"{table} ({', '.join(values)})"
