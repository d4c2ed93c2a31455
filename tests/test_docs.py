"""Pages say what is so: commands print what is shown, quoted rules and facts stand in the policies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cchc.schema import resource
from examples import excerpts, printed, rewritten, shows

TOP = Path(__file__).parents[1]
in_both_languages = pytest.mark.parametrize("docs", ["docs", "docs/en"])


def test_every_page_is_there_in_both_languages() -> None:
    vi, en = ({path.name for path in (TOP / docs).glob("*.md")} for docs in ("docs", "docs/en"))
    assert vi == en


@pytest.mark.parametrize("name", ["certain-or-possible.md", "propose-an-amendment.md"])
def test_both_languages_show_the_same_commands(name: str) -> None:
    pages = ((TOP / docs / name).read_text(encoding="utf-8") for docs in ("docs", "docs/en"))
    vi, en = (re.findall(r"^\$ (cchc .+)$", page, re.M) for page in pages)
    assert [f"{command} --lang en" for command in vi] == en


@in_both_languages
def test_commands_print_what_the_page_shows(docs: str) -> None:
    page = (TOP / docs / "certain-or-possible.md").read_text(encoding="utf-8")
    assert page.count("```console\n$ cchc ") == 9
    assert rewritten(page) == page, "make readme"


@in_both_languages
def test_the_page_on_amendments_shows_what_commands_print(docs: str) -> None:
    page = (TOP / docs / "propose-an-amendment.md").read_text(encoding="utf-8")
    assert rewritten(page) == page, "make readme"
    parts = {command: part for command, part in excerpts(page).items() if not command.startswith("new ")}
    assert len(parts) == 3
    for command, part in parts.items():
        assert shows(printed(command, check=False), part), command


@in_both_languages
def test_the_page_on_amendments_quotes_the_draft(docs: str) -> None:
    page = (TOP / docs / "propose-an-amendment.md").read_text(encoding="utf-8")
    quoted = [block for kind, block in re.findall(r"^```(\w*)\n(.*?)^```$", page, re.M | re.S) if kind in {"", "yaml"}]
    files = [path.read_text(encoding="utf-8") for path in (TOP / "policies" / "drafts" / "2026-minh-hoa").glob("*.*")]
    found = [block for block in quoted if any(block in text for text in files)]
    assert found == quoted
    assert len(quoted) == 3


def test_quoted_rules_and_facts_stand_in_the_policies() -> None:
    page = (TOP / "docs" / "read-a-rule.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:yaml)?\n(.*?)^```$", page, re.M | re.S)
    assert len(blocks) == 5
    files = ["\n".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
             for path in resource("policies").glob("*/*") if path.suffix in {".yaml", ".lp"}]  # fmt: skip
    for block in blocks:
        quoted = "\n".join(line.strip() for line in block.splitlines())
        assert any(quoted in text for text in files), block
