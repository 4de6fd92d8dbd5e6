"""Why operations fail: all rules, the most certain first.

A rule that returns a reason has proved it.
"""

from __future__ import annotations

from tensorhints.present.cases import Case

from . import (
    devices,
    elementwise,
    gradients,
    indexing,
    language,
    layers,
    losses,
    products,
    reshaping,
)
from .reasons import Reason, Rule

RULES: tuple[Rule, ...] = (
    *devices.RULES,
    *language.RULES,
    *gradients.RULES,
    *losses.RULES,
    *layers.RULES,
    *products.RULES,
    *reshaping.RULES,
    *indexing.RULES,
    *elementwise.RULES,
)


def reason_for(case: Case) -> Reason | None:
    """Return the reason of the first rule that has one, or None."""
    for rule in RULES:
        reason = rule(case)
        if reason is not None:
            return reason
    return None


__all__ = ["RULES", "Reason", "reason_for"]
