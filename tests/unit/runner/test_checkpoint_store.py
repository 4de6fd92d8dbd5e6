"""Which checkpoints a host keeps, and which it offers to a new text."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator

import pytest

from tensorhints.model.messages import CheckpointMade, Run, Whole
from tensorhints.runner.checkpoint.resume_plan import ProgramPoint, ResumePlanner
from tensorhints.runner.host import checkpoint_store
from tensorhints.runner.host.checkpoint_store import (
    MAX_PER_PROGRAM,
    CheckpointStore,
    RunConfiguration,
    StoredCheckpoint,
)
from tensorhints.runner.syntax.program import Program, parse
from tensorhints.runner.system import memory

PATH = "/program.py"
TEXT = "".join(f"print({number})\n" for number in range(20))


def program(text: str) -> Program:
    found = parse(PATH, text)
    assert isinstance(found, Program)
    return found


class Stored:
    """A store of checkpoints of one program, which are named by their steps."""

    def __init__(self) -> None:
        self.evicted: list[int] = []
        self.store = CheckpointStore(
            ResumePlanner(dict(sys.modules)),
            lambda checkpoint: self.evicted.append(checkpoint.made.step),
        )
        self.ends: list[socket.socket] = []

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
        made = CheckpointMade(
            1, 2_000_000_000 + step, number, step, 0, work or float(step), resumes
        )
        configuration = RunConfiguration.of(Run(1, PATH, text))
        self.store.add(StoredCheckpoint(made, far, program(text), configuration))

    def why_unusable(self, text: str) -> Whole | None:
        return self.store.usable_for(Run(2, PATH, text), program(text))[1]

    def usable_for(self, text: str, **fields: object) -> list[int]:
        request = Run(2, PATH, text, **fields)  # type: ignore[arg-type]
        return [found.made.step for found in self.store.usable_for(request, program(text))[0]]


@pytest.fixture
def stored() -> Iterator[Stored]:
    found = Stored()
    yield found
    found.store.evict_path(PATH)
    for end in found.ends:
        end.close()


def test_the_latest_checkpoint_comes_first(stored: Stored) -> None:
    for step in (2, 9, 5):
        stored.add(step)
    assert stored.usable_for(TEXT.replace("print(15)", "print(99)")) == [9, 5, 2]


def test_checkpoints_below_an_edit_are_evicted(stored: Stored) -> None:
    for step in (2, 5, 9):
        stored.add(step)
    assert stored.usable_for(TEXT.replace("print(5)", "print(99)")) == [5, 2]
    assert stored.evicted == [9]


def test_checkpoints_of_another_configuration_are_evicted(stored: Stored) -> None:
    stored.add(2)
    assert stored.usable_for(TEXT, arguments=("a",)) == []
    assert stored.evicted == [2]


def test_a_final_checkpoint_that_cannot_resume_is_evicted_by_the_next_run(stored: Stored) -> None:
    stored.add(20, resumes=False)
    assert stored.usable_for(TEXT) == []
    assert stored.evicted == [20]


def test_evicting_one_of_two_processes_of_a_checkpoint_is_not_reported(stored: Stored) -> None:
    stored.add(3, number=1)
    stored.add(3, number=1)
    first, second = stored.store
    assert stored.store.has_spare(first)
    stored.store.evict(first)
    assert stored.evicted == []
    assert not stored.store.has_spare(second)
    stored.store.evict(second)
    assert stored.evicted == [3]


def test_the_last_checkpoint_above_an_edit_needs_one_spare(stored: Stored) -> None:
    def needs_spare(edited: int) -> int | None:
        checkpoint = stored.store.needs_spare(PATH, ProgramPoint(edited))
        return None if checkpoint is None else checkpoint.made.step

    stored.add(3, number=1)
    stored.add(6, number=2)
    assert [needs_spare(step) for step in (2, 3, 5, 6, 9)] == [None, 3, 3, 6, 6]
    stored.add(3, number=1)
    assert [needs_spare(step) for step in (5, 6)] == [None, 6]


def test_a_newer_checkpoint_replaces_an_older_one_at_the_same_point(stored: Stored) -> None:
    stored.add(3, 1.0)
    stored.add(3, 2.0)
    assert stored.evicted == [3]
    assert [checkpoint.made.work for checkpoint in stored.store] == [2.0]


def test_the_checkpoint_that_saves_the_least_work_is_evicted(stored: Stored) -> None:
    works = [1.0, 2.0, 3.0, 3.1, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert len(works) == MAX_PER_PROGRAM + 1
    for step, work in enumerate(works):
        stored.add(step, work)
    assert stored.evicted == [3]


def test_a_final_checkpoint_does_not_count_towards_the_limit(stored: Stored) -> None:
    stored.add(20, 20.0)
    for step in range(1, MAX_PER_PROGRAM + 1):
        stored.add(step)
    assert stored.evicted == []
    found = stored.store.final_of(1)
    assert found is not None
    assert found.made.step == 20
    assert stored.store.final_of(2) is None


def test_checkpoints_are_evicted_while_they_hold_too_much_memory(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "total", lambda: 1000)
    monkeypatch.setattr(memory, "resident", lambda pid="self": 0 if pid == "self" else 100)
    monkeypatch.setattr(memory, "proportional_share", lambda pid: 100)
    monkeypatch.setattr(checkpoint_store, "MEMORY_SHARE", 0.25)
    for step, work in ((1, 1.0), (2, 1.5), (3, 3.0)):
        stored.add(step, work)
    assert stored.evicted == [2]


def test_the_reason_for_a_lost_checkpoint_is_given_to_the_next_run_alone(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "total", lambda: 1000)
    monkeypatch.setattr(memory, "resident", lambda pid="self": 0 if pid == "self" else 300)
    monkeypatch.setattr(memory, "proportional_share", lambda pid: 300)
    stored.add(1)
    assert stored.why_unusable(TEXT) == Whole("memory-limit")
    assert stored.why_unusable(TEXT) is None
    monkeypatch.undo()
    stored.add(1)
    stored.store.evict_pid(2_000_000_001)
    assert stored.why_unusable(TEXT) == Whole("checkpoint-lost")


def test_an_edit_above_every_checkpoint_is_the_reason(stored: Stored) -> None:
    for step in (5, 9):
        stored.add(step)
    assert stored.why_unusable(TEXT.replace("print(2)", "print(99)")) == Whole("executed-code", "6")
