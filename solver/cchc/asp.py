"""The only module that imports clingo: reading rule files, solving, and the trace that proofs are made of."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import clingo
import clingo.ast as ast

from cchc.files import read_text
from cchc.problems import Invalid, Location, Problem, display_path
from cchc.vocabulary import Atom

VERSION = f"clingo {clingo.__version__}"
_CITATION = re.compile(r"%@(.*)")
_WORD = re.compile(r"\S+")
_ANONYMOUS = re.compile(r"\b_\b")
_UNSAFE = re.compile(r'%\*.*?\*%|%[^\n]*|"(?:\\.|[^"\\\n])*"|(?P<followed>#include\b|#script\b)|(?P<foreign>[^\x00-\x7f])', re.S)
_ATOM = re.compile(r'[a-z_]\w*\((?:[^()"]|"[^"]*")*\)')
_ARGUMENT = re.compile(r'"([^"]*)"|(-?\d+)|([a-z_]\w*)')
_CITED = re.compile(r'__c\((?P<atom>.*),"(?P<provision>[^"]*)"\)')
_MESSAGE = re.compile(r"(?:(?P<path>[^\n]*?):(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: )?(?:error|info|warning): (?P<text>.*)", re.S)


@dataclass(frozen=True, slots=True)
class Term:
    """An argument in a rule; kind is variable, anonymous, string, constant, number, arithmetic or other."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleAtom:
    """An atom in a rule; role is head, positive, negative, checked (L in `L : C`) or condition (C)."""

    name: str
    terms: tuple[Term, ...]
    role: str
    text: str
    at: Location

    @property
    def signature(self) -> str:
        return f"{self.name}/{len(self.terms)}"


