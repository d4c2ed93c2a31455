"""Where there are no verdicts, output says why, and what that does not mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]


def cchc(*arguments: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "cchc", *arguments]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code
    return " ".join((done.stdout or done.stderr).split())


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_items_not_known_to_be_assigned_are_not_listed(format_: str) -> None:
    asked = ["evaluate", "data/thanh-hoa-2024", "--verdict", "must_explain", "--format", format_]
    assert "Phải giải trình: chỉ liệt kê theo nội dung đã biết là được giao; 20 đơn vị" in cchc(*asked)
    assert "20 đơn vị" not in cchc("evaluate", "data/thanh-hoa-2024", "--verdict", "class", "--format", format_)
    known = cchc("evaluate", "data/thai-binh-minh-hoa", "--year", "2023", "--verdict", "committee_report")
    assert "chỉ liệt kê" not in known


def test_explain_says_so_too() -> None:
    asked = ["explain", "data/thanh-hoa-2024", "--unit", "so-noi-vu", "--verdict", "criticism", "--lang", "en"]
    assert "listed for items known to be assigned only" in cchc(*asked)


def test_a_year_before_the_regulation_is_named() -> None:
    shown = cchc("evaluate", "data/thai-binh-minh-hoa", "--year", "2020")
    assert "Không có kết quả nào. Văn bản không áp dụng cho năm 2020." in shown
    assert "--as-of" not in shown
    assert "không áp dụng" not in cchc("evaluate", "data/thai-binh-minh-hoa", "--year", "2021")


def test_a_status_that_needs_a_day_says_so() -> None:
    asked = ["evaluate", "data/thai-binh-minh-hoa", "--year", "2024", "--verdict", "report_status"]
    assert "Tình trạng báo cáo của Sở Nội vụ: phải có ngày xem xét mới rõ; thêm --as-of" in cchc(*asked)
    assert "thêm --as-of" not in cchc(*asked, "--as-of", "2025-05-20")


@pytest.mark.parametrize("format_", ["csv", "markdown"])
def test_sensitivity_refuses_formats_that_it_does_not_have(format_: str) -> None:
    told = cchc("evaluate", "data/thanh-hoa-2024", "--sensitivity", "--format", format_, code=2)
    assert told.startswith(f"--format: --sensitivity không in được dạng “{format_}”; chọn: table, json")


def test_a_column_without_content_is_left_out() -> None:
    command = [sys.executable, "-m", "cchc", "evaluate", "data/thai-binh-minh-hoa", "--year", "2023", "--format", "markdown"]
    shown = subprocess.run(command, cwd=TOP, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    tables = [[line for line in part.splitlines() if line.startswith("| ")] for part in shown.split("\n## ")[1:]]
    without = [header for header, *_ in tables if "căn cứ" not in header]
    assert without and len(without) < len(tables)
    assert all(any(not row.endswith("— |") for row in rows) for header, _, *rows in tables if header not in without)


def test_the_cascade_is_called_advice_once() -> None:
    shown = cchc("evaluate", "data/thai-binh-minh-hoa", "--year", "2023", "--profile", "cascade")
    assert shown.count("chỉ để tham khảo") == 1
