"""The playground in Chromium: the verdicts of the engine, links, case files, bad input."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.axe import violations
from browser.drawn import VERSIONS, cases, engine, verdicts
from repository import COMMAND

pytestmark = pytest.mark.xdist_group("playground")

Visit = Callable[..., Any]
CASES = 300
TOPS = {"vi": "", "en": "en/"}
SOLVE = """async (one) => {
  const page = globalThis.playground;
  await page.take(one);
  return page.found.map(({ listed, evaluation }) => ({ id: listed.id,
    certain: [...evaluation.certain.values()].map((atom) => [atom.name, atom.values]),
    possible: [...evaluation.possible.values()].map((atom) => [atom.name, atom.values]) }));
}"""


TOOK = """performance.getEntriesByName('playground-solved').at(-1).startTime
  - performance.getEntriesByName('playground-changed').at(-1).startTime"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


def solved(visit: Visit, path: str = "playground/", **options: Any) -> Any:
    page = visit(path, **options)
    page.wait_for_selector("#playground[data-solved]")
    return page


def found_by(page: Any, case: dict[str, Any]) -> dict[str, dict[str, set[tuple[str, tuple[str | int, ...]]]]]:
    answers = page.evaluate(SOLVE, case)
    return {
        answer["id"]: {status: {(name, tuple(values)) for name, values in answer[status]} for status in ("certain", "possible")}
        for answer in answers
    }


def test_random_cases_get_the_verdicts_of_the_engine_under_both_texts(visit: Visit) -> None:
    page = solved(visit)
    opened = 0
    for case in cases(CASES):
        found = found_by(page, case)
        assert found.keys() == VERSIONS.keys()
        for name, policy in VERSIONS.items():
            expected = verdicts(engine(policy, case))
            assert found[name] == expected, (name, case)
            opened += bool(expected["possible"])
    assert opened > CASES // 4  # there is a point in it


