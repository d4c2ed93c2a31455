"""The pages of the site, generated from a policy: one for every provision, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cchc.files import write_together
from cchc.policy import Policy
from cchc.schema import resource
from cchc.site.book import Book
from cchc.site.doubts import GAPS, READINGS, gaps_page, readings_page
from cchc.site.explorer import explorer_navigation, explorer_pages
from cchc.site.law import article_page, draft_page, instrument_page
from cchc.site.navigation import navigation
from cchc.site.page import Page
from cchc.site.provision import provision_page
from cchc.site.reference import codes_page, duty_pages, schemas_page, vocabulary_page
from cchc.site.sources import source_pages
from cchc.site.tools import api_page, commands_page, frameworks_page


def pages(policy: Policy, lang: str, cases: Sequence[Path] | None = None) -> dict[str, str]:
    """The Markdown of every page by its path, the same paths in both languages. The case files that examples are taken from
    are those of the checkout, if not given. Raises Invalid."""
    return contents(policy, lang, cases)[0]


def contents(policy: Policy, lang: str, cases: Sequence[Path] | None = None) -> tuple[dict[str, str], list[Any]]:
    """The pages with their navigation: labels with a page or with entries of their own, and pages that go by their title."""
    book = Book(policy, lang, _cases() if cases is None else cases)
    data = _datasets()
    found = {page.path: page.text() for page in [*_pages(book), *explorer_pages(book, data)]}
    return found, navigation(book, list(found), explorer_navigation(book, data))


def write(policy: Policy, lang: str, folder: Path, cases: Sequence[Path] | None = None) -> None:
    """Write the pages as Markdown that needs no site: anchors as plain HTML, no front matter. All of them or, where one
    cannot be written, none. Raises Invalid."""
    write_together({folder / name: _bare(text) for name, text in pages(policy, lang, cases).items()})


def _bare(text: str) -> str:
    bare = re.sub(r"\A---\n.*?\n---\n+", "", text, flags=re.S)
    bare = re.sub(r"^``` \{\.(\w+) .*\}$", r"```\1", bare, flags=re.M)
    return re.sub(r"^(#+ .*) \{#([^ }]+).*\}$", r'<a id="\2"></a>\n\n\1', bare, flags=re.M)


def _datasets() -> list[Path]:
    """The datasets of the checkout."""
    return sorted(path.parent for path in resource("data").glob("*/dataset.yaml"))


def _cases() -> list[Path]:
    return sorted((resource("tests") / "cases").glob("*.yaml"))


def _pages(book: Book) -> list[Page]:
    readings, gaps = Page(book, READINGS), Page(book, GAPS)
    readings_page(readings)
    gaps_page(gaps)
    other = frameworks_page(book)
    return [
        instrument_page(book), *(article_page(book, article) for article in book.articles),
        *(provision_page(book, provision) for provision in book.policy.provisions.values()),
        *(draft_page(book, draft) for draft in book.drafts), readings, gaps, *duty_pages(book),
        *([other] if other else []), vocabulary_page(book), schemas_page(book), codes_page(book), commands_page(book),
        api_page(book), *source_pages(book),
    ]  # fmt: skip
