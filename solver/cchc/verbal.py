"""Rules as sentences: the readings of the vocabulary put together, with the variables of the rule where values stand."""

from __future__ import annotations

import string
from collections.abc import Iterator

from cchc.rules import Check, Rule, RuleAtom, Term
from cchc.text import provision_name, say
from cchc.vocabulary import Argument, Vocabulary, shown_value


def sentence(rule: Rule, vocabulary: Vocabulary, lang: str) -> str:
    """A rule read aloud: its head, then what must hold."""
    if rule.head is None:
        return rule.text
    head, conditions = aloud(rule, vocabulary, lang)
    conditions += [comparison.text for comparison in rule.comparisons]
    return f"{head} {say('when', lang)} {'; '.join(conditions)}." if conditions else f"{head}."


def aloud(rule: Rule, vocabulary: Vocabulary, lang: str) -> tuple[str, list[str]]:
    """The head of a rule and its conditions, each read aloud; comparisons are left to the caller."""
    head = _atom(rule.head, vocabulary, lang) if rule.head is not None else ""
    return head, list(_conditions(rule, vocabulary, lang))


def _conditions(rule: Rule, vocabulary: Vocabulary, lang: str) -> Iterator[str]:
    for part in rule.parts:
        if isinstance(part, Check):
            scope = ", ".join(_atom(condition, vocabulary, lang) for condition in part.conditions)
            yield f"{say('for-all', lang)} {scope}: {_atom(part.checked, vocabulary, lang)}"
        elif part.role == "negative":
            yield f"{say('not-so', lang)} {_atom(part, vocabulary, lang)}"
        else:
            yield _atom(part, vocabulary, lang)


def _atom(atom: RuleAtom, vocabulary: Vocabulary, lang: str) -> str:
    predicate = vocabulary.predicates.get(atom.name)
    if predicate is None or len(predicate.arguments) != len(atom.terms):
        return atom.text
    words = {argument.name: _anything(argument, vocabulary, lang) if term.kind == "anonymous" else _term(argument, term, lang)
             for argument, term in zip(predicate.arguments, atom.terms, strict=True)}  # fmt: skip
    named = {name for _, name, _, _ in string.Formatter().parse(predicate.readings[lang]) if name}
    # What the reading leaves out still ties the sentence together: the threshold that is compared, the date that is looked at.
    rest = [words[argument.name] for argument, term in zip(predicate.arguments, atom.terms, strict=True)
            if argument.name not in named and term.kind != "anonymous"]  # fmt: skip
    return predicate.readings[lang].format(**words) + (f" ({', '.join(rest)})" if rest else "")


def _anything(argument: Argument, vocabulary: Vocabulary, lang: str) -> str:
    """A value that a rule does not look at, called by its column where the vocabulary names that."""
    column = vocabulary.columns.get(argument.name)
    return say("any-such", lang).format(column=column[lang]) if column else say("any", lang)


def _term(argument: Argument, term: Term, lang: str) -> str:
    match term.kind:
        case "variable" | "arithmetic":
            return term.text
        case "number":
            return shown_value(argument.type, int(term.text), lang, _plain)
    if argument.type.name == "provision":
        return provision_name(term.text, lang)
    return shown_value(argument.type, term.text, lang, _plain)


def _plain(kind: str, value: str) -> str:
    return value
