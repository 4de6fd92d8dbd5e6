"""Which files belong to a lesson, and what the working copies are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorhints.course.folders import STATE_VARIABLE, find_course
from tensorhints.course.format import Lesson
from tensorhints.study.files import create_working_copy, working_copy, write_backup
from tensorhints.study.library import LessonLibrary


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "state"))
    return next(iter(LessonLibrary().course))


def test_a_starter_and_its_working_copy_belong_to_the_lesson(lesson: Lesson) -> None:
    library = LessonLibrary()
    for path in (lesson.file, create_working_copy(lesson)):
        assert library.is_lesson(str(path))
        found = library.lesson_at(str(path))
        assert found is not None
        assert found.id == lesson.id
        assert library.checks(str(path)) is not None


def test_other_files_do_not_belong_to_a_lesson(lesson: Lesson, tmp_path: Path) -> None:
    other = tmp_path / "program.py"
    other.write_text("x = 1\n")
    leading_out = working_copy(lesson)
    leading_out.parent.mkdir(parents=True)
    leading_out.symlink_to(other)
    library = LessonLibrary()
    for path in (other, leading_out, find_course() / "course.toml"):
        assert not library.is_lesson(str(path))
        assert library.lesson_at(str(path)) is None
        assert library.checks(str(path)) is None


def test_the_course_is_not_loaded_for_a_file_that_is_not_a_lesson(tmp_path: Path) -> None:
    library = LessonLibrary()
    assert library.checks(str(tmp_path / "program.py")) is None
    assert "course" not in vars(library)


def test_a_working_copy_is_created_once_and_never_overwritten(lesson: Lesson) -> None:
    path = create_working_copy(lesson)
    assert path.read_bytes() == lesson.file.read_bytes()
    path.write_text("mine = 1\n")
    assert create_working_copy(lesson) == path
    assert path.read_text() == "mine = 1\n"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_every_backup_is_a_file_of_its_own(lesson: Lesson) -> None:
    backups = [write_backup(lesson, f"x = {number}\n") for number in range(3)]
    assert len(set(backups)) == 3
    assert [backup.read_text() for backup in backups] == ["x = 0\n", "x = 1\n", "x = 2\n"]