@dataclass(frozen=True, slots=True)
class Check:
    """A conditional literal `L : C1, …, Cn` of a body: L for all that satisfy the conditions."""

    checked: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a policy file. `parts` are its body in order: an atom (role positive or negative) or a check.

    `citations_at` are the places of its citations, `text` is the rule as written, and `forbidden` are constructs that
    the policy language does not have, each with its place.
    """

    number: int
    at: Location
    citations: tuple[str, ...]
    citations_at: tuple[Location, ...]
    text: str
    head: RuleAtom | None
    parts: tuple[RuleAtom | Check, ...]
    body: str
    atoms: tuple[RuleAtom, ...]
    forbidden: tuple[tuple[str, Location], ...]


def read_rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """The rules of policy files with their citations (`%@ 17.1.a.2` above a rule). Raises Invalid."""
    rules: list[Rule] = []
    for path in paths:
        rules += _read_file(path, len(rules))
    return tuple(rules)


def _read_file(path: Path, start: int) -> list[Rule]:
    text = read_text(path)
    lines = text.split("\n")
    shown = display_path(path)
    if problems := [*_unsafe(shown, text)]:
        raise Invalid(problems)
    log = _Log({str(path): shown}, {str(path): lines})
    rules: list[Rule] = []
    pending: list[tuple[str, Location]] = []
    last_end = 0
    begun = False

    def visit(node: ast.AST) -> None:
        nonlocal last_end, begun
        if node.ast_type == ast.ASTType.Comment:
            begin = node.location.begin
            if (match := _CITATION.match(node.value)) and begin.line > last_end:
                column = _characters(lines[begin.line - 1], begin.column)
                pending.extend((word[0], Location(shown, begin.line, column + word.start()))
                               for word in _WORD.finditer(match[0], match.start(1)))  # fmt: skip
        elif node.ast_type == ast.ASTType.Program and not begun:  # clingo begins each file with one
            begun = True
        else:
            last_end = node.location.end.line
            rules.append(_RuleReader(shown, lines).read(node, start + len(rules), pending))
            pending.clear()

    try:
        ast.parse_files([str(path)], visit, logger=log)
    except RuntimeError as error:
        raise Invalid(log.problems or [Problem(Location(shown), "asp-syntax", {"found": str(error)})]) from error
    if log.problems:
        raise Invalid(log.problems)
    return rules


def _unsafe(shown: str, text: str) -> Iterator[Problem]:
    """What clingo must not even parse: it aborts the process at a non-ASCII byte outside strings and comments, and
    follows `#include` anywhere without telling. (`#script` is here because its lines would mislead this search.)"""
    for match in _UNSAFE.finditer(text):
        if match.lastgroup is not None:
            before = text[: match.start()]
            at = Location(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
            yield Problem(at, "forbidden-construct" if match["followed"] else "asp-non-ascii", {"found": match[0]})


class _Namer(ast.Transformer):
    """Names each `_`, so that a trace can bind it."""

    def __init__(self) -> None:
        self.fresh = 0

    def visit_Variable(self, node: ast.AST) -> ast.AST:  # noqa: N802
        if node.name != "_":
            return node
        self.fresh += 1
        return node.update(name=f"_A{self.fresh}")


_ARITHMETIC = frozenset({ast.ASTType.BinaryOperation, ast.ASTType.UnaryOperation})
_COMPARED = _ARITHMETIC | {ast.ASTType.Interval}
_FORBIDDEN = {
    ast.ASTType.Aggregate: "{ … }", ast.ASTType.BodyAggregate: "#count, #sum, #min, #max",
    ast.ASTType.HeadAggregate: "#count, #sum, #min, #max", ast.ASTType.Disjunction: "a ; b", ast.ASTType.TheoryAtom: "&…",
    ast.ASTType.TheoryDefinition: "#theory", ast.ASTType.External: "#external", ast.ASTType.ShowSignature: "#show",
    ast.ASTType.ShowTerm: "#show", ast.ASTType.Definition: "#const", ast.ASTType.Minimize: ":~, #minimize, #maximize",
    ast.ASTType.Program: "#program", ast.ASTType.ProjectAtom: "#project", ast.ASTType.ProjectSignature: "#project",
    ast.ASTType.Heuristic: "#heuristic", ast.ASTType.Edge: "#edge", ast.ASTType.Defined: "#defined",
    ast.ASTType.Pool: "(a;b)", ast.ASTType.Interval: "a..b", ast.ASTType.UnaryOperation: "-p(…)",
    ast.ASTType.Comparison: "not a = b", ast.ASTType.BooleanConstant: "#true, #false",
}  # fmt: skip


class _RuleReader:
    """Takes one statement apart; only rules over atoms, comparisons and conditional literals are in the language."""

    def __init__(self, shown: str, lines: Sequence[str]) -> None:
        self.shown = shown
        self.lines = lines
        self.atoms: list[RuleAtom] = []
        self.forbidden: list[tuple[str, Location]] = []

    def place(self, node: ast.AST) -> Location:
        begin = node.location.begin
        return Location(self.shown, begin.line, _characters(self.lines[begin.line - 1], begin.column))

    def forbid(self, node: ast.AST, at: Location | None = None) -> None:
        if node.ast_type == ast.ASTType.Function:
            name = f"@{node.name}" if node.external else f"{node.name}(…)"
        else:
            name = _FORBIDDEN.get(node.ast_type) or str(node.ast_type).rpartition(".")[2]
        self.forbidden.append((name, at or self.place(node)))

    def read(self, node: ast.AST, number: int, pending: Sequence[tuple[str, Location]]) -> Rule:
        begin, end = node.location.begin, node.location.end
        last = _characters(self.lines[end.line - 1], end.column) - 1
        text = "\n".join([*self.lines[begin.line - 1 : end.line - 1], self.lines[end.line - 1][:last]])
        text = text[self.place(node).column - 1 :]
        cited = tuple(provision for provision, _ in pending)
        cited_at = tuple(at for _, at in pending)
        if node.ast_type != ast.ASTType.Rule:
            self.forbid(node)
            return Rule(number, self.place(node), cited, cited_at, text, None, (), "", (), tuple(self.forbidden))
        rule = _Namer().visit(node) if _ANONYMOUS.search(text) else node
        head = self.atom(rule.head, "head")
        parts = [part for part in map(self.part, rule.body) if part is not None]
        body = "; ".join(str(literal) for literal in rule.body)
        return Rule(number, self.place(node), cited, cited_at, text, head, tuple(parts), body, tuple(self.atoms), tuple(self.forbidden))

    def part(self, literal: ast.AST) -> RuleAtom | Check | None:
        if literal.ast_type == ast.ASTType.ConditionalLiteral:
            self.atom(literal.literal, "checked")
            for condition in literal.condition:
                self.atom(condition, "condition")
            return Check(str(literal.literal), tuple(str(condition) for condition in literal.condition))
        if literal.ast_type == ast.ASTType.Literal and literal.sign != ast.Sign.NoSign:
            return self.atom(literal, "negative")
        return self.atom(literal, "positive")

    def atom(self, literal: ast.AST, role: str) -> RuleAtom | None:
        """The atom of a literal; None for a comparison in a body, and for what the language does not have."""
        if literal.ast_type == ast.ASTType.Literal:
            inner = literal.atom
            if inner.ast_type == ast.ASTType.SymbolicAtom and inner.symbol.ast_type == ast.ASTType.Function:
                symbol = inner.symbol
                terms = tuple(self.term(argument) for argument in symbol.arguments)
                atom = RuleAtom(symbol.name, terms, role, str(symbol), self.place(literal))
                self.atoms.append(atom)
                return atom
            if inner.ast_type == ast.ASTType.Comparison and role == "positive":
                for side in (inner.term, *(guard.term for guard in inner.guards)):
                    self.expression(side, _COMPARED)
            elif inner.ast_type == ast.ASTType.BooleanConstant and role == "head":
                self.forbidden.append((":- …", self.place(literal)))
            else:
                self.forbid(inner.symbol if inner.ast_type == ast.ASTType.SymbolicAtom else inner, self.place(literal))
            return None
        self.forbid(literal)
        return None

    def term(self, node: ast.AST) -> Term:
        text = str(node)
        if node.ast_type == ast.ASTType.Variable:
            return Term("anonymous" if text.startswith("_") else "variable", text)
        if node.ast_type == ast.ASTType.SymbolicTerm:
            return Term("string", text[1:-1]) if text.startswith('"') else Term("number" if text.isdigit() else "constant", text)
        if node.ast_type == ast.ASTType.Function and not node.arguments and not node.external:
            return Term("constant", text)
        self.expression(node, _ARITHMETIC)
        return Term("arithmetic" if node.ast_type in _ARITHMETIC else "other", text)

    def expression(self, node: ast.AST, allowed: frozenset[ast.ASTType]) -> None:
        """Looks through an expression for what the language does not have."""
        if node.ast_type in allowed:
            for key in node.child_keys:
                self.expression(getattr(node, key), allowed)
        elif node.ast_type == ast.ASTType.Function and not node.arguments and not node.external:
            return
        elif node.ast_type not in {ast.ASTType.Variable, ast.ASTType.SymbolicTerm}:
            self.forbid(node)


def _characters(line: str, column: int) -> int:
    """clingo counts columns in bytes."""
    return len(line.encode()[: column - 1].decode("utf-8", "replace")) + 1


class _Log:
    """Every message of clingo is an error for us: some infos hide lost rule instances."""

    def __init__(self, shown: Mapping[str, str], lines: Mapping[str, Sequence[str]]) -> None:
        self.shown = shown
        self.lines = lines
        self.problems: list[Problem] = []

    def __call__(self, code: clingo.MessageCode, message: str) -> None:
        match = _MESSAGE.match(message.strip())
        if match is None or match["path"] is None:
            self.problems.append(Problem(Location("clingo"), "asp-syntax", {"found": " ".join(message.split())}))
            return
        path, line, column = match["path"], int(match["line"]), int(match["column"])
        if path in self.lines and line <= len(self.lines[path]):
            column = _characters(self.lines[path][line - 1], column)
        found = " ".join(match["text"].split())
        self.problems.append(Problem(Location(self.shown.get(path, path), line, column), "asp-syntax", {"found": found}))


# ---- Traces -----------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A rule instance that fired: body atoms in the order of the rule's parts (`__check` for a check)."""

    rule: int
    head: Atom
    body: tuple[Atom, ...]


