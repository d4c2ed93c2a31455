"""What verification found, for people and machines, and the witnesses as a case file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cchc.checks import Check
from cchc.gaps import Gap
from cchc.policy import Policy
from cchc.problems import Problem
from cchc.text import paragraph, say, table
from cchc.verify import Verification, Witness
from cchc.witness import case_text, data_of

HEADER = """# yaml-language-server: $schema=../../../schemas/cases.schema.json
#
# Do `cchc verify --write` ghi: với mỗi phát hiện, dữ liệu nhỏ nhất cho thấy phát hiện đó. Không sửa tay.
"""
_WIDTH = 80


def witness_case(policy: Policy, witness: Witness, gap: Gap | None) -> str:
    """A witness as a case: titled by what the dossier says of it, expecting what the engine gives."""
    title = gap.source["summary"]["vi"] if gap else f"{witness.property.title['vi']}: {witness.key}"
    data = data_of(policy.vocabulary, witness.tables)
    return case_text(policy, witness.name, title, data, [(way, witness.property.verdicts) for way in witness.under])


def text(verification: Verification, gaps: Sequence[Gap], checks: Sequence[Check], problems: Sequence[Problem],
         fresh: Sequence[str], lang: str) -> str:  # fmt: skip
    """A line for each property and way to read the text, then the findings with what the dossier says, then what is wrong;
    `fresh` are cases for findings that are new."""
    header = [say(key, lang) for key in ("property", "profile", "outcome")]
    rows = [[result.property.name, result.under.name, _outcome(len(result.keys), lang)] for result in verification.results()]
    lines = [*paragraph(f"{verification.policy.instrument['number']}: {say('verifying', lang)}", _WIDTH), ""]
    lines += table(header, rows, _WIDTH) if rows else []
    for check in checks:
        outcome = say("check-failed", lang).format(n=len(check.failed)) if check.failed else say("check-passed", lang)
        lines += paragraph(f"{say(check.name, lang)} ({check.examined}): {outcome}", _WIDTH, "", "  ")
        lines += [f"  {at}: {what}" for at, what in check.failed]
    known = {(gap.property, gap.key): gap for gap in gaps}
    for (name, key), ways in verification.findings().items():
        gap = known.get((name, key))
        code = f" [{gap.code}]" if gap and gap.code else ""
        lines += ["", *paragraph(f"{name}: {key}{code} ({', '.join(way.name for way in ways)})", _WIDTH, "- ", "  ")]
        lines += paragraph(gap.source["summary"][lang] if gap else say("not-listed-yet", lang), _WIDTH, "  ", "  ")
        if gap:
            lines += paragraph(f"{say('witness', lang)}: {', '.join(gap.witness)}", _WIDTH, "  ", "    ")
    if problems or fresh:
        lines += ["", *(problem.text(lang) for problem in problems), *(f"\n{case}" for case in fresh)]
    failed = len(problems) + sum(len(check.failed) for check in checks)
    lines += ["", say("verified", lang) if not failed else f"{failed} {say('mismatches', lang)}"]
    return "\n".join(lines) + "\n"


def _outcome(count: int, lang: str) -> str:
    return say("refuted", lang).format(n=count) if count else say("proved", lang)


def as_json(verification: Verification, gaps: Sequence[Gap], checks: Sequence[Check], problems: Sequence[Problem],
            fresh: Sequence[str], lang: str) -> str:  # fmt: skip
    """The same as one object."""
    known = {(gap.property, gap.key): gap for gap in gaps}

    def finding(name: str, key: str) -> dict[str, Any]:
        gap = known.get((name, key))
        listed = {"code": gap.code or None, "summary": gap.source["summary"], "witness": [*gap.witness]} if gap else {}
        return {"finding": key, "known": gap is not None, **listed}

    properties = [{"property": result.property.name, "title": result.property.title, "provisions": result.property.provisions,
                   "space": result.property.space.name, "small_domain": result.property.small_domain,
                   "under": {"profile": result.under.profile, "readings": dict(result.under.readings)},
                   "outcome": "refuted" if result.keys else "proved",
                   "findings": [finding(result.property.name, key) for key in result.keys]}
                  for result in verification.results()]  # fmt: skip
    document = {"instrument": verification.policy.instrument["id"], "policy_sha256": verification.policy.sha256,
                "larger": verification.larger, "properties": properties,
                "checks": [{"check": check.name, "examined": check.examined,
                            "failed": [{"at": str(at), "what": what} for at, what in check.failed]} for check in checks],
                "problems": [{"code": problem.code, "message": problem.text(lang)} for problem in problems],
                "new_witnesses": [*fresh]}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
