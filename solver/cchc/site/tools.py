"""Pages on the tool itself: the command line, the Python API, the index frameworks."""

from __future__ import annotations

import argparse
import inspect
import re
from typing import Any

import cchc
from cchc import frameworks
from cchc.cli import parser
from cchc.framework_page import markdown
from cchc.site.book import Book
from cchc.site.page import Page, plain

COMMANDS, API, FRAMEWORKS = "cli.md", "api.md", "index-frameworks.md"


def commands_page(book: Book) -> Page:
    """Every command with its arguments and options, as `--help` has them."""
    page = Page(book, COMMANDS)
    page.heading(1, page.say("cli-title"), "cli")
    page.paragraph(page.say("cli-intro"))
    page.heading(2, page.say("exit-codes"), "exit-codes")
    page.bullets(f"`{code}` {page.say(f'exit-{code}')}" for code in range(5))
    for action in parser(book.lang)._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                _command(page, name, command)
    return page


def _command(page: Page, name: str, command: Any) -> None:
    page.heading(2, f"`cchc {name}`", f"cchc-{name}")
    page.paragraph(plain(f"{command.description[:1].upper()}{command.description[1:]}.") if command.description else "")
    rows = []
    for action in command._actions:
        shown = ", ".join(action.option_strings) or str(action.metavar or action.dest)
        if action.option_strings and action.nargs != 0:
            shown += f" {action.metavar or '|'.join(map(str, action.choices or ())) or action.dest.upper()}"
        rows.append([f"`{shown}`", plain(action.help or "")])
    page.table([page.say("option"), page.say("meaning")], rows)


def api_page(book: Book) -> Page:
    """The names that `import cchc` offers."""
    page = Page(book, API)
    page.heading(1, page.say("api-title"), "api")
    page.paragraph(page.say("api-intro"))
    example = inspect.cleandoc(cchc.__doc__ or "")
    page.fence("python", "\n".join(line.removeprefix(">>> ") for line in re.findall(r"^\s*(>>> .+)$", example, re.M)))
    for name in cchc.__all__:
        one = getattr(cchc, name)
        page.heading(2, f"`{name}`", f"api-{name}")
        if inspect.isfunction(one):
            page.fence("python", f"{name}{_signature(one)}")
        _documented(page, one)
        if inspect.isclass(one):
            fields = getattr(one, "_fields", ())
            if fields:
                page.paragraph(f"{page.say('fields')}: {', '.join(f'`{field}`' for field in fields)}")
            for key, member in vars(one).items():
                function = member.__func__ if isinstance(member, classmethod) else member
                if not key.startswith("_") and inspect.isfunction(function):
                    page.heading(3, f"`{name}.{key}`", f"api-{name}.{key}")
                    page.fence("python", f"{key}{_signature(function)}")
                    _documented(page, function)
    return page


def _signature(function: Any) -> str:
    return re.sub(r"<function (\w+) at \w+>", r"\1", str(inspect.signature(function)))


def _documented(page: Page, one: Any) -> None:
    for block in inspect.cleandoc(one.__doc__ or "").split("\n\n"):
        if block and ">>>" not in block:
            page.paragraph(f'<span lang="en">{plain(block)}</span>' if page.lang != "en" else plain(block))


def frameworks_page(book: Book) -> Page | None:
    """The page on the index frameworks in this language; none for a policy that has no such file."""
    if not (book.policy.root / frameworks.FILE).is_file():
        return None
    page = Page(book, FRAMEWORKS)
    page.add(markdown(frameworks.load(book.policy.root), book.lang).rstrip("\n"))
    return page
