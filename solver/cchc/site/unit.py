"""The page of one unit: where it stands each year, its figures, and for every verdict the proof, what would settle it and
what a better level lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from cchc.explored import CHARGE, GAP, INDEX, LEVEL, SCORE, Explored, Figure, Findings, Look
from cchc.rows import PROVENANCES
from cchc.site.book import Book
from cchc.site.charts import Point, line, sparkline
from cchc.site.page import plain
from cchc.site.prooftree import Weaver
from cchc.site.sheet import Sheet, dataset_path, unit_path, window, years_said
from cchc.text import provision_name
from cchc.vocabulary import SCALE, Atom


def unit_page(book: Book, explored: Explored, unit: str) -> Sheet:
    page = Sheet(book, unit_path(explored, unit), explored)
    name = page.label(unit)
    page.add("---", f'title: "{name}{f" ({page.tag})" if page.tag else ""}"', "---", "")
    page.heading(1, page.tagged(plain(name)), "unit")
    page.notice()
    _place(page, unit)
    said = [year for year in explored.years if explored.looks(unit, year)]
    _timeline(page, unit, said or [*explored.years])
    page.heading(2, page.say("figures"), "figures", searched=False)
    _index_chart(page, unit)
    _items(page, unit)
    weavers: list[Weaver] = []
    for year in reversed(said):
        page.heading(2, str(year), str(year), searched=False)
        _year(page, unit, year, weavers)
    silent = [year for year in explored.years if year not in said]
    if silent:
        page.heading(2, page.say("no-verdicts-years", years=years_said(silent)), str(silent[0]), searched=False)
        page.add("".join(f'<span id="{year}"></span>' for year in silent[1:]), "")
        page.paragraph(page.say("nothing-yet", reason=page.say("no-rule-year")))
    write_apparatus(page, weavers)
    return page


def _place(page: Sheet, unit: str) -> None:
    """What the unit is, and the way back."""
    explored = page.explored
    row = explored.row_of(unit)
    back = page.link(f"← {page.say('all-units')}: {plain(page.title())}", dataset_path(explored), "grid")
    predicate = page.book.vocabulary.predicates["unit"]
    if row is None:
        page.paragraph(back)
        return

    def label(kind: str, value: str) -> str:
        return page.label(value)

    sentence = page.book.vocabulary.read_aloud(Atom(predicate.name, row.values), page.lang, label)
    page.paragraph(f"{plain(sentence[:1].upper() + sentence[1:])}. {back}")


def _timeline(page: Sheet, unit: str, years: Sequence[int]) -> None:
    """The years side by side, each with its mark and what it says."""
    cells = []
    for year in years:
        state = page.explored.state(unit, year)
        cells.append(f'<li class="{page.style(state)}"><a href="#{year}"><b>{year}</b> {page.mark(state)}'
                     f"<span>{escape(page.said(state))}</span></a></li>")  # fmt: skip
    page.add(f'<ol class="timeline" aria-label="{escape(page.say("years"))}">{"".join(cells)}</ol>', "")


# ---- Figures ----------------------------------------------------------------------------------------


def _index_chart(page: Sheet, unit: str) -> None:
    explored = page.explored
    figures = explored.figures(INDEX).get(unit, [])
    values = [figure.value for figure in figures if isinstance(figure.value, int)]
    if not values:
        page.paragraph(page.say("no-index"))
        return
    low, high = window(values, explored.thresholds)
    lines = [((value / SCALE - low) / (high - low), page.number(value)) for value in explored.thresholds]
    by_year = {figure.year: figure for figure in figures}
    points: list[Point | None] = []
    for year in range(min(by_year), max(by_year) + 1):
        figure = by_year.get(year)
        known = figure is not None and isinstance(figure.value, int)
        points.append(Point(str(year), (figure.value / SCALE - low) / (high - low), page.written(figure))
                      if known and figure is not None and isinstance(figure.value, int) else None)  # fmt: skip
    says = ", ".join(f"{figure.year}: {page.written(figure)}" for figure in figures)
    drawing = line(points, lines, page.titled(page.say("index-chart", unit=page.label(unit))), says)
    page.figure(drawing, f"{page.say('index-caption')} {says}.", {figure.provenance for figure in figures})


def _items(page: Sheet, unit: str) -> None:
    """A small line for each item that the unit leads: many of them side by side are compared at a glance."""
    charges = page.explored.charges.get(unit, {})
    if page.explored.roles.of(CHARGE) is None:
        return
    page.heading(3, page.say("items-title"), "items", searched=False)
    if not charges:
        page.paragraph(page.say("no-items"))
        return
    scores = page.explored.figures(SCORE)
    cards = []
    for item, years in charges.items():
        figures = scores.get(item, [])
        name = page.dataset.labels.get(item)
        words = name[page.lang] if name else ""
        says = ", ".join(_told(page, item, figure) for figure in figures) or page.say("unknown")
        latest = page.written(figures[-1]) if figures else "–"
        drawing = sparkline(_points(page, item, figures, years), page.titled(f"{item}: {says}"), 1.0)
        when = figures[-1].year if figures else ""
        cards.append(f'<li><span class="code">{escape(item)}</span> <span class="words">{escape(words)}</span>{drawing}'
                     f'<span class="latest">{escape(latest)} <small>{when}</small></span></li>')  # fmt: skip
    provenances = {figure.provenance for item in charges for figure in scores.get(item, [])}
    caption = page.caption(page.say("items-caption"), provenances)
    page.add(f'<figure class="items"><ul>{"".join(cards)}</ul>{caption}</figure>', "")


def _told(page: Sheet, item: str, figure: Figure) -> str:
    fell = f" ({page.say('fell')})" if figure.year in page.explored.falls.get(item, ()) else ""
    return f"{figure.year} {page.written(figure)}{fell}"


def _points(page: Sheet, item: str, figures: Sequence[Figure], years: Sequence[int]) -> list[Point | None]:
    falls = page.explored.falls.get(item, frozenset())
    by_year = {figure.year: figure for figure in figures}
    points: list[Point | None] = []
    for year in page.explored.years:
        figure = by_year.get(year)
        if figure is None or not isinstance(figure.value, int):
            points.append(None)
            continue
        place = figure.value / figure.most if figure.most else 0.0
        kind = "fall" if year in falls else "own" if year in years else ""
        points.append(Point(str(year), place, page.written(figure), kind))
    return points


# ---- Verdicts ---------------------------------------------------------------------------------------


def _year(page: Sheet, unit: str, year: int, weavers: list[Weaver]) -> None:
    looks = page.explored.looks(unit, year)
    cards = {look.verdict.atom: f"v{year}-{number}" for number, (_, look) in enumerate(_sorted(page, looks))
             if look.verdict.status == "certain" and not _detail(page, look)}  # fmt: skip
    _headline(page, unit, year)
    weavers += write_looks(page, looks, f"v{year}", cards, "".join(_why_not(page, unit, year, weavers)))


def _headline(page: Sheet, unit: str, year: int) -> None:
    """Where the unit stands, and its index, before anything unfolds."""
    state = page.explored.state(unit, year)
    figure = next((one for one in page.explored.figures(INDEX).get(unit, ()) if one.year == year), None)
    parts = [f"{page.mark(state)} <b>{escape(page.said(state))}</b>"] if page.order else []
    if figure is not None:
        parts.append(f"{page.say('index')} <b>{escape(page.written(figure))}</b>")
    if parts:
        page.add(f'<p class="headline">{" · ".join(parts)}</p>', "")


def _why_not(page: Sheet, unit: str, year: int, weavers: list[Weaver]) -> Iterator[str]:
    findings = page.explored.findings_of(year)
    answers = findings.why_not.get((unit, year), ()) if findings else ()
    if findings is None or not answers:
        return
    weaver = Weaver(findings, page.lang, {})
    weavers.append(weaver)
    for why in answers:
        question = page.say("why-not-next", sentence=escape(weaver.renderer.sentence(why.goal)))
        yield f'<details class="verdict why-not"><summary>{question}</summary>{inside(weaver.why_not(why))}</details>'


def _detail(page: Sheet, look: Look) -> bool:
    return bool(page.book.vocabulary.predicates[look.verdict.predicate].option("detail"))


def _sorted(page: Sheet, looks: Sequence[tuple[Findings, Look]]) -> list[tuple[Findings, Look]]:
    """Levels and gaps first, best first; then the kinds in the order of the vocabulary."""
    roles = page.explored.roles
    kinds = list(page.book.vocabulary.predicates)
    values = [*roles.values(LEVEL), *roles.values(GAP)]

    def place(each: tuple[Findings, Look]) -> tuple[bool, int, int, tuple[str, ...]]:
        verdict = each[1].verdict
        value = roles.value(LEVEL, verdict) or roles.value(GAP, verdict)
        rank = values.index(value) if value in values else len(values)
        return (_detail(page, each[1]), rank, kinds.index(verdict.predicate), tuple(verdict.arguments.values()))

    return sorted(looks, key=place)


def write_looks(page: Sheet, looks: Sequence[tuple[Findings, Look]], stem: str, cards: Mapping[Atom, str],
                after: str = "") -> list[Weaver]:  # fmt: skip
    """Verdicts as sentences that unfold; those shown only on request stand together at the end, `after` in between."""
    weavers: dict[str, Weaver] = {}
    shown: list[str] = []
    details: list[str] = []
    for number, (findings, look) in enumerate(_sorted(page, looks)):
        weaver = weavers.setdefault(findings.evaluation.policy.version, Weaver(findings, page.lang, cards))
        card = _card(page, weaver, look, f"{stem}-{number}")
        (details if _detail(page, look) else shown).append(card)
    page.add("".join(shown) + after, "")
    if details:
        summary = f"<summary>{page.say('more-verdicts', n=len(details))}</summary>"
        page.add(f'<details class="more">{summary}{"".join(details)}</details>', "")
    return list(weavers.values())


def _card(page: Sheet, weaver: Weaver, look: Look, anchor: str) -> str:
    verdict = look.verdict
    sentence = weaver.renderer.sentence(verdict.atom)
    badges = f'<span class="badge {verdict.status}">{page.say(verdict.status)}</span>'
    if verdict.provenance == PROVENANCES[-1]:
        badges += f' <span class="badge from">{page.say("made-up")}</span>'
    settles = ""
    if verdict.status == "possible" and (words := weaver.settling(look)):
        settles = f'<div class="settles"><p><b>{page.say("what-settles")}</b></p>{words}</div>'
    cites = f'<p class="rests">{page.say("rests-on")}: {weaver.cite(verdict.cites)}</p>' if verdict.cites else ""
    told = escape(" ".join([verdict.predicate, *verdict.arguments.values()]))
    words = escape(sentence[:1].upper() + sentence[1:])
    return (f'<details class="verdict {verdict.status}" id="{anchor}" data-verdict="{told}" data-status="{verdict.status}">'
            f"<summary>{words} {badges}</summary>"
            f"{inside(settles + weaver.proof(look) + cites)}</details>")  # fmt: skip


def inside(content: str) -> str:
    """What is not to be searched. A `section` has none within: the search of the theme takes the end of one for all."""
    return f'<section class="inside" data-search-exclude>{content}</section>'


# ---- What the page refers to ------------------------------------------------------------------------


def write_apparatus(page: Sheet, weavers: Sequence[Weaver]) -> None:
    """The law, quoted once, with the readings and items that the proofs name."""
    cited = {name for weaver in weavers for name in weaver.provisions}
    readings = {name for weaver in weavers for name in weaver.readings}
    items = {name for weaver in weavers for name in weaver.items}
    if not cited:
        return
    policy = weavers[0].renderer.evaluation.policy
    page.heading(2, page.say("apparatus"), "apparatus", searched=False)
    page.add('<section class="apparatus" data-search-exclude markdown="1">', "")
    for name, provision in policy.provisions.items():
        if name in cited:
            page.add(f'<div class="law-note" id="law-{name}" markdown="1">', "")
            called = provision_name(name, page.lang)
            page.paragraph(f"{page.provision(name, called[:1].upper() + called[1:])} <small>{name}</small>")
            words = provision.text if page.lang == "vi" else provision.en
            page.paragraph(f"<q>{plain(words)}</q>")
            page.add("</div>", "")
    if readings:
        page.paragraph(f"**{page.say('readings-used')}**")
        page.bullets(f'<span id="reading-{name}"></span>{page.link(f"`{name}`", "readings.md", name)}: '
                     f"{plain(policy.readings[name].source['question'][page.lang])}" for name in sorted(readings))  # fmt: skip
    if items:
        page.paragraph(f"**{page.say('items-named')}**")
        page.bullets(f"`{item}` {plain(page.dataset.labels[item][page.lang])}" for item in sorted(items))
    page.add("</section>", "")
