"""Index frameworks: every figure has its source and fits the others, what is not public is never compared, and datasets
that name their frameworks are warned where comparisons of two years rest on a reading."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from cchc.dataset import Dataset
from cchc.framework_page import markdown
from cchc.frameworks import FILE, WHOLE, Change, differences, load
from cchc.lint import findings
from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.schema import resource
from made import write

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
KNOWN = load(resource("policies"))
OLD, _, BETWEEN, NEW = KNOWN.frameworks


# ---- The file ---------------------------------------------------------------------------------------


def stated(entry: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping that states something, with its key."""
    if isinstance(entry, dict) and not {"value", "vi", "from", "predecessor"}.isdisjoint(entry):
        yield above[-1], entry
    elif isinstance(entry, dict | list):
        for key, inner in entry.items() if isinstance(entry, dict) else enumerate(entry):
            yield from stated(inner, (*above, str(key)))


def test_every_figure_has_its_source_and_every_source_is_used() -> None:
    figures = [figure for key, figure in stated(KNOWN.frameworks) if key != "note"]
    assert len(figures) > len(KNOWN.sources)
    assert {key for figure in figures for key in figure["sources"]} == set(KNOWN.sources)
    assert all(figure["provenance"] in {"published", "derived"} for figure in figures)
    assert all("note" in figure for figure in figures if "uncertain" in figure)


@pytest.mark.parametrize("name", KNOWN.frameworks)
def test_figures_fit_each_other(name: str) -> None:
    framework = KNOWN.frameworks[name]
    for points in ([part["max"] for part in (framework["domains"] or {}).values()], framework["groups"] or ()):
        if points and all(points):
            assert sum(figure["value"] for figure in points) == framework["scale"]["value"]
    if framework["domains"]:
        assert len(framework["domains"]) == framework["domain_count"]["value"]
        assert framework["domains"].keys() == KNOWN.scheme["domains"].keys()
    if framework["period"] and framework["years"]:
        years = [year["value"] for year in framework["years"]]
        assert framework["period"]["from"] <= min(years) <= max(years) <= framework["period"]["to"]
    if framework["replaces"]:
        earlier = KNOWN.frameworks[framework["replaces"]["value"]]
        assert earlier["date"]["value"] < framework["date"]["value"]


def test_the_maxima_of_the_first_framework_add_up_to_the_scale() -> None:
    assert sum(part["max"]["value"] for part in KNOWN.frameworks[OLD]["domains"].values()) == 100


def test_decisions_stand_in_the_order_of_their_dates() -> None:
    dates = [datetime.date.fromisoformat(f["date"]["value"]) for f in KNOWN.frameworks.values() if f["date"]]
    assert all(one < other for one, other in pairwise(dates))


def test_domains_are_those_of_the_text() -> None:
    leads = {(str(fact.atom.arguments[1]), fact.provision) for fact in POLICY.facts if fact.atom.predicate == "domain_lead"}
    assert KNOWN.scheme["instrument"] == POLICY.instrument["id"]
    assert {(number, named["provision"]) for number, named in KNOWN.scheme["domains"].items()} == leads
    for named in KNOWN.scheme["domains"].values():
        assert named["vi"] in POLICY.provisions[named["provision"]].text
        assert named["en"].casefold() in POLICY.provisions[named["provision"]].en.casefold()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("sources: [vietnambiz-2022]}", "sources: [vietnambiz-2023]}", "unknown-source"),
        ("replaces: {value: 1149/QĐ-BNV", "replaces: {value: 1148/QĐ-BNV", "unknown-framework"),
        ("criterion_count: {value: 43,", "criterion_count: {value: four,", "wrong-shape"),
        ("max: {value: 9.5, provenance: published, sources: [hoa-binh-2024]}", "max: {value: 9.5}", "missing-key"),
    ],
)
def test_lint_reads_the_file(old: str, new: str, code: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(resource("policies"), tmp_path / "policies"))
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    found = findings(Policy.load(folder))
    line = text[: text.index(old)].count("\n") + 1
    assert {(problem.code, Path(problem.at.path).name, problem.at.line) for problem in found} == {(code, FILE, line)}
    assert all(problem.text("vi") != problem.text("en") for problem in found)


# ---- Differences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), list(product(KNOWN.frameworks, repeat=2)))
def test_what_is_not_public_is_not_compared(one: str, other: str) -> None:
    before, after = KNOWN.frameworks[one], KNOWN.frameworks[other]
    found = differences(before, after)
    assert {change.key for change in found if change.kind == "not_public" and not change.part} == {
        key for key in (*WHOLE, "domains", "items") if before[key] is None or after[key] is None
    }
    assert all((None in (change.before, change.after)) == (change.kind == "not_public") for change in found)
    assert one != other or all(change.kind == "not_public" for change in found)
    back = [(change.kind, change.key, change.part, change.after, change.before) for change in differences(after, before)]
    assert sorted(map(repr, back)) == sorted(repr(tuple(change)) for change in found)


