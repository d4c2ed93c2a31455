"""What the page writes by itself, compared with the engine in node: facts, order positions, citations, why-nots."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.drawn import HERE, VERSIONS, cases, engine, readings_for
from cchc.completions import fineness, order_positions, placed
from cchc.proof import Proof
from cchc.vocabulary import Atom
from cchc.whynot import WhyNot

pytestmark = pytest.mark.xdist_group("loader")

TOP = Path(__file__).parents[2]
ASSETS = TOP / "docs" / "assets" / "playground"

Ask = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    data = tmp_path_factory.mktemp("data")
    subprocess.run([sys.executable, str(TOP / "web" / "vendor.py")], check=True)
    subprocess.run([sys.executable, "-m", "cchc.playground", str(data)], check=True)
    command = ["node", str(Path(__file__).with_name("loader.mjs")), str(ASSETS), str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdin is not None and node.stdout is not None
        stdin, stdout = node.stdin, node.stdout

        def answer(one: dict[str, Any]) -> Any:
            stdin.write(json.dumps(one) + "\n")
            stdin.flush()
            found = json.loads(stdout.readline())
            assert "error" not in found, found
            return found

        yield answer
        node.terminate()


def test_order_positions_are_those_of_the_engine(ask: Ask) -> None:
    draw = random.Random(3)
    for _ in range(300):
        known = [(draw.randint(0, m), m) for m in draw.choices((2, 3, 10, 15, 1500000, 2000000), k=draw.randint(0, 4))]
        maxima = draw.choices((2, 4, 10, 15, 2000000), k=draw.randint(1, 3))
        parts = fineness([m for _, m in known], maxima)
        expected = order_positions(known, maxima, parts)
        anchors = sorted({*maxima, *(value for figure in known for value in figure)})
        found = ask({"known": known, "maxima": maxima, "anchors": anchors})
        assert found["parts"] == str(parts)
        assert found["positions"] == {str(m): [str(value) for value in values] for m, values in expected.items()}
        try:
            places = {str(key): str(value) for key, value in placed(
                (value for values in expected.values() for value in values), anchors, parts).items()}  # fmt: skip
        except ValueError:
            assert found["places"] is None
        else:
            assert found["places"] == places


def asked(case: dict[str, Any], name: str) -> dict[str, Any]:
    policy = VERSIONS[name]
    readings = policy.values_of("default", readings_for(policy, case["readings"]), HERE)
    return {**case, "version": name, "readings": readings}


def test_facts_are_those_of_the_engine(ask: Ask) -> None:
    for number, case in enumerate(cases(240)):
        name = list(VERSIONS)[number % 2]
        ours, theirs = engine(VERSIONS[name], case).facts.text.split("\n"), ask(asked(case, name))["facts"]
        read = {line.split("(")[0] for line in theirs} & {line.split("(")[0] for line in ours}
        differing = {line for line in {*ours} ^ {*theirs} if line.split("(")[0] in read and not line.startswith("#")}
        assert differing == set(), (name, case)


def test_proofs_cite_and_why_nots_say_what_the_engine_says(ask: Ask) -> None:
    compared = 0
    for number, case in enumerate(cases(140)):
        name = list(VERSIONS)[number % 2]
        evaluation = engine(VERSIONS[name], case)
        if evaluation.answer.choices:
            continue  # of several completions each may lack something else
        goal = Atom("class", (case["unit"], int(case["year"]), "good"))
        question = {"name": goal.predicate, "values": list(goal.arguments)}
        if (why := evaluation.why_not(goal)) is not None:
            found = ask({**asked(case, name), "whyNot": question})
            assert found["why"] == json.loads(json.dumps(flat(why))), (name, case)
            compared += 1
        for verdict in evaluation.verdicts[:3]:
            if verdict.predicate != "duty_state":
                found = ask({**asked(case, name), "prove": {"name": verdict.predicate, "values": verdict.atom.arguments}})
                proofs = [proof for case_ in evaluation.cases(verdict) for proof in case_.proofs]
                assert set(found["cites"]) == cited(proofs), (name, case, verdict)
    assert compared > 30


def cited(proofs: Iterable[Proof]) -> set[str]:
    return {cite for proof in proofs for cite in (*proof.cites, *cited(proof.children))}


def flat(why: WhyNot) -> list[Any]:
    return [[rule.number, [[one.kind, one.atom.predicate, *one.atom.arguments, flat(one.below) if one.below else None]
                           for one in unmet]] for rule, unmet in why.rules]  # fmt: skip
