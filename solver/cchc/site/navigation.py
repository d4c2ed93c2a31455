"""The navigation of the generated pages."""

from __future__ import annotations

from typing import Any

from cchc.site.book import SOURCES, Article, Book
from cchc.site.history import draft_path
from cchc.site.reference import DUTIES
from cchc.site.sheet import EXPLORER_FOLDER
from cchc.site.words import WORDS
from cchc.text import in_language, provision_name


def navigation(book: Book, paths: list[str], explorer: list[Any]) -> list[Any]:
    """The explorer; the text by articles, with their provisions below them; then everything else in the order in which it
    was made."""
    say = {key: in_language(WORDS[key], book.lang) for key in ("law", "reference", "sources", "duties-title", "drafts")}
    drafts = [draft_path(draft.id) for draft in book.drafts]
    law: list[Any] = [book.instrument_path, *(_article(book, article) for article in book.articles)]
    if drafts:
        law.append({say["drafts"]: drafts})
    duties = [path for path in paths if path.startswith(f"{DUTIES}/")]
    sources = [path for path in paths if path.startswith(f"{SOURCES}/")]
    explored = [path for path in paths if path.startswith(f"{EXPLORER_FOLDER}/")]
    placed = {*explored, book.instrument_path, *drafts, *duties, *sources,
              *(book.article_path(article.name) for article in book.articles),
              *map(book.provision_path, book.policy.provisions)}  # fmt: skip
    others: list[Any] = [path for path in paths if path not in placed]
    reference = [*others, {say["duties-title"]: duties}, {say["sources"]: sources}]
    return [*explorer, {say["law"]: law}, {say["reference"]: reference}]


def _article(book: Book, article: Article) -> dict[str, Any]:
    title = article.title if book.lang == "vi" else article.called
    return {title: [book.article_path(article.name),
                    *({_short(book, article, one.id): book.provision_path(one.id)} for one in article.provisions)]}  # fmt: skip


def _short(book: Book, article: Article, name: str) -> str:
    """A provision within its article: its id and what it is there."""
    called = provision_name(name, book.lang)
    within = called.removesuffix(f" {article.called}") if book.lang == "vi" else called.removeprefix(f"{article.called}, ")
    return f"{name} {within}"
