"""A second evaluator of Decision 3373/QĐ-UBND, written from the text of the law and not from the rules of the engine.

It shares no line with the engine, so that a mistake has to be made twice to stay hidden. It answers one question, "what
holds in this one complete world?", with ordinary Python, and lists the worlds that the missing data leave open.

Three observations keep the list of worlds short without losing exactness:

* a score is only ever compared with the figure of the adjacent year and, in the year asked, with its own maximum, so an
  item is fully described by three moves, one "at maximum" flag and three causes (`Course`);
* at most one item of a line of succession exists in a year, so what is unknown about two items is independent;
* a unit's class depends on its items only through a few "all" and "some" answers (`Standing`).

For communes, a rating that the district chair has given comes first, then a scale that the district has adopted, then,
under `commune_rule: analogy`, the thresholds of 17.1.

What is compared, and where it comes from:

=====================  ================================  ==========================================================
predicate              provision                         remark
=====================  ================================  ==========================================================
class                  17.1.a-d, 17.2                    a commune's by rating, scale or analogy
unclassified           17.1, 17.2                        every gap of the contract
conflicting_classes    17.1, 17.2                        changed maxima; a scale that contradicts itself
must_explain           14.1, 14.2
explanation_state      12.2                              all four states, `as_of` included
explanation_missing    16.1-16.4                         of a statement that was filed
criticism              19.1.a
notice                 19.1.b
committee_report       19.1.c
commune_criticism      19.2.a
commune_discipline     19.2.b
reward_candidate       18
list_missing           20.2, 20.5                        only where the list of the year was drafted
list_extra             20.2, 20.5                        only where the list of the year was drafted
report_due             20.2
report_status          20.2                              `pending` and `overdue` only with `as_of`
responsible            12.1, 13.1, 15
evaluator              4
trend                  14.1, 20.2
basis_missing          3.2, 17.1, 17.2
note                   -                                 all five codes
duty_state             5-11, 20, 21                      what is recorded; `unreported` is left out
=====================  ================================  ==========================================================

The calendar of public holidays, with the Saturdays worked in exchange for one, is that of the `holidays` library.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import count, pairwise, product
from typing import Literal, NamedTuple

import holidays

Row = dict[str, str]
Given = dict[str, list[Row]]
Fact = tuple[str, tuple[str, ...]]
World = frozenset[Fact]
Move = Literal["up", "down", "flat"]

# Every reading and its values, the default first.
READINGS: dict[str, tuple[str, ...]] = {
    "d_connective": ("or", "and"),
    "inc2_span": ("two_rises", "one_rise"),
    "a2_distribution": ("per_item", "collective"),
    "b2_max": ("max_satisfies", "strict"),
    "empty": ("vacuous", "fails"),
    "comparability": ("favourable", "ratio_if_max_changed", "raw"),
    "cause_scope": ("each", "latest", "any"),
    "cause_authority": ("ppc", "self"),
    "cause_missing": ("unknown", "not_met", "subjective"),
    "cause_mixed": ("predominant", "any", "wholly"),
    "rounding": ("none", "2", "0"),
    "above100": ("inside", "outside"),
    "run_identity": ("same_unit", "item_only"),
    "coordinating": ("lead_only", "both"),
    "cumulative": ("cumulative", "absorb"),
    "enc_scope": ("class_only", "class_and_sanctions", "class_and_committee"),
    "explain_trigger": ("on_request", "automatic"),
    "deadline": ("calendar_roll", "calendar_no_roll", "working_days"),
    "ppc_office": ("included", "excluded"),
    "commune_rule": ("district_act", "analogy"),
    "commune_first_year": ("streak", "ever"),
    "commune_ladder": ("exclusive", "cumulative"),
    "lead_source": ("assignment_first", "article_15", "union"),
    "gap": ("report", "cascade"),
    "new_item": ("excluded", "fails"),
    "transition": ("from_2021", "all"),
    "run3": ("three_falls", "two_falls"),
    "correction": ("as_announced", "corrected"),
    "head_change": ("same_holder", "post"),
    "article_15_assigns": ("yes", "explanation_only"),
    "unassigned_item": ("domain_lead_explains", "nobody"),
}

# What a profile changes in the defaults.
PROFILES: dict[str, dict[str, str]] = {
    "default": {},
    "literal": {
        "b2_max": "strict",
        "comparability": "raw",
        "cause_missing": "not_met",
        "above100": "outside",
        "run_identity": "item_only",
        "deadline": "calendar_no_roll",
        "new_item": "fails",
        "transition": "all",
        "article_15_assigns": "explanation_only",
        "unassigned_item": "nobody",
    },
    "cascade": {"gap": "cascade"},
}

PREDICATES = (
    "class",
    "unclassified",
    "conflicting_classes",
    "must_explain",
    "criticism",
    "notice",
    "committee_report",
    "reward_candidate",
    "basis_missing",
    "trend",
    "responsible",
    "note",
    "evaluator",
    "commune_criticism",
    "commune_discipline",
    "explanation_state",
    "explanation_missing",
    "report_due",
    "report_status",
    "list_missing",
    "list_extra",
    "duty_state",
)

CLASSES = ("excellent", "good", "completed", "not_completed")
NO_FIGURE = ("unknown", "not_announced")

# The Decision is of 28/12/2021: the index of 2021 is the first one announced under it.
FIRST_INDEX_YEAR = 2021

# 15.1-15.6: the post that leads each domain, and the posts that 15.6 adds.
LEAD_POST = {
    "1": "doha",
    "2": "doj",
    "3": "ppc_office",
    "4": "doha",
    "5": "doha",
    "6": "dof",
    "7": "dic",
    "8": "dpi",
}
POST_OF_KIND = {"ppc_office": "ppc_office", "tax_department": "tax"}
COORDINATING_POSTS = {"8": ("dof", "tax")}

# One index inside each band: a verdict depends on nothing else about an index within 0-100.
INDEX_IN_EACH_BAND = (Fraction(30), Fraction(70), Fraction(85), Fraction(95))

# What a statement must make clear.
SECTIONS = ("16.1", "16.2", "16.3", "16.4")

# The longest run is three falls, which needs four figures.
FIGURES = 4

# 20.2: days after the announcement of the index of the province.
REPORT_DAYS = 30


@dataclass(frozen=True)
class Verdicts:
    """Rows of one predicate: those that hold in every completion, and those that hold in some but not all."""

    certain: frozenset[tuple[str, ...]]
    possible: frozenset[tuple[str, ...]]


def profile(name: str) -> dict[str, str]:
    """The full assignment of readings behind `default`, `literal` or `cascade`."""
    return {reading: values[0] for reading, values in READINGS.items()} | PROFILES[name]


def check_readings(readings: dict[str, str]) -> None:
    """Refuse what is not a full assignment."""
    if set(readings) != set(READINGS):
        raise ValueError(f"not a full assignment of readings: {sorted(set(readings) ^ set(READINGS))}")
    if wrong := [reading for reading, value in readings.items() if value not in READINGS[reading]]:
        raise ValueError(f"no such value of {wrong}")


# ---------------------------------------------------------------------------------------------------------------------
# Scores and their order
# ---------------------------------------------------------------------------------------------------------------------


class Figure(NamedTuple):
    """A score of one year; `points` is None where it is not known."""

    points: Fraction | None
    maximum: Fraction


class Score(NamedTuple):
    points: Fraction
    maximum: Fraction


def sign(difference: Fraction) -> int:
    return (difference > 0) - (difference < 0)


def move(now: Score, before: Score, comparability: str) -> Move:
    """Whether a score rose, fell or stayed, under one reading of a changed maximum (I07)."""
    points = sign(now.points - before.points)
    share = sign(now.points * before.maximum - before.points * now.maximum)
    if comparability == "raw" or now.maximum == before.maximum:
        outcome = points
    elif comparability == "ratio_if_max_changed":
        outcome = share
    elif points > 0 or share > 0:
        outcome = 1
    else:
        outcome = -1 if points < 0 and share < 0 else 0
    return ("flat", "up", "down")[outcome]


def critical_points(figures: list[Figure | None], position: int) -> set[Fraction]:
    """The values of one figure at which what its later neighbours can still do changes.

    A later known figure is met at its points and at its share of the maximum; a later unknown one at its own critical
    points, met in the same two ways. Between two neighbouring critical points nothing later changes.
    """
    figure = figures[position]
    assert figure is not None
    if figure.points is not None:
        return {figure.points}
    critical = {Fraction(0), figure.maximum}
    later = figures[position + 1] if position + 1 < len(figures) else None
    if later is not None:
        for value in critical_points(figures, position + 1):
            critical |= {value, value * figure.maximum / later.maximum}
    return {value for value in critical if value <= figure.maximum}


def candidates(figures: list[Figure | None], position: int, before: Score | None) -> list[Score]:
    """One score for every order position that a figure can take, given the score of the year before."""
    figure = figures[position]
    assert figure is not None
    if figure.points is not None:
        return [Score(figure.points, figure.maximum)]
    critical = critical_points(figures, position)
    if before is not None:
        critical |= {before.points, before.points * figure.maximum / before.maximum}
    ordered = sorted(value for value in critical if value <= figure.maximum)
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return [Score(value, figure.maximum) for value in ordered + between]


def completions(figures: list[Figure | None]) -> Iterator[list[Score | None]]:
    """Series of scores, oldest first, that show every joint order pattern; None where the item did not exist."""

    def extend(done: list[Score | None]) -> Iterator[list[Score | None]]:
        position = len(done)
        if position == len(figures):
            yield done
        elif figures[position] is None:
            yield from extend([*done, None])
        else:
            for score in candidates(figures, position, done[-1] if done else None):
                yield from extend([*done, score])

    return extend([])


@dataclass(frozen=True)
class Course:
    """What the law sees of an item in one world; moves and causes latest year first, None where nothing is compared."""

    moves: tuple[Move | None, ...]
    at_maximum: bool
    subjective: tuple[bool, ...]


def courses(figures: list[Figure | None], causes: list[bool | None], comparability: str) -> set[Course]:
    """Every course open to an item; `causes` (latest first) is None where the cause is open."""
    found = set()
    shapes = {shape(series, comparability) for series in completions(figures)}
    for subjective in product(*((known,) if known is not None else (True, False) for known in causes)):
        found |= {Course(moves, at_maximum, subjective) for moves, at_maximum in shapes}
    return found


def shape(series: list[Score | None], comparability: str) -> tuple[tuple[Move | None, ...], bool]:
    latest_first = series[::-1]
    moves = tuple(move(now, before, comparability) if now and before else None for now, before in pairwise(latest_first))
    latest = latest_first[0]
    return moves, latest is not None and latest.points == latest.maximum


# ---------------------------------------------------------------------------------------------------------------------
# The data as the law reads them
# ---------------------------------------------------------------------------------------------------------------------


class Book:
    """The input tables of one dataset under one set of readings."""

    def __init__(self, given: Given, readings: dict[str, str], as_of: str | None) -> None:
        self.readings = readings
        self.as_of = as_of
        self.units = {row["unit"]: row for row in given.get("unit", [])}
        self.items = {row["item"]: row for row in given.get("item", [])}
        self.heads = given.get("head", [])
        self.assignments = given.get("assignment", [])
        self.conduct_matters = given.get("conduct_matter", [])
        self.indices = {(row["unit"], int(row["year"])): row["points"] for row in given.get("unit_index", [])}
        self.scores = {(row["item"], int(row["year"])): row for row in given.get("item_score", [])}
        self.ratings = {(row["unit"], int(row["year"])): row["class"] for row in given.get("commune_rating", [])}
        self.scales: dict[str, list[tuple[Fraction, str]]] = {}
        for row in given.get("commune_scale", []):
            self.scales.setdefault(row["unit"], []).append((Fraction(row["from"]), row["class"]))
        succession = given.get("item_succession", [])
        self.predecessor = {row["item"]: row["predecessor"] for row in succession}
        self.begins = {row["item"]: int(row["year"]) for row in succession}
        self.ends = {row["predecessor"]: int(row["year"]) - 1 for row in succession}
        # A row says who speaks; without a word it is the determination of the province.
        speaker = {"ppc": "determination", "self": "statement"}[readings["cause_authority"]]
        self.causes = {
            (row["item"], int(row["year"])): row["cause"]
            for row in given.get("cause", [])
            if (row.get("source") or "determination") == speaker
        }
        self.corrections = self.so_far(given, "item_score_correction")
        self.announced = {
            int(row["year"]): row["date"] for row in self.so_far(given, "announcement") if row["index"] == "province"
        }
        self.reported = {int(row["year"]): row["date"] for row in self.so_far(given, "report") if row["report"] == "20.2"}
        self.days_off = {row["date"] for row in given.get("holiday", [])}
        self.lists: dict[tuple[str, int], set[str]] = {}
        for row in given.get("proposed_list", []):
            self.lists.setdefault((row["list"], int(row["year"])), set()).add(row["unit"])
        self.requests = {(row["unit"], int(row["year"])) for row in self.so_far(given, "explanation_request")}
        self.statements = {(row["unit"], row["item"], int(row["year"])) for row in self.so_far(given, "explanation")}
        self.sections = {
            (row["unit"], row["item"], int(row["year"]), row["section"]) for row in given.get("explanation_section", [])
        }
        self.duties = given.get("duty_record", [])

    def so_far(self, given: Given, table: str) -> list[Row]:
        """The rows that are not dated after the day of review."""
        rows = given.get(table, [])
        return [row for row in rows if not self.as_of or row["date"] == "unknown" or row["date"] <= self.as_of]

    def reads(self, reading: str, value: str) -> bool:
        return self.readings[reading] == value

    # Items ----------------------------------------------------------------------------------------------------------

    def exists(self, item: str, year: int) -> bool:
        row = self.items[item]
        first, last = row.get("first_year"), row.get("last_year")
        # Years that a row states itself prevail over those that follow from a succession.
        begin = int(first) if first else self.begins.get(item, year)
        end = int(last) if last else self.ends.get(item, year)
        return begin <= year <= end

    def carrier(self, item: str, year: int) -> str | None:
        """The item itself or the predecessor that stood in its place in that year."""
        current: str | None = item
        while current is not None and not self.exists(current, year):
            current = self.predecessor.get(current)
        return current

    def line(self, item: str) -> list[str]:
        """The item, its predecessors and its successors."""
        successor = {old: new for new, old in self.predecessor.items()}
        first = item
        while first in self.predecessor:
            first = self.predecessor[first]
        line = [first]
        while line[-1] in successor:
            line.append(successor[line[-1]])
        return line

    def ancestors(self, item: str) -> Iterator[str]:
        parent = self.items[item].get("parent")
        while parent:
            yield parent
            parent = self.items[parent].get("parent") if parent in self.items else None

    def is_encouragement(self, item: str) -> bool:
        chain = [item, *(parent for parent in self.ancestors(item) if parent in self.items)]
        return any(self.items[link].get("encouragement") == "true" for link in chain)

    def domain_of(self, item: str) -> str | None:
        chain = [item, *(parent for parent in self.ancestors(item) if parent in self.items)]
        return next((self.items[link]["domain"] for link in chain if self.items[link].get("domain")), None)

    # Figures and causes -----------------------------------------------------------------------------------------------

    def maximum(self, item: str, year: int) -> Fraction:
        """The printed maximum, else that of the nearest year with a row; of two equally near, the earlier."""
        for members in ([item], self.line(item)):
            rows = [(abs(at - year), at, row["max"]) for (of, at), row in self.scores.items() if of in members]
            if rows:
                return Fraction(min(rows)[2])
        return Fraction(1)  # no row in the whole line: one unchanged maximum, whose size nothing depends on

    def corrected(self, item: str, year: int) -> str | None:
        rows = [row for row in self.corrections if row["item"] == item and int(row["year"]) == year]
        return max(rows, key=lambda row: row["date"])["points"] if rows else None

    def figure(self, item: str, year: int) -> Figure | None:
        """The figure that stands for the item in a year; None where neither it nor a predecessor existed."""
        carrier = self.carrier(item, year)
        if carrier is None:
            return None
        row = self.scores.get((carrier, year))
        printed = row["points"] if row else "unknown"
        if self.reads("correction", "corrected"):
            printed = self.corrected(carrier, year) or printed
        points = None if printed in NO_FIGURE else Fraction(printed)
        return Figure(points, self.maximum(carrier, year))

    def subjective(self, item: str, year: int) -> bool | None:
        """Whether the cause of a fall counts as subjective; None where it is still open."""
        carrier = self.carrier(item, year)
        recorded = self.causes.get((carrier, year)) if carrier is not None else None
        if recorded is None:
            return {"unknown": None, "not_met": False, "subjective": True}[self.readings["cause_missing"]]
        enough = {
            "predominant": ("subjective", "mainly_subjective"),
            "any": ("subjective", "mainly_subjective", "mainly_objective"),
            "wholly": ("subjective",),
        }
        return recorded in enough[self.readings["cause_mixed"]]

    def courses(self, item: str, year: int) -> set[Course]:
        years = range(year, year - FIGURES, -1)
        figures = [self.figure(item, at) for at in reversed(years)]
        causes = [self.subjective(item, at) for at in years[:-1]]
        return courses(figures, causes, self.readings["comparability"])

    # Who answers for an item ------------------------------------------------------------------------------------------

    def assigned(self, item: str, year: int, role: str) -> set[str]:
        """Units named by the PPC (13.1); a row for a year in which the item did not exist names nobody."""
        if not self.exists(item, year):
            return set()
        rows = (row for row in self.assignments if row["item"] == item and int(row["year"]) == year)
        return {row["unit"] for row in rows if row["role"] == role}

    def assigned_leads(self, item: str, year: int) -> set[str]:
        """Leads that rest on an assignment; under `article_15` the Article displaces them where it speaks."""
        displaced = self.reads("lead_source", "article_15") and self.in_article_15(item)
        return set() if displaced else self.assigned(item, year, "lead")

    def in_article_15(self, item: str) -> bool:
        return self.items[item]["level"] == "domain" and self.items[item].get("domain") in LEAD_POST

    def article_15(self, item: str, year: int, role: str) -> set[str]:
        """Units that Article 15 itself names for a domain, where it is a source at all (I28)."""
        if not self.in_article_15(item) or not self.exists(item, year):
            return set()
        if self.reads("lead_source", "assignment_first") and self.assigned(item, year, "lead"):
            return set()
        domain = self.items[item]["domain"]
        posts = (LEAD_POST[domain],) if role == "lead" else COORDINATING_POSTS.get(domain, ())
        return self.at_posts(posts)

    def at_posts(self, posts: tuple[str, ...]) -> set[str]:
        """The Chief of the Office and the head of the tax department are known by the kind of their unit."""
        return {unit for unit, row in self.units.items()
                if row.get("office") in posts or POST_OF_KIND.get(row["type"]) in posts}  # fmt: skip

    def leads(self, item: str, year: int) -> set[str]:
        return self.assigned_leads(item, year) | self.article_15(item, year, "lead")

    def coordinators(self, item: str, year: int) -> set[str]:
        return self.assigned(item, year, "coordinating") | self.article_15(item, year, "coordinating")

    def inherited_leads(self, item: str, year: int) -> set[str]:
        """Who explains a criterion or component that nobody leads (I38)."""
        if self.reads("unassigned_item", "nobody") or self.items[item]["level"] == "domain":
            return set()
        if self.leads(item, year) or not self.exists(item, year):
            return set()
        for ancestor in self.ancestors(item):
            if ancestor in self.items and (leads := self.leads(ancestor, year)):
                return leads
        domain = self.domain_of(item)
        return self.at_posts((LEAD_POST[domain],)) if domain in LEAD_POST else set()

    def explainers(self, item: str, year: int) -> set[str]:
        """Heads with the duty of 14.1 should the item fall."""
        units = self.leads(item, year) | self.inherited_leads(item, year)
        return units | self.coordinators(item, year) if self.reads("coordinating", "both") else units

    def holders(self, item: str, year: int) -> set[str]:
        """Units to which the item is "được giao phụ trách" in 17 and 19."""
        roles = ("lead", "coordinating") if self.reads("coordinating", "both") else ("lead",)
        units = self.assigned_leads(item, year)
        if "coordinating" in roles:
            units |= self.assigned(item, year, "coordinating")
        if self.reads("article_15_assigns", "yes"):
            units = units.union(*(self.article_15(item, year, role) for role in roles))
        return units

    # Units ------------------------------------------------------------------------------------------------------------

    def is_under_17_1(self, unit: str) -> bool:
        """Departments and district chairs; the PPC Office counts as a department if so read (I23)."""
        kind = self.units[unit]["type"]
        return kind in ("department", "district") or (kind == "ppc_office" and self.reads("ppc_office", "included"))

    def one_holder(self, unit: str, years: Iterable[int]) -> bool:
        """No change of holder is recorded within the years; a step against a person needs that (I14)."""
        if self.reads("head_change", "post"):
            return True
        span = set(years)
        rows = (row for row in self.heads if row["unit"] == unit and int(row["year"]) in span)
        return len({row["holder"] for row in rows if row.get("holder")}) <= 1

    def index(self, unit: str, year: int) -> Fraction | None:
        printed = self.indices.get((unit, year), "not_announced")
        return None if printed in NO_FIGURE else Fraction(printed)

    def rounded(self, index: Fraction) -> Fraction:
        """Half up; an index is never negative."""
        if self.reads("rounding", "none"):
            return index
        scale = 10 ** int(self.readings["rounding"])
        return Fraction((index * scale + Fraction(1, 2)) // 1, scale)


# ---------------------------------------------------------------------------------------------------------------------
# Items: runs, grounds and the sanctions of 19.1.a and 19.1.c
# ---------------------------------------------------------------------------------------------------------------------


def fell_on_end(book: Book, course: Course, year: int, falls: int) -> bool:
    """The item fell in so many years on end, by a subjective cause, whoever held it."""
    if any(step != "down" for step in course.moves[:falls]):
        return False
    if book.reads("transition", "from_2021") and year - falls + 1 < FIRST_INDEX_YEAR:
        return False
    causes = course.subjective[:falls]
    meant = {"each": all(causes), "latest": causes[0], "any": any(causes)}
    return meant[book.readings["cause_scope"]]


def is_run(book: Book, course: Course, unit: str, item: str, year: int, *, falls: int) -> bool:
    """The falls on end are those of this unit (I15)."""
    if not fell_on_end(book, course, year, falls):
        return False
    years = range(year, year - falls, -1)
    return book.reads("run_identity", "item_only") or all(held(book, unit, item, at) for at in years)


def held(book: Book, unit: str, item: str, year: int) -> bool:
    carrier = book.carrier(item, year)
    return carrier is not None and unit in book.holders(carrier, year)


def is_failing_ground(book: Book, course: Course, unit: str, item: str, year: int) -> bool:
    """17.1.d.2, encouragement points excepted."""
    return not book.is_encouragement(item) and is_run(book, course, unit, item, year, falls=2)


def is_reported(book: Book, course: Course, unit: str, item: str, year: int) -> bool:
    """19.1.c."""
    if book.is_encouragement(item) and not book.reads("enc_scope", "class_only"):
        return False
    falls = 3 if book.reads("run3", "three_falls") else 2
    same_person = book.one_holder(unit, range(year - falls + 1, year + 1))
    return same_person and is_run(book, course, unit, item, year, falls=falls)


def is_criticised(book: Book, course: Course, unit: str, item: str, year: int) -> bool:
    """19.1.a."""
    if course.moves[0] != "down" or not course.subjective[0]:
        return False
    if book.is_encouragement(item) and book.reads("enc_scope", "class_and_sanctions"):
        return False
    if book.reads("cumulative", "cumulative"):
        return True
    grounds = (is_failing_ground(book, course, unit, item, year), is_reported(book, course, unit, item, year))
    return not any(grounds)


def explanation(book: Book, unit: str, item: str, year: int) -> set[Fact]:
    """The duty of 14 and how far it is met: asked for under 12.2, answered, and answered on all that 16 names."""
    facts: set[Fact] = {("must_explain", (unit, item))}
    if (unit, item, year) in book.statements:
        missing = [section for section in SECTIONS if (unit, item, year, section) not in book.sections]
        facts |= {("explanation_missing", (unit, item, section)) for section in missing}
        state = "submitted" if missing else "complete"
    elif (unit, year) in book.requests or book.reads("explain_trigger", "automatic"):
        state = "requested"
    else:
        state = "liable"
    return facts | {("explanation_state", (unit, item, state))}


def item_world(book: Book, item: str, year: int, course: Course) -> World:
    facts: set[Fact] = set()
    latest = course.moves[0]
    if latest is not None:
        facts.add(("trend", (item, latest)))
    if latest == "down":
        for unit in book.explainers(item, year):
            facts |= explanation(book, unit, item, year)
    for unit in filter(book.is_under_17_1, book.holders(item, year)):
        if is_criticised(book, course, unit, item, year):
            facts.add(("criticism", (unit, item)))
        if is_reported(book, course, unit, item, year):
            facts.add(("committee_report", (unit, item)))
    return frozenset(facts)


# ---------------------------------------------------------------------------------------------------------------------
# Units: Article 17.1
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What Article 17.1 asks of the items of a unit; every field but the last says "all of them"."""

    at_maximum: bool = True
    rising: bool = True
    at_maximum_or_rising: bool = True
    up: bool = True
    not_down: bool = True
    failing_ground: bool = False

    def __and__(self, other: Standing) -> Standing:
        return Standing(
            self.at_maximum and other.at_maximum,
            self.rising and other.rising,
            self.at_maximum_or_rising and other.at_maximum_or_rising,
            self.up and other.up,
            self.not_down and other.not_down,
            self.failing_ground or other.failing_ground,
        )


