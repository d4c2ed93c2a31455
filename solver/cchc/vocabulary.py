"""The vocabulary: typed predicates, how a value is written in a rule and read aloud."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from cchc.problems import Location, invalid, listed, nearest
from cchc.schema import load_valid

SCALE = 1_000_000
"""Decimals are whole millionths in rules: four announced decimals, and room between them for unknown figures."""

_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_LARGEST = 2**31 - 1  # clingo's integers wrap silently beyond
_COMMA = re.compile(r"[0-9]+,[0-9]+")
_UNUSABLE = re.compile(r'["\\\x00-\x1f\x7f]')
_CONSTANT = re.compile(r"[a-z][a-z0-9_]*|0|[1-9][0-9]*")
ABSENT = "none"
OPEN = "?"
"""Stands in a question for an argument that is left open."""


class Atom(NamedTuple):
    """A ground atom; arguments are text or whole numbers, typed by the vocabulary."""

    predicate: str
    arguments: tuple[str | int, ...]


class Type(NamedTuple):
    """A kind of argument: `base` is identifier, constant, integer, decimal, date or position."""

    name: str
    base: str
    values: Mapping[str, Mapping[str, str]]
    table: str | None = None
    exempt: Mapping[str, Mapping[str, str]] = {}
    low: int | None = None
    high: int | None = None
    no_names: bool = False


class Argument(NamedTuple):
    """One argument of a predicate, for an input table also one column."""

    name: str
    type: Type
    optional: bool = False
    default: str | None = None
    tokens: tuple[str, ...] = ()
    completes: str | tuple[str, ...] | None = None
    low: int | None = None
    high: int | None = None
    options: Mapping[str, Any] | None = None

    def option(self, name: str) -> Any:
        return (self.options or {}).get(name)


class Predicate(NamedTuple):
    """A declared predicate; kind is input, policy, derived, internal or verdict."""

    name: str
    kind: str
    arguments: tuple[Argument, ...]
    readings: Mapping[str, str]
    key: tuple[str, ...]
    options: Mapping[str, Any]
    at: Location

    @property
    def is_table(self) -> bool:
        """Whether users supply its rows (the loader supplies the other inputs)."""
        return bool(self.key)

    @property
    def columns(self) -> tuple[Argument, ...]:
        """The columns of the table: the arguments users supply."""
        return tuple(argument for argument in self.arguments if argument.type.base != "position")

    def option(self, name: str) -> Any:
        return self.options.get(name)

    def wanted(self, requested: frozenset[str]) -> bool:
        """Whether its facts are supplied, given the verdicts asked for by name and the tables that have rows."""
        only_for = self.option("on_request")
        return only_for is None or not requested.isdisjoint(only_for)

    def argument(self, name: str) -> Argument:
        return next(argument for argument in self.arguments if argument.name == name)

    def place(self, name: str) -> int:
        return next(index for index, argument in enumerate(self.arguments) if argument.name == name)

    def named(self, atom: Atom) -> dict[str, str | int]:
        return dict(zip((argument.name for argument in self.arguments), atom.arguments, strict=True))


class _Declared(NamedTuple):
    types: Mapping[str, Type]
    predicates: Mapping[str, Predicate]
    columns: Mapping[str, Mapping[str, str]]
    path: str


class Vocabulary(_Declared):
    """All predicates and types of a policy repository."""

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read and check `vocabulary.yaml`. Raises Invalid."""
        document = load_valid(path, "vocabulary")
        types = {name: _type(name, entry) for name, entry in document.data["types"].items()}
        predicates = {}
        for name, entry in document.data["predicates"].items():
            arguments = []
            for column, described in entry.get("args", {}).items():
                described = {"type": described} if isinstance(described, str) else described
                if described["type"] not in types:
                    raise invalid(document.at(("predicates", name, "args", column)), "not-allowed",
                                  found=described["type"], hint=nearest(described["type"], types),
                                  allowed=listed(types))  # fmt: skip
                arguments.append(_argument(column, types[described["type"]], described))
            predicates[name] = Predicate(
                name, entry["kind"], tuple(arguments), {"vi": entry["vi"], "en": entry["en"]},
                tuple(entry.get("key", ())), entry, document.keys[("predicates", name)],
            )  # fmt: skip
        return cls(types, predicates, document.data.get("columns", {}), document.path)

    def tables(self) -> Mapping[str, Predicate]:
        return self._tables

    def of_kind(self, kind: str) -> Mapping[str, Predicate]:
        return self._of_kind.get(kind, {})

    def supplied(self, option: str) -> Mapping[str, Predicate]:
        """Inputs that the loader supplies, by the option that describes them (`recorded`, `unknown`, …)."""
        return self._supplied.get(option, {})

    @cached_property
    def _tables(self) -> dict[str, Predicate]:
        return {name: predicate for name, predicate in self.predicates.items() if predicate.is_table}

    @cached_property
    def _of_kind(self) -> dict[str, dict[str, Predicate]]:
        found: dict[str, dict[str, Predicate]] = {}
        for name, predicate in self.predicates.items():
            found.setdefault(predicate.kind, {})[name] = predicate
        return found

    @cached_property
    def _supplied(self) -> dict[str, dict[str, Predicate]]:
        found: dict[str, dict[str, Predicate]] = {}
        for name, predicate in self.predicates.items():
            for option, asked in predicate.options.items():
                if asked:
                    found.setdefault(option, {})[name] = predicate
        return found

    def read_aloud(self, atom: Atom, lang: str, label: Callable[[str, str], str]) -> str:
        """The sentence for an atom; `label(type name, value)` gives the display name of an identifier."""
        predicate = self.predicates[atom.predicate]
        words = {
            argument.name: shown_value(argument.type, value, lang, label)
            for argument, value in zip(predicate.arguments, atom.arguments, strict=True)
        }
        return predicate.readings[lang].format(**words)


