"""Evaluations for people and machines: table, JSON, CSV, Markdown, and proofs as a tree to read aloud."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence

from cchc.asp import VERSION
from cchc.dataset import labeller
from cchc.emptiness import emptiness
from cchc.evaluation import Evaluation, Verdict, statuses
from cchc.figures import Assumed
from cchc.policy import PolicyFact
from cchc.printing import version_text
from cchc.proof import Proof
from cchc.rows import Row
from cchc.text import paragraph, provision_address, provision_name, say, table
from cchc.vocabulary import OPEN, Argument, Atom, Predicate, Type, decimal_text, printed_value, shown_value

Style = Callable[[str, str], str]
"""Marks up a piece of text as `strong`, `faint` or `warn` where the output is a terminal."""


class Renderer:
    """Renders one evaluation in one language; `width` in columns."""

    def __init__(self, evaluation: Evaluation, lang: str, width: int = 80, style: Style = lambda kind, text: text) -> None:
        self.evaluation = evaluation
        self.vocabulary = evaluation.policy.vocabulary
        self.lang = lang
        self.width = width
        self.style = style
        names = labeller(evaluation.dataset, lang, evaluation.facts.anonymous)

        duties = evaluation.policy.duties
        self._duties = {name: f"{index:4}" for index, name in enumerate(duties)}

        def label(kind: str, value: str) -> str:
            if kind == "duty" and value in duties:
                return f"{value} {duties[value].vi if lang == 'vi' else duties[value].en}"
            known = kind == "provision" and value in evaluation.policy.provisions
            return provision_name(value, lang) if known else names(kind, value)

        self.label = label
        self.site = ""
        """Where provisions have pages; without it, they are only named."""

    def say(self, key: str, **words: object) -> str:
        return say(key, self.lang).format(**words)

    # -- Machines ------------------------------------------------------------------------------------

    def json(self, verdicts: Sequence[Verdict]) -> str:
        """The object of contract section 6, the same bytes for the same input."""
        evaluation = self.evaluation
        document = {
            "instrument": evaluation.policy.instrument["id"],
            "version": evaluation.policy.version,
            "as_of": evaluation.as_of.isoformat() if evaluation.as_of else None,
            "dataset": evaluation.dataset.name,
            "notice": dict(evaluation.dataset.notice) if evaluation.dataset.notice else None,
            "policy_notices": [dict(notice) for notice in evaluation.policy.notices],
            "profile": evaluation.profile,
            "readings": dict(sorted(evaluation.readings.items())),
            "policy_sha256": evaluation.policy.sha256,
            "data_sha256": evaluation.dataset.sha256,
            "engine": f"cchc {_version()}, {VERSION}",
            **({"pages": provision_address(self.site, "{id}")} if self.site else {}),
            "verdicts": [],
        }
        # One verdict a line: quicker to write, and differences read well.
        lines = [json.dumps({**self.named(verdict.atom), "status": verdict.status, "cites": list(verdict.cites),
                             "provenance": verdict.provenance}, ensure_ascii=False) for verdict in verdicts]  # fmt: skip
        listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
        return json.dumps(document, ensure_ascii=False, indent=2).removesuffix("[]\n}") + listed + "\n}\n"

    def csv(self, verdicts: Sequence[Verdict]) -> str:
        """One row for each verdict; the columns are all argument names that occur, last the notice of the dataset."""
        arguments = [
            {_key(name, verdict.predicate): value for name, value in verdict.arguments.items()} for verdict in verdicts
        ]
        names = list(dict.fromkeys(name for given in arguments for name in given))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        notice = self.evaluation.dataset.notice
        said = [notice[self.lang]] if notice else []
        writer.writerow(["predicate", *names, "status", "cites", "provenance", *(["notice"] if said else [])])
        for verdict, given in zip(verdicts, arguments, strict=True):
            values = [given.get(name, "") for name in names]
            writer.writerow([verdict.predicate, *values, verdict.status, " ".join(verdict.cites), verdict.provenance, *said])
        return out.getvalue()

    def named(self, atom: Atom) -> dict[str, str | int]:
        """A verdict by the names of its arguments, for machines."""
        arguments = self.vocabulary.predicates[atom.predicate].arguments
        return {"predicate": atom.predicate,
                **{_key(argument.name, atom.predicate): value if argument.type.base == "integer" else
                   printed_value(argument.type, value)
                   for argument, value in zip(arguments, atom.arguments, strict=True)}}  # fmt: skip

    def _arguments(self, verdict: Verdict) -> tuple[Argument, ...]:
        return self.vocabulary.predicates[verdict.predicate].arguments

    # -- People --------------------------------------------------------------------------------------

    def table(self, verdicts: Sequence[Verdict], unlisted: Sequence[Atom] = ()) -> str:
        """Verdicts by year and kind, each with what it rests on beyond what its whole group rests on."""
        lines = self.heading()
        for title, shared, header, rows in self._groups(verdicts):
            lines += ["", self.style("strong", title)]
            if shared:
                words = paragraph(f"{self.say('shared')}: {shared}", self.width)
                lines += [self.style("faint", line) for line in words]
            lines += table(header, rows, self.width)
        return "\n".join([*lines, *emptiness(self, verdicts), *self._foot(unlisted)]) + "\n"

    def markdown(self, verdicts: Sequence[Verdict], unlisted: Sequence[Atom] = ()) -> str:
        """The same as `table`, as Markdown."""
        lines = [f"> {line}" if index else f"# {line}" for index, line in enumerate(filter(None, self._head(wrap=False)))]
        for title, shared, header, rows in self._groups(verdicts, self._linked):
            lines += ["", f"## {title}", "", *([f"{self.say('shared')}: {shared}", ""] if shared else [])]
            lines += [_markdown_row(header), _markdown_row(["---"] * len(header)), *map(_markdown_row, rows)]
        return "\n".join([*lines, *emptiness(self, verdicts), *self._foot(unlisted)]) + "\n"

    def heading(self) -> list[str]:
        """What every output starts with: instrument, dataset, notice, profile."""
        return list(self._head())

    def _head(self, *, wrap: bool = True) -> Iterator[str]:
        dataset, policy = self.evaluation.dataset, self.evaluation.policy
        title = f"{policy.instrument['number']} · {dataset.title.get(self.lang, dataset.name)}"
        yield from paragraph(title, self.width) if wrap else [title]
        version = version_text(policy, self.lang)
        if dataset.notice:
            text = f"{self.say('notice')}: {dataset.notice[self.lang]}"
            yield from (self.style("warn", line) for line in paragraph(text, self.width)) if wrap else [text]
        yield from paragraph(version, self.width) if wrap else [version]
        for warning in policy.notices:
            text = f"{self.say('notice')}: {warning[self.lang]}"
            yield from (self.style("warn", line) for line in paragraph(text, self.width)) if wrap else [text]
        profile = policy.profiles[self.evaluation.profile]
        changed = {name: value for name, value in self.evaluation.readings.items()
                   if value != getattr(policy.readings[name], profile["take"])}  # fmt: skip
        name = profile["title"][self.lang] if "title" in profile else self.evaluation.profile
        described = f"{self.say('profile')}: {name}"
        if profile.get("advisory"):
            described += f" ({self.say('advisory')})"
        if changed:
            described += f"; {self.say('changed')}: " + ", ".join(f"{name}={value}" for name, value in changed.items())
        yield from paragraph(described, self.width) if wrap else [described]

    def _foot(self, unlisted: Sequence[Atom]) -> Iterator[str]:
        yield ""
        if unlisted:
            counts = Counter(self.title(atom.predicate) for atom in unlisted)
            text = f"{self.say('not-listed')}: " + ", ".join(f"{title} ({count})" for title, count in sorted(counts.items()))
            yield from paragraph(f"{text}; {self.say('use-verdict')}", self.width)
        policy, data = self.evaluation.policy.sha256[:12], self.evaluation.dataset.sha256[:12]
        sums = f"{self.say('policy')} {policy} · {self.say('data')} {data}"
        yield self.style("faint", f"cchc {_version()} · {VERSION} · {sums}")

    def title(self, predicate: str) -> str:
        titles = self.vocabulary.predicates[predicate].option("title")
        return str(titles[self.lang]) if titles else predicate

    def _linked(self, provision: str) -> str:
        return f"[{provision}]({provision_address(self.site, provision)})" if self.site else provision

    def _groups(self, verdicts: Sequence[Verdict],
                cited: Callable[[str], str] = str) -> Iterator[tuple[str, str, list[str], list[list[str]]]]:  # fmt: skip
        """Title, shared provisions, header and rows of each group of verdicts of one year and kind."""
        order = list(self.vocabulary.predicates)
        groups: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in sorted(verdicts, key=lambda v: (v.arguments.get("year", ""), order.index(v.predicate))):
            groups.setdefault((verdict.arguments.get("year", ""), verdict.predicate), []).append(verdict)
        for (year, predicate), group in groups.items():
            shared = frozenset.intersection(*(frozenset(verdict.cites) for verdict in group)) if len(group) > 2 else frozenset()
            columns = [argument for argument in self._arguments(group[0]) if argument.name != "year"]
            statuses = {self._status(verdict) for verdict in group}
            header = [self._column(argument.name) for argument in columns] + [self.say("status")] * (len(statuses) > 1)
            rows = [
                [*(self._shown(argument, verdict) for argument in columns), *([self._status(verdict)] * (len(statuses) > 1)),
                 ", ".join(cited(cite) for cite in verdict.cites if cite not in shared) or "—"]
                for verdict in sorted(group, key=lambda verdict: (verdict.status, *self._place(verdict, columns)))
            ]  # fmt: skip
            header.append(self.say("rests-on"))
            if all(row[-1] == "—" for row in rows):  # all that they rest on stands above the table
                header, rows = header[:-1], [row[:-1] for row in rows]
            title = f"{self.say('year')} {year} · {self.title(predicate)} ({len(group)})"
            title += f": {statuses.pop()}" if len(statuses) == 1 else ""
            yield title, ", ".join(map(cited, sorted(shared, key=self.evaluation.order.__getitem__))), header, rows

    def _place(self, verdict: Verdict, columns: Sequence[Argument]) -> list[str]:
        """Where a row stands in its table: by what is shown, duties in the order of the text."""
        return [self._duties.get(verdict.arguments[column.name], self._shown(column, verdict)) if column.type.name == "duty"
                else self._shown(column, verdict) for column in columns]  # fmt: skip

    def shown(self, type_: Type, value: str | int) -> str:
        return shown_value(type_, value, self.lang, self.label)

    def _column(self, name: str) -> str:
        names = self.vocabulary.columns.get(name)
        return names[self.lang] if names else name

    def _shown(self, argument: Argument, verdict: Verdict) -> str:
        value = verdict.atom.arguments[list(verdict.arguments).index(argument.name)]
        return self.shown(argument.type, value)

    def _status(self, verdict: Verdict) -> str:
        status = self.say(verdict.status)
        return f"{status}, {self.say('illustrative').split(' ', 2)[2] if self.lang == 'vi' else 'illustrative'}" if (
            verdict.provenance == "illustrative") else status  # fmt: skip

    def difference(self, literal: Collection[tuple[Atom, str]], asked: Callable[[Atom], bool]) -> str:
        """Where the profile `literal` gives other verdicts, among those asked for."""
        ours, theirs = ({(atom, status) for atom, status in found if asked(atom)}
                        for found in (statuses(self.evaluation.answer), literal))  # fmt: skip
        lines = [f"- {self.sentence(atom)} ({self.say(status)}; {self.say(side)})"
                 for side, found in (("default-only", ours - theirs), ("literal-only", theirs - ours))
                 for atom, status in found]  # fmt: skip
        if not lines:
            return ""
        wrapped = [piece for line in sorted(lines) for piece in paragraph(line, self.width, "", "  ")]
        return "\n".join([self.style("strong", f"{self.say('literal-differs')}:"), *wrapped]) + "\n"

    def sentence(self, atom: Atom) -> str:
        return self.vocabulary.read_aloud(self._worded(atom), self.lang, self.label)

    def _worded(self, atom: Atom) -> Atom:
        """Words in place of arguments that a question leaves open."""
        if OPEN not in atom.arguments:
            return atom
        words = []
        for argument, value in zip(self.vocabulary.predicates[atom.predicate].arguments, atom.arguments, strict=True):
            title = self.vocabulary.columns.get(argument.name)
            some = self.say("some", name=title[self.lang]) if title else self.say("some-value")
            words.append(some if value == OPEN else value)
        return Atom(atom.predicate, tuple(words))

    def short(self, atom: Atom) -> str:
        """The sentence with items by their number only; their names stand once, above the proof."""

        def number(type_name: str, value: str) -> str:
            named = type_name == "item" and value in self.evaluation.dataset.labels
            return value if named else self.label(type_name, value)

        return self.vocabulary.read_aloud(self._worded(atom), self.lang, number)

    def _legend(self, proofs: Sequence[Proof]) -> Iterator[str]:
        """The names of the items that a proof mentions."""
        items = {str(value) for atom in self._used(proofs) for argument, value in
                 zip(self.vocabulary.predicates[atom.predicate].arguments, atom.arguments, strict=True)
                 if argument.type.name == "item" and str(value) in self.evaluation.dataset.labels}  # fmt: skip
        for item in sorted(items):
            yield from paragraph(self.label("item", item), self.width, "  ", "    ")

    # -- Proofs --------------------------------------------------------------------------------------

    def verdict_line(self, verdict: Verdict) -> str:
        """A verdict as a sentence, with its status."""
        return f"{self.sentence(verdict.atom)} ({self._status(verdict)})"

    def proof(self, verdict: Verdict) -> str:
        """A verdict and its proof, down to the quoted provision and the row of data."""
        quoted: set[str] = set()
        shown: set[Proof] = set()
        lines = paragraph(f"{self.say('verdict')}: {self.verdict_line(verdict)}", self.width)
        lines = [self.style("strong", line) for line in lines]
        cases = self.evaluation.cases(verdict)
        if verdict.status == "certain" and any(case.assumptions for case in cases):
            lines += paragraph(self.say("different-grounds", common=", ".join(verdict.cites)), self.width)
        lines += self._legend([proof for case in cases for proof in case.proofs])
        for number, case in enumerate(cases, start=1):
            if case.assumptions:
                words = self.say("case", n=number, all=len(cases)) if len(cases) > 1 else self.say("example-world")
                lines += [self.style("strong", line) for line in paragraph(f"{words}:", self.width)]
            for atom in case.assumptions:
                lines += paragraph(self.assumption(atom), self.width, "  ~ ", "    ")
            for proof in case.proofs:
                lines += self._tree(proof, "", "", quoted, shown)
        return "\n".join(lines) + "\n"

    def _used(self, proofs: Sequence[Proof]) -> set[Atom]:
        return {atom for proof in proofs for atom in (proof.atom, *self._used(proof.children))}

    def _tree(self, proof: Proof, first: str, rest: str, quoted: set[str], shown: set[Proof]) -> Iterator[str]:
        """A step, the provisions it cites (quoted once), and what it rests on (shown once)."""
        again = (bool(proof.children) or proof.kind == "reading") and proof in shown
        shown.add(proof)
        bar = rest + ("│ " if proof.children and not again else "  ")
        yield from paragraph(f"{self._node(proof, again=again)}", self.width, first, bar)
        if proof.kind == "rule":
            for provision in proof.cites:
                if provision not in quoted:
                    quoted.add(provision)
                    yield from self.quotation(provision, bar)
        for index, child in enumerate(() if again else proof.children):
            last = index == len(proof.children) - 1
            yield from self._tree(child, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "), quoted, shown)

    def quotation(self, provision: str, bar: str) -> Iterator[str]:
        """A provision by name, and its words."""
        described = self.evaluation.policy.provisions[provision]
        text = described.text if self.lang == "vi" else described.en
        name = provision_name(provision, self.lang)
        for line in paragraph(f"{name} [{provision}]: “{text.strip()}”", self.width, f"{bar}§ ", f"{bar}  "):
            yield self.style("faint", line)

    def _node(self, proof: Proof, *, again: bool) -> str:
        """The line of one step; one that stands above already is only named."""
        if again:
            described = " = ".join(map(str, proof.atom.arguments)) if proof.kind == "reading" else self.short(proof.atom)
            return f"{self.say('reading') + ' ' if proof.kind == 'reading' else ''}{described} ({self.say('above')})"
        match proof.kind:
            case "rule":
                return f"{self.short(proof.atom)} [{', '.join(proof.cites)}]"
            case "reading":
                name, value = map(str, proof.atom.arguments)
                meaning = self.evaluation.policy.readings[name].values[value][self.lang]
                return f"{self.say('reading')} {name} = {value}: {meaning}"
            case "stated" if isinstance(proof.origin, PolicyFact):
                return f"{self.short(proof.atom)} — {self.say('words')}: “{proof.origin.words}” [{proof.cites[0]}]"
            case "row" if isinstance(proof.origin, Row):
                return f"{self.short(proof.atom)} ← {self.origin(proof.origin)}"
            case "assumed":
                return f"{self.say('assume')}: {self.assumption(proof.atom)}"
            case "absent":
                return f"{self.say('not')}: {self.short(proof.atom)} ({self.looked_at(proof.atom)})"
            case "all":
                return self.say("every", n=len(proof.children)) + ":"
            case "none":
                return self.say("nothing")
        return self.short(proof.atom)

    def origin(self, row: Row) -> str:
        source = self.evaluation.dataset.sources.get(row.source or "")
        described = f", {source['document']}" if source else ""
        return f"{row.at.path.rpartition('/')[2]}:{row.at.line}{described} ({self.say(row.provenance)})"

    def assumption(self, atom: Atom) -> str:
        origin = self.evaluation.facts.origins.get(atom)
        if not isinstance(origin, Assumed):
            return self.sentence(atom)
        item, year = atom.arguments[:2]
        words = self.label("item", str(item))
        return self.say("assume-between", item=words, year=year, range=self._range(origin))

    def _range(self, origin: Assumed) -> str:
        def number(value: int) -> str:
            text = decimal_text(value)
            return text.replace(".", ",") if self.lang == "vi" else text

        low, high = origin.below, origin.above
        if low is not None and high is not None:
            return self.say("equals", a=number(low)) if low == high else self.say("between", a=number(low), b=number(high))
        if low is not None:
            return self.say("over", a=number(low))
        return self.say("under", a=number(high)) if high is not None else self.say("share", a=f"{origin.share:.0%}")

    def _token_row(self, predicate: Predicate, atom: Atom) -> str:
        """The row that says in so many words that a value is not known, where there is one."""
        name = predicate.option("recorded") or predicate.option("unknown")
        if name is None:
            return ""
        table = self.vocabulary.predicates[name]
        for row in self.evaluation.dataset.rows.get(name, ()):
            values = dict(zip((column.name for column in table.columns), row.values, strict=True))
            if all(values[argument.name] == value for argument, value in zip(predicate.arguments, atom.arguments, strict=True)):
                tokens = [str(value) for column in table.columns if (value := values[column.name]) in column.tokens]
                return f"{self.origin(row)}: {', '.join(tokens)}" if tokens else ""
        return ""

    def looked_at(self, atom: Atom) -> str:
        """What was looked at before saying `not`: the provisions whose rules could have given the atom."""
        predicate = self.vocabulary.predicates[atom.predicate]
        if predicate.kind == "input":
            return self._token_row(predicate, atom) or self.say("no-row")
        tried = {cite for rule in self.evaluation.policy.rules if rule.head is not None and rule.head.name == atom.predicate
                 and all(term.kind not in {"string", "constant"} or term.text == str(value)
                         for term, value in zip(rule.head.terms, atom.arguments, strict=True))
                 for cite in rule.citations}  # fmt: skip
        return f"{self.say('looked-at')}: {', '.join(sorted(tried, key=self.evaluation.order.__getitem__))}"


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _key(name: str, predicate: str) -> str:
    """The name of an argument in output; one that every verdict has already gives way to the name of its predicate."""
    return predicate if name in {"predicate", "status", "cites", "provenance"} else name


def _version() -> str:
    from cchc import __version__

    return __version__
