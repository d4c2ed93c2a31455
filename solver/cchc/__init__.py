"""Executable policy: articles as YAML facts and ASP rules, verdicts with proofs.

    >>> from cchc import Policy, Dataset, evaluate
    >>> policy = Policy.load()
    >>> evaluation = evaluate(policy, Dataset.load("data/thanh-hoa-2024", policy))
    >>> evaluation.verdicts[0].cites

The package knows no article, threshold or class: all of that is read from the policy folder.
"""

from cchc.dataset import Dataset
from cchc.evaluation import Evaluation, Verdict, evaluate
from cchc.policy import Policy
from cchc.problems import Invalid, Location, Problem
from cchc.proof import Proof

__version__ = "0.1.0"
__all__ = ["Dataset", "Evaluation", "Invalid", "Location", "Policy", "Problem", "Proof", "Verdict", "evaluate"]
