"""The solver: grounds a program and asks for models and consequences. What it is asked for, others know."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import clingo

from cchc.problems import Invalid, Location, Problem
from cchc.rules import Log
from cchc.traces import Shown, Values

VERSION = f"clingo {clingo.__version__}"
_TOKEN = re.compile(r'"[^"]*"|-?\w+')


Holds = Callable[[int], bool]
"""Tells whether the atom of a number holds in a model (0: in every model)."""
T = TypeVar("T")
Key = TypeVar("Key")


# Random signs (the seed is fixed) make each example completion serve many verdicts; the heuristic is cheap and good enough.
_OPTIONS = ["--warn=all", "--sign-def=rnd", "--heuristic=vmtf", "--seed=1"]
# A search over all data is decided by what constrains it: random choices would only make it longer.
_SEARCHING = ["--warn=all", "--seed=1"]


def searching(constants: Mapping[str, int]) -> list[str]:
    """Options for a program that is searched, with other values for some of its constants."""
    return [*_SEARCHING, *(f"-c{name}={value}" for name, value in constants.items())]


class _Output(clingo.Observer):
    """Listens for the atoms that grounding shows, and their numbers: 0 for one that holds in every completion."""

    def __init__(self) -> None:
        self.atoms: list[tuple[clingo.Symbol, int]] = []

    def output_atom(self, symbol: clingo.Symbol, atom: int) -> None:
        self.atoms.append((symbol, atom))


class Program:
    """A grounded logic program: rule files and text. Raises Invalid for whatever clingo complains of."""

    def __init__(self, files: Sequence[Path], text: str, options: Sequence[str] = _OPTIONS) -> None:
        self.log = Log(files)
        self.control = clingo.Control([*options], logger=self.log, message_limit=1000)
        self.control.configuration.solve.opt_mode = "ignore"  # type: ignore[union-attr]
        self._output = _Output()
        self._named = 0
        self.control.register_observer(self._output)
        for path in files:
            self._run(functools.partial(self.control.load, str(path)))
        self.ground("base", text)

    def ground(self, part: str, text: str) -> None:
        """Add a program part and ground it."""
        self._run(functools.partial(self.control.add, part, [], text))
        self._run(functools.partial(self.control.ground, [(part, [])]))

    def _run(self, action: Callable[[], None]) -> None:
        try:
            action()
        except RuntimeError as error:
            raise Invalid(self.log.problems or [Problem(Location("clingo"), "asp-syntax", {"found": str(error)})]) from error
        if self.log.problems:
            raise Invalid(self.log.problems)

    def open(self, name: str, arity: int) -> list[Values]:
        """The arguments of the atoms of a predicate that hold in some completion, as far as grounding can tell."""
        found = self.control.symbolic_atoms.by_signature(name, arity)
        return [tuple(map(_value, _TOKEN.findall(str(atom.symbol))[1:])) for atom in found]

    def undecided(self) -> list[str]:
        """Atoms that grounding alone does not decide; none where nothing is unknown."""
        return [str(atom.symbol) for atom in self.control.symbolic_atoms if not atom.is_fact]

    def shown(self, arities: Mapping[str, int]) -> Shown:
        """The atoms of shown predicates, by predicate, since this was last asked."""
        # One text for all symbols is many times quicker than one for each.
        symbols = [symbol for symbol, _ in self._output.atoms]
        tokens = _TOKEN.findall(str(clingo.Function("", symbols)))
        values = list(map(_value, tokens))
        found: dict[str, list[tuple[Values, int]]] = {name: [] for name in arities}
        place = 0
        for _, number in self._output.atoms:
            name = tokens[place]
            end = place + 1 + arities[name]
            found[name].append((tuple(values[place + 1 : end]), number))
            place = end
        self._output.atoms.clear()
        return found

    def consequences(self, mode: str, atoms: Mapping[Key, int]) -> dict[Key, int]:
        """Which of some projected atoms hold in all models (mode cautious) or in some (mode brave)."""
        if not atoms:
            return {}
        self.control.configuration.solve.enum_mode = mode  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        with self.control.solve(yield_=True) as handle:
            for _ in handle:
                pass
            if (model := handle.last()) is None:
                return {}
            # In the last model `None` is what no model has refuted.
            known = {key: model.is_consequence(number) for key, number in atoms.items()}
        return {key: atoms[key] for key, holds in known.items() if holds or (holds is None and mode == "cautious")}

    def model(self, assumptions: Sequence[int], read: Callable[[Holds], T]) -> T | None:
        """What is read from a model in which the atoms of some numbers hold; None if there is no such model."""
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 1  # type: ignore[union-attr]
        with self.control.solve(assumptions=assumptions, yield_=True) as handle:
            model = next(iter(handle), None)
            return None if model is None else read(lambda number: not number or model.is_true(number))

    def smallest(self, assumptions: Sequence[int], read: Callable[[Holds], T]) -> T | None:
        """What is read from a model of least cost (by `#minimize`) in which the atoms of some numbers hold."""
        found: T | None = None
        self.control.configuration.solve.enum_mode = "auto"  # type: ignore[union-attr]
        self.control.configuration.solve.models = 0  # type: ignore[union-attr]
        self.control.configuration.solve.opt_mode = "opt"  # type: ignore[union-attr]
        with self.control.solve(assumptions=assumptions, yield_=True) as handle:
            for model in handle:  # each costs less than the one before
                found = read(lambda number, model=model: not number or model.is_true(number))  # type: ignore[misc]
        self.control.configuration.solve.opt_mode = "ignore"  # type: ignore[union-attr]
        return found

    def fresh(self, stem: str) -> str:
        """A name that no part or predicate of the program has yet."""
        self._named += 1
        return f"{stem}{self._named}"

    def unless(self, literals: Iterable[str]) -> int:
        """The number of a new atom that holds only in models in which not all of the given literals hold."""
        name = self.fresh("__unless")
        self.ground(name, f"#program {name}. #show {name}/0. {{ {name} }}. :- {name}, {', '.join(literals)}.")
        return self.shown({name: 0})[name][0][1]


@functools.cache
def _value(token: str) -> str | int:
    if token[0] == '"':
        return token[1:-1]
    return int(token) if token[0] in "-0123456789" else token
