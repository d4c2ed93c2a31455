"""What readers do with the site: search, switch languages, follow anchors, print, read on a phone, in the dark, without
scripts, with assistive technology."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.axe import violations

TOP = Path(__file__).parents[2]
Visit = Callable[..., Any]

KINDS = ["", "law/", "law/article-17/", "law/17.1.b/", "law/14.1/", "law/22/", "law/draft-2026-minh-hoa/", "readings/", "gaps/",
         "duties/", "duties/doha/", "vocabulary/", "schemas/", "codes/", "cli/", "api/", "index-frameworks/",
         "source/3373-qd-ubnd/article-18.lp/", "ten-minutes/", "read-a-rule/", "certain-or-possible/"]  # fmt: skip
"""One page of each kind."""


def found(page: Any, words: str) -> list[str]:
    """The addresses that a search finds, typed key by key."""
    page.locator("input[name=query]").click()
    page.keyboard.type(words, delay=15)
    page.wait_for_selector(".md-search-result__item a")
    page.wait_for_timeout(600)
    links = page.eval_on_selector_all(".md-search-result__item a", "all => all.map(a => a.getAttribute('href'))")
    return [str(link) for link in links]


@pytest.mark.parametrize("top", ["", "en/"])
@pytest.mark.parametrize("words", ["cải cách", "cai cach", unicodedata.normalize("NFD", "cải cách"), "điều 17", "dieu 17"])
def test_search_finds_words_with_and_without_marks(visit: Visit, top: str, words: str) -> None:
    assert len(found(visit(top), words)) > 3


def test_the_index_is_fetched_when_somebody_searches(visit: Visit) -> None:
    fetched = "performance.getEntriesByType('resource').some((one) => one.name.endsWith('/search_index.json'))"
    page = visit("law/17.1.b/")
    page.wait_for_timeout(500)
    assert not page.evaluate(fetched)
    assert found(page, "17.1.b")
    assert page.evaluate(fetched)
    page.goto(page.url.partition("#")[0] + "?h=ph%E1%BA%A1m+vi")
    page.wait_for_selector("article mark", state="attached")  # a word that was searched for is marked on the page it led to


def test_search_finds_a_provision_by_its_id(visit: Visit) -> None:
    assert any("law/17.1.b" in link for link in found(visit(""), "17.1.b"))


def test_the_language_link_stays_on_the_page(visit: Visit) -> None:
    page = visit("law/17.1.b/#readings")
    page.click(".languages__link")
    page.wait_for_url("**/en/law/17.1.b/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Readings and open doubts" in page.inner_text("article")
    page.click(".languages__link")
    page.wait_for_url(re.compile(r"\d/law/17\.1\.b/$"))
    assert page.locator("html").get_attribute("lang") == "vi"


@pytest.mark.parametrize("address", ["law/17.1.b/#readings", "law/article-17/#17.1.b.2", "readings/#b2_max",
                                     "source/3373-qd-ubnd/article-17.lp/#L60"])  # fmt: skip
def test_anchors_are_scrolled_to(visit: Visit, address: str) -> None:
    page = visit(address)
    page.wait_for_timeout(300)
    box = page.locator(f'[id="{address.partition("#")[2]}"]').first.bounding_box()
    assert box is not None and -5 <= box["y"] < 900


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("top", ["", "en/"])
def test_nothing_scrolls_sideways_on_a_phone(visit: Visit, path: str, top: str) -> None:
    page = visit(top + path, viewport={"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*KINDS, "en/", "en/law/17.1.b/"])
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme)
    page.wait_for_timeout(200)
    assert not violations(page, scheme)


def test_dark_mode_follows_the_system_and_can_be_chosen(visit: Visit) -> None:
    page = visit("law/17.1.b/", color_scheme="dark")
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


def test_every_provision_prints_on_one_page_or_two(visit: Visit) -> None:
    page = visit("law/")
    addresses = {path.parent.name for path in (TOP / "site" / "law").glob("*/index.html")}
    assert len(addresses) > 125
    long = {}
    for address in sorted(name for name in addresses if not name.startswith(("article-", "draft-", "instrument"))):
        page.goto(f"{page.url.partition('/law/')[0]}/law/{address}/")
        pages = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))
        if len(pages) > 2:
            long[address] = len(pages)
    assert not long


def test_law_and_rules_read_without_scripts(visit: Visit) -> None:
    page = visit("law/17.1.b/", java_script_enabled=False)
    text = page.locator("article").inner_text()
    for words in ("Hoàn thành tốt nhiệm vụ", "Nói gọn", "khi:", "Phải tăng đúng như câu chữ", 'stated(U,Y,good) :-'):
        assert words in text
    assert page.locator("nav.md-tabs a").first.is_visible()


def test_built_pages_load_nothing_from_elsewhere(site: str) -> None:
    for path in (TOP / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe|source|video|audio|embed)[^>]*\ssrc=\"?([^\s\">]+)", text)
        kinds = "stylesheet|preload|preconnect|icon|modulepreload"
        loaded += re.findall(rf"<link[^>]*rel=\"?(?:{kinds})\"?[^>]*href=\"?([^\s\">]+)", text)
        assert not [one for one in loaded if re.match(r"(?:https?:)?//", one)], path
