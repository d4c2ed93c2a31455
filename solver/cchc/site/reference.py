"""Reference pages: the vocabulary, the duties by bearer, the schemas, the codes of findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cchc.messages import MESSAGES
from cchc.schema import resource
from cchc.site.book import Book
from cchc.site.page import Page, plain
from cchc.site.words import PREDICATES
from cchc.text import in_language
from cchc.vocabulary import Predicate

VOCABULARY, DUTIES, SCHEMAS, CODES = "vocabulary.md", "duties", "schemas.md", "codes.md"


# ---- Vocabulary -------------------------------------------------------------------------------------


def vocabulary_page(book: Book) -> Page:
    """Every predicate: how it reads, its arguments, what derives it."""
    page = Page(book, VOCABULARY)
    page.heading(1, page.say("vocabulary-title"), "vocabulary")
    page.paragraph(page.say("vocabulary-intro"))
    for kind, words in PREDICATES.items():
        found = book.vocabulary.of_kind(kind)
        if not found:
            continue
        page.heading(2, in_language(words, book.lang), f"kind-{kind}")
        for predicate in found.values():
            _predicate(page, predicate)
    page.heading(2, page.say("types"), "types")
    for name, one in book.vocabulary.types.items():
        if one.values:
            page.heading(3, f"`{name}`", f"type-{name}")
            page.bullets(f"`{value}`: {plain(words[book.lang])}" for value, words in one.values.items())
    return page


def _predicate(page: Page, predicate: Predicate) -> None:
    book = page.book
    page.heading(3, f"`{predicate.name}`", predicate.name)
    page.paragraph(f"{plain(predicate.readings[page.lang])} <small>({page.source(predicate.at)})</small>")
    arguments = [f"`{one.name}`: {_type(page, one.type.name)}{' ' + page.say('optional') if one.optional else ''}"
                 + (f", {page.say('or')} {', '.join(f'`{token}`' for token in one.tokens)}" if one.tokens else "")
                 for one in predicate.columns]  # fmt: skip
    if arguments:
        page.bullets(arguments)
    rules = book.network.by_head.get(predicate.name, ())
    cited = dict.fromkeys(name for rule in rules for name in rule.citations)
    stated = dict.fromkeys(fact.provision for fact in book.policy.facts if fact.atom.predicate == predicate.name)
    for key, names in (("derived-by", cited), ("stated-by", stated)):
        if names:
            page.paragraph(f"{page.say(key)}: {', '.join(page.provision(name, name) for name in names)}")


def _type(page: Page, name: str) -> str:
    return page.link(f"`{name}`", VOCABULARY, f"type-{name}") if page.book.vocabulary.types[name].values else f"`{name}`"


# ---- Duties -------------------------------------------------------------------------------------------


def duty_pages(book: Book) -> list[Page]:
    """The bearers of duties, and for each what it owes, in the order of the text."""
    owed: dict[str, list[str]] = {}
    for duty in book.policy.duties.values():
        for bearer in duty.bearers:
            owed.setdefault(bearer, []).append(duty.id)
    first = Page(book, f"{DUTIES}/index.md")
    first.heading(1, first.say("duties-title"), "duties")
    first.paragraph(first.say("duties-intro", n=len(book.policy.duties)))
    first.table([first.say("bearer"), first.say("duties")],
                ([first.link(plain(book.called(bearer) or bearer), f"{DUTIES}/{bearer}.md"), str(len(names))]
                 for bearer, names in owed.items()))  # fmt: skip
    return [first, *(_bearer(book, bearer, names) for bearer, names in owed.items())]


def _bearer(book: Book, bearer: str, names: list[str]) -> Page:
    page = Page(book, f"{DUTIES}/{bearer}.md")
    called = book.called(bearer) or bearer
    page.heading(1, plain(called[:1].upper() + called[1:]), f"bearer-{bearer}")
    page.paragraph(page.say("owed-by", n=len(names)))
    article = ""
    for name in names:
        duty = book.policy.duties[name]
        if (now := book.article(duty.provision)).name != article:
            article = now.name
            page.heading(2, plain(now.title if book.lang == "vi" else now.called), now.name)
        shown = page.say("computed-by") if duty.computed else plain(duty.evidence.get(book.lang, ""))
        page.paragraph(f'<span id="{duty.id}">**{plain(duty.vi if book.lang == "vi" else duty.en)}**</span> '
                       f"{page.provision(duty.provision, duty.id)}<br><small>{page.kind(duty.kind)}, "
                       f"{page.kind(duty.evaluable)}; {page.say('evidence')}: {shown}</small>")  # fmt: skip
    return page


# ---- Schemas and codes --------------------------------------------------------------------------------


def schemas_page(book: Book) -> Page:
    """The keys of every kind of file, with their descriptions."""
    page = Page(book, SCHEMAS)
    page.heading(1, page.say("schemas-title"), "schemas")
    page.paragraph(page.say("schemas-intro"))
    for path in sorted(resource("schemas").glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        name = path.name.removesuffix(".schema.json")
        page.heading(2, f"`{path.name}`", f"schema-{name}")
        page.paragraph(_vietnamese(page, schema.get("title", "")))
        for title, part in [("", schema), *schema.get("$defs", {}).items()]:
            if rows := list(_keys(page, part)):
                if title:
                    page.heading(3, f"`{title}`", f"schema-{name}-{title}")
                page.table([page.say("key"), page.say("type"), page.say("meaning")], rows)
    return page


def _keys(page: Page, schema: Mapping[str, Any], prefix: str = "") -> Iterator[list[str]]:
    if "items" in schema and isinstance(schema["items"], dict):
        yield from _keys(page, schema["items"], prefix)
    for key, one in schema.get("properties", {}).items():
        needed = " \\*" if key in schema.get("required", ()) else ""
        yield [f"`{prefix}{key}`{needed}", _shape(one), _vietnamese(page, one.get("description", ""))]
        if "$ref" not in one:
            yield from _keys(page, one, f"{prefix}{key}.")


def _shape(one: Mapping[str, Any]) -> str:
    if "$ref" in one:
        return f"`{one['$ref'].rpartition('/')[2]}`"
    if "enum" in one:
        return " · ".join(f"`{value}`" for value in one["enum"])
    kind = one.get("type", "")
    return plain(" / ".join(kind) if isinstance(kind, list) else str(kind))


def _vietnamese(page: Page, text: str) -> str:
    return f'<span lang="vi">{plain(text)}</span>' if text and page.lang != "vi" else plain(text)


def codes_page(book: Book) -> Page:
    """Every code of a finding or an error, with its message."""
    page = Page(book, CODES)
    page.add("---", "hide: [toc]", "---", "")
    page.heading(1, page.say("codes-title"), "codes")
    page.paragraph(page.say("codes-intro"))
    for code in sorted(MESSAGES):
        page.heading(2, f"`{code}`", code)
        page.paragraph(plain(in_language(MESSAGES[code], book.lang)))
    return page
