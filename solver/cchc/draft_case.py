"""The first case of a draft: a known case that rests on a provision it changes, under the draft; else one to be written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cchc.files import Document
from cchc.policy import Policy
from cchc.problems import display_path
from cchc.scaffold import skeleton
from cchc.schema import load_valid
from cchc.yaml_writer import Bare, block, flow

Entry = dict[str, Any]


def draft_case(policy: Policy, name: str, gone: Sequence[str], cases: Path) -> str:
    """A case for the draft: a known one that rests on a changed provision, under the draft; else one to be written."""
    found = _known_case(gone, cases)
    header = f"# cchc test {display_path(cases / f'{name}.yaml')}\n#\n# Ca của dự thảo {name}. "
    if found is None:
        year = str(policy.instrument["effective_from"])[:4]
        told = "Viết một ca cho mỗi kết quả mà lời văn mới đặt ra hoặc thay đổi."
        return f"{header}{told}\n\n{skeleton(policy.vocabulary, f'{name}-1', year, [name])}"
    path, case, blocks = found
    entry = {"case": f"{name}-1", "title": _to_mend(case["title"]),
             **{key: value for key, value in case.items() if key not in {"case", "title", "expect", "note"}}}  # fmt: skip
    expect = [{**one, "under": {**one["under"], "with": name}} for one in blocks]
    told = (f"Chép từ ca {case['case']} của {path.name}: dự thảo chưa đổi gì nên kết quả\n"
            "# còn như hiện hành; sửa theo lời văn mới, thêm ca cho mỗi kết quả mới hoặc thay đổi.")  # fmt: skip
    return f"{header}{told}\n\n{_written_case(entry, expect)}"


def _to_mend(title: str) -> str:
    """The title of a known case, each of its languages marked as one that a person has to mend."""
    vietnamese, _, english = title.partition(" / ")
    return f"[Người soạn sửa: {vietnamese}]" + (f" / [To mend: {english}]" if english else "")


def _known_case(gone: Sequence[str], cases: Path) -> tuple[Path, Entry, list[Entry]] | None:
    for path in sorted(cases.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if not any(re.search(rf"because:.*(?<![\w.]){re.escape(provision)}(?![\w.])", text) for provision in gone):
            continue
        document: Document = load_valid(path, "cases", text_only=True)
        for case in document.data:
            blocks = [one for one in case["expect"] if "with" not in one["under"] and any(
                set(row.get("because", ())) & set(gone) for key, rows in one.items() if key not in {"under", "possible"}
                for row in rows)]  # fmt: skip
            if blocks:
                return path, case, blocks
    return None


def _written_case(entry: Entry, expect: list[Entry]) -> str:
    lines = "".join(f"  {key}:\n" + "".join(_rows(table, rows, 4) for table, rows in value.items())
                    if key in {"given", "incomplete"} and value else block({key: _bare(value)}, 2)
                    for key, value in entry.items())  # fmt: skip
    return f"- {lines.lstrip()}  expect:\n" + "".join(_block(one) for one in expect)


def _bare(value: Any) -> Any:
    """Values as people write them in a case, where every scalar is text: without quotes where those are not needed."""
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return Bare(value) if re.fullmatch(r"[\w.-]*\w", value) else value


def _block(one: Entry) -> str:
    under = f"    - under: {flow(_bare(one['under']))}\n"
    certain = "".join(_rows(key, rows, 6) for key, rows in one.items() if key not in {"under", "possible"})
    possible = "".join(_rows(key, rows, 8) for key, rows in one.get("possible", {}).items())
    return under + certain + ("      possible:\n" + possible if possible else "")


def _rows(key: str, rows: Any, indent: int) -> str:
    pad = " " * indent
    if not rows or not isinstance(rows[0], dict):
        return f"{pad}{key}: {flow(_bare(rows))}\n"
    return f"{pad}{key}:\n" + "".join(f"{pad}  - {flow(_bare(row))}\n" for row in rows)
