"""The verdict explorer: what the text says of the shipped datasets, as pages; this module: the datasets and their overviews."""

from __future__ import annotations

import datetime
import functools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from cchc.dataset import described
from cchc.explored import GROUP, INDEX, LEVEL, TREND, Explored, State
from cchc.policy import Policy
from cchc.rows import PROVENANCES
from cchc.site.book import Book
from cchc.site.charts import HATCH, Bar, Dot, Point, Share, mark, other, shade, sparkline, stacked, strip
from cchc.site.explorer_words import told
from cchc.site.page import Page, plain
from cchc.site.prooftree import Weaver
from cchc.site.sheet import EXPLORER_FOLDER, Sheet, dataset_path, unit_path, window, years_said
from cchc.site.unit import unit_page, write_apparatus, write_looks
from cchc.vocabulary import SCALE

INDEX_PAGE = f"{EXPLORER_FOLDER}/index.md"
_OTHER = ("several", "gap", "open", "none")
"""What a unit can be in beside exactly one level."""


def explorer_pages(book: Book, folders: Sequence[Path]) -> list[Page]:
    """The pages of the dataset folders that come under the text of a book. Raises Invalid."""
    found = _explored(book, folders)
    if not found:
        return []
    pages: list[Page] = [_index(book, found)]
    for explored in found:
        pages.append(_overview(book, explored))
        pages += [unit_page(book, explored, unit) for unit in explored.units]
    return pages


def explorer_navigation(book: Book, folders: Sequence[Path]) -> list[Any]:
    """Labels and pages, as mkdocs takes them: empty where there is no dataset."""
    found = _explored(book, folders)
    sets: list[Any] = []
    for explored in found:
        sheet = Sheet(book, "", explored)
        units = ({sheet.label(unit): unit_path(explored, unit)} for unit in explored.units)
        sets.append({sheet.title(): [dataset_path(explored), *units]})
    return [{told(book.lang, "explorer-title"): [INDEX_PAGE, *sets]}] if sets else []


def _explored(book: Book, folders: Sequence[Path]) -> list[Explored]:
    named = [folder for folder in folders if described(folder).data["instrument"] == book.policy.instrument["id"]]
    return [explored for folder in named if (explored := _once(folder, book.policy.root)).units]


@functools.cache
def _once(folder: Path, policies: Path) -> Explored:
    """Solved once, for both languages."""
    return Explored(folder, policies)


# ---- All datasets -----------------------------------------------------------------------------------


def _index(book: Book, found: Sequence[Explored]) -> Page:
    page = Page(book, INDEX_PAGE)
    lang = book.lang
    page.heading(1, told(lang, "explorer-title"), "explorer")
    page.paragraph(told(lang, "explorer-intro"))
    page.add('<div class="admonition warning notice" markdown="1">', "")
    page.paragraph(told(lang, "explorer-warning"))
    page.add("</div>", "")
    page.add(HATCH, "")
    for explored in found:
        sheet = Sheet(book, INDEX_PAGE, explored)
        heading = page.link(plain(sheet.title()), dataset_path(explored))
        page.heading(2, sheet.tagged(heading), explored.name)
        size = sheet.say("units-years", units=len(explored.units), years=years_said(explored.years))
        page.paragraph(f"<small>{size}</small>")
        if explored.dataset.notice:
            words = plain(explored.dataset.notice[lang])
            page.paragraph(words[:1].upper() + words[1:].rstrip(".") + ".")
        if sheet.order:
            _bars(sheet)
        page.add(*sheet.lines)
    return page


# ---- One dataset ------------------------------------------------------------------------------------


def _overview(book: Book, explored: Explored) -> Page:
    page = Sheet(book, dataset_path(explored), explored)
    page.add("---", f"title: {page.title()}{f' ({page.tag})' if page.tag else ''}", "---", "")
    page.heading(1, page.tagged(plain(page.title())), "overview")
    page.notice()
    for year, problem in explored.outside:
        page.paragraph(f"{page.say('outside-scope', year=year)}: {plain(problem.text(page.lang))}")
    page.paragraph(page.say("profile-used", link=page.link(page.say("readings-used").lower(), "readings.md")))
    if page.order:
        page.heading(2, page.say("by-year"), "by-year")
        page.add(HATCH, "", '<div class="side" markdown="1">', "")
        _bars(page)
        page.add('<div class="counts" markdown="1">', "")
        _counts(page)
        page.add("</div>", "</div>", "")
    _spread(page)
    page.heading(2, page.say("grid"), "grid", searched=False)
    page.paragraph(page.say("grid-hint"))
    _legend(page)
    _grid(page)
    if page.order:
        page.heading(2, page.say("by-class"), "by-class")
        _who(page)
    weavers = _province(page)
    page.heading(2, page.say("sources-title"), "sources")
    _sources(page)
    write_apparatus(page, weavers)
    return page


