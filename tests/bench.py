"""`make bench`: whole processes, medians, as ratios to stock clingo on the same exported program in the same run."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made import large

TOP = Path(__file__).parents[1]
RUNS = 7


def seconds(arguments: list[str], cache: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=TOP, stdout=subprocess.DEVNULL, check=False,
                   env={**os.environ, "CCHC_CACHE": cache})  # fmt: skip
    return time.perf_counter() - start


def compare(title: str, commands: dict[str, list[str]], cache: str) -> None:
    """Prints medians, as ratios to the first command. What is called a first run finds nothing that it could remember."""
    times: dict[str, list[float]] = {label: [] for label in commands}
    for _ in range(RUNS):  # in turns, so that a busy moment strikes all alike
        for label, arguments in commands.items():
            with tempfile.TemporaryDirectory() as empty:
                times[label].append(seconds(arguments, empty if "first run" in label else cache))
    medians = {label: statistics.median(values) for label, values in times.items()}
    peer = next(iter(medians.values()))
    print(title)
    for label, value in medians.items():
        print(f"  {label:23} {value:6.2f} s  {value / peer:5.1f} x")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = large(Path(folder) / "large", 400, 0.1)
        benches = {
            **{name: [f"data/{name}"] for name in ("thai-binh-minh-hoa", "thanh-hoa-2024", "thai-binh-papi")},
            "400 items, 10 % unknown scores and causes, one year": [str(made), "--year", "2023"],
        }
        peers = []
        for number, (name, dataset) in enumerate(benches.items()):
            program = str(Path(folder) / f"{number}.lp")
            export = ["-m", "cchc", "export", *dataset, "--asp", "--output", program]
            subprocess.run([sys.executable, *export], cwd=TOP, check=True)
            peers.append(["-m", "clingo", program, "--quiet=2"])
            compare(name, {
                "clingo, one model": peers[-1],
                "clingo, cautious": [*peers[-1], "--enum-mode=cautious", "0"],
                "cchc evaluate, json": ["-m", "cchc", "evaluate", *dataset, "--format", "json"],
                "cchc evaluate, table": ["-m", "cchc", "evaluate", *dataset],
            }, f"{folder}/cache")  # fmt: skip
        review = ["-m", "cchc", "review", "HEAD", "--dirty", "--with", "2026-minh-hoa", "--output", f"{folder}/review"]
        compare("review of the worked draft, on all shipped data", {
            "clingo, one model": peers[0], "cchc review, first run": review, "cchc review, again": review,
        }, f"{folder}/cache")  # fmt: skip


if __name__ == "__main__":
    main()
