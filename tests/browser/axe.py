"""What axe finds against WCAG 2.2 AA and its own best practices."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Any, scheme: str) -> dict[str, list[str]]:
    """The elements against each rule, the first few; in the dark only colours are looked at, all else is the same."""
    found = Axe().run(page, options={"runOnly": _RULES if scheme == "light" else ["color-contrast"]}).response["violations"]
    return {one["id"]: [node["html"][:160] for node in one["nodes"]][:4] for one in found}
