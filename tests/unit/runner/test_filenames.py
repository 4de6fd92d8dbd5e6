"""Which files a program may refer to."""

from __future__ import annotations

import ast

import pytest

from tensorhints.runner.checkpoint.filenames import matches, mentioned_patterns


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("open('data.csv')", "data.csv"),
        ("open('a/b/data.csv')", "data.csv"),
        ("os.path.isdir('runs/')", "runs"),
        ("open(f'step_{n}.pt')", "step_3.pt"),
        ("open('step_%03d.pt' % n)", "step_003.pt"),
        ("open('step_{}.pt'.format(n))", "step_3.pt"),
        ("glob.glob('*.pt')", "step_3.pt"),
        ("os.listdir()", "anything"),
        ("from os import scandir\nscandir(p)", "anything"),
    ],
)
def test_a_file_that_is_mentioned(text: str, name: str) -> None:
    assert matches(name, mentioned_patterns([ast.parse(text)]))


@pytest.mark.parametrize(
    "text", ["open('other.csv')", "print(f'{x}')", "print('...', '', '/', '*')", "x = 3"]
)
def test_a_file_that_is_not_mentioned(text: str) -> None:
    assert not matches("data.csv", mentioned_patterns([ast.parse(text)]))
