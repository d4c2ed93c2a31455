"""The command line `cchc`, a thin layer on the package."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest

if TYPE_CHECKING:
    from cchc.dataset import Dataset
    from cchc.evaluation import Evaluation, Verdict
    from cchc.policy import Policy
    from cchc.render import Renderer

_HELP = {
    "program": ("Quyết định 3373/QĐ-UBND chạy được: kết quả kèm chứng minh", "Decision 3373/QĐ-UBND, executable: verdicts with proofs"),
    "evaluate": ("kết quả của một bộ dữ liệu", "verdicts of a dataset"),
    "explain": ("chứng minh của các kết quả về một đơn vị", "the proofs of the verdicts about a unit"),
    "test": ("chạy các tệp ca kiểm thử", "run case files"),
    "lint": ("kiểm tra kho quy định", "check the policy repository"),
    "validate": ("kiểm tra một bộ dữ liệu", "check a dataset"),
    "export": ("xuất chương trình logic cho clingo", "export the logic program for stock clingo"),
    "dataset": ("thư mục dữ liệu", "dataset folder"),
    "files": ("các tệp ca", "case files"),
    "year": ("năm Chỉ số", "index year"),
    "unit": ("mã đơn vị", "unit id"),
    "verdict": ("chỉ loại kết quả này (dùng được nhiều lần)", "only this kind of verdict (repeatable)"),
    "as-of": ("ngày xem xét, YYYY-MM-DD", "as of this date, YYYY-MM-DD"),
    "profile": ("bộ cách hiểu", "profile of readings"),
    "reading": ("đặt một cách hiểu: ID=GIÁ_TRỊ", "change one reading: ID=VALUE"),
    "strict": ("mã thoát 4 nếu có kết quả chưa chắc chắn", "exit 4 if a verdict asked for is not certain"),
    "format": ("dạng kết quả", "output format"),
    "lang": ("ngôn ngữ", "language"),
    "policies": ("thư mục policies khác", "another policies folder"),
    "asp": ("chương trình logic", "the logic program"),
    "output": ("ghi ra tệp này", "write to this file"),
    "with": ("coi một dự thảo là có hiệu lực", "put a draft in force"),
}
_USAGE = {
    "usage: ": "cách dùng: ",
    "options": "tùy chọn",
    "positional arguments": "tham số",
    "show this help message and exit": "in hướng dẫn này rồi thoát",
    "%(prog)s: error: %(message)s\n": "%(prog)s: lỗi: %(message)s\n",
    "the following arguments are required: %s": "thiếu tham số: %s",
    "unrecognized arguments: %s": "tham số lạ: %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "lựa chọn không hợp lệ: %(value)r (chọn trong: %(choices)s)",
    "expected one argument": "cần một giá trị",
    "argument %(argument_name)s: %(message)s": "tham số %(argument_name)s: %(message)s",
}


class Exit(IntEnum):
    """Exit codes (contract section 6)."""

    DONE = 0
    CHECK_FAILED = 1
    USAGE = 2
    INVALID = 3
    UNDETERMINED = 4


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the installed command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _run(given: list[str]) -> int:
    lang = "en" if "--lang=en" in given or ("--lang", "en") in zip(given, given[1:], strict=False) else "vi"
    options = _parser(lang).parse_args(given)
    try:
        return int(options.command(options))
    except Invalid as error:
        for problem in error.problems:
            print(problem.text(options.lang), file=sys.stderr)
        return Exit.INVALID


def _parser(lang: str) -> argparse.ArgumentParser:
    if lang == "vi":
        argparse._ = lambda text: _USAGE.get(text, text)  # type: ignore[attr-defined]

    def help_(key: str) -> str:
        return _HELP[key][0 if lang == "vi" else 1]

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=["vi", "en"], default="vi", help=help_("lang"))
    common.add_argument("--policies", type=Path, metavar="DIR", help=help_("policies"))
    solving = argparse.ArgumentParser(add_help=False)
    solving.add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    solving.add_argument("--year", type=int, metavar="Y", help=help_("year"))
    solving.add_argument("--as-of", type=_date, metavar="DATE", help=help_("as-of"))
    solving.add_argument("--profile", default="default", metavar="P", help=help_("profile"))
    solving.add_argument("--reading", action="append", default=[], type=_pair, metavar="ID=VALUE", help=help_("reading"))
    solving.add_argument("--with", dest="draft", metavar="DRAFT", help=help_("with"))
    parser = argparse.ArgumentParser("cchc", description=help_("program"))
    commands = parser.add_subparsers(required=True, metavar="LỆNH" if lang == "vi" else "COMMAND")

    def command(name: str, function: object, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[*parents, common], help=help_(name), description=help_(name))
        added.set_defaults(command=function)
        return added

    evaluate = command("evaluate", _evaluate, solving)
    evaluate.add_argument("--unit", metavar="U", help=help_("unit"))
    evaluate.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    evaluate.add_argument("--strict", action="store_true", help=help_("strict"))
    evaluate.add_argument("--format", choices=["table", "json", "csv", "markdown"], default="table", help=help_("format"))
    explain = command("explain", _explain, solving)
    explain.add_argument("--unit", metavar="U", required=True, help=help_("unit"))
    explain.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    test = command("test", _test)
    test.add_argument("files", type=Path, nargs="+", metavar="FILE", help=help_("files"))
    lint = command("lint", _lint)
    lint.add_argument("--format", choices=["table", "json"], default="table", help=help_("format"))
    validate = command("validate", _validate)
    validate.add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    export = command("export", _export, solving)
    export.add_argument("--asp", action="store_true", required=True, help=help_("asp"))
    export.add_argument("--output", type=Path, metavar="FILE", help=help_("output"))
    return parser


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise ValueError(text)
    return name, value


# ---- Commands ---------------------------------------------------------------------------------------


def _evaluate(options: argparse.Namespace) -> int:
    policy, dataset = _load(options)
    evaluation = _solve(options, policy, dataset, options.profile)
    verdicts, unlisted = _asked(options, evaluation)
    renderer = _renderer(options, evaluation)
    if options.format == "json":
        print(renderer.json([*verdicts, *unlisted] if not options.verdict else verdicts), end="")
    elif options.format == "csv":
        print(renderer.csv([*verdicts, *unlisted] if not options.verdict else verdicts), end="")
    else:
        print((renderer.table if options.format == "table" else renderer.markdown)(verdicts, unlisted), end="")
        if options.profile == "default" and not options.reading and "literal" in policy.profiles:
            literal, _ = _asked(options, _solve(options, policy, dataset, "literal"))
            if difference := renderer.difference(literal, verdicts):
                print(f"\n{difference}", end="")
    return Exit.UNDETERMINED if options.strict and any(v.status == "possible" for v in verdicts) else Exit.DONE


def _explain(options: argparse.Namespace) -> int:
    policy, dataset = _load(options)
    if options.year is None:
        options.year = max(dataset.years)
    evaluation = _solve(options, policy, dataset, options.profile)
    verdicts, _ = _asked(options, evaluation)
    renderer = _renderer(options, evaluation)
    print("\n".join(renderer.heading()))
    if not verdicts:
        print("\n" + renderer.say("no-verdicts"))
    for verdict in verdicts:
        print("\n" + renderer.proof(verdict), end="")
    return Exit.DONE


def _test(options: argparse.Namespace) -> int:
    from cchc.cases import run_file
    from cchc.text import say

    policy = _policy(options)
    passed = failed = 0
    for path in options.files:
        for outcome in run_file(path, policy):
            if not outcome.differences:
                passed += 1
                continue
            failed += 1
            print(f"{outcome.at}: {outcome.case} ({outcome.under}): {outcome.title}")
            for difference in outcome.differences:
                shown = ", ".join(f"{name}: {value}" for name, value in difference.arguments.items())
                cited = f" [{', '.join(difference.provisions)}]" if difference.provisions else ""
                sign = {"missing": "-", "extra": "+", "uncited": "!"}[difference.kind]
                status = say(difference.status, options.lang)
                print(f"  {sign} {say(difference.kind, options.lang)}: {difference.predicate} {{{shown}}} ({status}){cited}")
    print(f"{passed} {say('passed', options.lang)}, {failed} {say('failed', options.lang)}")
    return Exit.CHECK_FAILED if failed else Exit.DONE


def _lint(options: argparse.Namespace) -> int:
    import json

    from cchc.lint import findings
    from cchc.text import say

    policy = _policy(options)
    found = findings(policy)
    if options.format == "json":
        entries = [{"path": f.at.path, "line": f.at.line, "column": f.at.column, "code": f.code, "message": f.text(options.lang)}
                   for f in found]  # fmt: skip
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            print(finding.text(options.lang))
        pending = [provision.id for provision in policy.provisions.values() if provision.pending]
        if pending:
            print(f"{len(pending)} {say('pending', options.lang)}: {', '.join(pending)}")
        print(f"{len(found)} {say('findings', options.lang)}" if found else say("clean", options.lang))
    return Exit.CHECK_FAILED if found else Exit.DONE


def _validate(options: argparse.Namespace) -> int:
    from cchc.dataset import Dataset
    from cchc.text import say

    dataset = Dataset.load(options.dataset, _policy(options))
    _warn(dataset, options.lang)
    for table, rows in dataset.rows.items():
        print(f"{table:24}{len(rows):6} {say('rows', options.lang)}")
    print(f"{dataset.title[options.lang]}: {say('valid', options.lang)}")
    return Exit.DONE


def _export(options: argparse.Namespace) -> int:
    from cchc.evaluation import exported

    policy, dataset = _load(options)
    text = exported(_solve(options, policy, dataset, options.profile))
    if options.output is None:
        print(text, end="")
        return Exit.DONE
    unfinished = options.output.with_name(options.output.name + ".unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(options.output)
    except OSError as error:
        raise invalid(Location(options.output.as_posix()), "not-writable", found=error.strerror) from error
    return Exit.DONE


# ---- What commands share ----------------------------------------------------------------------------


def _policy(options: argparse.Namespace, instrument: str | None = None) -> Policy:
    from cchc.policy import Policy

    return Policy.load(options.policies, instrument)


def _load(options: argparse.Namespace) -> tuple[Policy, Dataset]:
    from cchc.dataset import Dataset, instrument_of

    policy = _policy(options, instrument_of(options.dataset))
    if options.draft is not None:
        raise invalid(Location("--with"), "unknown-draft", found=options.draft, allowed="–")
    dataset = Dataset.load(options.dataset, policy)
    _warn(dataset, options.lang)
    return policy, dataset


def _warn(dataset: Dataset, lang: str) -> None:
    from cchc.text import say

    for problem in dataset.warnings:
        print(f"{say('warning', lang)}: {problem.text(lang)}", file=sys.stderr)


def _solve(options: argparse.Namespace, policy: Policy, dataset: Dataset, profile: str) -> Evaluation:
    from cchc.evaluation import evaluate

    try:
        return evaluate(policy, dataset, years=None if options.year is None else [options.year], profile=profile,
                        readings=dict(options.reading), as_of=options.as_of)  # fmt: skip
    except Invalid as error:
        names = {"year-outside": "--year", "unknown-profile": "--profile", "unknown-reading": "--reading", "unknown-value": "--reading"}
        raise Invalid(Problem(Location(names.get(p.code, p.at.path), p.at.line, p.at.column), p.code, p.details)
                      for p in error.problems) from error  # fmt: skip


def _asked(options: argparse.Namespace, evaluation: Evaluation) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts asked for, and those of detail kinds that only show when asked for."""
    kinds = evaluation.policy.vocabulary.of_kind("verdict")
    for name in options.verdict:
        if name not in kinds:
            raise invalid(Location("--verdict"), "unknown-verdict", found=name, hint=nearest(name, kinds), allowed=listed(kinds, 30))
    units = evaluation.dataset.units()
    if options.unit is not None and options.unit not in units:
        raise invalid(Location("--unit"), "unknown-unit", found=options.unit, hint=nearest(options.unit, units), allowed=listed(units, 40))
    about = [v for v in evaluation.verdicts if options.unit is None or v.arguments.get("unit") == options.unit]
    if options.verdict:
        return [verdict for verdict in about if verdict.predicate in options.verdict], []
    detail = [verdict for verdict in about if kinds[verdict.predicate].option("detail")]
    return [verdict for verdict in about if not kinds[verdict.predicate].option("detail")], detail


def _renderer(options: argparse.Namespace, evaluation: Evaluation) -> Renderer:
    from cchc.render import Renderer

    if not sys.stdout.isatty():
        return Renderer(evaluation, options.lang)
    codes = {"strong": "1", "faint": "2", "warn": "33"}
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    width = min(shutil.get_terminal_size().columns, 120)
    return Renderer(evaluation, options.lang, width, lambda kind, text: text if plain else f"\x1b[{codes[kind]}m{text}\x1b[0m")
