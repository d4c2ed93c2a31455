"""A difference of two policies for people: in a terminal side by side, in Markdown with <del> and <ins>; and as data."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from typing import Any

from cchc.diff import Changed, Diff, Word, comparable, words
from cchc.policy import OWES, Duty, Policy, PolicyFact, Reading
from cchc.printing import version_text
from cchc.rules import Rule
from cchc.text import paragraph, provision_name, say, table
from cchc.twins import Difference, Row
from cchc.verbal import sentence

_ROWS = 3
"""As many rows of a difference are shown; the data shows the others."""
_PLAIN = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
_MARKED = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}


class DiffPages:
    """A difference, in one language; `apart` are the smallest data on which verdicts differ, None if that was not asked, or
    cannot be told: the two are `unlike`."""

    def __init__(self, old: Policy, new: Policy, found: Diff, apart: Sequence[Difference] | None, lang: str) -> None:
        self.old, self.new, self.found, self.apart, self.lang = old, new, found, apart, lang
        self.unlike = bool(found) and not comparable(old, new)

    def say(self, key: str) -> str:
        return say(key, self.lang)

    def heading(self) -> list[str]:
        """What is compared."""
        sides = (("old", self.old), ("new", self.new))
        return [f"{self.say(side)}: {policy.instrument['number']}, {version_text(policy, self.lang)}, {policy.sha256[:12]}"
                for side, policy in sides]  # fmt: skip

    def equal(self) -> list[str]:
        """The kinds of verdicts that both texts give alike for all data of the spaces."""
        different = {each.predicate for each in self.apart or ()}
        kinds = {**self.old.vocabulary.of_kind("verdict"), **self.new.vocabulary.of_kind("verdict")}
        return [self._kind(name) for name in kinds if name not in different]

    def _kind(self, name: str) -> str:
        predicate = self.new.vocabulary.predicates.get(name) or self.old.vocabulary.predicates[name]
        titles = predicate.option("title")
        return f"{titles[self.lang]} ({name})" if titles else name

    def meaning(self) -> Iterator[tuple[str, str]]:
        """What differs in meaning: a sentence, and the smallest data that shows it as tables of a case."""
        for each in self.apart or ():
            rows = [f"{self.say(side)}: {self._rows(each.predicate, found)}"
                    for side, found in (("old", each.old), ("new", each.new))]  # fmt: skip
            said = "; ".join(rows) if each.old or each.new else self.say("not-compared")
            yield f"{self._kind(each.predicate)}. {said}", each.data.given.rstrip("\n")

    def _rows(self, predicate: str, rows: Sequence[Row]) -> str:
        shown = [", ".join(f"{name} {value}" for name, value in arguments if name != "year") + f" ({say(status, self.lang)})"
                 for status, arguments in rows]  # fmt: skip
        return "; ".join(shown[:_ROWS]) + ("; …" if len(shown) > _ROWS else "") or "—"

    # -- Terminal ------------------------------------------------------------------------------------

    def terminal(self, width: int) -> list[str]:
        lines = [piece for line in self.heading() for piece in paragraph(line, width, "", "  ")]
        if not self.found:
            lines += ["", self.say("no-difference")]
        for change in self.found.provisions:
            lines += ["", *paragraph(self.title(change), width)]
            if change.old and change.new:
                lines += table([self.say("old"), self.say("new")], [[*self._texts(change, _PLAIN)]], width)
            elif only := change.old or change.new:
                lines += _item(only.text, "-" if change.old else "+", width)
            for heading, gone, new in self._below(change):
                lines.append(f"{heading}:")
                lines += [piece for sign, side in (("-", gone), ("+", new)) for text in side
                          for piece in _item(text, sign, width)]  # fmt: skip
        for title, texts in self._further():
            lines += ["", title, *(piece for text in texts for piece in paragraph(text, width, "  ", "    "))]
        if self.apart is not None:
            lines += ["", self.say("meaning"), *paragraph(f"{self.say('proved-equal')}: {', '.join(self.equal())}", width)]
            for sentence_, data in self.meaning():
                lines += ["", *paragraph(sentence_, width, "- ", "  "), *(f"    {line}" for line in data.split("\n"))]
        return lines

    # -- Markdown ------------------------------------------------------------------------------------

    def markdown(self) -> list[str]:
        lines: list[str] = []
        for change in self.found.provisions:
            lines += ["", f"#### {self.title(change)}", ""]
            if change.old and change.new:
                cells = [side.replace("|", "\\|") for side in self._texts(change, _MARKED, html.escape)]
                lines += [f"| {self.say('old')} | {self.say('new')} |", "|---|---|", f"| {cells[0]} | {cells[1]} |", ""]
            elif only := change.old or change.new:
                mark = "del" if change.old else "ins"
                lines += [f"> <{mark}>{html.escape(only.text)}</{mark}>", ""]
            for heading, gone, new in self._below(change):
                lines.append(f"**{heading}**")
                lines.append("")
                lines += [_bullet(text, sign) for sign, side in (("−", gone), ("+", new)) for text in side]
                lines.append("")
        for title, texts in self._further():
            lines += ["", f"#### {title}", "", *(f"- {html.escape(text)}" for text in texts), ""]
        if self.apart is not None:
            lines += ["", f"#### {self.say('meaning')}", "", f"{self.say('proved-equal')}: {', '.join(self.equal())}", ""]
            for sentence_, data in self.meaning():
                shown = [f"  {line}" for line in ("```yaml", *data.split("\n"), "```")]
                lines += [f"- {html.escape(sentence_)}", "", *shown, ""]
        return lines or [self.say("no-difference")]

    # -- Data ----------------------------------------------------------------------------------------

    def data(self) -> dict[str, Any]:
        return {
            "provisions": [{
                "provision": change.id,
                "change": self.kind(change),
                "old": change.old.text if change.old else None,
                "new": change.new.text if change.new else None,
                **{name: {"removed": gone, "added": new} for name, (_, gone, new) in
                   zip(("facts", "duties", "rules"), self._all_below(change), strict=True)},
            } for change in self.found.provisions],
            "verdicts_proved_equal": None if self.apart is None else self.equal(),
            "verdicts_that_differ": [{"predicate": each.predicate, "year": each.data.year, "given": each.data.given,
                                      "old": [{"status": status, **dict(row)} for status, row in each.old],
                                      "new": [{"status": status, **dict(row)} for status, row in each.new]}
                                     for each in self.apart or () if each.old or each.new],
            "verdicts_not_compared": [each.predicate for each in self.apart or () if not (each.old or each.new)],
            "headings": dict(zip(("removed", "added"), self.found.headings, strict=True)),
            "settings": [one._asdict() for one in self.found.settings],
            "files": self.found.files,
            "readings": [{"reading": change.id, **{side: one and _values(one) for side, one in
                                                  (("old", change.old), ("new", change.new))}}
                         for change in self.found.readings],
        }  # fmt: skip

    # -- Parts ---------------------------------------------------------------------------------------

    def _further(self) -> Iterator[tuple[str, list[str]]]:
        """What stands beside the provisions: headings, readings, settings; and, if so, that nothing is proved."""
        headings = [f"{sign} {text}" for sign, side in zip("−+", self.found.headings, strict=True) for text in side]
        settings = [f"{one.file}: {one.name}: {_written(one.old)} → {_written(one.new)}" for one in self.found.settings]
        unproved = [self.say("not-comparable")] if self.unlike else []
        found = {"headings": headings, "readings": self.readings(), "settings": settings, "files": [*self.found.files],
                 "meaning": unproved}
        yield from ((self.say(key), texts) for key, texts in found.items() if texts)

    def kind(self, change: Changed) -> str:
        if change.old is None and change.new is None:
            return "same-text"
        if change.old is None or change.new is None:
            return "inserted" if change.old is None else "removed"
        return "renumbered" if change.old.id != change.new.id else "amended"

    def title(self, change: Changed) -> str:
        name = provision_name(change.id, self.lang) if change.id else self.say("no-provision")
        moved = f" ({change.old.id} → {change.id})" if change.old and change.new and change.old.id != change.id else ""
        return f"{name} [{change.id}]: {self.say(self.kind(change))}{moved}"

    def _texts(self, change: Changed, marks: dict[str, tuple[str, str]], escape: Any = str) -> tuple[str, str]:
        def written(pieces: Sequence[Word]) -> str:
            return "".join(f"{marks[kind][0]}{escape(text)}{marks[kind][1]}" for kind, text in pieces)

        assert change.old is not None and change.new is not None
        left, right = words(change.old.text, change.new.text)
        return written(left), written(right)

    def _below(self, change: Changed) -> Iterator[tuple[str, list[str], list[str]]]:
        return ((heading, gone, new) for heading, gone, new in self._all_below(change) if gone or new)

    def _all_below(self, change: Changed) -> list[tuple[str, list[str], list[str]]]:
        return [
            (self.say("facts"), [self._fact(self.old, f) for f in change.facts_gone],
             [self._fact(self.new, f) for f in change.facts_new]),
            (self.say("duties"), [self._duty(self.old, d) for d in change.duties_gone],
             [self._duty(self.new, d) for d in change.duties_new]),
            (self.say("rules"), [self._rule(self.old, r) for r in change.rules_gone],
             [self._rule(self.new, r) for r in change.rules_new]),
        ]  # fmt: skip

    def _fact(self, policy: Policy, stated: PolicyFact) -> str:
        def label(kind: str, value: str) -> str:
            return provision_name(value, self.lang) if kind == "provision" else value

        return f"{policy.vocabulary.read_aloud(stated.atom, self.lang, label)} — “{stated.words}”"

    def _duty(self, policy: Policy, duty: Duty) -> str:
        """What is owed, by whom, and what shows it."""
        heads = policy.vocabulary.predicates[OWES].argument("bearer").type.values
        bearers = ", ".join(heads[name][self.lang] if name in heads else name for name in duty.bearers)
        return (f"{duty.id}: {duty.vi if self.lang == 'vi' else duty.en} — “{duty.words}” "
                f"({duty.kind}, {duty.evaluable}; {bearers}; {duty.evidence.get(self.lang, '–')})")

    def _rule(self, policy: Policy, rule: Rule) -> str:
        """The rule as code, then read aloud."""
        return f"{' '.join(rule.text.split())}\n{sentence(rule, policy.vocabulary, self.lang)}"

    def readings(self) -> list[str]:
        found = []
        for change in self.found.readings:
            if change.old is None or change.new is None:
                only = change.old or change.new
                assert only is not None
                said = (f"{key}: {_written(value)}" for key, value in _values(only).items() if value is not None)
                found.append(f"{change.id}: {self.say('inserted' if change.old is None else 'removed')}; {'; '.join(said)}")
            elif change.new.decided and not change.old.decided:
                provision = provision_name(change.new.decided, self.lang)
                rules = f"; {self.say('rules-of-others')}: {change.rules}" if change.rules else ""
                found.append(f"{change.id}: {self.say('decided')} {change.new.default} ({provision}){rules}")
            else:
                parts = zip(_values(change.old).items(), _values(change.new).values(), strict=True)
                found += [f"{change.id}.{key}: {_written(old)} → {_written(new)}" for (key, old), new in parts if old != new]
        return found


def _values(reading: Reading) -> dict[str, Any]:
    return {"values": list(reading.values), "default": reading.default, "literal": reading.literal,
                        "decided": reading.decided or None}  # fmt: skip


def _written(value: object) -> str:
    """A value as it stands in YAML, on one line: it must not become a heading of the page."""
    if isinstance(value, str):
        return " ".join(value.split())
    return "–" if value is None else json.dumps(value, ensure_ascii=False)


def _item(text: str, sign: str, width: int) -> list[str]:
    first, *rest = text.split("\n")
    below = (line for more in rest for line in paragraph(more, width, "    ", "    "))
    return [*paragraph(first, width, f"  {sign} ", "    "), *below]


def _bullet(text: str, sign: str) -> str:
    first, *rest = text.split("\n")
    if not rest:
        return f"- {sign} {html.escape(first, quote=False)}"
    return f"- {sign} `{first}`<br>{html.escape(' '.join(rest), quote=False)}"
