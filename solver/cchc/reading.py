"""Reads rule files with clingo's parser; what is not in the policy language is noted with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from clingo import ast

from cchc.files import read_text
from cchc.problems import Invalid, Location, Problem, display_path
from cchc.rules import Check, Comparison, Log, Rule, RuleAtom, Term, characters

_CITATION = re.compile(r"%@(.*)")
_WORD = re.compile(r"\S+")
_ANONYMOUS = re.compile(r"\b_\b")
_TERM = re.compile(r'"(?:\\.|[^"\\])*"|[\w\']+')
_PLAIN = re.compile(rf"(\w+)(?:\(((?:{_TERM.pattern})(?:,(?:{_TERM.pattern}))*)\))?")
_FRESH = re.compile(r"_A\d+")
_UNSAFE = re.compile(
    r'%\*.*?\*%|%[^\n]*|"(?:\\.|[^"\\\n])*"|(?P<followed>#include\b|#script\b)|(?P<foreign>[^\x00-\x7f]+)', re.S
)


def read_rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """The rules of policy files with their citations (`%@ provision` above a rule). Raises Invalid."""
    rules: list[Rule] = []
    for path in paths:
        rules += _read_file(path, len(rules))
    return tuple(rules)


def forbidden_in(rules: Iterable[Rule]) -> list[Problem]:
    """What in these rules the policy language does not have; rules with such findings must not be solved."""
    return [Problem(at, "forbidden-construct", {"found": name}) for rule in rules for name, at in rule.forbidden]


class Generator(NamedTuple):
    """What a file that generates data uses: its constants, its atoms (role head or body), and what is forbidden in it."""

    constants: tuple[str, ...]
    atoms: tuple[RuleAtom, ...]
    forbidden: tuple[Problem, ...]


def read_generator(path: Path) -> Generator:
    """A file of rules that may also choose, count and enumerate, but reach nothing outside. Raises Invalid."""
    text = read_text(path)
    reader = _GeneratorReader(display_path(path), text.split("\n"))
    _parse(path, text, reader.visit)
    return Generator(tuple(reader.constants), tuple(reader.atoms), tuple(reader.forbidden))


def _parse(path: Path, text: str, visit: Callable[[ast.AST], None]) -> None:
    """Shows each statement of a file to `visit`. Raises Invalid."""
    if problems := [*_unsafe(display_path(path), text)]:
        raise Invalid(problems)
    log = Log([path])
    try:
        ast.parse_files([str(path)], visit, logger=log)
    except RuntimeError as error:
        raise Invalid(log.problems or [Problem(Location(display_path(path)), "asp-syntax", {"found": str(error)})]) from error
    if log.problems:
        raise Invalid(log.problems)


def _read_file(path: Path, start: int) -> list[Rule]:
    text = read_text(path)
    lines = text.split("\n")
    shown = display_path(path)
    rules: list[Rule] = []
    pending: list[tuple[str, Location]] = []
    last_end = 0
    begun = False

    def visit(node: ast.AST) -> None:
        nonlocal last_end, begun
        if node.ast_type == ast.ASTType.Comment:
            begin = node.location.begin
            if (match := _CITATION.match(node.value)) and begin.line > last_end:
                column = characters(lines[begin.line - 1], begin.column)
                pending.extend((word[0], Location(shown, begin.line, column + word.start()))
                               for word in _WORD.finditer(match[0], match.start(1)))  # fmt: skip
        elif node.ast_type == ast.ASTType.Program and not begun:  # clingo begins each file with one
            begun = True
        else:
            last_end = node.location.end.line
            rules.append(_RuleReader(shown, lines).read(node, start + len(rules), pending))
            pending.clear()

    _parse(path, text, visit)
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
_LEAVES = frozenset({ast.ASTType.Variable, ast.ASTType.SymbolicTerm})
_COMPARED = _ARITHMETIC | {ast.ASTType.Interval}
_OPERATORS = {0: ">", 1: "<", 2: "<=", 3: ">=", 4: "!=", 5: "="}
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
        self.comparisons: list[Comparison] = []
        self.forbidden: list[tuple[str, Location]] = []

    def place(self, node: ast.AST) -> Location:
        begin = node.location.begin
        return Location(self.shown, begin.line, characters(self.lines[begin.line - 1], begin.column))

    def forbid(self, node: ast.AST, at: Location | None = None) -> None:
        if node.ast_type == ast.ASTType.Function:
            name = f"@{node.name}" if node.external else f"{node.name}(…)"
        else:
            name = _FORBIDDEN.get(node.ast_type) or str(node.ast_type).rpartition(".")[2]
        self.forbidden.append((name, at or self.place(node)))

    def read(self, node: ast.AST, number: int, pending: Sequence[tuple[str, Location]]) -> Rule:
        begin, end = node.location.begin, node.location.end
        last = characters(self.lines[end.line - 1], end.column) - 1
        text = "\n".join([*self.lines[begin.line - 1 : end.line - 1], self.lines[end.line - 1][:last]])
        text = text[self.place(node).column - 1 :]
        cited = tuple(provision for provision, _ in pending)
        cited_at = tuple(at for _, at in pending)
        if node.ast_type != ast.ASTType.Rule:
            self.forbid(node)
            return Rule(number, self.place(node), cited, cited_at, text, None, (), (), "", (), tuple(self.forbidden))
        namer = _Namer()
        first, *literals = (namer.visit(part) if _ANONYMOUS.search(str(part)) else part for part in (node.head, *node.body))
        head = self.atom(first, "head")
        parts = [part for part in map(self.part, literals) if part is not None]
        body = "; ".join(map(str, literals))
        atoms, forbidden = tuple(self.atoms), tuple(self.forbidden)
        return Rule(number, self.place(node), cited, cited_at, text, head, tuple(parts), tuple(self.comparisons), body, atoms,
                    forbidden)  # fmt: skip

    def part(self, literal: ast.AST) -> RuleAtom | Check | None:
        kind = literal.ast_type
        if kind == ast.ASTType.ConditionalLiteral:
            checked = self.atom(literal.literal, "checked")
            conditions = tuple(filter(None, (self.atom(condition, "condition") for condition in literal.condition)))
            return Check(checked, conditions) if checked else None
        if kind == ast.ASTType.Literal and literal.sign != ast.Sign.NoSign:
            return self.atom(literal, "negative")
        return self.atom(literal, "positive")

    def atom(self, literal: ast.AST, role: str) -> RuleAtom | None:
        """The atom of a literal; None for a comparison in a body, and for what the language does not have."""
        if literal.ast_type == ast.ASTType.Literal:
            text = str(literal).removeprefix("not ")
            if plain := _PLAIN.fullmatch(text):  # to ask clingo for each part takes as long as all else
                return self.found(RuleAtom(plain[1], tuple(map(_term, _TERM.findall(plain[2] or ""))), role, text,
                                           self.place(literal)))  # fmt: skip
            inner = literal.atom
            if inner.ast_type == ast.ASTType.SymbolicAtom and inner.symbol.ast_type == ast.ASTType.Function:
                symbol = inner.symbol
                terms = tuple(map(self.term, symbol.arguments))
                return self.found(RuleAtom(symbol.name, terms, role, str(symbol), self.place(literal)))
            if inner.ast_type == ast.ASTType.Comparison and role == "positive":
                left = inner.term
                self.expression(left, _COMPARED)
                for guard in inner.guards:
                    self.expression(guard.term, _COMPARED)
                    self.comparisons.append(Comparison(str(left), _OPERATORS[guard.comparison], str(guard.term)))
                    left = guard.term
            elif inner.ast_type == ast.ASTType.BooleanConstant and role == "head":
                self.forbidden.append((":- …", self.place(literal)))
            else:
                node = inner.symbol if inner.ast_type == ast.ASTType.SymbolicAtom else inner
                self.forbid(node, self.place(literal))
            return None
        self.forbid(literal)
        return None

    def found(self, atom: RuleAtom) -> RuleAtom:
        self.atoms.append(atom)
        if atom.role in {"negative", "checked"} and any(_FRESH.fullmatch(term.text) for term in atom.terms):
            # Nothing binds it: a trace could not say which instance was meant.
            self.forbidden.append(("not p(_)" if atom.role == "negative" else "p(_) : q", atom.at))
        return atom

    def term(self, node: ast.AST) -> Term:
        if _TERM.fullmatch(text := str(node)):
            return _term(text)
        if node.ast_type == ast.ASTType.SymbolicTerm or text == "()":
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
        elif node.ast_type not in _LEAVES:
            self.forbid(node)


def _term(text: str) -> Term:
    """A variable, or a constant of some kind, by its text."""
    if text[0] == '"':
        return Term("string", text[1:-1])
    if text.isdigit():
        return Term("number", text)
    if text.lstrip("_'")[:1].islower():
        return Term("constant", text)
    return Term("anonymous" if text[0] == "_" else "variable", text)


class _GeneratorReader:
    """Looks through the statements of a generator; rules over anything but theories and functions of the solver, and
    constants, are in its language."""

    def __init__(self, shown: str, lines: Sequence[str]) -> None:
        self.shown = shown
        self.lines = lines
        self.constants: list[str] = []
        self.atoms: list[RuleAtom] = []
        self.forbidden: list[Problem] = []
        self.begun = False

    def visit(self, node: ast.AST) -> None:
        if node.ast_type == ast.ASTType.Program and not self.begun:  # clingo begins each file with one
            self.begun = True
        elif node.ast_type == ast.ASTType.Definition:
            self.constants.append(node.name)
        elif node.ast_type == ast.ASTType.Rule:
            self.look(node.head, "head")
            for literal in node.body:
                self.look(literal, "body")
        elif node.ast_type != ast.ASTType.Comment:
            self.forbid(node, node)

    def look(self, node: ast.AST, role: str) -> None:
        kind = node.ast_type
        if kind in _LEAVES:
            return
        if kind == ast.ASTType.Literal and (plain := _PLAIN.fullmatch(text := str(node))):
            terms = tuple(Term("other", term) for term in _TERM.findall(plain[2] or ""))
            self.atoms.append(RuleAtom(plain[1], terms, role, text, self.place(node)))
            return
        if kind in {ast.ASTType.TheoryAtom, ast.ASTType.Disjunction} or (kind == ast.ASTType.Function and node.external):
            self.forbid(node, node)
        elif kind == ast.ASTType.SymbolicAtom and node.symbol.ast_type == ast.ASTType.Function:
            symbol = node.symbol
            terms = tuple(Term("other", str(argument)) for argument in symbol.arguments)
            self.atoms.append(RuleAtom(symbol.name, terms, role, str(symbol), self.place(symbol)))
        for key in node.child_keys:
            child = getattr(node, key)
            # What an element of a choice depends on, and what is counted in a body, is no head.
            inner = "body" if key in {"condition", "guard", "left_guard", "right_guard"} else role
            for part in child if isinstance(child, ast.ASTSequence) else [child]:
                if isinstance(part, ast.AST):
                    self.look(part, inner)

    def forbid(self, node: ast.AST, at: ast.AST) -> None:
        name = f"@{node.name}" if node.ast_type == ast.ASTType.Function else _FORBIDDEN.get(node.ast_type)
        found = name or str(node.ast_type).rpartition(".")[2]
        self.forbidden.append(Problem(self.place(at), "forbidden-construct", {"found": found}))

    def place(self, node: ast.AST) -> Location:
        begin = node.location.begin
        return Location(self.shown, begin.line, characters(self.lines[begin.line - 1], begin.column))
