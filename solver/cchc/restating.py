"""The rules that a draft has to state again, because it replaces or repeals what they rest on: see `consolidation.py` for
what becomes of the rules of a changed provision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cchc.files import read_text
from cchc.policy import Policy
from cchc.problems import display_path
from cchc.rules import Rule
from cchc.yaml_writer import block


class Restated(NamedTuple):
    """The rules that a draft has to state again: those that fall with what they cite, those of predicates that it redefines
    because one of their rules would be stale, and those that cannot be stated any more; with their comments."""

    falling: Sequence[tuple[Rule, str]]
    again: Mapping[str, Sequence[tuple[Rule, str]]]
    lost: Sequence[Rule]

    @classmethod
    def of(cls, policy: Policy, gone: set[str], ended: set[str]) -> Restated:
        def named(rule: Rule) -> set[str]:
            return {term.text for atom in rule.atoms for term in atom.terms if term.kind == "string"}

        def falls(rule: Rule) -> bool:
            return bool(rule.citations) and set(rule.citations) <= gone

        heads = list(dict.fromkeys(rule.head.name for rule in policy.rules if rule.head is not None and not falls(rule)
                                   and gone & {*rule.citations, *named(rule)}))  # fmt: skip
        texts = {display_path(path): read_text(path).replace("\r\n", "\n").split("\n") for path in policy.files}
        falling: list[tuple[Rule, str]] = []
        again: dict[str, list[tuple[Rule, str]]] = {head: [] for head in heads}
        lost: list[Rule] = []
        for rule in policy.rules:
            of_head = rule.head.name if rule.head is not None and rule.head.name in again else ""
            if not (of_head or falls(rule)) or set(rule.citations) <= ended:
                continue
            if ended & named(rule):
                lost.append(rule)
                continue
            cited = [provision for provision in rule.citations if provision not in ended]
            text = f"{_comment(texts[rule.at.path], rule.at.line)}%@ {' '.join(cited)}\n{_plain(rule)}\n"
            (again[of_head] if of_head else falling).append((rule, text))
        return cls(falling, again, lost)

    def redefined(self) -> str:
        """The key of the article file that ends the earlier rules of some predicates."""
        if not self.again:
            return ""
        return ("\n# Vị từ có quy tắc dẫn cả điều khoản được sửa lẫn điều khoản khác, hoặc nêu điều khoản được sửa: mọi\n"
                "# quy tắc cũ của chúng hết hiệu lực và được viết lại ở article-1.lp.\n"
                f"{block({'redefines': list(self.again)})}\n")  # fmt: skip

    def text(self, name: str) -> str:
        """The rule file of the draft."""
        parts = [f"% Quy tắc của dự thảo {name}. Những quy tắc hết hiệu lực cùng điều khoản được sửa được viết lại ở đây như\n"
                 "% hiện hành: sửa chúng theo lời văn mới, bỏ quy tắc không còn cần.\n"]  # fmt: skip
        if self.falling:
            parts.append(_heading("Quy tắc của các điều khoản được sửa") + "\n".join(text for _, text in self.falling))
        for head, rules in self.again.items():
            parts.append(_heading(f"Định nghĩa lại: {head}") + "\n".join(text for _, text in rules))
        if self.lost:
            shown = "\n".join("%   " + line for rule in self.lost for line in _plain(rule).split("\n"))
            parts.append(_heading("Không viết lại được, vì nêu điều khoản bị bãi bỏ") + shown + "\n")
        return "\n".join(parts)


def _plain(rule: Rule) -> str:
    return rule.text.replace("\r\n", "\n")


def _heading(title: str) -> str:
    return f"% ---- {title} ".ljust(100, "-") + "\n\n"


def _comment(lines: Sequence[str], line: int) -> str:
    """The comment right above a rule, without its citation."""
    first = line - 1
    while first and re.match(r"%(?!\*)", lines[first - 1]):
        first -= 1
    return "".join(f"{text}\n" for text in lines[first : line - 1] if not text.startswith("%@"))
