"""The mkdocs hook: the generated pages, and the same navigation in both languages.

The pages are made by `cchc.site.pages`, which knows nothing of mkdocs; `cchc docs` writes the same as files.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from cchc.policy import Policy
from cchc.site import contents

TOP = Path(__file__).parents[1]
_MARK = "language--"
FIRST = "vi"
"""The language of `docs/`; others lie in a folder below it."""
_FINISHED = re.compile(r'<section class="inside" data-search-exclude>.*?</section>', re.S)
"""What a page has of finished HTML, with links to anchors of the same page only."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    lang = str(config.theme["language"])
    made, generated = contents(Policy.load(TOP / "policies"), lang)
    for path, text in made.items():
        if (old := files.get_file_from_path(path)) is not None:
            files.remove(old)
        files.append(File.generated(config, path, content=text))
    if lang != FIRST:
        _shared(files, config, lang)
    labels = config.extra["labels"].get(lang, {})
    config.nav = [*_translated(config.nav or [], labels, files, lang), *generated]
    return files


def _shared(files: Files, config: MkDocsConfig, lang: str) -> None:
    """Files of no language, as they are; every page is there in both (tests/test_docs.py)."""
    first = TOP / "docs"
    for path in sorted(first.rglob("*")):
        name = path.relative_to(first).as_posix()
        is_shared = path.is_file() and path.suffix != ".md" and not name.startswith(f"{lang}/")
        if is_shared and files.get_file_from_path(name) is None:
            files.append(File.generated(config, name, abs_src_path=str(path)))


def _translated(nav: list[Any], labels: dict[str, str], files: Files, lang: str) -> list[Any]:
    """Labels in the language of the site; a page goes by its own title where its label has no translation."""
    found: list[Any] = []
    for entry in nav:
        if not isinstance(entry, dict):
            found.append(entry)
            continue
        ((label, below),) = entry.items()
        if isinstance(below, list):
            found.append({labels.get(label, label): _translated(below, labels, files, lang)})
        else:
            found.append(below if lang != FIRST and label not in labels else {labels.get(label, label): below})
    return found


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Proofs are finished HTML, hundreds of kilobytes a page: three parsers in a row need not read them."""
    kept = page.meta["kept"] = list[str]()

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f'<section data-kept="{len(kept) - 1}"></section>'

    return _FINISHED.sub(keep, markdown)


def on_page_content(html: str, page: Page, **_: object) -> str:
    """Lines of shown files are anchors by their number; all anchors count as such when links are checked."""
    if page.file.src_uri.startswith("source/"):
        html = re.sub(r'(<span id=")L-0-(\d+")', r"\1L\2", html)
    if page.present_anchor_ids is not None:
        page.present_anchor_ids |= set(re.findall(r'\sid="([^"]+)"', html))
    return html


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.extra["alternate"] = [{**one, "link": f"{_MARK}{one['lang']}"} for one in config.extra["languages"]]
    return config


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The same page in every language. mkdocs cannot write an address that leaves its site: until now, marks stand there."""
    here = "" if page.url in {".", "./"} else page.url
    up = "../" * here.count("/") + ("" if config.theme["language"] == FIRST else "../")

    def address(found: re.Match[str]) -> str:
        return f'href="{up}{"" if found[1] == FIRST else found[1] + "/"}{here}"'

    output = re.sub(r'<section data-kept="(\d+)"></section>', lambda found: page.meta["kept"][int(found[1])], output)
    # For every such link in the head, the theme's script would ask each page for a site map of its own.
    output = re.sub(rf'<link rel="?alternate"? href="?[./]*{_MARK}\w+"?[^>]*>', "", output)
    return re.sub(rf'href="?[./]*{_MARK}(\w+)"?', address, output).replace('href=""', 'href="./"')


def on_post_template(output_content: str, **_: object) -> str:
    return re.sub(rf'href="?[./]*{_MARK}\w+"?', 'href="./"', output_content)