def has_risen(book: Book, moves: Iterable[Move | None]) -> bool:
    """Every comparison shows a rise; one that cannot be made is left out or counts against the item (I30)."""
    made = [step for step in moves if step is not None or book.reads("new_item", "fails")]
    return all(step == "up" for step in made)


def standing(book: Book, course: Course, failing_ground: bool) -> Standing:
    """One item before 17.1.a.2, b.2, c.2 and d.2."""
    rising = has_risen(book, course.moves[: 2 if book.reads("inc2_span", "two_rises") else 1])
    not_down = course.moves[0] != "down"
    kept_maximum = course.at_maximum and not_down and book.reads("b2_max", "max_satisfies")
    return Standing(
        at_maximum=course.at_maximum,
        rising=rising,
        at_maximum_or_rising=course.at_maximum or rising,
        up=has_risen(book, course.moves[:1]) or kept_maximum,
        not_down=not_down,
        failing_ground=failing_ground,
    )


def anonymous_standings(book: Book, year: int) -> set[Standing]:
    """An item of unknown scores and cause that a unit leads in every year, where its assignments are not all known."""
    figures: list[Figure | None] = [Figure(None, Fraction(1))] * FIGURES
    options = courses(figures, [None] * (FIGURES - 1), book.readings["comparability"])
    return {standing(book, course, fell_on_end(book, course, year, 2)) for course in options}