def test_times(site: str, browser: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Printed, not asserted: they depend on what else the machine does. No request is intercepted here, as that takes time."""
    page = browser.new_page()
    page.goto(f"{site}/limits/")  # the start of the browser is not that of the page
    page.goto(f"{site}/playground/")
    page.wait_for_selector("#playground[data-literal]")
    page.wait_for_timeout(1000)  # nobody finds a field sooner
    marked = "name => performance.getEntriesByName(`playground-${name}`)[0].startTime"
    first, both = (page.evaluate(marked, name) for name in ("first", "solved"))
    changes = []
    for points in ("91", "85", "79.5", "60", "59.99", "88", "92.25", "81", "70", "86"):
        page.evaluate("globalThis.playground.running")
        field(page, "Chỉ số năm 2024").fill(points)
        page.evaluate("globalThis.playground.running")
        changes.append(page.evaluate(TOOK))
    page.close()
    assert 0 < first < both
    with capsys.disabled():
        print(f"\nplayground: first verdict after {first:.0f} ms, those of both texts after {both:.0f} ms, "
              f"a change after {min(changes):.0f}–{max(changes):.0f} ms")  # fmt: skip


def case_file(page: Any) -> str:
    page.evaluate("globalThis.playground.output.replaceChildren()")
    page.click(".pg-case")
    page.wait_for_selector(".pg-yaml")
    return str(page.input_value(".pg-yaml"))


def field(page: Any, label: str) -> Any:
    return page.get_by_label(label, exact=True).first


def test_a_link_holds_the_whole_case(visit: Visit) -> None:
    page = solved(visit)
    for case in cases(9):
        page.evaluate(SOLVE, case)
        page.click(".pg-share")
        address = page.input_value(".pg-link")
        expected = page.evaluate("structuredClone(globalThis.playground.one)")
        again = solved(visit, address.partition("/playground/")[2].join(("playground/", "")))
        assert again.evaluate("globalThis.playground.one") == expected
        again.context.close()


def test_the_address_stays_that_of_the_case_on_the_page(visit: Visit) -> None:
    address = "location.href"  # `page.url` comes a moment later
    page = solved(visit)
    assert "#" not in page.evaluate(address), "nothing is written into the address before somebody shares"
    page.click(".pg-share")
    field(page, "Chỉ số năm 2024").fill("77.7")
    again = solved(visit, page.evaluate(address).partition("/playground/")[2].join(("playground/", "")))
    assert again.evaluate("globalThis.playground.one.given") == page.evaluate("globalThis.playground.one.given")
    assert field(again, "Chỉ số năm 2024").input_value() == "77.7"
    page.get_by_role("button", name="Ví dụ", exact=True).click()
    assert "#" not in page.evaluate(address)


def test_verdicts_stay_where_the_comparison_beside_them_takes_too_long(visit: Visit) -> None:
    page = solved(visit)
    page.wait_for_selector("#playground[data-literal]")
    page.evaluate("""async () => {
      const { TooLong } = await import(new URL("engine.js", globalThis.playground.base));
      const { engine } = globalThis.playground;
      const solve = engine.solve.bind(engine);
      let asked = 0;
      engine.solve = (...question) => (++asked > 4 ? Promise.reject(new TooLong()) : solve(...question));
    }""")
    field(page, "Chỉ số năm 2024").fill("77.7")
    page.locator(".pg-literal", has_text="tính quá lâu").first.wait_for()
    assert page.locator(".pg-verdict").count() and not page.locator(".pg-alert").count()


@pytest.mark.parametrize(
    "fragment", ["c=", "c=abc", "c=WzEsIjIwMjQi", "c=%C4%90", "c=WzksIjIwMjQiLCJhIiwiZGVmYXVsdCIse30se30se30se31d"]
)
def test_a_broken_link_says_so(visit: Visit, fragment: str) -> None:
    page = solved(visit, f"playground/#{fragment}")
    page.locator(".pg-message", has_text="Liên kết này bị hỏng").first.wait_for()
    assert page.locator(".pg-verdict").count()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_unit_of_a_dataset_is_loaded_with_its_provenance_and_copied_as_a_case_that_passes(
    visit: Visit, folder: Path, lang: str
) -> None:
    page = solved(visit, TOPS[lang] + "playground/")
    page.wait_for_selector(".pg-load select")
    values = page.eval_on_selector_all(".pg-load option", "options => options.map(option => option.value)")
    assert len(values) > 20
    for number, value in enumerate(values[:: max(1, len(values) // 6)]):
        page.select_option(".pg-load select", value)
        page.click(".pg-load button")
        page.wait_for_selector(f"#playground[data-loaded='{value}']")
        about = page.inner_text(".pg-pane:first-child")
        assert ("minh họa" in about.lower() or "illustrative" in about.lower()) == value.startswith("thai-binh-minh-hoa")
        copied = case_file(page)
        path = folder / f"{lang}-{number}.yaml"
        path.write_text(copied, encoding="utf-8")
        result = subprocess.run([COMMAND, "test", path], capture_output=True, text=True, check=False)
        assert result.returncode == 0, (value, result.stdout, result.stderr)


def test_a_case_file_of_a_changed_form_passes(visit: Visit, folder: Path) -> None:
    page = solved(visit)
    field(page, "Chỉ số năm 2024").fill("91.25")
    page.select_option(".pg-readings select >> nth=0", "literal")
    page.click("text=Thêm nội dung")
    path = folder / "changed.yaml"
    path.write_text(case_file(page), encoding="utf-8")
    result = subprocess.run([COMMAND, "test", path], capture_output=True, text=True, check=False)
    assert result.returncode == 0, (path.read_text(), result.stdout, result.stderr)


@pytest.mark.parametrize(("label", "typed", "sentence"), [
    ("Điểm", "4.5", "điểm 4.5 lớn hơn điểm tối đa 4; sửa một trong hai"),
    ("Điểm", "3,5", "“3,5”: dùng dấu chấm thay dấu phẩy: 3.5"),
    ("Điểm", "3.12345", "“3.12345” có quá bốn chữ số thập phân"),
    ("Điểm", "ba", "“ba” không phải số"),
    ("Tối đa", "0", "phải lớn hơn 0"),
    ("Tối đa", "", "có điểm thì phải ghi điểm tối đa"),
    ("Chỉ số năm 2024", "-1", "“-1” không phải số"),
    ("Chỉ số năm 2024", "85,5", "dùng dấu chấm thay dấu phẩy: 85.5"),
])  # fmt: skip
def test_bad_input_is_told_what_to_do(visit: Visit, label: str, typed: str, sentence: str) -> None:
    page = solved(visit)
    field(page, label).fill(typed)
    page.wait_for_selector("[aria-invalid=true]")
    page.locator(".pg-message", has_text=sentence).wait_for()
    page.locator(".pg-wrong", has_text=sentence).wait_for()
    page.locator(".pg-verdict").first.wait_for(state="detached")  # no verdict on figures that are not those shown
    field(page, label).fill("3" if label != "Chỉ số năm 2024" else "85")
    page.wait_for_selector(".pg-verdict")
    assert page.locator("[aria-invalid=true]").count() == 0


def test_a_bad_year_and_an_empty_name_are_told(visit: Visit) -> None:
    page = solved(visit)
    year = field(page, "Năm Chỉ số")
    year.fill("24")
    year.press("Tab")
    page.wait_for_selector("[aria-invalid=true]")
    page.locator(".pg-message", has_text="ghi bốn chữ số").first.wait_for()
    year.fill("2101")
    year.press("Tab")
    page.wait_for_selector("text=“2101” ngoài khoảng 1990 đến 2100")
    assert page.locator(".pg-verdict").count() == 0
    year.fill("2024")
    year.press("Tab")
    page.wait_for_selector(".pg-verdict")
    name = page.get_by_label("Đơn vị (mã hoặc tên, không ghi tên người)")
    name.fill("")
    name.press("Tab")
    page.locator(".pg-wrong", has_text="ghi mã hoặc tên đơn vị").first.wait_for()


def settled(page: Any) -> None:
    page.evaluate("globalThis.playground.running")


def enter_year(page: Any, year: str) -> None:
    control = field(page, "Năm Chỉ số")
    control.fill(year)
    control.press("Tab")
    settled(page)
    page.evaluate("document.querySelectorAll('details.pg-more').forEach((one) => { one.open = true; })")


def test_a_change_of_holder_is_told_of_its_own_year_only(visit: Visit) -> None:
    page = solved(visit)
    enter_year(page, "2024")
    changed = "Năm {} đã đổi người đứng đầu so với năm trước"
    field(page, changed.format(2024)).check()
    for year in ("2023", "2025"):
        enter_year(page, year)
        assert page.get_by_label(changed.format(year), exact=True).count() == 0
        assert "Sở A, 2024, appointed, pg-2" in page.inner_text(".pg-form")
    enter_year(page, "2024")
    assert field(page, changed.format(2024)).is_checked()
    assert "pg-2" not in page.inner_text(".pg-form")


def test_what_was_copied_does_not_outlive_a_change(visit: Visit) -> None:
    page = solved(visit)
    case_file(page)
    field(page, "Chỉ số năm 2024").fill("55")
    settled(page)
    assert page.locator(".pg-yaml").count() == 0


def test_no_case_file_without_verdicts_of_its_own_figures(visit: Visit) -> None:
    page = solved(visit)
    page.evaluate("() => { globalThis.playground.engine.solve = () => Promise.reject(new Error('stopped')); }")
    field(page, "Chỉ số năm 2024").fill("95")
    page.wait_for_selector("text=stopped")
    page.evaluate("globalThis.playground.caseFile()")
    assert page.locator(".pg-yaml").count() == 0


def test_no_case_file_without_a_text(visit: Visit) -> None:
    page = solved(visit)
    for box in page.locator(".pg-choice input").all():
        box.uncheck()
    page.click(".pg-case")
    page.wait_for_selector("text=Chưa chọn văn bản nào")
    assert page.locator(".pg-yaml").count() == 0


REAL = {"title": {"vi": "Chỉ số đã công bố", "en": "Index"}, "provenance": "published"}


def linked(visit: Visit, **changes: Any) -> Any:
    """The page opened with a link to its example, changed."""
    page = solved(visit)
    fragment = page.evaluate("""async (changes) => {
      const { toFragment } = await import(new URL("case.js", globalThis.playground.base));
      return toFragment(globalThis.playground.vocabulary, { ...globalThis.playground.one, ...changes });
    }""", changes)  # fmt: skip
    return solved(visit, f"playground/#{fragment}")


def test_figures_of_a_link_are_not_called_published(visit: Visit) -> None:
    page = linked(visit, source=REAL)
    page.locator(".pg-pane:first-child", has_text="Chỉ số đã công bố").first.wait_for()
    assert page.locator(".pg-provenance").count() == 0
    page.locator(".pg-message", has_text="trang này không đối chiếu").first.wait_for()


def test_changed_figures_are_not_called_published(visit: Visit) -> None:
    page = solved(visit)
    page.evaluate("(source) => globalThis.playground.take({ ...globalThis.playground.one, source })", REAL)
    page.locator(".pg-provenance", has_text="số liệu đã công bố").first.wait_for()
    field(page, "Chỉ số năm 2024").fill("55")
    settled(page)
    assert page.locator(".pg-provenance").count() == 0
    page.locator(".pg-pane:first-child", has_text="đã sửa so với bộ số liệu").first.wait_for()


@pytest.mark.parametrize("changes", [
    {"profile": "mine"}, {"profile": "constructor"}, {"readings": {"empty": "never"}}, {"readings": {"mine": "yes"}},
    {"labels": {"I": None}}, {"source": {"provenance": "true"}}, {"source": {"sources": {"a": None}}}, {"year": 2024},
])  # fmt: skip
def test_a_link_that_says_what_the_page_does_not_know_is_broken(visit: Visit, changes: dict[str, Any]) -> None:
    page = linked(visit, **changes)
    page.locator(".pg-message", has_text="Liên kết này bị hỏng").first.wait_for()


def test_names_that_every_object_of_javascript_has_are_names_like_others(visit: Visit) -> None:
    page = solved(visit)
    name = field(page, "Đơn vị (mã hoặc tên, không ghi tên người)")
    name.fill("constructor")
    name.press("Tab")
    settled(page)
    assert page.locator("[aria-invalid]").count() == 0
    page.evaluate("""() => { globalThis.playground.one.given.cause[0].cause = "constructor"; globalThis.playground.show(); }""")
    page.wait_for_selector("[aria-invalid]")


def test_an_empty_form_says_what_to_enter(visit: Visit) -> None:
    page = solved(visit)
    page.click("text=Xóa hết")
    page.wait_for_selector("text=Biểu mẫu chưa có số liệu nào")


def test_without_javascript_a_sentence_says_what_to_do(visit: Visit) -> None:
    page = visit("playground/", java_script_enabled=False)
    assert "JavaScript đang tắt" in page.inner_text("#playground")


def test_without_webassembly_a_sentence_says_what_to_do(visit: Visit) -> None:
    page = visit("en/playground/", prepare=lambda page: page.add_init_script("delete globalThis.WebAssembly"))
    page.wait_for_selector("text=has no WebAssembly")


@pytest.mark.parametrize("missing", ["**/clingo.wasm", "**/vocabulary.json"])
def test_files_that_do_not_load_are_named(visit: Visit, missing: str) -> None:
    page = visit("playground/", prepare=lambda page: page.route(missing, lambda route: route.abort()), flawed=True)
    page.wait_for_selector("text=Không tải được bộ giải hoặc các quy tắc")


def test_proofs_and_why_nots_open_with_quotations_and_links(visit: Visit) -> None:
    page = solved(visit)
    page.click("[data-version='in-force'] .pg-main summary")
    page.wait_for_selector(".pg-main blockquote")
    assert page.get_attribute(".pg-main a.pg-cite", "href") == "../law/17.1.p1/"
    page.click("[data-version='in-force'] .pg-why summary")
    page.wait_for_selector(".pg-why blockquote")
    page.locator(".pg-why", has_text="cần 90").first.wait_for()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_and_a_narrow_screen(visit: Visit, lang: str, scheme: str) -> None:
    page = solved(visit, TOPS[lang] + "playground/", viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page.click(".pg-main summary >> nth=0")
    page.wait_for_selector(".pg-main blockquote")
    page.click(".pg-why summary >> nth=0")
    page.wait_for_selector(".pg-why blockquote")
    page.click(".pg-readings summary")
    page.click(".pg-case")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not violations(page, scheme)


def test_the_page_can_be_used_by_keyboard(visit: Visit) -> None:
    page = solved(visit)
    field(page, "Chỉ số năm 2024").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("95")
    summary = page.locator(".pg-card summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".pg-card").first.get_attribute("open") is None
