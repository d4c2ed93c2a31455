"""`make bench`: whole processes, medians, as ratios to stock clingo on the same exported program in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made import large

TOP = Path(__file__).parents[1]
RUNS = 7


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=TOP, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = large(Path(folder) / "large", 400, 0.1)
        benches = {
            **{name: [f"data/{name}"] for name in ("thai-binh-minh-hoa", "thanh-hoa-2024", "thai-binh-papi")},
            "400 items, 10 % unknown scores and causes, one year": [str(made), "--year", "2023"],
        }
        for number, (name, dataset) in enumerate(benches.items()):
            program = str(Path(folder) / f"{number}.lp")
            export = ["-m", "cchc", "export", *dataset, "--asp", "--output", program]
            subprocess.run([sys.executable, *export], cwd=TOP, check=True)
            commands = {
                "clingo, one model": ["-m", "clingo", program, "--quiet=2"],
                "clingo, cautious": ["-m", "clingo", program, "--quiet=2", "--enum-mode=cautious", "0"],
                "cchc evaluate, json": ["-m", "cchc", "evaluate", *dataset, "--format", "json"],
                "cchc evaluate, table": ["-m", "cchc", "evaluate", *dataset],
            }
            times: dict[str, list[float]] = {label: [] for label in commands}
            for _ in range(RUNS):  # in turns, so that a busy moment strikes all alike
                for label, arguments in commands.items():
                    times[label].append(seconds(arguments))
            medians = {label: statistics.median(values) for label, values in times.items()}
            peer = medians["clingo, one model"]
            print(name)
            for label, value in medians.items():
                print(f"  {label:22} {value:6.2f} s  {value / peer:5.1f} x")


if __name__ == "__main__":
    main()
