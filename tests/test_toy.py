"""The engine knows nothing of this law: it runs another instrument unchanged, and names nothing of the shipped one."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from cchc.policy import Policy
from cchc.vocabulary import SCALE

COMMAND = Path(sys.executable).with_name("cchc")
TOY = Path(__file__).parent / "toy"
SOLVER = Path(__file__).parents[1] / "solver"


def cchc(*arguments: str) -> str:
    """Run the installed command on the toy policies."""
    done = subprocess.run([COMMAND, *arguments, "--policies", "policies"], cwd=TOY, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


# ---- Another instrument -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"fine(an,de-men) certain", "fine(chi,so-do) possible", "suspended(chi) certain", "suspended(dung) possible"}),
        (
            ["--profile", "literal"],
            {
                "fine(an,de-men) certain",
                "fine(chi,so-do) possible",
                "suspended(binh) certain",
                "suspended(chi) certain",
                "suspended(dung) possible",
            },
        ),
    ],
)
def test_evaluate(options: list[str], expected: set[str]) -> None:
    document = json.loads(cchc("evaluate", "data", "--format", "json", *options))
    assert document["instrument"] == "noi-quy-muon-sach"
    found = set()
    for verdict in document["verdicts"]:
        arguments = ",".join(verdict[name] for name in ("unit", "book") if name in verdict)
        found.add(f"{verdict['predicate']}({arguments}) {verdict['status']}")
    assert found == expected


def test_explain() -> None:
    proof = cchc("explain", "data", "--unit", "chi", "--verdict", "suspended", "--lang", "en")
    assert "in 2023, chi owes 50 thousand đồng ← debt.csv:4" in proof
    assert "“2. A borrower who owes 50 thousand đồng or more may not" in proof


def test_cases() -> None:
    assert cchc("test", "--coverage", "cases.yaml") == "5 ca đạt, 0 ca không đạt\n0 chỗ chưa có ca nào dùng tới\n"


@pytest.mark.parametrize(("kept", "missed"), [
    ("T01 T02", ["rules.lp:11:1: debt_open(U,Y) :- year(Y), debt_unknown(U,Y)."]),
    ("T02 T03", []),
    ("T03", [
        "rules.lp:4:1: fine(U,B,Y) :- year(Y), loan(U,B,Y,late), not child(U).",
        "rules.lp:6:1: loan_open(U,B,Y) :- year(Y), loan_unknown(U,B,Y).",
        "rules.lp:14:1: child(U) :- unit(U,child).",
        "rules.lp:17:1: spared(U) :- child(U), reading(child_scope,all).",
        "vocabulary.yaml:98:3: fine", "readings.yaml:3:9: child_scope=fines",
    ]),
])  # fmt: skip
def test_coverage_names_what_no_case_exercises(kept: str, missed: list[str], tmp_path: Path) -> None:
    head, *cases = (TOY / "cases.yaml").read_text(encoding="utf-8").split("- case: ")
    (tmp_path / "cases.yaml").write_text(head + "".join(f"- case: {case}" for case in cases if case[:3] in kept), "utf-8")
    run = subprocess.run([COMMAND, "test", "--coverage", "--policies", "policies", tmp_path / "cases.yaml"], cwd=TOY,
                         capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    told = re.findall(r"^policies/(?:noi-quy-muon-sach/)?(\S+): chưa có ca nào dùng tới: (.*)$", run.stdout, re.M)
    assert [f"{at}: {text}" for at, text in told] == missed
    assert run.returncode == (1 if missed else 0)


def test_lint() -> None:
    assert json.loads(cchc("lint", "--format", "json")) == []


def test_export(tmp_path: Path) -> None:
    cchc("export", "data", "--asp", "--output", str(tmp_path / "toy.lp"))
    done = subprocess.run([sys.executable, "-m", "clingo", str(tmp_path / "toy.lp"), "--enum-mode=cautious", "--outf=2"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    last = json.loads(done.stdout)["Call"][-1]["Witnesses"][-1]["Value"]
    assert sorted(last) == ['fine("an","de-men",2023)', 'suspended("chi",2023)']


# ---- Nothing of the shipped instrument --------------------------------------------------------------


def constants(tree: ast.AST) -> Iterator[ast.Constant]:
    """Constants of the code; documentation strings are for people."""
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield node


SOURCES = sorted(SOLVER.rglob("*.py"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_law_in_the_code(path: Path, policy: Policy) -> None:
    types = policy.vocabulary.types
    names = {*types["class"].values, *types["gap"].values, *types["note"].values, *types["authority"].values}
    provisions = re.compile(r"(?<![\w.])(?:" + "|".join(re.escape(p) for p in policy.provisions if "." in p) + r")(?![\w.])")
    stated = [(policy.vocabulary.predicates[fact.atom.predicate], fact.atom) for fact in policy.facts]
    thresholds = {
        Decimal(atom.arguments[index]) / SCALE
        for predicate, atom in stated
        for index, argument in enumerate(predicate.arguments)
        if argument.type.base == "decimal"
    }
    assert {Decimal(90), Decimal(80), Decimal(60), Decimal(100)} <= thresholds
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        f"{path.name}:{node.lineno}: {node.value!r}"
        for node in constants(tree)
        if isinstance(node.value, str) and (node.value in names or provisions.search(node.value))
    ]
    found += [
        f"{path.name}:{node.lineno}: {node.value!r}"
        for compare in ast.walk(tree)
        if isinstance(compare, ast.Compare)
        for node in constants(compare)
        if isinstance(node.value, int | float | str) and not isinstance(node.value, bool) and is_one_of(node.value, thresholds)
    ]
    assert found == []


def is_one_of(value: int | float | str, thresholds: set[Decimal]) -> bool:
    """Whether a constant is a threshold, as a number, as text or in millionths."""
    text = str(value)
    return bool(re.fullmatch(r"\d+(\.\d+)?", text)) and not {Decimal(text), Decimal(text) / SCALE}.isdisjoint(thresholds)
