"""What a suspended program holds is replaced; what the runner holds of the same is not."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from tensorhints.runner.checkpoint.checkpoint_fork import HeldByProgram
from tensorhints.runner.checkpoint.held_values import AssignedNames, HeldValues
from tensorhints.runner.checkpoint.wall_clock import Readings

OLD, NEW = 987654321, 123456789


class Box:
    """An object of the program."""


@pytest.mark.parametrize("name", ["pid", "since_ns", "until_ns"])
def test_only_objects_of_the_program_are_updated(name: str) -> None:
    held = HeldValues(AssignedNames(frozenset(), frozenset({name})), ())
    box, readings = Box(), Readings(OLD, OLD)
    setattr(box, name, OLD)
    owned: list[Any] = [readings, HeldByProgram(held, readings, held, OLD)]
    before = [vars(one).copy() for one in owned]
    held.update(lambda value: NEW if value is OLD else value, (), {})
    assert vars(box) == {name: NEW}
    assert [vars(one) for one in owned] == before


def test_a_proxy_is_not_what_it_stands_for() -> None:
    # The collector of garbage knows both; one stands for nothing any more.
    proxies = [weakref.proxy(Box), weakref.proxy(type("Lost", (), {}))]
    gc.collect()
    held = HeldValues(AssignedNames(frozenset(), frozenset({"pid"})), ())
    held.update(lambda value: NEW if value is OLD else value, (), {})
    assert len(proxies) == 2
