"""Pages say what is so: commands print what is shown, quoted rules and facts stand in the policies."""

from __future__ import annotations

import re
from pathlib import Path

from cchc.schema import resource
from examples import rewritten

TOP = Path(__file__).parents[1]


def test_commands_print_what_the_page_shows() -> None:
    page = (TOP / "docs" / "certain-or-possible.md").read_text(encoding="utf-8")
    assert page.count("```console\n$ cchc ") == 9
    assert rewritten(page) == page, "make readme"


def test_quoted_rules_and_facts_stand_in_the_policies() -> None:
    page = (TOP / "docs" / "read-a-rule.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:yaml)?\n(.*?)^```$", page, re.M | re.S)
    assert len(blocks) == 5
    files = ["\n".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines())
             for path in resource("policies").glob("*/*") if path.suffix in {".yaml", ".lp"}]  # fmt: skip
    for block in blocks:
        quoted = "\n".join(line.strip() for line in block.splitlines())
        assert any(quoted in text for text in files), block
