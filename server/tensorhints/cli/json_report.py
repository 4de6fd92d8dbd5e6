"""A finished run as JSON for other programs; docs/command-line.md describes it.

Positions are as in LSP: lines and characters from 0, characters in UTF-16 units.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tensorhints.model.cells import cell_at
from tensorhints.model.failures import Failure
from tensorhints.model.locations import Span
from tensorhints.model.observations import Observation
from tensorhints.model.values import Array, Mapping, Record, Sequence, Tensor, Value
from tensorhints.present.explain import explain
from tensorhints.present.labels import label

from .explained import FROM_OUTSIDE, user_message_sentence
from .refusal import Refusal
from .source import Source, read_source, utf16_column
from .watch import Report


def as_json(report: Report, locale: str) -> str:
    """Return the report as one line of JSON."""
    result = report.result
    plain = {
        "file": report.source.path,
        "device": result.device,
        "outcome": result.outcome.value,
        "elapsed_ms": round(result.seconds * 1000),
        "hints": [*_hints(report)],
        "failure": _failure(report, locale),
        **_failed_cells(report, locale),
        "output": report.record.text_output(),
    }
    return json.dumps(plain)


def _hints(report: Report) -> Iterator[dict[str, object]]:
    lines = report.source.lines
    for observation in report.record.observations(report.source.path):
        text = label(observation)
        if text is not None:
            location = observation.location
            yield {
                **_line(report.source, location.line),
                "character": utf16_column(lines[location.line], location.column),
                "label": text,
                "values": [*_values(observation)],
            }


def _values(observation: Observation) -> Iterator[dict[str, object]]:
    for value, count in zip(observation.values, observation.counts, strict=True):
        for leaf in _leaves(value):
            yield {
                "shape": None if leaf.shape is None else list(leaf.shape),
                "dtype": leaf.dtype,
                "device": leaf.device if isinstance(leaf, Tensor) else None,
                "requires_grad": isinstance(leaf, Tensor) and leaf.requires_grad,
                "count": count,
            }


def _leaves(value: Value) -> Iterator[Tensor | Array]:
    """Yield the tensors and arrays in a value, in order."""
    if isinstance(value, (Tensor, Array)):
        yield value
    elif isinstance(value, (Sequence, Mapping, Record)):
        for item in value.items:
            yield from _leaves(item)


def _failure(report: Report, locale: str) -> dict[str, object] | None:
    result = report.result
    texts = _Texts(report.source)
    if result.rejected is not None and result.rejected.problem is not None:
        problem = result.rejected.problem
        return {
            "exception": "SyntaxError",
            "message": problem.message,
            "headline": f"SyntaxError: {problem.message}",
            "detail": "",
            **texts.position(problem.path, problem.span),
            "frames": [],
        }
    failure = result.failure or report.record.failure
    if failure is not None and result.outcome not in FROM_OUTSIDE:
        return _raised(failure, texts, locale)
    if result.user_message is not None:
        path, line = result.stopped_at or (report.source.path, None)
        cells = report.source.cells
        sentence = user_message_sentence(result.user_message, locale, line=line, cells=cells)
        return {
            "exception": None,
            "message": sentence,
            "headline": sentence,
            "detail": "",
            "file": path,
            **_stopped_line(report.source, path, line),
            "frames": [],
        }
    return None


def _failed_cells(report: Report, locale: str) -> dict[str, object]:
    """Return every failure of a notebook's cells, expected or not, as a field."""
    if not report.source.cells:
        return {}
    texts = _Texts(report.source)
    failed = [
        {**_raised(each.failure, texts, locale), "expected": each.expected}
        for each in report.record.failures
    ]
    return {"failures": failed}


def _line(source: Source, line: int) -> dict[str, object]:
    """Return a line of the file as JSON fields: in a notebook, with its cell (from 1)."""
    cell = cell_at(source.cells, line)
    return {"line": line} if cell is None else {"cell": cell.number, "line": line - cell.line}


def _stopped_line(source: Source, path: str, line: int | None) -> dict[str, object]:
    return {"line": line} if line is None or path != source.path else _line(source, line)


def _raised(failure: Failure, texts: _Texts, locale: str) -> dict[str, object]:
    explanation = explain(failure, locale)
    return {
        "exception": failure.exception,
        "message": failure.message,
        "headline": explanation.headline,
        "detail": explanation.detail,
        **texts.position(failure.path, failure.span),
        "frames": [
            {"function": frame.function, **texts.position(frame.path, frame.span)}
            for frame in failure.frames
        ],
    }


class _Texts:
    """The lines of the files in a failure, to convert columns to UTF-16 units."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = {source.path: source.lines}

    def position(self, path: str, span: Span) -> dict[str, object]:
        """Return a span as JSON fields."""
        fields: dict[str, object] = {"line": span.line}
        down = 0
        if path == self._source.path:
            fields = _line(self._source, span.line)
            cell = cell_at(self._source.cells, span.line)
            down = 0 if cell is None else cell.line
        return {
            "file": path,
            **fields,
            "character": self._character(path, span.line, span.column),
            "end_line": span.end_line - down,
            "end_character": self._character(path, span.end_line, span.end_column),
        }

    def _character(self, path: str, line: int, column: int) -> int:
        if path not in self._lines:
            try:
                self._lines[path] = read_source(path).lines if Path(path).is_file() else []
            except Refusal:
                self._lines[path] = []
        lines = self._lines[path]
        return utf16_column(lines[line], column) if 0 <= line < len(lines) else column
