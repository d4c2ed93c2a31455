"""`cchc lint --format sarif`: what code hosts rely on, at the place where the table says it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cchc import __version__
from cchc.problems import Location, Problem
from cchc.sarif import Finding, of_problems, sarif
from test_lint import EXPECTED, FIXTURES, RULES, edited, laid_over

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
PLACE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["artifactLocation", "region"],
    "properties": {
        "artifactLocation": {
            "type": "object",
            "required": ["uri"],
            "properties": {"uri": {"type": "string", "pattern": r"^[!-~]+$"}, "uriBaseId": {"const": "%SRCROOT%"}},
        },
        "region": {
            "type": "object",
            "required": ["startLine", "startColumn"],
            "additionalProperties": {"type": "integer", "minimum": 1},
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
    "properties": {
        "level": {"enum": ["error", "warning", "note", "none"]},
        "message": TEXT,
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["physicalLocation"], "properties": {"physicalLocation": PLACE}},
        },
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": dict.fromkeys(("shortDescription", "fullDescription", "help"), TEXT),
}
DRIVER = {
    "type": "object",
    "required": ["name", "version", "rules"],
    "properties": {
        "name": {"const": "cchc"},
        "version": {"const": __version__},
        "rules": {"type": "array", "uniqueItems": True, "items": RULE},
    },
}
RUN = {
    "type": "object",
    "required": ["tool", "results", "automationDetails"],
    "properties": {
        "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    },
}
LOG = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": RUN},
    },
}
"""The part of the official schema that this writer uses, narrower where one form is enough."""


def the_run(text: str) -> dict[str, Any]:
    """The one run of a log that is in order: its form, and rules that are what results refer to."""
    log = json.loads(text)
    Draft202012Validator(LOG).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted({result["ruleId"] for result in run["results"]})
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert isinstance(run, dict)
    return run


def places(run: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """Code, path, line and column of every result."""
    found = []
    for result in run["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        region = physical["region"]
        found.append((result["ruleId"], physical["artifactLocation"]["uri"], region["startLine"], region["startColumn"]))
    return found


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as run at the top of a repository."""
    installed = Path(sys.executable).with_name("cchc")
    return subprocess.run([installed, "lint", "--format", "sarif", "--policies", folder.name, *arguments],
                          cwd=folder.parent, capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip


@pytest.mark.parametrize("code", EXPECTED)
def test_every_finding_is_at_its_place(code: str, tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / code / "bad")
    run = lint(folder)
    assert (run.returncode, run.stderr) == (1, "")
    assert places(the_run(run.stdout)) == [(code, f"policies/{path}", *place) for path, *place in EXPECTED[code]]


def test_a_clean_repository_has_a_run_without_results(tmp_path: Path) -> None:
    run = lint(laid_over(FIXTURES / "base", tmp_path / "policies"))
    assert (run.returncode, run.stderr, the_run(run.stdout)["results"]) == (0, "", [])


def test_a_policy_that_does_not_load_is_not_taken_for_a_clean_one(tmp_path: Path) -> None:
    run = lint(edited(tmp_path / "policies", "leave/readings.yaml", "provisions: ['1.1']", "provisions: ['1.1'"))
    assert run.returncode == 3
    ((code, path, *_),) = places(the_run(run.stdout))
    assert (code, path) == ("yaml-syntax", "policies/leave/readings.yaml")
    assert f"[{code}]" in run.stderr


def test_messages_and_rules_are_in_the_language_asked_for(tmp_path: Path) -> None:
    folder = laid_over(FIXTURES / "base", tmp_path / "policies", FIXTURES / "unknown-citation" / "bad")
    vi, en = the_run(lint(folder).stdout), the_run(lint(folder, "--lang", "en").stdout)
    texts = [(run["results"][0]["message"]["text"], run["tool"]["driver"]["rules"][0]["shortDescription"]["text"])
             for run in (vi, en)]  # fmt: skip
    assert texts == [
        ("dẫn điều khoản “2.l” không tồn tại; có phải “2.1”?; sửa lại", "dẫn điều khoản “…” không tồn tại; sửa lại"),
        ("cites provision “2.l”, which does not exist; did you mean “2.1”?; correct it",
         "cites provision “…”, which does not exist; correct it"),
    ]  # fmt: skip
    assert [result["help"] for run in (vi, en) for result in run["tool"]["driver"]["rules"]] == [
        {"text": f"{texts[0][1]}\n\n{texts[1][1]}"}
    ] * 2


def test_order_of_the_findings_does_not_matter() -> None:
    one = Finding("policies/b.lp", 2, 1, "singleton-variable", "X")
    two = Finding("policies/b.lp", 10, 1, "missing-citation", "Y", "warning")
    three = Finding("policies/a.lp", 30, 1, "unknown-citation", "Z", "note")
    assert sarif([one, two, three], "lint", "vi") == sarif([three, two, one], "lint", "vi")
    run = the_run(sarif([one, two, three], "lint", "vi"))
    assert [line for *_, line, _ in places(run)] == [30, 2, 10]
    assert [result["level"] for result in run["results"]] == ["note", "error", "warning"]


def test_findings_of_another_check_bring_what_their_codes_are_about() -> None:
    found = [Finding("policies/x/article-1.yaml", 3, 9, "gap", "năm 2023, đơn vị U1"), Finding("a.yaml", 1, 1, "other", "?")]
    run = the_run(sarif(found, "verify", "en", {"gap": ("không xếp được loại nào: {found}", "no class fits: {found}")}))
    assert run["automationDetails"] != the_run(sarif([], "lint", "en"))["automationDetails"]
    gap, other = run["tool"]["driver"]["rules"]
    assert gap["shortDescription"]["text"] == "no class fits: …"
    assert other == {"id": "other"}


def test_a_finding_stays_the_same_when_lines_are_added_above_it() -> None:
    def fingerprints(*lines: int) -> list[str]:
        problems = [Problem(Location(f"policies/{RULES}", line), "missing-citation") for line in lines]
        results = the_run(sarif(of_problems(problems, "vi"), "lint", "vi"))["results"]
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]

    assert fingerprints(4, 9) == fingerprints(40, 41)
    assert len(set(fingerprints(4, 9))) == 2


@pytest.mark.parametrize(
    ("path", "uri"),
    [("policies/leave/article 2.lp", "policies/leave/article%202.lp"), ("dữ-liệu/a#b.csv", "d%E1%BB%AF-li%E1%BB%87u/a%23b.csv"),
     ("c:d/a.yaml", "c%3Ad/a.yaml"), (str(Path("policies", "a.yaml")), "policies/a.yaml")],
)  # fmt: skip
def test_paths_are_relative_addresses_with_forward_slashes(path: str, uri: str) -> None:
    (found,) = the_run(sarif([Finding(path, 1, 1, "no-file", "?")], "lint", "vi"))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_what_lies_outside_the_repository_has_an_absolute_address(tmp_path: Path) -> None:
    (found,) = the_run(sarif([Finding((tmp_path / "a.yaml").as_posix(), 1, 1, "no-file", "?")], "lint", "vi"))["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": (tmp_path / "a.yaml").as_uri()}
