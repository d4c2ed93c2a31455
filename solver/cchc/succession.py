"""Which rules are left when the text is amended. The rules of a provision share its fate:

- a rule all of whose citations are replaced or repealed falls with them, like every rule for a predicate that the
  amending instrument redefines; the new rules stand beside the new text;
- unless the change says `keeps_rules`, for new words that ask for the same rules;
- a rule that cites or names a changed provision besides others must be restated: otherwise it is an error, never guessed;
- so must a rule of a provision that is only renumbered, or that is missing from new words that keep the rules;
- inserting or substituting leaves the rules as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cchc.consolidation import Amendment, Change
from cchc.problems import Invalid, Problem
from cchc.rules import Rule

_DUTY = re.compile(r"\.o[1-9][0-9]*$")


def in_force(rules: Sequence[Rule], amendments: Sequence[tuple[Amendment, Sequence[Rule]]]) -> list[Rule]:
    """The rules left and made by amendments, each of these with its own rules. Raises Invalid for one that cites or names
    a provision that is no longer what it was."""
    left = list(rules)
    for amendment, added in amendments:
        kept = []
        problems: list[Problem] = []
        for rule in left:
            if rule.head is not None and rule.head.name in amendment.redefines:
                continue
            if rule.citations and all(provision in amendment.fallen for provision in rule.citations):
                continue
            touched = [provision for provision in _named(rule) if provision in amendment.gone]
            problems += [_stale(rule, provision, amendment.gone[provision]) for provision in touched[:1]]
            kept.append(rule)
        if problems:
            raise Invalid(problems)
        left = [*kept, *added]
    return left


def stale(rules: Iterable[Rule], provisions: Mapping[str, Any], amendments: Sequence[Amendment]) -> list[Problem]:
    """Rules that cite or name a provision that an amendment took away."""
    gone = {name: change for amendment in amendments for name, change in amendment.gone.items() if name not in provisions}
    return [_stale(rule, name, gone[name]) for rule in rules for name in _named(rule) if name in gone]


def _named(rule: Rule) -> list[str]:
    """The provisions that a rule cites, and the identifiers that stand in it as constants: of a duty, its provision."""
    constants = (_DUTY.sub("", term.text) for atom in rule.atoms for term in atom.terms if term.kind == "string")
    return list(dict.fromkeys([*rule.citations, *constants]))


def _stale(rule: Rule, provision: str, change: Change) -> Problem:
    head = rule.head.name if rule.head is not None else ""
    return Problem(rule.at, "stale-rule", {"found": provision, "by": change.number, "clause": change.clause, "head": head})
