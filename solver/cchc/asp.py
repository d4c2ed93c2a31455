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
_MESSAGE = re.compile(r"(?:(?P<path>[^\n]*?):(?P<line>\d+):(?P<column>\d+)(?:-[\d:]+)?: )?(?:error|info|warning): (?P<text>.*)", re.S)


@dataclass(frozen=True, slots=True)
class Term:
    """An argument in a rule; kind is variable, anonymous, string, constant, number or other."""

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
    """A rule of a policy file. `parts` are its body in order: an atom (role positive or negative) or a check."""

    number: int
    at: Location
    citations: tuple[str, ...]
    citations_at: Location | None
    text: str
    head: RuleAtom | None
    parts: tuple[RuleAtom | Check, ...]
    body: str
    atoms: tuple[RuleAtom, ...]
    variables: tuple[tuple[str, Location], ...]
    forbidden: tuple[tuple[str, Location], ...]


def read_rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """The rules of policy files with their citations (`%@ 17.1.a.2` above a rule). Raises Invalid."""
    rules: list[Rule] = []
    for path in paths:
        rules += _read_file(path, len(rules))
    return tuple(rules)


def _read_file(path: Path, start: int) -> list[Rule]:
    lines = read_text(path).split("\n")
    shown = display_path(path)
    # A non-ASCII byte outside strings and comments aborts the process inside clingo: look first.
    if problems := [*_non_ascii(shown, lines)]:
        raise Invalid(problems)
    log = _Log({str(path): shown}, {str(path): lines})
    rules: list[Rule] = []
    pending: list[tuple[str, int]] = []
    last_end = 0

    def visit(node: ast.AST) -> None:
        nonlocal last_end
        if node.ast_type == ast.ASTType.Comment:
            line = node.location.begin.line
            if (match := _CITATION.match(node.value)) and line > last_end:
                pending.append((match[1], line))
        elif node.ast_type != ast.ASTType.Program:
            last_end = node.location.end.line
            rules.append(_rule(node, start + len(rules), shown, lines, pending))
            pending.clear()

    try:
        ast.parse_files([str(path)], visit, logger=log)
    except RuntimeError as error:
        raise Invalid(log.problems or [Problem(Location(shown), "asp-syntax", {"found": str(error)})]) from error
    if log.problems:
        raise Invalid(log.problems)
    return rules


