"""Progress outlives editors, crashes and versions, and is never lost to any of them."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from tensorhints.course.progress import Progress, ProgressError, default_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "progress.sqlite3"


@pytest.fixture
def progress(path: Path) -> Iterator[Progress]:
    with Progress(path) as opened:
        yield opened


def digest_of(progress: Progress, lesson: str, step: str) -> str | None:
    """The digest of the lesson when the step was solved, as an export has it."""
    rows = json.loads(progress.export())["steps"]
    found: str | None = next(
        row["digest"] for row in rows if (row["lesson"], row["step"]) == (lesson, step)
    )
    return found


def test_an_unknown_step_is_open(progress: Progress) -> None:
    assert progress.state("tensors", "row") == "open"


def test_a_step_goes_from_open_by_started_to_done(progress: Progress) -> None:
    progress.started("tensors", "row")
    assert progress.state("tensors", "row") == "started"
    progress.solved("tensors", "row", "digest")
    assert progress.state("tensors", "row") == "done"
    assert digest_of(progress, "tensors", "row") == "digest"


def test_a_step_is_done_with_help_where_the_solution_was_seen_before(progress: Progress) -> None:
    progress.solution_shown("tensors", "row")
    assert progress.state("tensors", "row") == "started"
    progress.solved("tensors", "row")
    assert progress.state("tensors", "row") == "done_with_help"


def test_a_step_that_is_done_stays_done_when_the_solution_is_looked_at(progress: Progress) -> None:
    progress.solved("tensors", "row")
    progress.solution_shown("tensors", "row")
    progress.solved("tensors", "row")
    assert progress.state("tensors", "row") == "done"


def test_hints_come_one_at_a_time_and_end_with_the_ladder(progress: Progress) -> None:
    shown = [progress.hint_shown("tensors", "row", of=2) for _ in range(3)]
    assert shown == [1, 2, 2]
    assert progress.hints_shown("tensors", "row") == 2


def test_a_restart_forgets_the_help_and_keeps_solved_steps(progress: Progress) -> None:
    progress.solved("tensors", "row")
    progress.hint_shown("tensors", "product", of=2)
    progress.solution_shown("tensors", "product")
    progress.restarted("tensors")
    progress.solved("tensors", "product")
    assert progress.state("tensors", "row") == "done"
    assert progress.state("tensors", "product") == "done"
    assert progress.hints_shown("tensors", "product") == 0


def test_a_wrong_answer_can_be_corrected_and_the_right_one_is_kept(progress: Progress) -> None:
    progress.answered("tensors", "uniform", "randn", False)
    assert progress.state("tensors", "uniform") == "started"
    progress.answered("tensors", "uniform", "rand", True)
    progress.answered("tensors", "uniform", "randn", False)
    assert progress.state("tensors", "uniform") == "done"
    assert progress.answers("tensors", "uniform") == {"rand": True, "randn": False}


def test_progress_is_there_again_when_the_editor_is(path: Path) -> None:
    with Progress(path) as before:
        before.solved("tensors", "row")
        seed = before.seed
    with Progress(path) as after:
        assert after.states() == {"tensors": {"row": "done"}}
        assert after.seed == seed


def test_ids_of_unknown_courses_are_kept(progress: Progress) -> None:
    progress.solved("a-lesson-of-next-year", "step")
    assert progress.states() == {"a-lesson-of-next-year": {"step": "done"}}


def test_data_about_the_learner_or_the_machine_is_not_kept(progress: Progress, path: Path) -> None:
    progress.solved("tensors", "row")
    known = json.loads(progress.export())
    assert set(known) == {"format", "version", "seed", "steps", "answers", "times"}
    assert str(path.home()) not in progress.export()


def test_without_a_path_progress_lives_as_long_as_the_editor() -> None:
    with Progress(None) as progress:
        progress.solved("tensors", "row")
        assert progress.state("tensors", "row") == "done"


def test_the_time_with_a_lesson_adds_up(progress: Progress) -> None:
    assert progress.seconds_spent("tensors") == 0
    progress.spent("tensors", 15)
    progress.spent("tensors", 0.5)
    progress.spent("indexing", 7)
    assert (progress.seconds_spent("tensors"), progress.seconds_spent("indexing")) == (15.5, 7)


def test_the_environment_may_name_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TENSORHINTS_STATE", str(tmp_path))
    assert default_path() == tmp_path / "progress.sqlite3"


# ---- several editors --------------------------------------------------------------------------


def _solve_many(path: Path, lesson: str, count: int, barrier: Barrier) -> None:
    barrier.wait(30)
    with Progress(path) as progress:
        for number in range(count):
            progress.solved(lesson, f"step-{number}")
            progress.hint_shown("shared", "ladder", of=1000)
            progress.spent("shared", 2)


def test_two_editors_write_at_once_and_nothing_is_lost(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    writers = [
        context.Process(target=_solve_many, args=(path, lesson, 40, barrier))
        for lesson in ("one", "two")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    with Progress(path) as progress:
        states = progress.states()
        assert len(states["one"]) == len(states["two"]) == 40
        assert progress.hints_shown("shared", "ladder") == 80
        assert progress.seconds_spent("shared") == 160


def _open_and_solve(folder: Path, step: str, attempts: int, barrier: Barrier) -> None:
    for attempt in range(attempts):
        barrier.wait(30)
        with Progress(folder / str(attempt) / "progress.sqlite3") as progress:
            progress.solved("tensors", step)


def test_editors_that_start_together_share_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    editors = [
        context.Process(target=_open_and_solve, args=(tmp_path, f"step-{number}", 30, barrier))
        for number in range(4)
    ]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join(60)
    assert [editor.exitcode for editor in editors] == [0] * 4
    for attempt in range(30):
        with Progress(tmp_path / str(attempt) / "progress.sqlite3") as progress:
            assert len(progress.states()["tensors"]) == 4


def test_one_editor_sees_at_once_the_progress_of_another(path: Path) -> None:
    with Progress(path) as one, Progress(path) as other:
        one.solved("tensors", "row")
        assert other.state("tensors", "row") == "done"
        assert other.seed == one.seed


HALF_A_WRITE = """\
import os, signal, sys
from pathlib import Path
from tensorhints.course.progress import Progress
progress = Progress(Path(sys.argv[1]))
progress.solved("tensors", "whole")
with progress._writing() as database:
    database.execute("UPDATE steps SET solved = NULL")
    database.execute("INSERT INTO steps (lesson, step) VALUES ('half', 'written')")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_during_a_write_leaves_the_old_progress(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", HALF_A_WRITE, str(path)], env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    with Progress(path) as progress:
        assert progress.states() == {"tensors": {"whole": "done"}}
        progress.solved("tensors", "after")


ENDLESS_WRITES = """\
import itertools, sys
from pathlib import Path
from tensorhints.course.progress import Progress
progress = Progress(Path(sys.argv[1]))
for number in itertools.count():
    progress.answered("tensors", f"step-{number}", "rand", True)
    print(number, flush=True)
"""


@pytest.mark.parametrize("after", [1, 5, 17])
def test_confirmed_answers_survive_a_kill_at_any_moment(path: Path, after: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS_WRITES, str(path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline() for _ in range(after)]
        writer.kill()
    with Progress(path) as progress:
        states = progress.states()["tensors"]
        for line in confirmed:
            assert states[f"step-{line.strip()}"] == "done"
        assert all(progress.answers("tensors", step) == {"rand": True} for step in states)


# ---- versions, and databases that are none ------------------------------------------------------


def test_a_database_of_a_newer_version_is_refused_politely_and_kept(path: Path) -> None:
    with Progress(path) as progress:
        progress.solved("tensors", "row")
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE what_the_future_needs (x)")
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(ProgressError) as refused:
        Progress(path)
    assert refused.value.user_message.code == "progress-newer"
    assert str(path) in str(refused.value.user_message.detail)
    assert path.read_bytes() == before[path.name]


def test_a_database_of_the_first_version_is_migrated(path: Path) -> None:
    with Progress(path) as progress:
        progress.solved("tensors", "row")
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE times")
        database.execute("PRAGMA user_version = 1")
    database.close()
    with Progress(path) as progress:
        progress.spent("tensors", 3)
        assert progress.states() == {"tensors": {"row": "done"}}
        assert progress.seconds_spent("tensors") == 3


def test_a_file_that_is_not_a_database_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, whatever it is\n" * 40)
    with pytest.raises(ProgressError) as refused:
        Progress(path)
    assert refused.value.user_message.code == "progress-unreachable"
    assert path.read_bytes().startswith(b"not a database")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProgressError) as refused:
        Progress(tmp_path / "file" / "progress.sqlite3")
    assert refused.value.user_message.code == "progress-unreachable"


# ---- export and import ---------------------------------------------------------------------------


def test_an_export_can_be_imported_elsewhere(progress: Progress, tmp_path: Path) -> None:
    progress.solved("tensors", "row", "digest")
    progress.solution_shown("tensors", "product")
    progress.hint_shown("tensors", "product", of=3)
    progress.answered("tensors", "uniform", "randn", False)
    with Progress(tmp_path / "elsewhere.sqlite3") as other:
        other.import_(progress.export())
        assert other.states() == progress.states()
        assert other.hints_shown("tensors", "product") == 1
        assert other.answers("tensors", "uniform") == {"randn": False}
        assert digest_of(other, "tensors", "row") == "digest"
        other.solved("tensors", "product")
        assert other.state("tensors", "product") == "done_with_help"


def test_an_import_keeps_existing_progress(progress: Progress, tmp_path: Path) -> None:
    progress.solved("tensors", "row")
    with Progress(tmp_path / "elsewhere.sqlite3") as other:
        other.started("tensors", "row")
        other.solution_shown("tensors", "row")
        other.solved("tensors", "product")
        progress.import_(other.export())
    assert progress.states() == {"tensors": {"product": "done", "row": "done"}}


def test_time_spent_on_two_machines_adds_up_and_counts_once(
    progress: Progress, tmp_path: Path
) -> None:
    progress.spent("tensors", 10)
    with Progress(tmp_path / "elsewhere.sqlite3") as other:
        other.spent("tensors", 5)
        for _ in range(2):
            other.import_(progress.export())
            progress.import_(other.export())
        assert other.seconds_spent("tensors") == progress.seconds_spent("tensors") == 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": "tensorhints-progress"}',
        '{"format": "tensorhints-progress", "version": 1, "steps": 3}',
        '{"format": "tensorhints-progress", "version": 1, "steps": [{"lesson": 3}]}',
        (
            '{"format": "tensorhints-progress", "version": 2,'
            ' "times": [{"lesson": "x", "learner": "y", "seconds": -1}]}'
        ),
        (
            '{"format": "tensorhints-progress", "version": 2,'
            ' "times": [{"lesson": "x", "learner": "y", "seconds": NaN}]}'
        ),
    ],
)
def test_a_file_that_is_not_an_export_does_not_change_the_progress(
    progress: Progress, text: str
) -> None:
    progress.solved("tensors", "row")
    with pytest.raises(ProgressError) as refused:
        progress.import_(text)
    assert refused.value.user_message.code == "progress-no-export"
    assert progress.states() == {"tensors": {"row": "done"}}


def test_an_export_of_a_newer_version_is_refused(progress: Progress) -> None:
    with pytest.raises(ProgressError) as refused:
        progress.import_('{"format": "tensorhints-progress", "version": 99}')
    assert refused.value.user_message.code == "progress-newer"
