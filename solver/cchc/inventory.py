"""What becomes of each provision of the text: rules, facts, duties, or the reason why nothing is made of it.

`python -m cchc.inventory FILE` rewrites the table between the markers of a Markdown file.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from cchc.files import write_text
from cchc.policy import OWES, Policy

BEGIN, END = "<!-- provisions -->\n", "<!-- /provisions -->\n"
_HEADER = """\
| Điều khoản<br>*provision* | Lời văn mở đầu<br>*it begins* | Quy tắc<br>*rules* | Dữ kiện<br>*facts* \
| Nghĩa vụ (tính được)<br>*duties (computed)* | Kết quả; hoặc vì sao không<br>*verdicts, or why not* |
|---|---|---:|---:|---:|---|
"""


def table(policy: Policy) -> str:
    """The Markdown table of all provisions, in the order of the text."""
    rules = Counter(provision for rule in policy.rules for provision in set(rule.citations))
    facts = Counter(fact.provision for fact in policy.facts if fact.atom.predicate != OWES)
    duties = Counter(duty.provision for duty in policy.duties.values())
    computed = Counter(duty.provision for duty in policy.duties.values() if duty.evaluable == "computable")
    verdicts = policy.vocabulary.of_kind("verdict")
    given: dict[str, dict[str, None]] = {}
    for rule in policy.rules:
        if rule.head is not None and rule.head.name in verdicts:
            for cited in rule.citations:
                given.setdefault(cited, {})[rule.head.name] = None
    lines = []
    for name, provision in policy.provisions.items():
        outcome = ", ".join(f"`{verdict}`" for verdict in given.get(name, ())) or provision.reason.get("vi", "")
        owed = f"{duties[name]} ({computed[name]})" if computed[name] else str(duties[name] or "")
        counts = (*(str(counter[name] or "") for counter in (rules, facts)), owed)
        lines.append(f"| {name} | {_opening(provision.text)} | {' | '.join(counts)} | {outcome} |\n")
    return _HEADER + "".join(lines)


def _opening(text: str, most: int = 56) -> str:
    """The first words of a provision, as many as fit."""
    if len(text) > most:
        text = text[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
    return text.replace("|", "\\|")


def filled(page: str, policy: Policy) -> str:
    """A page with the table written between its markers. Raises ValueError where it has none."""
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    return page[:before] + "\n" + table(policy) + "\n" + page[after:]


if __name__ == "__main__":
    path = Path(sys.argv[1])
    write_text(path, filled(path.read_text(encoding="utf-8"), Policy.load()))
