"""Properties of the policy itself: what is found is what the dossier says, each finding with a smallest case; what is proved
agrees with brute force by the independent evaluator; damaged property files are refused with their place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import pytest

from cchc import Policy
from cchc.cases import run_file
from cchc.checks import Check, numbers_matter, readings_matter, rules_fire
from cchc.findings import Report, report
from cchc.gaps import WITNESSES, load
from cchc.problems import Invalid, Location
from cchc.properties import load as load_properties
from cchc.schema import resource
from cchc.twins import differences
from cchc.verify import Verification
from cchc.witness import data_of
from independent import Given, evaluate, profile

SHIPPED = resource("policies")
NAME = "3373-qd-ubnd"
TOY = Path(__file__).parent / "toy"
POLICY = Policy.load()
PROPERTIES = load_properties(POLICY)
PROFILES = ("default", "literal", "cascade")
CONJOINED, EMPTY = "d_connective=and", "empty=fails"
NO_OFFICE = "ppc_office=excluded"

# What the legal analysis says of the text as it stands (section 3), finding by finding.
EXPECTED: dict[str, dict[str, tuple[str, ...]]] = {
    "some_class": {
        "excellent_items_unmet": ("default", "literal", CONJOINED, EMPTY),  # T2, G1
        "good_items_unmet": ("default", "literal", CONJOINED, EMPTY),  # T2, G2
        "item_fell": (*PROFILES, CONJOINED, EMPTY),  # T3, G3
        "index_above_100": ("literal",),  # G4
        "failing_grounds_unmet": (CONJOINED,),  # G8
        "no_assigned_item": (EMPTY,),  # G9
    },
    "one_class": {"excellent_and_not_completed": ("literal",)},  # T1 needs constant maxima; G7
    "monotone": {"class_lost": ("default", "literal"), "class_lost_above_scale": ("literal",)},  # T4
    "maximum": {"maximum_without_class": ("literal",), "maximum_reduced": ("literal",)},  # T5
    "ladder": {"encouragement_reported_without_notice": PROFILES},  # T6
    "praise_and_blame": dict.fromkeys(("excellent_criticised", "excellent_notified", "excellent_reported"), ("literal",)),  # T7
    "runs_answered": {
        "two_falls_unanswered": ("default", "cascade"),  # T8
        "three_falls_unanswered": ("default", "cascade"),
        "three_falls_new_holder": PROFILES,
        "relieved_and_excellent": PROFILES,
    },
    "handled_are_listed": {"criticised_not_listed": PROFILES, "reported_not_listed": PROFILES},  # T9
    "heard_before_blamed": {},
    "posts_have_rule": {  # G5
        "public_service_unit": (*PROFILES, NO_OFFICE),
        "tax_department": (*PROFILES, NO_OFFICE),
        "district_division": (*PROFILES, NO_OFFICE),
        "ppc_office": (NO_OFFICE,),
    },
    "commune_class": {"no_scale": PROFILES, "below_the_scale": PROFILES, "equal_thresholds": PROFILES},  # G6
    "commune_failure_answered": {"not_completed_unanswered": PROFILES},
    "drafter_not_listed": {"drafter_must_explain": PROFILES, "drafter_did_not_complete": PROFILES},  # G12
}
FINDINGS = {(name, key): set(ways) for name, keys in EXPECTED.items() for key, ways in keys.items()}


def found_in(verification: Verification) -> dict[tuple[str, str], set[str]]:
    return {finding: {way.name for way in ways} for finding, ways in verification.findings().items()}


def run(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("cchc")
    return subprocess.run([command, *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


# ---- The policy as it stands --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def verification() -> Verification:
    return Verification(POLICY, PROPERTIES)


def test_each_property_is_proved_or_refuted_as_the_legal_analysis_says(verification: Verification) -> None:
    assert PROPERTIES.properties.keys() == EXPECTED.keys()
    assert found_in(verification) == FINDINGS


def test_the_dossier_lists_exactly_what_is_found() -> None:
    gaps = load(POLICY, PROPERTIES)
    assert {(gap.of, gap.key): set(gap.profiles) for gap in gaps} == FINDINGS
    seen = report(POLICY, PROPERTIES, [])
    assert (seen.problems, seen.fresh, seen.failed) == ([], [], 0)


def test_every_witness_passes_as_a_case() -> None:
    outcomes = list(run_file(SHIPPED / NAME / WITNESSES, POLICY))
    assert [outcome for outcome in outcomes if outcome.differences] == []
    listed = {case for gap in load(POLICY, PROPERTIES) for case in gap.witness}
    assert {outcome.case for outcome in outcomes} == listed
    assert len(outcomes) == sum(len(ways) for ways in FINDINGS.values())


def test_a_search_writes_the_same_cases_again(tmp_path: Path) -> None:
    """The same findings; the data may be other data of the same size."""
    policies = shutil.copytree(SHIPPED, tmp_path / "policies")
    path = policies / NAME / WITNESSES
    before = re.findall("(?m)^- case: .*$", path.read_text(encoding="utf-8"))
    path.unlink()
    policy = Policy.load(policies)
    seen = report(policy, load_properties(policy), [], write=True)  # the engine confirms each as it is written
    assert seen.failed == 0
    assert re.findall("(?m)^- case: .*$", path.read_text(encoding="utf-8")) == before


@pytest.mark.parametrize(("name", "key", "rows"), [
    ("some_class", "index_above_100", {"unit": 1, "unit_index": 1}),
    ("some_class", "excellent_items_unmet", {"unit": 1, "unit_index": 1, "item": 1, "item_score": 4, "assignment": 1}),
    ("monotone", "class_lost", {"unit": 2, "unit_index": 2, "item": 1, "item_score": 4, "assignment": 2}),
    ("ladder", "encouragement_reported_without_notice",
     {"unit": 1, "unit_index": 1, "item": 1, "item_score": 4, "assignment": 3, "cause": 3}),
    ("runs_answered", "three_falls_new_holder",
     {"unit": 1, "unit_index": 1, "item": 1, "item_score": 4, "assignment": 3, "cause": 3, "head": 2}),
])  # fmt: skip
def test_a_witness_has_no_row_too_many(verification: Verification, name: str, key: str, rows: dict[str, int]) -> None:
    (witness,) = verification.witnesses(name, key, verification.findings()[name, key])
    tables = POLICY.vocabulary.tables()
    assert {table: len(found) for table, found in witness.tables.items() if table in tables and found} == rows


def test_one_witness_shows_a_finding_in_every_profile_that_has_it(verification: Verification) -> None:
    for (name, key), ways in verification.findings().items():
        (witness,) = verification.witnesses(name, key, ways)
        assert [way.name for way in witness.under] == [way.name for way in ways]


def test_larger_spaces_give_the_same_findings() -> None:
    assert all(each.space.larger for each in PROPERTIES.properties.values())
    assert found_in(Verification(POLICY, PROPERTIES, larger=True)) == FINDINGS


def test_each_small_domain_is_argued_for_in_both_languages() -> None:
    for each in PROPERTIES.properties.values():
        assert len(each.small_domain["vi"]) > 40 < len(each.small_domain["en"])


# ---- Brute force, by an evaluator that shares nothing with the engine -----------------------------------------------


def one_item_profiles() -> Iterator[Given]:
    """Four score levels over three years, after a fall or not, the maximum of the last year changed or not, every cause of
    every fall, and an index in each band and above the scale."""
    levels, last = ("7", "8", "9", "10"), (*(("10", p) for p in ("7", "8", "9", "10")), ("7", "6"), ("7", "7"))
    for first, second, (maximum, third), fell in product(levels, levels, last, (False, True)):
        before = "10" if fell else first
        figures = [("2020", before, "10"), ("2021", first, "10"), ("2022", second, "10"), ("2023", third, maximum)]
        falls = [year for (_, p, _), (year, q, _) in pairwise(figures) if int(q) < int(p)]
        for causes in product(("subjective", "objective"), repeat=len(falls)):
            for index in ("59", "70", "85", "95", "100.5"):
                yield {
                    "unit": [{"unit": "U1", "type": "department"}],
                    "unit_index": [{"unit": "U1", "year": "2023", "points": index}],
                    "item": [{"item": "I1", "level": "criterion"}],
                    "item_score": [{"item": "I1", "year": y, "points": p, "max": m} for y, p, m in figures],
                    "assignment": [{"item": "I1", "unit": "U1", "year": y, "role": "lead"} for y in ("2021", "2022", "2023")],
                    "cause": [{"item": "I1", "year": y, "cause": c} for y, c in zip(falls, causes, strict=True)],
                }  # fmt: skip


@pytest.mark.parametrize("name", PROFILES)
def test_brute_force_over_one_item_finds_the_same(name: str) -> None:
    gaps, conflicts, praised = set[str](), set[tuple[str, ...]](), set[str]()
    for given in one_item_profiles():
        verdicts = evaluate(given, 2023, profile(name))
        classes = sorted(row[1] for row in verdicts["class"].certain)
        gaps |= {row[1] for row in verdicts["unclassified"].certain}
        conflicts |= {tuple(classes)} if len(classes) > 1 else set()
        praised |= {f"excellent_{kind}" for kind, verdict in (("criticised", "criticism"), ("notified", "notice"),
                    ("reported", "committee_report")) if "excellent" in classes and verdicts[verdict].certain}  # fmt: skip
        assert bool(classes) != bool(verdicts["unclassified"].certain)
    expected = {prop: {key for key, ways in EXPECTED[prop].items() if name in ways} for prop in EXPECTED}
    assert gaps == expected["some_class"]
    assert {"_and_".join(pair) for pair in conflicts} == expected["one_class"]
    assert praised == expected["praise_and_blame"]


# ---- What changes is reported ---------------------------------------------------------------------------


class Edit(NamedTuple):
    file: str
    old: str
    new: str


def edited(folder: Path, *edits: Edit) -> Path:
    """A copy of the policies with a few edits."""
    policies = shutil.copytree(SHIPPED, folder / "policies")
    for edit in edits:
        path = policies / NAME / edit.file
        text = path.read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, edit
        path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
    return policies


def reported(policies: Path, *drafts: str) -> Report:
    policy = Policy.load(policies, drafts=drafts)
    return report(policy, load_properties(policy), [])


def told(seen: Report) -> set[tuple[str, str]]:
    return {(problem.code, f"{problem.details['found']} ({problem.details['profiles']})") for problem in seen.problems}


STRICT = Edit("article-17.lp", "did_not_fall(I,Y),\n    reading(b2_max,max_satisfies).", "rose(I,Y).")
LISTED = Edit("article-20.lp", 'belongs_on("20.5",U,Y) :- class(U,Y,not_completed).',
              'belongs_on("20.5",U,Y) :- class(U,Y,not_completed).\n%@ 20.5\nbelongs_on("20.5",U,Y) :- criticism(U,_,Y).\n'
              '%@ 20.5\nbelongs_on("20.5",U,Y) :- committee_report(U,_,Y).')  # fmt: skip


def test_a_new_gap_is_reported_with_its_smallest_case(tmp_path: Path) -> None:
    seen = reported(edited(tmp_path, STRICT))
    assert ("gap-new", "maximum: maximum_without_class (default, cascade)") in told(seen)
    assert seen.fresh == []  # known in another profile: it has a witness already
    removed = edited(tmp_path / "unlisted")
    dossier = removed / NAME / "known-gaps.yaml"
    head, *entries = dossier.read_text(encoding="utf-8").split("- property: ")
    dossier.write_text(head + "".join(f"- property: {e}" for e in entries if "finding: item_fell" not in e), encoding="utf-8")
    seen = reported(removed)
    assert told(seen) == {("gap-new", f"some_class: item_fell ({', '.join((*PROFILES, CONJOINED, EMPTY))})")}
    (case,) = seen.fresh
    file = tmp_path / "fresh.yaml"
    file.write_text(case, encoding="utf-8")
    assert all(not outcome.differences for outcome in run_file(file, POLICY))


def test_a_gap_that_is_gone_is_reported(tmp_path: Path) -> None:
    seen = reported(edited(tmp_path, LISTED))
    everywhere = ", ".join(PROFILES)
    assert told(seen) == {("gap-gone", f"handled_are_listed: criticised_not_listed ({everywhere})"),
                          ("gap-gone", f"handled_are_listed: reported_not_listed ({everywhere})")}  # fmt: skip


def test_a_draft_that_spreads_a_known_gap_is_told(tmp_path: Path) -> None:
    """The draft decides for raw points: what only the words as printed led to is now so by default."""
    policies = edited(tmp_path)
    draft = policies / "drafts" / "2026-minh-hoa"
    article = draft / "article-1.yaml"
    text = article.read_text(encoding="utf-8")
    assert text.count("reading: comparability, value: favourable") == 1
    article.write_text(text.replace("reading: comparability, value: favourable", "reading: comparability, value: raw"),
                       encoding="utf-8")  # fmt: skip
    seen = reported(policies, draft.name)
    assert ("gap-new", "praise_and_blame: excellent_criticised (default, cascade)") in told(seen)
    assert not any(problem.code == "gap-gone" for problem in seen.problems)


def test_a_total_amendment_is_proved_to_give_everyone_a_class(tmp_path: Path) -> None:
    total = Edit("article-17.lp", "unclassified(U,Y,G) :- gap(U,Y,G), not filled(U,Y).",
                 "class(U,Y,completed) :- gap(U,Y,_), not filled(U,Y), not meets(U,Y,\"17.1.d.1\").")  # fmt: skip
    policy = Policy.load(edited(tmp_path, total))
    results = {(result.of.name, result.under.name): result.keys
               for result in Verification(policy, load_properties(policy)).results()}  # fmt: skip
    for name in (*PROFILES, EMPTY):
        assert results["some_class", name] == (), name
    assert results["some_class", CONJOINED] == ("no_class_and_no_reason",)


def test_a_wrong_profile_is_reported(tmp_path: Path) -> None:
    policies = edited(tmp_path, Edit("known-gaps.yaml", "  finding: maximum_reduced\n  code: T7\n  profiles: [literal]",
                                     "  finding: maximum_reduced\n  code: T7\n  profiles: [default]"))  # fmt: skip
    assert told(reported(policies)) == {("gap-new", "maximum: maximum_reduced (literal)"),
                                        ("gap-gone", "maximum: maximum_reduced (default)")}  # fmt: skip


def test_a_witness_that_is_not_on_file_is_reported(tmp_path: Path) -> None:
    policies = edited(tmp_path, Edit("known-gaps.yaml", "witness: [item_fell-default]", "witness: [item_fell-defualt]"))
    (problem,) = reported(policies).problems
    assert (problem.code, problem.details["found"]) == ("gap-witness", "item_fell-defualt")


def test_what_is_said_of_the_policy_is_no_part_of_its_hash(tmp_path: Path) -> None:
    policies = edited(tmp_path, Edit("known-gaps.yaml", "finding: item_fell", "finding: item_foll"))
    (policies / NAME / WITNESSES).unlink()
    assert Policy.load(policies).sha256 == POLICY.sha256


# ---- Files that cannot be used ----------------------------------------------------------------------------

MONOTONE, HEADS = "properties/monotone.lp", "properties/spaces/heads.lp"
LAST = "place(not_completed,4).\n"
BAD: dict[str, tuple[Edit, str, str]] = {
    "undeclared predicate": (Edit(MONOTONE, "not off_scale(U,V,Y).", "not offscale(U,V,Y)."), "15:90", "undeclared-predicate"),
    "wrong arity": (Edit(MONOTONE, "place(D,R), place(C,S)", "place(D,R), place(C,Y,S)"), "27:45", "misused-predicate"),
    "unknown value": (Edit(MONOTONE, "C), C != not_completed", "exellent)"), "26:18", "misused-predicate"),
    "derives the law": (Edit(MONOTONE, LAST, f"{LAST}class(U,Y,good) :- raised(U,_,Y).\n"), "32:1", "misused-predicate"),
    "singleton": (Edit(MONOTONE, LAST, f"{LAST}place(X,5) :- year(_).\n"), "32:7", "singleton-variable"),
    "syntax": (Edit(MONOTONE, LAST, f"{LAST}place(a,5) :- year(Y.\n"), "32:21", "asp-syntax"),
    "unsafe": (Edit(MONOTONE, LAST, f"{LAST}place(X,X).\n"), "32:1", "asp-syntax"),
    "script": (Edit(MONOTONE, LAST, f"{LAST}#script (python) #end.\n"), "32:1", "forbidden-construct"),
    "include": (Edit(MONOTONE, LAST, f'{LAST}#include "/etc/passwd".\n'), "32:1", "forbidden-construct"),
    "function": (Edit(MONOTONE, LAST, f"{LAST}place(a,X) :- X = @f(1).\n"), "32:19", "forbidden-construct"),
    "choice": (Edit(MONOTONE, LAST, f"{LAST}{{ place(a,5) }}.\n"), "32:1", "forbidden-construct"),
    "no front matter": (Edit(MONOTONE, "%! title:\n", "% title:\n"), "1:1", "no-front-matter"),
    "missing key": (Edit(MONOTONE, "%! space: heads\n", ""), "1:4", "missing-key"),
    "unknown space": (Edit(MONOTONE, "%! space: heads\n", "%! space: haeds\n"), "5:11", "not-allowed"),
    "unknown verdict": (Edit(MONOTONE, "[class, unclassified]", "[class, unclasified]"), "6:22", "unknown-verdict"),
    "unknown provision": (Edit(MONOTONE, "'17.1.b.1'", "'17.1.b.9'"), "4:29", "unknown-provision"),
    "front matter no YAML": (Edit(MONOTONE, "%! space: heads\n", "%! space: [heads\n"), "6:12", "yaml-syntax"),
    "space: unknown predicate": (Edit(HEADS, " :- there(U).\n\n% Nội", " :- their(U).\n\n% Nội"), "37:51",
                                 "undeclared-predicate"),
    "space: script": (Edit(HEADS, "year(asked).\n", "year(asked).\n#script (python) #end.\n"), "15:1", "forbidden-construct"),
    "space: function": (Edit(HEADS, "year(asked).\n", "year(@f(1)).\n"), "14:6", "forbidden-construct"),
    "space: show": (Edit(HEADS, "year(asked).\n", "year(asked).\n#show.\n"), "15:1", "forbidden-construct"),
    "space: reads the law": (Edit(HEADS, "number(1..items).", "number(1..items) :- class(_,_,_)."), "40:21",
                             "misused-predicate"),
    "space: arity": (Edit(HEADS, "year(asked).\n", "year(asked,1).\n"), "14:1", "misused-predicate"),
    "space: unknown constant": (Edit(HEADS, "{items: 3,", "{itens: 3,"), "4:13", "unknown-key"),
    "space: unsafe": (Edit(HEADS, "number(1..items).", "number(X)."), "40:1", "asp-syntax"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    edit, place, code = BAD[name]
    policies = edited(tmp_path, edit)
    policy = Policy.load(policies)
    with pytest.raises(Invalid) as caught:
        Verification(policy, load_properties(policy))
    problems = [(Path(p.at.path).name, f"{p.at.line}:{p.at.column}", p.code) for p in caught.value.problems]
    assert problems == [(Path(edit.file).name, place, code)]


def test_a_bad_file_ends_the_command_with_code_3(tmp_path: Path) -> None:
    policies = edited(tmp_path, BAD["undeclared predicate"][0])
    for lang in ("vi", "en"):
        command = run("verify", "--policies", policies, "--lang", lang)
        assert (command.returncode, command.stdout) == (3, "")
        assert "monotone.lp:15:90: " in command.stderr
        assert "off_scale" in command.stderr  # the name meant
        assert "Traceback" not in command.stderr


def test_a_property_without_a_finding_would_always_hold(tmp_path: Path) -> None:
    policies = edited(tmp_path, Edit("properties/one_class.lp", "\nfinding(two_positive_classes)", "\nfound(two)"))
    rules = policies / NAME / "properties" / "one_class.lp"
    rules.write_text(rules.read_text(encoding="utf-8").replace("\nfinding(", "\nfound("), encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        load_properties(Policy.load(policies))
    assert [problem.code for problem in caught.value.problems] == ["no-finding"]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("finding: maximum_reduced", "finding: maximum_without_class", "repeated-gap"),
    ("- property: ladder\n", "- property: lader\n", "gap-property"),
    ("provisions: ['19.1.c']", "provisions: ['19.1.cc']", "unknown-provision"),
    ("code: G8", "kode: G8", "unknown-key"),
])  # fmt: skip
def test_a_bad_dossier_is_refused(old: str, new: str, code: str, tmp_path: Path) -> None:
    policy = Policy.load(edited(tmp_path, Edit("known-gaps.yaml", old, new)))
    with pytest.raises(Invalid) as caught:
        load(policy, load_properties(policy))
    assert code in {problem.code for problem in caught.value.problems}


# ---- Checks that need no property file ------------------------------------------------------------------


def test_every_rule_fires_every_reading_and_every_number_matters() -> None:
    checks = json.loads(run("verify", "--format", "json").stdout)["checks"]
    assert [check["check"] for check in checks] == ["rules-fire", "readings-matter", "numbers-matter"]
    assert all(check["examined"] and not check["failed"] for check in checks)


@pytest.mark.parametrize(("check", "edit", "place"), [
    (rules_fire, Edit("article-04.lp", "unit(U,district_division,_,_).",
                      "unit(U,district_division,_,_).\n%@ 4.2\nevaluator(U,district_chair,Y) :- verdict_year(Y), rated(U,Y), "
                      "unit(U,commune,_,_)."), "article-04.lp:11:1"),
    (readings_matter, Edit("article-17.lp", "rises_needed(N - 1) :- consecutive_years", "rises_needed(N) :- consecutive_years"),
     "readings.yaml:40:9"),
    (numbers_matter, Edit("article-17.yaml", "      - {predicate: index_below, points: 60, words: dưới 60 điểm}\n",
                          "      - {predicate: index_below, points: 60, words: dưới 60 điểm}\n"
                          "      - {predicate: index_from, points: 50, words: dưới 60 điểm}\n"), "article-17.yaml:257:9"),
])  # fmt: skip
def test_what_no_data_shows_is_reported(check: Callable[..., Check], edit: Edit, place: str, tmp_path: Path) -> None:
    policy = Policy.load(edited(tmp_path, edit))
    failed = check(policy, list(load_properties(policy).spaces.values())).failed
    assert [Path(at.path).name + f":{at.line}:{at.column}" for at, _ in failed] == [place]


# ---- Twins ------------------------------------------------------------------------------------------------

DEFAULT = POLICY.values_of("default", {}, Location("test"))


def differing(changes: dict[str, str], other: Policy = POLICY) -> dict[str, set[str]]:
    """The kinds of verdicts that differ, each with the sides that may give more."""
    found: dict[str, set[str]] = {}
    for each in differences(POLICY, other, DEFAULT, {**DEFAULT, **changes}, PROPERTIES.spaces.values()):
        found.setdefault(each.predicate, set()).update(side for side, rows in (("old", each.old), ("new", each.new)) if rows)
        assert each.old or each.new
    return found


def test_a_policy_equals_itself() -> None:
    assert differing({}) == {}


def test_a_stricter_reading_takes_classes_away() -> None:
    found = differing({"b2_max": "strict"})
    assert found == {"class": {"old"}, "unclassified": {"new"}}


def test_a_new_threshold_differs_only_where_it_is_crossed(tmp_path: Path) -> None:
    policy = Policy.load(edited(tmp_path, Edit("article-17.yaml", "{predicate: index_from, points: 80, words: từ 80 điểm}",
                                               "{predicate: index_from, points: 79, words: từ 80 điểm}")))  # fmt: skip
    (first, *_) = differences(POLICY, policy, DEFAULT, DEFAULT, PROPERTIES.spaces.values())
    assert first.predicate == "class"
    index = next(row for row in first.data.given.splitlines() if "points: 79" in row)
    assert "U1" in index


def test_rules_that_say_the_same_in_other_words_are_equal(tmp_path: Path) -> None:
    policy = Policy.load(edited(tmp_path, Edit(
        "article-17.lp", 'stated(U,Y,good) :- meets(U,Y,"17.1.b.1"), meets(U,Y,"17.1.b.2").',
        'stated(U,Y,good) :- meets(U,Y,"17.1.b.2"), rated(U,Y), not missed(U,Y).\n%@ 17.1.b\n'
        'missed(U,Y) :- rated(U,Y), not meets(U,Y,"17.1.b.1").')))  # fmt: skip
    assert differing({}, policy) == {}


# ---- Another instrument, and the command ----------------------------------------------------------------


def test_the_toy_instrument_is_verified_like_any_other() -> None:
    command = run("verify", "--policies", "policies", "--format", "json", cwd=TOY)
    document = json.loads(command.stdout)
    assert command.returncode == 0
    assert [(entry["under"]["profile"], entry["outcome"]) for entry in document["properties"]] == [
        ("default", "proved"), ("literal", "refuted")]  # fmt: skip
    assert [(check["check"], check["failed"]) for check in document["checks"]] == [
        ("rules-fire", []), ("readings-matter", []), ("numbers-matter", [])]  # fmt: skip


def test_the_command_fails_where_the_dossier_is_wrong(tmp_path: Path) -> None:
    policies = shutil.copytree(TOY / "policies", tmp_path / "policies")
    (dossier,) = policies.glob("*/known-gaps.yaml")
    dossier.write_text(dossier.read_text(encoding="utf-8").replace("[literal]", "[default]"), encoding="utf-8")
    command = run("verify", "--policies", policies, "--lang", "en")
    assert (command.returncode, command.stderr) == (1, "")
    assert re.search(r"known-gaps\.yaml:3:12: new finding, .*: child_suspended \(literal\)", command.stdout)
    assert re.search(r"known-gaps\.yaml:3:12: the dossier lists .*: child_suspended \(default\)", command.stdout)


def test_an_instrument_without_properties_has_nothing_to_verify() -> None:
    base = Path(__file__).parent / "lint" / "base"
    command = run("verify", "--policies", base)
    assert (command.returncode, command.stderr) == (0, "")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_table_fits_80_columns(lang: str) -> None:
    command = run("verify", "--lang", lang)
    assert (command.returncode, command.stderr) == (0, "")
    assert max(map(len, command.stdout.splitlines())) <= 80
    for name, key in FINDINGS:
        assert f"{name}: {key}" in " ".join(command.stdout.split())


def test_a_witness_as_data_is_what_the_search_found(verification: Verification) -> None:
    (witness,) = verification.witnesses("some_class", "item_fell", verification.findings()["some_class", "item_fell"][:1])
    data = data_of(POLICY.vocabulary, witness.tables)
    dataset = data.dataset(POLICY)
    assert {name: len(rows) for name, rows in dataset.rows.items()} == {
        name: len(rows) for name, rows in witness.tables.items() if rows and name in POLICY.vocabulary.tables()}  # fmt: skip