def test_items_are_followed_through_an_approved_succession() -> None:
    """Made up: no annex is public."""

    def framework(items: dict[str, int], succession: dict[str, str]) -> dict[str, Any]:
        return {
            **dict.fromkeys(WHOLE),
            "domains": None,
            "items": {code: {"name": {"vi": "Tên"}, "max": {"value": points}} for code, points in items.items()},
            "succession": {code: {"predecessor": origin} for code, origin in succession.items()},
        }

    old = framework({"1.1": 2, "1.2": 1, "1.3": 1, "1.4": 1}, {})
    new = framework({"1.1": 2, "1.2": 3, "1.5": 4, "1.6": 1}, {"1.5": "1.3"})

    def told(change: Change) -> tuple[str, str, str]:
        return change.kind, change.key, change.part

    assert [told(change) for change in differences(old, new) if change.kind != "not_public"] == [
        ("changed", "max", "1.2"),
        ("changed", "max", "1.5"),
        ("new", "items", "1.6"),
        ("abolished", "items", "1.4"),
    ]


# ---- Datasets ---------------------------------------------------------------------------------------

ITEMS = "item,level,domain,first_year,last_year\nL1,domain,1,,\nC1,criterion,1,,\nC2,criterion,1,,2021\nC3,criterion,1,2022,\n"
SCORES = "item,year,points,max\nL1,2021,9,10\nL1,2022,9,9.5\nC1,2021,1,2\nC1,2022,1,2\nC2,2021,1,2\nC3,2022,1,2\n"
SUCCEEDS = "item,predecessor,year\nC3,C2,2022\n"


def warnings(folder: Path, frameworks: str, **tables: str) -> list[tuple[str, str, int, int]]:
    """Code, file, line and column of each warning of a made-up dataset of 2021 and 2022."""
    write(folder, [2021, 2022], {"item": ITEMS, "item_score": SCORES, "item_succession": SUCCEEDS} | tables)
    with (folder / "dataset.yaml").open("a", encoding="utf-8") as file:
        file.write(f"frameworks: {frameworks}\n")
    found = Dataset.load(folder, POLICY).warnings
    assert all(problem.text("vi") != problem.text("en") for problem in found)
    return sorted((problem.code, Path(problem.at.path).name, problem.at.line, problem.at.column) for problem in found)


BOTH = f"{{2021: {BETWEEN}, 2022: {NEW}}}"
HERE = ("dataset.yaml", 10, BOTH.index(NEW) + len("frameworks: ") + 1)
LESS = SCORES.replace("L1,2021,9,10", "L1,2021,9,9.5")
OTHER = SCORES.replace("L1,2022,9,9.5", "L1,2022,9,9.6")
CELL = ("item_score.csv", 3, 11)


@pytest.mark.parametrize(
    ("frameworks", "tables", "expected"),
    [
        (BOTH, {}, [("framework-changed", *HERE)]),
        (BOTH, {"item_score": LESS}, []),
        # An item is compared with its predecessor.
        (BOTH, {"item_score": LESS.replace("C3,2022,1,2", "C3,2022,1,3")}, [("framework-changed", *HERE)]),
        (BOTH, {"item_score": LESS, "item_succession": "item,predecessor,year\n"},
         [("framework-abolished", *HERE), ("framework-new", *HERE)]),
        # Nothing is said where the framework did not change, or where one of them is not known.
        (f"{{2021: {BETWEEN}, 2022: {BETWEEN}}}", {"item_succession": "item,predecessor,year\n"}, []),
        (f"{{2022: {NEW}}}", {"item_succession": "item,predecessor,year\n"}, []),
        # A printed maximum, at the level of domains only, unless the print leaves doubt.
        (f"{{2022: {NEW}}}", {"item_score": OTHER}, [("framework-maximum", *CELL)]),
        (f"{{2022: {NEW}}}", {"item": ITEMS.replace("L1,domain", "L1,criterion"), "item_score": OTHER}, []),
        (f"{{2022: {OLD}}}", {"item": ITEMS.replace("L1,domain,1", "L1,domain,2")}, [("framework-maximum", *CELL)]),
        (f"{{2022: {OLD}}}", {"item": ITEMS.replace("L1,domain,1", "L1,domain,3")}, []),
        (f"{{2022: {BETWEEN}}}", {}, []),
        (f"{{2021: {NEW}}}", {"item_score": LESS}, [("framework-period", "dataset.yaml", 10, 20)]),
    ],
)  # fmt: skip
def test_warnings(frameworks: str, tables: dict[str, str], expected: list[tuple[str, str, int, int]], tmp_path: Path) -> None:
    assert warnings(tmp_path, frameworks, **tables) == expected


def test_warnings_name_readings_that_exist() -> None:
    (how,) = (column.option("framework") for table in POLICY.vocabulary.tables().values() for column in table.columns
              if column.option("framework"))  # fmt: skip
    assert {how["changed"], how["new"]} <= POLICY.readings.keys()


def test_a_year_outside_the_dataset_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"dataset\.yaml:10:14: year 2023 is not covered .*\[year-outside\]"):
        warnings(tmp_path, f"{{2023: {NEW}}}")


@pytest.mark.parametrize("path", sorted((TOP / "data").glob("*/dataset.yaml")), ids=lambda path: path.parent.name)
def test_shipped_datasets_fit_the_frameworks_they_name(path: Path) -> None:
    assert [problem.text("vi") for problem in Dataset.load(path.parent, POLICY).warnings] == []


# ---- The page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "docs"), [("vi", "docs"), ("en", "docs/en")])
def test_the_page_is_generated(lang: str, docs: str) -> None:
    assert (TOP / docs / "index-frameworks.md").read_text(encoding="utf-8") == markdown(KNOWN, lang), "make readme"
