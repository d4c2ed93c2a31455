"""What `cchc new …` does: make a scaffold, write it, say what comes next. Thin, as `commands.py` is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cchc.commands import Exit
from cchc.problems import Invalid, Location

if TYPE_CHECKING:
    from cchc.policy import Policy
    from cchc.scaffold import Scaffold

_SHOWN = 12


def new_amendment(options: argparse.Namespace) -> int:
    from cchc.drafting import Wanted, amended, new_amendment

    root = _writable(options)
    amended(root, options.amends)
    after = [(provision, new) for provision, _, new in (text.partition("=") for text in options.insert_after)]
    wanted = Wanted(options.replace, after, options.repeal)
    policy = _read(root, options.amends)
    return _created(options, root, new_amendment(policy, options.id, wanted, root.parent / "tests" / "cases"))


def new_article(options: argparse.Namespace) -> int:
    from cchc.transcription import new_article

    root = _writable(options)
    of = options.of if options.of is not None else _read(root).instrument["id"]
    return _created(options, root, new_article(root, options.number, of))


def new_source(options: argparse.Namespace) -> int:
    from cchc.transcription import new_source

    root = _writable(options)
    return _created(options, root, new_source(root, options.id))


def new_rule(options: argparse.Namespace) -> int:
    from cchc.scaffold import new_rule

    root = _writable(options)
    policy = _read(root, None, _drafts(options))
    return _created(options, root, new_rule(policy, options.provision, options.predicate, options.kind, options.args))


def new_reading(options: argparse.Namespace) -> int:
    from cchc.scaffold import new_reading

    root = _writable(options)
    policy = _read(root, None, _drafts(options))
    return _created(options, root, new_reading(policy, options.id, options.provision, options.values))


def new_case(options: argparse.Namespace) -> int:
    from cchc.scaffold import new_case

    root = _writable(options)
    drafts = _drafts(options)
    return _created(options, root, new_case(_read(root, None, drafts), options.file, options.id, options.year, drafts))


def _drafts(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(filter(None, [options.draft]))


def _writable(options: argparse.Namespace) -> Path:
    from cchc.scaffold import root_of

    return root_of(options.policies)


def _read(root: Path, instrument: str | None = None, drafts: tuple[str, ...] = ()) -> Policy:
    from cchc.cache import remembered
    from cchc.policy import Policy, files_of

    try:
        return remembered("policy", files_of(root), lambda: Policy.load(root, instrument, None, drafts),
                          f"new {instrument} {drafts}")  # fmt: skip
    except Invalid as error:
        raise Invalid(one._replace(at=Location("--with")) if one.code == "unknown-draft" else one
                      for one in error.problems) from error  # fmt: skip


def _created(options: argparse.Namespace, root: Path, scaffold: Scaffold) -> int:
    """Writes a scaffold, and tells which files there are now, what lint still says and what to do next."""
    from cchc.problems import display_path
    from cchc.scaffold import deliver
    from cchc.schema import resource
    from cchc.text import say

    existed = {path: path.exists() for path in scaffold.texts}
    left = deliver(root, scaffold)
    for path in scaffold.texts:
        print(f"{'~' if existed[path] else '+'} {display_path(path)}")
    print(f"\n{say('to-do', options.lang)}")
    for number, step in enumerate(scaffold.steps, start=1):
        print(f"{number}. {step[0 if options.lang == 'vi' else 1]}")
    if left:
        print(f"\n{say('lint-left', options.lang)}")
        for problem in left[:_SHOWN]:
            print(problem.text(options.lang))
        print(*(["…"] if len(left) > _SHOWN else []), end="\n" if len(left) > _SHOWN else "")
    if root.resolve() != resource("policies").resolve():
        print(f"\n{say('add-policies', options.lang).format(root=display_path(root))}")
    return Exit.DONE
