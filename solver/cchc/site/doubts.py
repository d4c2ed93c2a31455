"""What is open about a text: its readings, the properties searched for, and the gaps on file with their witnesses."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cchc.gaps import Gap
from cchc.policy import Reading
from cchc.site.examples import Block, Example, Teller
from cchc.site.page import Page, plain
from cchc.site.words import WORDS

READINGS, GAPS = "readings.md", "gaps.md"


def write_reading(page: Page, reading: Reading, *, linked: bool = True) -> None:
    """A question, its values with the default and the literal one marked, the reasons and an example."""
    lang, source = page.lang, reading.source
    name = page.link(f"`{reading.id}`", READINGS, reading.id) if linked else f"`{reading.id}`"
    page.paragraph(f"**{plain(source['question'][lang])}** {name}")
    items = []
    for value, meaning in reading.values.items():
        marks = [page.say(key) for key in ("default", "literal") if getattr(reading, key) == value]
        items.append(f"`{value}`{' (' + ', '.join(marks) + ')' if marks else ''}: {plain(meaning[lang])}")
    page.bullets(items)
    page.paragraph(f"{page.say('reason')}: {plain(source['reason'][lang])}")
    if "example" in source:
        page.paragraph(f"{page.say('example')}: {plain(source['example'][lang])}")
    page.paragraph(f"<small>{_decision(page, reading)}</small>")


def _decision(page: Page, reading: Reading) -> str:
    if reading.decided:
        return page.say("settled", provision=page.provision(reading.decided))
    source = reading.source
    if source.get("decided_by"):
        return page.say("decided-by", who=plain(source["decided_by"]), when=source["decided_on"],
                        document=source["source_document"])  # fmt: skip
    return page.say("undecided")


def write_properties(page: Page, scope: Collection[str]) -> bool:
    """The properties and gaps that concern some provisions; whether there are any."""
    book, found = page.book, False
    for name, one in book.properties.properties.items():
        gaps = [gap for gap in book.gaps if gap.of == name]
        near = [gap for gap in gaps if not set(scope).isdisjoint(gap.provisions)]
        if not near and set(scope).isdisjoint(one.provisions):
            continue
        found = True
        outcome = page.say("refuted", n=len(gaps)) if gaps else page.say("proved")
        page.paragraph(f"**{plain(one.title[page.lang])}** — {outcome} ({page.link(f'`{name}`', GAPS, name)})")
        for gap in near:
            write_gap(page, gap)
    return found


def write_gap(page: Page, gap: Gap, *, anchor: bool = False) -> None:
    """A defect on file: what happens, why, what an amendment could say, and the smallest data that show it."""
    source, lang = gap.source, page.lang
    identity = f' id="{gap_anchor(gap)}"' if anchor else ""
    link = "" if anchor else f" {page.link(f'`{gap.key}`', GAPS, gap_anchor(gap))}"
    page.add(f'<div class="gap" markdown="1"{identity}>', "")
    code = f" {gap.code}" if gap.code else ""
    page.paragraph(f"**{page.say('gap')}{code}**{link or f' `{gap.key}`'}: {plain(source['summary'][lang])}")
    page.bullets([
        f"{page.say('occurs-under')}: {', '.join(profile(page, name) for name in gap.profiles)}",
        f"{page.say('what-the-text-says')}: {plain(source['note'][lang])}",
        f"{page.say('possible-amendment')}: {plain(source['amendment'][lang])}",
        f"{page.say('concerns')}: {page.provisions(gap.provisions)}",
    ])  # fmt: skip
    for witness in gap.witness:
        if witness in page.book.witnesses:
            page.add('<details markdown="1">', f"<summary>{page.say('witness')}</summary>", "")
            write_example(page, page.book.witnesses[witness], ())
            page.add("</details>", "")
    who = page.say("reviewed-by", who=source["reviewed_by"], when=source["reviewed_on"]) if source.get("reviewed_by") else ""
    page.paragraph(f"<small>{who or page.say('unreviewed')}</small>")
    page.add("</div>", "")


def gap_anchor(gap: Gap) -> str:
    return f"{gap.of}.{gap.key}"


def profile(page: Page, name: str) -> str:
    """A profile or a change of readings, as people call it."""
    return page.say(f"profile-{name}") if f"profile-{name}" in WORDS else f"`{name}`"


def write_example(page: Page, example: Example, kinds: Collection[str]) -> None:
    """The data of a case and what follows from them, reading by reading; all kinds that the case is about if none is named."""
    teller = Teller(page.book.vocabulary, page.lang)
    page.add(f"{page.say('given')}:", "")
    page.bullets(f"{plain(sentence)}" for sentence in teller.given(example))
    page.add(f"{page.say('then')}:", "")
    results: dict[tuple[str, ...], list[str]] = {}
    for block in example.blocks:
        asked = kinds or {*block.certain, *block.possible}
        told = tuple(plain(text) + ("" if certain else f" ({page.say('possible')})")
                     for _, text, certain in teller.verdicts(example, block, asked))  # fmt: skip
        if told or set(asked) & {*block.certain, *block.possible}:
            results.setdefault(told, []).append(_under(page, block))
    page.bullets(f"**{', '.join(dict.fromkeys(ways))}** → {'; '.join(told) or page.say('no-such-verdict')}"
                 for told, ways in results.items())  # fmt: skip


def _under(page: Page, block: Block) -> str:
    changes = [f"`{name}={value}`" for name, value in block.readings.items()]
    return " + ".join([*([profile(page, block.profile)] if block.profile != "default" or not changes else []), *changes])


def readings_page(page: Page) -> None:
    """Every reading, in the order of the file."""
    page.heading(1, page.say("readings-title"), "readings")
    page.paragraph(page.say("readings-intro", n=len(page.book.policy.readings)))
    for reading in page.book.policy.readings.values():
        number = reading.source.get("number", "")
        page.heading(2, f"{number} {reading.id}".strip(), reading.id)
        write_reading(page, reading, linked=False)
        place = f"<small>({page.source(reading.at)})</small>"
        page.paragraph(f"{page.say('concerns')}: {page.provisions(reading.provisions)} {place}")


def gaps_page(page: Page) -> None:
    """Every property with what was found, and the gaps on file below it."""
    book = page.book
    page.heading(1, page.say("gaps-title"), "gaps")
    page.paragraph(page.say("gaps-intro", properties=len(book.properties.properties), gaps=len(book.gaps)))
    rows: list[Sequence[str]] = []
    for name, one in book.properties.properties.items():
        gaps = [gap for gap in book.gaps if gap.of == name]
        outcome = page.say("refuted", n=len(gaps)) if gaps else page.say("proved")
        rows.append([page.link(plain(one.title[page.lang]), page.path, name), outcome])
    page.table([page.say("property"), page.say("then")], rows)
    for name, one in book.properties.properties.items():
        page.heading(2, plain(one.title[page.lang]), name)
        gaps = [gap for gap in book.gaps if gap.of == name]
        page.paragraph(f"{page.say('refuted', n=len(gaps)) if gaps else page.say('proved')} · {page.say('concerns')}: "
                       f"{page.provisions(one.provisions)}")  # fmt: skip
        page.paragraph(f"{page.say('small-domain')}: {plain(one.small_domain[page.lang])}")
        for gap in gaps:
            write_gap(page, gap, anchor=True)
