"""The settings of section `tensorhints`: checks what the client sent, and fills in defaults.

Every setting is checked on its own. A bad value is replaced by the default and causes a `Problem`
for the user, as does an unknown name.
"""

from __future__ import annotations

import enum
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from tensorhints.model.locales import LOCALES

_DEVICE = re.compile(r"auto|cpu|cuda(:\d{1,3})?|mps|simulated")
_LONGEST_SHOWN = 60
_LARGEST = 10**9


class When(enum.Enum):
    """The events after which a live file runs again."""

    ON_TYPE = "onType"
    ON_SAVE = "onSave"
    MANUAL = "manual"


Expected = Literal[
    "boolean", "text", "texts", "variables", "device", "number", "whole-number", "one-of"
]
"""The kind of value that a setting takes; with `one-of` there are `choices`."""


@dataclass(frozen=True)
class Problem:
    """A setting that could not be used.

    `expected` is the kind of value that it takes, None if there is no such setting. `value` and
    `default` are JSON.
    """

    setting: str
    value: str
    expected: Expected | None = None
    choices: tuple[str, ...] = ()
    default: str = ""


class _ExpectedError(ValueError):
    """A value is not of the expected kind."""

    def __init__(self, expected: Expected, choices: tuple[str, ...] = ()) -> None:
        super().__init__(expected)
        self.expected = expected
        self.choices = choices


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _ExpectedError("boolean")


def _text(value: object) -> str:
    if isinstance(value, str) and "\0" not in value:
        return value
    raise _ExpectedError("text")


