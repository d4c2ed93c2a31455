"""A dataset held against the index frameworks that it names by year: wrong names are errors, the rest is worth a second look.

Which column is compared with what, and which readings decide a comparison of two years, the vocabulary says (`framework`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cchc.files import Document, Path_
from cchc.frameworks import Entry, load, unknown
from cchc.problems import Location, Problem, listed
from cchc.rows import RowReader
from cchc.vocabulary import SCALE, Argument, Predicate, decimal_text

Value = str | int
Named = Mapping[int, tuple[str, Entry]]
"""The framework of each year, with the number of its decision."""


def check(document: Document, reader: RowReader, root: Path) -> None:
    """Adds what is found to the problems and warnings of a dataset. Raises Invalid if the frameworks are unusable."""
    known = load(root).frameworks
    named: dict[int, tuple[str, Entry]] = {}
    for text, decision in document.data["frameworks"].items():
        here: Path_ = ("frameworks", text)
        reader.problems += unknown("unknown-framework", document, here, known)
        if (year := int(text)) not in reader.years:
            details = {"found": text, "allowed": listed(map(str, reader.years))}
            reader.problems.append(Problem(document.keys[here], "year-outside", details))
        elif decision in known:
            named[year] = decision, known[decision]
            if (span := known[decision]["period"]) and not span["from"] <= year <= span["to"]:
                details = {"found": decision, "low": span["from"], "high": span["to"]}
                reader.warnings.append(Problem(document.at(here), "framework-period", details))
    for table in reader.vocabulary.tables().values():
        for column in table.columns:
            if column.option("framework"):
                held = _Held(reader, table, column)
                reader.warnings += held.maxima(named)
                for year, (after, _) in named.items():
                    before = named[year - 1][0] if year - 1 in named else after
                    if before != after:
                        reader.warnings += held.turn(year, before, after, document.at(("frameworks", str(year))))


class _Held:
    """A column of maxima by item and year, and the items with their lives and successions."""

    def __init__(self, reader: RowReader, table: Predicate, column: Argument) -> None:
        self.how = column.option("framework")
        spans = [exists.option("lifetime") for exists in reader.vocabulary.supplied("lifetime").values()]
        self.span = next(span for span in spans if span["table"] == self.how["table"])
        names = [argument.name for argument in reader.vocabulary.predicates[self.how["table"]].columns]
        self.items: dict[Value, dict[str, Value]] = {row.values[0]: dict(zip(names, row.values, strict=True))
                                                     for row in reader.rows.get(self.how["table"], ())}  # fmt: skip
        self.origins = {row.values[0]: row.values[1:] for row in reader.rows.get(self.span["succession"], ())}
        value, year = table.place(column.name), table.place("year")
        self.found: dict[tuple[Value, Value], tuple[Value, Location]] = {
            (row.values[0], row.values[year]): (row.values[value], reader.cells[row](column.name))
            for row in reader.rows.get(table.name, ())
        }

    def maxima(self, named: Named) -> Iterator[Problem]:
        """Maxima other than those of the framework, where these are printed beyond doubt."""
        for (item, year), (value, at) in self.found.items():
            life = self.items.get(item, {})
            if year not in named or any(life.get(name) != needed for name, needed in self.how["where"].items()):
                continue
            decision, framework = named[int(year)]
            part = (framework["domains"] or {}).get(str(life[self.how["by"]]))
            if part and part["max"] and not part["max"].get("uncertain") and part["max"]["value"] * SCALE != value:
                shown = {"found": decimal_text(int(value)), "allowed": part["max"]["value"], "framework": decision}
                yield Problem(at, "framework-maximum", shown)

    def turn(self, year: int, before: str, after: str, at: Location) -> Iterator[Problem]:
        """What makes two years hard to compare where the framework changed, one finding for each kind."""
        origins = {item: origin for item, (origin, since) in self.origins.items() if since == year}
        earlier = {item: self.found.get((origins.get(item, item), year - 1)) for item, when in self.found if when == year}
        changed = [item for item, old in earlier.items() if old and old[0] != self.found[item, year][0]]
        new = [item for item, life in self.items.items() if life[self.span["from"]] == year and item not in self.origins]
        kept = {origin for origin, _ in self.origins.values()}
        gone = [item for item, life in self.items.items() if life[self.span["to"]] == year - 1 and item not in kept]
        for kind, items in (("changed", changed), ("new", new), ("abolished", gone)):
            if items:
                yield Problem(at, f"framework-{kind}", {
                    "before": before, "after": after, "year": year, "count": len(items), "found": listed(map(str, items)),
                    "reading": self.how.get(kind), "table": self.span["succession"],
                })  # fmt: skip
