"""The explorer: a page for every unit and a section for every year; what it shows is what `evaluate` says, no more, no less."""

from __future__ import annotations

import hashlib
import html
import os
import posixpath
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from cchc import Dataset, Policy, evaluate
from cchc.explored import Explored, Roles
from cchc.rows import PROVENANCES
from cchc.site.book import Book
from cchc.site.explorer import INDEX_PAGE, datasets, explorer_navigation, explorer_pages
from cchc.site.sheet import dataset_path, unit_path
from cchc.vocabulary import OPEN

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
FOLDERS = datasets(POLICY, TOP / "data")
NAMES = [folder.name for folder in FOLDERS]
LANGUAGES = ("vi", "en")
CARD = re.compile(r'data-verdict="([^"]*)" data-status="(\w+)"')


@cache
def book(lang: str) -> Book:
    return Book(POLICY, lang, [])


@cache
def made(lang: str) -> dict[str, str]:
    return {page.path: page.text() for page in explorer_pages(book(lang), FOLDERS)}


@cache
def explored(name: str) -> Explored:
    return Explored(TOP / "data" / name, POLICY.root)


@cache
def told(name: str) -> frozenset[tuple[str, str]]:
    """What the engine says of a dataset, asked anew: verdicts as words, with their status."""
    evaluation = evaluate(POLICY, Dataset.load(TOP / "data" / name, POLICY))
    return frozenset((" ".join([one.predicate, *one.arguments.values()]), one.status) for one in evaluation.verdicts)


