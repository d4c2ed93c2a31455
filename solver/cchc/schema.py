"""JSON Schema validation of documents, its findings as problems with their place."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc.files import Document, read_text
from cchc.problems import Invalid, Problem, display_path, listed, nearest

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


_SHOWN = 60


def resource(name: str) -> Path:
    """A folder of the product: shipped inside the package, or at the top of a checkout."""
    shipped = Path(__file__).parent / name
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / name


@functools.cache
def _validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads((resource("schemas") / f"{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def load_valid(path: Path, name: str, *, text_only: bool = False, nfc: bool = False) -> Document:
    """A YAML file that `schemas/<name>.schema.json` accepts. Raises Invalid with every finding.

    A text that was read before in this process is not read again, so nobody may change what a document holds.
    """
    return _valid(display_path(path), read_text(path), name, text_only=text_only, nfc=nfc)


@functools.lru_cache(256)
def _valid(shown: str, text: str, name: str, *, text_only: bool, nfc: bool) -> Document:
    from cchc.yaml_reader import read  # imported late: unchanged files come from the cache

    document = read(shown, text, text_only=text_only, nfc=nfc)
    validate(document, name)
    return document


def validate(document: Document, name: str) -> None:
    """Check a document against `schemas/<name>.schema.json`. Raises Invalid with every finding."""
    errors = _validator(name).iter_errors(document.data)
    # Two missing keys are two errors that each name both: keep each finding once.
    problems = {problem.text("en"): problem for error in errors for problem in _problems(document, error)}
    if problems:
        raise Invalid(problems.values())


def _problems(document: Document, error: ValidationError) -> list[Problem]:
    path = tuple(error.absolute_path)
    found: Any = error.instance
    schema: Any = error.schema
    at = document.at(path)
    rule: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            allowed = schema.get("properties", {})
            return [
                Problem(document.keys[(*path, key)], "unknown-key",
                        {"found": key, "hint": nearest(key, allowed), "allowed": listed(allowed)})
                for key in found if key not in allowed
            ]  # fmt: skip
        case "propertyNames":
            return [Problem(document.keys.get((*path, str(found)), at), "wrong-shape",
                            {"found": found, "allowed": schema.get("pattern", "")})]  # fmt: skip
        case "required":
            return [Problem(at, "missing-key", {"found": key}) for key in rule if key not in found]
        case "enum":
            allowed = [str(value) for value in rule]
            shown = _short(found)
            return [Problem(at, "not-allowed",
                            {"found": shown, "hint": nearest(shown, allowed), "allowed": listed(allowed)})]  # fmt: skip
        case "type" if rule == "array" and not isinstance(found, dict | list):
            example = f"[{_short(found)}]"
            return [Problem(at, "wrong-shape", {"found": _short(found), "allowed": {
                "vi": f"một danh sách, ví dụ {example}", "en": f"a list, e.g. {example}"}})]  # fmt: skip
        case "anyOf":
            closest = max(error.context or [], key=lambda inner: len(inner.absolute_path), default=None)
            if closest is not None and len(closest.absolute_path) > len(path):
                return _problems(document, closest)
    # Descriptions are Vietnamese, for the editors of those who write these files; in English, the bare rule.
    bare = f"{error.validator} {_short(rule)}"
    expected = {"vi": schema.get("description") or bare, "en": bare}
    return [Problem(at, "wrong-shape", {"found": _short(found), "allowed": expected})]


def _short(value: Any) -> str:
    """A value for a message, as YAML writes it."""
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
