"""Checks of a policy repository: every finding has a code, a place and a fix (the texts are in `messages.py`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate

from cchc import frameworks
from cchc.policy import OWES, Policy
from cchc.problems import Invalid, Location, Problem, listed, nearest
from cchc.quotations import quotations
from cchc.reading import forbidden_in, read_rules
from cchc.rules import Rule, RuleAtom, Term
from cchc.versions import beginnings, instruments, version_of
from cchc.vocabulary import ABSENT, SCALE, Argument, Vocabulary, printed_value

_TOKENS = re.compile(r"""%\*.*?\*%|%[^\n]*|"(?:\\.|[^"\\])*"|_*[a-z][\w']*|(?P<variable>_*[A-Z][\w']*)""", re.S)
_COMPARISON = re.compile(r"(\S+) (?:!?=|[<>]=?) (\S+)")
_TERM = re.compile(r"""(?P<variable>_*[A-Z]\w*)|"(?P<string>[^"]*)"|(?P<number>\d+)|(?P<constant>[a-z]\w*)""")
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
# Five is left out: its word is that for a year, which stands beside most numbers of years.
_SPELLED = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}

Text = dict[str, str]
"""Words in Vietnamese and English, by language."""


def findings(policy: Policy) -> list[Problem]:
    """Everything wrong with a policies folder, by place: each text that is or was in force and, laid over the last one of its
    instrument, each draft."""
    known = instruments(policy.root)
    versions, problems = {(policy.instrument["id"], policy.version): policy}, list[Problem]()
    for base in (one for one in known.values() if "amends" not in one.data and not one.draft):
        days = beginnings(known, base)
        drafts = [name for name, one in known.items() if one.draft and one.data.get("amends") == base.id]
        for day, laid_over in [*((day, []) for day in days), *((days[-1], [name]) for name in drafts if days)]:
            try:
                key = (base.id, version_of(known, base.id, day, laid_over).name)
                if key not in versions:
                    # Read here, so that a broken draft does not hide what is wrong with the others.
                    versions[key] = Policy.load(policy.root, base.id, day, laid_over).completed()
            except Invalid as error:
                problems += error.problems
    problems += (problem for version in versions.values() for problem in _findings(version, [*versions.values()]))
    return list(Invalid(problems).problems)


def _findings(policy: Policy, versions: Sequence[Policy]) -> list[Problem]:
    """What is wrong with a version; what concerns it as a whole only once every rule can be read."""
    problems = [*quotations(policy), *_stated(policy), *_numbers(policy), *_openings(policy.vocabulary), *_frameworks(policy)]
    rules: list[Rule] = []
    readable = True
    for path in policy.files:
        try:
            rules += read_rules([path])
        except Invalid as error:
            problems += error.problems
            readable = False
    if policy.amendments and readable and not forbidden_in(rules):
        rules = list(policy.rules)
    problems += [problem for rule in rules for problem in in_rule(policy, rule)]
    if not policy.amendments:  # what an amendment takes away may stay in the references of the text before
        problems += _references(policy)
    if readable and not problems and not policy.amendments:
        problems += _about(policy)
    if readable and not forbidden_in(rules):
        problems += in_whole(policy, rules, versions)
    return problems


# ---- Rules ------------------------------------------------------------------------------------------


def in_rule(policy: Policy, rule: Rule) -> list[Problem]:
    """What is wrong with a rule by itself."""
    if rule.forbidden:
        return forbidden_in([rule])
    return [*_citations(policy, rule), *singletons(rule), *misuses(policy, rule)]


def _citations(policy: Policy, rule: Rule) -> Iterator[Problem]:
    if not rule.citations:
        yield Problem(rule.at, "missing-citation")
    for provision, at in zip(rule.citations, rule.citations_at, strict=True):
        if provision not in policy.provisions:
            yield _unknown_provision(policy, provision, at)


def _references(policy: Policy) -> Iterator[Problem]:
    """References of provisions to others that do not exist, not even as a heading over provisions."""
    known = {above for name in policy.provisions for above in accumulate(name.split("."), "{}.{}".format)}
    for line in policy.text:
        for index, name in enumerate(line.entry.get("refs", ())):
            if name not in known:
                yield _unknown_provision(policy, name, line.at("refs", index))


def _unknown_provision(policy: Policy, provision: str, at: Location) -> Problem:
    return Problem(at, "unknown-citation", {"found": provision, "hint": nearest(provision, policy.provisions)})


