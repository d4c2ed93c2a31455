"""The page on the index frameworks, written from the policies: `python -m cchc.framework_page VIETNAMESE.md ENGLISH.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from cchc.files import write_text
from cchc.frameworks import WHOLE, Change, Entry, Frameworks, differences, load
from cchc.schema import resource
from cchc.text import in_language

WORDS = {
    "generated": (
        "Trang này sinh ra từ `policies/index-frameworks.yaml` (`make readme`); sửa ở đó, không sửa ở đây.",
        "This page is generated from `policies/index-frameworks.yaml` (`make readme`); change that file, not this page.",
    ),
    "signs": (
        "**—** chưa biết, không công khai; **?** bản in không rõ; **\\*** suy ra từ nguồn, không in sẵn; "
        "**[số]** nguồn; **(chữ)** ghi chú.",
        "**—** unknown, not public; **?** unclear in print; **\\*** inferred from the source, not printed; "
        "**[number]** source; **(letter)** note.",
    ),
    "decisions": ("Các quyết định", "The decisions"),
    "matched": ("Lĩnh vực và điểm tối đa", "Domains and their maxima"),
    "changes": ("Khác nhau", "Differences"),
    "notes": ("Ghi chú", "Notes"),
    "sources": ("Nguồn", "Sources"),
    "information": ("thông tin", "information"),
    "date": ("ngày ban hành", "date"),
    "replaces": ("thay thế", "replaces"),
    "replaced-by": ("bị thay thế bởi", "replaced by"),
    "period": ("giai đoạn", "period"),
    "years": ("năm Chỉ số đã áp dụng", "index years it was used for"),
    "domain_count": ("số lĩnh vực", "domains"),
    "criterion_count": ("số tiêu chí", "criteria"),
    "component_count": ("số tiêu chí thành phần", "component criteria"),
    "scale": ("thang điểm", "scale"),
    "survey_points": ("điểm điều tra xã hội học", "points of the sociological survey"),
    "groups": ("nhóm điểm", "groups of points"),
    "domains": ("lĩnh vực và điểm tối đa", "domains and their maxima"),
    "items": ("tiêu chí và điểm tối đa (phụ lục)", "criteria and their maxima (annex)"),
    "succession": ("sự kế thừa đã phê duyệt", "approved succession"),
    "name": ("tên", "name"),
    "max": ("điểm tối đa", "maximum"),
    "domain": ("lĩnh vực", "domain"),
    "item": ("nội dung", "item"),
    "new": ("mới", "new"),
    "abolished": ("bị bỏ", "abolished"),
    "none": ("không thấy khác ở những gì công khai", "no difference in what is public"),
    "not_public": ("không so sánh được, vì không công khai", "not comparable, because not public"),
}


def markdown(known: Frameworks, lang: str) -> str:
    """The page in one language."""
    return "\n".join(_Page(known, lang).lines()) + "\n"


class _Page:
    def __init__(self, known: Frameworks, lang: str) -> None:
        self.known = known
        self.lang = lang
        self.numbers = {key: number for number, key in enumerate(known.sources, start=1)}
        self.notes: list[str] = []

    def lines(self) -> Iterator[str]:
        frameworks = self.known.frameworks
        yield from (f"# {self.known.title[self.lang]}", "", self.say("generated"), "", self.known.notice[self.lang], "")
        yield from (self.say("signs"), "", f"## {self.say('decisions')}", "")
        yield from self.table(self.say("information"), ([self.say(key), *cells] for key, cells in self.facts()))
        yield from (f"- {name}: {entry['note'][self.lang]}" for name, entry in frameworks.items())
        yield from ("", f"## {self.say('matched')}", "", self.known.scheme["note"][self.lang], "")
        yield from self.table(self.known.scheme["title"][self.lang], self.domains())
        yield from (f"## {self.say('changes')}", "")
        for old, new in combinations(frameworks, 2):
            found = differences(frameworks[old], frameworks[new])
            # Decisions further apart are compared where those between them are not public.
            if (old, new) in pairwise(frameworks) or any(change.kind != "not_public" for change in found):
                yield from (f"**{old} → {new}**", "", *(f"- {line}" for line in self.changes(found)), "")
        yield from (f"## {self.say('notes')}", "", *(f"- ({chr(97 + i)}) {note}" for i, note in enumerate(self.notes)), "")
        yield from (f"## {self.say('sources')}", "")
        for key, source in self.known.sources.items():
            yield f"{self.numbers[key]}. {source['about'][self.lang]}: <{source['address']}>"
        yield ""
        yield from (f"[{self.numbers[key]}]: {source['address']}" for key, source in self.known.sources.items())

    def facts(self) -> Iterator[tuple[str, list[str]]]:
        """What is known of each decision as a whole, by key, one cell for each decision."""
        entries = self.known.frameworks
        successors = {entry["replaces"]["value"]: {**entry["replaces"], "value": name}
                      for name, entry in entries.items() if entry["replaces"]}  # fmt: skip
        for key in ("date", "replaces"):
            yield key, [self.figure(entry[key]) for entry in entries.values()]
        yield "replaced-by", [self.figure(successors.get(name)) for name in entries]
        for key in ("period", "years", *WHOLE, "groups", "items", "succession"):
            yield key, [self.figure(entry[key]) for entry in entries.values()]

    def domains(self) -> Iterator[list[str]]:
        for number, named in self.known.scheme["domains"].items():
            parts = [(entry["domains"] or {}).get(number) for entry in self.known.frameworks.values()]
            cells = [f"{self.figure(part['name'])}: **{self.figure(part['max'])}**" if part else "—" for part in parts]
            yield [f"{number}. {named[self.lang]} ({named['provision']})", *cells]

    def changes(self, found: Sequence[Change]) -> Iterator[str]:
        told = [change for change in found if change.kind != "not_public"]
        for change in told:
            where = f"{self.part(change.part)}, {self.say(change.key)}" if change.part else self.say(change.key)
            if change.kind == "changed":
                yield f"{where}: {self.plain(change.before)} → {self.plain(change.after)}"
            else:
                yield f"{self.part(change.part)}: {self.say(change.kind)}"
        if not told:
            yield self.say("none")
        hidden: dict[str, list[str]] = {}
        for change in found:
            if change.kind == "not_public":
                hidden.setdefault(change.key, []).extend([change.part] if change.part else [])
        named = (self.say(key) + (f" ({', '.join(parts)})" if parts else "") for key, parts in hidden.items())
        if hidden:
            yield f"{self.say('not_public')}: {'; '.join(named)}"

    def part(self, code: str) -> str:
        return f"{self.say('domain' if code in self.known.scheme['domains'] else 'item')} {code}"

    def figure(self, entry: Any) -> str:
        """A figure, a name or a list of them with the sources of each; a dash for what is not known."""
        if isinstance(entry, list):
            return "<br>".join(map(self.figure, entry))
        if entry is None or "sources" not in entry:
            return "—" if entry is None else str(len(entry))
        note = ""
        if "note" in entry:
            self.notes.append(entry["note"][self.lang])
            note = f" ({chr(96 + len(self.notes))})"
        sources = "".join(rf" [\[{number}\]][{number}]" for number in (self.numbers[key] for key in entry["sources"]))
        return f"{self.plain(entry)}{sources}{note}"

    def plain(self, entry: Entry) -> str:
        """A figure without its sources: the period, the value, the name, or the name with its value."""
        if "from" in entry:
            text = f"{entry['from']}–{entry['to']}"
        else:
            text = ": ".join(self.number(entry[key]) for key in (self.lang, "value") if key in entry)
        return text + ("?" if "uncertain" in entry else "") + ("\\*" if entry["provenance"] == "derived" else "")

    def number(self, value: Any) -> str:
        return str(value).replace(".", ",") if isinstance(value, Decimal) and self.lang == "vi" else str(value)

    def table(self, corner: str, rows: Iterable[list[str]]) -> Iterator[str]:
        heads = [corner, *self.known.frameworks]
        yield from (f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows])
        yield ""

    def say(self, key: str) -> str:
        return in_language(WORDS[key], self.lang)


if __name__ == "__main__":
    for lang, path in zip(("vi", "en"), sys.argv[1:], strict=True):
        write_text(Path(path), markdown(load(resource("policies")), lang))
