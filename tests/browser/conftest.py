"""A real browser on the built site, served from this machine; anything that leaves it is blocked and counts as a failure."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections that stay open, as those of any web server

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the site that `make docs` built (built now if it was not)."""
    if not (TOP / "site" / "en" / "index.html").is_file():
        subprocess.run([sys.executable, "tasks.py", "docs"], cwd=TOP, check=True)
    handler = functools.partial(_Quiet, directory=str(TOP / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; the tests are skipped where there is none, unless CCHC_NEEDS_BROWSER says that there must be."""
    if CHROMIUM is None:
        message = "there is neither chromium nor google-chrome"
        pytest.fail(message) if os.environ.get("CCHC_NEEDS_BROWSER") else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(site: str, browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page of the site, in a fresh profile; afterwards nothing may have left the site and no error been logged.

    `prepare` is done to the page before it opens, `flawed` says that what it does is logged as an error.
    """
    outside: list[str] = []
    errors: list[str] = []
    contexts: list[Any] = []

    def check(route: Any) -> None:
        if route.request.url.startswith((site, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def opened(path: str, prepare: Callable[[Any], object] | None = None, flawed: bool = False, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(60000)
        contexts.append(context)
        context.route("**/*", check)
        page = context.new_page()
        if not flawed:
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
        if prepare is not None:
            prepare(page)
        page.goto(f"{site}/{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not outside
    assert not errors