def singletons(rule: Rule) -> Iterator[Problem]:
    found = [match for match in _TOKENS.finditer(rule.text) if match["variable"]]
    times = Counter(match[0] for match in found)
    for match in found:
        if times[match[0]] == 1 and not match[0].startswith("_"):
            yield Problem(_place_in(rule, match.start()), "singleton-variable", {"found": match[0]})


def _place_in(rule: Rule, offset: int) -> Location:
    above = rule.text.count("\n", 0, offset)
    column = offset - rule.text.rfind("\n", 0, offset) if above else rule.at.column + offset
    return Location(rule.at.path, rule.at.line + above, column)


def misuses(policy: Policy, rule: Rule) -> Iterator[Problem]:
    """Predicates that are not declared, or not used as declared."""
    predicates = policy.vocabulary.predicates
    places: dict[str, list[Argument]] = {}
    for atom in rule.atoms:
        predicate = predicates.get(atom.name)
        if predicate is None:
            hint = nearest(atom.name, predicates)
            yield Problem(atom.at, "undeclared-predicate", {"found": atom.signature, "hint": hint})
        elif len(atom.terms) != (arity := len(predicate.arguments)):
            yield _misuse(atom.at, atom.signature, f"cần {arity} đối số", f"it takes {arity} arguments")
        elif atom.role == "head" and predicate.kind in {"input", "policy"}:
            yield _misuse(atom.at, atom.name, f"quy tắc không được sinh ra vị từ kiểu {predicate.kind}",
                          f"rules must not derive a predicate of kind {predicate.kind}")  # fmt: skip
        else:
            yield from _arguments(policy, atom, predicate.arguments, places)
    for comparison in rule.body.split("; "):
        yield from _compared(policy, rule, comparison, places)


def _arguments(policy: Policy, atom: RuleAtom, arguments: Sequence[Argument],
               places: dict[str, list[Argument]]) -> Iterator[Problem]:  # fmt: skip
    """What is wrong with the arguments of an atom; `places` collects where each variable of the rule stands."""
    for argument, term in zip(arguments, atom.terms, strict=True):
        if term.kind == "variable":
            known = places.setdefault(term.text, [])
            if known and not _compatible(policy, [argument], known):
                yield _mixed(atom.at, atom.name, f"{term.text}: {known[0].type.name} ≠ {argument.type.name}")
            known.append(argument)
        elif reason := _unfit(policy, argument, term):
            yield _misuse(atom.at, atom.name, **reason)
    by_type = {argument.type.name: term for argument, term in zip(arguments, atom.terms, strict=True)}
    if "reading" in by_type and by_type["reading"].text in policy.readings:
        value, values = by_type["reading_value"], policy.readings[by_type["reading"].text].values
        if value.kind in {"constant", "number"} and value.text not in values:
            found = f"{by_type['reading'].text} = {value.text}"
            yield _misuse(atom.at, atom.name, **_not_among(found, value.text, values))


def _compared(policy: Policy, rule: Rule, comparison: str, places: dict[str, list[Argument]]) -> Iterator[Problem]:
    """A comparison of variables of two types, or of a variable with a value that it cannot take."""
    sides = match.groups() if (match := _COMPARISON.fullmatch(comparison)) else ()
    terms = [Term(found.lastgroup, found[found.lastgroup]) for side in sides
             if (found := _TERM.fullmatch(side)) and found.lastgroup]  # fmt: skip
    one, other = sorted(terms, key=lambda term: term.kind != "variable") if len(terms) == 2 else (None, None)
    if one is None or other is None or one.text not in places:
        return
    written = re.search(r"(?<!\w)" + r"\s*".join(map(re.escape, comparison.split(" "))), rule.text)
    at = _place_in(rule, written.start()) if written else rule.at
    if other.kind != "variable":
        reasons = [reason for argument in places[one.text] if (reason := _unfit(policy, argument, other))]
        if len(reasons) == len(places[one.text]):
            yield _misuse(at, comparison, **reasons[0])
    elif other.text in places:
        here, there = places[one.text], places[other.text]
        if not _compatible(policy, here, there):
            yield _mixed(at, comparison, f"{here[0].type.name} ≠ {there[0].type.name}")


