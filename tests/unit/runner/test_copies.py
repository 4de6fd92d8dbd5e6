"""Which paused copies a host keeps, and which it offers to a new text."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from tensorhints.model.messages import CheckpointMade, Run
from tensorhints.runner.checkpoint.resume_plan import ProgramPoint, ResumePlanner
from tensorhints.runner.host import checkpoint_store
from tensorhints.runner.host.checkpoint_store import (
    MOST_OF_A_PROGRAM,
    Copies,
    Copy,
    setup_of,
)
from tensorhints.runner.syntax.program import Program, parse
from tensorhints.runner.system import memory

PATH = "/program.py"
TEXT = "".join(f"print({number})\n" for number in range(20))


def program(text: str) -> Program:
    found = parse(PATH, text)
    assert isinstance(found, Program)
    return found


class Kept:
    """Copies of a program, by the step that they stand before."""

    def __init__(self) -> None:
        self.gone: list[int] = []
        self.copies = Copies(
            ResumePlanner(dict(sys.modules)), lambda copy: self.gone.append(self.at(copy))
        )
        self.ends: list[socket.socket] = []

    @staticmethod
    def at(copy: Copy) -> int:
        return copy.paused.step

    def add(
        self,
        step: int,
        work: float = 0.0,
        *,
        text: str = TEXT,
        resumes: bool = True,
        number: int | None = None,
    ) -> None:
        near, far = socket.socketpair()
        self.ends.append(near)
        number = len(self.ends) if number is None else number
        paused = CheckpointMade(
            1, 2_000_000_000 + step, number, step, 0, work or float(step), resumes
        )
        self.copies.add(Copy(paused, far, program(text), setup_of(Run(1, PATH, text))))

    def fitting(self, text: str, **fields: object) -> list[int]:
        request = Run(2, PATH, text, **fields)  # type: ignore[arg-type]
        return [self.at(copy) for copy in self.copies.fitting(request, program(text))]


@pytest.fixture
def kept() -> Iterator[Kept]:
    found = Kept()
    yield found
    found.copies.drop_path(PATH)
    for end in found.ends:
        end.close()


def test_the_one_after_most_work_comes_first(kept: Kept) -> None:
    for step in (2, 9, 5):
        kept.add(step)
    assert kept.fitting(TEXT.replace("print(15)", "print(99)")) == [9, 5, 2]


def test_those_below_an_edit_are_dropped(kept: Kept) -> None:
    for step in (2, 5, 9):
        kept.add(step)
    assert kept.fitting(TEXT.replace("print(5)", "print(99)")) == [5, 2]
    assert kept.gone == [9]


def test_those_of_another_setup_are_dropped(kept: Kept) -> None:
    kept.add(2)
    assert kept.fitting(TEXT, arguments=("a",)) == []
    assert kept.gone == [2]


def test_an_end_that_was_only_to_be_looked_at_goes_with_the_next_run(kept: Kept) -> None:
    kept.add(20, resumes=False)
    assert kept.fitting(TEXT) == []
    assert kept.gone == [20]


def test_a_twin_takes_no_place_and_is_no_loss(kept: Kept) -> None:
    kept.add(3, number=1)
    kept.add(3, number=1)
    first, second = kept.copies
    assert kept.copies.has_twin(first)
    kept.copies.drop(first)
    assert kept.gone == []
    assert not kept.copies.has_twin(second)
    kept.copies.drop(second)
    assert kept.gone == [3]


def test_the_last_one_above_an_edit_is_to_be_doubled_once(kept: Kept) -> None:
    def lonely(edited: int) -> int | None:
        copy = kept.copies.needs_spare(PATH, ProgramPoint(edited))
        return None if copy is None else kept.at(copy)

    kept.add(3, number=1)
    kept.add(6, number=2)
    assert [lonely(2), lonely(3), lonely(5), lonely(6), lonely(9)] == [None, 3, 3, 6, 6]
    kept.add(3, number=1)
    assert [lonely(5), lonely(6)] == [None, 6]


def test_a_newer_copy_takes_the_place_of_an_older_one(kept: Kept) -> None:
    kept.add(3, 1.0)
    kept.add(3, 2.0)
    assert kept.gone == [3]
    assert [copy.paused.work for copy in kept.copies] == [2.0]


def test_the_one_whose_loss_means_the_least_work_makes_room(kept: Kept) -> None:
    works = [1.0, 2.0, 3.0, 3.1, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert len(works) == MOST_OF_A_PROGRAM + 1
    for step, work in enumerate(works):
        kept.add(step, work)
    assert kept.gone == [3]


def test_the_end_does_not_count_among_them(kept: Kept) -> None:
    kept.add(20, 20.0)
    for step in range(1, MOST_OF_A_PROGRAM + 1):
        kept.add(step)
    assert kept.gone == []
    found = kept.copies.at_the_end_of(1)
    assert found is not None
    assert kept.at(found) == 20
    assert kept.copies.at_the_end_of(2) is None


def test_copies_go_while_they_hold_too_much_memory(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "of_the_machine", lambda: 1000)
    monkeypatch.setattr(memory, "resident", lambda pid="self": 0 if pid == "self" else 100)
    monkeypatch.setattr(memory, "share", lambda pid: 100)
    monkeypatch.setattr(checkpoint_store, "SHARE_OF_THE_MACHINE", 0.25)
    for step, work in ((1, 1.0), (2, 1.5), (3, 3.0)):
        kept.add(step, work)
    assert kept.gone == [2]
