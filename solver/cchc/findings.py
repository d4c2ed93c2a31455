"""What verification found, for people and machines, and the witnesses as a case file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cchc.checks import Check
from cchc.files import write_text
from cchc.gaps import WITNESSES, Gap, compared, load, witnesses_on_file
from cchc.policy import Policy
from cchc.printing import version_text
from cchc.problems import Location, Problem, display_path, invalid
from cchc.properties import Properties
from cchc.text import paragraph, say, table
from cchc.verify import Verification, Witness
from cchc.witness import case_text, confirmed, data_of

HEADER = """# yaml-language-server: $schema=../../../schemas/cases.schema.json
#
# Do `cchc verify --write` ghi: với mỗi phát hiện, dữ liệu nhỏ nhất cho thấy phát hiện đó. Không sửa tay.
"""
_WIDTH = 80


def witness_case(policy: Policy, witness: Witness, gap: Gap | None) -> str:
    """A witness as a case: titled by what the dossier says of it, expecting what the engine gives. Raises Invalid if the
    engine does not give the finding."""
    title = gap.source["summary"]["vi"] if gap else f"{witness.of.title['vi']}: {witness.key}"
    data = data_of(policy.vocabulary, witness.tables)
    for way in witness.under:
        if witness.key not in confirmed(policy, data, way, witness.of):
            found = f"{witness.of.name}: {witness.key} ({way.name})"
            raise invalid(Location(display_path(witness.of.space.path)), "witness-differs", found=found)
    return case_text(policy, witness.name, title, data, [(way, witness.of.verdicts) for way in witness.under])


class Report(NamedTuple):
    """What verification found, and how it compares with the dossier; `fresh` are cases for findings that are new, `closed`
    the entries of the dossier that drafts leave no ground for."""

    verification: Verification
    gaps: Mapping[tuple[str, str], Gap]
    checks: Sequence[Check]
    problems: Sequence[Problem]
    fresh: Sequence[str]
    closed: Sequence[Gap]

    @property
    def all_problems(self) -> list[Problem]:
        """What fails, checks included, each at its place."""
        failed = [Problem(at, f"check-{check.name}", {"found": what}) for check in self.checks for at, what in check.failed]
        return [*self.problems, *failed]

    @property
    def failed(self) -> int:
        return len(self.problems) + sum(len(check.failed) for check in self.checks)


def report(policy: Policy, properties: Properties, checks: Sequence[Check], *, larger: bool = False,
           write: bool = False) -> Report:  # fmt: skip
    """Search all properties and compare with the dossier; with `write`, the smallest data for each finding becomes the case
    file of witnesses. The dossier is about the text in force: with a draft, what it closes is no mistake, but a known finding
    that it opens in one more way to read the text is new. Raises Invalid."""
    if write and policy.drafts:
        raise invalid(Location("--write"), "not-with-draft")
    known = {(gap.of, gap.key): gap for gap in load(policy, properties)}
    verification = Verification(policy, properties, larger=larger)
    found = verification.findings()
    fresh: list[str] = []
    written: list[str] = []
    for (name, key), ways in found.items():
        gap = known.get((name, key))
        if write or gap is None:
            cases = [witness_case(policy, witness, gap) for witness in verification.witnesses(name, key, ways)]
            written += cases
            fresh += cases if gap is None else []
    if write:
        write_text(policy.folder / WITNESSES, HEADER + "".join(written))
    ways_by_name = {finding: [way.name for way in ways] for finding, ways in found.items()}
    closed: list[Gap] = []
    listed = [*known.values()]
    if policy.drafts:
        closed = [gap for gap in listed if (gap.of, gap.key) not in found]
        listed = [gap._replace(profiles=tuple(way for way in gap.profiles if way in ways_by_name[gap.of, gap.key]))
                  for gap in listed if gap not in closed]  # fmt: skip
    problems = compared(policy, listed, ways_by_name, properties, witnesses_on_file(policy))
    return Report(verification, known, checks, [*problems], fresh, closed)


def text(report: Report, lang: str) -> str:
    """A line for each property and way to read the text, then the findings with what the dossier says, then what is
    wrong."""
    verification = report.verification
    header = [say(key, lang) for key in ("property", "profile", "outcome")]
    rows = [[result.of.name, result.under.name, _outcome(len(result.keys), lang)] for result in verification.results()]
    policy = verification.policy
    lines = [*paragraph(f"{policy.instrument['number']}: {say('verifying', lang)}", _WIDTH), version_text(policy, lang), ""]
    lines += table(header, rows, _WIDTH) if rows else []
    for check in report.checks:
        outcome = say("check-failed", lang).format(n=len(check.failed)) if check.failed else say("check-passed", lang)
        lines += paragraph(f"{say(check.name, lang)} ({check.examined}): {outcome}", _WIDTH, "", "  ")
        lines += [f"  {at}: {what}" for at, what in check.failed]
    for (name, key), ways in verification.findings().items():
        gap = report.gaps.get((name, key))
        code = f" [{gap.code}]" if gap and gap.code else ""
        lines += ["", *paragraph(f"{name}: {key}{code} ({'; '.join(way.name for way in ways)})", _WIDTH, "- ", "  ")]
        lines += paragraph(gap.source["summary"][lang] if gap else say("not-listed-yet", lang), _WIDTH, "  ", "  ")
        if gap:
            lines += paragraph(f"{say('witness', lang)}: {', '.join(gap.witness)}", _WIDTH, "  ", "    ")
    if report.closed:
        lines += ["", f"{say('gaps-closed', lang)} ({len(report.closed)}):"]
        lines += [piece for gap in report.closed for piece in
                  paragraph(f"{gap.of}: {gap.key}. {gap.source['summary'][lang]}", _WIDTH, "- ", "  ")]  # fmt: skip
    if report.problems:
        lines += ["", *(problem.text(lang) for problem in report.problems), *(f"\n{case.rstrip()}" for case in report.fresh)]
    lines += ["", f"{report.failed} {say('mismatches', lang)}" if report.failed else say("verified", lang)]
    return "\n".join(lines) + "\n"


def _outcome(count: int, lang: str) -> str:
    return say("refuted", lang).format(n=count) if count else say("proved", lang)


def as_json(report: Report, lang: str) -> str:
    """The same as one object."""

    def finding(name: str, key: str) -> dict[str, Any]:
        gap = report.gaps.get((name, key))
        listed = {"code": gap.code or None, "summary": gap.source["summary"], "witness": [*gap.witness]} if gap else {}
        return {"finding": key, "known": gap is not None, **listed}

    verification = report.verification
    properties = [{"property": result.of.name, "title": result.of.title, "provisions": result.of.provisions,
                   "space": result.of.space.name, "small_domain": result.of.small_domain,
                   "under": {"profile": result.under.profile, "readings": dict(result.under.readings)},
                   "outcome": "refuted" if result.keys else "proved",
                   "findings": [finding(result.of.name, key) for key in result.keys]}
                  for result in verification.results()]  # fmt: skip
    document = {"instrument": verification.policy.instrument["id"], "policy_sha256": verification.policy.sha256,
                "larger": verification.larger, "properties": properties,
                "checks": [{"check": check.name, "examined": check.examined,
                            "failed": [{"at": str(at), "what": what} for at, what in check.failed]}
                           for check in report.checks],
                "closed": [{"property": gap.of, "finding": gap.key} for gap in report.closed],
                "problems": [{"code": problem.code, "message": problem.text(lang)} for problem in report.problems],
                "new_witnesses": [*report.fresh]}  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
