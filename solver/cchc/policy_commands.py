"""What the commands about policies do: check, compare and print the text itself. The options are parsed in `cli.py`."""

# Commands import what they need: clingo and jsonschema would make wrong usage and `--help` slow.

from __future__ import annotations

import argparse
import sys

from cchc.commands import Exit, deliver, policy_asked, width
from cchc.problems import Invalid, Location, invalid, listed


def test(options: argparse.Namespace) -> int:
    from cchc.cases import Coverage, run_file
    from cchc.text import say

    policy = policy_asked(options)
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

    write(policy_asked(options), options.lang, options.out, options.cases)
    return Exit.DONE


def text(options: argparse.Namespace) -> int:
    from cchc.printing import consolidated_text

    wide = width() if sys.stdout.isatty() and options.output is None else None
    deliver(options, consolidated_text(policy_asked(options, options.as_of), options.lang, wide))
    return Exit.DONE


def verify(options: argparse.Namespace) -> int:
    from cchc import findings, properties
    from cchc.cache import remembered
    from cchc.checks import all_checks
    from cchc.policy import files_of

    policy = policy_asked(options)
    loaded = properties.remembered_properties(policy)
    # The checks ask whether rules, readings and numbers of the text in force have any use.
    files = files_of(policy.root)
    checks = [] if policy.drafts else remembered("checks", files, lambda: all_checks(policy, loaded), policy.version)
    report = findings.report(policy, loaded, checks, larger=options.larger, write=options.write)
    if options.format == "sarif":
        from cchc.sarif import of_problems, sarif

        print(sarif(of_problems(report.all_problems, options.lang), "verify", options.lang), end="")
    else:
        print((findings.as_json if options.format == "json" else findings.text)(report, options.lang), end="")
    return Exit.CHECK_FAILED if report.failed else Exit.DONE


def diff(options: argparse.Namespace) -> int:
    from cchc.sides import sides

    with sides({"OLD": options.old, "NEW": options.new}, options.policies, options.draft) as read:
        from cchc.diff import diff as compared  # imported while a side is read: it takes long
        from cchc.diff import meaning
        from cchc.diff_pages import DiffPages

        old, new = read()
        found = compared(old.policy, new.policy)
        pages = DiffPages(old.policy, new.policy, found, meaning(old.policy, new.policy) if found else [], options.lang)
        if options.format == "json":
            import json

            print(json.dumps(pages.data(), ensure_ascii=False, indent=2))
        else:
            terminal = options.format == "table"
            print("\n".join(pages.terminal(width() if sys.stdout.isatty() else 80) if terminal else pages.markdown()))
    return Exit.DONE


def review(options: argparse.Namespace) -> int:
    from cchc.files import write_text
    from cchc.schema import resource
    from cchc.sides import dirty, forked, sides

    policies = options.policies or resource("policies")
    if options.head is None and not options.dirty and (changed := dirty(policies)):
        raise invalid(Location("HEAD"), "dirty-tree", found=listed(changed, 5))
    start = forked(options.base, options.head, policies)
    with sides({"BASE": start, "HEAD": options.head}, options.policies, options.draft) as read:
        from cchc.review import review as reviewed  # imported while a side is read: it takes long
        from cchc.review_page import ReviewPage

        base, head = read()
        found = reviewed(base, head, options.lang)
        page = ReviewPage(found, options.lang)
        if options.output is None:
            print(page.markdown(), end="")
        else:
            options.output.mkdir(parents=True, exist_ok=True)
            write_text(options.output / "review.md", page.markdown())
            write_text(options.output / "review.html", page.html())
            print("\n".join(page.summary()))
    return Exit.CHECK_FAILED if found.reasons else Exit.DONE
