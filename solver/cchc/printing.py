"""The consolidated text as people read it: every line in force, with a note at each amended provision."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from cchc.consolidation import Change
from cchc.policy import Policy
from cchc.text import paragraph, provision_name, say


def version_text(policy: Policy, lang: str) -> str:
    """Which version of the text this is: since when it reads like this, and the drafts laid over it."""
    since, *drafts = policy.version.split("+")
    shown = f"{say('version', lang)}: {say('in-force-from', lang)} {_day(since, lang)}"
    return f"{shown}, {say('with-draft', lang)} {', '.join(drafts)}" if drafts else shown


def change_text(change: Change, lang: str) -> str:
    """What an amendment did to a provision, and where it says so."""
    when = f"{say('in-force-from', lang)} {_day(change.effective_from, lang)}" if change.effective_from else say("draft", lang)
    clause = provision_name(change.clause, lang)
    return say(f"note-{change.operation}", lang).format(clause=clause, number=change.number, when=when)


def _day(text: str, lang: str) -> str:
    return f"{datetime.date.fromisoformat(text):%d/%m/%Y}" if lang == "vi" else text


def consolidated_text(policy: Policy, lang: str, width: int | None = None) -> str:
    """The text in force, line by line, wrapped if a width is given; its notes last."""
    lines = [f"{policy.instrument['number']} · {policy.instrument['title'][lang]}", version_text(policy, lang),
             f"policy {policy.sha256}", say("consolidated", lang)]  # fmt: skip
    lines += [f"{say('notice', lang)}: {notice[lang]}" for notice in policy.notices]
    if ends := policy.instrument.get("scope_ends"):
        said = say("scope-ends", lang).format(day=_day(ends["date"], lang), reason=ends["reason"][lang])
        lines.append(f"{say('notice', lang)}: {said}")
    notes: dict[Change, int] = {}
    lines += ["", *_lines(policy, lang, notes)]
    if notes:
        lines += ["", *(f"[{number}] {change_text(change, lang)}" for change, number in notes.items())]
    wrapped = [piece for line in lines for piece in (paragraph(line, width) if width and line.strip() else [line])]
    return "\n".join(wrapped) + "\n"


def _lines(policy: Policy, lang: str, notes: dict[Change, int]) -> Iterator[str]:
    for line in policy.text:
        if "words" in line.entry:
            continue
        text = line.text if lang == "vi" else str(line.entry.get("en", line.text))
        # A heading comes and goes with provisions that bear the note; only its words may change by themselves.
        marks = [notes.setdefault(change, len(notes) + 1) for change in line.changes
                 if line.id or line.is_repealed or change.operation == "substitute"]  # fmt: skip
        gone = [f"({say('repealed', lang)})"] if line.is_repealed else []
        yield " ".join([*([] if gone and not text else [text]), *gone, *(f"[{mark}]" for mark in marks)])
