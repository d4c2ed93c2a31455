"""The explorer in a browser: proofs unfold without scripts, pages fit a phone, print and dark mode keep what matters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from browser.axe import violations

Visit = Callable[..., Any]
UNIT = "explorer/thai-binh-minh-hoa/so-tnmt/"
UNFOLD = """() => {
  const seen = new Set();
  for (const card of document.querySelectorAll('article details.verdict')) {
    const kind = [card.className, (card.dataset.verdict ?? '').split(' ')[0]].join(' ');
    if (seen.has(kind)) continue;
    seen.add(kind);
    for (let one = card; one; one = one.parentElement.closest('details')) one.open = true;
    card.querySelectorAll('details').forEach((one) => { one.open = true; });
  }
  document.querySelectorAll('article details.who').forEach((one) => { one.open = true; });
  return seen.size;
}"""
"""One card of each kind, whole: the others are made the same way, and axe looks at every element for long."""
KINDS = ["explorer/", "explorer/thai-binh-minh-hoa/", UNIT, "explorer/thai-binh-minh-hoa/xa-nam-thinh/",
         "explorer/thai-binh-papi/so-noi-vu/", "explorer/hoa-binh-2024/so-noi-vu/", "explorer/thanh-hoa-2024/"]  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False])
def test_a_proof_unfolds_down_to_the_row_of_data_and_its_law_is_on_the_page(visit: Visit, scripts: bool) -> None:
    page = visit(UNIT, java_script_enabled=scripts)
    card = page.locator('details[data-verdict="class so-tnmt 2023 completed"]')
    assert not card.locator(".proof").is_visible()
    card.locator("> summary").click()
    assert card.locator(".proof").is_visible()
    steps = card.locator(".proof details:not([open]) > summary")
    for _ in range(40):
        visible = [step for step in steps.all() if step.is_visible()]
        if not visible:
            break
        visible[0].click()
    assert card.locator(".row >> text=unit_index.csv").first.is_visible()
    link = card.locator("a.cite", has_text="17.1.c.1").first
    link.click()
    assert page.url.endswith("#law-17.1.c.1")
    assert page.locator('[id="law-17.1.c.1"] q').is_visible()
    page.locator('[id="law-17.1.c.1"] a').first.click()
    assert page.url.split("#")[0].rstrip("/").endswith("law/17.1.c.1")


def test_the_grid_leads_to_the_year_of_a_unit(visit: Visit) -> None:
    page = visit("explorer/thai-binh-minh-hoa/")
    page.locator('a:has(svg[aria-label^="Sở Tài nguyên và Môi trường, 2023"])').click()
    assert page.url.endswith("explorer/thai-binh-minh-hoa/so-tnmt/#2023")
    page.locator('[id="2023"]').wait_for()


@pytest.mark.parametrize(("path", "scheme"), [
    *((kind, "light") for kind in KINDS), ("en/explorer/", "light"), (f"en/{UNIT}", "light"),
    (KINDS[1], "dark"), (UNIT, "dark"),
])  # fmt: skip
def test_nothing_on_the_pages_is_out_of_reach(visit: Visit, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme)
    page.evaluate(UNFOLD)
    assert not violations(page, scheme)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_fit_a_phone_with_everything_unfolded(visit: Visit, kind: str) -> None:
    page = visit(kind, viewport={"width": 360, "height": 740})
    page.evaluate("document.querySelectorAll('article details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_figures_are_is_in_sight_at_once(visit: Visit, kind: str) -> None:
    page = visit(kind)
    notice = page.locator(".notice").first
    assert notice.is_visible()
    assert notice.bounding_box()["y"] < 900
    page.emulate_media(media="print")
    assert notice.is_visible()


def test_every_chart_is_named_with_its_numbers(visit: Visit) -> None:
    page = visit(UNIT)
    names = page.eval_on_selector_all("article svg[role=img]", "all => all.map(one => one.getAttribute('aria-label'))")
    assert len(names) > 1
    assert all(re.search(r"20\d\d", name) for name in names)
