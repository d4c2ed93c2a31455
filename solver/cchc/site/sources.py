"""Pages that show the policy files, line by line, so that a page can point at the line it was made from."""

from __future__ import annotations

from pathlib import Path

from cchc.files import read_text
from cchc.site.book import Book
from cchc.site.page import Page

_LANGUAGE = {".yaml": "yaml", ".lp": "clingo", ".txt": "text"}


def source_pages(book: Book) -> list[Page]:
    """One page a file of the policies folder."""
    root = book.policy.root
    files = sorted(path for path in root.rglob("*") if path.suffix in _LANGUAGE and path.is_file())
    return [_page(book, path, path.relative_to(root).as_posix()) for path in files]


def _page(book: Book, path: Path, name: str) -> Page:
    page = Page(book, book.source_page(name))
    page.add("---", f"title: {name}", "search: {exclude: true}", "hide: [toc]", "---", "")
    page.heading(1, f"`{name}`", "file")
    page.add(f"``` {{.{_LANGUAGE[path.suffix]} linenums=\"1\" .whole-file }}", read_text(path).rstrip("\n"), "```", "")
    return page
