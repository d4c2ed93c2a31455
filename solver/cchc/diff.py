"""What is different between two policies: text, facts, duties and rules by provision in the order of the law, readings, and
whatever else says what data means, which text applies and when."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cchc.files import apart
from cchc.policy import OWES, Duty, Policy, PolicyFact, Provision, Reading
from cchc.problems import Location
from cchc.rules import Rule
from cchc.vocabulary import Vocabulary

if TYPE_CHECKING:
    from cchc.twins import Difference

_COMPARED_OTHERWISE = {"id", "text", "words", "facts", "duties"}
"""What is compared of a provision in other ways."""
_READING_COMPARED_OTHERWISE = {"id", "values", "default", "literal"}
_ABOUT_FILES = {"source", "articles"}
"""What `instrument.yaml` says of files; the text is compared itself, its order as well."""
_SPOKEN = {"vi", "en", "title"}
"""What a predicate is called does not change what it means."""
_COMMON = {"input", "policy", "verdict"}
"""The kinds of predicates that two policies have in common where they are compared; each derives the others by itself."""
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


class Setting(NamedTuple):
    """Something written differently that is neither words nor rule: where it stands, and what it says there (None: nothing)."""

    file: str
    name: str
    old: Any
    new: Any


class Diff(NamedTuple):
    """Everything that is written differently in two policies; headings are those that only the old, and only the new text
    has; `files` are all that differ, also where nothing above tells of it: a comment, a text of another day, a gap."""

    provisions: tuple[Changed, ...]
    readings: tuple[ReadingChange, ...]
    headings: tuple[tuple[str, ...], tuple[str, ...]]
    settings: tuple[Setting, ...]
    files: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.provisions or self.readings or any(self.headings) or self.settings or self.files)


def diff(old: Policy, new: Policy) -> Diff:
    """What is written differently in two policies; a provision that only changed its number is compared with itself."""
    moved = _moved(old.provisions, new.provisions)
    known = {moved.get(name, name): provision for name, provision in old.provisions.items()}

    def fact(stated: PolicyFact) -> object:
        return stated.provision, stated.atom, stated.words

    def duty(owed: Duty) -> object:
        # How it is computed is a fact.
        return owed.id, owed.kind, owed.bearers, owed.words, owed.vi, owed.en, owed.evaluable, tuple(owed.evidence.items())

    facts = _apart([_renamed(stated, moved) for stated in _facts(old)], _facts(new), fact)
    duties = _apart([_renamed(owed, moved) for owed in old.duties.values()], new.duties.values(), duty)
    rules = _apart([_recited(rule, moved) for rule in old.rules], new.rules, lambda rule: (rule.citations, rule.plain))
    idle = {name: [rule for rule in rules[0] if not rule.applies({name: reading.default})]
            for name, reading in new.readings.items() if reading.decided}  # fmt: skip
    dropped = {rule.number for found in idle.values() for rule in found}
    rules = [rule for rule in rules[0] if rule.number not in dropped], rules[1]
    found = []
    for name in dict.fromkeys([*_order(known, new.provisions), *(_place(rule) for side in rules for rule in side)]):
        before, after = known.get(name), new.provisions.get(name)
        if before is not None and after is not None and (before.id, before.text) == (after.id, after.text):
            before = after = None
        one = Changed(name, before, after, *_of(facts, name), *_of(duties, name), *_of_rules(rules, name))
        if any(one[1:]):
            found.append(one)
    readings = [ReadingChange(name, old.readings.get(name), new.readings.get(name), len(idle.get(name, ())))
                for name in dict.fromkeys([*old.readings, *new.readings])
                if _same(old.readings.get(name)) != _same(new.readings.get(name))]  # fmt: skip
    settings = [Setting(file, *each) for file, one, other in _written(old, new, moved) for each in _unlike(one, other)]
    return Diff(tuple(found), tuple(readings), _headings(old, new), tuple(settings), apart(old.root, new.root))


def meaning(old: Policy, new: Policy) -> list[Difference] | None:
    """The smallest data on which the verdicts of two policies differ by default, kind by kind: what is not there is proved
    equal on all data of the new policy's spaces. None if both do not read data alike: then nothing is proved. Raises
    Invalid."""
    from cchc.properties import load  # imported late: only what is asked for is searched
    from cchc.twins import differences

    if not comparable(old, new):
        return None
    here = Location("cchc")
    before, after = (policy.values_of("default", {}, here) for policy in (old, new))
    return differences(old, new, before, after, load(new).spaces.values())


def comparable(old: Policy, new: Policy) -> bool:
    """Whether both read data alike and give verdicts of the same shape."""
    return _data(old.vocabulary, new.vocabulary) == _data(new.vocabulary, old.vocabulary)


def _facts(policy: Policy) -> list[PolicyFact]:
    """The facts but for those that say who owes a duty, as the duty itself does."""
    return [stated for stated in policy.facts if stated.atom.predicate != OWES]


def _headings(old: Policy, new: Policy) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that belong to no provision; of those that stand in a text several times, as many as there are more."""
    before, after = ([line.text for line in policy.text if not line.id] for policy in (old, new))
    return tuple((Counter(before) - Counter(after)).elements()), tuple((Counter(after) - Counter(before)).elements())