def item_standings(book: Book, unit: str, item: str, year: int) -> set[Standing]:
    return {standing(book, course, is_failing_ground(book, course, unit, item, year)) for course in book.courses(item, year)}


def combine(parts: list[set[Standing]]) -> set[Standing]:
    """All standings of a unit; its items are independent, so equal intermediate standings need to be kept once."""
    return reduce(lambda some, more: {one & other for one in some for other in more}, parts, {Standing()})


def classes_17_1(book: Book, index: Fraction, items: Standing, *, empty: bool) -> set[str]:
    """The classes whose dashes are met, as printed: none, one or (changed maxima) two."""
    judged = not empty or book.reads("empty", "vacuous")
    found = set()
    if judged and is_excellent_index(book, index) and meets_a2(book, items):
        found.add("excellent")
    if judged and 80 <= index < 90 and items.up:
        found.add("good")
    if judged and 60 <= index < 80 and items.not_down:
        found.add("completed")
    grounds = (index < 60, items.failing_ground)
    if any(grounds) if book.reads("d_connective", "or") else all(grounds):
        found.add("not_completed")
    return found


def is_excellent_index(book: Book, index: Fraction) -> bool:
    return index >= 90 and (index <= 100 or book.reads("above100", "inside"))


def meets_a2(book: Book, items: Standing) -> bool:
    if book.reads("a2_distribution", "per_item"):
        return items.at_maximum_or_rising
    return items.at_maximum or items.rising


