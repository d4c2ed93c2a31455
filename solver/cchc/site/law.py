"""Pages of whole texts: the instrument with its articles, each article as printed, each draft."""

from __future__ import annotations

from collections.abc import Iterator

from cchc.site.book import Article, Book, Draft
from cchc.site.doubts import READINGS
from cchc.site.history import day, draft_path, write_change
from cchc.site.page import Page, attribute, plain


def instrument_page(book: Book) -> Page:
    """The instrument: what it is, and the way to every article and draft."""
    page = Page(book, book.instrument_path)
    one, lang = book.policy.instrument, book.lang
    page.heading(1, plain(f"{one['number']}: {one['title'][lang]}"), "instrument")
    page.bullets(_about(page))
    if ends := one.get("scope_ends"):
        page.add('<div class="admonition warning" markdown="1">', "")
        page.paragraph(page.say("scope-ended", day=day(ends["date"], lang), reason=plain(ends["reason"][lang])))
        page.bullets(plain(source) for source in ends["sources"])
        page.add("</div>", "")
    page.paragraph(page.say("consolidated"))
    page.heading(2, page.say("all-articles"), "articles")
    for article in book.articles:
        ids = " ".join(page.provision(each.id, each.id) for each in article.provisions)
        page.add(f'- {page.link(plain(article.title), book.article_path(article.name))} <small class="ids">{ids}</small>')
    page.add("")
    page.heading(2, page.say("drafts"), "drafts")
    if book.drafts:
        page.bullets(f"{page.link(plain(draft.policy.amendments[-1].instrument['number']), draft_path(draft.id))}: "
                     f"{page.say('draft-title')}" for draft in book.drafts)  # fmt: skip
    else:
        page.paragraph(page.say("no-drafts"))
    return page


def _about(page: Page) -> Iterator[str]:
    one, lang = page.book.policy.instrument, page.lang
    yield f"{page.say('number')}: {plain(one['number'])}"
    if "issuer" in one:
        yield f"{page.say('issuer')}: {plain(one['issuer'][lang])}"
    if "signed" in one:
        yield f"{page.say('signed')}: {day(one['signed'], lang)}"
    if "effective_from" in one:
        yield f"{page.say('effective')}: {day(one['effective_from'], lang)}"
    if "replaces" in one:
        yield f"{page.say('replaces')}: {plain(', '.join(one['replaces']))}"
    path = f"{page.book.policy.folder.name}/{one['source']['file']}"
    yield f"{page.say('archive')}: {page.link(plain(one['source']['file']), page.book.source_page(path))}"
    yield f"{page.say('hash')}: `{one['source']['sha256']}`"


def article_page(book: Book, article: Article) -> Page:
    """An article as it is printed, every provision linked to its page."""
    page = Page(book, book.article_path(article.name))
    page.heading(1, plain(article.title), f"article.{article.name}")
    page.paragraph(page.say("consolidated"))
    for line in article.lines:
        words = "words" in line.entry
        if not line.id:
            if line.text.strip() and line.text != article.title:
                page.paragraph(f'<p class="heading" lang="vi">{attribute(line.text)}</p>')
            continue
        provision = book.policy.provisions[line.id]
        page.add(f'<div class="law" id="{provision.id}" markdown="1">', "")
        text = plain(provision.text) if not words else f"… {plain(provision.text)} …"
        page.paragraph(f'<span lang="vi">{text}</span> {page.provision(provision.id, f"§ {provision.id}")}')
        if book.lang == "en":
            page.paragraph(f"<small>{plain(provision.en)}</small>")
        page.paragraph(f"<small>{_made(page, provision.id)}</small>")
        page.add("</div>", "")
    return page


def _made(page: Page, name: str) -> str:
    policy = page.book.policy
    counts = {
        "rules": len(page.book.rules_of([name])), "facts": sum(one.provision == name for one in policy.facts),
        "duties": sum(one.provision == name for one in policy.duties.values()), "readings": len(page.book.readings_of([name])),
    }  # fmt: skip
    return page.say("counts", **counts)


def draft_page(book: Book, draft: Draft) -> Page:
    """A draft: its notice, what it changes, its own words."""
    page = Page(book, draft_path(draft.id))
    amendment = draft.policy.amendments[-1]
    one = amendment.instrument
    named = f"{one['number']}: {one['title'][book.lang]}"
    page.heading(1, plain(named[:1].upper() + named[1:]), f"draft-{draft.id}")
    page.add('<div class="draft" markdown="1">', "")
    page.paragraph(f"**{page.say('draft-title')}.**")
    if "notice" in one:
        page.paragraph(f"{page.say('notice')}: {plain(one['notice'][book.lang])}.")
    page.add("</div>", "")
    page.heading(2, page.say("what-it-changes"), "changes")
    for change in draft.changes.provisions:
        write_change(page, draft, change)
    page.heading(2, page.say("draft-decides"), "decides")
    page.bullets(f"{page.link(f'`{change.id}`', READINGS, change.id)} = `{change.new.default}`"
                 for change in draft.changes.readings if change.new is not None and change.old is not None)  # fmt: skip
    page.heading(2, page.say("section-source"), "source")
    page.bullets(page.link(path.name, book.source_page(path.resolve().relative_to(book.policy.root.resolve()).as_posix()))
                 for path in (*amendment.files, *amendment.rule_files))  # fmt: skip
    return page
