"""What is different between two policies: text, facts, duties and rules by provision in the order of the law, and readings."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cchc.policy import Duty, Policy, PolicyFact, Provision, Reading
from cchc.problems import Location
from cchc.rules import Rule

if TYPE_CHECKING:
    from cchc.twins import Difference

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
T = TypeVar("T")
Stated = TypeVar("Stated", PolicyFact, Duty)

Word = tuple[str, str]
"""How a piece of text is in one version against the other (`same`, `gone` or `new`), and the piece."""


class Changed(NamedTuple):
    """A provision by its new number (by its old one where it is gone): its texts where they differ, and the facts, duties
    and rules that only the old or the new policy has under it."""

    id: str
    old: Provision | None
    new: Provision | None
    facts_gone: tuple[PolicyFact, ...]
    facts_new: tuple[PolicyFact, ...]
    duties_gone: tuple[Duty, ...]
    duties_new: tuple[Duty, ...]
    rules_gone: tuple[Rule, ...]
    rules_new: tuple[Rule, ...]


class ReadingChange(NamedTuple):
    """A reading that only one policy has, or that differs in its values, default or decision; `rules` are dropped because
    they serve values that are no longer open."""

    id: str
    old: Reading | None
    new: Reading | None
    rules: int


class Diff(NamedTuple):
    """Everything that is written differently in two policies."""

    provisions: tuple[Changed, ...]
    readings: tuple[ReadingChange, ...]

    def __bool__(self) -> bool:
        return bool(self.provisions or self.readings)


def diff(old: Policy, new: Policy) -> Diff:
    """What is written differently in two policies; a provision that only changed its number is compared with itself."""
    moved = _moved(old.provisions, new.provisions)
    known = {moved.get(name, name): provision for name, provision in old.provisions.items()}

    def fact(stated: PolicyFact) -> object:
        return stated.provision, stated.atom

    def duty(owed: Duty) -> object:
        return owed.id, owed.kind, owed.bearers, owed.vi, owed.en

    facts = _apart([_renamed(stated, moved) for stated in _facts(old)], _facts(new), fact)
    duties = _apart([_renamed(owed, moved) for owed in old.duties.values()], new.duties.values(), duty)
    rules = _apart(old.rules, new.rules, lambda rule: (rule.citations, rule.plain))
    idle = {name: [rule for rule in rules[0] if not rule.applies({name: reading.default})]
            for name, reading in new.readings.items() if reading.decided}  # fmt: skip
    dropped = {rule.number for found in idle.values() for rule in found}
    rules = [rule for rule in rules[0] if rule.number not in dropped], rules[1]
    found = []
    for name in _order(known, new.provisions):
        before, after = known.get(name), new.provisions.get(name)
        if before is not None and after is not None and before.text == after.text:
            before = after = None
        one = Changed(name, before, after, *_of(facts, name), *_of(duties, name), *_of_rules(rules, name))
        if any(one[1:]):
            found.append(one)
    readings = [ReadingChange(name, old.readings.get(name), new.readings.get(name), len(idle.get(name, ())))
                for name in dict.fromkeys([*old.readings, *new.readings])
                if _same(old.readings.get(name)) != _same(new.readings.get(name))]  # fmt: skip
    return Diff(tuple(found), tuple(readings))


def meaning(old: Policy, new: Policy) -> list[Difference]:
    """The smallest data on which the verdicts of two policies differ by default, kind by kind: what is not there is proved
    equal on all data of the new policy's spaces. Raises Invalid."""
    from cchc.properties import load  # imported late: only what is asked for is searched
    from cchc.twins import differences

    here = Location("cchc")
    before, after = (policy.values_of("default", {}, here) for policy in (old, new))
    return differences(old, new, before, after, load(new).spaces.values())


def _facts(policy: Policy) -> list[PolicyFact]:
    """The facts that are not merely what a duty says of itself."""
    predicates = policy.vocabulary.predicates
    return [stated for stated in policy.facts
            if all(argument.type.name != "duty" for argument in predicates[stated.atom.predicate].arguments)]  # fmt: skip


def _of(sides: tuple[list[Stated], list[Stated]], name: str) -> tuple[tuple[Stated, ...], tuple[Stated, ...]]:
    gone, new = (tuple(stated for stated in side if stated.provision == name) for side in sides)
    return gone, new


def _of_rules(sides: tuple[list[Rule], list[Rule]], name: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    gone, new = (tuple(rule for rule in side if (rule.citations or ("",))[0] == name) for side in sides)
    return gone, new


def _moved(old: Mapping[str, Provision], new: Mapping[str, Provision]) -> dict[str, str]:
    """Provisions that stand under another number with the same words."""
    bodies: dict[str, list[str]] = {}
    for name, provision in new.items():
        bodies.setdefault(_body(provision), []).append(name)
    return {name: found[0] for name, provision in old.items()
            if (name not in new or _body(new[name]) != _body(provision))
            and len(found := bodies.get(_body(provision), [])) == 1 and found[0] != name}  # fmt: skip


def _body(provision: Provision) -> str:
    """The text without its number."""
    return provision.text.partition(" ")[2]


def _renamed(stated: Stated, moved: Mapping[str, str]) -> Stated:
    """A fact or duty with the new numbers of what was only renumbered."""
    provision = moved.get(stated.provision, stated.provision)
    if provision == stated.provision:
        return stated

    def now(value: str | int) -> str | int:
        ours = isinstance(value, str) and (value == stated.provision or value.startswith(f"{stated.provision}.o"))
        return f"{provision}{str(value)[len(stated.provision) :]}" if ours else value

    if isinstance(stated, Duty):
        return stated._replace(provision=provision, id=str(now(stated.id)))
    atom = stated.atom._replace(arguments=tuple(map(now, stated.atom.arguments)))
    return stated._replace(provision=provision, atom=atom)


def _apart(old: Iterable[T], new: Iterable[T], key: Callable[[T], object]) -> tuple[list[T], list[T]]:
    """What only the old, and what only the new side has."""
    old, new = list(old), list(new)
    before, after = {key(each) for each in old}, {key(each) for each in new}
    return [each for each in old if key(each) not in after], [each for each in new if key(each) not in before]


def _same(reading: Reading | None) -> object:
    return reading and (sorted(reading.values), reading.default, reading.literal, reading.decided)


def _order(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    """The provisions of both, in the order of the new text, the vanished ones where they stood."""
    yield ""  # rules that cite nothing
    before, after = list(old), list(new)
    for _, low, high, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield from (name for name in before[low:high] if name not in new)
        yield from after[begin:end]


def words(old: str, new: str) -> tuple[list[Word], list[Word]]:
    """The two texts, word by word: which words are gone from the old one and which are new in the new one."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    left: list[Word] = []
    right: list[Word] = []
    for kind, low, high, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        for side, pieces, name in ((left, before[low:high], "gone"), (right, after[begin:end], "new")):
            if pieces:
                side.append(("same" if kind == "equal" else name, "".join(pieces)))
    return _joined(left), _joined(right)


def _joined(pieces: Sequence[Word]) -> list[Word]:
    """A space alone between two changed pieces belongs to the change: it reads better."""
    found: list[Word] = []
    for index, (kind, text) in enumerate(pieces):
        lone = kind == "same" and not text.strip() and found and index + 1 < len(pieces)
        if found and (found[-1][0] == kind or lone):
            found[-1] = (found[-1][0], found[-1][1] + text)
        else:
            found.append((kind, text))
    return found