def filled_class(book: Book, index: Fraction, items: Standing, *, empty: bool) -> str | None:
    """`gap: cascade`: the best class, not above the band of the index, whose condition on items holds."""
    if (empty and book.reads("empty", "fails")) or not (index < 90 or is_excellent_index(book, index)):
        return None
    if index >= 80 and items.up:
        return "good"
    if index >= 60 and items.not_down:
        return "completed"
    return "not_completed" if items.failing_ground else None


def gap(book: Book, index: Fraction, items: Standing, *, empty: bool) -> str:
    """Why no class applies; the order is fixed by the contract."""
    if not items.not_down:
        return "item_fell"
    if index >= 90 and not is_excellent_index(book, index):
        return "index_above_100"
    if index < 60:
        return "failing_grounds_unmet"
    if empty and book.reads("empty", "fails"):
        return "no_assigned_item"
    return "excellent_items_unmet" if index >= 90 else "good_items_unmet"


def unit_world(book: Book, unit: str, index: Fraction, items: Standing, *, empty: bool) -> World:
    rounded = book.rounded(index)
    classes = printed = classes_17_1(book, rounded, items, empty=empty)
    facts: set[Fact] = set()
    if not classes:
        filled = filled_class(book, rounded, items, empty=empty) if book.reads("gap", "cascade") else None
        if filled is None:
            facts.add(("unclassified", (unit, gap(book, rounded, items, empty=empty))))
        else:
            classes = {filled}
    facts |= {("class", (unit, name)) for name in classes}
    if len(classes) > 1:
        facts.add(("conflicting_classes", (unit,)))
    # 19.1.b follows point d itself: a class that only fills a gap gives no ground for it.
    if "not_completed" in printed:
        facts.add(("notice", (unit,)))
    if "excellent" in classes:
        facts.add(("reward_candidate", (unit,)))
    return frozenset(facts)