def _kinds(page: Sheet) -> list[tuple[str, str, str]]:
    """Everything that a state can be: its key, its style and its name, levels first."""
    levels = [(level, shade(index, len(page.order)), page.names[level][page.lang]) for index, level in enumerate(page.order)]
    return levels + [(kind, other(kind), page.say(f"kind-{kind}")) for kind in _OTHER]


def _key(state: State) -> str:
    return state.levels[0] if state.kind == "level" else state.kind


def _years(page: Sheet) -> list[int]:
    """The years that something is said of; all of them if there are none."""
    explored = page.explored
    said = [year for year in explored.years if any(state.kind != "none" for state in explored.states(year).values())]
    return said or [*explored.years]


def counts(explored: Explored, year: int) -> Counter[str]:
    """How many units are where in a year: by level, or by kind of state."""
    return Counter(map(_key, explored.states(year).values()))


def _bars(page: Sheet) -> None:
    explored = page.explored
    bars = []
    says = []
    for year in _years(page):
        found = counts(explored, year)
        shares = tuple(Share(style, found[key], name) for key, style, name in _kinds(page) if key != "none" and found[key])
        bars.append(Bar(str(year), shares))
        says.append(f"{year}: " + ", ".join(f"{share.name} {share.number}" for share in shares))
    drawing = stacked(bars, page.titled(page.say("by-year")), "; ".join(says))
    present = {share.style for bar in bars for share in bar.shares}
    legend = "".join(f'<li><svg class="swatch" viewBox="0 0 14 14" aria-hidden="true"><rect class="{style}" width="14" '
                     f'height="14" rx="2"/></svg>{escape(name)}</li>'
                     for _, style, name in _kinds(page) if style in present)  # fmt: skip
    page.add(f'<figure class="by-year">{drawing}<ul class="legend">{legend}</ul>'
             f"{page.caption(page.say('bars-caption'), _provenances(page))}</figure>", "")  # fmt: skip


def _provenances(page: Sheet) -> set[str]:
    roles = page.explored.roles
    return {look.verdict.provenance for each in page.explored.findings for look in each.looks
            if roles.value(LEVEL, look.verdict) is not None}  # fmt: skip


def _counts(page: Sheet) -> None:
    """The numbers of the chart."""
    years = _years(page)
    found = {year: counts(page.explored, year) for year in years}
    rows = [[name, *(str(found[year][key] or "–") for year in years)] for key, _, name in _kinds(page)
            if any(found[year][key] for year in years)]  # fmt: skip
    rows.append([f"**{page.say('total')}**", *(f"**{sum(found[year].values())}**" for year in years)])
    page.table([page.say("level"), *map(str, years)], rows)


