"""`cchc new article`: an article file from the archived text, line by line; `cchc new source`: the archived text of a draft
from its article files. A signed text is only ever read; a draft grows by what is written for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cchc.consolidation import documents
from cchc.drafting import archived, digest
from cchc.files import read_text
from cchc.problems import Location, display_path, invalid, listed, nearest
from cchc.scaffold import Scaffold, inserted, raw, shaped, taken
from cchc.versions import Instrument, instruments
from cchc.yaml_writer import block

_ARTICLE = re.compile(r"Điều (\d+[a-z]?)\. ?")
_ABOVE = re.compile(r"(?:Phần|Chương|Mục) [IVXLC\d]+\b")
_CLAUSE, _POINT = re.compile(r"(\d+[a-zđ]?)\. "), re.compile(r"([a-zđ]\d*)\) ")


def new_article(root: Path, number: str, instrument: str) -> Scaffold:
    """The files of an article, listed in its instrument: its lines as the archived text has them; in a draft whose text has no
    such article yet, one line to be written. Raises Invalid."""
    shaped(number, r"[1-9][0-9]*[a-z]?", "NN")
    known = instruments(root)
    if instrument not in known:
        raise invalid(Location("--of"), "unknown-instrument", found=instrument, hint=nearest(instrument, known),
                      allowed=listed(known))  # fmt: skip
    one = known[instrument]
    for path, document in documents(one.folder, one.data):
        if document.data["article"] == number:
            raise taken(number, Location(display_path(path)), "NN")
    padded = any(name.startswith("article-0") for name in one.data["articles"])
    name = "article-" + (number.zfill(2 + number[-1].isalpha()) if padded else number)
    path = one.folder / f"{name}.yaml"
    if path.exists() or name in one.data["articles"]:
        raise taken(name, Location(display_path(path)), "NN")
    source = one.folder / one.data["source"]["file"]
    lines = read_text(source).removesuffix("\n").split("\n")
    texts = {one.folder / "instrument.yaml": raw(one.folder / "instrument.yaml")}
    steps = [(f"viết bản dịch (en), loại, dữ kiện, nghĩa vụ hoặc lý do của từng dòng trong {display_path(path)}",
              f"write the English, the kind, the facts, duties or reason of every line in {display_path(path)}")]  # fmt: skip
    amends = "amends" in one.data
    if found := _lines_of(lines, number):
        entries = list(_entries(number, lines[slice(*found)], amends))
    elif one.draft:
        entries = list(_entries(number, [f"Điều {number}. [Người soạn viết: lời văn của Điều {number}]"], amends))
        steps.append((f"cchc new source {one.id}: viết lại bản lưu và mã băm sau khi sửa lời văn",
                      f"cchc new source {one.id}: writes the archived text and its hash anew"))  # fmt: skip
    else:
        raise invalid(Location("NN"), "not-archived", found=number, file=display_path(source))
    up = "../" * len(path.resolve().relative_to(root.resolve().parent).parent.parts)
    texts[path] = (f"# yaml-language-server: $schema={up}schemas/article.schema.json\n"
                   + block({"article": number, "lines": entries}))  # fmt: skip
    place = _place(one.data["articles"], name)
    texts[one.folder / "instrument.yaml"] = _listed(one, texts[one.folder / "instrument.yaml"], name, place)
    if one.draft and not found:
        articles = [*one.data["articles"][:place], name, *one.data["articles"][place:]]
        _rewrite(one, articles, texts, {name: texts[path]})
    steps.append(("viết quy tắc: cchc new rule <điều khoản> <vị từ>; rồi cchc lint",
                  "write rules: cchc new rule <provision> <predicate>; then cchc lint"))  # fmt: skip
    return Scaffold(texts, steps)


def new_source(root: Path, draft: str) -> Scaffold:
    """The archived text of a draft and its hash, from what its article files say now. Raises Invalid."""
    known = instruments(root)
    drafts = [name for name, one in known.items() if one.draft]
    if draft not in drafts:
        code = "not-a-draft" if draft in known else "unknown-draft"
        raise invalid(Location("DRAFT"), code, found=draft, hint=nearest(draft, drafts), allowed=listed(drafts) or "–")
    one = known[draft]
    texts = {one.folder / "instrument.yaml": raw(one.folder / "instrument.yaml")}
    _rewrite(one, one.data["articles"], texts, {})
    return Scaffold(texts, [("cchc lint", "cchc lint")], (draft,) if "amends" in one.data else (), one.data.get("amends"))


def _rewrite(one: Instrument, articles: Sequence[str], texts: dict[Path, str], new: dict[str, str]) -> None:
    """Adds the archived text to the files to be written, and its hash to the instrument file among them."""
    for path, _ in documents(one.folder, one.data):  # tells what is wrong with them
        assert path.is_file()
    source = archived(new.get(name) or read_text(one.folder / f"{name}.yaml") for name in articles)
    file = one.folder / "instrument.yaml"
    texts[one.folder / one.data["source"]["file"]] = source
    texts[file] = texts[file].replace(one.data["source"]["sha256"], digest(source), 1)


# ---- The list of articles ---------------------------------------------------------------------------

_ARTICLE_FILE = re.compile(r"article-0*(\d+)([a-z]?)")


def _key(name: str) -> tuple[int, str]:
    match = _ARTICLE_FILE.fullmatch(name)
    return (int(match[1]), match[2]) if match else (-1, "")


def _place(articles: Sequence[str], name: str) -> int:
    """Behind the last article of a lower number; what is no numbered article stands where it stands."""
    return max((index + 1 for index, other in enumerate(articles) if _key(other) < _key(name)), default=0)


def _listed(one: Instrument, text: str, name: str, place: int) -> str:
    """The instrument file with an article more in its list, whichever way the list is written."""
    articles = one.data["articles"]
    neighbour = max(place - 1, 0)
    at = one.document.at(("articles", neighbour))
    line = text.splitlines()[at.line - 1]
    if line[: at.column - 1].rstrip().endswith("-"):
        addition = line[: at.column - 1] + name + "\n"
        return inserted(text, at.line if place else at.line - 1, addition)
    offset = sum(map(len, text.splitlines(keepends=True)[: at.line - 1])) + at.column - 1
    if not place:
        return f"{text[:offset]}{name}, {text[offset:]}"
    end = text.index(articles[neighbour], offset) + len(articles[neighbour])
    end += text[end] in "'\""
    return f"{text[:end]}, {name}{text[end:]}"


# ---- The lines of an article ------------------------------------------------------------------------


def _lines_of(lines: Sequence[str], number: str) -> tuple[int, int] | None:
    """Where an article stands in the archived text, with the chapter headings above it, up to those of the next."""
    starts = [index for index, line in enumerate(lines) if _ARTICLE.match(line)]
    # A decision and what it promulgates number their articles alike: the last one is that of the regulation.
    own = [index for index in starts if (match := _ARTICLE.match(lines[index])) and match[1] == number]
    if not own:
        return None
    later = [index for index in starts if index > own[-1]]
    return _headed(lines, own[-1]), _headed(lines, later[0]) if later else len(lines)


def _headed(lines: Sequence[str], start: int) -> int:
    """The first of the chapter headings right above an article."""
    first = start
    while first and (_ABOVE.match(lines[first - 1]) or lines[first - 1].isupper()):
        first -= 1
    return first


def _entries(number: str, lines: Sequence[str], amends: bool) -> Iterator[dict[str, Any]]:
    """Each printed line under a proposed id."""
    count: dict[str, int] = {}
    clause = point = ""
    body = [line for line in lines if not (_ABOVE.match(line) or line.isupper())]
    for line in lines:
        if line not in body or (_ARTICLE.match(line) and len(body) > 1):
            yield {"heading": line}
            continue
        if match := _CLAUSE.match(line):
            clause, point = f"{number}.{match[1]}", ""
            name = clause
        elif match := _POINT.match(line):
            point = f"{clause or number}.{match[1]}"
            name = point
        else:
            above = point or clause or number
            count[above] = count.get(above, 0) + 1
            dash = line.startswith("- ")
            alone = len(body) == 1 or (above == number and len(body) == 2)
            name = number if alone else f"{above}.{'' if dash else 'p'}{count[above]}"
        told = {"text": line, "en": "[To write: the English of this line]"}
        if amends:
            yield {"clause": name, **told}
        else:
            yield {"id": name, **told, "kind": "principle", "evaluable": "judgement", "reason": {
                "vi": "[Người soạn viết: vì sao không có gì để tính; xóa `reason` khi đã có quy tắc, dữ kiện hay nghĩa vụ]",
                "en": "[To write: why nothing is computed; drop `reason` once there is a rule, a fact or a duty]"}}  # fmt: skip
