"""The command line `cchc`: what it accepts, and how errors leave it. What a command does is in `commands.py`."""

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
from typing import NoReturn

from cchc import commands
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
    options = _parser(lang).parse_args(given)
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


def _parser(lang: str) -> argparse.ArgumentParser:
    argparse._ = lambda text: USAGE.get(text, text) if lang == "vi" else text  # type: ignore[attr-defined]

    def help_(key: str) -> str:
        return HELP[key][0 if lang == "vi" else 1]

    def day(text: str) -> date:
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(MESSAGES["not-date"][0 if lang == "vi" else 1].format(found=text))

    def pair(text: str) -> tuple[str, str]:
        name, separator, value = text.partition("=")
        if not separator:
            raise argparse.ArgumentTypeError(MESSAGES["not-pair"][0 if lang == "vi" else 1].format(found=text))
        return name, value

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=["vi", "en"], default="vi", help=help_("lang"))
    common.add_argument("--policies", type=Path, metavar="DIR", help=help_("policies"))
    solving = argparse.ArgumentParser(add_help=False)
    solving.add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    solving.add_argument("--year", type=int, metavar="Y", help=help_("year"))
    solving.add_argument("--as-of", type=day, metavar="DATE", help=help_("as-of"))
    solving.add_argument("--profile", default="default", metavar="P", help=help_("profile"))
    solving.add_argument("--reading", action="append", default=[], type=pair, metavar="ID=VALUE",
                         help=help_("reading"))  # fmt: skip
    solving.add_argument("--with", dest="draft", metavar="DRAFT", help=help_("with"))
    parser = argparse.ArgumentParser("cchc", description=help_("program"))
    listed = parser.add_subparsers(required=True, metavar="LỆNH" if lang == "vi" else "COMMAND")

    def command(name: str, function: object, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = listed.add_parser(name, parents=[*parents, common], help=help_(name), description=help_(name))
        added.set_defaults(command=function)
        return added

    evaluate = command("evaluate", commands.evaluate, solving)
    evaluate.add_argument("--unit", type=_composed, metavar="U", help=help_("unit"))
    evaluate.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    evaluate.add_argument("--duties", action="store_true", help=help_("duties"))
    evaluate.add_argument("--sensitivity", action="store_true", help=help_("sensitivity"))
    evaluate.add_argument("--strict", action="store_true", help=help_("strict"))
    evaluate.add_argument("--format", choices=["table", "json", "csv", "markdown"], default="table",
                          help=help_("format"))  # fmt: skip
    explain = command("explain", commands.explain, solving)
    explain.add_argument("--unit", type=_composed, metavar="U", required=True, help=help_("unit"))
    explain.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    explain.add_argument("--why-not", metavar="V", help=help_("why-not"))
    test = command("test", commands.test)
    test.add_argument("files", type=Path, nargs="+", metavar="FILE", help=help_("files"))
    test.add_argument("--coverage", action="store_true", help=help_("coverage"))
    lint = command("lint", commands.lint)
    lint.add_argument("--format", choices=["table", "json", "sarif"], default="table", help=help_("format"))
    validate = command("validate", commands.validate)
    validate.add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    export = command("export", commands.export, solving)
    export.add_argument("--asp", action="store_true", required=True, help=help_("asp"))
    export.add_argument("--output", type=Path, metavar="FILE", help=help_("output"))
    return parser


def _composed(text: str) -> str:
    """Codes are compared in composed form (NFC), on whatever system they were typed."""
    return unicodedata.normalize("NFC", text)
