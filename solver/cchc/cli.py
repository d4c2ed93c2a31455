"""The command line `cchc`, a thin layer on the package."""

# Commands import what they need: clingo and jsonschema would make wrong usage and `--help` slow.

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from enum import IntEnum
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cchc.messages import HELP, MESSAGES, USAGE
from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest

if TYPE_CHECKING:
    from cchc.dataset import Dataset
    from cchc.evaluation import Evaluation
    from cchc.policy import Policy
    from cchc.render import Renderer
    from cchc.vocabulary import Atom

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


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
        _complain(Problem(Location("--output"), "not-writable", {"found": error.strerror}).text(options.lang))
        return Exit.INVALID
    except Invalid as error:
        for problem in error.problems:
            _complain(problem.text(options.lang))
        return Exit.INVALID


def _complain(text: str) -> None:
    """One line on standard error, whatever the input quoted in it holds."""
    print(_CONTROL.sub(" ", text), file=sys.stderr)


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

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=["vi", "en"], default="vi", help=help_("lang"))
    common.add_argument("--policies", type=Path, metavar="DIR", help=help_("policies"))
    solving = argparse.ArgumentParser(add_help=False)
    solving.add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    solving.add_argument("--year", type=int, metavar="Y", help=help_("year"))
    solving.add_argument("--as-of", type=day, metavar="DATE", help=help_("as-of"))
    solving.add_argument("--profile", default="default", metavar="P", help=help_("profile"))
    solving.add_argument("--reading", action="append", default=[], type=partial(_pair, lang), metavar="ID=VALUE",
                         help=help_("reading"))  # fmt: skip
    solving.add_argument("--with", dest="draft", metavar="DRAFT", help=help_("with"))
    checking = argparse.ArgumentParser(add_help=False)
    checking.add_argument("--format", choices=["table", "json"], default="table", help=help_("format"))
    parser = argparse.ArgumentParser("cchc", description=help_("program"))
    commands = parser.add_subparsers(required=True, metavar="LỆNH" if lang == "vi" else "COMMAND")

    def command(name: str, function: object, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added = commands.add_parser(name, parents=[*parents, common], help=help_(name), description=help_(name))
        added.set_defaults(command=function)
        return added

    evaluate = command("evaluate", _evaluate, solving)
    evaluate.add_argument("--unit", type=_composed, metavar="U", help=help_("unit"))
    evaluate.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    evaluate.add_argument("--duties", action="store_true", help=help_("duties"))
    evaluate.add_argument("--sensitivity", action="store_true", help=help_("sensitivity"))
    evaluate.add_argument("--strict", action="store_true", help=help_("strict"))
    evaluate.add_argument("--format", choices=["table", "json", "csv", "markdown"], default="table",
                          help=help_("format"))  # fmt: skip
    explain = command("explain", _explain, solving)
    explain.add_argument("--unit", type=_composed, metavar="U", required=True, help=help_("unit"))
    explain.add_argument("--verdict", action="append", default=[], metavar="V", help=help_("verdict"))
    explain.add_argument("--why-not", metavar="V", help=help_("why-not"))
    test = command("test", _test)
    test.add_argument("files", type=Path, nargs="+", metavar="FILE", help=help_("files"))
    test.add_argument("--coverage", action="store_true", help=help_("coverage"))
    command("lint", _lint, checking)
    verify = command("verify", _verify, checking)
    verify.add_argument("--write", action="store_true", help=help_("write"))
    verify.add_argument("--larger", action="store_true", help=help_("larger"))
    command("validate", _validate).add_argument("dataset", type=Path, metavar="DATASET", help=help_("dataset"))
    export = command("export", _export, solving)
    export.add_argument("--asp", action="store_true", required=True, help=help_("asp"))
    export.add_argument("--output", type=Path, metavar="FILE", help=help_("output"))
    return parser


def _pair(lang: str, text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(MESSAGES["not-pair"][0 if lang == "vi" else 1].format(found=text))
    return name, value


def _composed(text: str) -> str:
    """Codes are compared in composed form (NFC), on whatever system they were typed."""
    return unicodedata.normalize("NFC", text)


# ---- Commands ---------------------------------------------------------------------------------------


def _evaluate(options: argparse.Namespace) -> int:
    from cchc.evaluation import under

    policy, dataset = _load(options)
    kinds = _kinds(options, policy, details=options.format in {"json", "csv"})
    evaluation = _solve(options, policy, dataset, kinds)
    renderer = _renderer(options, evaluation)
    asked = _asked(options, evaluation)
    if options.sensitivity:
        from cchc.robustness import sensitivity, sensitivity_json, sensitivity_text

        show = sensitivity_json if options.format == "json" else sensitivity_text
        print(show(renderer, sensitivity(evaluation), asked), end="")
        return Exit.DONE
    verdicts = [verdict for verdict in evaluation.verdicts if asked(verdict.atom)]
    if options.format in {"json", "csv"}:
        print((renderer.json if options.format == "json" else renderer.csv)(verdicts), end="")
    else:
        answer = evaluation.answer
        unlisted = [] if options.verdict else [atom for atom in answer.certain | answer.possible
                                               if atom.predicate not in evaluation.kinds and asked(atom)]  # fmt: skip
        text = (renderer.table if options.format == "table" else renderer.markdown)(verdicts, unlisted)
        if options.profile == "default" and not options.reading and "literal" in policy.profiles:
            literal = under(evaluation, "literal")
            if difference := renderer.difference(literal, lambda atom: atom.predicate in evaluation.kinds and asked(atom)):
                text += f"\n{difference}"
        print(text, end="")
    listed_kinds = _kinds(options, policy) or ()
    open_ = any(verdict.status == "possible" and verdict.predicate in listed_kinds for verdict in verdicts)
    return Exit.UNDETERMINED if options.strict and open_ else Exit.DONE


def _explain(options: argparse.Namespace) -> int:
    from cchc.robustness import settling_text
    from cchc.shortfall import why_not_text

    policy, dataset = _load(options)
    if options.year is None:
        options.year = max(dataset.years)
    evaluation = _solve(options, policy, dataset, _kinds(options, policy))
    asked = _asked(options, evaluation)
    verdicts = [verdict for verdict in evaluation.verdicts if asked(verdict.atom)]
    renderer = _renderer(options, evaluation)
    if options.why_not is not None:
        print(why_not_text(renderer, options.why_not, options.unit, options.year), end="")
        return Exit.DONE
    print("\n".join(renderer.heading()))
    if not verdicts:
        print("\n" + renderer.say("no-verdicts"))
    for verdict in verdicts:
        print("\n" + renderer.proof(verdict), end="")
        if verdict.status == "possible":
            print("\n".join(settling_text(renderer, verdict.atom)))
    return Exit.DONE


def _test(options: argparse.Namespace) -> int:
    from cchc.cases import Coverage, run_file
    from cchc.text import say

    policy = _policy(options)
    # All files first: results are printed only if every file is in order.
    coverage = Coverage(policy)
    seen = coverage.add if options.coverage else None
    outcomes = [outcome for path in options.files for outcome in run_file(path, policy, seen)]
    failed = sum(1 for outcome in outcomes if outcome.differences)
    for outcome in outcomes:
        if outcome.differences:
            print(f"{outcome.at}: {outcome.case} ({outcome.under}): {outcome.title}")
        for difference in outcome.differences:
            shown = ", ".join(f"{name}: {value}" for name, value in difference.arguments.items())
            cited = f" [{', '.join(difference.provisions)}]" if difference.provisions else ""
            sign = {"missing": "-", "extra": "+", "uncited": "!"}[difference.kind]
            kind, status = say(difference.kind, options.lang), say(difference.status, options.lang)
            print(f"  {sign} {kind}: {difference.predicate} {{{shown}}} ({status}){cited}")
    print(f"{len(outcomes) - failed} {say('passed', options.lang)}, {failed} {say('failed', options.lang)}")
    missed = coverage.missed() if options.coverage else []
    for at, text in missed:
        print(f"{at}: {say('not-exercised', options.lang)}: {' '.join(text.split())}")
    if options.coverage:
        print(f"{len(missed)} {say('gaps', options.lang)}")
    return Exit.CHECK_FAILED if failed or missed else Exit.DONE


def _lint(options: argparse.Namespace) -> int:
    import json

    from cchc.lint import findings
    from cchc.policy import Policy
    from cchc.text import say

    policy = Policy.load(options.policies)
    found = findings(policy)
    if options.format == "json":
        entries = [{"path": f.at.path, "line": f.at.line, "column": f.at.column, "code": f.code,
                    "message": f.text(options.lang)} for f in found]  # fmt: skip
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            print(finding.text(options.lang))
        print(f"{len(found)} {say('findings', options.lang)}" if found else say("clean", options.lang))
    return Exit.CHECK_FAILED if found else Exit.DONE


def _verify(options: argparse.Namespace) -> int:
    from cchc import findings, properties
    from cchc.cache import remembered
    from cchc.checks import all_checks
    from cchc.policy import files_of

    policy = _policy(options)
    files = files_of(options.policies)
    loaded = remembered("properties", files, lambda: properties.load(policy))
    report = findings.report(policy, loaded, remembered("checks", files, lambda: all_checks(policy, loaded)),
                             larger=options.larger, write=options.write)  # fmt: skip
    print((findings.as_json if options.format == "json" else findings.text)(report, options.lang), end="")
    return Exit.CHECK_FAILED if report.failed else Exit.DONE


def _validate(options: argparse.Namespace) -> int:
    from cchc.text import say

    _, dataset = _load(options)
    for table, rows in dataset.rows.items():
        print(f"{table:24}{len(rows):6} {say('rows', options.lang)}")
    print(f"{dataset.title[options.lang]}: {say('valid', options.lang)}")
    return Exit.DONE


def _export(options: argparse.Namespace) -> int:
    from cchc.evaluation import exported
    from cchc.files import write_text

    policy, dataset = _load(options)
    text = exported(_solve(options, policy, dataset, None))
    if options.output is None:
        print(text, end="")
        return Exit.DONE
    write_text(options.output, text)
    return Exit.DONE


# ---- What commands share ----------------------------------------------------------------------------


def _policy(options: argparse.Namespace, instrument: str | None = None) -> Policy:
    from cchc.cache import remembered
    from cchc.policy import Policy, files_of

    def make() -> Policy:
        policy = Policy.load(options.policies, instrument)
        assert policy.rules and policy.sha256  # what takes time is kept, too
        return policy

    return remembered(f"policy_{instrument}", files_of(options.policies), make)


def _load(options: argparse.Namespace) -> tuple[Policy, Dataset]:
    from cchc.cache import remembered
    from cchc.policy import files_of

    if getattr(options, "draft", None) is not None:
        raise invalid(Location("--with"), "unknown-draft", found=options.draft, allowed="–")
    files = [*files_of(options.policies), *sorted(path for path in options.dataset.glob("*") if path.is_file())]
    policy, dataset = remembered("dataset", files, lambda: _read(options))
    _warn(dataset, options.lang)
    return policy, dataset


def _read(options: argparse.Namespace) -> tuple[Policy, Dataset]:
    from cchc.dataset import Dataset, described

    document = described(options.dataset)
    try:
        policy = _policy(options, document.data["instrument"])
    except Invalid as error:
        raise _placed(error, {"unknown-instrument": document.at(("instrument",))}) from error
    return policy, Dataset.load(options.dataset, policy)


def _warn(dataset: Dataset, lang: str) -> None:
    from cchc.text import say

    for problem in dataset.warnings:
        _complain(f"{say('warning', lang)}: {problem.text(lang)}")


def _solve(options: argparse.Namespace, policy: Policy, dataset: Dataset, kinds: Collection[str] | None) -> Evaluation:
    from cchc.evaluation import evaluate

    try:
        return evaluate(policy, dataset, years=None if options.year is None else [options.year],
                        profile=options.profile, readings=dict(options.reading), as_of=options.as_of,
                        verdicts=kinds)  # fmt: skip
    except Invalid as error:
        options_of = {"year-outside": "--year", "unknown-profile": "--profile", "unknown-reading": "--reading",
                      "unknown-value": "--reading"}  # fmt: skip
        raise _placed(error, {code: Location(option) for code, option in options_of.items()}) from error


def _placed(error: Invalid, places: Mapping[str, Location]) -> Invalid:
    """The same findings, those of some codes at the place that only the command line knows."""
    return Invalid(Problem(places.get(p.code, p.at), p.code, p.details) for p in error.problems)


def _kinds(options: argparse.Namespace, policy: Policy, *, details: bool = False) -> list[str] | None:
    """The kinds of verdicts to give: those named, else all (None) or all without details."""
    kinds = policy.vocabulary.of_kind("verdict")
    if getattr(options, "duties", False):
        options.verdict += [name for name, kind in kinds.items() if any(a.type.name == "duty" for a in kind.arguments)]
    for name in options.verdict:
        if name not in kinds:
            raise invalid(Location("--verdict"), "unknown-verdict", found=name, hint=nearest(name, kinds),
                          allowed=listed(kinds, 30))  # fmt: skip
    if not options.verdict and not details:
        return [name for name, kind in kinds.items() if not kind.option("detail")]
    return options.verdict or None


def _asked(options: argparse.Namespace, evaluation: Evaluation) -> Callable[[Atom], bool]:
    """Tells of an atom whether it is about the unit asked for."""
    units = evaluation.dataset.units()
    if options.unit is not None and options.unit not in units:
        raise invalid(Location("--unit"), "unknown-unit", found=options.unit, hint=nearest(options.unit, units),
                      allowed=listed(units, 40) or "–")  # fmt: skip
    predicates = evaluation.policy.vocabulary.predicates
    return lambda atom: options.unit is None or predicates[atom.predicate].named(atom).get("unit") == options.unit


def _renderer(options: argparse.Namespace, evaluation: Evaluation) -> Renderer:
    from cchc.render import Renderer

    if not sys.stdout.isatty():
        return Renderer(evaluation, options.lang)
    import shutil

    codes = {"strong": "1", "faint": "2", "warn": "33"}
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    width = min(shutil.get_terminal_size().columns, 120)

    def style(kind: str, text: str) -> str:
        return text if plain else f"\x1b[{codes[kind]}m{text}\x1b[0m"

    return Renderer(evaluation, options.lang, width, style)
