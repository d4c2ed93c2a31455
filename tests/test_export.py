"""What leaves the program: the exported logic program gives the same verdicts in stock clingo, and output is stable."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("cchc")
TESTS = Path(__file__).parent
SHIPPED = sorted(path.parent for path in (TESTS.parent / "data").glob("*/dataset.yaml"))
UNKNOWNS = TESTS / "unknowns"


def cchc(*arguments: str | Path, cwd: Path = TESTS, code: int = 0) -> str:
    done = subprocess.run([COMMAND, *arguments], cwd=cwd, capture_output=True, check=False)
    lines = [line for line in done.stderr.splitlines() if b"[year-uncovered]" not in line]
    assert (done.returncode, lines) == (code, [])
    return done.stdout.decode()


def clingo(program: Path, mode: str) -> set[str]:
    """The atoms of the last model of stock clingo: of all completions (cautious) or of some (brave)."""
    done = subprocess.run(
        [sys.executable, "-m", "clingo", str(program), f"--enum-mode={mode}", "--outf=2", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "*** ERROR" not in done.stderr
    return set(json.loads(done.stdout)["Call"][-1]["Witnesses"][-1]["Value"])


def atoms(output: str, statuses: set[str]) -> set[str]:
    """The verdicts of `evaluate --format json` written as atoms without quotes, which stock clingo prints or not."""
    written = set()
    for verdict in json.loads(output)["verdicts"]:
        arguments = [value for name, value in verdict.items() if name not in {"predicate", "status", "cites", "provenance"}]
        if verdict["status"] in statuses:
            written.add(f"{verdict['predicate']}({','.join(map(str, arguments))})")
    return written


@pytest.mark.parametrize("profile", ["default", "literal"])
def test_stock_clingo_gives_the_same_verdicts(tmp_path: Path, profile: str) -> None:
    program = tmp_path / "program.lp"
    cchc("export", UNKNOWNS, "--asp", "--profile", profile, "--output", program)
    evaluated = cchc("evaluate", UNKNOWNS, "--format", "json", "--profile", profile)
    certain, possible = atoms(evaluated, {"certain"}), atoms(evaluated, {"certain", "possible"})
    assert certain < possible
    # What stands for unknown assignments (`?unit`) is in the program, but is no item to report on.
    cautious, brave = (
        {atom.replace('"', "") for atom in clingo(program, mode) if '"?' not in atom} for mode in ("cautious", "brave")
    )
    assert cautious == certain
    assert brave == possible


def test_export_without_a_file_prints_the_program(tmp_path: Path) -> None:
    cchc("export", UNKNOWNS, "--asp", "--output", tmp_path / "program.lp")
    assert cchc("export", UNKNOWNS, "--asp") == (tmp_path / "program.lp").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["json", "csv", "markdown", "table"])
def test_output_depends_on_the_input_only(tmp_path: Path, form: str) -> None:
    """Not on the run, and not on the working folder."""
    here = cchc("evaluate", UNKNOWNS, "--format", form)
    assert here == cchc("evaluate", "unknowns", "--format", form, cwd=UNKNOWNS.parent)
    assert here == cchc("evaluate", UNKNOWNS, "--format", form, cwd=tmp_path)


def test_json_has_the_keys_of_the_contract() -> None:
    document: dict[str, Any] = json.loads(cchc("evaluate", UNKNOWNS, "--format", "json", "--lang", "en"))
    contract = {"instrument", "version", "as_of", "dataset", "profile", "readings", "policy_sha256", "data_sha256", "engine"}
    assert contract | {"verdicts"} <= document.keys()
    assert re.fullmatch("[0-9a-f]{64}", document["data_sha256"])
    names = [(verdict["predicate"], *map(str, list(verdict.values())[1:-3])) for verdict in document["verdicts"]]
    assert names == sorted(names)


@pytest.mark.parametrize("dataset", SHIPPED, ids=lambda path: path.name)
def test_shipped_datasets_in_every_format(dataset: Path) -> None:
    year = str(max(json.loads(cchc("evaluate", dataset, "--format", "json"))["verdicts"], key=lambda v: v["year"])["year"])
    rows = list(csv.DictReader(io.StringIO(cchc("evaluate", dataset, "--year", year, "--format", "csv"))))
    assert rows
    assert {row["status"] for row in rows} <= {"certain", "possible"}
    assert "| --- |" in cchc("evaluate", dataset, "--year", year, "--format", "markdown")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("dataset", SHIPPED, ids=lambda path: path.name)
def test_piped_tables_keep_to_80_columns(dataset: Path, lang: str) -> None:
    lines = cchc("evaluate", dataset, "--lang", lang).splitlines()
    assert len(lines) > 5
    assert [line for line in lines if len(line) > 80] == []
