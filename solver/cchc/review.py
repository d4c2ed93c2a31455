"""The review of a change of policy: what it does to the text, to verdicts on the data at hand, to gaps, to cases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cchc import gaps
from cchc.applicable import Applicable, scope_of
from cchc.cache import remembered
from cchc.cases import cases_of, run_until
from cchc.dataset import Dataset, described
from cchc.diff import Diff, ReadingChange, diff, meaning
from cchc.evaluation import Evaluation, Verdict, evaluate
from cchc.files import apart, read_text
from cchc.findings import witness_case
from cchc.policy import Policy, files_of
from cchc.problems import Problem
from cchc.properties import Property, remembered_properties
from cchc.quotations import quotations
from cchc.render import Renderer
from cchc.rules import Rule
from cchc.sides import Side
from cchc.twins import Difference
from cchc.verify import Verification
from cchc.vocabulary import Atom

Shown = tuple[str, str]
"""A verdict as a sentence, and its proof."""


class Effect(NamedTuple):
    """What changes for somebody in a year of a dataset: verdicts that only the old, and that only the new policy gives."""

    dataset: str
    year: str
    about: str
    old: tuple[Shown, ...]
    new: tuple[Shown, ...]


class Data(NamedTuple):
    """A dataset by its folder's name: where each side has it (None: not at all), and its files that differ."""

    name: str
    old: Path | None
    new: Path | None
    files: tuple[str, ...]


class Impact(NamedTuple):
    """What changes on one dataset, how many verdicts are the same, and what its readers must be told."""

    dataset: str
    notice: str
    effects: tuple[Effect, ...]
    unchanged: int


