"""Everything that the pages of one language are written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cchc import gaps, properties
from cchc.consolidation import Line
from cchc.diff import Diff, diff
from cchc.policy import Policy, Provision, source_text
from cchc.problems import Location
from cchc.rules import Rule
from cchc.site.examples import Example, read_examples
from cchc.site.network import Network, readings_in
from cchc.site.words import WORDS
from cchc.text import LAW, in_language, provision_name
from cchc.versions import instruments

SOURCES = "source"
"""The folder of the pages that show the policy files."""


class Draft(NamedTuple):
    """A draft of the repository laid over the text in force, and what it changes."""

    id: str
    policy: Policy
    changes: Diff


class Article(NamedTuple):
    """The lines of the text that stand in one file: an article with its headings."""

    name: str
    called: str
    title: str
    lines: tuple[Line, ...]
    provisions: tuple[Provision, ...]


class Book:
    """A policy with what its folder and its cases say of it, in one language."""

    def __init__(self, policy: Policy, lang: str, cases: Sequence[Path]) -> None:
        self.policy = policy
        self.lang = lang
        self.vocabulary = policy.vocabulary
        self.network = Network(policy)
        self.properties = properties.load(policy)
        self.gaps = gaps.load(policy, self.properties)
        self.examples: list[Example] = read_examples(cases)
        witnesses = policy.folder / gaps.WITNESSES
        self.witnesses = {one.id: one for one in read_examples([witnesses] if witnesses.is_file() else [])}

    @cached_property
    def drafts(self) -> tuple[Draft, ...]:
        found = instruments(self.policy.root)
        names = [one.id for one in found.values() if one.draft and one.data.get("amends") == self.policy.instrument["id"]]
        loaded = [(name, Policy.load(self.policy.root, self.policy.instrument["id"], drafts=[name])) for name in names]
        return tuple(Draft(name, policy, diff(self.policy, policy)) for name, policy in loaded)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        groups: dict[str, list[Line]] = {}
        current = ""
        base = {f"{name}.yaml": name for name in self.policy.instrument["articles"]}
        for line in self.policy.text:
            current = base.get(Path(line.document.path).name, current)  # new lines of an amendment stay where they stand
            groups.setdefault(current, []).append(line)
        return tuple(self._article(name, lines) for name, lines in groups.items())

    def _article(self, name: str, lines: list[Line]) -> Article:
        provisions = tuple(self.policy.provisions[line.id] for line in lines if line.id)
        number = str(lines[0].document.data["article"])
        called = provision_name(number, self.lang) if number[:1].isdigit() else in_language(WORDS["decision"], self.lang)
        printed = (line.text for line in lines if "heading" in line.entry)
        title = next((text for text in printed if text.startswith(f"{called}.")), called)
        return Article(name, called, title, tuple(lines), provisions)

    # -- Places -------------------------------------------------------------------------------------

    @cached_property
    def _article_of(self) -> Mapping[str, str]:
        return {provision.id: article.name for article in self.articles for provision in article.provisions}

    @property
    def instrument_path(self) -> str:
        return f"{LAW}/index.md"

    def article_path(self, name: str) -> str:
        return f"{LAW}/{name}/index.md"

    def article_of(self, provision: str) -> str:
        return self._article_of[provision]

    def article(self, provision: str) -> Article:
        name = self.article_of(provision)
        return next(article for article in self.articles if article.name == name)

    def archived(self, provision: Provision) -> tuple[str, int] | None:
        """Where the words of a provision stand in the archived text of the instrument."""
        path = f"{self.policy.folder.name}/{self.policy.instrument['source']['file']}"
        for number, line in enumerate(self._archive, start=1):
            if " ".join(provision.text.split()) in line:
                return path, number
        return None

    @cached_property
    def _archive(self) -> list[str]:
        return [" ".join(line.split()) for line in source_text(self.policy).split("\n")]

    def provision_path(self, name: str) -> str:
        return f"{LAW}/{name}.md"

    def place(self, name: str) -> tuple[str, str] | None:
        """Where a provision, or a heading over provisions, is shown: the page and the anchor in it."""
        if name in self.policy.provisions:
            return self.provision_path(name), name
        below = next((other for other in self.policy.provisions if other.startswith(name + ".")), None)
        return (self.article_path(self.article_of(below)), below) if below else None

    def source(self, at: Location) -> tuple[str, int]:
        """A place in a policy file, by the path of the file below the policies folder."""
        path = (Path.cwd() / at.path).resolve()
        root = self.policy.root.resolve()
        return (path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name), at.line

    def source_page(self, path: str) -> str:
        return f"{SOURCES}/{path}.md"

    # -- Provisions -----------------------------------------------------------------------------------

    def parts(self, name: str) -> list[str]:
        """The provisions below one, in the order of the text."""
        return [other for other in self.policy.provisions if other.startswith(name + ".")]

    def above(self, name: str) -> list[str]:
        """The provisions that one is a part of, from the outermost."""
        return [other for other in self.policy.provisions if name.startswith(other + ".")]

    def rules_of(self, names: Iterable[str]) -> list[Rule]:
        return self.network.rules_of(names)

    def readings_of(self, names: Sequence[str]) -> list[str]:
        """The readings that concern some provisions: because they say so, or because a rule asks for them."""
        asked = set(readings_in(self.rules_of(names)))
        return [name for name, reading in self.policy.readings.items()
                if name in asked or not set(names).isdisjoint(reading.provisions)]  # fmt: skip

    def called(self, name: str) -> str:
        """What a constant stands for, wherever the vocabulary says it; empty if nowhere."""
        types = self.vocabulary.types.values()
        return next((one.values[name][self.lang] for one in types if name in one.values), "")