def unit_worlds(book: Book, unit: str, items: list[str], year: int, *, incomplete: bool) -> set[World]:
    parts = [item_standings(book, unit, item, year) for item in items]
    if incomplete:
        parts.append(anonymous_standings(book, year))
    announced = book.index(unit, year)
    indices = INDEX_IN_EACH_BAND if announced is None else (announced,)
    return {unit_world(book, unit, index, total, empty=not parts) for total in combine(parts) for index in indices}


# ---------------------------------------------------------------------------------------------------------------------
# Communes: Articles 17.2 and 19.2
# ---------------------------------------------------------------------------------------------------------------------


def commune_worlds(book: Book, unit: str, year: int) -> set[World]:
    """Every way in which what is unknown about the ratings and indices of a commune up to a year may turn out."""
    seen = {at for of, at in (*book.ratings, *book.indices) if of == unit and at < year}
    at_each = {at: commune_outcomes(book, unit, at) for at in {year, *seen, *range(FIRST_INDEX_YEAR, year)}}
    return {commune_world(book, unit, year, dict(zip(at_each, chosen, strict=True))) for chosen in product(*at_each.values())}


def commune_outcomes(book: Book, unit: str, year: int) -> set[frozenset[str]]:
    """What 17.2 may come to in a year: classes (two where a scale contradicts itself), or the gap why there is none."""
    rating = book.ratings.get((unit, year))
    analogy = book.reads("commune_rule", "analogy")
    if rating in CLASSES:
        return {frozenset({str(rating)})}
    if rating == "unknown" and not analogy:
        return {frozenset({name}) for name in CLASSES}
    scale = book.scales.get(book.units[unit].get("parent", ""), [])
    if not scale and not analogy:
        return {frozenset({"no_commune_scale"})}
    index = book.index(unit, year)
    if index is not None:
        return {class_by_index(book, scale, index)}
    # Before the Regulation applied, a figure that is missing is none; one that exists but is unknown may be anything.
    if year < FIRST_INDEX_YEAR and book.indices.get((unit, year)) != "unknown":
        return {frozenset()}
    edges = sorted({Fraction(0), Fraction(60), Fraction(80), Fraction(90), Fraction(100), *(start for start, _ in scale)})
    inside = [edge for edge in edges if edge <= 100]
    tried = [*inside, *((low + high) / 2 for low, high in pairwise(inside))]
    return {class_by_index(book, scale, figure) for figure in tried}


