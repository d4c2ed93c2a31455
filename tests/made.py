"""Small made-up datasets, written as files."""

from __future__ import annotations

import random
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


def large(folder: Path, items: int, unknown: float) -> Path:
    """30 departments that lead `items` items over five years, some scores and causes of which are unknown."""
    folder.mkdir(parents=True, exist_ok=True)
    draw, years, units = random.Random(7), range(2019, 2024), 30
    names = [f"{number % 8 + 1}.{number}" for number in range(items)]
    rows: dict[str, list[str]] = {
        "unit": ["unit,type,parent,office", *(f"u{number},department,," for number in range(units))],
        "item": ["item,level,domain,parent,first_year,last_year,encouragement",
                 *(f"{name},criterion,{name[0]},,,," for name in names)],
        "unit_index": ["unit,year,points", *(f"u{number},{year},{draw.choice(['95', '85.5', '72', '58'])}"
                                             for number in range(units) for year in years)],
        "item_score": ["item,year,points,max"], "cause": ["item,year,cause"], "assignment": ["item,unit,year,role"],
    }  # fmt: skip
    for number, name in enumerate(names):
        maximum = draw.choice([1, 2, 4, 5, 10])
        for year in years:
            points = round(draw.uniform(0, maximum) * 4) / 4
            rows["item_score"].append(f"{name},{year},{'unknown' if draw.random() < unknown else points},{maximum}")
            rows["assignment"].append(f"{name},u{number % units},{year},lead")
            if draw.random() >= unknown:
                rows["cause"].append(f"{name},{year},{draw.choice(['subjective', 'objective'])}")
    return write(folder, years, {table: "\n".join(lines) + "\n" for table, lines in rows.items()})
