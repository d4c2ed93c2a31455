"""What each command of `cchc` does: load, ask the engine, print. The options are parsed in `cli.py`."""

# Commands import what they need: clingo and jsonschema would make wrong usage and `--help` slow.

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest

if TYPE_CHECKING:
    from cchc.applicable import Applicable
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


def complain(text: str) -> None:
    """One line on standard error, whatever the input quoted in it holds."""
    print(_CONTROL.sub(" ", text), file=sys.stderr)


# ---- Commands ---------------------------------------------------------------------------------------


def evaluate(options: argparse.Namespace) -> int:
    versions = _applicable(options)
    if len(versions) > 1 and options.format in {"json", "csv"}:
        raise _several(versions)
    codes = []
    for index, version in enumerate(versions):
        print("\n" if index else "", end="")
        codes.append(_evaluated(options, version))
    return max(codes)


def _evaluated(options: argparse.Namespace, version: Applicable) -> int:
    from cchc.evaluation import under

    policy = version.policy
    kinds = _kinds(options, policy, details=options.format in {"json", "csv"})
    evaluation = _solve(options, version, kinds)
    renderer = _renderer(options, evaluation)
    renderer.site = options.site
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


def explain(options: argparse.Namespace) -> int:
    from cchc.robustness import settling_text
    from cchc.shortfall import why_not_text

    version = _applicable(options)[-1]
    if options.year is None:
        options.year = max(version.years)
    evaluation = _solve(options, version, _kinds(options, version.policy))
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


def test(options: argparse.Namespace) -> int:
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


def lint(options: argparse.Namespace) -> int:
    import json

    from cchc.lint import findings
    from cchc.policy import Policy
    from cchc.sarif import of_problems, sarif
    from cchc.text import say

    try:
        found = findings(Policy.load(options.policies))
    except Invalid as error:
        if options.format == "sarif":  # whoever reads only the log must not take a policy that does not load for a clean one
            print(sarif(of_problems(error.problems, options.lang), "lint", options.lang), end="")
        raise
    if options.format == "sarif":
        print(sarif(of_problems(found, options.lang), "lint", options.lang), end="")
    elif options.format == "json":
        entries = [{"path": f.at.path, "line": f.at.line, "column": f.at.column, "code": f.code,
                    "message": f.text(options.lang)} for f in found]  # fmt: skip
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            print(finding.text(options.lang))
        print(f"{len(found)} {say('findings', options.lang)}" if found else say("clean", options.lang))
    return Exit.CHECK_FAILED if found else Exit.DONE


def docs(options: argparse.Namespace) -> int:
    from cchc.site import write

    write(_policy(options), options.lang, options.out, options.cases)
    return Exit.DONE


def text(options: argparse.Namespace) -> int:
    from cchc.printing import consolidated_text

    width = _width() if sys.stdout.isatty() and options.output is None else None
    _deliver(options, consolidated_text(_policy(options, options.as_of), options.lang, width))
    return Exit.DONE


def verify(options: argparse.Namespace) -> int:
    from cchc import findings, properties
    from cchc.cache import remembered
    from cchc.checks import all_checks
    from cchc.policy import files_of

    policy = _policy(options)
    files = files_of(options.policies)
    asked = str(policy.drafts)
    loaded = remembered("properties", files, lambda: properties.load(policy), asked)
    # The checks ask whether rules, readings and numbers of the text in force have any use.
    checks = [] if policy.drafts else remembered("checks", files, lambda: all_checks(policy, loaded), asked)
    report = findings.report(policy, loaded, checks, larger=options.larger, write=options.write)
    if options.format == "sarif":
        from cchc.sarif import of_problems, sarif

        print(sarif(of_problems(report.all_problems, options.lang), "verify", options.lang), end="")
    else:
        print((findings.as_json if options.format == "json" else findings.text)(report, options.lang), end="")
    return Exit.CHECK_FAILED if report.failed else Exit.DONE


def diff(options: argparse.Namespace) -> int:
    from cchc.diff import diff as compared
    from cchc.diff import meaning
    from cchc.diff_pages import DiffPages
    from cchc.sides import sides

    with sides([options.old, options.new], options.policies, options.draft) as (old, new):
        found = compared(old.policy, new.policy)
        pages = DiffPages(old.policy, new.policy, found, meaning(old.policy, new.policy) if found else [], options.lang)
        if options.format == "json":
            import json

            print(json.dumps(pages.data(), ensure_ascii=False, indent=2))
        else:
            terminal = options.format == "table"
            print("\n".join(pages.terminal(_width() if sys.stdout.isatty() else 80) if terminal else pages.markdown()))
    return Exit.DONE


