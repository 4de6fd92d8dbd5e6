"""Sent settings are checked and completed by defaults; every mistake is reported."""

from __future__ import annotations

from typing import Any

import pytest

from tensorhints.session.settings import SETTING_NAMES, Settings, When, is_device, resolve


def test_without_sent_settings_all_are_defaults() -> None:
    settings, problems = resolve(None)
    assert settings == Settings()
    assert problems == ()
    assert settings.run.timeout_seconds == 60
    assert settings.run.output_limit == 256 * 1024
    assert settings.run.when is When.ON_TYPE


def test_names_may_be_nested_or_dotted() -> None:
    nested, _ = resolve({"run": {"when": "onSave"}, "hints": {"dtype": "long"}})
    dotted, _ = resolve({"run.when": "onSave", "tensorhints.hints.dtype": "long"})
    assert nested == dotted
    assert nested.run.when is When.ON_SAVE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("run.when", "never"),
        ("run.when", []),
        ("run.device", "gpu"),
        ("run.interpreter", 3),
        ("run.args", "--fast"),
        ("run.args", [1]),
        ("run.cwd", {}),
        ("run.env", ["A=1"]),
        ("run.env", {"A": 1}),
        ("run.env", {"A=B": "1"}),
        ("run.timeoutSeconds", -1),
        ("run.timeoutSeconds", "60"),
        ("run.timeoutSeconds", float("nan")),
        ("run.memoryLimitMb", 1.5),
        ("run.memoryLimitMb", 10**400),
        ("run.outputLimitKb", True),
        ("run.checkpoints", 1),
        ("hints.enabled", "yes"),
        ("hints.dtype", "medium"),
        ("python.features", True),
    ],
)
def test_a_bad_value_is_reported_and_replaced_by_the_default(name: str, value: Any) -> None:
    settings, (problem,) = resolve({name: value})
    assert settings == Settings()
    assert problem.setting == name
    assert problem.expected is not None


def test_a_bad_value_does_not_affect_other_settings() -> None:
    settings, problems = resolve({"run": {"device": "gpu", "args": ["a"]}})
    assert settings.run.args == ("a",)
    assert [problem.setting for problem in problems] == ["run.device"]


@pytest.mark.parametrize("sent", [{"run": {"wen": "onSave"}}, {"hint": {"dtype": "long"}}])
def test_an_unknown_name_is_reported(sent: Any) -> None:
    _, (problem,) = resolve(sent)
    assert problem.expected is None


def test_later_values_override_earlier_ones_and_null_is_ignored() -> None:
    settings, _ = resolve({"run": {"when": "manual", "device": "cpu"}}, {"run.when": "onSave"}, {})
    assert (settings.run.when, settings.run.device) == (When.ON_SAVE, "cpu")
    settings, _ = resolve({"run": {"when": "manual"}}, {"run": {"when": None}})
    assert settings.run.when is When.MANUAL


def test_settings_that_are_not_an_object_are_reported() -> None:
    settings, problems = resolve([1, 2])
    assert settings == Settings()
    assert len(problems) == 1


@pytest.mark.parametrize("name", SETTING_NAMES)
def test_null_is_the_default(name: str) -> None:
    assert resolve({name: None}) == (Settings(), ())


@pytest.mark.parametrize("name", ["auto", "cpu", "cuda", "cuda:1", "simulated"])
def test_devices(name: str) -> None:
    assert is_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "cuda:", "cuda:x", "CPU", "cpu\n", None, 1])
def test_other_values_are_not_devices(name: object) -> None:
    assert not is_device(name)


def test_no_memory_limit_is_three_quarters_of_the_machine() -> None:
    assert Settings().run.memory_limit > 0
    assert resolve({"run": {"memoryLimitMb": 2.0}})[0].run.memory_limit == 2 * 1024 * 1024
