"""A golden: one program, the settings it is shown with, and what a reader shall see.

    what the case is about, in prose
    --- settings
    locale = pt-BR
    --- source
    import torch
    x = torch.zeros(3)
    --- expected
    import torch
    x‹: f32[3] cpu› = torch.zeros(3)

Hints stand in ‹ › where an editor would draw them. A failure is underlined with ^ and explained
below its line: `!` the headline, `|` the detail. With `tooltips = true` those follow at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tensorhints.model.failures import Failure
from tensorhints.model.observations import Observation
from tensorhints.present.explain import explain
from tensorhints.present.labels import LabelStyle, label
from tensorhints.present.tooltips import tooltip

_SECTIONS = ("settings", "source", "expected")


@dataclass(frozen=True)
class Golden:
    about: str
    settings: dict[str, str]
    source: str
    expected: str

    @property
    def locale(self) -> str:
        return self.settings.get("locale", "en")

    @property
    def device(self) -> str:
        return self.settings.get("run.device", "auto")

    @property
    def style(self) -> LabelStyle:
        style = LabelStyle()
        for name, value in self.settings.items():
            section, _, setting = name.partition(".")
            if section == "hints":
                if setting == "dtype":
                    style = replace(style, long_dtypes=value == "long")
                elif setting == "device":
                    style = replace(style, show_device=value == "true")
                else:
                    style = replace(style, **{setting: value == "true"})
        return style

    def text(self) -> str:
        parts = [self.about]
        if self.settings:
            lines = "".join(f"{name} = {value}\n" for name, value in self.settings.items())
            parts.append(f"--- settings\n{lines}")
        parts += [f"--- source\n{self.source}", f"--- expected\n{self.expected}"]
        return "".join(parts)


def read(path: Path) -> Golden:
    sections: dict[str, str] = {"about": "", "settings": "", "source": "", "expected": ""}
    current = "about"
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        name = line.removeprefix("--- ").strip()
        if line.startswith("--- ") and name in _SECTIONS:
            current = name
        else:
            sections[current] += line
    settings = {}
    for line in sections["settings"].splitlines():
        name, _, value = line.partition("=")
        settings[name.strip()] = value.strip()
    return Golden(sections["about"], settings, sections["source"], sections["expected"])


def drawn(golden: Golden, observations: Iterable[Observation], failure: Failure | None) -> str:
    """Return the source with all hints and explanations of the run."""
    observations = list(observations)
    hints: dict[int, list[tuple[int, str]]] = {}
    for observation in observations:
        text = label(observation, golden.style)
        if text is not None:
            location = observation.location
            hints.setdefault(location.line, []).append((location.column, text))
    lines = []
    for number, line in enumerate(golden.source.splitlines()):
        for column, text in sorted(hints.get(number, ()), reverse=True):
            line = f"{line[:column]}‹{text}›{line[column:]}"
        lines.append(line)
        if failure is not None and failure.span.line == number:
            lines += _explained(failure, golden.locale)
    if golden.settings.get("tooltips") == "true":
        for observation in observations:
            where = f"{observation.location.line + 1}:{observation.location.column + 1}"
            lines += [f"--- tooltip {where}", tooltip(observation, golden.locale)]
    return "".join(f"{line}\n" for line in lines)


def _explained(failure: Failure, locale: str) -> list[str]:
    span, explanation = failure.span, explain(failure, locale)
    width = span.end_column - span.column if span.end_line == span.line else 1
    margin = " " * span.column
    detail = [f"{margin}| {line}" for line in explanation.detail.splitlines()]
    return [f"{margin}{'^' * max(width, 1)}", f"{margin}! {explanation.headline}", *detail]