def review(options: argparse.Namespace) -> int:
    from cchc.files import write_text
    from cchc.review import review as reviewed
    from cchc.review_page import ReviewPage
    from cchc.schema import resource
    from cchc.sides import dirty, sides

    policies = options.policies or resource("policies")
    if options.head is None and not options.dirty and (changed := dirty(policies)):
        raise invalid(Location("HEAD"), "dirty-tree", found=listed(changed, 5))
    with sides([options.base, options.head], options.policies, options.draft) as (base, head):
        found = reviewed(base, head, options.lang)
        page = ReviewPage(found, options.lang)
        if options.output is None:
            print(page.markdown(), end="")
        else:
            options.output.mkdir(parents=True, exist_ok=True)
            write_text(options.output / "review.md", page.markdown())
            write_text(options.output / "review.html", page.html())
            print("\n".join(page.summary()))
    return Exit.CHECK_FAILED if found.needs_person else Exit.DONE


def validate(options: argparse.Namespace) -> int:
    from cchc.text import say

    dataset = _applicable(options)[-1].dataset
    for table, rows in dataset.rows.items():
        print(f"{table:24}{len(rows):6} {say('rows', options.lang)}")
    print(f"{dataset.title[options.lang]}: {say('valid', options.lang)}")
    return Exit.DONE


def export(options: argparse.Namespace) -> int:
    from cchc.evaluation import exported

    versions = _applicable(options)
    if len(versions) > 1:
        raise _several(versions)
    _deliver(options, exported(_solve(options, versions[0], None)))
    return Exit.DONE


# ---- What commands share ----------------------------------------------------------------------------


def _deliver(options: argparse.Namespace, text: str) -> None:
    """Prints a text, or writes the file that is asked for."""
    from cchc.files import write_text

    if options.output is None:
        print(text, end="")
    else:
        write_text(options.output, text)


def _policy(options: argparse.Namespace, day: date | None = None) -> Policy:
    from cchc.applicable import loaded

    try:
        return loaded(options.policies, day, _drafts(options))
    except Invalid as error:
        raise _of_version(error) from error


def _of_version(error: Invalid) -> Invalid:
    """What the choice of a version met with, at the options that choose it."""
    places = {"unknown-draft": "--with", "not-in-force": "--as-of", "expired": "--as-of"}
    return _placed(error, {code: Location(option) for code, option in places.items()})


def _drafts(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(filter(None, [getattr(options, "draft", None)]))


def _applicable(options: argparse.Namespace) -> tuple[Applicable, ...]:
    """The versions that apply to the years asked about, oldest first; years out of scope are told, or an error if no other
    is asked about."""
    from cchc.applicable import Scope, applicable
    from cchc.cache import remembered
    from cchc.policy import files_of

    year, day, drafts = getattr(options, "year", None), getattr(options, "as_of", None), _drafts(options)

    def make() -> Scope:
        scope = applicable(options.dataset, options.policies, day, drafts)
        assert all(version.policy.rules and version.policy.sha256 for version in scope.versions)
        return scope

    files = [*files_of(options.policies), *sorted(path for path in options.dataset.glob("*") if path.is_file())]
    try:
        scope = remembered("dataset", files, make, f"{day} {drafts}")
    except Invalid as error:
        raise _of_version(error) from error
    versions = [version for version in scope.versions if year is None or year in version.years]
    outside = [problem for other, problem in scope.outside if year in {None, other}]
    if outside and not versions:
        raise Invalid(outside)
    found = tuple(versions) or scope.versions[-1:]
    from cchc.text import say

    for problem in (*outside, *found[-1].dataset.warnings):
        complain(f"{say('warning', options.lang)}: {problem.text(options.lang)}")
    return found


def _several(versions: Collection[Applicable]) -> Invalid:
    named = (f"{version.policy.version}: {', '.join(map(str, version.years))}" for version in versions)
    return invalid(Location("--year"), "several-versions", found="; ".join(named))


def _solve(options: argparse.Namespace, version: Applicable, kinds: Collection[str] | None) -> Evaluation:
    from cchc.evaluation import evaluate

    try:
        return evaluate(version.policy, version.dataset, years=version.years if options.year is None else [options.year],
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


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size().columns, 120)


def _renderer(options: argparse.Namespace, evaluation: Evaluation) -> Renderer:
    from cchc.render import Renderer

    if not sys.stdout.isatty():
        return Renderer(evaluation, options.lang)
    codes = {"strong": "1", "faint": "2", "warn": "33"}
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    def style(kind: str, text: str) -> str:
        return text if plain else f"\x1b[{codes[kind]}m{text}\x1b[0m"

    return Renderer(evaluation, options.lang, _width(), style)
