"""What is wrong with an input, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from cchc.messages import MESSAGES


class Location(NamedTuple):
    """A place in a file; line and column count from 1, columns in characters."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        # An option or argument of the command line has no lines.
        return self.path if self.path.startswith("--") or self.path.isupper() else f"{self.path}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One finding: its code names the message in `messages.py`, details fill its blanks."""

    at: Location
    code: str
    details: Mapping[str, object] = {}

    def message(self, lang: str) -> str:
        """What was found and what to do, without the place."""
        template = MESSAGES[self.code][0 if lang == "vi" else 1]
        shown = {key: value[lang] if isinstance(value, dict) else value for key, value in self.details.items()}
        return template.format(**shown)

    def text(self, lang: str) -> str:
        return f"{self.at}: {self.message(lang)} [{self.code}]"


class Invalid(Exception):  # noqa: N818 - reads as a sentence: "raise Invalid(problems)"
    """Input or policy that cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # Many inputs can meet with the same problem.
        found = {(problem.at, problem.text("en")): problem for problem in problems}
        self.problems = tuple(sorted(found.values(), key=lambda problem: (problem.at, problem.code)))
        super().__init__("\n".join(problem.text("en") for problem in self.problems))

    def __reduce__(self) -> tuple[type[Invalid], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it can leave another process


def invalid(at: Location, code: str, **details: object) -> Invalid:
    """An `Invalid` with a single problem."""
    return Invalid([Problem(at, code, details)])


def nearest(found: str, allowed: Iterable[str], others: Mapping[str, str] | None = None) -> dict[str, str]:
    """The words that suggest the allowed name nearest to what was found (nothing if none is near), be it in capitals or short
    of what follows a dot; `others` are further names of allowed ones."""
    import difflib  # imported late: most commands find nothing wrong

    names = {name.casefold(): meant for name, meant in (others or {}).items()} | {name.casefold(): name for name in allowed}
    wanted = found.casefold()
    close = [name for name in (wanted,) if name in names] or [name for name in names if name.startswith(f"{wanted}.")]
    close = close or difflib.get_close_matches(wanted, names, n=1, cutoff=0.6)
    meant = names[close[0]] if close else ""
    return {"vi": f"; có phải “{meant}”?", "en": f"; did you mean “{meant}”?"} if close else {"vi": "", "en": ""}


def listed(values: Iterable[str], most: int = 12) -> str:
    """Allowed values for a message, shortened."""
    names = list(values)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def display_path(path: Path) -> str:
    """The path as the user would type it: relative where it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
