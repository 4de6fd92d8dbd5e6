"""Writes figures as a table for a terminal, as Markdown for the documents, and as JSON."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .measure import Figure, Reference

HEADINGS = ("figure", "median", "spread", "p95", "beside", "ratio", "to reach", "")


def show(figures: Sequence[Figure]) -> None:
    table = Table(*HEADINGS, show_lines=False)
    for figure in figures:
        for row in rows(figure):
            table.add_row(*row)
        table.add_section()
    Console().print(table)


def markdown(figures: Sequence[Figure]) -> str:
    lines = ["| " + " | ".join(HEADINGS[:-1]) + " | reached |", "|---" * len(HEADINGS) + "|"]
    for figure in figures:
        lines += ["| " + " | ".join(row) + " |" for row in rows(figure)]
    return "\n".join(lines)


def rows(figure: Figure) -> list[tuple[str, ...]]:
    """Return a row for the figure with its first reference, and one for each further reference."""
    own = (figure.name, _text(figure.sample.median, figure.unit), _spread(figure), _p95(figure))
    mark = "✓" if figure.is_reached else "✗"
    limits = _limits(figure)
    if not figure.references:
        return [(*own, "–", "–", limits, mark)]
    first, *others = figure.references
    found: list[tuple[str, ...]] = [(*own, *_beside(figure, first, limits), mark)]
    found += [("", "", "", "", *_beside(figure, other), "") for other in others]
    return found


def write(figures: Sequence[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {"machine": machine(), "figures": [figure.plain() for figure in figures]}
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


def _beside(figure: Figure, reference: Reference, limits: str = "") -> tuple[str, str, str]:
    beside = f"{reference.name}: {_text(reference.sample.median, figure.unit)}"
    limit = "" if reference.limit is None else f"≤ {reference.limit:g} ×"
    plain = ", ".join(part for part in (limit, limits) if part)
    return beside, f"{figure.ratio(reference):.3g} ×", plain


def _limits(figure: Figure) -> str:
    parts = []
    if figure.ceiling is not None:
        parts.append(f"≤ {_text(figure.ceiling, figure.unit)}")
    if figure.spread is not None:
        parts.append(f"p95 ≤ {figure.spread:g} × median")
    return ", ".join(parts)


def _spread(figure: Figure) -> str:
    first, third = figure.sample.quartiles
    return f"{_text(first, figure.unit)} … {_text(third, figure.unit)}"


def _p95(figure: Figure) -> str:
    return _text(figure.sample.p95, figure.unit)


def _text(value: float, unit: str) -> str:
    if unit == "ms" and value >= 1000:
        return f"{value / 1000:.2f} s"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}".rstrip()
