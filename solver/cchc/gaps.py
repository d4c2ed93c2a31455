"""The dossier of known defects of a policy, each reviewed by a person, and how it compares with what is found."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cchc.files import load_yaml
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem, display_path, listed, nearest
from cchc.properties import FOLDER, Properties
from cchc.schema import load_valid

FILE = "known-gaps.yaml"
WITNESSES = f"{FOLDER}/witnesses.yaml"


class Gap(NamedTuple):
    """One entry: the finding, where there is one (by the names of ways to read the text), and what a lawyer says of it."""

    of: str
    key: str
    code: str
    profiles: tuple[str, ...]
    provisions: tuple[str, ...]
    witness: tuple[str, ...]
    source: Mapping[str, Any]
    at: Location


def load(policy: Policy, properties: Properties) -> tuple[Gap, ...]:
    """The entries of `known-gaps.yaml` (none without that file). Raises Invalid for what names nothing that exists."""
    path = policy.folder / FILE
    if not path.is_file():
        return ()
    document = load_valid(path, "known-gaps")
    problems: list[Problem] = []
    gaps: dict[tuple[str, str], Gap] = {}
    for index, entry in enumerate(document.data):
        if entry["property"] not in properties.properties:
            known = properties.properties
            problems.append(Problem(document.at((index, "property")), "gap-property",
                                    {"found": entry["property"], "hint": nearest(entry["property"], known),
                                     "allowed": listed(known, 30)}))  # fmt: skip
        problems += [Problem(document.at((index, "provisions", number)), "unknown-provision",
                             {"found": provision, "hint": nearest(provision, policy.provisions)})
                     for number, provision in enumerate(entry["provisions"])
                     if provision not in policy.provisions and not policy.amendments]  # fmt: skip
        key, at = (entry["property"], entry["finding"]), document.at((index, "finding"))
        if key in gaps:
            problems.append(Problem(at, "repeated-gap", {"found": ": ".join(key), "first": gaps[key].at.line}))
        gaps[key] = Gap(*key, entry.get("code", ""), tuple(entry["profiles"]), tuple(entry["provisions"]),
                        tuple(entry["witness"]), entry, at)  # fmt: skip
    if problems:
        raise Invalid(problems)
    return tuple(gaps.values())


def compared(policy: Policy, gaps: Sequence[Gap], found: Mapping[tuple[str, str], Sequence[str]], properties: Properties,
             cases: Container[str]) -> Iterator[Problem]:  # fmt: skip
    """What is found and not listed, and what is listed and not found; `found` gives for each finding the names of the ways to
    read the text in which there is one, `cases` are the witnesses on file."""
    known = {(gap.of, gap.key): gap for gap in gaps}
    for (name, key), ways in found.items():
        gap = known.get((name, key))
        more = [way for way in ways if gap is None or way not in gap.profiles]
        if more:
            at = gap.at if gap else Location(display_path(properties.properties[name].path))
            yield Problem(at, "gap-new", {"found": f"{name}: {key}", "profiles": ", ".join(more)})
    for gap in gaps:
        gone = [way for way in gap.profiles if way not in found.get((gap.of, gap.key), ())]
        if gone:
            yield Problem(gap.at, "gap-gone", {"found": f"{gap.of}: {gap.key}", "profiles": ", ".join(gone)})
        for case in gap.witness:
            if case not in cases:
                yield Problem(gap.at, "gap-witness", {"found": case, "allowed": WITNESSES})


def witnesses_on_file(policy: Policy) -> frozenset[str]:
    """The ids of the cases that an earlier search wrote."""
    path = policy.folder / WITNESSES
    if not path.is_file():
        return frozenset()
    cases: Iterable[Any] = load_yaml(path, text_only=True).data
    return frozenset(case["case"] for case in cases)
