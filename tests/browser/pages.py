"""The playground as static files on a local server, and a browser that may reach nothing else."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]  # fmt: skip
NO_NODE = "" if shutil.which("node") and shutil.which("npm") else "node or npm is not installed"
NO_BROWSER = NO_NODE or ("" if CHROMIUM else "chromium is not installed")
ASSETS = TOP / "docs" / "assets" / "playground"

SHELL = """<!doctype html><html lang="{lang}" data-md-color-scheme="{scheme}"><head><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style>html{{font-size:20px}} body{{margin:0.4rem;font-family:sans-serif}}
[data-md-color-scheme=slate]{{color-scheme:dark;background:#1e2129;--md-default-fg-color:#e2e4e9;
--md-default-fg-color--lighter:#888;--md-default-bg-color:#1e2129;--md-typeset-color:#e2e4e9;--md-typeset-a-color:#a5b8ff;
--md-code-bg-color:#272b35}}</style></head><body><main class="md-typeset"><h1>t</h1><h2>t</h2>{block}</main></body></html>"""
"""What the site puts around the page, as far as it matters here."""


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def build(into: Path) -> Path:
    """The page in both languages with all that it loads."""
    subprocess.run([sys.executable, str(TOP / "web" / "vendor.py")], check=True)
    shutil.copytree(ASSETS, into / "assets" / "playground", ignore=shutil.ignore_patterns("data"))
    subprocess.run([sys.executable, "-m", "cchc.playground", str(into / "assets" / "playground" / "data"), str(TOP / "data")],
                   check=True)  # fmt: skip
    for lang, path in (("vi", "playground.md"), ("en", "en/playground.md")):
        text = (TOP / "docs" / path).read_text(encoding="utf-8")
        block = re.search(r"<link rel=.*</script>", text, re.S)
        assert block is not None
        for scheme in ("default", "slate"):
            folder = into / f"{lang}-{scheme}"
            folder.mkdir()
            content = block[0].replace("../../assets/", "../assets/")
            (folder / "index.html").write_text(SHELL.format(lang=lang, scheme=scheme, block=content), encoding="utf-8")
    return into


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


class Watched:
    """A page that notes what it asks for from elsewhere, and what goes wrong on it."""

    def __init__(self, browser: Any, base: str, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120000)  # the machine may have much else to do
        self.base = base
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.outside.append(request.url) if not self._is_own(request.url) else None)
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _is_own(self, address: str) -> bool:
        return address.startswith((self.base, "data:", "blob:"))

    def open(self, path: str = "vi-default/", *, solved: bool = True) -> Any:
        self.page.goto(self.base + path)
        if solved:
            self.page.wait_for_selector("#playground[data-solved]", timeout=60000)
        return self.page