def class_by_index(book: Book, scale: list[tuple[Fraction, str]], index: Fraction) -> frozenset[str]:
    figure = book.rounded(index)
    if scale:
        reached = [(start, name) for start, name in scale if start <= figure]
        return frozenset(name for start, name in reached if start == max(reached)[0]) or frozenset({"no_commune_scale"})
    if figure > 100 and book.reads("above100", "outside"):
        return frozenset({"index_above_100"})
    bands = ((90, "excellent"), (80, "good"), (60, "completed"), (0, "not_completed"))
    return frozenset({next(name for start, name in bands if figure >= start)})


def commune_world(book: Book, unit: str, year: int, outcomes: dict[int, frozenset[str]]) -> World:
    now = outcomes[year]
    facts: set[Fact] = {("class", (unit, name)) if name in CLASSES else ("unclassified", (unit, name)) for name in now}
    if len(now) > 1:
        facts.add(("conflicting_classes", (unit,)))
    if "excellent" in now:
        facts.add(("reward_candidate", (unit,)))
    if "not_completed" in now:
        facts |= commune_steps(book, unit, year, {at for at, names in outcomes.items() if "not_completed" in names})
    return frozenset(facts)


def commune_steps(book: Book, unit: str, year: int, failed: set[int]) -> set[Fact]:
    """19.2 for a commune chair who failed in this year, among others."""
    first = not failed - {year} if book.reads("commune_first_year", "ever") else year - 1 not in failed
    second = year - 1 in failed and book.one_holder(unit, (year - 1, year))
    facts: set[Fact] = set()
    if first or (second and book.reads("commune_ladder", "cumulative")):
        facts.add(("commune_criticism", (unit,)))
    if second:
        facts.add(("commune_discipline", (unit,)))
    return facts


