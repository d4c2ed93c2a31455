"""Proofs: what every verdict on the shipped data rests on, and how it is quoted."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cchc import Dataset, Evaluation, Policy, Proof, Verdict, evaluate
from cchc.policy import PolicyFact, source_text
from cchc.render import Renderer
from cchc.rows import Row
from made import write

TOP = Path(__file__).parents[1]
DATASETS = sorted(path.parent.name for path in (TOP / "data").glob("*/dataset.yaml"))
POLICY = Policy.load()


@pytest.fixture(scope="module", params=DATASETS)
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    dataset = Dataset.load(TOP / "data" / request.param, POLICY)
    return evaluate(POLICY, dataset, years=[max(dataset.years)])


def proofs(evaluation: Evaluation, verdict: Verdict) -> tuple[Proof, ...]:
    return tuple(proof for case in evaluation.cases(verdict) for proof in case.proofs)


def steps(proofs: tuple[Proof, ...]) -> list[Proof]:
    found = []
    waiting = [*proofs]
    while waiting:
        proof = waiting.pop()
        found.append(proof)
        waiting += proof.children
    return found


def test_every_verdict_has_a_proof_that_cites_its_provisions(evaluation: Evaluation) -> None:
    assert evaluation.verdicts
    for verdict in evaluation.verdicts:
        proof = steps(proofs(evaluation, verdict))
        cited = {provision for step in proof for provision in step.cites}
        assert verdict.cites, verdict
        assert {*verdict.cites} <= {*evaluation.prover(verdict.atom).cites(verdict.atom)}
        assert cited <= set(POLICY.provisions)
        assert cited & set(verdict.cites), verdict


def test_every_leaf_is_data_text_a_reading_or_a_named_assumption(evaluation: Evaluation) -> None:
    for verdict in evaluation.verdicts:
        for step in steps(proofs(evaluation, verdict)):
            if step.children:
                continue
            match step.kind:
                case "row":
                    assert isinstance(step.origin, Row) and Path(step.origin.at.path).name.endswith((".csv", ".yaml"))
                case "stated":
                    assert isinstance(step.origin, PolicyFact)
                    assert step.origin.words in POLICY.provisions[step.origin.provision].text
                case "reading":
                    assert str(step.atom.arguments[1]) in POLICY.readings[str(step.atom.arguments[0])].values
                case "assumed":
                    stands_in = any(str(argument) in evaluation.facts.anonymous for argument in step.atom.arguments)
                    assert stands_in or any(step.atom in case.assumptions for case in evaluation.cases(verdict))
                case kind:
                    assert kind in {"absent", "none", "given", "rule"}


def test_certain_verdicts_of_complete_worlds_assume_nothing(evaluation: Evaluation) -> None:
    for verdict in evaluation.verdicts:
        if verdict.status == "certain" and verdict.atom not in evaluation.answer.worlds:
            assert all(step.kind != "assumed" for step in steps(proofs(evaluation, verdict)))


def test_every_quotation_stands_in_the_archived_text(evaluation: Evaluation) -> None:
    source = source_text(POLICY)
    classes = [verdict for verdict in evaluation.verdicts if verdict.predicate in {"class", "unclassified"}][:12]
    assert classes
    for verdict in classes:
        text = Renderer(evaluation, "vi", width=10_000).proof(verdict)
        quotations = re.findall(r"\[[^\]]+\]: “(.*)”$", text, re.M)
        assert quotations
        for quotation in quotations:
            assert quotation in source


def test_a_verdict_on_illustrative_rows_says_so() -> None:
    dataset = Dataset.load(TOP / "data" / "thai-binh-minh-hoa", POLICY)
    evaluation = evaluate(POLICY, dataset, years=[2023])
    classes = [verdict for verdict in evaluation.verdicts if verdict.predicate == "class"]
    assert {verdict.provenance for verdict in classes} == {"illustrative"}
    assert "minh họa" in Renderer(evaluation, "vi", width=200).proof(classes[0]).splitlines()[0]


def test_published_rows_stay_published() -> None:
    dataset = Dataset.load(TOP / "data" / "thanh-hoa-2024", POLICY)
    classes = [verdict for verdict in evaluate(POLICY, dataset).verdicts if verdict.predicate == "class"]
    assert {verdict.status for verdict in classes} == {"possible"}
    assert {verdict.provenance for verdict in classes} == {"published"}


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", DATASETS)
def test_every_output_carries_the_notice_of_its_dataset(name: str, lang: str) -> None:
    notice = Dataset.load(TOP / "data" / name, POLICY).notice
    assert notice is not None
    for options in (["--format", "json"], ["--format", "csv"], ["--format", "markdown"], []):
        command = ["-m", "cchc", "evaluate", f"data/{name}", "--year", "2024", "--lang", lang, *options]
        run = subprocess.run([sys.executable, *command], cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=True)
        flat = " ".join(run.stdout.split())
        shown = notice["vi"] if options == ["--format", "json"] else notice[lang]
        assert " ".join(shown.split()) in flat.replace('\\"', '"').replace('""', '"'), options


def test_reading_a_cut_maximum_shows_on_published_figures() -> None:
    """PAPI item 51, 2020 to 2021: higher points, a lower share of a higher maximum (the data README tells why)."""
    dataset = Dataset.load(TOP / "data" / "thai-binh-papi", POLICY)

    def direction(reading: str) -> str:
        found = evaluate(POLICY, dataset, years=[2021], readings={"comparability": reading}).verdicts
        return next(v.arguments["direction"] for v in found if v.predicate == "trend" and v.arguments["item"] == "51")

    assert {reading: direction(reading) for reading in ("favourable", "ratio_if_max_changed", "raw")} == {
        "favourable": "up", "ratio_if_max_changed": "down", "raw": "up",
    }  # fmt: skip


def test_a_certain_verdict_on_different_grounds_has_a_proof_for_each(tmp_path: Path) -> None:
    """A rating of 2022 that is not known decides whether 19.2.a applies as a first year or beside 19.2.b."""
    write(tmp_path, (2022, 2023), {
        "unit": "unit,type,parent\nH1,district,\nX1,commune,H1\n",
        "commune_rating": "unit,year,class\nX1,2022,unknown\nX1,2023,not_completed\n",
    })  # fmt: skip
    evaluation = evaluate(POLICY, Dataset.load(tmp_path, POLICY), years=[2023], readings={"commune_ladder": "cumulative"})
    verdict = next(verdict for verdict in evaluation.verdicts if verdict.predicate == "commune_criticism")
    assert verdict.status == "certain"
    assert "19.2.a" in verdict.cites and "19.2.b" not in verdict.cites
    cited = [{provision for step in steps(case.proofs) for provision in step.cites} for case in evaluation.cases(verdict)]
    assert sorted("19.2.b" in provisions for provisions in cited) == [False, True]
    assumed = [{atom.arguments[-1] == "not_completed" for atom in case.assumptions} for case in evaluation.cases(verdict)]
    assert sorted(map(sorted, assumed)) == [[False], [True]]
