"""The command line `cchc`: what it accepts, and how errors leave it. What a command does is in `commands.py`,
`policy_commands.py` and `creation.py`."""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from cchc import commands, creation, policy_commands
from cchc.commands import Exit
from cchc.help import HELP, USAGE
from cchc.messages import MESSAGES
from cchc.problems import Invalid, Location, Problem


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the installed command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A file name that is not UTF-8 is still printed.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    gc.disable()  # a command is short: nothing is worth collecting
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except KeyboardInterrupt:
        code = 130
    gc.freeze()  # nor worth looking through once more when the interpreter ends
    sys.exit(code)


def _run(given: list[str]) -> int:
    lang = "en" if "--lang=en" in given or ("--lang", "en") in pairwise(given) else "vi"
    options = parser(lang).parse_args(given)
    try:
        code = int(options.command(options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        raise
    except OSError as error:  # the disk that standard output goes to is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        commands.complain(Problem(Location("--output"), "not-writable", {"found": error.strerror}).text(options.lang))
        return Exit.INVALID
    except Invalid as error:
        for problem in error.problems:
            commands.complain(problem.text(options.lang))
        return Exit.INVALID


class _Commands:
    """The commands in one language; each adds what it accepts."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.common = argparse.ArgumentParser(add_help=False)
        self.common.add_argument("--lang", choices=["vi", "en"], default="vi", help=self.help("lang"))
        self.common.add_argument("--policies", type=self.path, metavar="DIR", help=self.help("policies"))
        self.parser = argparse.ArgumentParser("cchc", description=self.help("program"))
        self.listed = self.parser.add_subparsers(required=True, metavar="LỆNH" if lang == "vi" else "COMMAND")

    def help(self, key: str) -> str:
        return HELP[key][0 if self.lang == "vi" else 1]

    def message(self, key: str, found: str) -> str:
        return MESSAGES[key][0 if self.lang == "vi" else 1].format(found=found)

    def add(self, name: str, function: object, *parents: argparse.ArgumentParser, among: Any = None) -> argparse.ArgumentParser:
        told = self.help(name) if among is None else self.help(f"new {name}")
        listed = self.listed if among is None else among
        added: argparse.ArgumentParser = listed.add_parser(name, parents=[*parents, self.common], help=told, description=told)
        added.set_defaults(command=function)
        return added

    def option(self, parser: argparse.ArgumentParser, name: str, **how: Any) -> None:
        parser.add_argument(f"--{name}", help=self.help(name), **how)

    def day(self, text: str) -> date:
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(self.message("not-date", text))

    def path(self, text: str) -> Path:
        if not text:  # as an unset variable of a script leaves it: it would mean the present folder
            raise argparse.ArgumentTypeError(self.message("no-path", text))
        return Path(text)

    def pair(self, text: str) -> tuple[str, str]:
        name, separator, value = text.partition("=")
        if not separator:
            raise argparse.ArgumentTypeError(self.message("not-pair", text))
        return name, value

    def version(self) -> argparse.ArgumentParser:
        """What chooses a version of the text."""
        parent = argparse.ArgumentParser(add_help=False)
        self.option(parent, "as-of", type=self.day, metavar="DATE")
        self.option(parent, "with", dest="draft", metavar="DRAFT")
        return parent

    def about_data(self) -> None:
        solving = argparse.ArgumentParser(add_help=False, parents=[self.version()])
        solving.add_argument("dataset", type=self.path, metavar="DATASET", help=self.help("dataset"))
        self.option(solving, "year", type=int, metavar="Y")
        self.option(solving, "profile", default="default", metavar="P")
        self.option(solving, "reading", action="append", default=[], type=self.pair, metavar="ID=VALUE")
        evaluate = self.add("evaluate", commands.evaluate, solving)
        self.option(evaluate, "unit", type=_composed, metavar="U")
        self.option(evaluate, "verdict", action="append", default=[], metavar="V")
        self.option(evaluate, "duties", action="store_true")
        self.option(evaluate, "sensitivity", action="store_true")
        self.option(evaluate, "strict", action="store_true")
        self.option(evaluate, "site", default="", metavar="URL")
        self.option(evaluate, "format", choices=["table", "json", "csv", "markdown"], default="table")
        explain = self.add("explain", commands.explain, solving)
        self.option(explain, "unit", type=_composed, metavar="U", required=True)
        self.option(explain, "verdict", action="append", default=[], metavar="V")
        self.option(explain, "why-not", metavar="V")
        validate = self.add("validate", commands.validate, self.version())
        validate.add_argument("dataset", type=self.path, metavar="DATASET", help=self.help("dataset"))
        export = self.add("export", commands.export, solving)
        self.option(export, "asp", action="store_true", required=True)
        self.option(export, "output", type=self.path, metavar="FILE")

    def about_policies(self) -> None:
        test = self.add("test", policy_commands.test)
        test.add_argument("files", type=self.path, nargs="+", metavar="FILE", help=self.help("files"))
        self.option(test, "coverage", action="store_true")
        self.option(test, "with", dest="draft", metavar="DRAFT")
        lint = self.add("lint", policy_commands.lint)
        self.option(lint, "format", choices=["table", "json", "sarif"], default="table")
        verify = self.add("verify", policy_commands.verify)
        self.option(verify, "format", choices=["table", "json", "sarif"], default="table")
        self.option(verify, "with", dest="draft", metavar="DRAFT")
        self.option(verify, "write", action="store_true")
        self.option(verify, "larger", action="store_true")
        diff = self.add("diff", policy_commands.diff)
        diff.add_argument("old", metavar="OLD", help=self.help("side"))
        diff.add_argument("new", metavar="NEW", help=self.help("side"))
        self.option(diff, "with", dest="draft", metavar="DRAFT")
        self.option(diff, "format", choices=["table", "json", "markdown"], default="table")
        review = self.add("review", policy_commands.review)
        review.add_argument("base", metavar="BASE", help=self.help("side"))
        review.add_argument("head", metavar="HEAD", nargs="?", help=self.help("head"))
        self.option(review, "with", dest="draft", metavar="DRAFT")
        self.option(review, "output", type=self.path, metavar="DIR")
        self.option(review, "dirty", action="store_true")
        docs = self.add("docs", policy_commands.docs)
        docs.add_argument("out", type=self.path, metavar="OUT", help=self.help("out"))
        self.option(docs, "cases", type=self.path, nargs="*", metavar="FILE")
        text = self.add("text", policy_commands.text, self.version())
        self.option(text, "output", type=self.path, metavar="FILE")

    def about_scaffolds(self) -> None:
        new = self.listed.add_parser("new", help=self.help("new"), description=self.help("new"))
        kinds = new.add_subparsers(required=True, metavar="LOẠI" if self.lang == "vi" else "KIND")
        draft = argparse.ArgumentParser(add_help=False)
        self.option(draft, "with", dest="draft", metavar="DRAFT")
        amendment = self.add("amendment", creation.new_amendment, among=kinds)
        amendment.add_argument("id", metavar="ID", help=self.help("draft-id"))
        self.option(amendment, "amends", metavar="INSTRUMENT", required=True)
        for name, shown in (("replace", "P"), ("insert-after", "P[=NEW]"), ("repeal", "P")):
            self.option(amendment, name, action="extend", type=_several, default=[], metavar=shown)
        article = self.add("article", creation.new_article, among=kinds)
        article.add_argument("number", metavar="NN", help=self.help("article-number"))
        self.option(article, "of", metavar="INSTRUMENT")
        rule = self.add("rule", creation.new_rule, draft, among=kinds)
        rule.add_argument("provision", metavar="PROVISION", help=self.help("provision"))
        rule.add_argument("predicate", metavar="PREDICATE", help=self.help("predicate"))
        self.option(rule, "kind", choices=["verdict", "derived", "internal"], default="verdict")
        self.option(rule, "args", metavar="NAME:TYPE,…")
        reading = self.add("reading", creation.new_reading, draft, among=kinds)
        reading.add_argument("id", metavar="ID", help=self.help("reading-id"))
        self.option(reading, "provision", action="extend", type=_several, default=[], metavar="P", required=True)
        self.option(reading, "values", type=_several, metavar="A,B", required=True)
        case = self.add("case", creation.new_case, draft, among=kinds)
        case.add_argument("file", type=self.path, metavar="FILE", help=self.help("files"))
        self.option(case, "id", metavar="X", required=True)
        self.option(case, "year", metavar="Y", required=True)
        source = self.add("source", creation.new_source, among=kinds)
        source.add_argument("id", metavar="DRAFT", help=self.help("draft-id"))


def parser(lang: str) -> argparse.ArgumentParser:
    argparse._ = lambda text: USAGE.get(text, text) if lang == "vi" else text  # type: ignore[attr-defined]
    known = _Commands(lang)
    known.about_data()
    known.about_policies()
    known.about_scaffolds()
    return known.parser


def _composed(text: str) -> str:
    """Codes are compared in composed form (NFC), on whatever system they were typed."""
    return unicodedata.normalize("NFC", text)


def _several(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in _composed(text).split(",")]
