"""Words and layout for people: provisions by their Vietnamese names, tables and paragraphs that fit a terminal."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Sequence

LAW = "law"
"""The folder of the site that holds the pages of provisions."""
WORDS: dict[str, tuple[str, str]] = {
    "certain": ("chắc chắn", "certain"),
    "possible": ("có thể", "possible"),
    "published": ("số liệu đã công bố", "published figures"),
    "derived": ("số liệu suy ra", "derived figures"),
    "illustrative": ("số liệu minh họa", "illustrative figures"),
    "year": ("Năm", "Year"),
    "status": ("tình trạng", "status"),
    "rests-on": ("căn cứ", "rests on"),
    "shared": ("Căn cứ chung", "All rest on"),
    "notice": ("LƯU Ý", "NOTE"),
    "profile": ("bộ cách hiểu", "profile"),
    "changed": ("đặt khác", "changed"),
    "policy": ("quy định", "policy"),
    "data": ("dữ liệu", "data"),
    "not-listed": ("Không in", "Not listed"),
    "use-verdict": ("dùng --verdict để in", "use --verdict to list them"),
    "literal-differs": (
        "Theo đúng câu chữ (literal), kết quả khác ở",
        "Taken literally (profile literal), verdicts differ for",
    ),
    "default-only": ("chỉ khi theo mặc định", "default only"),
    "literal-only": ("chỉ khi theo câu chữ", "literal only"),
    "no-verdicts": ("Không có kết quả nào.", "No verdicts."),
    "out-of-scope": ("Văn bản không áp dụng cho năm {years}.", "The instrument does not apply to {years}."),
    "needs-day": ("{titles}: phải có ngày xem xét mới rõ; thêm --as-of", "{titles}: needs a day of review; add --as-of"),
    "known-items-only": (
        "{titles}: chỉ liệt kê theo nội dung đã biết là được giao; {count} đơn vị chưa rõ hết được giao những gì, nên để trống "
        "không có nghĩa là không có trường hợp nào.",
        "{titles}: listed for items known to be assigned only; what {count} units are in charge of is not completely known, so "
        "that an empty list does not mean that there is no case.",
    ),
    "advisory": ("chỉ để tham khảo, không phải kết quả đánh giá", "advice only, not a verdict"),
    "verdict": ("KẾT QUẢ", "VERDICT"),
    "because": ("vì", "because"),
    "not": ("không có việc", "not"),
    "looked-at": ("đã xét quy tắc của", "looked at"),
    "no-row": ("không có dòng nào trong dữ liệu", "no such row in the data"),
    "every": ("đã xét đủ {n} trường hợp, đều đạt", "all {n} cases were checked and hold"),
    "nothing": ("không có trường hợp nào phải xét", "there is no case to check"),
    "reading": ("cách hiểu", "reading"),
    "words": ("theo lời văn", "on the words"),
    "assume": ("giả định", "assuming"),
    "assume-between": ("{item}, năm {year}: điểm {range}", "{item}, {year}: score {range}"),
    "equals": ("bằng {a}", "equal to {a}"),
    "between": ("giữa {a} và {b}", "between {a} and {b}"),
    "over": ("trên {a}", "over {a}"),
    "under": ("dưới {a}", "under {a}"),
    "at-least": ("từ {a}", "at least {a}"),
    "at-most": ("không quá {a}", "at most {a}"),
    "and": (" và ", " and "),
    "about": ("khoảng {a}", "about {a}"),
    "above": ("xem ở trên", "see above"),
    "share": ("bằng {a} điểm tối đa (ví dụ)", "{a} of the maximum (for example)"),
    "example-world": (
        "Chưa chắc chắn: đúng trong ít nhất một cách điền dữ liệu còn thiếu, chẳng hạn",
        "Not certain: it holds in at least one completion of the missing data, such as",
    ),
    "different-grounds": (
        "Chắc chắn trong mọi cách điền dữ liệu còn thiếu, trên những căn cứ khác nhau; căn cứ chung: {common}.",
        "Certain in every completion of the missing data, on different grounds; in common: {common}.",
    ),
    "case": ("Trường hợp {n}/{all}, chẳng hạn khi", "Case {n} of {all}, for example if"),
    "reading-changes": ("{name}: {now} → {value} ({n} kết quả khác)", "{name}: {now} → {value} ({n} verdicts differ)"),
    "no-effect": ("Không ảnh hưởng tới bộ dữ liệu này", "Without effect on this dataset"),
    "none": ("không có", "none"),
    "settled-by": ("Sẽ rõ khi biết", "Settled once known"),
    "settled-by-more": (
        "Cần biết nhiều dữ kiện, trong số: {names}",
        "Many facts are needed, among: {names}",
    ),
    "then-holds": ("có, nếu", "it holds if"),
    "then-not": ("không, nếu", "it does not if"),
    "nothing-chosen": ("không phát sinh dữ kiện này", "there is no such fact"),
    "no-such-row": ("không có dòng này", "there is no such row"),
    "why-not": ("VÌ SAO KHÔNG", "WHY NOT"),
    "example-gap": (
        "Dữ liệu còn thiếu: dưới đây xét một cách điền mà kết quả này không có, với giả định",
        "Data are missing: what follows is one completion in which it does not hold, assuming",
    ),
    "unmet": ("chưa đạt", "unmet"),
    "lacks": ("không có", "there is no"),
    "holds": ("lẽ ra không được có", "should not hold but does"),
    "way": ("cách {n} trong {all} [{cites}], chưa đạt:", "way {n} of {all} [{cites}], unmet:"),
    "short": ("{found}, cần {needed}: còn thiếu {difference}", "{found}, {needed} needed: short by {difference}"),
    "short-more": ("{found}, cần hơn {needed}: còn thiếu {difference}", "{found}, over {needed} needed: short by {difference}"),
    "over-by": ("{found}, giới hạn {needed}: vượt {difference}", "{found}, limit {needed}: over by {difference}"),
    "not-more": ("{found}, cần hơn {needed}: bằng nhau", "{found}, over {needed} needed: equal"),
    "not-less": ("{found}, cần dưới {needed}: bằng nhau", "{found}, under {needed} needed: equal"),
    "share-more": ("tỷ lệ trên điểm tối đa không tăng", "the share of the maximum did not rise"),
    "share-below": ("tỷ lệ trên điểm tối đa thấp hơn", "the share of the maximum is lower"),
    "share-less": ("tỷ lệ trên điểm tối đa không giảm", "the share of the maximum did not fall"),
    "false": ("không đúng: {left} {operator} {right}", "not so: {left} {operator} {right}"),
    "holds-already": ("Kết quả này có, chắc chắn:", "It does hold, for certain:"),
    "holds-possibly": ("Kết quả này chưa chắc chắn, nhưng có thể có.", "It is not certain, but possible."),
    "no-rule": ("Không quy tắc nào cho kết quả này ở đây.", "No rule gives this verdict here."),
    "some": ("{name} nào đó", "some {name}"),
    "some-value": ("một giá trị nào đó", "some value"),
    "not-exercised": ("chưa có ca nào dùng tới", "exercised by no case"),
    "gaps": ("chỗ chưa có ca nào dùng tới", "places exercised by no case"),
    "passed": ("ca đạt", "passed"),
    "failed": ("ca không đạt", "failed"),
    "review-title": ("Rà soát thay đổi quy định", "Review of a change of policy"),
    "review-gaps": ("Khoảng trống và tính chất của văn bản", "Gaps and properties of the text"),
    "review-impact": ("Tác động trên số liệu có sẵn", "Impact on the data at hand"),
    "review-cases": ("Ca kiểm thử", "Cases"),
    "review-quotations": ("Nguyên văn", "Quotations"),
    "review-diff": ("Khác nhau", "The difference"),
    "review-proofs": ("Chứng minh, cũ và mới", "Proofs, old and new"),
    "summary-text": (
        "Thay đổi lời văn của {texts} điều khoản, {facts} dữ kiện, {duties} nghĩa vụ và {rules} quy tắc (cũ hoặc mới), "
        "{readings} cách hiểu, {others} chỗ khác.",
        "The words of {texts} provisions, {facts} facts, {duties} duties and {rules} rules (old or new), {readings} readings, "
        "{others} other places change.",
    ),
    "summary-impact": (
        "Trên {datasets} bộ dữ liệu, {moved} kết quả (cũ hoặc mới) đổi, đối với {whom} đơn vị hoặc nội dung; {kept} kết quả "
        "giữ nguyên{data}.",
        "On {datasets} datasets {moved} verdicts (old or new) change, about {whom} units or items; {kept} are the same{data}.",
    ),
    "summary-gaps": (
        "{closed} khoảng trống được lấp, {opened} phát hiện mới, {left} còn lại: {verdict}.",
        "{closed} gaps close, {opened} findings are new, {left} are left: {verdict}.",
    ),
    "summary-person": ("**cần người xem xét** ({reasons})", "**a person is needed** ({reasons})"),
    "summary-clear": ("không có gì phải dừng lại để xem xét", "nothing stops the change"),
    "summary-data": ("; chính số liệu của {n} bộ cũng đổi", "; the data of {n} datasets change as well"),
    "data-new": ("bộ số liệu mới", "a new dataset"),
    "data-gone": ("bộ số liệu bị bỏ", "a dataset that is gone"),
    "data-changed": ("số liệu đổi", "data that change"),
    "reason-unlisted": ("{n} phát hiện không còn trong hồ sơ", "{n} findings that the dossier does not have"),
    "reason-cases": ("{n} ca bị bỏ", "{n} cases dropped"),
    "reason-readings": (
        "{n} cách hiểu bị bỏ hoặc đổi giá trị mà không có văn bản",
        "{n} readings gone or changed without a document",
    ),
    "reason-earlier": ("{n} tệp của văn bản còn áp dụng cho năm trước", "{n} files of a text that rules over earlier years"),
    "reason-provenance": ("{n} bộ số liệu ghi khác về nguồn gốc", "{n} datasets that tell another origin of their figures"),
    "reason-datasets": ("{n} bộ số liệu bị bỏ", "{n} datasets dropped"),
    "reason-gaps": ("{n} phát hiện mới", "{n} new findings"),
    "reason-dropped": ("{n} phát hiện không còn được kiểm tra", "{n} findings no longer looked for"),
    "reason-rules": ("{n} quy tắc mới chưa có ca", "{n} new rules without a case"),
    "reason-quotations": ("{n} trích dẫn sai nguyên văn", "{n} drifted quotations"),
    "gaps-opened": ("Phát hiện mới", "New findings"),
    "gaps-closed": ("Được lấp", "Closed"),
    "gaps-dropped": (
        "Không còn được kiểm tra như trước: tính chất hoặc không gian tìm đã đổi hoặc bị bỏ",
        "No longer looked for as before: the property or its space changed or is gone",
    ),
    "gaps-left": ("Còn lại", "Left"),
    "no-data": (
        "Không có gì khác nhau, hoặc không có bộ dữ liệu nào thuộc văn bản này.",
        "Nothing differs, or no dataset comes under this text.",
    ),
    "impact-counts": ("{moved} thay đổi; {kept} kết quả giữ nguyên.", "{moved} changes; {kept} verdicts are the same."),
    "whom": ("về", "about"),
    "cases-changed": ("ca đổi kết quả mong đợi", "cases whose expectation changed"),
    "cases-regiven": ("ca đổi số liệu, kết quả mong đợi giữ nguyên", "cases whose data changed, with the same expectation"),
    "cases-new": ("ca mới", "new cases"),
    "cases-gone": ("ca bị bỏ", "cases dropped"),
    "cases-uncovered": ("quy tắc mới mà không ca nào dùng tới", "new rules that no case exercises"),
    "quotations-checked": (
        "Đã so {n} trích dẫn với bản lưu; {drifted} sai.",
        "{n} quotations compared with the archived texts; {drifted} drifted.",
    ),
    "no-difference": ("không có gì khác nhau", "nothing is different"),
    "meaning": ("KHÁC NHAU VỀ KẾT QUẢ, theo cách hiểu mặc định", "DIFFERENT IN RESULT, by the default readings"),
    "proved-equal": (
        "đã chứng minh là như nhau trên mọi dữ liệu (trong các không gian của properties/spaces)",
        "proved equal on all data (of the spaces in properties/spaces)",
    ),
    "not-comparable": (
        "không chứng minh được: hai bên đọc số liệu khác nhau (vocabulary.yaml)",
        "nothing is proved: the two read data differently (vocabulary.yaml)",
    ),
    "not-compared": (
        "chưa chứng minh, cũng chưa bác bỏ: trên dữ liệu này hai bên chỉ khác ở số của điều khoản",
        "neither proved nor refuted: on this data the two only differ in the number of a provision",
    ),
    "headings": ("ĐỀ MỤC", "HEADINGS"),
    "settings": ("GHI KHÁC", "WRITTEN DIFFERENTLY ELSEWHERE"),
    "files": ("TỆP ĐÃ ĐỔI (từng chữ: git diff)", "FILES THAT CHANGED (word by word: git diff)"),
    "old": ("cũ", "old"),
    "new": ("mới", "new"),
    "facts": ("dữ kiện", "facts"),
    "duties": ("nghĩa vụ", "duties"),
    "rules": ("quy tắc", "rules"),
    "readings": ("CÁCH HIỂU", "READINGS"),
    "decided": ("văn bản đã quyết định:", "now decided by the text:"),
    "rules-of-others": ("số quy tắc của các giá trị khác được bỏ", "rules of other values dropped"),
    "inserted": ("bổ sung", "inserted"),
    "removed": ("không còn", "removed"),
    "amended": ("sửa đổi", "amended"),
    "renumbered": ("đổi số", "renumbered"),
    "same-text": ("lời văn giữ nguyên", "same text"),
    "no-provision": ("không dẫn điều khoản", "cites no provision"),
    "when": ("khi", "when"),
    "for-all": ("với mọi trường hợp", "for all cases where"),
    "not-so": ("không phải là", "it is not so that"),
    "any": ("bất kỳ", "any"),
    "any-such": ("một {column} bất kỳ", "any {column}"),
    "version": ("văn bản", "text"),
    "in-force-from": ("có hiệu lực từ", "in force from"),
    "with-draft": ("cùng dự thảo", "with the draft"),
    "draft": ("dự thảo, chưa có hiệu lực", "a draft, not in force"),
    "consolidated": (
        "bản hợp nhất do máy lập để tra cứu, không thay thế văn bản chính thức",
        "consolidated by machine for reference; it does not replace the official texts",
    ),
    "scope-ends": ("từ ngày {day} ngoài phạm vi áp dụng: {reason}", "out of scope from {day}: {reason}"),
    "repealed": ("được bãi bỏ", "repealed"),
    "note-insert_after": ("được bổ sung theo {clause} của {number} ({when})", "inserted by {clause} of {number} ({when})"),
    "note-replace": ("được sửa đổi, bổ sung theo {clause} của {number} ({when})", "amended by {clause} of {number} ({when})"),
    "note-repeal": ("được bãi bỏ theo {clause} của {number} ({when})", "repealed by {clause} of {number} ({when})"),
    "note-substitute": (
        "được thay thế cụm từ theo {clause} của {number} ({when})",
        "words substituted by {clause} of {number} ({when})",
    ),
    "note-renumber": ("được đổi thứ tự theo {clause} của {number} ({when})", "renumbered by {clause} of {number} ({when})"),
    "missing": ("thiếu", "missing"),
    "extra": ("thừa", "unexpected"),
    "uncited": ("không dẫn", "does not cite"),
    "valid": ("hợp lệ", "valid"),
    "rows": ("dòng", "rows"),
    "clean": ("không có lỗi", "no findings"),
    "findings": ("lỗi", "findings"),
    "warning": ("cảnh báo", "warning"),
    "to-do": ("Việc tiếp theo:", "What to do next:"),
    "lint-left": ("cchc lint còn báo, cho đến khi viết xong:", "cchc lint still says, until the rest is written:"),
    "add-policies": (
        "Thư mục quy định không phải thư mục mặc định: thêm --policies {root} vào các lệnh cchc.",
        "This is not the default policies folder: add --policies {root} to cchc commands.",
    ),
    "property": ("tính chất", "property"),
    "outcome": ("kết luận", "outcome"),
    "verifying": ("tính chất của chính văn bản, xét trên mọi dữ liệu", "properties of the text itself, over all data"),
    "proved": ("đã chứng minh", "proved"),
    "refuted": ("bị bác bỏ: {n} phát hiện", "refuted: {n} findings"),
    "rules-fire": ("Mọi quy tắc đều có lúc áp dụng", "Every rule can fire"),
    "readings-matter": ("Mọi giá trị của mỗi cách hiểu đều làm đổi kết quả nào đó", "Every value of every reading matters"),
    "numbers-matter": ("Mọi con số của văn bản đều có dữ liệu ở cả hai phía", "Every number of the text decides something"),
    "check-passed": ("đúng", "holds"),
    "check-failed": ("không đúng với {n}", "fails for {n}"),
    "witness": ("ca minh họa", "witness"),
    "not-listed-yet": ("chưa có trong hồ sơ known-gaps.yaml", "not yet in known-gaps.yaml"),
    "verified": ("mọi phát hiện đều đã có trong hồ sơ", "every finding is in the dossier"),
    "mismatches": ("chỗ không khớp", "mismatches"),
}


def in_language(words: tuple[str, str], lang: str) -> str:
    """Of words in Vietnamese and English, those of a language."""
    return words[0 if lang == "vi" else 1]


def say(key: str, lang: str) -> str:
    return in_language(WORDS[key], lang)


def provision_name(provision: str, lang: str) -> str:
    """A provision id as a lawyer says it, from the smallest unit up: gạch đầu dòng … điểm … khoản … Điều …."""
    parts = provision.split(".")
    if parts[0] == "r":
        return {"vi": "tiêu đề Quy định", "en": "heading of the Regulation"}[lang]
    decision = parts[0] == "qd"
    if decision:
        parts = parts[1:]
    if parts[0] == "cc":
        return {"vi": f"căn cứ thứ {parts[1]} của Quyết định", "en": f"recital {parts[1]} of the Decision"}[lang]
    names = [("Điều {}" if lang == "vi" else "Article {}").format(parts[0])]
    lettered = False
    for part in parts[1:]:
        if match := re.fullmatch(r"p(\d+)", part):
            pattern = "đoạn {}" if lang == "vi" else "paragraph {}"
            part = match[1]
        elif part == "def":
            pattern, part = ("cụm từ viết tắt", "") if lang == "vi" else ("definition", "")
        elif re.fullmatch(r"[a-zđ]\d*", part):
            pattern, lettered = ("điểm {}" if lang == "vi" else "point {}"), True
        elif part == "0":
            pattern = "câu dẫn" if lang == "vi" else "lead-in"
        elif lettered:
            pattern = "gạch đầu dòng thứ {}" if lang == "vi" else "dash {}"
        elif names and names[-1] in {"cụm từ viết tắt", "definition"}:
            names[-1] += f" {part}"
            continue
        else:
            pattern = "khoản {}" if lang == "vi" else "clause {}"
        names.append(pattern.format(part))
    if decision:
        names[0] += " Quyết định" if lang == "vi" else " of the Decision"
    return " ".join(reversed(names)) if lang == "vi" else ", ".join(names)


def provision_address(site: str, provision: str) -> str:
    """The page of a provision on a site."""
    return f"{site.rstrip('/')}/{LAW}/{provision}/"


def paragraph(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrapped lines, the first with one prefix, the others with another."""
    if text and len(first) + len(text) <= width and text == " ".join(text.split()):
        return [first + text]  # most lines of a proof; the general way is slow
    return [*_wrapped(text, width, first, rest)] or [first.rstrip()]


@functools.lru_cache(10_000)  # the same provisions are quoted in many proofs
def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_long_words=True,
                         break_on_hyphens=False)  # fmt: skip


def table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """An aligned table no wider than `width`; long cells wrap inside their column."""
    count = len(header)
    natural = [max(len(row[i]) for row in [header, *rows]) for i in range(count)]
    room = width - 2 * (count - 1)
    widths = list(natural)
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    lines: list[str] = []
    for row in [header, *rows]:
        cells = [[cell] if len(cell) <= size else textwrap.wrap(cell, size, break_on_hyphens=False)
                 for cell, size in zip(row, widths, strict=True)]  # fmt: skip
        for index in range(max(map(len, cells))):
            lines.append("  ".join((cell[index] if index < len(cell) else "").ljust(size)
                                   for cell, size in zip(cells, widths, strict=True)).rstrip())  # fmt: skip
        if row is header:
            lines.append("  ".join("-" * size for size in widths))
    return lines