# ---------------------------------------------------------------------------------------------------------------------
# What does not depend on a missing figure
# ---------------------------------------------------------------------------------------------------------------------


def evaluator(book: Book, unit: str) -> str | None:
    """Article 4; the head of the provincial Tax is named in 15.6 only."""
    kind = book.units[unit]["type"]
    if book.is_under_17_1(unit) or kind == "public_service_unit":
        return "provincial_chair"
    return "district_chair" if kind in ("commune", "district_division") else None


def is_basis_missing(book: Book, unit: str, year: int) -> bool:
    """The index on which 17.1 or 17.2 builds has not been announced; an `unknown` one has been."""
    needed = book.is_under_17_1(unit) or book.units[unit]["type"] == "commune"
    return needed and book.indices.get((unit, year), "not_announced") == "not_announced"


def has_two_heads(book: Book, unit: str, year: int) -> bool:
    """Two rows in a year, unless both name the same holder (who was acting first, say)."""
    holders = [row.get("holder") for row in book.heads if row["unit"] == unit and int(row["year"]) == year]
    return len(holders) > 1 and (None in holders or "" in holders or len(set(holders)) > 1)


def is_maximum_changed(book: Book, item: str, year: int) -> bool:
    now, before = book.figure(item, year), book.figure(item, year - 1)
    return now is not None and before is not None and now.maximum != before.maximum


def notes(book: Book, unit: str, items: list[str], year: int, *, incomplete: bool) -> set[str]:
    index = book.index(unit, year)
    marks = {
        "no_assigned_item": book.is_under_17_1(unit) and not items and not incomplete,
        "maximum_changed": any(is_maximum_changed(book, item, year) for item in items),
        "new_item": any(book.carrier(item, year - 1) is None for item in items),
        "two_heads": has_two_heads(book, unit, year),
        "index_above_100": index is not None and index > 100,
    }
    return {code for code, holds in marks.items() if holds}


def settled(book: Book, year: int, held_items: dict[str, list[str]], incomplete: frozenset[str]) -> World:
    facts: set[Fact] = set()
    for item in book.items:
        leads = book.leads(item, year) | book.inherited_leads(item, year)
        facts |= {("responsible", (item, unit, "lead")) for unit in leads}
        facts |= {("responsible", (item, unit, "coordinating")) for unit in book.coordinators(item, year)}
    for unit in book.units:
        if (authority := evaluator(book, unit)) is not None:
            facts.add(("evaluator", (unit, authority)))
        if is_basis_missing(book, unit, year):
            facts.add(("basis_missing", (unit,)))
        codes = notes(book, unit, held_items[unit], year, incomplete=unit in incomplete)
        facts |= {("note", (unit, code)) for code in codes}
        if not book.is_under_17_1(unit) and book.units[unit]["type"] != "commune":
            facts.add(("unclassified", (unit, "no_rule_for_post")))
    for row in book.conduct_matters:
        if int(row["year"]) == year:
            facts |= explanation(book, row["unit"], "conduct", year)
    recorded = [row for row in book.duties if int(row["year"]) == year and bears(book, row["unit"], row["duty"])]
    facts |= {("duty_state", (row["unit"], row["duty"], row["status"])) for row in recorded}
    return frozenset(facts | report(book, year))


