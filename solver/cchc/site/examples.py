"""Cases as examples of a provision: where it decides, where it does not, where it depends on how the text is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.files import load_yaml
from cchc.problems import Invalid, Location
from cchc.vocabulary import Argument, Predicate, Vocabulary, parse_decimal, shown_value

Row = Mapping[str, Any]


class Block(NamedTuple):
    """One expectation of a case: under which readings, and the certain and possible rows of each kind."""

    profile: str
    readings: Mapping[str, str]
    draft: str
    certain: Mapping[str, Sequence[Row]]
    possible: Mapping[str, Sequence[Row]]

    def rows(self, predicate: str) -> list[Row]:
        return [*self.certain.get(predicate, ()), *self.possible.get(predicate, ())]


class Example(NamedTuple):
    """A case of a case file."""

    id: str
    title: str
    year: str
    as_of: str
    given: Mapping[str, Sequence[Row]]
    blocks: tuple[Block, ...]
    file: Path

    def called(self, lang: str) -> str:
        """Its title in a language; a title that has no English part is told as it is."""
        vietnamese, _, english = self.title.partition(" / ")
        return english or vietnamese if lang == "en" else vietnamese

    @property
    def size(self) -> int:
        return sum(map(len, self.given.values()))


class Chosen(NamedTuple):
    """Examples of a provision, with the kind of verdict that they are about."""

    predicate: str
    applies: list[Example]
    depends: list[Example]
    not_: list[Example]


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """The cases of some files, without those that are about drafts."""
    found = []
    for path in paths:
        for case in load_yaml(path, text_only=True, nfc=True).data:
            blocks = tuple(map(_block, case["expect"]))
            if not any(block.draft for block in blocks):
                found.append(Example(case["case"], case["title"], str(case["year"]), str(case.get("as_of", "")),
                                     case.get("given", {}), blocks, path))  # fmt: skip
    return found


def _block(entry: Mapping[str, Any]) -> Block:
    under = entry["under"]
    certain = {name: rows for name, rows in entry.items() if name not in {"under", "possible"}}
    return Block(under.get("profile", "default"), under.get("readings", {}), under.get("with", ""), certain,
                 entry.get("possible", {}))  # fmt: skip


def choose(examples: Sequence[Example], provisions: Collection[str], most: int = 2) -> Chosen | None:
    """The smallest examples of some provisions: those whose verdicts must cite them, and others of the same files, about
    the same kind of verdict, that have none. None where no case cites them."""

    def cites(row: Row) -> bool:
        return not set(provisions).isdisjoint(row.get("because", ()))

    blocks = [block for one in examples for block in one.blocks]
    kinds = Counter(name for block in blocks for name in dict.fromkeys([*block.certain, *block.possible])
                    for row in block.rows(name) if cites(row))  # fmt: skip
    if not kinds:
        return None
    kind = kinds.most_common(1)[0][0]
    groups: dict[tuple[bool, bool], list[Example]] = {}
    sizes, hits = Counter(one.file for one in examples), Counter[Path]()
    for one in examples:
        told = [any(map(cites, block.rows(kind))) for block in one.blocks if kind in block.certain or kind in block.possible]
        groups.setdefault((True in told, False in told), []).append(one)
        hits[one.file] += True in told

    def nearest(*told: bool) -> list[Example]:
        """Of the files most about these provisions, the smallest; where it depends, whole profiles first."""
        found = [one for one in groups.get((told[0], told[1]), ()) if hits[one.file]]
        return sorted(found, key=lambda one: (-round(hits[one.file] / sizes[one.file], 1),
                                              all(told) and any(block.readings for block in one.blocks), one.size))[:most]

    return Chosen(kind, nearest(True, False), nearest(True, True), nearest(False, True))


class Teller:
    """Tells the rows of cases in words."""

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self.vocabulary = vocabulary
        self.lang = lang

    def given(self, example: Example) -> Iterator[str]:
        """The rows of each table, as one sentence a table."""
        for name, rows in example.given.items():
            predicate = self.vocabulary.predicates.get(name)
            if predicate is not None and rows:
                yield "; ".join(self.row(predicate, row) for row in rows)

    def row(self, predicate: Predicate, row: Row, **more: str) -> str:
        """A row as its reading says it; what it leaves out stands for itself."""
        words = {argument.name: self._value(argument, row.get(argument.name, more.get(argument.name)))
                 for argument in predicate.arguments}  # fmt: skip
        return predicate.readings[self.lang].format(**words)

    def verdicts(self, example: Example, block: Block, kinds: Collection[str]) -> Iterator[tuple[str, str, bool]]:
        """The rows that a block expects of some kinds, each with its kind and whether it is certain."""
        for certain, named in ((True, block.certain), (False, block.possible)):
            for name, rows in named.items():
                predicate = self.vocabulary.predicates.get(name)
                if predicate is not None and name in kinds:
                    yield from ((name, self.row(predicate, row, year=example.year), certain) for row in rows)

    def _value(self, argument: Argument, value: Any) -> str:
        if value is None:
            value = argument.default if argument.default is not None else "–"
        text = str(value)
        if argument.type.base == "decimal":
            try:
                return shown_value(argument.type, parse_decimal(text, Location("")), self.lang, lambda kind, name: name)
            except Invalid:  # a token such as unknown
                return text
        if argument.type.base == "date" and self.lang == "vi" and text.count("-") == 2:
            return "/".join(reversed(text.split("-")))
        return shown_value(argument.type, text, self.lang, lambda kind, name: name)
