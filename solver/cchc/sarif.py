"""Findings as SARIF 2.1.0, the format in which code hosts show them beside the changed line."""

from __future__ import annotations

import hashlib
import json
import string
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from cchc import __version__
from cchc.messages import MESSAGES
from cchc.problems import Problem

Level = Literal["error", "warning", "note"]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Finding(NamedTuple):
    """One finding in the language asked for; line and column count from 1, columns in characters."""

    path: str
    line: int
    column: int
    code: str
    text: str
    level: Level = "error"


def of_problems(problems: Iterable[Problem], lang: str, level: Level = "error") -> list[Finding]:
    """Problems as findings of one level: a problem does not know whether it stops anything."""
    return [Finding(*problem.at, problem.code, problem.message(lang), level) for problem in problems]


def sarif(findings: Iterable[Finding], check: str, lang: str, about: Mapping[str, tuple[str, str]] = MESSAGES) -> str:
    """A log of one run of one check (`lint`, `verify`), the same bytes for the same findings in whatever order.

    `about` says in Vietnamese and English what each code is about; a code it lacks is listed by its name only.
    """
    found = sorted(findings)
    codes = sorted({finding.code for finding in found})
    seen: Counter[tuple[str, ...]] = Counter()
    results = [_result(finding, codes.index(finding.code), seen) for finding in found]
    rules = [_rule(code, about.get(code), lang) for code in codes]
    driver = {"name": "cchc", "version": __version__, "language": lang, "rules": rules}
    run = {
        "tool": {"driver": driver},
        # Hosts replace the results of the same check only: those of `verify` must not close those of `lint`.
        "automationDetails": {"id": f"cchc-{check}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(code: str, about: tuple[str, str] | None, lang: str) -> dict[str, Any]:
    if about is None:
        return {"id": code}
    vi, en = (_short(template) for template in about)
    short = {"text": vi if lang == "vi" else en}
    return {"id": code, "shortDescription": short, "fullDescription": short, "help": {"text": f"{vi}\n\n{en}"}}


def _short(template: str) -> str:
    """A message without what was found: blanks become “…”, hints at what may have been meant go."""
    parts = string.Formatter().parse(template)
    return "".join(text + ("…" if blank and blank != "hint" else "") for text, blank, _, _ in parts)


def _result(finding: Finding, rule: int, seen: Counter[tuple[str, ...]]) -> dict[str, Any]:
    # The line is left out, so that a finding stays the same one when text above it is added. Hosts that see no source
    # files (the job that uploads has no checkout) cannot make a fingerprint of their own.
    same = (finding.code, finding.path, finding.text)
    seen[same] += 1
    digest = hashlib.sha256("\0".join(same).encode(errors="backslashreplace")).hexdigest()[:16]
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.level,
        "message": {"text": finding.text},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(finding.path), "region": region}}],
        "partialFingerprints": {"primaryLocationLineHash": f"{digest}:{seen[same]}"},
    }


def _artifact(path: str) -> dict[str, str]:
    """Relative to the top of the repository, where the command is run; only what lies elsewhere is absolute."""
    here = Path(path)
    if here.is_absolute():
        return {"uri": here.as_uri()}
    return {"uri": quote(here.as_posix(), errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