def _written(old: Policy, new: Policy, moved: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """What else both say, by file: of provisions whose words are the same, of instruments, of profiles, and the vocabulary
    (a predicate that only one has is met in its rules)."""
    for name, before in old.provisions.items():
        after = new.provisions.get(moved.get(name, name))
        if after is not None:
            yield Path(after.at.path).name, {after.id: _rest(before)}, {after.id: _rest(after)}
    yield "instrument.yaml", _without(old.instrument, _ABOUT_FILES), _without(new.instrument, _ABOUT_FILES)
    first, then = _reordered([moved.get(line.id, line.id) for line in old.text if line.id],
                             [line.id for line in new.text if line.id])  # fmt: skip
    yield "instrument.yaml", {"order": first}, {"order": then}
    amended = {each.instrument["id"]: each.instrument for each in old.amendments}
    for each in new.amendments:
        if (before_ := amended.get(name := each.instrument["id"])) is not None:
            yield f"{name}/instrument.yaml", _without(before_, _ABOUT_FILES), _without(each.instrument, _ABOUT_FILES)
    yield ("readings.yaml", {"readings": _worded(old, new), "profiles": old.profiles},
           {"readings": _worded(new, old), "profiles": new.profiles})  # fmt: skip
    one, other = (_declared(each.vocabulary) for each in (old, new))
    for kind, known in one.items():
        shared = sorted(known.keys() & other[kind].keys())
        before_, after_ = ({kind: {name: side[kind][name] for name in shared}} for side in (one, other))
        yield "vocabulary.yaml", before_, after_


def _reordered(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """What both texts have from the first to the last provision that stands elsewhere, in both orders."""
    both = {*old} & {*new}
    pairs = [*zip((name for name in old if name in both), (name for name in new if name in both), strict=True)]
    elsewhere = [place for place, (before, after) in enumerate(pairs) if before != after]
    found = pairs[elsewhere[0] : elsewhere[-1] + 1] if elsewhere else []
    return [before for before, _ in found], [after for _, after in found]


def _declared(vocabulary: Vocabulary) -> dict[str, Mapping[str, Any]]:
    return {"types": {name: type_._asdict() for name, type_ in vocabulary.types.items()},
            "predicates": {name: predicate.options for name, predicate in vocabulary.predicates.items()},
            "columns": vocabulary.columns}  # fmt: skip


def _worded(policy: Policy, other: Policy) -> Mapping[str, Any]:
    """What is said of the readings and values that another policy has, too."""
    return {name: {**_without(reading.source, _READING_COMPARED_OTHERWISE),
                   "values": {value: words for value, words in reading.values.items() if value in other.readings[name].values}}
            for name, reading in policy.readings.items() if name in other.readings}  # fmt: skip


def _rest(provision: Provision) -> Mapping[str, Any]:
    return _without(provision.source, _COMPARED_OTHERWISE)


def _without(entry: Mapping[str, Any], keys: Iterable[str]) -> Mapping[str, Any]:
    return {key: value for key, value in entry.items() if key not in {*keys}}


def _unlike(old: Any, new: Any, above: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two pieces of YAML part: the keys down to there, and both values."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _unlike(old.get(key), new.get(key), f"{above}.{key}" if above else str(key))
    elif old != new:
        yield above, old, new


def _data(one: Vocabulary, other: Vocabulary) -> object:
    """What a vocabulary says of data and of the shape of verdicts, as far as another one has them as well."""
    both = [each for name, each in one.predicates.items() if name in other.predicates and each.kind in _COMMON]
    used = {argument.type.name: argument.type for each in both if each.kind == "input" for argument in each.arguments}
    types = {name: ({*type_.values}, {*type_.exempt}, type_._replace(values={}, exempt={})) for name, type_ in used.items()}
    return {each.name: _without(each.options, _SPOKEN) for each in both}, types


def _of(sides: tuple[list[Stated], list[Stated]], name: str) -> tuple[tuple[Stated, ...], tuple[Stated, ...]]:
    gone, new = (tuple(stated for stated in side if stated.provision == name) for side in sides)
    return gone, new


def _of_rules(sides: tuple[list[Rule], list[Rule]], name: str) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    gone, new = (tuple(rule for rule in side if _place(rule) == name) for side in sides)
    return gone, new


def _place(rule: Rule) -> str:
    """The provision that a rule is shown under; empty if it cites none."""
    return next(iter(rule.citations), "")


def _recited(rule: Rule, moved: Mapping[str, str]) -> Rule:
    """A rule with the new numbers of the provisions that it cites."""
    return rule._replace(citations=tuple(moved.get(name, name) for name in rule.citations))


def _moved(old: Mapping[str, Provision], new: Mapping[str, Provision]) -> dict[str, str]:
    """Provisions that stand under another number with the same words."""
    bodies: dict[str, list[str]] = {}
    for name, provision in new.items():
        bodies.setdefault(_body(provision), []).append(name)
    moves = {name: found[0] for name, provision in old.items()
             if (name not in new or _body(new[name]) != _body(provision))
             and len(found := bodies.get(_body(provision), [])) == 1 and found[0] != name}  # fmt: skip
    # Where the number was that of another provision, which did not make way, it is that one whose words changed; and of two
    # with the same words none is known to have moved.
    claims = Counter(moves.values())
    while taken := [name for name, to in moves.items() if claims[to] > 1 or (to in old and to not in moves)]:
        for name in taken:
            del moves[name]
    return moves


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
