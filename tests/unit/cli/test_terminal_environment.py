"""The user's language and colours, from the environment."""

from __future__ import annotations

import io

import pytest

from tensorhints.cli.terminal_environment import colour, locale


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "pt_PT@euro"}, "pt-BR"),
        ({"LC_ALL": "en_US", "TENSORHINTS_LOCALE": "pt-BR"}, "pt-BR"),
        ({"LC_ALL": "", "LANG": "pt"}, "pt-BR"),
    ],
)
def test_the_first_variable_that_is_set_decides_the_language(
    environment: dict[str, str], expected: str
) -> None:
    assert locale(environment) == expected


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "paper"),
    [
        ({}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_colours_follow_the_terminal_unless_the_user_says_otherwise(
    environment: dict[str, str], terminal: bool, paper: bool
) -> None:
    assert colour(_Terminal(), environment) is terminal
    assert colour(io.StringIO(), environment) is paper
