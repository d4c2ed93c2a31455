"""Random datasets in the format of the case files, small enough to read once Hypothesis has shrunk them.

Values are few and close together on purpose: ties, runs of falls, changed maxima and indices beside a threshold are
what the law turns on. What is drawn is data that a careful clerk could have entered: no row for an item that did not
exist, no score above its maximum, no answer dated before the question. The first choice of every draw is the plain one,
towards which examples shrink.
"""

from __future__ import annotations

import datetime
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from independent import CLASSES, LEAD_POST, PROFILES, READINGS, SECTIONS, Given, Row, profile

YEARS = (2019, 2020, 2021, 2022, 2023)
VERDICT_YEARS = (2023, 2022, 2021)

HEADS = ("department", "department", "department", "district", "ppc_office", "public_service_unit", "tax_department")
COMMUNES = ("commune", "commune", "commune", "district_division", "department")
DEPARTMENT_POSTS = ("doha", "doj", "dof", "dic", "dpi")

# Equal shares under different maxima (0.8 of each) and equal points too (1.5) make comparisons disagree.
POINTS = {
    "10": ("8", "7", "9", "10", "1.5", "0"),
    "2": ("1.6", "1.5", "1", "2", "0"),
    "1.5": ("1.2", "1", "0.75", "1.5", "0"),
}
INDICES = (
    "85",
    "95",
    "70",
    "55",
    "59.9999",
    "60",
    "59.995",
    "79.995",
    "79.5",
    "80",
    "89.995",
    "89.99",
    "90",
    "100",
    "100.004",
    "100.5",
    "0",
    "unknown",
    "not_announced",
)
CAUSES = ("subjective", "objective", "mainly_subjective", "mainly_objective", "undetermined")
CORRECTION_DATES = ("2023-05-01", "2024-06-30")

# The index of the province is announced in the year after: day 30 on a working day, a Saturday, a Sunday, in a row of
# public holidays or beside one, on or before a Saturday worked in exchange for a day off (2024-05-04).
ANNOUNCED = {
    "2021": ("2022-05-25", "2022-03-31", "unknown"),
    "2022": ("2023-04-19", "2023-03-30", "2023-04-01", "2023-08-03", "unknown"),
    "2023": ("2024-05-07", "2024-04-04", "2024-04-03", "2024-03-21", "2024-05-31", "2024-08-03", "2024-07-31", "unknown"),
}
DAYS_TO_REPORT = (30, 29, 31, 32, 33, 34, 42, 43, 44, 0)
EXTRA_DAYS_OFF = ("2024-06-06", "2024-07-01", "2023-05-19", "2024-07-12")
REQUEST_DATES = ("2024-01-10", "2024-03-01", "2024-09-10")
STATEMENT_DATES = ("2024-09-10", "2024-10-01")

# Borne by departments, districts and communes, the last by public service units too; shown by a document.
DUTIES = ("5.1.b.o1", "21.2.o1", "23.o1")
STATES = ("done", "missed", "not_applicable")

# Each figure left open multiplies the worlds to look at.
MOST_OPEN_FIGURES = 4


def chance(draw: DrawFn, one_in: int) -> bool:
    return draw(st.integers(0, one_in - 1)) == one_in - 1


def readings() -> SearchStrategy[dict[str, str]]:
    """A profile with up to four readings changed, to any of their values."""
    pairs = [(reading, value) for reading, values in READINGS.items() for value in values]
    changes = st.sampled_from((1, 0, 2, 3, 4)).flatmap(
        lambda many: st.lists(st.sampled_from(pairs), min_size=many, max_size=many, unique_by=lambda pair: pair[0])
    )
    return st.builds(lambda name, changed: profile(name) | dict(changed), st.sampled_from(list(PROFILES)), changes)


