"""Executable policy: articles as YAML facts and ASP rules, verdicts with proofs.

    >>> from cchc import Policy, Dataset, evaluate
    >>> policy = Policy.load()
    >>> evaluation = evaluate(policy, Dataset.load("data/thanh-hoa-2024", policy))
    >>> evaluation.verdicts[0].cites

The package knows no article, threshold or class: all of that is read from the policy folder.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc.dataset import Dataset
    from cchc.evaluation import Evaluation, Verdict, evaluate
    from cchc.policy import Policy
    from cchc.problems import Invalid, Location, Problem
    from cchc.proof import Proof

__version__ = "0.1.0"
__all__ = ["Dataset", "Evaluation", "Invalid", "Location", "Policy", "Problem", "Proof", "Verdict", "evaluate"]

_HOME = {
    "Dataset": "dataset", "Evaluation": "evaluation", "Invalid": "problems", "Location": "problems", "Policy": "policy",
    "Problem": "problems", "Proof": "proof", "Verdict": "evaluation", "evaluate": "evaluation",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Loads a name when it is first used, so that the command line starts without what it does not need."""
    if name not in _HOME:
        raise AttributeError(f"module 'cchc' has no attribute {name!r}")
    return getattr(importlib.import_module(f"cchc.{_HOME[name]}"), name)
