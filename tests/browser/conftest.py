from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pages import CHROMIUM, NO_BROWSER, OPTIONS, Watched, build, served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if NO_BROWSER:
        pytest.skip(NO_BROWSER)
    with served(build(tmp_path_factory.mktemp("site") / "site")) as base:
        yield base


@pytest.fixture(scope="session")
def browser(site: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


@pytest.fixture
def watched(site: str, browser: Any) -> Iterator[Watched]:
    """A page on which nothing may go wrong or leave the site."""
    page = Watched(browser, site)
    yield page
    page.context.close()
    assert page.outside == []
    assert page.errors == []


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")
