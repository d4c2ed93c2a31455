"""The generated pages: complete, with one skeleton, every link and anchor there, the same in both languages."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from cchc.policy import Policy
from cchc.problems import Invalid
from cchc.site import pages, write
from cchc.site.examples import choose, read_examples
from cchc.site.provision import SECTIONS

TOP = Path(__file__).parents[1]
POLICY = Policy.load()
LANGUAGES = ("vi", "en")
EXAMPLES = read_examples(sorted((Path(__file__).parent / "cases").glob("*.yaml")))
LINK = re.compile(r"(?<!\\)\]\(([^()\s]*)\)")


@cache
def made(lang: str) -> dict[str, str]:
    return pages(POLICY, lang)


def anchors(path: str, text: str) -> set[str]:
    found = set(re.findall(r"\{#([^ }]+).*\}$", text, re.M)) | set(re.findall(r'\sid="([^"]+)"', text))
    if path.startswith("source/"):
        found |= {f"L{number}" for number in range(1, text.count("\n"))}
    return found


def test_both_languages_have_the_same_pages() -> None:
    assert list(made("vi")) == list(made("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_provision_id_is_an_anchor_of_its_page_and_of_its_article(lang: str) -> None:
    articles = "\n".join(text for path, text in made(lang).items() if path.endswith("/index.md"))
    assert len(POLICY.provisions) == 125
    for name in POLICY.provisions:
        assert f"{{#{name}}}" in made(lang)[f"law/{name}.md"].split("\n## ")[0]
        assert f'id="{name}"' in articles, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_link_leads_to_a_page_and_an_anchor_that_exist(lang: str) -> None:
    found = {path: anchors(path, text) for path, text in made(lang).items()}
    count = 0
    for path, text in made(lang).items():
        outside_code = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
        for target in LINK.findall(outside_code):
            if re.match(r"[a-z]+:", target):
                continue
            page, _, anchor = target.partition("#")
            page = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else path
            assert page in found, (path, target)
            assert not anchor or anchor in found[page], (path, target)
            count += 1
    assert count > 4000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_provisions_have_one_skeleton_in_one_order(lang: str) -> None:
    for name in POLICY.provisions:
        headings = re.findall(r"^## .* \{#([^ }]+).*\}$", made(lang)[f"law/{name}.md"], re.M)
        assert headings == list(SECTIONS), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_section_is_empty(lang: str) -> None:
    for name in POLICY.provisions:
        for section in re.split(r"^## ", made(lang)[f"law/{name}.md"], flags=re.M)[1:]:
            assert section.partition("\n")[2].strip(), (name, section)


def test_a_reader_of_point_b_learns_why_the_maximum_was_not_enough() -> None:
    """The page itself says it: the question, the literal value, an example, the gap with its reason and its witness."""
    vi, en = (made(lang)["law/17.1.b.md"] for lang in LANGUAGES)
    assert "Nội dung đang đạt điểm tối đa, không thể tăng thêm, có đáp ứng yêu cầu" in vi
    assert "`strict` (đúng câu chữ): Phải tăng đúng như câu chữ, kể cả khi đã đạt điểm tối đa." in vi
    assert "theo câu chữ không có mức nào, vì không thể tăng thêm" in vi
    assert "Does an item that is at its maximum, and so cannot rise, satisfy the requirement" in en
    assert "`strict` (literal): The item must have risen" in en
    assert "literally no class, for they cannot rise" in en
    case = vi[vi.index("C03") :]
    assert re.search(r"\*\*đúng câu chữ\*\* → .*không xếp được loại", case)
    assert re.search(r"\*\*theo mặc định\*\* → .*hoàn thành tốt nhiệm vụ", case)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_drafts_are_shown_as_not_in_force_where_they_change_something(lang: str) -> None:
    words = {"vi": "Dự thảo, chưa có hiệu lực", "en": "A draft, not in force"}[lang]
    touched = [name for name in POLICY.provisions if words in made(lang)[f"law/{name}.md"]]
    assert "17.1.b" in touched
    assert "5.1.b" not in touched
    assert words in made(lang)["law/draft-2026-minh-hoa.md"]


def test_pages_of_a_language_say_nothing_in_the_other() -> None:
    """The frame of the page, that is: quotations of the text are Vietnamese everywhere."""
    assert "## Nguyên văn" not in "\n".join(made("en").values())
    assert "## The text" not in "\n".join(made("vi").values())


def test_pages_do_not_depend_on_the_process() -> None:
    script = ("import hashlib; from cchc.policy import Policy; from cchc.site import pages; "
              "print(hashlib.sha256(repr(pages(Policy.load(), 'vi')).encode()).hexdigest())")  # fmt: skip
    run = subprocess.run([sys.executable, "-c", script], cwd=TOP, capture_output=True, text=True, check=True,
                         env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"})  # fmt: skip
    assert run.stdout.strip() == hashlib.sha256(repr(made("vi")).encode()).hexdigest()


def test_verdicts_link_to_the_pages_of_what_they_rest_on() -> None:
    """In Markdown provision by provision, in JSON by the address that any id makes; only where a site is named."""
    command = [sys.executable, "-m", "cchc", "evaluate", "data/thai-binh-minh-hoa", "--year", "2022", "--verdict", "class"]
    for form, shown in (("markdown", "[17.1.c.1](https://x.example/law/17.1.c.1/)"),
                        ("json", '"pages": "https://x.example/law/{id}/"')):  # fmt: skip
        for site in ("https://x.example/", ""):
            run = subprocess.run([*command, "--format", form, "--site", site], cwd=TOP, capture_output=True, check=True,
                                 env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
            assert (shown in run.stdout.decode()) == bool(site)


def test_another_instrument_gets_the_same_pages(tmp_path: Path) -> None:
    toy = Policy.load(TOP / "tests" / "toy" / "policies")
    found = pages(toy, "vi", [TOP / "tests" / "toy" / "cases.yaml"])
    for name in toy.provisions:
        assert re.findall(r"^## .* \{#([^ }]+).*\}$", found[f"law/{name}.md"], re.M) == list(SECTIONS)
    write(toy, "vi", tmp_path, [])
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md")} == set(found)
    assert '<a id="' in (tmp_path / "law" / "index.md").read_text(encoding="utf-8")


def test_pages_are_written_all_or_none(tmp_path: Path) -> None:
    toy = Policy.load(TOP / "tests" / "toy" / "policies")
    (tmp_path / "vocabulary.md").mkdir()
    with pytest.raises(Invalid):
        write(toy, "vi", tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == ["vocabulary.md"]


def test_a_verdict_that_a_provision_may_be_behind_is_no_example_against_it() -> None:
    """A case need not say all that its verdicts rest on: what it leaves out does not make a counterexample."""
    predicates = POLICY.vocabulary.predicates
    for name in POLICY.provisions:
        chosen = choose(EXAMPLES, [name], predicates)
        if chosen is not None and chosen.predicate == "class":
            cited = {row["class"] for one in [*chosen.applies, *chosen.depends] for block in one.blocks
                     for row in block.rows("class") if name in row.get("because", ())}  # fmt: skip
            shown = {row["class"] for one in chosen.not_ for block in one.blocks for row in block.rows("class")}
            assert cited.isdisjoint(shown), name
            for one in chosen.depends:
                without = [block for block in one.blocks if cited.isdisjoint(row["class"] for row in block.rows("class"))]
                assert without, (name, one.id)