def commune_readings() -> SearchStrategy[dict[str, str]]:
    """Those of 17.2 and 19.2 and what bears on them changed more often."""
    names = ("commune_rule", "commune_first_year", "commune_ladder", "head_change", "rounding", "above100")
    chosen = st.fixed_dictionaries({name: st.sampled_from(READINGS[name]) for name in names})
    return st.builds(lambda some, more: some | more, readings(), chosen)


def years() -> SearchStrategy[int]:
    return st.sampled_from(VERDICT_YEARS)


def dates() -> SearchStrategy[str | None]:
    """Nothing, or a day before, between or after the days on which something may have been done."""
    return st.sampled_from((None, "2024-01-15", "2024-06-06", "2024-07-01", "2024-07-02", "2024-09-10", "2024-12-31"))


@st.composite
def datasets(draw: DrawFn, kinds: tuple[str, ...] = (*HEADS, *COMMUNES)) -> Given:
    """All input tables, for a few units of the kinds named and for the districts above them."""
    units = draw(unit_tables(kinds))
    # A commune leads no item of the index of the province.
    leaders = [row["unit"] for row in units if row["type"] != "commune"]
    items, succession = draw(item_tables([row["office"] for row in units if "office" in row]))
    spans = {row["item"]: span(row, succession) for row in items}
    scores = draw(score_tables(spans))
    given: Given = {
        "unit": units,
        "unit_index": draw(index_tables(units)),
        "head": draw(head_tables([row["unit"] for row in units])),
        "commune_rating": draw(rating_tables([row["unit"] for row in units if row["type"] == "commune"])),
        "commune_scale": draw(scale_tables(units)),
        "conduct_matter": draw(conduct_tables([row["unit"] for row in units])),
        "item": items,
        "item_succession": succession,
        "item_score": scores,
        "item_score_correction": draw(correction_tables(scores)),
        "assignment": draw(assignment_tables(spans, leaders)),
        "cause": draw(cause_tables(spans)),
    }
    given |= draw(act_tables([row["unit"] for row in units], list(spans), given["assignment"]))
    return {table: rows for table, rows in given.items() if rows}


@st.composite
def unit_tables(draw: DrawFn, kinds: tuple[str, ...]) -> list[Row]:
    rows: list[Row] = []
    posts = list(DEPARTMENT_POSTS)
    drawn = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
    for number, kind in enumerate(drawn, start=1):
        row = {"unit": f"U{number}", "type": kind}
        if kind in ("commune", "district_division"):
            row["parent"] = draw(st.sampled_from(("H1", "H1", "H2")))
        elif kind == "department" and (post := draw(st.sampled_from(["", *posts]))):
            posts.remove(post)
            row["office"] = post
        elif kind in ("ppc_office", "tax_department") and not any(other["type"] == kind for other in rows):
            row |= draw(st.sampled_from(({}, {"office": "tax" if kind == "tax_department" else kind})))
        rows.append(row)
    parents = {row["parent"] for row in rows if row.get("parent")}
    return rows + [{"unit": parent, "type": "district"} for parent in sorted(parents)]