class Checked(NamedTuple):
    """One thing that a check of a rule instance went through."""

    step: Step
    part: int
    atom: Atom
    conditions: tuple[Atom, ...]


def trace_program(rules: Iterable[Rule]) -> str:
    """Rules that record which instances of the given rules fire: `__t(rule, head, body)`, and for each check in a body
    what it went through: `__x(rule, part, instance, checked, conditions)`.

    No other rule reads these atoms, so they hold as facts exactly where the bodies do. Atoms in them are flat and are
    read from the text of the symbol: taking symbols apart piece by piece is slow.
    """
    text = ["#defined __t/3.", "#defined __x/5."]
    for rule in rules:
        if rule.head is None:
            continue
        body = [part.text if isinstance(part, RuleAtom) else f"__check({i})" for i, part in enumerate(rule.parts)]
        instance = f"__t({rule.number},{rule.head.text},{_tuple(body)})"
        text.append(f"{instance}{' :- ' if rule.body else ''}{rule.body}.")
        for i, part in enumerate(rule.parts):
            if isinstance(part, Check):
                gone_through = f"__x({rule.number},{i},{instance},{part.checked},{_tuple(part.conditions)})"
                text.append(f"{gone_through} :- {instance}; {'; '.join(part.conditions)}.")
    return "\n".join(text) + "\n"


