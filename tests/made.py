"""Small made-up datasets, written as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

INSTRUMENT = "3373-qd-ubnd"


def write(folder: Path, years: Iterable[int], tables: Mapping[str, str]) -> Path:
    """A dataset folder with one CSV text for each table."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    described = "".join(f"  {name}: {{file: {name}.csv, complete: true, provenance: illustrative}}\n" for name in tables)
    (folder / "dataset.yaml").write_text(
        f"title: {{vi: a, en: a}}\nprovince: {{vi: a, en: a}}\ninstrument: {INSTRUMENT}\nyears: {sorted(years)}\n"
        f"sources: {{}}\ntables:\n{described}"
    )
    return folder
