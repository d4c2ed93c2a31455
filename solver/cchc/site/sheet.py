"""What the pages of the explorer share: their words, the notice of their dataset, how a state and a figure are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from cchc.explored import GAP, LEVEL, Explored, Figure, State
from cchc.rows import PROVENANCES
from cchc.site.book import Book
from cchc.site.charts import mark, other, shade
from cchc.site.explorer_words import EXPLORER, told
from cchc.site.page import Page, plain, slug
from cchc.vocabulary import SCALE, decimal_text

EXPLORER_FOLDER = "explorer"


class Sheet(Page):
    """A page of the explorer; `explored` is the dataset that it is about."""

    def __init__(self, book: Book, path: str, explored: Explored) -> None:
        super().__init__(book, path)
        self.explored = explored
        self.dataset = explored.dataset
        levels = explored.roles.values(LEVEL)
        self.order = list(levels)
        self.names = {**levels, **explored.roles.values(GAP)}

    def say(self, key: str, **words: object) -> str:
        return told(self.lang, key, **words)

    def label(self, unit: str) -> str:
        names = self.dataset.labels.get(unit)
        return names[self.lang] if names else unit

    def title(self) -> str:
        return self.dataset.title.get(self.lang, self.dataset.name)

    # -- What the figures are -----------------------------------------------------------------------

    @property
    def tag(self) -> str:
        """One or two words that stand beside every heading: what kind of figures these are."""
        if self.explored.illustrative:
            return self.say("made-up")
        return self.say("exercise") if self.dataset.notice else ""

    def titled(self, text: str) -> str:
        """The title of a chart, for those who do not see the caption."""
        return f"{text} ({self.tag})" if self.tag else text

    def tagged(self, text: str) -> str:
        return f'{text} <small class="made-up">{self.tag}</small>' if self.tag else text

    def notice(self) -> None:
        """What the figures are, in sight before anything else."""
        if self.dataset.notice is None:
            return
        self.add('<div class="admonition warning notice" markdown="1">', "")
        self.add(f'<p class="admonition-title">{escape(self.say("about-data"))}: {escape(self.tag)}</p>', "")
        words = plain(self.dataset.notice[self.lang])
        self.paragraph(words[:1].upper() + words[1:].rstrip(".") + ".")
        self.add("</div>", "")

    def caption(self, text: str, provenances: Iterable[str]) -> str:
        """The words below a chart, and what its figures are."""
        return f"<figcaption>{escape(text)} {self.provenance(provenances)}</figcaption>"

    def provenance(self, provenances: Iterable[str]) -> str:
        """The least reliable kind of some figures, and what kind of dataset they stand in."""
        found = [name for name in PROVENANCES if name in set(provenances)]
        sort = f'<b class="from {found[-1]}">{escape(self.say(found[-1]))}</b>' if found else ""
        whose = f" · {escape(self.tag)}" if self.tag and (not found or found[-1] != PROVENANCES[-1]) else ""
        return f"{sort}{whose}"

    def figure(self, drawing: str, text: str, provenances: Iterable[str]) -> None:
        self.add(f"<figure>{drawing}{self.caption(text, provenances)}</figure>", "")

    # -- States -------------------------------------------------------------------------------------

    def style(self, state: State) -> str:
        """How a state is drawn: the shade of its level, or its kind."""
        return (
            shade(self.order.index(state.levels[0]), len(self.order))
            if state.kind in {"level", "several"}
            else other(state.kind)
        )

    def mark(self, state: State) -> str:
        rank = self.order.index(state.levels[0]) if state.kind in {"level", "several"} else 0
        return mark(state.kind, rank, len(self.order))

    def named(self, values: Sequence[str]) -> str:
        return f"; {self.say('or')} ".join(self.names[value][self.lang] for value in values)

    def said(self, state: State) -> str:
        """A state in words."""
        if state.kind in {"level", "several"}:
            return self.named(state.levels)
        if state.kind == "gap":
            return self.say("state-gap", named=self.named(state.gaps))
        if state.kind == "open":
            gaps = [self.say("kind-gap")] if state.gaps else []
            return self.say("state-open", named=", ".join([*(self.names[level][self.lang] for level in state.levels), *gaps]))
        return self.say("state-none")

    # -- Figures ------------------------------------------------------------------------------------

    def number(self, millionths: int) -> str:
        text = decimal_text(millionths)
        return text.replace(".", ",") if self.lang == "vi" else text

    def written(self, figure: Figure) -> str:
        if isinstance(figure.value, str):
            return self.say(figure.value) if figure.value in EXPLORER else figure.value
        if figure.most is None:
            return self.number(figure.value)
        return self.say("of-most", points=self.number(figure.value), most=self.number(figure.most))


def dataset_path(explored: Explored) -> str:
    return f"{EXPLORER_FOLDER}/{slug(explored.name)}/index.md"


def unit_path(explored: Explored, unit: str) -> str:
    return f"{EXPLORER_FOLDER}/{slug(explored.name)}/{slug(unit)}.md"


def window(values: Sequence[int], lines: Sequence[int]) -> tuple[float, float]:
    """The part of a scale that a chart shows, in points: all figures and thresholds, with some air."""
    everything = [value / SCALE for value in (*values, *lines)]
    low, high = min(everything, default=0.0), max(everything, default=1.0)
    air = max((high - low) * 0.08, 1)
    return low - air, high + air


def years_said(years: Sequence[int]) -> str:
    """Years with runs drawn together: 2011–2014, 2016."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