def _tuple(terms: Sequence[str]) -> str:
    return f"({','.join(terms)}{',' if len(terms) == 1 else ''})"


def citation_program(rules: Iterable[Rule], stated: Iterable[tuple[str, str]], silent: frozenset[str]) -> str:
    """Rules that carry citations up the trace of the atoms in `__seed`: `__c(atom, provision)`.

    `stated` are facts of the text with their provision; `silent` predicates only bound the search and cite nothing.
    """
    text = ["#program citations.", "__d(A) :- __seed(A).",
            "__d(A) :- __d(H), __x(_,_,__t(_,H,_),A,_).", "__c(H,P) :- __d(H), __x(_,_,__t(_,H,_),A,_), __c(A,P)."]  # fmt: skip
    text += [f"__c({atom},{provision})." for atom, provision in stated]
    for rule in rules:
        text += [f'__c(H,"{provision}") :- __d(H), __t({rule.number},H,_).' for provision in rule.citations]
        for i, part in enumerate(rule.parts):
            if isinstance(part, RuleAtom) and part.role == "positive" and part.name not in silent:
                holes = _tuple(["X" if j == i else "_" for j in range(len(rule.parts))])
                text.append(f"__d(X) :- __d(H), __t({rule.number},H,{holes}).")
                text.append(f"__c(H,P) :- __d(H), __t({rule.number},H,{holes}), __c(X,P).")
    return "\n".join(text) + "\n"


@functools.lru_cache(maxsize=200_000)
def to_atom(text: str) -> Atom:
    """An atom without nested terms, as clingo prints it; strings, constants and numbers become plain values."""
    name, _, arguments = text.partition("(")
    return Atom(name, tuple(int(number) if number else string or constant for string, number, constant in _ARGUMENT.findall(arguments)))