def _type(name: str, entry: Mapping[str, Any]) -> Type:
    return Type(name, entry["base"], entry.get("values", {}), entry.get("table"), entry.get("except", {}),
                entry.get("from"), entry.get("to"), entry.get("no_names", False))  # fmt: skip


def _argument(name: str, type_: Type, entry: Mapping[str, Any]) -> Argument:
    completes = entry.get("completes")
    return Argument(
        name, type_, entry.get("optional", False), entry.get("default"), tuple(entry.get("tokens", ())),
        tuple(completes) if isinstance(completes, list) else completes, entry.get("from"), entry.get("to"), entry,
    )  # fmt: skip


def decimal_text(millionths: int) -> str:
    """Millionths as a plain decimal, without trailing zeros: 89995000 is `89.995`."""
    whole, fraction = divmod(millionths, SCALE)
    return f"{whole}.{fraction:06d}".rstrip("0").rstrip(".") if fraction else str(whole)


def parse_value(type_: Type, text: str, at: Location) -> str | int:
    """A value as a rule argument: text for identifiers and constants, whole numbers for the rest. Raises Invalid."""
    if type_.values and text not in type_.values:
        raise invalid(at, "not-allowed", found=text, hint=nearest(text, type_.values), allowed=listed(type_.values))
    match type_.base:
        case "identifier":
            if _UNUSABLE.search(text) or any(unicodedata.category(character) == "Cf" for character in text):
                raise invalid(at, "bad-identifier", found=text)
            if type_.no_names and _looks_like_name(text):
                raise invalid(at, "looks-like-name", found=text)
            return text
        case "constant":
            if not _CONSTANT.fullmatch(text):
                raise invalid(at, "wrong-shape", found=text, allowed="a-z, 0-9, _")
            return int(text) if text.isdigit() else text
        case "decimal":
            return _in_range(type_, parse_decimal(text, at), text, at)
        case "date":
            return parse_date(text, at).toordinal()
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise invalid(at, "not-integer", found=text)
    return _in_range(type_, int(text), text, at)


def _looks_like_name(text: str) -> bool:
    """A space, or a word of a capital and small letters with diacritics: no code needs them, Vietnamese names have them."""
    return " " in text or any(word[0].isupper() and any(letter.islower() and not letter.isascii() for letter in word[1:])
                              for word in re.findall(r"[^\W\d_]+", text))  # fmt: skip


def _in_range(type_: Type, value: int, text: str, at: Location) -> int:
    unit = SCALE if type_.base == "decimal" else 1
    low = 0 if type_.low is None else type_.low
    high = _LARGEST // unit if type_.high is None else type_.high
    if not low * unit <= value <= high * unit:
        raise invalid(at, "out-of-range", found=text, low=low, high=high)
    return value


def parse_decimal(text: str, at: Location) -> int:
    """A non-negative decimal of at most four places, in millionths, exactly. Raises Invalid."""
    if not _DECIMAL.fullmatch(text):
        hint = nearest(text.replace(",", "."), [text.replace(",", ".")]) if _COMMA.fullmatch(text) else {"vi": "", "en": ""}
        raise invalid(at, "not-decimal", found=text, hint=hint)
    if len(text.partition(".")[2]) > 4:
        raise invalid(at, "too-many-decimals", found=text)
    return int(Decimal(text).scaleb(6)) if len(text) < 40 else 10**40


def parse_date(text: str, at: Location) -> datetime.date:
    """An ISO date. Raises Invalid."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
    except ValueError:
        pass
    raise invalid(at, "not-date", found=text)


def term(type_: Type, value: str | int) -> str:
    """How a value is written in a logic program."""
    if isinstance(value, int) or value == ABSENT:
        return str(value)
    return f'"{value}"' if type_.base == "identifier" else value


def fact(predicate: Predicate, arguments: tuple[str | int, ...]) -> str:
    """An atom as text of a logic program."""
    written = ",".join(term(argument.type, value) for argument, value in zip(predicate.arguments, arguments, strict=True))
    return f"{predicate.name}({written})" if written else predicate.name


def printed_value(type_: Type, value: str | int) -> str:
    """A value as users write it in tables and cases, and as JSON output prints it."""
    if isinstance(value, int) and type_.base == "decimal":
        return decimal_text(value)
    if isinstance(value, int) and type_.base == "date":
        return datetime.date.fromordinal(value).isoformat()
    return str(value)


def shown_value(type_: Type, value: str | int, lang: str, label: Callable[[str, str], str]) -> str:
    """A value as it is read aloud: `89,995` and `17/04/2024` in Vietnamese, names for identifiers and constants."""
    if type_.base == "decimal" and isinstance(value, int):
        text = decimal_text(value)
        return text.replace(".", ",") if lang == "vi" else text
    if type_.base == "date" and isinstance(value, int):
        day = datetime.date.fromordinal(value)
        return f"{day:%d/%m/%Y}" if lang == "vi" else day.isoformat()
    for named in (type_.values, type_.exempt):
        if str(value) in named:
            return named[str(value)][lang]
    return label(type_.name, str(value))
