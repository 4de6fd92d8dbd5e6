"""Why operations fail: every rule, the most certain first. A rule that answers has proved it."""

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
    for rule in RULES:
        reason = rule(case)
        if reason is not None:
            return reason
    return None


__all__ = ["RULES", "Reason", "reason_for"]