# ---- Solving ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One completion of the data (the only one where nothing is unknown): the rule instances that its verdicts rest on,
    by the atom they give, what their checks went through, and the completions it chooses."""

    steps: Mapping[Atom, tuple[Step, ...]]
    checked: Mapping[Step, tuple[Checked, ...]]
    chosen: frozenset[Atom]


@dataclass(frozen=True, slots=True)
class Solved:
    """Certain and possible verdicts, a world for each, and what the proofs of a certain one have in common.

    `settled` holds the instances that fire in every completion; `worlds` an example for each verdict that needs one;
    `common` the citations shared by all completions, for certain verdicts whose grounds differ.
    """

    certain: frozenset[Atom]
    possible: frozenset[Atom]
    settled: World
    worlds: Mapping[Atom, World]
    common: Mapping[Atom, frozenset[str]]


# Random signs (the seed is fixed) make each example completion serve many verdicts.
_OPTIONS = ["--warn=all", "--sign-def=rnd", "--rand-freq=0.5", "--seed=1"]


class Program:
    """A grounded logic program: rule files and facts as text. Raises Invalid for whatever clingo complains of."""

    def __init__(self, files: Sequence[Path], text: str) -> None:
        self.log = _Log({str(path): display_path(path) for path in files},
                        {str(path): read_text(path).split("\n") for path in files})  # fmt: skip
        self.control = clingo.Control(_OPTIONS, logger=self.log, message_limit=1000)
        for path in files:
            self._run(lambda path=path: self.control.load(str(path)))
        self._ground("base", text)

    def _ground(self, part: str, text: str) -> None:
        self._run(lambda: self.control.add(part, [], text))
        self._run(lambda: self.control.ground([(part, [])]))

    def _run(self, action: Callable[[], None]) -> None:
        try:
            action()
        except RuntimeError as error:
            raise Invalid(self.log.problems or [Problem(Location("clingo"), "asp-syntax", {"found": str(error)})]) from error
        if self.log.problems:
            raise Invalid(self.log.problems)

    def extension(self, name: str, arity: int) -> list[Atom]:
        """The atoms of a predicate that hold in some completion, as far as grounding can tell."""
        return [to_atom(str(atom.symbol)) for atom in self.control.symbolic_atoms.by_signature(name, arity)]

    def undecided(self) -> list[str]:
        """Atoms that grounding alone does not decide; none where nothing is unknown."""
        return [str(atom.symbol) for atom in self.control.symbolic_atoms if not atom.is_fact]

    def solve(self, rules: Sequence[Rule], roots: Sequence[tuple[str, int]], open_inputs: Sequence[tuple[str, int]],
              hidden: frozenset[str], citations: Callable[[Iterable[str]], str]) -> Solved:  # fmt: skip
        """Certain and possible root atoms, with the worlds their proofs are read from; none with a `hidden` argument.

        `open_inputs` are the predicates that completions choose; `citations` gives the program part that carries
        citations up to the atoms it is given (see `citation_program`).
        """
        atoms = self.control.symbolic_atoms
        trace = _Trace(rules, atoms)
        found = {str(atom.symbol): atom for name, arity in roots for atom in atoms.by_signature(name, arity)}
        found = {text: atom for text, atom in found.items() if hidden.isdisjoint(to_atom(text).arguments)}
        settled = trace.world((text for text, atom in found.items() if atom.is_fact), lambda atom: atom.is_fact, frozenset())
        unsettled = sorted(text for text, atom in found.items() if not atom.is_fact)
        if not unsettled:
            return Solved(frozenset(map(to_atom, found)), frozenset(), settled, {}, {})
        choices = [(atom, to_atom(str(atom.symbol))) for name, arity in open_inputs
                   for atom in atoms.by_signature(name, arity) if not atom.is_fact]  # fmt: skip
        cautious = self._consequences("cautious") & found.keys()
        brave = self._consequences("brave") & found.keys()
        worlds: dict[Atom, World] = {}
        for text in unsettled:
            if text in brave and to_atom(text) not in worlds:
                self._example(text, unsettled, found, trace, choices, worlds)
        common = self._common([text for text in unsettled if text in cautious], citations)
        return Solved(frozenset(map(to_atom, cautious)), frozenset(map(to_atom, brave - cautious)), settled, worlds, common)

    def _consequences(self, mode: str) -> set[str]:
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        symbols: Sequence[clingo.Symbol] = ()
        with self.control.solve(yield_=True) as handle:
            for model in handle:
                symbols = model.symbols(shown=True)
        return set(map(str, symbols))

    def _example(self, text: str, wanted: Sequence[str], found: Mapping[str, clingo.SymbolicAtom], trace: _Trace,
                 choices: Sequence[tuple[clingo.SymbolicAtom, Atom]], worlds: dict[Atom, World]) -> None:  # fmt: skip
        """A completion in which an atom holds; it serves every wanted atom that holds in it and has none yet."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=[found[text].literal], yield_=True) as handle:
            for model in handle:

                def holds(atom: clingo.SymbolicAtom, model: clingo.Model = model) -> bool:
                    return atom.is_fact or model.is_true(atom.literal)

                chosen = frozenset(value for atom, value in choices if holds(atom))
                served = [other for other in wanted if to_atom(other) not in worlds and holds(found[other])]
                world = trace.world(served, holds, chosen)
                worlds.update((to_atom(other), world) for other in served)

    def _common(self, seeds: Sequence[str], citations: Callable[[Iterable[str]], str]) -> dict[Atom, frozenset[str]]:
        if not seeds:
            return {}
        self._ground("citations", citations(seeds))
        common: dict[Atom, set[str]] = {to_atom(seed): set() for seed in seeds}
        for text in self._consequences("cautious"):
            if match := _CITED.fullmatch(text):
                common[to_atom(match["atom"])].add(match["provision"])
        return {atom: frozenset(provisions) for atom, provisions in common.items()}


