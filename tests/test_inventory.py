"""The README's table of provisions: what is made of each, counted anew from the files it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

from cchc.inventory import filled
from cchc.policy import Policy
from cchc.schema import resource

TOP = Path(__file__).resolve().parents[1]
POLICY = Policy.load()


def cells() -> dict[str, list[str]]:
    rows = re.findall(r"^\| ((?:qd|r|\d)[\w.]*) \|(.*)\|$", (TOP / "README.md").read_text(encoding="utf-8"), re.M)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in rows}


def test_the_readme_holds_what_the_policies_say() -> None:
    page = (TOP / "README.md").read_text(encoding="utf-8")
    assert filled(page, POLICY) == page, "make readme"


def test_no_provision_is_missing_and_none_is_silent() -> None:
    rows = cells()
    assert list(rows) == list(POLICY.provisions)
    assert [name for name, (_, *made) in rows.items() if not any(made)] == []


def test_rules_are_counted_by_their_citations() -> None:
    """Against the rule files as text."""
    lines = "".join(path.read_text(encoding="utf-8") for path in POLICY.rule_files).splitlines()
    cited = [provision for line in lines if line.startswith("%@") for provision in line[2:].split()]
    rows = cells()
    assert {name: int(row[1]) for name, row in rows.items() if row[1]} == {name: cited.count(name) for name in set(cited)}


def test_duties_are_counted_by_their_ids() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((resource("policies")).glob("*/*.yaml")))
    duties = re.findall(r"^ +- id: '?([\w.]+)\.o\d+'?$", text, re.M)
    counted = {name: int(row[3].split()[0]) for name, row in cells().items() if row[3]}
    assert counted == {name: duties.count(name) for name in set(duties)}
    assert sum(counted.values()) == 199
