"""What the commands about data do: load, ask the engine, print. The options are parsed in `cli.py`."""

# Commands import what they need: clingo and jsonschema would make wrong usage and `--help` slow.

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

from cchc.problems import Invalid, Location, Problem, invalid, listed, nearest

if TYPE_CHECKING:
    from pathlib import Path

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
    if options.sensitivity and options.format in {"csv", "markdown"}:
        complain(Problem(Location("--format"), "no-such-format", {"found": options.format}).text(options.lang))
        return Exit.USAGE
    versions = _applicable(options)
    if len(versions) > 1 and options.format in {"json", "csv"}:
        raise _several(versions)
    codes = []
    for index, version in enumerate(versions):
        print("\n" if index else "", end="")
        codes.append(_evaluated(options, version))
    return max(codes)


def _evaluated(options: argparse.Namespace, version: Applicable) -> int:
    from cchc.cache import remembered
    from cchc.evaluation import statuses, under

    policy = version.policy
    kinds = _kinds(options, policy, details=options.format in {"json", "csv"})
    evaluation = _solve(options, version, kinds)
    _warn(options, evaluation.warnings)
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
            # That other reading is only told beside the verdicts: unchanged files need not be solved for it twice.
            what = f"{policy.version} {evaluation.years} {options.as_of} {sorted(evaluation.kinds)}"
            literal = remembered("literal", _files(options), lambda: statuses(under(evaluation, "literal")), what)
            if difference := renderer.difference(literal, lambda atom: atom.predicate in evaluation.kinds and asked(atom)):
                text += f"\n{difference}"
        print(text, end="")
    listed_kinds = _kinds(options, policy) or ()
    open_ = any(verdict.status == "possible" and verdict.predicate in listed_kinds for verdict in verdicts)
    return Exit.UNDETERMINED if options.strict and open_ else Exit.DONE


def explain(options: argparse.Namespace) -> int:
    from cchc.emptiness import emptiness
    from cchc.robustness import settling_text
    from cchc.shortfall import goal_of, why_not_text

    version = _applicable(options)[-1]
    if options.year is None:
        options.year = max(version.years)
    kinds, goal = _kinds(options, version.policy), None
    if options.why_not is not None:
        goal = goal_of(version.policy.vocabulary, options.why_not, options.unit, options.year)
        kinds = [*(kinds or ()), goal.predicate]
    evaluation = _solve(options, version, kinds)
    _warn(options, evaluation.warnings)
    asked = _asked(options, evaluation)
    verdicts = [verdict for verdict in evaluation.verdicts if asked(verdict.atom)]
    renderer = _renderer(options, evaluation)
    if goal is not None:
        print(why_not_text(renderer, goal, options.unit), end="")
        return Exit.DONE
    print("\n".join(renderer.heading()))
    if not verdicts:
        print("\n".join(emptiness(renderer, verdicts)))
    for verdict in verdicts:
        print("\n" + renderer.proof(verdict), end="")
        if verdict.status == "possible":
            print("\n".join(settling_text(renderer, verdict.atom)))
    return Exit.DONE


def validate(options: argparse.Namespace) -> int:
    from cchc import evaluation
    from cchc.text import say

    for policy, dataset, years in _applicable(options):
        _warn(options, evaluation.evaluate(policy, dataset, years=years, as_of=options.as_of, verdicts=()).warnings)
    for table, rows in dataset.rows.items():
        print(f"{table:24}{len(rows):6} {say('rows', options.lang)}")
    print(f"{dataset.title[options.lang]}: {say('valid', options.lang)}")
    return Exit.DONE


def export(options: argparse.Namespace) -> int:
    from cchc.evaluation import exported

    versions = _applicable(options)
    if len(versions) > 1:
        raise _several(versions)
    deliver(options, exported(_solve(options, versions[0], None)))
    return Exit.DONE


# ---- What commands share ----------------------------------------------------------------------------


def deliver(options: argparse.Namespace, text: str) -> None:
    """Prints a text, or writes the file that is asked for."""
    from cchc.files import write_text

    if options.output is None:
        print(text, end="")
    else:
        write_text(options.output, text)


def policy_asked(options: argparse.Namespace, day: date | None = None) -> Policy:
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


def _files(options: argparse.Namespace) -> list[Path]:
    """Every file that the verdicts on a dataset depend on."""
    from cchc.policy import files_of

    return [*files_of(options.policies), *sorted(path for path in options.dataset.glob("*") if path.is_file())]


def _applicable(options: argparse.Namespace) -> tuple[Applicable, ...]:
    """The versions that apply to the years asked about, oldest first; years out of scope are told, or an error if no other
    is asked about."""
    from cchc.applicable import Scope, applicable
    from cchc.cache import remembered

    year, day, drafts = getattr(options, "year", None), getattr(options, "as_of", None), _drafts(options)

    def make() -> Scope:
        scope = applicable(options.dataset, options.policies, day, drafts, year)
        for version in scope.versions:
            version.policy.completed()
        return scope

    try:
        scope = remembered("dataset", _files(options), make, f"{day} {drafts} {year}")
    except Invalid as error:
        raise _of_version(error) from error
    versions = [version for version in scope.versions if year is None or year in version.years]
    outside = [problem for other, problem in scope.outside if year in {None, other}]
    found = tuple(versions) or scope.versions[-1:]  # of a year that the dataset does not have, the engine tells
    if not versions and (outside or not found):
        raise Invalid(outside or [problem for _, problem in scope.outside])
    _warn(options, (*outside, *found[-1].dataset.warnings))
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


def _warn(options: argparse.Namespace, problems: Iterable[Problem]) -> None:
    from cchc.text import say

    for problem in problems:
        complain(f"{say('warning', options.lang)}: {problem.text(options.lang)}")


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
    if options.unit is not None:
        evaluation.dataset.check_unit(options.unit, Location("--unit"))
    predicates = evaluation.policy.vocabulary.predicates
    return lambda atom: options.unit is None or predicates[atom.predicate].named(atom).get("unit") == options.unit


def width() -> int:
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

    return Renderer(evaluation, options.lang, width(), style)
