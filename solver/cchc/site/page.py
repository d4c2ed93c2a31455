"""Writing one Markdown page: links that stay right wherever the page lies, and text that means nothing to Markdown."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cchc.site.words import KINDS, WORDS
from cchc.text import in_language, provision_name

if TYPE_CHECKING:
    from cchc.problems import Location
    from cchc.site.book import Book

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|{}~])")
_LEADING = re.compile(r"^(\s*)([-+]|\d+[.)]|[a-zđ]\))(?=\s)", re.M)


def plain(text: str) -> str:
    """Text with nothing in it that Markdown would take for markup."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LEADING.sub(lambda match: match[1] + match[2][:-1] + "\\" + match[2][-1], escaped)


def attribute(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=True)


def slug(text: str) -> str:
    """A name as part of an address."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-")


class Page:
    """A page being written; `path` is where it lies in the site, in every language the same."""

    def __init__(self, book: Book, path: str) -> None:
        self.book = book
        self.lang = book.lang
        self.path = path
        self.lines: list[str] = []

    def say(self, key: str, **words: object) -> str:
        return in_language(WORDS[key], self.lang).format(**words)

    def kind(self, name: str) -> str:
        """How a kind of provision or duty, or a way of evaluating it, is called."""
        return in_language(KINDS[name], self.lang) if name in KINDS else name

    def add(self, *lines: str) -> None:
        self.lines += lines

    def paragraph(self, text: str) -> None:
        self.lines += [text, ""]

    def heading(self, level: int, text: str, anchor: str, searched: bool = True) -> None:
        """What is not searched is said on other pages, too: every reader of the site loads the whole index."""
        self.lines += [f"{'#' * level} {text} {{#{anchor}{'' if searched else ' data-search-exclude'}}}", ""]

    def bullets(self, items: Iterable[str]) -> None:
        self.lines += [*(f"- {item}" for item in items), ""]

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        self.lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows), ""]

    def fence(self, language: str, text: str) -> None:
        self.lines += [f"```{language}", text, "```", ""]

    def quote(self, texts: Iterable[str]) -> None:
        """Quoted lines, each a paragraph of its own."""
        quoted = [line for text in texts for line in (f"> {text}", ">")]
        self.lines += [*quoted[:-1], ""]

    def text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip() + "\n"

    # -- Links --------------------------------------------------------------------------------------

    def to(self, path: str, anchor: str = "") -> str:
        """The address of another page, from here."""
        relative = posixpath.relpath(path, posixpath.dirname(self.path)) if path != self.path else ""
        return relative + (f"#{anchor}" if anchor else "")

    def link(self, text: str, path: str, anchor: str = "") -> str:
        return f"[{text}]({self.to(path, anchor)})"

    def provision(self, name: str, text: str = "") -> str:
        """A provision by its name, linked to its page; one that is only a heading, to its article."""
        shown = text or provision_name(name, self.lang)
        where = self.book.place(name)
        return self.link(shown, *where) if where else shown

    def provisions(self, names: Iterable[str]) -> str:
        return ", ".join(map(self.provision, names))

    def source(self, at: Location) -> str:
        """The line of a policy file, linked to the page that shows the file."""
        path, line = self.book.source(at)
        return self.link(f"{posixpath.basename(path)}:{line}", self.book.source_page(path), f"L{line}")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace(chr(10), ' ') for cell in cells)} |"
