"""The independent evaluator gives every verdict that the worked cases print, and leaves out no completion."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, seed, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from independent import (
    CLASSES,
    FIGURES,
    NO_FIGURE,
    PREDICATES,
    READINGS,
    Book,
    Figure,
    Given,
    Row,
    Score,
    Verdicts,
    completions,
    evaluate,
    profile,
    shape,
)
from strategies import COMMUNES, DUTIES, HEADS, datasets, dates, readings, years

CASE_FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))

# The arguments of each predicate, in the order in which the evaluator prints them.
ARGUMENTS = {
    "class": ("unit", "class"),
    "unclassified": ("unit", "gap"),
    "conflicting_classes": ("unit",),
    "must_explain": ("unit", "item"),
    "criticism": ("unit", "item"),
    "notice": ("unit",),
    "committee_report": ("unit", "item"),
    "reward_candidate": ("unit",),
    "basis_missing": ("unit",),
    "trend": ("item", "direction"),
    "responsible": ("item", "unit", "role"),
    "note": ("unit", "code"),
    "evaluator": ("unit", "authority"),
    "commune_criticism": ("unit",),
    "commune_discipline": ("unit",),
    "explanation_state": ("unit", "item", "state"),
    "explanation_missing": ("unit", "item", "section"),
    "report_due": ("date",),
    "report_status": ("status",),
    "list_missing": ("list", "unit"),
    "list_extra": ("list", "unit"),
    "duty_state": ("unit", "duty", "state"),
}


def load(path: Path) -> list[dict[str, Any]]:
    # Every scalar of a case file is text: 90.00 is not a float and 14.1 is not a number.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # type: ignore[no-any-return]


def blocks() -> list[Any]:
    """One test per block of expectations that the evaluator can answer: no draft in force, data that cover all years."""
    found = []
    for path in CASE_FILES:
        for case in load(path):
            if "years" in case:
                continue
            for number, block in enumerate(case["expect"]):
                if is_answerable(block.get("under", {})) and named(block):
                    found.append(pytest.param(case, block, id=f"{path.stem}-{case['case']}-{number}"))
    return found


def is_answerable(under: dict[str, Any]) -> bool:
    return "with" not in under


def named(block: dict[str, Any]) -> list[str]:
    return [name for name in PREDICATES if name in block or name in block.get("possible", {})]


def rows(printed: list[dict[str, Any]], predicate: str) -> set[tuple[str, ...]]:
    return {tuple(row[argument] for argument in ARGUMENTS[predicate]) for row in printed}


def about(found: frozenset[tuple[str, ...]], predicate: str, units: list[str] | None) -> set[tuple[str, ...]]:
    """Rows about the units that the case names; a row without a unit is always compared."""
    if units is None or "unit" not in ARGUMENTS[predicate]:
        return set(found)
    position = ARGUMENTS[predicate].index("unit")
    return {row for row in found if row[position] in units}


def verdicts(case: dict[str, Any], under: dict[str, Any]) -> dict[str, Verdicts]:
    readings = profile(under.get("profile", "default")) | under.get("readings", {})
    incomplete = frozenset(case.get("incomplete", {}).get("assignment", ()))
    return evaluate(case["given"], int(case["year"]), readings, case.get("as_of"), incomplete=incomplete)


def test_there_are_cases() -> None:
    assert blocks(), "no worked case found under tests/cases"


def test_every_case_has_a_title_in_both_languages() -> None:
    titles = {f"{path.name} {case['case']}": case["title"].split(" / ") for path in CASE_FILES for case in load(path)}
    assert {name: halves for name, halves in titles.items() if len(halves) != 2 or not all(map(str.strip, halves))} == {}


def test_arguments_are_declared_for_every_predicate() -> None:
    assert set(ARGUMENTS) == set(PREDICATES)


@pytest.mark.parametrize(("case", "block"), blocks())
def test_case(case: dict[str, Any], block: dict[str, Any]) -> None:
    found = verdicts(case, block.get("under", {}))
    units = case.get("about")
    for predicate in named(block):
        if predicate == "duty_state":
            # Of the duties this evaluator knows what is recorded of those it draws, and neither what counts show nor what
            # nobody reported.
            recorded = {(row["unit"], row["duty"]) for row in case["given"].get("duty_record", []) if row["duty"] in DUTIES}
            expected = {row for row in rows(block.get(predicate, []), predicate) if row[:2] in recorded}
            assert {row for row in about(found[predicate].certain, predicate, units) if row[:2] in recorded} == expected
            continue
        assert about(found[predicate].certain, predicate, units) == rows(block.get(predicate, []), predicate)
        assert about(found[predicate].possible, predicate, units) == rows(
            block.get("possible", {}).get(predicate, []), predicate
        )


@st.composite
def series(draw: st.DrawFn) -> tuple[list[Figure | None], list[Score]]:
    """Figures of one item, some open, beside one way to fill them that likes to meet its neighbour exactly."""
    figures: list[Figure | None] = []
    filled: list[Score] = []
    for _ in range(draw(st.integers(1, FIGURES))):
        maximum = Fraction(draw(st.sampled_from((2, 3, 4))))
        values = [maximum * Fraction(step, 12) for step in range(13)]
        if filled:
            before = filled[-1]
            values += [before.points, before.points * maximum / before.maximum]
        points = draw(st.sampled_from([value for value in values if value <= maximum]))
        figures.append(Figure(draw(st.sampled_from((None, points))), maximum))
        filled.append(Score(points, maximum))
    return figures, filled


@settings(deadline=None, max_examples=300)
@drawn(series())
def test_every_order_of_open_figures_is_among_the_completions(
    example: tuple[list[Figure | None], list[Score]],
) -> None:
    figures, filled = example
    every = list(completions(figures))
    for comparability in READINGS["comparability"]:
        foreseen = {shape(completion, comparability) for completion in every}
        assert shape([*filled], comparability) in foreseen


def fill_scores(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    """Give every open figure a value, on a grid fine enough to fall between all figures that are known."""
    rows = {(row["item"], row["year"]): dict(row) for row in given.get("item_score", [])}
    for item in book.items:
        for at in range(year - FIGURES + 1, year + 1):
            figure = book.figure(item, at) if book.exists(item, at) else None
            if figure is not None and figure.points is None:
                points = figure.maximum * Fraction(data.draw(st.integers(0, 60)), 60)
                filled = {"item": item, "year": str(at), "points": str(points), "max": str(figure.maximum)}
                rows[item, str(at)] = filled
    given["item_score"] = list(rows.values())


def fill_causes(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    source = {"ppc": "determination", "self": "statement"}[book.readings["cause_authority"]]
    found = list(given.get("cause", []))
    for item in book.items:
        for at in range(year - FIGURES + 1, year + 1):
            if book.exists(item, at) and book.subjective(item, at) is None:
                cause = data.draw(st.sampled_from(("subjective", "objective")))
                found.append({"item": item, "year": str(at), "cause": cause, "source": source})
    given["cause"] = found


def fill_acts(data: st.DataObject, given: Given, book: Book, year: int) -> None:
    """Announce every index of the year and settle every rating that is recorded as unknown."""
    known = [row for row in given.get("unit_index", []) if row["points"] not in NO_FIGURE]
    for unit in book.units:
        if book.index(unit, year) is None:
            points = data.draw(st.sampled_from(("0", "59.9999", "60", "79.9999", "80", "90", "100")))
            known.append({"unit": unit, "year": str(year), "points": points})
    given["unit_index"] = known
    given["commune_rating"] = [
        row | {"class": data.draw(st.sampled_from(CLASSES))} if row["class"] == "unknown" else row
        for row in given.get("commune_rating", [])
    ]


@settings(deadline=None, max_examples=200)
@drawn(st.data(), datasets(), years(), readings(), dates())
def test_whatever_fills_the_gaps_was_foreseen(
    data: st.DataObject, given: Given, year: int, chosen: dict[str, str], as_of: str | None
) -> None:
    before = evaluate(given, year, chosen, as_of)
    complete = dict(given)
    book = Book(given, chosen, as_of)
    for fill in (fill_scores, fill_causes, fill_acts):
        fill(data, complete, book, year)
    after = evaluate(complete, year, chosen, as_of)
    for predicate in set(PREDICATES) - {"basis_missing"}:
        assert not after[predicate].possible
        assert before[predicate].certain <= after[predicate].certain
        assert after[predicate].certain <= before[predicate].certain | before[predicate].possible


def test_every_value_of_every_reading_changes_some_verdict_of_what_is_drawn() -> None:
    """A value that nothing turns on would be one that the evaluator forgot, or that no drawn dataset puts to the test."""
    idle = {(reading, value) for reading, values in READINGS.items() for value in values[1:]}

    @settings(deadline=None, max_examples=40, database=None, phases=[Phase.generate])
    @drawn(st.one_of(datasets(HEADS), datasets(COMMUNES)), readings(), years(), dates())
    def look(given: Given, chosen: dict[str, str], year: int, day: str | None) -> None:
        before = evaluate(given, year, chosen, day) if idle else {}
        for reading, value in sorted(idle):
            if evaluate(given, year, chosen | {reading: value}, day) != before:
                idle.discard((reading, value))

    # Many short runs: the examples of one run resemble one another.
    for number in range(60):
        if idle:
            seed(number)(look)()
    assert not idle


# ---------------------------------------------------------------------------------------------------------------------
# One world each, by hand
# ---------------------------------------------------------------------------------------------------------------------

X1 = [{"unit": "H1", "type": "district"}, {"unit": "X1", "type": "commune", "parent": "H1"}]
CLERK = {"unit": "U1", "type": "department", "office": "doha"}


def indices(**points: str) -> list[Row]:
    return [{"unit": "X1", "year": year.strip("y"), "points": figure} for year, figure in points.items()]


def ratings(**classes: str) -> list[Row]:
    return [{"unit": "X1", "year": year.strip("y"), "class": name} for year, name in classes.items()]


def scale(**starts: str) -> list[Row]:
    return [{"unit": "H1", "class": name, "from": start} for name, start in starts.items()]


def commune(given: Given, year: int = 2023, **changed: str) -> dict[str, tuple[set[str], set[str]]]:
    """Of each predicate what is said of X1, its last argument: for certain, and possibly."""
    found = evaluate({"unit": X1, **given}, year, profile("default") | changed)
    return {name: (said(of.certain), said(of.possible)) for name, of in found.items()}


def said(rows: frozenset[tuple[str, ...]]) -> set[str]:
    return {row[-1] for row in rows if "X1" in row}


FULL_SCALE = scale(excellent="92", good="75.5", completed="50", not_completed="20")


@pytest.mark.parametrize(
    ("index", "expected"),
    [("92", "excellent"), ("91.9999", "good"), ("75.5", "good"), ("75.4999", "completed"), ("49", "not_completed")],
)
def test_17_2_a_scale_gives_the_class_of_the_greatest_threshold_reached(index: str, expected: str) -> None:
    for rule in READINGS["commune_rule"]:
        known = indices(y2021="80", y2022="80", y2023=index)
        found = commune({"commune_scale": FULL_SCALE, "unit_index": known}, commune_rule=rule)
        assert found["class"] == ({expected}, set())
        assert found["reward_candidate"][0] == ({"X1"} if expected == "excellent" else set())
        assert found["commune_criticism"][0] == ({"X1"} if expected == "not_completed" else set())


def test_17_2_below_every_threshold_of_a_scale_there_is_no_class() -> None:
    found = commune({"commune_scale": FULL_SCALE, "unit_index": indices(y2023="19.99")}, commune_rule="analogy")
    assert (found["class"], found["unclassified"]) == ((set(), set()), ({"no_commune_scale"}, set()))


def test_17_2_a_scale_of_one_threshold_and_an_index_not_announced() -> None:
    found = commune({"commune_scale": scale(completed="33.3")})
    assert found["basis_missing"][0] == {"X1"}
    assert found["class"] == (set(), {"completed"})
    assert found["unclassified"] == (set(), {"no_commune_scale"})


def test_17_2_a_scale_above_every_index_leaves_no_class_whatever_is_announced() -> None:
    found = commune({"commune_scale": scale(good="100.5"), "unit_index": indices(y2023="unknown")})
    assert found["unclassified"] == ({"no_commune_scale"}, set())


def test_17_2_a_scale_with_two_classes_at_one_threshold_contradicts_itself() -> None:
    found = commune({"commune_scale": scale(good="50", not_completed="50"), "unit_index": indices(y2023="50")})
    assert found["class"][0] == {"good", "not_completed"}
    assert found["conflicting_classes"][0] == {"X1"}


def test_17_2_a_rating_stands_above_scale_and_analogy() -> None:
    given = {"commune_scale": FULL_SCALE, "unit_index": indices(y2023="10"), "commune_rating": ratings(y2023="good")}
    for rule in READINGS["commune_rule"]:
        assert commune(given, commune_rule=rule)["class"] == ({"good"}, set())


def test_17_2_an_unknown_rating_is_the_act_of_the_district_chair_unless_read_by_analogy() -> None:
    given = {"commune_scale": FULL_SCALE, "unit_index": indices(y2023="95"), "commune_rating": ratings(y2023="unknown")}
    assert commune(given)["class"] == (set(), set(CLASSES))
    assert commune(given, commune_rule="analogy")["class"] == ({"excellent"}, set())


@pytest.mark.parametrize(
    ("index", "expected"),
    [("90", "excellent"), ("89.995", "good"), ("80", "good"), ("60", "completed"), ("59.9999", "not_completed")],
)
def test_17_1_by_analogy_the_bands_apply_without_the_items(index: str, expected: str) -> None:
    given = {"unit_index": indices(y2023=index), "commune_rating": ratings(y2023="unknown")}
    assert commune(given, commune_rule="analogy")["class"] == ({expected}, set())
    assert commune({"unit_index": given["unit_index"]}, commune_rule="analogy")["class"] == ({expected}, set())
    assert commune({"unit_index": given["unit_index"]})["unclassified"] == ({"no_commune_scale"}, set())


def test_17_1_by_analogy_the_index_of_a_commune_is_rounded_and_may_lie_above_100() -> None:
    given = {"unit_index": indices(y2023="59.995", y2022="100.5")}
    assert commune(given, commune_rule="analogy", rounding="2")["class"][0] == {"completed"}
    assert commune(given, 2022, commune_rule="analogy")["reward_candidate"][0] == {"X1"}
    outside = commune(given, 2022, commune_rule="analogy", above100="outside")
    assert outside["unclassified"][0] == {"index_above_100"}
    assert not outside["reward_candidate"][0]


def test_19_2_classes_by_scale_or_analogy_of_earlier_years_count_as_failures() -> None:
    """19.2.b: "trong hai năm liên tiếp"; nothing says that both years must be rated in the same way."""
    given = {"unit_index": indices(y2022="59"), "commune_rating": ratings(y2023="not_completed")}
    assert commune(given)["commune_criticism"][0] == {"X1"}
    assert commune(given, commune_rule="analogy")["commune_discipline"][0] == {"X1"}
    assert commune({**given, "commune_scale": scale(not_completed="0")})["commune_discipline"][0] == {"X1"}


def test_19_2_an_earlier_index_that_is_missing_leaves_the_step_open_unless_it_is_older_than_the_regulation() -> None:
    rated = ratings(y2023="not_completed")
    unknown = commune({"commune_rating": rated, "unit_index": indices(y2022="unknown")}, commune_rule="analogy")
    assert unknown["commune_discipline"] == unknown["commune_criticism"] == (set(), {"X1"})
    for earlier in ([], indices(y2022="not_announced")):
        missing = commune({"commune_rating": rated, "unit_index": earlier}, commune_rule="analogy")
        assert missing["commune_discipline"] == missing["commune_criticism"] == (set(), {"X1"})
    first = commune({"commune_rating": ratings(y2021="not_completed")}, 2021, commune_rule="analogy")
    assert (first["commune_criticism"], first["commune_discipline"]) == (({"X1"}, set()), (set(), set()))


def test_20_5_a_commune_chair_belongs_on_the_list_however_the_class_was_found() -> None:
    other = {"list": "20.5", "unit": "H1", "year": "2023"}
    given = {"unit_index": indices(y2023="40"), "proposed_list": [other]}
    assert commune(given, commune_rule="analogy")["list_missing"] == ({"X1"}, set())
    assert commune(given)["list_missing"] == (set(), set())
    assert commune({**given, "unit_index": indices(y2023="unknown")}, commune_rule="analogy")["list_missing"] == (set(), {"X1"})


def deadline(announced: str, as_of: str | None = None, reading: str = "calendar_roll", **tables: list[Row]) -> tuple[str, str]:
    """The day on which the report of 20.2 is due and where it stands; nothing where nothing is said."""
    given = {"announcement": [{"index": "province", "year": "2023", "date": announced}], **tables}
    found = evaluate(given, 2023, profile("default") | {"deadline": reading}, as_of)
    due, status = ("".join(*row) if (row := found[name].certain) else "" for name in ("report_due", "report_status"))
    return due, status


@pytest.mark.parametrize(
    ("announced", "reading", "due"),
    [
        ("2024-04-19", "calendar_no_roll", "2024-05-19"),  # a Sunday
        ("2024-04-19", "calendar_roll", "2024-05-20"),
        ("2024-08-02", "calendar_roll", "2024-09-04"),  # Sunday, then the two days of the National Day
        ("2024-05-31", "working_days", "2024-07-12"),  # six weeks of five days
        ("2024-04-04", "calendar_roll", "2024-05-04"),  # a Saturday worked in exchange for Monday 29 April
    ],
)
def test_20_2_the_report_is_due_within_30_days(announced: str, reading: str, due: str) -> None:
    assert deadline(announced, reading=reading) == (due, "")


def test_20_2_days_off_of_the_data_count_too() -> None:
    assert deadline("2024-04-19", holiday=[{"date": "2024-05-20"}])[0] == "2024-05-21"


def test_20_2_where_the_report_stands() -> None:
    sent = {"report": "20.2", "year": "2023", "date": "2024-05-21"}
    assert deadline("2024-04-19", report=[sent])[1] == "late"
    assert deadline("2024-04-19", report=[sent | {"date": "2024-05-20"}])[1] == "on_time"
    assert deadline("2024-04-19", report=[sent | {"report": "21.4"}])[1] == ""
    assert deadline("2024-04-19", "2024-05-20", report=[sent])[1] == "pending"
    assert deadline("2024-04-19", "2024-05-21")[1] == "overdue"
    assert deadline("2024-04-19", "2024-04-18") == ("", "")
    assert deadline("unknown", report=[sent]) == ("", "unknown")


def explained(day: str | None = None, trigger: str = "on_request", **tables: list[Row]) -> tuple[set[str], set[str]]:
    """The state of an explanation under 14.2 and the sections that it lacks."""
    given = {"unit": [CLERK], "conduct_matter": [{"unit": "U1", "year": "2023"}], **tables}
    found = evaluate(given, 2023, profile("default") | {"explain_trigger": trigger}, day)
    states, missing = ({row[-1] for row in found[name].certain} for name in ("explanation_state", "explanation_missing"))
    return states, missing


def test_12_2_an_explanation_is_due_on_request_and_complete_with_what_16_names() -> None:
    asked = [{"unit": "U1", "year": "2023", "date": "2024-06-01"}]
    filed = [{"unit": "U1", "item": "conduct", "year": "2023", "date": "2024-06-10"}]
    sections = [{"unit": "U1", "item": "conduct", "year": "2023", "section": f"16.{number}"} for number in (1, 2, 3, 4)]
    assert explained() == ({"liable"}, set())
    assert explained(trigger="automatic") == ({"requested"}, set())
    assert explained(explanation_request=asked) == ({"requested"}, set())
    assert explained("2024-05-31", explanation_request=asked) == ({"liable"}, set())
    assert explained("2024-06-09", explanation_request=asked, explanation=filed) == ({"requested"}, set())
    assert explained(explanation=filed, explanation_section=sections[:3]) == ({"submitted"}, {"16.4"})
    assert explained(explanation=filed, explanation_section=sections) == ({"complete"}, set())


def test_20_2_a_list_is_compared_only_where_it_was_drafted() -> None:
    given: Given = {"unit": [CLERK, *X1], "conduct_matter": [{"unit": "U1", "year": "2023"}]}
    found = evaluate(given, 2023, profile("default"))
    assert not found["list_missing"].certain
    given["proposed_list"] = [{"list": "20.2", "unit": "X1", "year": "2023"}]
    found = evaluate(given, 2023, profile("default"))
    assert found["list_missing"].certain == {("20.2", "U1")}
    assert found["list_extra"].certain == {("20.2", "X1")}


def test_20_2_an_open_fall_makes_a_listed_head_a_possible_extra() -> None:
    given: Given = {
        "unit": [CLERK],
        "item": [{"item": "I1", "level": "domain", "domain": "1"}],
        "item_score": [{"item": "I1", "year": "2022", "points": "5", "max": "10"}],
        "proposed_list": [{"list": "20.2", "unit": "U1", "year": "2023"}],
    }
    found = evaluate(given, 2023, profile("default"))
    assert found["list_extra"].possible == {("20.2", "U1")}
    given["item_score"].append({"item": "I1", "year": "2023", "points": "6", "max": "10"})
    assert evaluate(given, 2023, profile("default"))["list_extra"].certain == {("20.2", "U1")}
    known_in_part = evaluate(given, 2023, profile("default"), incomplete=frozenset({"U1"}))
    assert known_in_part["list_extra"].possible == {("20.2", "U1")}


def test_17_1_the_cascade_goes_down_to_the_last_class_and_gives_no_ground_for_a_notice() -> None:
    """Both grounds of 17.1.d asked for, only the run of d.2 there: no class as printed, the last one if gaps are filled."""
    years_of_run = ("2021", "2022", "2023")
    given: Given = {
        "unit": [CLERK],
        "unit_index": [{"unit": "U1", "year": "2023", "points": "85"}],
        "item": [{"item": "I1", "level": "domain", "domain": "1"}],
        "item_score": [
            {"item": "I1", "year": year, "points": points, "max": "10"}
            for year, points in zip(years_of_run, "987", strict=True)
        ],
        "cause": [{"item": "I1", "year": year, "cause": "subjective"} for year in years_of_run],
    }
    printed = evaluate(given, 2023, profile("default") | {"d_connective": "and"})
    assert printed["unclassified"].certain == {("U1", "item_fell")}
    filled = evaluate(given, 2023, profile("cascade") | {"d_connective": "and"})
    assert filled["class"].certain == {("U1", "not_completed")}
    assert not filled["notice"].certain