class Cases(NamedTuple):
    """Cases, by file and id, that are new, gone, expect something else, or only expect the same of other data; and new rules
    that no case exercises."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    regiven: tuple[str, ...]
    uncovered: tuple[Rule, ...]


class Found(NamedTuple):
    """A finding: its property and key, what is said of it, in which ways to read the text there is one, and as a case the
    smallest data that shows it if the dossier does not have it."""

    property: str
    key: str
    what: str
    ways: tuple[str, ...]
    witness: str


class Review(NamedTuple):
    """Everything a reviewer has to know of a change; `dropped` are findings of properties that are asked no more, or
    otherwise; `datasets` are those that are new, gone or have other files."""

    base: Side
    head: Side
    diff: Diff
    meaning: Sequence[Difference] | None
    datasets: tuple[Data, ...]
    impacts: tuple[Impact, ...]
    opened: tuple[Found, ...]
    closed: tuple[Found, ...]
    dropped: tuple[Found, ...]
    left: tuple[Found, ...]
    cases: Cases
    quotations: tuple[Problem, ...]

    @property
    def earlier(self) -> list[str]:
        """The files that changed of a text that an amendment has replaced since: it still rules over the years before."""
        policy = self.head.policy
        own = {f"{policy.folder.name}/{article}" for article in policy.instrument["articles"]}
        amended = any(one.effective_from for one in policy.amendments)
        return [name for name in self.diff.files if amended and name.rpartition(".")[0] in own]

    @property
    def reasons(self) -> dict[str, int]:
        """What was found that only a person can decide, and how often."""
        gone = [one for one in self.datasets if one.new is None]
        told = [one for one in self.datasets if one.old and one.new and _told(one.old) != _told(one.new)]
        found: dict[str, Sequence[object]] = {
            "gaps": self.opened, "dropped": self.dropped, "unlisted": [one for one in self.left if one.witness],
            "rules": self.cases.uncovered, "cases": self.cases.gone,
            "readings": [one for one in self.diff.readings if _unfounded(one)], "earlier": self.earlier,
            "datasets": gone, "provenance": told, "quotations": self.quotations,
        }  # fmt: skip
        return {name: len(things) for name, things in found.items() if things}


def review(base: Side, head: Side, lang: str) -> Review:
    """Review what a change from one side to the other does. Raises Invalid."""
    with _workers(base, head) as later:  # searches that know nothing of each other, the longest first
        both = [later(_findings_of, place, lang) for place in range(2)]
        found = diff(base.policy, head.policy)
        cases = later(compare_cases, _new_rules(found))
        datasets = _datasets(base, head)
        differing = tuple(one for one in datasets if one.files)
        impacts = [later(impact, one, lang) for one in (datasets if found else differing) if one.old and one.new]
        drifted = later(_drifted)
        before, after = (each.result() for each in both)
        effects = tuple(each.result() for each in impacts)
        # Where the data shows nothing, it is worth the time to know whether that is chance; `cchc diff` always tells.
        asked = found and not any(one.effects for one in effects)
        gone = [before[key] for key in before if key not in after]
        asked_for = _asked_alike(base.policy, head.policy)
        return Review(
            base, head, found, meaning(base.policy, head.policy) if asked else None, differing, effects,
            tuple(_opened(before, after)), tuple(one for one in gone if one.property in asked_for),
            tuple(one for one in gone if one.property not in asked_for),
            tuple(after[key] for key in after if key in before), cases.result(), drifted.result(),
        )  # fmt: skip


@contextmanager
def _workers(base: Side, head: Side) -> Iterator[Callable[..., Future[Any]]]:
    """Runs functions of both sides beside each other. Each worker gets the sides once: to send them takes long."""
    pool = ProcessPoolExecutor(max(2, os.cpu_count() or 2), initializer=_compare, initargs=(base, head))
    try:
        yield lambda function, *given: pool.submit(_in_worker, function, *given)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # nobody waits for workers to end


_compared: tuple[Side, ...] = ()
"""In a worker, the sides that it compares."""


def _compare(*both: Side) -> None:
    global _compared  # noqa: PLW0603
    _compared = both


def _in_worker(function: Callable[..., Any], *given: Any) -> Any:
    return function(*_compared, *given)


def _findings_of(base: Side, head: Side, place: int, lang: str) -> dict[tuple[str, str], Found]:
    return findings((base, head)[place].policy, lang)


def _drifted(base: Side, head: Side) -> tuple[Problem, ...]:
    return tuple(quotations(head.policy))


def _new_rules(found: Diff) -> tuple[Rule, ...]:
    return tuple(rule for change in found.provisions for rule in change.rules_new)


# ---- Gaps -------------------------------------------------------------------------------------------


def findings(policy: Policy, lang: str) -> dict[tuple[str, str], Found]:
    """What refutes the properties of a policy; unchanged files are searched once."""
    return remembered("findings", files_of(policy.root), lambda: _findings(policy, lang),
                      f"{policy.instrument['id']} {policy.version} {lang}")  # fmt: skip


def _findings(policy: Policy, lang: str) -> dict[tuple[str, str], Found]:
    """What refutes the properties of a policy: what the dossier of known gaps says of it, else the title of the property."""
    properties = remembered_properties(policy)
    known = {(gap.of, gap.key): gap for gap in gaps.load(policy, properties)}
    verification = Verification(policy, properties)
    found: dict[tuple[str, str], Found] = {}
    for key, ways in verification.findings().items():
        gap = known.get(key)
        said = gap.source["summary"][lang] if gap else properties.properties[key[0]].title[lang]
        witnesses = () if gap else verification.witnesses(*key, ways)
        cases = "\n".join(witness_case(policy, witness, None) for witness in witnesses)
        found[key] = Found(*key, said.rstrip("."), tuple(way.name for way in ways), cases)
    return found


def _opened(before: Mapping[tuple[str, str], Found], after: Mapping[tuple[str, str], Found]) -> Iterator[Found]:
    """What is found after and was not before; of a finding that there was, the further ways to read the text."""
    for key, found in after.items():
        ways = tuple(way for way in found.ways if key not in before or way not in before[key].ways)
        if ways:
            yield found._replace(ways=ways)


def _asked_alike(old: Policy, new: Policy) -> set[str]:
    """The properties that both policies are asked in the same words, on the same data and in the same ways to read the text:
    only of these a finding that is gone says something of the text."""
    literal = [(old.readings[name].literal, one.literal) for name, one in new.readings.items()
               if name in old.readings and not one.decided]  # fmt: skip
    if old.profiles != new.profiles or any(before != after for before, after in literal):
        return set()
    before, after = (remembered_properties(policy).properties for policy in (old, new))
    return {name for name, one in after.items() if name in before and _asked(one) == _asked(before[name])}


def _asked(one: Property) -> object:
    """What a property and its space say, but for comments."""
    return [line for path in (one.path, one.space.path) for line in read_text(path).split("\n")
            if line.startswith("%!") or not line.lstrip().startswith("%")]  # fmt: skip


def _unfounded(change: ReadingChange) -> bool:
    """Whether a reading goes, or gets another default or literal value, without a document that says so."""
    old, new = change.old, change.new
    if old is None or new is None:
        return new is None
    documents = [(one.source.get("source_document"), one.source.get("decided_on")) for one in (old, new)]
    return ((old.default, old.literal) != (new.default, new.literal) and not new.decided
            and (not documents[1][0] or documents[0] == documents[1]))  # fmt: skip


# ---- Data -------------------------------------------------------------------------------------------


def _datasets(base: Side, head: Side) -> list[Data]:
    """The datasets beside the policies of both sides; policies without any data beside them are seen on those of the head."""
    after = _folders(head)
    before = _folders(base) if (base.top / "data").is_dir() else after
    found = []
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        found.append(Data(name, old, new, apart(old, new)))
    for gone in [one for one in found if one.new is None]:
        same = [one for one in found if one.old is None and not apart(gone.old, one.new)]
        if same:  # it has another name
            found = [Data(one.name, gone.old, one.new, ()) if one is same[0] else one for one in found if one is not gone]
    return found


def _told(folder: Path) -> object:
    """What a dataset says of the origin of its figures."""
    data = described(folder).data
    return data.get("notice"), {name: table.get("provenance") for name, table in data["tables"].items()}


def _folders(side: Side) -> dict[str, Path]:
    """The datasets that come under the instrument of a side."""
    folders = sorted(path.parent for path in side.top.glob("data/*/dataset.yaml"))
    return {folder.name: folder for folder in folders
            if described(folder).data["instrument"] == side.policy.instrument["id"]}  # fmt: skip


def impact(base: Side, head: Side, data: Data, lang: str) -> Impact:
    """What a change of policy, data or both does to the verdicts on a dataset. Raises Invalid."""
    assert data.old is not None and data.new is not None
    old, new = (_answers(side, folder, lang) for side, folder in ((base, data.old), (head, data.new)))
    title = described(data.new).data["title"][lang]
    notices = ((one.evaluation.dataset.notice or {}).get(lang, "") for side in (new, old) for one in side.values())
    notice = next(notices, "")
    effects: dict[tuple[str, str], tuple[list[Shown], list[Shown]]] = {}
    for place, (ours, theirs) in enumerate(((old, new), (new, old))):
        for key, renderer in sorted(ours.items(), key=_place):
            if key not in theirs and (verdict := renderer.evaluation.verdict(*key)) is not None:
                about = effects.setdefault((verdict.arguments.get("year", ""), _about(verdict, renderer)), ([], []))
                about[place].append((renderer.verdict_line(verdict), renderer.proof(verdict)))
    shown = (Effect(title, *key, tuple(before), tuple(after)) for key, (before, after) in sorted(effects.items()))
    return Impact(title, notice, tuple(shown), sum(key in new for key in old))


def _place(one: tuple[tuple[Atom, str], object]) -> tuple[str, list[str], str]:
    """An order that is the same in every run: atoms come from sets."""
    (atom, status), _ = one
    return atom.predicate, list(map(str, atom.arguments)), status


def _about(verdict: Verdict, renderer: Renderer) -> str:
    """Whom a verdict concerns: its unit, or what else it is about."""
    names = renderer.vocabulary.predicates[verdict.predicate].named(verdict.atom)
    for kind in ("unit", "item"):
        if kind in names:
            return renderer.label(kind, str(names[kind]))
    return ""


def _answers(side: Side, folder: Path, lang: str) -> dict[tuple[Atom, str], Renderer]:
    """The verdicts on all years of a dataset, as far as they are in scope, each with its status and what shows it."""
    found: dict[tuple[Atom, str], Renderer] = {}
    for one in _versions(side, folder):
        kinds = [name for name, kind in one.policy.vocabulary.of_kind("verdict").items() if not kind.option("detail")]
        evaluation: Evaluation = evaluate(one.policy, one.dataset, years=one.years, verdicts=kinds)
        renderer = Renderer(evaluation, lang)
        answer, anonymous = evaluation.answer, evaluation.facts.anonymous.keys()
        found |= {(atom, status): renderer for status, atoms in (("certain", answer.certain), ("possible", answer.possible))
                  for atom in atoms if atom.predicate in kinds and anonymous.isdisjoint(atom.arguments)}  # fmt: skip
    return found


def _versions(side: Side, folder: Path) -> Iterable[Applicable]:
    if side.day is None:
        return scope_of(folder, side.policy).versions
    dataset = Dataset.load(folder, side.policy)  # the text of one day, on all the data
    return [Applicable(side.policy, dataset, dataset.years)]


# ---- Cases ------------------------------------------------------------------------------------------


def compare_cases(base: Side, head: Side, new: Sequence[Rule]) -> Cases:
    """How the case files differ, and which new rules no case of the new side exercises."""
    before, after = (_files(side) for side in (base, head))
    apart = [name for name in {**before, **after}
             if name not in before or name not in after or read_text(before[name]) != read_text(after[name])]  # fmt: skip
    old, now = ({f"{name}: {case}": written for name in apart if name in files
                 for case, written in cases_of(files[name]).items()} for files in (before, after))  # fmt: skip
    expected, given = (tuple(name for name in now if name in old and part(now[name]) != part(old[name]))
                       for part in (_expected, _given))  # fmt: skip
    # Cases of changed files, and those about a draft, are the likeliest to exercise a new rule.
    drafts = head.policy.drafts
    likely = {name: name in apart or any(draft in read_text(path) for draft in drafts) for name, path in after.items()}
    files = [after[name] for name in sorted(after, key=lambda name: not likely[name]) if likely[name] or not drafts]
    wanted = {rule.number for rule in new}
    fired = remembered("fired", [*files_of(head.policy.root), *files], lambda: run_until(files, head.policy, wanted),
                       f"{head.policy.version} {sorted(wanted)}") if new else set()  # fmt: skip
    return Cases(
        _only(now, old), _only(old, now),
        expected, tuple(name for name in given if name not in expected),
        tuple(rule for rule in new if rule.number not in fired),
    )  # fmt: skip


def _only(cases: Mapping[str, object], others: Mapping[str, object]) -> tuple[str, ...]:
    """The cases that others do not have, nor in another file."""
    return tuple(name for name, case in cases.items() if name not in others and case not in others.values())


def _expected(case: Mapping[str, Any]) -> object:
    return case["expect"]


def _given(case: Mapping[str, Any]) -> object:
    return {key: value for key, value in case.items() if key not in {"expect", "title", "note"}}


def _files(side: Side) -> dict[str, Path]:
    return {path.name: path for path in sorted(side.top.glob("tests/cases/*.yaml"))}