def bears(book: Book, unit: str, duty: str) -> bool:
    """Articles 5 and 21 address departments, districts and communes, Article 23 every agency subject to the Regulation."""
    kind = book.units[unit]["type"]
    if book.is_under_17_1(unit) or kind == "commune":
        return True
    return duty == "23.o1" and kind == "public_service_unit"


# ---------------------------------------------------------------------------------------------------------------------
# The report and the lists of Article 20
# ---------------------------------------------------------------------------------------------------------------------


def is_working_day(book: Book, day: datetime.date) -> bool:
    """A Saturday worked in exchange for a day off is a working day."""
    return holidays.country_holidays("VN", years=[day.year]).is_working_day(day) and day.isoformat() not in book.days_off


def report_due(book: Book, announced: datetime.date) -> datetime.date:
    """The last of the 30 days of 20.2, the day of the announcement not counted (I20)."""
    days = (announced + datetime.timedelta(days=number) for number in count(1))
    if book.reads("deadline", "working_days"):
        working = (day for day in days if is_working_day(book, day))
        return next(day for number, day in enumerate(working, start=1) if number == REPORT_DAYS)
    last = next(day for number, day in enumerate(days, start=1) if number == REPORT_DAYS)
    while book.reads("deadline", "calendar_roll") and not is_working_day(book, last):
        last += datetime.timedelta(days=1)
    return last


def report(book: Book, year: int) -> set[Fact]:
    """20.2: when the report is due and whether it came in time; without an announcement there is no time limit."""
    announced, sent = book.announced.get(year), book.reported.get(year)
    if announced is None:
        return set()
    if announced == "unknown":
        return {("report_status", ("unknown",))}
    due = report_due(book, datetime.date.fromisoformat(announced)).isoformat()
    facts: set[Fact] = {("report_due", (due,))}
    if sent is not None:
        facts.add(("report_status", ("on_time" if sent <= due else "late",)))
    elif book.as_of is not None:
        facts.add(("report_status", ("pending" if book.as_of <= due else "overdue",)))
    return facts


def draft_lists(book: Book, year: int, certain: set[Fact], some: set[Fact], incomplete: frozenset[str]) -> tuple[World, World]:
    """What a drafted list lacks and what it names without ground: for certain, and in some completion at least.

    A head belongs on a list by any of several items, each open on its own, so the head belongs for certain only where
    one of them alone is certain. The items of a unit whose assignments are incompletely known may put its head on list
    20.2: that excuses the name, but is no ground to ask for it.
    """
    sure: set[Fact] = set()
    may: set[Fact] = set()
    for (name, at), listed in book.lists.items():
        if at != year:
            continue
        must, might = (units_on(name, facts) for facts in (certain, some))
        excused = might | incomplete if name == "20.2" else might
        sure |= {("list_missing", (name, unit)) for unit in must - listed}
        may |= {("list_missing", (name, unit)) for unit in might - listed}
        sure |= {("list_extra", (name, unit)) for unit in listed - excused}
        may |= {("list_extra", (name, unit)) for unit in listed - must}
    return frozenset(sure), frozenset(may)


def units_on(name: str, facts: set[Fact]) -> set[str]:
    """List 20.2: who must explain; list 20.5: who did not complete, chairs of communes included."""
    if name == "20.2":
        return {row[0] for predicate, row in facts if predicate == "must_explain"}
    return {row[0] for predicate, row in facts if predicate == "class" and row[1] == "not_completed"}


# ---------------------------------------------------------------------------------------------------------------------
# The evaluation of a year
# ---------------------------------------------------------------------------------------------------------------------


def evaluate(
    given: Given,
    year: int,
    readings: dict[str, str],
    as_of: str | None = None,
    *,
    incomplete: frozenset[str] = frozenset(),
) -> dict[str, Verdicts]:
    """All verdicts of one index year, per predicate; arguments in the order of the contract, without the year."""
    check_readings(readings)
    if year < FIRST_INDEX_YEAR:
        return table(set(), set())
    book = Book(given, readings, as_of)
    present = [item for item in book.items if book.exists(item, year)]
    held_items = {unit: [item for item in present if unit in book.holders(item, year)] for unit in book.units}
    # Each group of worlds is independent of the others and derives rows that no other group derives.
    groups = [{settled(book, year, held_items, incomplete)}]
    groups += [{item_world(book, item, year, course) for course in book.courses(item, year)} for item in present]
    for unit, row in book.units.items():
        if book.is_under_17_1(unit):
            groups.append(unit_worlds(book, unit, held_items[unit], year, incomplete=unit in incomplete))
        elif row["type"] == "commune":
            groups.append(commune_worlds(book, unit, year))
    certain = {fact for worlds in groups for fact in frozenset.intersection(*worlds)}
    some = {fact for worlds in groups for world in worlds for fact in world}
    sure, may = draft_lists(book, year, certain, some, incomplete)
    return table(certain | sure, some | may)


def table(certain: set[Fact], some: set[Fact]) -> dict[str, Verdicts]:
    return {
        predicate: Verdicts(
            certain=frozenset(row for name, row in certain if name == predicate),
            possible=frozenset(row for name, row in some - certain if name == predicate),
        )
        for predicate in PREDICATES
    }