def _optional_text(value: object) -> str | None:
    return None if value is None or value == "" else _text(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        try:
            return tuple(_text(item) for item in value)
        except _ExpectedError:
            pass
    raise _ExpectedError("texts")


def _variables(value: object) -> Mapping[str, str]:
    if isinstance(value, dict):
        bad = [name for name in value if not isinstance(name, str) or not name or "=" in name]
        if not bad:
            try:
                return {name: _text(item) for name, item in value.items()}
            except _ExpectedError:
                pass
    raise _ExpectedError("variables")


def is_device(value: object) -> bool:
    """Whether a value is a device that can be requested for a run."""
    return isinstance(value, str) and _DEVICE.fullmatch(value) is not None


def _device(value: object) -> str:
    if isinstance(value, str) and is_device(value):
        return value
    raise _ExpectedError("device")


def _one_of(*choices: str) -> Callable[[object], str]:
    def parse(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise _ExpectedError("one-of", choices)

    return parse


def _when(value: object) -> When:
    try:
        return When(value)
    except ValueError:
        raise _ExpectedError("one-of", tuple(when.value for when in When)) from None


def _seconds(value: Any) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and 0 <= value <= _LARGEST:
        return float(value)
    raise _ExpectedError("number")


def _amount(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _ExpectedError("whole-number")
    # Editors written in languages with a single number type send 512.0 for 512.
    if 0 <= value <= _LARGEST and value == int(value):
        return int(value)
    raise _ExpectedError("whole-number")


@dataclass(frozen=True)
class RunSettings:
    """The settings of runs.

    A limit of 0 means no limit; for memory it means three quarters of the machine's.
    """

    when: When = When.ON_TYPE
    device: str = "auto"
    interpreter: str | None = None
    args: tuple[str, ...] = ()
    cwd: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = 60.0
    memory_limit_mb: int = 0
    output_limit_kb: int = 256
    checkpoints: bool = True
    cell_failure: str = "continue"

    @property
    def environment(self) -> tuple[object, ...]:
        """The settings that a program can see the effects of."""
        env = tuple(sorted(self.env.items()))
        return self.device, self.interpreter, self.args, self.cwd, env, self.cell_failure

    @property
    def timeout(self) -> float | None:
        """The time limit in seconds, None for no limit."""
        return self.timeout_seconds or None

    @property
    def memory_limit(self) -> int:
        """The memory limit in bytes."""
        return self.memory_limit_mb * 1024 * 1024 or machine_memory() * 3 // 4

    @property
    def output_limit(self) -> int:
        """The output limit in bytes."""
        return self.output_limit_kb * 1024


@dataclass(frozen=True)
class HintSettings:
    """The settings of hints: which are shown, and how their labels are written."""

    enabled: bool = True
    assignments: bool = True
    parameters: bool = True
    returns: bool = True
    expressions: bool = True
    chains: bool = True
    comprehensions: bool = True
    values: bool = True
    dtype: str = "short"
    device: bool = True


@dataclass(frozen=True)
class LessonSettings:
    """The language of the lessons; None is that of the editor."""

    locale: str | None = None


@dataclass(frozen=True)
class PythonSettings:
    """Whether completion and the other features based on jedi are offered."""

    features: str = "auto"


@dataclass(frozen=True)
class Settings:
    """All settings, by section."""

    run: RunSettings = field(default_factory=RunSettings)
    hints: HintSettings = field(default_factory=HintSettings)
    lessons: LessonSettings = field(default_factory=LessonSettings)
    python: PythonSettings = field(default_factory=PythonSettings)


_SECTIONS = frozenset(section.name for section in fields(Settings))

_DEFAULTS = Settings()

_PARSERS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "run.when": ("when", _when),
    "run.device": ("device", _device),
    "run.interpreter": ("interpreter", _optional_text),
    "run.args": ("args", _texts),
    "run.cwd": ("cwd", _optional_text),
    "run.env": ("env", _variables),
    "run.timeoutSeconds": ("timeout_seconds", _seconds),
    "run.memoryLimitMb": ("memory_limit_mb", _amount),
    "run.outputLimitKb": ("output_limit_kb", _amount),
    "run.checkpoints": ("checkpoints", _boolean),
    "run.cellFailure": ("cell_failure", _one_of("continue", "stop")),
    "hints.enabled": ("enabled", _boolean),
    "hints.assignments": ("assignments", _boolean),
    "hints.parameters": ("parameters", _boolean),
    "hints.returns": ("returns", _boolean),
    "hints.expressions": ("expressions", _boolean),
    "hints.chains": ("chains", _boolean),
    "hints.comprehensions": ("comprehensions", _boolean),
    "hints.values": ("values", _boolean),
    "hints.dtype": ("dtype", _one_of("short", "long")),
    "hints.device": ("device", _boolean),
    "lessons.locale": ("locale", _one_of(*LOCALES)),
    "python.features": ("features", _one_of("auto", "on", "off")),
}
"""The field of each setting in its section, and the function that parses its value."""

SETTING_NAMES = tuple(_PARSERS)


@dataclass(frozen=True)
class Setting:
    """The description of a setting, for the settings pages of clients and the documentation.

    `expected` and `choices` are as in `Problem`; `default` is a JSON value.
    """

    name: str
    expected: Expected
    choices: tuple[str, ...]
    default: Any


def described() -> tuple[Setting, ...]:
    """Return the descriptions of all settings, in their order."""
    return tuple(_described(name) for name in SETTING_NAMES)


def _described(name: str) -> Setting:
    attribute, parse = _PARSERS[name]
    default = getattr(getattr(_DEFAULTS, name.split(".")[0]), attribute)
    in_json = json.loads(json.dumps(default, default=lambda part: part.value))
    try:
        parse(object())
    except _ExpectedError as error:
        return Setting(name, error.expected, error.choices, in_json)
    raise AssertionError(f"{name} accepts any value")


# Settings that only the client uses are sent with the others.
_CLIENT_SECTIONS = frozenset({"server", "trace", "client"})


def resolve(*sent: object) -> tuple[Settings, tuple[Problem, ...]]:
    """Return what the client sent as settings, and what was wrong with it.

    Names may be nested or dotted (`run.when`). Later arguments override earlier ones; null is
    ignored.
    """
    problems: list[Problem] = []
    values: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
    flat: dict[str, object] = {}
    for layer in sent:
        if isinstance(layer, dict):
            values_sent = _flattened(layer).items()
            flat.update({name: value for name, value in values_sent if value is not None})
        elif layer is not None:
            problems.append(Problem("tensorhints", _shown(layer), "variables", default="{}"))
    for name, value in flat.items():
        section = name.split(".")[0]
        if name not in _PARSERS:
            if section not in _CLIENT_SECTIONS:
                problems.append(Problem(name, _shown(value)))
        else:
            attribute, parse = _PARSERS[name]
            try:
                values[section][attribute] = parse(value)
            except _ExpectedError as error:
                default = _shown(getattr(getattr(_DEFAULTS, section), attribute))
                problems.append(
                    Problem(name, _shown(value), error.expected, error.choices, default)
                )
    settings = Settings(
        run=RunSettings(**values["run"]),
        hints=HintSettings(**values["hints"]),
        lessons=LessonSettings(**values["lessons"]),
        python=PythonSettings(**values["python"]),
    )
    return settings, tuple(problems)


def _flattened(sent: Mapping[Any, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in sent.items():
        name = str(key).removeprefix("tensorhints.")
        if name in _SECTIONS and isinstance(value, dict):
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        elif name in _SECTIONS and value is None:
            continue
        else:
            flat[name] = value
    return flat


def _shown(value: object) -> str:
    """Return a value as the user wrote it, shortened if it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=lambda part: part.value)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def machine_memory() -> int:
    """Return the machine's memory in bytes, or 0 if it is not known."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
