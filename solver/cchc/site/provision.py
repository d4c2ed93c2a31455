"""The page of one provision: always the same sections, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from cchc.policy import OWES, Provision
from cchc.site.aloud import fact, legend, write_rule
from cchc.site.book import Book
from cchc.site.doubts import write_example, write_properties, write_reading
from cchc.site.examples import Example, choose
from cchc.site.history import write_history
from cchc.site.page import Page, plain
from cchc.site.picture import picture
from cchc.text import provision_name

SECTIONS = ("text", "plain", "facts", "rules", "data", "examples", "readings", "properties", "history", "network", "source")
_SEARCHED = {"text", "plain", "facts", "rules"}


def provision_page(book: Book, provision: Provision) -> Page:
    """The page of a provision; the sections speak of its parts, too."""
    page = Page(book, book.provision_path(provision.id))
    scope = [provision.id, *book.parts(provision.id)]
    page.add("---", f"title: {provision_name(provision.id, book.lang)} ({provision.id})", "---", "")
    page.heading(1, f"{_capital(provision_name(provision.id, book.lang))} <small>{provision.id}</small>", provision.id)
    write: dict[str, Callable[[], None]] = {
        "text": partial(_text, page, provision, scope), "plain": partial(_plain, page, provision, scope),
        "facts": partial(_facts, page, scope), "rules": partial(_rules, page, provision, scope),
        "data": partial(_data, page, scope), "examples": partial(_examples, page, scope),
        "readings": partial(_readings, page, scope), "properties": partial(_properties, page, scope),
        "history": partial(write_history, page, scope), "network": partial(_network, page, provision),
        "source": partial(_source, page, provision, scope),
    }  # fmt: skip
    for section in SECTIONS:
        page.heading(2, page.say(f"section-{section}"), section, section in _SEARCHED)
        page.add(f'<div class="of-{section}" markdown="1">', "")
        write[section]()
        page.add("</div>", "")
    return page


def _text(page: Page, provision: Provision, scope: list[str]) -> None:
    """The words, below the line they are a part of and above their own parts."""
    book = page.book
    above = book.above(provision.id)
    if above:
        page.paragraph(f"{page.say('part-of')}: {page.provisions(above)}")
    lines = [provision, *(book.policy.provisions[name] for name in scope[1:] if not book.policy.provisions[name].quotes_line)]
    page.add('<div class="law" lang="vi" markdown="1">', "")
    page.quote(plain(one.text) if one is provision else page.provision(one.id, plain(one.text)) for one in lines)
    page.add("</div>", "")
    summary = page.say("english-text" if page.lang == "vi" else "rendering")
    shown = " open" if page.lang == "en" else ""
    page.add(f'<details class="rendering" markdown="1"{shown}>', f"<summary>{summary}</summary>", "")
    page.add('<div lang="en" markdown="1">', "")
    page.quote(plain(one.en) for one in lines)
    page.add("</div>", "</details>", "")
    article = page.link(book.article(provision.id).called, book.article_path(book.article_of(provision.id)), provision.id)
    page.paragraph(f"<small>{page.say('whole-article', article=article)}</small>")


def _plain(page: Page, provision: Provision, scope: list[str]) -> None:
    book, lang = page.book, page.lang
    if summary := provision.source.get("plain"):
        page.paragraph(plain(summary[lang]))
    items = [f"{page.say('about')}: {page.kind(provision.kind)}; {page.kind(provision.evaluable)}"]
    bearers = [called for name in provision.source.get("bearers", ()) if (called := book.called(name))]
    if bearers:
        items.append(f"{page.say('for-whom')}: {'; '.join(map(plain, bearers))}")
    verdicts = book.vocabulary.of_kind("verdict")
    derived = dict.fromkeys(rule.head.name for rule in book.rules_of(scope) if rule.head is not None)
    heads = [name for name in derived if name in verdicts]
    if heads:
        items.append(f"{page.say('decides')}: {', '.join(page.link(f'`{name}`', 'vocabulary.md', name) for name in heads)}")
    if references := provision.source.get("refs"):
        items.append(f"{page.say('refers-to')}: {page.provisions(references)}")
    page.bullets(items)
    if provision.reason:
        page.paragraph(page.say("nothing-computed", reason=plain(provision.reason[lang]).rstrip(".")))
    duties = [duty for duty in book.policy.duties.values() if duty.provision in scope]
    if duties:
        page.paragraph(page.say("owed", n=len(duties)) + ":")
        for duty in duties:
            shown = page.say("computed-by") if duty.computed else plain(duty.evidence.get(lang, ""))
            bearer = "; ".join(filter(None, map(book.called, duty.bearers)))
            told = plain(duty.vi if lang == "vi" else duty.en)
            page.add(f'- <span id="{duty.id}">`{duty.id}`</span> {told} — {plain(bearer)}; '
                     f"<small>{page.say('evidence')}: {shown}</small>")  # fmt: skip
        page.add("")


def _facts(page: Page, scope: list[str]) -> None:
    facts = [stated for stated in page.book.policy.facts if stated.provision in scope and stated.atom.predicate != OWES]
    if facts:
        page.bullets(fact(page, stated) for stated in facts)
    else:
        page.paragraph(page.say("no-facts"))


def _rules(page: Page, provision: Provision, scope: list[str]) -> None:
    book = page.book
    rules = book.rules_of(scope)
    if not rules:
        page.paragraph(page.say("no-rules"))
        return
    letters = legend(page, rules)
    page.paragraph(" ".join([page.say("same-head"), *([page.say("letters", legend=letters)] if letters else [])]))
    written: set[int] = set()
    for name in scope:
        mine = [rule for rule in book.rules_of([name]) if rule.number not in written]
        if mine and name != provision.id:
            page.heading(3, page.say("rules-here", name=page.provision(name)), f"rules-{name}")
        for rule in mine:
            written.add(rule.number)
            write_rule(page, rule, [name])


def _data(page: Page, scope: list[str]) -> None:
    direct, behind = page.book.network.tables(page.book.rules_of(scope))
    for key, names in (("direct-tables", direct), ("behind-tables", behind)):
        if names:
            page.paragraph(f"{page.say(key)}: {', '.join(page.link(f'`{name}`', 'vocabulary.md', name) for name in names)}.")
    if not direct and not behind:
        page.paragraph(page.say("no-data"))


def _examples(page: Page, scope: list[str]) -> None:
    chosen = choose(page.book.examples, scope, page.book.vocabulary.predicates)
    if chosen is None:
        page.paragraph(page.say("no-examples"))
        return
    page.paragraph(page.say("about-kind", kind=page.link(f"`{chosen.predicate}`", "vocabulary.md", chosen.predicate)))
    for key, found in (("applies", chosen.applies), ("depends", chosen.depends), ("not-applies", chosen.not_)):
        for example in found:
            _example(page, key, example, chosen.predicate)


def _example(page: Page, key: str, example: Example, kind: str) -> None:
    more = [name for name in example.blocks[0].certain if name != kind and any(b.rows(name) for b in example.blocks)]
    title = example.called(page.lang)
    lang = "vi" if example.title.startswith(title) else "en"
    page.add(f'<div class="example {key}" markdown="1">', "")
    page.paragraph(f'**{page.say(key)}.** <span lang="{lang}">{plain(title)}</span> '
                   f"<small>({page.say('case-in', case=example.id, file=Path(example.file).name)})</small>")  # fmt: skip
    write_example(page, example, [kind, *more])
    page.add("</div>", "")


def _readings(page: Page, scope: list[str]) -> None:
    names = page.book.readings_of(scope)
    for name in names:
        page.add('<div class="reading" markdown="1">', "")
        write_reading(page, page.book.policy.readings[name])
        page.add("</div>", "")
    if not names:
        page.paragraph(page.say("no-readings"))


def _properties(page: Page, scope: list[str]) -> None:
    if not write_properties(page, scope):
        page.paragraph(page.say("no-properties"))


def _network(page: Page, provision: Provision) -> None:
    below = page.book.network.rests_on[provision.id]
    above = page.book.network.supports[provision.id]
    if not below and not above:
        page.paragraph(page.say("no-network"))
        return
    title = page.say("network-title", name=provision.id, below=len(below), above=len(above))
    page.add(picture(provision.id, below, above, title), "")
    page.bullets([f"{page.say('rests-on')}: {_listed(page, below)}", f"{page.say('supports')}: {_listed(page, above)}"])


def _listed(page: Page, names: Iterable[str]) -> str:
    return ", ".join(f"{page.provision(name)} (`{name}`)" for name in names) or page.say("nothing")


def _source(page: Page, provision: Provision, scope: list[str]) -> None:
    page.bullets(_places(page, provision, scope))


def _places(page: Page, provision: Provision, scope: list[str]) -> Iterator[str]:
    yield f"{page.say('text-at')}: {page.source(provision.at)}"
    rules = page.book.rules_of(scope)
    if rules:
        yield f"{page.say('rules-at')}: {', '.join(page.source(rule.at) for rule in rules)}"
    if (line := page.book.archived(provision)) is not None:
        path, number = line
        place = page.link(f"{Path(path).name}:{number}", page.book.source_page(path), f"L{number}")
        yield f"{page.say('archived-at')}: {place}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
