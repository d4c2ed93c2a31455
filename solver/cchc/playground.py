"""What the playground page needs of the policies, as JSON: `python -m cchc.playground OUT`.

The page has clingo solve the very same rules in the browser. It knows no law: rules with their traces, the questions why
not, sentences and quotations are written here, from the policy files.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from cchc.files import load_yaml, write_text
from cchc.messages import MESSAGES
from cchc.policy import Policy, Reading
from cchc.problems import Location
from cchc.rules import Check, Comparison, Rule, RuleAtom, Term, able, below
from cchc.schema import resource
from cchc.text import WORDS, provision_name
from cchc.traces import Pattern
from cchc.versions import instruments
from cchc.vocabulary import SCALE
from cchc.whynot import Asked, Condition, Goal, asking

FORMAT = 1
"""Changes when the page would misread older files."""

_MESSAGES = ("empty-value", "not-decimal", "too-many-decimals", "out-of-range", "not-integer", "over-maximum", "not-positive",
             "bad-identifier", "reserved-identifier", "repeated-row", "not-allowed", "undeclared", "unknown-table",
             "unknown-column", "unknown-reading", "unknown-value", "unknown-profile", "year-before-item", "above-scale",
             "own-ancestor", "no-candidates", "not-date", "wrong-shape")  # fmt: skip
_ARITHMETIC = re.compile(r"\(?(\w+) ?([-+]) ?(\d+)\)?")

Json = dict[str, Any]


def files(policies: Path | None = None, data: Path | None = None) -> Iterator[tuple[str, str]]:
    """The files of the page, each with its text: the vocabulary, one for each version, and the units of the datasets in a
    folder. Raises Invalid."""
    root = policies if policies is not None else resource("policies")
    newest = Policy.load(root)
    drafts = [name for name, one in instruments(root).items() if one.draft and one.data.get("amends") == newest.folder.name]
    versions = [newest, *(Policy.load(root, None, None, [draft]) for draft in drafts)]
    yield "vocabulary.json", _text(_vocabulary(root, versions))
    for policy in versions:
        rules = _rules(policy)
        yield f"{_id(policy)}.json", _text(_version(policy, rules))
        yield f"{_id(policy)}.text.json", _text(_provisions(policy, rules))
        yield f"{_id(policy)}.why.json", _text(list(_why_not(policy, rules)))
    if data is not None:
        from cchc.playground_units import units

        found = list(units(root, data))
        for name, case in found:
            yield f"units/{name}.json", _text(case)
        listed = ({key: case["about"][key] for key in ("dataset", "name", "provenance")} for _, case in found)
        yield "units.json", _text([{"file": name, **about} for (name, _), about in zip(found, listed, strict=True)])


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _id(policy: Policy) -> str:
    """The text in force has a name that stays, so that the page can ask for it before it has read anything."""
    return "+".join(policy.drafts) or "in-force"


def _vocabulary(root: Path, versions: Sequence[Policy]) -> Json:
    """Types and predicates as declared, and the sentences around them."""
    declared = load_yaml(root / "vocabulary.yaml").data
    return {
        "format": FORMAT, "scale": SCALE, "types": declared["types"], "predicates": declared["predicates"],
        "columns": declared.get("columns", {}), "words": WORDS, "messages": {code: MESSAGES[code] for code in _MESSAGES},
        "versions": [{"id": _id(policy), "drafts": policy.drafts, **_titles(policy)} for policy in versions],
    }  # fmt: skip


def _titles(policy: Policy) -> Json:
    """What a version is called, and what every reader of it must be told."""
    one = policy.amendments[-1].instrument if policy.drafts else policy.instrument
    return {"number": one["number"], "title": one["title"], "notices": policy.notices, "sha256": policy.sha256}


def _rules(policy: Policy) -> list[Rule]:
    """The rules that some data can make fire; those that need facts supplied on request only are left out."""
    given = (name for name, predicate in policy.vocabulary.predicates.items()
             if predicate.kind in {"input", "policy"} and not predicate.option("on_request"))  # fmt: skip
    return able(policy.rules, {}, given)


def _version(policy: Policy, rules: Sequence[Rule]) -> Json:
    """One text: its facts, rules and readings."""
    silent = frozenset(policy.vocabulary.supplied("silent"))
    traced = below(rules, policy.vocabulary.of_kind("verdict"), silent, behind_not=False)
    patterns = {rule.number: Pattern(rule, silent) for rule in traced}
    here = Location("playground")
    return {
        "format": FORMAT, "id": _id(policy), **_titles(policy),
        "facts": [{"atom": [fact.atom.predicate, *fact.atom.arguments], "provision": fact.provision, "words": fact.words}
                  for fact in policy.facts if not policy.vocabulary.predicates[fact.atom.predicate].option("on_request")],
        "rules": [_rule(rule, patterns.get(rule.number)) for rule in rules],
        "readings": {name: _reading(reading) for name, reading in policy.readings.items()},
        "profiles": {name: {"title": described.get("title", {}), "values": policy.values_of(name, {}, here)}
                     for name, described in policy.profiles.items()},
    }  # fmt: skip


def _provisions(policy: Policy, rules: Iterable[Rule]) -> Json:
    """What the provisions that rules, facts and readings rest on say, in the order of the text."""
    cited = {cite for rule in rules for cite in rule.citations} | {fact.provision for fact in policy.facts}
    cited |= {name for reading in policy.readings.values() for name in reading.provisions}
    return {"order": list(policy.provisions),
            "provisions": {name: {lang: {"name": provision_name(name, lang), "text": text.strip()}
                                  for lang, text in (("vi", one.text), ("en", one.en))}
                           for name, one in policy.provisions.items() if name in cited}}  # fmt: skip


def _reading(reading: Reading) -> Json:
    return {"question": reading.source.get("question", {}), "values": reading.values, "default": reading.default,
            "provisions": reading.provisions, "decided": reading.decided}  # fmt: skip


# ---- Rules: their text, split where a proof can show them, and how to put instances together again -------------------


def _rule(rule: Rule, pattern: Pattern | None) -> Json:
    assert rule.head is not None
    asked = [[term.text for term in atom.terms] for atom in rule.atoms if atom.name == "reading" and atom.role == "positive"]
    described: Json = {
        "n": rule.number, "cites": rule.citations, "head": rule.head.name, "asks": asked, "plain": rule.plain,
        "reads": sorted({atom.name for atom in rule.atoms if atom.role != "head"}),
        "needs": [_atom(atom, ()) for atom in rule.atoms if atom.role == "positive"],
        "gives": _atom(rule.head, ()),
    }  # fmt: skip
    if pattern is not None:
        terms = pattern.terms
        described |= {
            "program": "\n".join(pattern.program()), "trace": pattern.name, "arity": len(terms),
            "instance": _atom(rule.head, terms),
            "parts": [{"role": "check"} if isinstance(part, Check) else {"role": part.role, "atom": _atom(part, terms)}
                      for part in rule.parts],
            "checks": [{"part": gone.part, "trace": gone.name, "atom": _atom(gone.literals[0], gone.terms)}
                       for gone in pattern.checks],
        }  # fmt: skip
    return described


def _atom(atom: RuleAtom, places: Sequence[str]) -> list[Any]:
    """An atom for putting together: its predicate, then for each argument a constant, [place, number to add] among the
    arguments of a trace, or null for what is not there."""
    return [atom.name, *(_argument(term, places) for term in atom.terms)]


def _argument(term: Term, places: Sequence[str]) -> Any:
    if term.kind in {"string", "constant"}:
        return term.text
    if term.kind == "number":
        return int(term.text)
    if term.text in places:
        return [places.index(term.text), 0]
    match = _ARITHMETIC.fullmatch(term.text) if term.kind == "arithmetic" else None
    if match is not None and match[1] in places:
        return [places.index(match[1]), int(match[2] + match[3])]
    return None


# ---- Why not: the questions of `cchc.whynot`, for every verdict that is about one head or item -----------------------


def _why_not(policy: Policy, rules: Iterable[Rule]) -> Iterator[Json]:
    predicates = policy.vocabulary.predicates
    asked = asking(rules, predicates, "__w")
    for name, predicate in policy.vocabulary.of_kind("verdict").items():
        if not predicate.option("detail"):
            asked.ask(Goal(name, (True,) * len(predicate.arguments), asked.part))
    for goal, found in asked.conditions.items():
        yield {
            "goal": goal.predicate, "name": goal.name, "bound": goal.bound,
            "rules": [{"n": rule.number, "conditions": [_condition(asked, rule, one) for one in conditions]}
                      for rule, conditions in found],
        }  # fmt: skip


def _condition(asked: Asked, rule: Rule, condition: Condition) -> Json:
    assert rule.head is not None
    places = condition.variables
    described: Json = {
        "name": condition.name, "arity": len(places), "kind": condition.kind, "lines": "\n".join(condition.lines),
        "head": _atom(rule.head, places), "given": [_atom(atom, places) for atom in condition.given],
        "goal": condition.goal.predicate if condition.goal is not None else None,
    }  # fmt: skip
    literal = condition.literal
    if isinstance(literal, Comparison):
        sides = (int(side) if side.isdigit() else [places.index(side), 0] for side in (literal.left, literal.right))
        described |= {"sides": list(sides), "operator": literal.operator, "type": asked.type_of(condition)}
    else:
        described["atom"] = _atom(literal, places)
    return described


def main(arguments: Sequence[str]) -> int:
    """Writes the files of the page into a folder."""
    out, *data = map(Path, arguments)
    for name, text in files(None, data[0] if data else None):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(out / name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