def _compatible(policy: Policy, some: Iterable[Argument], others: Iterable[Argument]) -> bool:
    """Values of one type only are the same thing; a type that lists provisions counts as the type of provisions."""

    def kinds(arguments: Iterable[Argument]) -> set[str]:
        return {"provision" if argument.type.values and policy.provisions.keys() >= argument.type.values.keys()
                else argument.type.name for argument in arguments}  # fmt: skip

    return not kinds(some).isdisjoint(kinds(others))


def _unfit(policy: Policy, argument: Argument, term: Term) -> Text | None:
    """Why a written value cannot stand in an argument; None if it can."""
    type_ = argument.type
    if term.kind in {"variable", "anonymous", "other"} or (term.text == ABSENT and argument.optional):
        return None
    kinds = {"identifier": {"string"}, "constant": {"constant", "number"}}.get(type_.base, {"number", "arithmetic"})
    if term.kind not in kinds:
        written = {"identifier": ("chuỗi trong ngoặc kép", "a quoted string"), "constant": ("hằng", "a constant")}
        vi, en = written.get(type_.base, ("số", "a number"))
        return {"vi": f"{argument.name} = {term.text}, cần {vi}", "en": f"{argument.name} = {term.text}, expected {en}"}
    allowed: Iterable[str] | None = type_.values or None
    if type_.name == "provision":
        allowed = policy.provisions
    elif type_.name == "reading":
        allowed = policy.readings
    elif type_.name == "duty":
        allowed = policy.duties
    elif type_.table is not None:
        allowed = type_.exempt
    if allowed is not None and term.text not in allowed:
        return _not_among(f"{argument.name} = {term.text}", term.text, allowed)
    if type_.base == "integer" and term.kind == "number":
        low, high = type_.low or 0, type_.high
        if int(term.text) < low or (high is not None and int(term.text) > high):
            return _not_among(f"{argument.name} = {term.text}", term.text, [f"{low}..{'' if high is None else high}"])
    return None


def _not_among(found: str, value: str, allowed: Iterable[str]) -> Text:
    allowed = list(allowed)
    hint, names = nearest(value, allowed), listed(allowed) or "–"
    return {"vi": f"{found}{hint['vi']}; cho phép: {names}", "en": f"{found}{hint['en']}; allowed: {names}"}


def _mixed(at: Location, found: str, types: str) -> Problem:
    return _misuse(at, found, f"lẫn hai kiểu ({types})", f"two types are mixed ({types})")


def _misuse(at: Location, found: str, vi: str, en: str) -> Problem:
    return Problem(at, "misused-predicate", {"found": found, "reason": {"vi": vi, "en": en}})


# ---- The repository as a whole ----------------------------------------------------------------------


def in_whole(policy: Policy, rules: Sequence[Rule], versions: Sequence[Policy]) -> list[Problem]:
    """What is wrong with all rules of a version taken together, one of those that share a vocabulary."""
    return [*_idle_predicates(policy, versions), *_coverage(policy, rules), *_duties(policy, rules)]


def _openings(vocabulary: Vocabulary) -> Iterator[Problem]:
    """`opens` of a predicate and `open` of its table must name each other."""
    for option, counterpart in (("opens", "open"), ("open", "opens")):
        for name, predicate in vocabulary.supplied(option).items():
            other = vocabulary.predicates.get(predicate.option(option))
            if other is None or other.option(counterpart) != name:
                named = f"{option}: {predicate.option(option)}"
                yield _misuse(predicate.at, name, f"`{named}` mà bên kia không ghi `{counterpart}: {name}`",
                              f"`{named}`, where `{counterpart}: {name}` is missing")  # fmt: skip


def _frameworks(policy: Policy) -> Iterator[Problem]:
    """Index frameworks are optional, and name what exists."""
    if (policy.folder.parent / frameworks.FILE).is_file():
        try:
            frameworks.load(policy.folder.parent)
        except Invalid as error:
            yield from error.problems


def _about(policy: Policy) -> Iterator[Problem]:
    """What properties and the dossier of known gaps say of the policy can be read."""
    from cchc import gaps, properties  # imported late: they look at rules as is done here

    try:
        gaps.load(policy, properties.load(policy))
    except Invalid as error:
        yield from error.problems


