"""The words of the explorer, Vietnamese and English."""

from __future__ import annotations

from cchc.site.words import WORDS
from cchc.text import in_language

EXPLORER: dict[str, tuple[str, str]] = WORDS | {
    "explorer-title": ("Tra cứu kết quả", "Explorer"),
    "explorer-intro": (
        "Mỗi bộ số liệu có một trang tổng quan và một trang cho mỗi đơn vị: xếp loại từng năm, chứng minh mở được đến "
        "từng điều "
        "khoản và từng dòng số liệu, dữ kiện còn thiếu nếu kết quả mới là *có thể*, và vì sao không đạt mức cao hơn.",
        "Every dataset has an overview and a page for each unit: the class of every year, a proof that unfolds down to "
        "provisions "
        "and rows of data, what is still missing where a verdict is only *possible*, and why not the next better class.",
    ),
    "explorer-warning": (
        "Không trang nào ở đây là kết luận về một cơ quan hay một người. Bộ số liệu Thái Bình không có số liệu thật ở "
        "cấp đơn vị; "
        "bộ của tỉnh khác chỉ là bài tập. Mỗi trang ghi rõ số liệu của nó là gì.",
        "No page here is a verdict on any agency or person. No real figures at unit level exist for the province; "
        "datasets of other "
        "provinces are exercises. Every page says what its figures are.",
    ),
    "more-grounds": ("{n} căn cứ nữa cho cùng kết luận", "{n} more grounds for the same conclusion"),
    "made-up": ("minh họa", "illustrative"),
    "exercise": ("bài tập", "exercise"),
    "about-data": ("Số liệu của trang này", "The figures of this page"),
    "units-years": ("{units} đơn vị, {years}", "{units} units, {years}"),
    "overview": ("Tổng quan", "Overview"),
    "all-units": ("Mọi đơn vị", "All units"),
    "by-year": ("Xếp loại theo năm", "Classes by year"),
    "by-class": ("Ai ở mức nào", "Who is in which class"),
    "grid": ("Từng đơn vị, từng năm", "Every unit, every year"),
    "grid-hint": (
        "Mỗi ô dẫn đến trang của đơn vị, đúng năm đó.",
        "Every cell leads to the year on the page of the unit.",
    ),
    "grid-lines": (
        "Đường nhỏ: Chỉ số qua các năm, mỗi đơn vị một thang riêng.",
        "Small lines: the index over the years, each on its own scale.",
    ),
    "spread": ("Chỉ số của các đơn vị", "Indices of the units"),
    "spread-caption": (
        "Mỗi chấm là một đơn vị, đặt theo Chỉ số; vạch đứng là các ngưỡng của văn bản ({lines}). Số của từng đơn vị ở "
        "trang của nó.",
        "Each dot is a unit at its index; the upright lines are the thresholds of the text ({lines}). Figures are on "
        "the unit pages.",
    ),
    "spread-says": (
        "{label}: {n} đơn vị, từ {low} đến {high}, trung vị {middle}",
        "{label}: {n} units, {low} to {high}, median {middle}",
    ),
    "bars-caption": (
        "Số đơn vị ở mỗi mức, theo năm.",
        "Number of units in each class, by year.",
    ),
    "unit": ("Đơn vị", "Unit"),
    "total": ("Tổng", "Total"),
    "kind-several": ("nhiều mức cùng lúc", "several at once"),
    "kind-gap": ("không xếp được loại", "no class applies"),
    "kind-open": ("chưa rõ", "not settled"),
    "kind-none": ("không có kết quả", "no verdict"),
    "state-open": ("chưa rõ: có thể {named}", "not settled: possibly {named}"),
    "state-gap": ("không xếp được loại: {named}", "no class applies: {named}"),
    "state-none": ("không có kết quả xếp loại", "no class and no gap"),
    "index": ("Chỉ số", "Index"),
    "figures": ("Chỉ số và điểm", "Index and scores"),
    "index-chart": ("Chỉ số của {unit}", "Index of {unit}"),
    "index-caption": (
        "Chỉ số theo năm; vạch ngang là các ngưỡng của văn bản.",
        "Index by year; the lines across are the thresholds of the text.",
    ),
    "no-index": ("Bộ số liệu không có Chỉ số của đơn vị này.", "The dataset has no index of this unit."),
    "items-title": ("Nội dung chủ trì", "Items in charge"),
    "items-caption": (
        "Điểm so với điểm tối đa (đường đứt ở trên) qua các năm. Tam giác: năm giảm điểm. Chấm nhỏ: năm đơn vị phụ trách.",
        "Points against the maximum (dashed line on top) over the years. Triangle: a year in which it fell. Small "
        "dots: years in charge.",
    ),
    "no-items": ("Không có nội dung nào chắc chắn do đơn vị này chủ trì.", "There is no item that this unit certainly leads."),
    "of-most": ("{points}/{most}", "{points}/{most}"),
    "fell": ("giảm", "fell"),
    "unknown": ("không rõ", "unknown"),
    "not_announced": ("chưa công bố", "not announced"),
    "years": ("Các năm", "Years"),
    "level": ("Xếp loại", "Class"),
    "nothing-yet": (
        "Không có kết quả nào cho năm này: {reason}.",
        "There are no verdicts for this year: {reason}.",
    ),
    "no-rule-year": ("không quy tắc nào của văn bản áp dụng", "no rule of the text applies"),
    "no-verdicts-years": ("{years}: không có kết quả", "{years}: no verdicts"),
    "proof": ("Chứng minh", "Proof"),
    "what-settles": ("Cần biết gì thì rõ", "What would settle it"),
    "why-not-next": ("Vì sao không: {sentence}?", "Why not: {sentence}?"),
    "more-verdicts": ("Kết quả chi tiết ({n})", "Details ({n})"),
    "rests-on": ("Căn cứ", "It rests on"),
    "apparatus": ("Căn cứ được dẫn trên trang này", "What this page refers to"),
    "readings-used": ("Cách hiểu", "Readings"),
    "items-named": ("Nội dung", "Items"),
    "sources-title": ("Số liệu từ đâu", "Where the figures come from"),
    "table-rows": ("{n} dòng", "{n} rows"),
    "province-verdicts": ("Kết quả không gắn với một đơn vị", "Verdicts about no single unit"),
    "trend-count": (
        "Tăng, giảm điểm của từng nội dung: xem biểu đồ ở trang của đơn vị chủ trì ({n} kết quả).",
        "Rises and falls of each item: see the charts on the page of the unit in charge ({n} verdicts).",
    ),
    "profile-used": ("Cách hiểu mặc định; xem {link}.", "Default readings; see {link}."),
    "outside-scope": ("{year}: ngoài phạm vi áp dụng của văn bản", "{year}: outside the scope of the text"),
    "previous": ("trước", "previous"),
    "next": ("sau", "next"),
    "legend": ("Ký hiệu", "Key"),
}


def told(lang: str, key: str, **words: object) -> str:
    return in_language(EXPLORER[key], lang).format(**words)