def anchors(text: str) -> set[str]:
    return set(re.findall(r"\{#([^ }]+).*\}$", text, re.M)) | set(re.findall(r'\sid="([^"]+)"', text))


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^## .* \{#([^ }]+).*\}$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_shipped_datasets_are_there() -> None:
    assert set(NAMES) == {"hoa-binh-2024", "thai-binh-minh-hoa", "thai-binh-papi", "thanh-hoa-2024"}
    assert list(made("vi")) == list(made("en"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_unit_has_a_page_and_every_year_an_anchor(name: str, lang: str) -> None:
    one = explored(name)
    assert one.units
    for unit in one.units:
        assert {str(year) for year in one.years} <= anchors(made(lang)[unit_path(one, unit)])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_show_what_the_engine_says_each_verdict_once(name: str, lang: str) -> None:
    one = explored(name)
    shown = [(html.unescape(words), status) for path in [dataset_path(one), *(unit_path(one, unit) for unit in one.units)]
             for words, status in CARD.findall(made(lang)[path])]  # fmt: skip
    assert len(shown) == len(set(shown))
    trend = Roles(POLICY.vocabulary).of("trend")
    assert trend is not None
    assert set(shown) == {each for each in told(name) if each[0].split()[0] != trend[0].name}


@pytest.mark.parametrize("name", NAMES)
def test_verdicts_stand_in_the_section_of_their_unit_and_year(name: str) -> None:
    one = explored(name)
    for unit in one.units:
        for anchor, text in sections(made("vi")[unit_path(one, unit)]).items():
            for words, _ in CARD.findall(text):
                assert {unit, anchor} <= set(html.unescape(words).split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_and_their_tables_count_the_verdicts(name: str, lang: str) -> None:
    one = explored(name)
    text = made(lang)[dataset_path(one)]
    chart = re.search(r'<svg class="chart bars".*?</svg>', text)
    assert chart is not None
    bars = re.findall(r"<title>(\d+): (.*?) (\d+)</title>", chart[0])
    names = {value: words[lang] for value, words in one.roles.values("level").items()}
    said = {year for year, _, _ in bars}
    for year in one.years:
        certain: Counter[str] = Counter()
        for unit in one.units:
            state = one.state(unit, year)
            if state.kind == "level":
                assert (f"class {unit} {year} {state.levels[0]}", "certain") in told(name)
                certain[names[state.levels[0]]] += 1
        if str(year) in said:
            found = {words: int(count) for other, words, count in bars if other == str(year)}
            assert {words: found.get(words, 0) for words in names.values()} == {w: certain[w] for w in names.values()}
            assert sum(found.values()) == sum(one.state(unit, year).kind != "none" for unit in one.units)
    for row in re.findall(r"^\| ([^|*]+) \| ([\d– |]+) \|$", text, re.M):
        if row[0] in names.values():
            numbers = [cell.strip().replace("–", "0") for cell in row[1].split("|")]
            assert sum(map(int, numbers)) == sum(int(count) for _, words, count in bars if words == row[0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_hides_what_its_figures_are(lang: str) -> None:
    for name in NAMES:
        one = explored(name)
        notice = one.dataset.notice
        assert notice is not None
        tag = {"vi": "minh họa", "en": "illustrative"}[lang] if one.illustrative else {"vi": "bài tập", "en": "exercise"}[lang]
        for path in [dataset_path(one), *(unit_path(one, unit) for unit in one.units)]:
            text = made(lang)[path]
            head = text[: text.index("\n## ")]
            assert 'class="admonition warning notice"' in head, path
            assert notice[lang][1:40] in re.sub(r"\\(.)", r"\1", head), path
            assert f"({tag})" in text.split("---")[1], path
            for figure in re.findall(r"<figure.*?</figure>", text, re.S):
                caption = re.search(r"<figcaption>(.*?)</figcaption>", figure)
                assert caption is not None, path
                assert tag in caption[1] or {"vi": "số liệu minh họa", "en": "illustrative figures"}[lang] in caption[1], path
    assert "admonition warning notice" in made(lang)[INDEX_PAGE].split("\n## ")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_verdicts_on_made_up_figures_are_marked(lang: str) -> None:
    one = explored("thai-binh-minh-hoa")
    made_up = [look.verdict for each in one.findings for look in each.looks if look.verdict.provenance == PROVENANCES[-1]]
    cards = "".join(text for path, text in made(lang).items() if one.name in path)
    assert len(made_up) > 500
    for verdict in made_up:
        words = html.escape(" ".join([verdict.predicate, *verdict.arguments.values()]))
        if (place := cards.find(f'data-verdict="{words}"')) >= 0:
            assert 'class="badge from"' in cards[place : cards.index("</summary>", place)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_links_and_anchors_exist(lang: str) -> None:
    pages = made(lang)
    count = 0
    for path, text in pages.items():
        here = anchors(text)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        for target in re.findall(r'href="([^"]*)"', text):
            assert target[:1] == "#" and html.unescape(target[1:]) in here, (path, target)
            count += 1
        for target in re.findall(r"\]\(([^()\s]*)\)", text):
            page, _, anchor = target.partition("#")
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else path
            if page in pages:
                assert not anchor or anchor in anchors(pages[page]), (path, target)
            elif page.startswith("law/"):
                assert book(lang).place(anchor) == (page, anchor), (path, target)
            else:
                assert page in {"readings.md", "vocabulary.md"}, (path, target)
            count += 1
    assert count > 5000


def test_possible_verdicts_say_what_would_settle_them_and_lower_classes_why_not_higher() -> None:
    one = explored("thai-binh-minh-hoa")
    text = sections(made("vi")[unit_path(one, "so-tnmt")])
    assert "điểm 3.4.2" in text["2024"].split("Cần biết gì thì rõ")[1].split("</div>")[0]
    assert "79,995, cần 80: còn thiếu 0,005" in text["2023"]
    assert "Vì sao không: người đứng đầu Sở Tài nguyên và Môi trường, năm 2023: hoàn thành tốt nhiệm vụ?" in text["2023"]
    best = sections(made("vi")[unit_path(one, "so-noi-vu")])["2023"]
    assert "Vì sao không" not in best


@pytest.mark.parametrize("name", NAMES)
def test_many_why_nots_at_once_are_those_asked_one_by_one(name: str) -> None:
    evaluation = evaluate(POLICY, Dataset.load(TOP / "data" / name, POLICY))
    goals = [why.goal for each in explored(name).findings for answers in each.why_not.values() for why in answers][:60:20]
    many, compared = evaluation.why_nots(goals), 0
    for goal in goals:
        assert OPEN not in goal.arguments
        alone = evaluation.why_not(goal)
        assert alone is not None
        if alone.assumed or many[goal].assumed:
            continue  # which completion serves as the example depends on the order of questions
        compared += 1
        assert [(rule.text, unmet) for rule, unmet in alone.rules] == [(rule.text, unmet) for rule, unmet in many[goal].rules]
    assert compared or evaluation.answer.choices


def test_every_page_is_in_the_navigation() -> None:
    def listed(entries: object) -> list[str]:
        if isinstance(entries, dict):
            entries = list(entries.values())
        return [entries] if isinstance(entries, str) else [page for entry in list(entries) for page in listed(entry)]  # type: ignore[call-overload]

    assert sorted(listed(explorer_navigation(book("vi"), FOLDERS))) == sorted(made("vi"))


def test_no_names_of_persons_and_nothing_but_posts() -> None:
    holders = {str(value) for row in explored("thai-binh-minh-hoa").dataset.rows["head"] for value in row.values[3:]} - {"none"}
    assert holders
    for text in made("vi").values():
        assert not any(f">{holder}<" in text for holder in holders)


def test_pages_do_not_depend_on_the_process() -> None:
    script = ("import hashlib; from pathlib import Path; from cchc.policy import Policy; from cchc.site.book import Book; "
              "from cchc.site.explorer import explorer_pages; book = Book(Policy.load(), 'vi', []); "
              "pages = explorer_pages(book, [Path('data/hoa-binh-2024').resolve()]); "
              "print(hashlib.sha256(repr([page.text() for page in pages]).encode()).hexdigest())")  # fmt: skip
    runs = [subprocess.run([sys.executable, "-c", script], cwd=TOP, capture_output=True, text=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1", "CCHC_CACHE": ""})
            for seed in ("7", "8")]  # fmt: skip
    assert runs[0].stdout == runs[1].stdout
    pages = explorer_pages(book("vi"), [TOP / "data" / "hoa-binh-2024"])
    assert runs[0].stdout.strip() == hashlib.sha256(repr([page.text() for page in pages]).encode()).hexdigest()


def test_another_instrument_gets_pages_without_charts() -> None:
    toy = Policy.load(TOP / "tests" / "toy" / "policies")
    pages = {page.path: page.text() for page in explorer_pages(Book(toy, "vi", []), [TOP / "tests" / "toy" / "data"])}
    assert "explorer/data/an.md" in pages
    assert CARD.findall(pages["explorer/data/an.md"]) == [("fine an de-men 2023", "certain")]