def _non_ascii(shown: str, lines: Sequence[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, start=1):
        quoted = escaped = False
        for column, character in enumerate(line, start=1):
            if character == "%" and not quoted:
                break
            if not character.isascii() and not quoted:
                yield Problem(Location(shown, number, column), "asp-non-ascii", {"found": character})
                break
            if character == '"' and not escaped:
                quoted = not quoted
            escaped = character == "\\" and not escaped


def _place(node: ast.AST, shown: str, lines: Sequence[str]) -> Location:
    begin = node.location.begin
    column = len(lines[begin.line - 1].encode()[: begin.column - 1].decode("utf-8", "replace")) + 1
    return Location(shown, begin.line, column)


class _Reader(ast.Transformer):
    """Names each `_` of a positive literal, so that a trace can bind it, and notes variables and constructs."""

    def __init__(self, place: Callable[[ast.AST], Location]) -> None:
        self.place = place
        self.variables: list[tuple[str, Location]] = []
        self.forbidden: list[tuple[str, Location]] = []
        self.fresh = 0

    def visit_Variable(self, node: ast.AST) -> ast.AST:  # noqa: N802
        if node.name != "_":
            self.variables.append((node.name, self.place(node)))
            return node
        self.fresh += 1
        return node.update(name=f"_{self.fresh}")

    def forbid(self, node: ast.AST) -> ast.AST:
        self.forbidden.append((str(node.ast_type).rpartition(".")[2], self.place(node)))
        return node

    visit_Pool = visit_Aggregate = visit_BodyAggregate = visit_HeadAggregate = visit_Disjunction = forbid  # noqa: N815
    visit_TheoryAtom = visit_BooleanConstant = visit_SymbolicTerm_External = forbid  # noqa: N815

    def visit_Function(self, node: ast.AST) -> ast.AST:  # noqa: N802
        if node.external:
            self.forbidden.append((f"@{node.name}", self.place(node)))
        return node.update(**self.visit_children(node))


def _rule(node: ast.AST, number: int, shown: str, lines: Sequence[str], pending: list[tuple[str, int]]) -> Rule:
    def place(inner: ast.AST) -> Location:
        return _place(inner, shown, lines)

    at = place(node)
    begin, end = node.location.begin.line, node.location.end.line
    text = "\n".join(lines[begin - 1 : end])
    cited = tuple(provision for words, _ in pending for provision in words.split())
    cited_at = Location(shown, pending[-1][1]) if pending else None
    if node.ast_type != ast.ASTType.Rule:
        kind = str(node.ast_type).rpartition(".")[2]
        return Rule(number, at, cited, cited_at, text, None, (), "", (), (), ((kind, at),))
    reader = _Reader(place)
    rule = reader.visit(node)
    atoms: list[RuleAtom] = []
    head = None
    if rule.head.ast_type == ast.ASTType.Literal and rule.head.atom.ast_type == ast.ASTType.SymbolicAtom:
        head = _atom(rule.head, "head", place)
        atoms.append(head)
    else:
        reader.forbidden.append((str(rule.head.ast_type).rpartition(".")[2], place(rule.head)))
    parts: list[RuleAtom | Check] = []
    for literal in rule.body:
        if literal.ast_type == ast.ASTType.ConditionalLiteral:
            inner = [_atom(literal.literal, "checked", place)]
            inner += [_atom(c, "condition", place) for c in literal.condition if _is_symbolic(c)]
            atoms += inner
            parts.append(Check(str(literal.literal), tuple(str(condition) for condition in literal.condition)))
        elif _is_symbolic(literal):
            atom = _atom(literal, "positive" if literal.sign == ast.Sign.NoSign else "negative", place)
            atoms.append(atom)
            parts.append(atom)
    body = "; ".join(str(literal) for literal in rule.body)
    return Rule(number, at, cited, cited_at, text, head, tuple(parts), body, tuple(atoms), tuple(reader.variables),
                tuple(reader.forbidden))  # fmt: skip


def _is_symbolic(literal: ast.AST) -> bool:
    return literal.ast_type == ast.ASTType.Literal and literal.atom.ast_type == ast.ASTType.SymbolicAtom


def _atom(literal: ast.AST, role: str, place: Callable[[ast.AST], Location]) -> RuleAtom:
    symbol = literal.atom.symbol
    return RuleAtom(symbol.name, tuple(_term(argument) for argument in symbol.arguments), role, str(symbol), place(literal))


def _term(node: ast.AST) -> Term:
    text = str(node)
    if node.ast_type == ast.ASTType.Variable:
        return Term("anonymous" if re.fullmatch(r"_\d+", text) else "variable", text)
    if node.ast_type == ast.ASTType.SymbolicTerm:
        kinds = {clingo.SymbolType.String: "string", clingo.SymbolType.Number: "number"}
        return Term(kinds.get(node.symbol.type, "constant"), node.symbol.string if node.symbol.type == clingo.SymbolType.String else text)
    if node.ast_type == ast.ASTType.Function and not node.arguments:
        return Term("constant", text)
    return Term("other", text)


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
            column = len(self.lines[path][line - 1].encode()[: column - 1].decode("utf-8", "replace")) + 1
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


def trace_program(rules: Iterable[Rule], roots: Iterable[tuple[str, int]], leaves: frozenset[str]) -> str:
    """Rules that record which rule instances support the root atoms, from the roots down.

    `__n(a)`: a is needed; `__t(r, head, body)`: instance of rule r; `__x(t, part, checked, conditions)`.
    """
    text = ["#defined __n/1.", "#defined __t/3.", "#defined __x/4."]
    for name, arity in roots:
        variables = ",".join(f"X{i}" for i in range(arity))
        text.append(f"__n({name}({variables})) :- {name}({variables}).")
    for rule in rules:
        if rule.head is None:
            continue
        body = [part.text if isinstance(part, RuleAtom) else f"__check({i})" for i, part in enumerate(rule.parts)]
        instance = f"__t({rule.number},{rule.head.text},({','.join(body)}{',' if len(body) == 1 else ''}))"
        text.append(f"{instance} :- __n({rule.head.text}){'; ' if rule.body else ''}{rule.body}.")
        for i, part in enumerate(rule.parts):
            if isinstance(part, Check):
                listed = f"({','.join(part.conditions)}{',' if len(part.conditions) == 1 else ''})"
                goes_through = f"__x({instance},{i},{part.checked},{listed}) :- {instance}; {'; '.join(part.conditions)}."
                text += [goes_through, f"__n({part.checked}) :- {goes_through.removesuffix('.').split(' :- ')[0]}."]
            elif part.role == "positive" and part.name not in leaves:
                holes = ",".join("X" if j == i else "_" for j in range(len(body)))
                text.append(f"__n(X) :- __t({rule.number},_,({holes}{',' if len(body) == 1 else ''})).")
    return "\n".join(text) + "\n"


def citation_program(rules: Iterable[Rule], stated: Iterable[tuple[str, str]]) -> str:
    """Rules that carry citations up the trace of the atoms in `__seed`: `__c(atom, provision)`."""
    text = ["#program citations.", "__d(A) :- __seed(A).",
            "__d(A) :- __d(H), __x(__t(R,H,B),_,A,_).", "__c(H,P) :- __d(H), __x(__t(R,H,B),_,A,_), __c(A,P)."]  # fmt: skip
    text += [f"__c({atom},{provision})." for atom, provision in stated]
    for rule in rules:
        text += [f'__c(H,"{provision}") :- __d(H), __t({rule.number},H,_).' for provision in rule.citations]
        for i, part in enumerate(rule.parts):
            if isinstance(part, RuleAtom) and part.role == "positive":
                holes = ",".join("X" if j == i else "_" for j in range(len(rule.parts)))
                holes += "," if len(rule.parts) == 1 else ""
                text.append(f"__d(X) :- __d(H), __t({rule.number},H,({holes})).")
                text.append(f"__c(H,P) :- __d(H), __t({rule.number},H,({holes})), __c(X,P).")
    return "\n".join(text) + "\n"


@functools.lru_cache(maxsize=200_000)
def to_atom(symbol: clingo.Symbol) -> Atom:
    """A clingo function symbol as an atom; strings, constants and numbers become plain values."""
    return Atom(symbol.name, tuple(_value(argument) for argument in symbol.arguments))


def _value(symbol: clingo.Symbol) -> str | int:
    if symbol.type == clingo.SymbolType.Number:
        return symbol.number
    return symbol.string if symbol.type == clingo.SymbolType.String else str(symbol)


@functools.lru_cache(maxsize=200_000)
def _step(symbol: clingo.Symbol) -> Step:
    number, head, body = symbol.arguments
    return Step(number.number, to_atom(head), tuple(to_atom(part) for part in body.arguments))


# ---- Solving ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One completion of the data, as the instances that fire in it; `base` are those that fire in every completion."""

    steps: dict[Atom, list[Step]]
    checked: dict[Step, list[Checked]]
    chosen: frozenset[Atom]
    base: World | None = None

    def steps_to(self, atom: Atom) -> list[Step]:
        """The rule instances that give an atom."""
        return sorted([*self.steps.get(atom, ()), *(self.base.steps.get(atom, ()) if self.base else ())])

    def checked_by(self, step: Step) -> list[Checked]:
        """What the checks of a rule instance went through."""
        return sorted([*self.checked.get(step, ()), *(self.base.checked.get(step, ()) if self.base else ())])


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


class Program:
    """A grounded logic program: rule files and facts as text. Raises Invalid for whatever clingo complains of."""

    def __init__(self, files: Sequence[Path], text: str) -> None:
        self.log = _Log({str(path): display_path(path) for path in files},
                        {str(path): read_text(path).split("\n") for path in files})  # fmt: skip
        self.control = clingo.Control(["--warn=all"], logger=self.log, message_limit=1000)
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
        return [to_atom(atom.symbol) for atom in self.control.symbolic_atoms.by_signature(name, arity)]

    def undecided(self) -> list[str]:
        """Atoms that grounding alone does not decide; none where nothing is unknown."""
        return [str(atom.symbol) for atom in self.control.symbolic_atoms if not atom.is_fact]

    def solve(self, roots: Sequence[tuple[str, int]], open_inputs: Sequence[tuple[str, int]],
              citations: Callable[[Iterable[str]], str]) -> Solved:  # fmt: skip
        """Certain and possible root atoms, with the worlds their proofs are read from.

        `open_inputs` are the predicates that completions choose; `citations` gives the program part that carries
        citations up to the atoms it is given (see `citation_program`).
        """
        atoms = self.control.symbolic_atoms
        trace = _Trace(atoms.by_signature("__t", 3), atoms.by_signature("__x", 4))
        found = {symbol.symbol: symbol for name, arity in roots for symbol in atoms.by_signature(name, arity)}
        if all(symbol.is_fact for symbol in found.values()):
            certain = frozenset(to_atom(symbol) for symbol in found)
            return Solved(certain, frozenset(), trace.settled, {}, {})
        choices = [(atom.literal, to_atom(atom.symbol)) for name, arity in open_inputs
                   for atom in atoms.by_signature(name, arity) if not atom.is_fact]  # fmt: skip
        cautious, brave = self._consequences("cautious"), self._consequences("brave")
        worlds: dict[Atom, World] = {}
        unsettled = sorted(symbol for symbol in brave if symbol in found and not found[symbol].is_fact)
        for symbol in unsettled:
            if to_atom(symbol) not in worlds:
                self._example(found[symbol].literal, unsettled, found, trace, choices, worlds)
        common = self._common([symbol for symbol in unsettled if symbol in cautious], citations)
        return Solved(
            frozenset(to_atom(symbol) for symbol in cautious), frozenset(to_atom(symbol) for symbol in brave - cautious),
            trace.settled, worlds, common,
        )  # fmt: skip

    def _consequences(self, mode: str) -> set[clingo.Symbol]:
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        symbols: set[clingo.Symbol] = set()
        with self.control.solve(yield_=True) as handle:
            for model in handle:
                symbols = set(model.symbols(shown=True))
        return symbols

    def _example(self, literal: int, wanted: Sequence[clingo.Symbol], found: Mapping[clingo.Symbol, clingo.SymbolicAtom],
                 trace: _Trace, choices: Sequence[tuple[int, Atom]], worlds: dict[Atom, World]) -> None:  # fmt: skip
        """A completion in which `literal` holds; it serves every wanted atom that holds in it."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=[literal], yield_=True) as handle:
            for model in handle:
                chosen = frozenset(atom for literal, atom in choices if model.is_true(literal))
                world = trace.world(model, chosen)
                for symbol in wanted:
                    if model.is_true(found[symbol].literal):
                        worlds.setdefault(to_atom(symbol), world)

    def _common(self, seeds: Sequence[clingo.Symbol], citations: Callable[[Iterable[str]], str]) -> dict[Atom, frozenset[str]]:
        if not seeds:
            return {}
        self._ground("citations", citations(str(symbol) for symbol in seeds))
        common: dict[Atom, set[str]] = {to_atom(symbol): set() for symbol in seeds}
        for symbol in self._consequences("cautious"):
            if symbol.name == "__c":
                common[to_atom(symbol.arguments[0])].add(symbol.arguments[1].string)
        return {atom: frozenset(provisions) for atom, provisions in common.items()}


class _Trace:
    """The trace atoms of a grounded program, read once; a world is those that hold in a model."""

    def __init__(self, steps: Iterable[clingo.SymbolicAtom], checked: Iterable[clingo.SymbolicAtom]) -> None:
        self.settled = World({}, {}, frozenset())
        self.open_steps: list[tuple[int, Step]] = []
        self.open_checked: list[tuple[int, Checked]] = []
        for atom in steps:
            step = _step(atom.symbol)
            if atom.is_fact:
                self.settled.steps.setdefault(step.head, []).append(step)
            else:
                self.open_steps.append((atom.literal, step))
        for atom in checked:
            check = _checked(atom.symbol)
            if atom.is_fact:
                self.settled.checked.setdefault(check.step, []).append(check)
            else:
                self.open_checked.append((atom.literal, check))

    def world(self, model: clingo.Model, chosen: frozenset[Atom]) -> World:
        steps: dict[Atom, list[Step]] = {}
        for literal, step in self.open_steps:
            if model.is_true(literal):
                steps.setdefault(step.head, []).append(step)
        checked: dict[Step, list[Checked]] = {}
        for literal, check in self.open_checked:
            if model.is_true(literal):
                checked.setdefault(check.step, []).append(check)
        return World(steps, checked, chosen, self.settled)


def _checked(symbol: clingo.Symbol) -> Checked:
    step, part, atom, conditions = symbol.arguments
    return Checked(_step(step), part.number, to_atom(atom), tuple(to_atom(condition) for condition in conditions.arguments))
