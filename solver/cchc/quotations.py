"""Whether the words of a policies folder are those of the archived texts, character for character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from cchc.consolidation import documents, printed
from cchc.files import Document, load_yaml, read_text
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem

_SHOWN = 40
"""How many characters of either text a finding shows."""


def quotations(policy: Policy) -> Iterator[Problem]:
    """Each instrument's lines must be its archived text character for character, and every quotation a part of its line."""
    of_amendments = ((amendment.folder, amendment.instrument) for amendment in policy.amendments)
    for folder, instrument in ((policy.folder, policy.instrument), *of_amendments):
        lines: list[tuple[str, Location]] = []
        for _, document in documents(folder, instrument):
            for text, at, whole in printed(document):
                if whole:
                    lines.append((text, at))
                elif text not in lines[-1][0]:
                    yield _drifted(at, text, lines[-1][0])
            yield from _phrases(document)
        yield from _archive(folder, lines)
    above = ""
    for line in policy.text:
        quoted = line.entry.get("words") or line.text
        above = line.text or above
        if quoted not in above:  # a substitution reached into the part from outside of it
            yield _drifted(line.at("words"), quoted, above)
        for kind in ("facts", "duties"):
            for number, stated in enumerate(line.entry.get(kind, ())):
                if stated["words"] not in quoted:
                    yield _drifted(line.at(kind, number, "words"), stated["words"], quoted)


def _phrases(document: Document) -> Iterator[Problem]:
    """A clause that substitutes a phrase quotes the old and the new one, or at least what it adds."""
    for number, clause in enumerate(document.data["lines"]):
        for place, change in enumerate(clause.get("changes", ())):
            phrases = change.get("substitute", {"old": "", "new": ""})
            added = {"old": phrases["old"], "new": phrases["new"].removeprefix(phrases["old"]).strip()}
            for key, words in added.items():
                if words not in clause["text"]:
                    at = document.at(("lines", number, "changes", place, "substitute", key))
                    yield _drifted(at, words, clause["text"])


def _archive(folder: Path, lines: Sequence[tuple[str, Location]]) -> Iterator[Problem]:
    instrument = load_yaml(folder / "instrument.yaml")
    source = instrument.data["source"]
    try:
        archived = read_text(folder / source["file"]).removesuffix("\n").split("\n")
    except Invalid as error:
        yield from error.problems
        return
    for line, original in zip_longest(lines, archived):
        text, at = line or ("", lines[-1][1])
        if line is None or text != original:
            yield _drifted(at, text, original or "")
            break
    actual = hashlib.sha256((folder / source["file"]).read_bytes()).hexdigest()
    if actual != source["sha256"]:
        found = {"vi": f"sha256 của {source['file']} là {actual}", "en": f"the sha256 of {source['file']} is {actual}"}
        yield Problem(instrument.at(("source", "sha256")), "drifted-quotation", {"found": found})


def _drifted(at: Location, text: str, original: str) -> Problem:
    """Shows both texts from shortly before the first place where they part."""
    same = next(size for size in range(len(text), -1, -1) if text[:size] in original)
    begin = max(0, same - _SHOWN // 2)
    quoted, archived = (f"“{'…' if begin else ''}{words[begin : begin + _SHOWN]}”"
                        for words in (text, original[original.find(text[:same]) :]))  # fmt: skip
    found = {"vi": f"{quoted}, bản gốc {archived}", "en": f"{quoted}, the source has {archived}"}
    return Problem(at, "drifted-quotation", {"found": found})
