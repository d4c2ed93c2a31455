"""Rules and facts in words, as lists: one condition a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cchc.policy import PolicyFact
from cchc.rules import Comparison, Rule
from cchc.site.page import Page, plain
from cchc.text import provision_name, say
from cchc.verbal import aloud

_VARIABLE = re.compile(r"(?<![\w“])([A-Z])(?!\w)")


def write_rule(page: Page, rule: Rule, within: Iterable[str]) -> None:
    """A rule as a sentence with one condition a line, then as code."""
    head, conditions = aloud(rule, page.book.vocabulary, page.lang)
    conditions += [_compared(page, one) for one in rule.comparisons]
    when = f" {say('when', page.lang)}:" if conditions else "."
    page.add('<div class="rule" markdown="1">', "")
    page.paragraph(f"**{_marked(head)}**{when}")
    if conditions:
        page.bullets(map(_marked, conditions))
    page.fence("clingo", rule.text)
    also = [name for name in rule.citations if name not in set(within)]
    more = f" · {page.say('also-cites')} {page.provisions(also)}" if also else ""
    page.paragraph(f'<small>{page.source(rule.at)}{more}</small>')
    page.add("</div>", "")


def legend(page: Page, rules: Iterable[Rule]) -> str:
    """What the letters of some rules stand for."""
    found: dict[str, str] = {}
    for rule in rules:
        for atom in rule.atoms:
            predicate = page.book.vocabulary.predicates.get(atom.name)
            for argument, term in zip(predicate.arguments if predicate else (), atom.terms, strict=False):
                if term.kind == "variable" and len(term.text) == 1 and (word := _column(page, argument.name)):
                    found.setdefault(term.text, word)
    return ", ".join(f"{_marked(letter)} {word}" for letter, word in found.items())


def fact(page: Page, stated: PolicyFact) -> str:
    """A fact in words, with the words of the text that state it."""

    def label(kind: str, value: str) -> str:
        return provision_name(value, page.lang) if kind == "provision" else value

    told = page.book.vocabulary.read_aloud(stated.atom, page.lang, label)
    words = f'{page.say("on-words")} <q lang="vi">{plain(stated.words)}</q>'
    return f"{plain(told)} — {words} <small>({page.source(stated.at)})</small>"


def _column(page: Page, name: str) -> str:
    words = page.book.vocabulary.columns.get(name)
    return words[page.lang] if words else (page.say("year") if name == "year" else "")


def _compared(page: Page, one: Comparison) -> str:
    return f"{one.left} {page.say('operator ' + one.operator)} {one.right}"


def _marked(text: str) -> str:
    """Text with the letters that stand for values set apart."""
    return _VARIABLE.sub(r"*\1*", plain(text))


