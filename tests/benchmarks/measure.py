"""The results of benchmarks: samples, references to compare with, and limits."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one quantity, in the order in which they were taken."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> Sample:
        return cls(tuple(values))

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]

    @property
    def quartiles(self) -> tuple[float, float]:
        if len(self.values) < 2:
            return self.values[0], self.values[0]
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return first, third


@dataclass(frozen=True)
class Reference:
    """A quantity to compare a figure with, measured alternately so that both meet the same noise.

    `limit` is the highest allowed ratio of the figure to the reference.
    """

    name: str
    sample: Sample
    limit: float | None = None


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ceiling` limits the median, `spread` limits p95 ÷ median."""

    name: str
    unit: str
    sample: Sample
    references: tuple[Reference, ...] = ()
    ceiling: float | None = None
    spread: float | None = None
    note: str = ""

    def ratio(self, reference: Reference) -> float:
        """Return the median ratio of paired measurements, or else the ratio of the medians."""
        ours, theirs = self.sample.values, reference.sample.values
        if len(ours) == len(theirs):
            return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        return self.sample.median / reference.sample.median

    @property
    def is_reached(self) -> bool:
        beside = all(r.limit is None or self.ratio(r) <= r.limit for r in self.references)
        below = self.ceiling is None or self.sample.median <= self.ceiling
        steady = self.spread is None or self.sample.p95 <= self.spread * self.sample.median
        return beside and below and steady

    def plain(self) -> dict[str, Any]:
        """Return the figure for the JSON report."""
        return {
            "figure": self.name,
            "unit": self.unit,
            **_plain(self.sample),
            "ceiling": self.ceiling,
            "p95_limit": self.spread,
            "references": [
                {
                    "name": reference.name,
                    **_plain(reference.sample),
                    "ratio": self.ratio(reference),
                    "limit": reference.limit,
                }
                for reference in self.references
            ],
            "reached": self.is_reached,
            "note": self.note,
        }


def title(benchmark: Callable[..., object]) -> str:
    """Return the name of a benchmark's figure: its docstring without the full stop."""
    return (benchmark.__doc__ or "").rstrip(".")


def _plain(sample: Sample) -> dict[str, Any]:
    first, third = sample.quartiles
    return {
        "median": sample.median,
        "quartiles": [first, third],
        "p95": sample.p95,
        "values": list(sample.values),
    }