def _spread(page: Sheet) -> None:
    explored = page.explored
    rows = []
    says = []
    provenances = set()
    values: list[int] = []
    for year in explored.years:
        dots = []
        for unit, figures in explored.figures(INDEX).items():
            for figure in figures:
                if figure.year == year and isinstance(figure.value, int):
                    state = explored.state(unit, year)
                    dots.append(Dot(figure.value / SCALE, page.style(state), f"{page.label(unit)} {page.number(figure.value)}"))
                    provenances.add(figure.provenance)
                    values.append(figure.value)
        if dots:
            rows.append((str(year), dots))
            numbers = [round(dot.value * SCALE) for dot in dots]
            middle = round(statistics.median(numbers) / (SCALE // 100)) * (SCALE // 100)
            low, high = page.number(min(numbers)), page.number(max(numbers))
            says.append(page.say("spread-says", label=year, n=len(dots), low=low, high=high, middle=page.number(middle)))
    if not rows:
        return
    lines = [(value / SCALE, page.number(value)) for value in explored.thresholds]
    page.heading(2, page.say("spread"), "spread", searched=False)
    drawing = strip(rows, lines, window(values, explored.thresholds), page.titled(page.say("spread")), "; ".join(says))
    page.figure(drawing, page.say("spread-caption", lines=", ".join(text for _, text in lines)), provenances)


def _legend(page: Sheet) -> None:
    items = [(mark("level", rank, len(page.order)), page.names[level][page.lang]) for rank, level in enumerate(page.order)]
    present = {state.kind for year in _years(page) for state in page.explored.states(year).values()}
    items += [(mark(kind, 0, len(page.order)), page.say(f"kind-{kind}")) for kind in _OTHER if kind in present]
    listed = "".join(f"<li>{drawn}{escape(name)}</li>" for drawn, name in items)
    page.add(f'<ul class="legend marks">{listed}</ul>', "")


def _grid(page: Sheet) -> None:
    """Units by years; each group of units is a table of its own, so that no row is a heading that is not one."""
    explored = page.explored
    years = _years(page)
    figures = explored.figures(INDEX)
    lines = any(len(found) > 1 for found in figures.values())
    if lines:
        provenances = {figure.provenance for found in figures.values() for figure in found}
        page.paragraph(f"<small>{page.say('grid-lines')} {page.provenance(provenances)}</small>")
    group = explored.roles.values(GROUP)
    for value, units in explored.groups().items():
        if value in group:
            page.paragraph(f'<strong class="group">{plain(group[value][page.lang])}</strong>')
        page.add('<div class="unit-grid" markdown="1">', "")
        rows = []
        for unit in units:
            cells = [_cell(page, unit, year) for year in years]
            rows.append([page.link(plain(page.label(unit)), unit_path(explored, unit)), *cells, *([_line(page, unit)] * lines)])
        page.table([page.say("unit"), *map(str, years), *([page.say("index")] * lines)], rows)
        page.add("</div>", "")


def _line(page: Sheet, unit: str) -> str:
    """The index over the years, as small as a word."""
    figures = page.explored.figures(INDEX).get(unit, [])
    by_year = {figure.year: figure for figure in figures}
    points: list[Point | None] = []
    for year in page.explored.years:
        figure = by_year.get(year)
        known = figure is not None and isinstance(figure.value, int)
        points.append(Point(str(year), int(figure.value) / SCALE, "") if known and figure is not None else None)
    if not any(points):
        return "–"
    says = ", ".join(f"{figure.year} {page.written(figure)}" for figure in figures)
    return sparkline(points, page.titled(f"{page.say('index-chart', unit=page.label(unit))}: {says}"))


def _cell(page: Sheet, unit: str, year: int) -> str:
    state = page.explored.state(unit, year)
    words = escape(f"{page.label(unit)}, {year}: {page.said(state)}")
    drawn = page.mark(state).replace('aria-hidden="true" focusable="false"', f'role="img" aria-label="{words}"')
    return page.link(drawn, unit_path(page.explored, unit), str(year))


def _who(page: Sheet) -> None:
    """Who is where, the last year first; older years unfold."""
    years = [*reversed(_years(page))]
    for number, year in enumerate(years):
        states = page.explored.states(year)
        page.add(f'<details class="who" markdown="1"{" open" if number == 0 else ""}>', f"<summary>{year}</summary>", "")
        items = []
        for key, _, name in _kinds(page):
            units = [unit for unit, state in states.items() if _key(state) == key]
            if units:
                drawn = page.mark(states[units[0]])
                links = (page.link(plain(page.label(unit)), unit_path(page.explored, unit), str(year)) for unit in units)
                items.append(f"{drawn} **{plain(name)}** ({len(units)}): {', '.join(links)}")
        page.bullets(items)
        page.add("</details>", "")


def _province(page: Sheet) -> list[Weaver]:
    """Verdicts that name no unit: deadlines and reports; rises and falls stand in the charts."""
    explored = page.explored
    roles = explored.roles
    trend = roles.of(TREND)
    skipped = 0
    weavers: list[Weaver] = []
    for year in reversed(explored.years):
        looks = explored.looks("", year)
        shown = [each for each in looks if trend is None or each[1].verdict.predicate != trend[0].name]
        skipped += len(looks) - len(shown)
        if not shown:
            continue
        if not weavers:
            page.heading(2, page.say("province-verdicts"), "province")
        page.heading(3, str(year), str(year), searched=False)
        weavers += write_looks(page, shown, f"p{year}", {})
    if skipped:
        page.paragraph(page.say("trend-count", n=skipped))
    return weavers


def _sources(page: Sheet) -> None:
    page.bullets(_tables(page))
    page.bullets(_documents(page))


def _tables(page: Sheet) -> Iterator[str]:
    dataset = page.dataset
    for table in dict.fromkeys([*dataset.declared, *dataset.rows]):
        rows = dataset.rows.get(table, ())
        found = Counter(row.provenance for row in rows)
        sorts = (f"{page.say(name)}{f' ({found[name]})' if len(found) > 1 else ''}" for name in PROVENANCES if name in found)
        name = page.link(f"`{table}`", "vocabulary.md", table)
        yield f"{name}: {', '.join([page.say('table-rows', n=len(rows)), *sorts])}"


def _documents(page: Sheet) -> Iterator[str]:
    for source in page.dataset.sources.values():
        parts = [f"**{plain(source['document'])}**"]
        if "issuer" in source:
            parts.append(plain(source["issuer"]))
        if "date" in source:
            day = datetime.date.fromisoformat(str(source["date"]))
            parts.append(f"{day:%d/%m/%Y}" if page.lang == "vi" else day.isoformat())
        if "address" in source:
            parts.append(f"<{source['address']}>")
        note = f" — {plain(source['note'][page.lang])}" if "note" in source else ""
        yield ", ".join(parts) + note


def datasets(policy: Policy, top: Path) -> list[Path]:
    """The dataset folders of a folder that come under a text. Raises Invalid."""
    folders = sorted(path.parent for path in top.glob("*/dataset.yaml"))
    return [folder for folder in folders if described(folder).data["instrument"] == policy.instrument["id"]]