def _idle_predicates(policy: Policy, versions: Sequence[Policy]) -> Iterator[Problem]:
    """Predicates that no version reads but in their own rules, and those that this one reads and nothing produces."""
    made = _made(policy)
    read, read_somewhere = _read(policy), {name for version in versions for name in _read(version)}
    made_somewhere = {name for version in versions for name in _made(version)}
    for name, predicate in policy.vocabulary.predicates.items():
        if predicate.kind == "input":
            continue
        given = any(argument.type.name == "reading" for argument in predicate.arguments)
        asked = predicate.kind == "verdict" or bool(predicate.option("opens"))
        # An amendment may take away the last fact or rule of a predicate; only what asks for it then never fires.
        # What is asked of every text need not be said by each.
        wanted = ((name in _asked_for(policy) and predicate.kind != "policy") if policy.amendments
                  else name in read or (asked and name not in made_somewhere))  # fmt: skip
        if name not in read_somewhere and not asked:
            yield Problem(predicate.at, "unused-predicate", {"found": name})
        elif wanted and name not in made and not given:
            yield Problem(predicate.at, "underived-predicate", {"found": name})


def _made(policy: Policy) -> set[str]:
    return {rule.head.name for rule in policy.rules if rule.head} | {fact.atom.predicate for fact in policy.facts}


def _asked_for(policy: Policy) -> set[str]:
    return {atom.name for rule in policy.rules for atom in rule.atoms if atom.role == "positive"}


def _read(policy: Policy) -> set[str]:
    return {atom.name for rule in policy.rules for atom in rule.atoms
            if atom.role != "head" and (rule.head is None or rule.head.name != atom.name)}  # fmt: skip


def _coverage(policy: Policy, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Each provision has a rule, a fact or a duty, or says why it has none; a computable one has a rule or a fact."""
    cited = {provision for rule in rules for provision in rule.citations}
    stated = {fact.provision for fact in policy.facts if fact.atom.predicate != OWES}  # who owes is not how it is computed
    owed = {duty.provision for duty in policy.duties.values()}
    for name, provision in policy.provisions.items():
        if provision.reason and name in cited | stated | owed:
            yield Problem(provision.at, "needless-reason", {"found": name})
        elif provision.evaluable == "computable" and name not in cited | stated:
            yield Problem(provision.at, "computable-without-rule", {"found": name})
        elif not provision.reason and name not in cited | stated | owed:
            yield Problem(provision.at, "unexplained-provision", {"found": name})


def _duties(policy: Policy, rules: Sequence[Rule]) -> Iterator[Problem]:
    """Computable duties are those that say how they are computed, or that a rule names; no others."""
    named = {term.text for rule in rules for atom in rule.atoms for term in atom.terms if term.kind == "string"}
    for name, duty in policy.duties.items():
        if (duty.evaluable == "computable") != (bool(duty.computed) or name in named):
            yield Problem(duty.at, "misjudged-duty", {"found": name, "evaluable": duty.evaluable})


def _numbers(policy: Policy) -> Iterator[Problem]:
    """A number of a fact stands in the words quoted for it, in figures or spelled out."""
    for fact in policy.facts:
        words = fact.words.casefold()
        stated = {Decimal(figure.replace(",", ".")) for figure in _FIGURE.findall(words)}
        stated |= {Decimal(_SPELLED[word]) for word in re.findall(r"\w+", words) if word in _SPELLED}
        arguments = policy.vocabulary.predicates[fact.atom.predicate].arguments
        for argument, value in zip(arguments, fact.atom.arguments, strict=True):
            number = Decimal(value) / (SCALE if argument.type.base == "decimal" else 1) if isinstance(value, int) else None
            if number is not None and number not in stated and not argument.option("implied"):
                details = {"column": argument.name, "found": printed_value(argument.type, value), "words": fact.words}
                yield Problem(fact.at, "number-not-in-words", details)


def _stated(policy: Policy) -> Iterator[Problem]:
    """Provisions named by facts and readings must exist."""
    for fact in policy.facts:
        predicate = policy.vocabulary.predicates[fact.atom.predicate]
        for argument, value in zip(predicate.arguments, fact.atom.arguments, strict=True):
            if argument.type.name == "provision" and (reason := _unfit(policy, argument, Term("string", str(value)))):
                yield _misuse(fact.at, fact.atom.predicate, **reason)
    for reading in policy.readings.values():
        for provision in reading.provisions:
            if provision not in policy.provisions and not policy.amendments:
                yield _unknown_provision(policy, provision, reading.at)