class _Trace:
    """The trace atoms of a grounded program, indexed as text; a world is read off from its verdicts down."""

    def __init__(self, rules: Sequence[Rule], atoms: clingo.SymbolicAtoms) -> None:
        self.rules = rules
        self.instances: dict[str, list[tuple[clingo.SymbolicAtom, str]]] = {}
        self.checks: dict[str, list[tuple[clingo.SymbolicAtom, str]]] = {}
        for atom in atoms.by_signature("__t", 3):
            text = str(atom.symbol)
            match = _ATOM.search(text, 4)
            assert match is not None
            self.instances.setdefault(match[0], []).append((atom, text))
        for atom in atoms.by_signature("__x", 5):
            text = str(atom.symbol)
            self.checks.setdefault(text[text.index("__t(") : text.index(")),") + 2], []).append((atom, text))

    def world(self, roots: Iterable[str], holds: Callable[[clingo.SymbolicAtom], bool], chosen: frozenset[Atom]) -> World:
        """What the root atoms rest on, among the instances that hold."""
        steps: dict[Atom, tuple[Step, ...]] = {}
        checked: dict[Step, tuple[Checked, ...]] = {}
        waiting = [*roots]
        while waiting:
            text = waiting.pop()
            head = to_atom(text)
            if head in steps:
                continue
            found: list[Step] = []
            for atom, instance in self.instances.get(text, ()):
                if holds(atom):
                    step, below = self._step(instance)
                    found.append(step)
                    waiting += below
                    gone_through = [check for other, check in self.checks.get(instance, ()) if holds(other)]
                    checks = [self._checked(step, check) for check in gone_through]
                    checked[step] = tuple(sorted(check for check, _ in checks))
                    waiting += [atom for _, atoms in checks for atom in atoms]
            steps[head] = tuple(sorted(found))
        return World(steps, checked, chosen)

    def _step(self, text: str) -> tuple[Step, list[str]]:
        """A rule instance, and the atoms it rests on as text."""
        number = int(text[4 : text.index(",")])
        head, *body = _ATOM.findall(text, 4)
        parts = self.rules[number].parts
        below = [atom for part, atom in zip(parts, body, strict=True) if isinstance(part, RuleAtom) and part.role == "positive"]
        return Step(number, to_atom(head), tuple(map(to_atom, body))), below

    def _checked(self, step: Step, text: str) -> tuple[Checked, list[str]]:
        part = int(text[4:].split(",", 2)[1])
        atom, *conditions = _ATOM.findall(text, text.index("__t(") + 4)[len(step.body) + 1 :]
        return Checked(step, part, to_atom(atom), tuple(map(to_atom, conditions))), [atom, *conditions]