@st.composite
def index_tables(draw: DrawFn, units: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for unit in units:
        # The index of a commune bears on its class in earlier years too, which steps of 19.2 look back on.
        for year in (*VERDICT_YEARS, 2020) if unit["type"] == "commune" else VERDICT_YEARS:
            points = draw(st.sampled_from((*INDICES, None)))
            if points is not None:
                rows.append({"unit": unit["unit"], "year": str(year), "points": points})
    return rows


@st.composite
def head_tables(draw: DrawFn, units: list[str]) -> list[Row]:
    """A change of holder between two years, a second head within one, or rows that name nobody."""
    rows: list[Row] = []
    for unit in units:
        if not chance(draw, 3):
            continue
        changed = draw(st.sampled_from((2024, *VERDICT_YEARS)))
        named = not chance(draw, 4)
        for year in (2020, 2021, 2022, 2023):
            rows.append(head(unit, year, "appointed", "h2" if year >= changed else "h1", named=named))
        if chance(draw, 2):
            second = draw(st.sampled_from(("h1", "h2")))
            capacity = draw(st.sampled_from(("acting", "in_charge")))
            rows.append(head(unit, draw(st.sampled_from(VERDICT_YEARS)), capacity, second, named=named))
    return rows


def head(unit: str, year: int, capacity: str, holder: str, *, named: bool) -> Row:
    row = {"unit": unit, "year": str(year), "capacity": capacity}
    return row | {"holder": f"{unit}-{holder}"} if named else row


@st.composite
def rating_tables(draw: DrawFn, communes: list[str]) -> list[Row]:
    """Often a run of failures; a habit of no rows leaves the class to a scale or to the analogy."""
    rows: list[Row] = []
    for unit in communes:
        usual = draw(st.sampled_from((("not_completed", *CLASSES, "unknown", None), ("not_completed",), (None,), ("unknown",))))
        for year in (2020, 2021, 2022, 2023):
            options = (None, "unknown", *CLASSES) if chance(draw, 6) else usual
            if rating := draw(st.sampled_from(options)):
                rows.append({"unit": unit, "year": str(year), "class": rating})
    return rows


@st.composite
def scale_tables(draw: DrawFn, units: list[Row]) -> list[Row]:
    """For each district none, a scale in the order of the classes, a single threshold, or thresholds as they come."""
    rows: list[Row] = []
    starts = st.sampled_from(("60", "0", "50", "59.995", "72.5", "79.5", "85", "90", "100"))
    for parent in sorted({row["parent"] for row in units if row.get("parent")}):
        kind = draw(st.sampled_from(("none", "ordered", "single", "odd")))
        if kind == "none":
            continue
        many = 1 if kind == "single" else 4
        names = draw(st.lists(st.sampled_from(CLASSES), min_size=min(many, 2), max_size=many, unique=True))
        froms = draw(st.lists(starts, min_size=len(names), max_size=len(names), unique=kind == "ordered"))
        if kind == "ordered":
            names.sort(key=CLASSES.index)
            froms.sort(key=float, reverse=True)
        rows += [{"unit": parent, "class": name, "from": start} for name, start in zip(names, froms, strict=True)]
    return rows


@st.composite
def conduct_tables(draw: DrawFn, units: list[str]) -> list[Row]:
    if not chance(draw, 6):
        return []
    return [{"unit": draw(st.sampled_from(units)), "year": str(draw(years()))}]


@st.composite
def act_tables(draw: DrawFn, units: list[str], items: list[str], assigned: list[Row]) -> Given:
    """What is done after the figures are out: announcement, report, lists, requests, statements and records of duties."""
    acts: Given = {table: [] for table in ("announcement", "report", "proposed_list", "holiday", "duty_record")}
    acts |= {table: [] for table in ("explanation_request", "explanation", "explanation_section")}
    for year in map(str, VERDICT_YEARS):
        if chance(draw, 2):
            announced = draw(st.sampled_from(ANNOUNCED[year]))
            acts["announcement"].append({"index": "province", "year": year, "date": announced})
            days = draw(st.sampled_from((*DAYS_TO_REPORT, *[None] * 5)))
            if days is not None:
                start = (
                    datetime.date(int(year) + 1, 12, 1) if announced == "unknown" else datetime.date.fromisoformat(announced)
                )
                sent = start + datetime.timedelta(days=days)
                acts["report"].append({"report": "20.2", "year": year, "date": sent.isoformat()})
        for name in ("20.2", "20.5"):
            listed = draw(st.lists(st.sampled_from(units), max_size=3, unique=True)) if chance(draw, 2) else []
            acts["proposed_list"] += [{"list": name, "unit": unit, "year": year} for unit in listed]
        if chance(draw, 3):
            unit, duty, status = (draw(st.sampled_from(options)) for options in (units, DUTIES, STATES))
            acts["duty_record"].append({"unit": unit, "duty": duty, "year": year, "status": status, "evidence": "E1"})
        draw(statements(acts, units, items, [row for row in assigned if row["year"] == year], year))
    if chance(draw, 6):
        # The indices of the units set no time limit.
        acts["announcement"].append({"index": "units", "year": "2023", "date": "2024-01-30"})
    if acts["announcement"] and chance(draw, 2):
        acts["holiday"] = [{"date": day} for day in draw(st.lists(st.sampled_from(EXTRA_DAYS_OFF), max_size=2, unique=True))]
    return acts


@st.composite
def statements(draw: DrawFn, acts: Given, units: list[str], items: list[str], assigned: list[Row], year: str) -> None:
    """Adds requests, and statements on items that fell or not, with all their sections or fewer."""
    asked = draw(st.lists(st.sampled_from(units), max_size=2, unique=True)) if chance(draw, 2) else []
    for unit in asked:
        acts["explanation_request"].append({"unit": unit, "year": year, "date": draw(st.sampled_from(REQUEST_DATES))})
    for item in (*items, "conduct"):
        if not chance(draw, 3):
            continue
        unit = draw(st.sampled_from([row["unit"] for row in assigned if row["item"] == item] or units))
        acts["explanation"].append({"unit": unit, "item": item, "year": year, "date": draw(st.sampled_from(STATEMENT_DATES))})
        left_out = draw(st.lists(st.sampled_from(SECTIONS), max_size=2, unique=True))
        for section in SECTIONS:
            if section not in left_out:
                acts["explanation_section"].append({"unit": unit, "item": item, "year": year, "section": section})


@st.composite
def item_tables(draw: DrawFn, posts: list[str]) -> tuple[list[Row], list[Row]]:
    """Up to three items, in a tree or in a line of succession; their domains are likely to be led by one of the posts."""
    items: list[Row] = []
    led = [domain for domain, post in LEAD_POST.items() if post in posts]
    for number in range(1, draw(st.sampled_from((1, 1, 0, 2, 2, 3))) + 1):
        items.append(draw(item_rows(f"I{number}", items, led)))
    if len(items) < 2 or not chance(draw, 4):
        return items, []
    succession: list[Row] = []
    begins = draw(st.lists(st.sampled_from((2023, 2022, 2021)), min_size=1, max_size=len(items) - 1, unique=True))
    for (old, new), year in zip(pairwise(items), sorted(begins), strict=False):
        succeed(old, new)
        succession.append({"item": new["item"], "predecessor": old["item"], "year": str(year)})
    return items, succession


@st.composite
def item_rows(draw: DrawFn, name: str, others: list[Row], led: list[str]) -> Row:
    row = {"item": name, "level": draw(st.sampled_from(("criterion", "criterion", "domain", "component")))}
    above = {"criterion": "domain", "component": "criterion"}.get(row["level"])
    parents = [other for other in others if other["level"] == above]
    if parents and not chance(draw, 4):
        row["parent"] = parents[-1]["item"]
        row |= {"domain": parents[-1]["domain"]} if "domain" in parents[-1] else {}
    elif row["level"] == "domain" or chance(draw, 2):
        row["domain"] = draw(st.sampled_from(led if led and not chance(draw, 4) else "12345678"))
    if chance(draw, 5):
        row["encouragement"] = "true"
    if first := draw(st.sampled_from(("", "", "", "2019", "2021", "2022", "2023"))):
        row["first_year"] = first
    if chance(draw, 10):
        row["last_year"] = "2023"
    return row


def succeed(old: Row, new: Row) -> None:
    """Put the new item in the place of the old one, whose years then follow from the succession."""
    for column in ("level", "parent", "domain"):
        new.pop(column, None)
        if column in old:
            new[column] = old[column]
    for row in (old, new):
        row.pop("last_year", None)
    new.pop("first_year", None)
    if old.get("first_year", "2019") > "2020":
        del old["first_year"]


def span(item: Row, succession: list[Row]) -> list[int]:
    """The years of interest in which the item existed."""
    begins = [int(row["year"]) for row in succession if row["item"] == item["item"]]
    ends = [int(row["year"]) - 1 for row in succession if row["predecessor"] == item["item"]]
    first = max([int(item.get("first_year", YEARS[0])), *begins])
    last = min([int(item.get("last_year", YEARS[-1])), *ends])
    return [year for year in YEARS if first <= year <= last]


@st.composite
def score_tables(draw: DrawFn, spans: dict[str, list[int]]) -> list[Row]:
    rows: list[Row] = []
    may_stay_open = MOST_OPEN_FIGURES
    for item, existing in spans.items():
        usual = draw(st.sampled_from(tuple(POINTS)))
        is_known = chance(draw, 2)
        habit = draw(st.sampled_from(("free", "falling", "falling", "rising", "top")))
        for year in existing:
            maximum = draw(st.sampled_from(tuple(POINTS))) if chance(draw, 6) else usual
            points = draw(st.sampled_from(POINTS[maximum]))
            if habit != "free" and not chance(draw, 8):
                points = in_order(maximum, year, falling=habit == "falling") if habit != "top" else maximum
            if not is_known and may_stay_open and chance(draw, 5):
                may_stay_open -= 1
                points = draw(st.sampled_from(("unknown", "not_announced", "")))
            if points:
                rows.append({"item": item, "year": str(year), "points": points, "max": maximum})
    return rows


def in_order(maximum: str, year: int, *, falling: bool) -> str:
    """The next step of a run that fills all the years of interest; runs would be rare if left to chance."""
    return sorted(POINTS[maximum], key=float, reverse=falling)[year - YEARS[0]]


@st.composite
def correction_tables(draw: DrawFn, scores: list[Row]) -> list[Row]:
    if not scores or not chance(draw, 4):
        return []
    rows: list[Row] = []
    chosen = draw(st.lists(st.sampled_from(scores), min_size=1, max_size=2, unique_by=lambda row: tuple(row.values())))
    for score in chosen:
        for date in draw(st.lists(st.sampled_from(CORRECTION_DATES), min_size=1, unique=True)):
            points = draw(st.sampled_from(POINTS[score["max"]]))
            rows.append({"item": score["item"], "year": score["year"], "points": points, "date": date})
    return rows


@st.composite
def assignment_tables(draw: DrawFn, spans: dict[str, list[int]], leaders: list[str]) -> list[Row]:
    """One lead per item, who may hand it over once, and perhaps a coordinating unit."""
    rows: list[Row] = []
    if not leaders:
        return rows
    for item, existing in spans.items():
        first = draw(st.sampled_from((leaders[0], leaders[0], *leaders, None)))
        moved = draw(st.sampled_from(VERDICT_YEARS)) if chance(draw, 3) else 2024
        later = draw(st.sampled_from((*leaders, None)))
        helper = draw(st.sampled_from(leaders)) if chance(draw, 4) else None
        for year in existing:
            lead = first if year < moved else later
            rows += [assignment(item, lead, year, "lead")] if lead else []
            rows += [assignment(item, helper, year, "coordinating")] if helper and helper != lead else []
    return rows


def assignment(item: str, unit: str, year: int, role: str) -> Row:
    return {"item": item, "unit": unit, "year": str(year), "role": role}


@st.composite
def cause_tables(draw: DrawFn, spans: dict[str, list[int]]) -> list[Row]:
    """Determinations of the province, statements of the head, both or neither; often the same finding year after year."""
    rows: list[Row] = []
    for item, existing in spans.items():
        usual = draw(st.sampled_from((CAUSES[:1], CAUSES[:1], (*CAUSES, None))))
        for year in existing:
            if determined := draw(st.sampled_from((*CAUSES, None) if chance(draw, 6) else usual)):
                source = draw(st.sampled_from(({}, {"source": "determination"})))
                rows.append({"item": item, "year": str(year), "cause": determined, **source})
            if chance(draw, 5):
                stated = draw(st.sampled_from(CAUSES[:4]))
                rows.append({"item": item, "year": str(year), "cause": stated, "source": "statement"})
    return rows
