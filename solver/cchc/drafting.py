"""`cchc new amendment`: a draft that says what the text in force says, ready to be changed word by word.

What is replaced is copied with its facts and duties, and every rule that would fall or go stale with it is restated, so
that a person starts from a draft that changes no verdict. What is inserted is a place to write in. What is repealed is
gone; a rule that names it cannot be restated and stands in a comment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cchc.consolidation import Line, places_of, printed
from cchc.draft_case import draft_case
from cchc.policy import Policy
from cchc.problems import Location, display_path, invalid, listed, nearest
from cchc.restating import Restated
from cchc.scaffold import Scaffold, provision_of, shaped, taken
from cchc.text import provision_name
from cchc.versions import DRAFTS, instruments
from cchc.yaml_reader import read
from cchc.yaml_writer import block

Entry = dict[str, Any]
_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
_ORDER = "abcdđefghijklmnopqrstuvwxyz"
_LETTERS = frozenset("abcdđeghiklmnopqrstuvxy")
"""The letters that Vietnamese laws number points with, in the order of their alphabet (a text may use others, too)."""
_SOURCE = "source.vi.txt"


class Wanted(NamedTuple):
    """What a draft shall do: provisions to replace and to repeal, and those after which one is inserted, each with its id if
    one is given."""

    replaced: Sequence[str]
    inserted: Sequence[tuple[str, str]]
    repealed: Sequence[str]


def new_amendment(policy: Policy, name: str, wanted: Wanted, cases: Path) -> Scaffold:
    """A draft instrument that amends a policy, with a case. Raises Invalid."""
    folder, case = policy.root / DRAFTS / name, cases / f"{name}.yaml"
    shaped(name, _ID, "ID")
    known = instruments(policy.root)
    if name in known:
        raise taken(name, known[name].document.at(("id",)), "ID")
    for path in (folder, case):
        if path.exists():
            raise taken(name, Location(display_path(path)), "ID")
    _check(policy, wanted)
    articles = {"article-1": _changing(policy, wanted), "article-2": _EFFECT}
    gone = [line.id for target in (*wanted.replaced, *wanted.repealed) for line in tree(policy, target)]
    ended = {line.id for target in wanted.repealed for line in tree(policy, target)}
    rules = Restated.of(policy, set(gone), ended)
    header = "# yaml-language-server: $schema=../../../schemas/{}.schema.json\n"
    texts = {
        f"{article}.yaml": header.format("article") + _TOLD.get(article, "") + block({"article": article.rpartition("-")[2]})
        + (rules.redefined() if article == "article-1" else "") + block({"lines": lines})
        for article, lines in articles.items()
    }  # fmt: skip
    source = archived(texts.values())
    texts |= {"article-1.lp": rules.text(name), _SOURCE: source,
              "instrument.yaml": header.format("instrument") + _instrument(policy, name, source, list(articles))}  # fmt: skip
    files = {folder / file: text for file, text in texts.items()}
    # What is repealed changes results: no known case is still right then.
    files[case] = draft_case(policy, name, [] if ended else gone, cases)
    return Scaffold(files, _steps(name, folder, case), (name,), policy.instrument["id"])


def archived(articles: Any) -> str:
    """The text that article files print, given their contents in order."""
    documents = [read(_SOURCE, text, text_only=False, nfc=False) for text in articles]
    return "".join(f"{text}\n" for document in documents for text, _, whole in printed(document) if whole)


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


# ---- What is asked for ------------------------------------------------------------------------------


def within(name: str, target: str) -> bool:
    return name == target or name.startswith(target + ".")


def tree(policy: Policy, target: str) -> list[Line]:
    return [line for line in policy.text if line.id and within(line.id, target)]


def _check(policy: Policy, wanted: Wanted) -> None:
    options = [(target, "--replace") for target in wanted.replaced] + [(target, "--repeal") for target in wanted.repealed]
    places = [*options, *((after, "--insert-after") for after, _ in wanted.inserted)]
    if not places:
        raise invalid(Location("--replace"), "nothing-changed")
    for target, option in places:
        at = Location(option)
        lines = tree(policy, target)
        if not lines:
            if by := next((change for name, change in policy.repealed.items() if within(name, target)), None):
                raise invalid(at, "already-repealed", found=target, by=by.number, clause=by.clause)
            provision_of(policy, target, option)
        if "words" in lines[0].entry:
            whole = _whole(policy, lines[0])
            raise invalid(at, "part-of-line", found=target, whole=whole.id)
    for number, (target, option) in enumerate(options):
        for other, _ in options[:number]:
            if within(target, other) or within(other, target):
                raise invalid(Location(option), "overlapping-changes", found=target, other=other)
    for after, new in wanted.inserted:
        if any(within(after, target) for target in wanted.repealed):
            raise invalid(Location("--insert-after"), "overlapping-changes", found=after, other=after)
        if new:
            shaped(new, r"[\wđ]+(\.[\wđ]+)*", "--insert-after")
            if new in policy.provisions or new.rpartition(".")[0] != after.rpartition(".")[0]:
                raise invalid(Location("--insert-after"), "not-beside", found=new, after=after)
    names = [new or next_id(policy, after) for after, new in wanted.inserted]
    for number, new in enumerate(names):
        if new in names[:number]:
            raise invalid(Location("--insert-after"), "overlapping-changes", found=new, other=new)


def _whole(policy: Policy, part: Line) -> Line:
    """The printed line that a part quotes from."""
    above = [line for line in policy.text[: policy.text.index(part)] if "words" not in line.entry]
    return above[-1]


def next_id(policy: Policy, after: str) -> str:
    """The id of a unit inserted behind another: the next number or letter at the end, else as Vietnamese laws do: 5a, a1."""
    parent, _, last = after.rpartition(".")
    used = [*(line.id for line in policy.text if line.id), *policy.repealed]
    end = max(index for index, line in enumerate(policy.text) if line.id and within(line.id, after))
    beside = {len(line.id.split(".")) for line in policy.text[end + 1 :] if line.id and parent and within(line.id, parent)}
    at_end = not beside if parent else not any(re.match(r"\d", line.id) for line in policy.text[end + 1 :] if line.id)

    def following(last: str) -> str:
        if match := re.fullmatch(r"(\d+)([a-yđ])", last):
            return match[1] + _next_letter(match[2])
        if match := re.fullmatch(r"([a-zđ]+)(\d+)", last):
            return match[1] + str(int(match[2]) + 1)
        if last.isdigit():
            return str(int(last) + 1) if at_end else f"{last}a"
        return _next_letter(last) if at_end and last in _ORDER else f"{last}1"

    while True:
        last = following(last)
        new = f"{parent}.{last}" if parent else last
        if not any(within(name, new) for name in used):
            return new


def _next_letter(letter: str) -> str:
    return next((other for other in _ORDER[_ORDER.index(letter) + 1 :] if other in _LETTERS), f"{letter}1")


# ---- The text of the draft --------------------------------------------------------------------------


_TOLD = {
    "article-1": "#\n"
    "# Lời văn, dữ kiện và nghĩa vụ dưới `lines` chép từ văn bản hiện hành: sửa thành lời văn mới; chỗ trong ngoặc vuông\n"
    "# phải viết.\n"
    "# Sửa xong lời văn thì `cchc new source <mã dự thảo>` viết lại bản lưu và mã băm của dự thảo.\n",
}  # fmt: skip
_EFFECT: list[Entry] = [{
    "clause": "2",
    "text": "Điều 2. Hiệu lực thi hành. Quyết định này có hiệu lực kể từ ngày ký. [Người soạn viết: áp dụng từ khi nào, "
            "việc đã giải quyết trước đó xử lý thế nào.]",
    "en": "Article 2. Effect. This Decision takes effect on the day of its signing. [To write: from when it applies, what "
          "happens to matters already settled.]",
}]  # fmt: skip


def _changing(policy: Policy, wanted: Wanted) -> list[Entry]:
    """The lines of the article that changes the text."""
    number = policy.instrument["number"]
    entries: list[Entry] = [
        {"heading": policy.instrument["issuer"]["vi"].upper()}, {"heading": "DỰ THẢO"}, {"heading": "QUYẾT ĐỊNH"},
        {"heading": _title(policy)["vi"]}, {"heading": f"Điều 1. Sửa đổi, bổ sung một số điều của văn bản số {number}"},
    ]  # fmt: skip

    def clause(vi: str, en: str, changes: list[Entry]) -> None:
        count = sum("clause" in entry for entry in entries) + 1
        entries.append({"clause": f"1.{count}", "text": f"{count}. {vi}", "en": f"{count}. {en}", "changes": changes})

    for target in wanted.replaced:
        vi, en = (provision_name(target, lang) for lang in ("vi", "en"))
        clause(f"Sửa đổi, bổ sung {vi} như sau:", f"To amend {en} as follows:",
               [{"replace": [target], "lines": _whole_text(policy, target)}])
    for after, given in wanted.inserted:
        new = given or next_id(policy, after)
        vi, en = (provision_name(after, lang) for lang in ("vi", "en"))
        above = new.rpartition(".")[0]
        # "khoản 3 vào sau khoản 2 Điều 17": what both lie in is said once.
        short = provision_name(new, "vi").removesuffix(f" {provision_name(above, 'vi')}" if above else "")
        clause(f"Bổ sung {short} vào sau {vi} như sau:", f"To insert {provision_name(new, 'en')} after {en} as follows:",
               [{"insert_after": after, "lines": _to_write(policy, after, new)}])  # fmt: skip
    for target in wanted.repealed:
        vi, en = (provision_name(target, lang) for lang in ("vi", "en"))
        clause(f"Bãi bỏ {vi}.", f"To repeal {en}.", [{"repeal": [target]}])
    return entries


def _whole_text(policy: Policy, target: str) -> list[Entry]:
    """The lines of a provision as they stand, with the headings that go with it."""
    found = [place for place, line in enumerate(policy.text) if line.id and within(line.id, target)]
    return [dict(policy.text[place].entry) for place in places_of(policy.text, target, found)]


def _to_write(policy: Policy, after: str, new: str) -> list[Entry]:
    """The place of a new provision, under its label."""
    steps = new.split(".")
    last = steps[-1]
    label = f"{last}. "
    if re.fullmatch(r"[a-zđ]\d*", last):
        label = f"{last}) " if not re.fullmatch(r"p\d+", last) else ""
    elif any(re.fullmatch(r"[a-zđ]\d*", step) for step in steps[1:-1]):
        label = "- "
    entry = {
        "id": new, "text": f"{label}[Người soạn viết: lời văn của {provision_name(new, 'vi')}]",
        "en": f"{label}[To write: the text of {provision_name(new, 'en')}]",
        "kind": tree(policy, after)[-1].entry["kind"], "evaluable": "judgement",
        "reason": {"vi": "[Người soạn viết: vì sao không có gì để tính; xóa `reason` khi đã có quy tắc, dữ kiện hay nghĩa vụ]",
                   "en": "[To write: why nothing is computed; drop `reason` once there is a rule, a fact or a duty]"},
    }  # fmt: skip
    if len(steps) > 1:
        return [entry]
    whole = {**entry, "text": entry["text"].removeprefix(label), "en": entry["en"].removeprefix(label)}
    return [{"heading": f"Điều {new}. [Người soạn viết: tên điều]"}, whole]


def _title(policy: Policy) -> Mapping[str, str]:
    number, title = policy.instrument["number"], policy.instrument["title"]
    return {"vi": f"Sửa đổi, bổ sung một số điều của {title['vi']} (văn bản số {number})",
            "en": f"Amending and supplementing a number of articles of {title['en']} ({number})"}  # fmt: skip


def _instrument(policy: Policy, name: str, source: str, articles: list[str]) -> str:
    head = block({"id": name, "number": f"dự thảo {name}", "title": _title(policy), "issuer": policy.instrument["issuer"],
                  "amends": policy.instrument["id"]})  # fmt: skip
    tail = block({
        "notice": {"vi": f"dự thảo {name} đang soạn, chưa phải văn bản của cơ quan nào",
                   "en": f"draft {name} is being written and is not a text of any authority"},
        "source": {"file": _SOURCE, "sha256": digest(source)}, "articles": articles,
    })  # fmt: skip
    told = f"# Dự thảo chưa ký: không có signed, effective_from. `cchc … --with {name}` coi như dự thảo đã có hiệu lực.\n"
    return head + told + tail


# ---- What to do next ----------------------------------------------------------------------------------


def _steps(name: str, folder: Path, case: Path) -> list[tuple[str, str]]:
    shown = display_path(folder)
    return [
        (f"viết lời văn mới trong {shown}/article-1.yaml, article-2.yaml (text, en); sửa dữ kiện, nghĩa vụ theo lời văn",
         f"write the new text in {shown}/article-1.yaml, article-2.yaml (text, en); make facts and duties follow it"),
        (f"cchc new source {name}: viết lại {_SOURCE} và mã băm theo lời văn ấy",
         f"cchc new source {name}: writes {_SOURCE} and its hash anew from that text"),
        (f"sửa quy tắc trong {shown}/article-1.lp; lời văn quyết định một cách hiểu thì thêm dữ kiện reading dưới điều khoản",
         f"change the rules in {shown}/article-1.lp; where the text decides a reading, add a fact reading under the provision"),
        (f"viết ca trong {display_path(case)}", f"write cases in {display_path(case)}"),
        *((command, command) for command in (f"cchc lint; cchc test {display_path(case)}",
                                             f"cchc diff policies policies --with {name}; cchc evaluate data/… --with {name}")),
    ]  # fmt: skip


def amended(root: Path, instrument: str) -> None:
    """Refuses an instrument that is none. Raises Invalid."""
    bases = [key for key, one in instruments(root).items() if "amends" not in one.data and not one.draft]
    if instrument not in bases:
        raise invalid(Location("--amends"), "unknown-instrument", found=instrument, hint=nearest(instrument, bases),
                      allowed=listed(bases))  # fmt: skip
