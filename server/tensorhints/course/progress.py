"""The learner's progress: a small SQLite database that several editors share.

Lessons and steps are stored by their ids, so that progress survives new versions of the course; ids
unknown to this course are kept. It contains neither names nor anything about the machine.
"""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tensorhints.model.user_messages import UserMessage

from .folders import state_folder
from .states import DONE, DONE_WITH_HELP, OPEN, STARTED

SCHEMA_VERSION = 2

_EXPORT_FORMAT = "tensorhints-progress"
_PATIENCE = 10.0
"""Seconds to wait for another editor's write, which takes a few milliseconds."""

_FIRST = (
    "CREATE TABLE learner (seed TEXT NOT NULL)",
    """CREATE TABLE steps (
        lesson TEXT NOT NULL,
        step TEXT NOT NULL,
        started REAL,
        solved REAL,
        digest TEXT,
        hints INTEGER NOT NULL DEFAULT 0,
        helped INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (lesson, step)
    )""",
    """CREATE TABLE answers (
        lesson TEXT NOT NULL,
        step TEXT NOT NULL,
        choice TEXT NOT NULL,
        correct INTEGER NOT NULL,
        answered REAL NOT NULL,
        PRIMARY KEY (lesson, step, choice)
    )""",
)
_WITH_TIME = (
    # `learner` is the seed of the learner whose time it is: importing twice counts once.
    """CREATE TABLE times (
        lesson TEXT NOT NULL,
        learner TEXT NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (lesson, learner)
    )""",
)
_VERSIONS = (_FIRST, _WITH_TIME)
"""The statements by which each version of the schema extends the previous one."""

_STEP_COLUMNS = ("lesson", "step", "started", "solved", "digest", "hints", "helped")
_ANSWER_COLUMNS = ("lesson", "step", "choice", "correct", "answered")
_TIME_COLUMNS = ("lesson", "learner", "seconds")


class ProgressError(Exception):
    """Progress cannot be read or written; the file is unchanged. `user_message` says why."""

    def __init__(self, user_message: UserMessage) -> None:
        super().__init__(user_message.code)
        self.user_message = user_message


def default_path() -> Path:
    """Return the path of the database in the user's state folder."""
    return state_folder() / "progress.sqlite3"


class Progress:
    """One connection, safe to share between threads. Times are seconds since the epoch.

    It is not divided: every method is one statement or one transaction on the same connection.
    """

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = time.time) -> None:
        """Open the database; `None` keeps everything in memory.

        Raises `ProgressError` if the database is newer than this program, broken or unreachable.
        """
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                _refuse_newer(path)
            self._database = sqlite3.connect(
                path or ":memory:",
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            raise _error("progress-unreachable", path, error) from error
        try:
            self._set_up()
            row = self._database.execute("SELECT seed FROM learner").fetchone()
            self.seed: str = row[0]
        except (sqlite3.Error, TypeError) as error:
            self._database.close()
            raise _error("progress-unreachable", path, error) from error
        except ProgressError:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._database.close()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- writing -----------------------------------------------------------------------------

    def started(self, lesson: str, step: str) -> None:
        """Record that the learner has opened the step, or started to work on it."""
        self._ensure_row(lesson, step)

    def answered(
        self, lesson: str, step: str, choice: str, correct: bool, digest: str = ""
    ) -> None:
        """Record an answer to a quiz. A correct one solves the step."""
        with self._writing() as database:
            self._ensure_row(lesson, step)
            database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                (lesson, step, choice, int(correct), self._clock()),
            )
            if correct:
                self.solved(lesson, step, digest)

    def solved(self, lesson: str, step: str, digest: str = "") -> None:
        """Record that a step was read, answered correctly, or passed all checks.

        A solved step keeps its state, with or without help. `digest` is the lesson's.
        """
        with self._writing() as database:
            self._ensure_row(lesson, step)
            database.execute(
                "UPDATE steps SET solved = ?, digest = ?"
                " WHERE lesson = ? AND step = ? AND solved IS NULL",
                (self._clock(), digest, lesson, step),
            )

    def hint_shown(self, lesson: str, step: str, of: int) -> int:
        """Record that one more of the `of` hints was shown; return how many are shown now."""
        with self._writing() as database:
            self._ensure_row(lesson, step)
            database.execute(
                "UPDATE steps SET hints = MIN(hints + 1, ?) WHERE lesson = ? AND step = ?",
                (of, lesson, step),
            )
            return self.hints_shown(lesson, step)

    def solution_shown(self, lesson: str, step: str) -> None:
        """Record that the solution was shown: an unsolved step then counts as solved with help."""
        with self._writing() as database:
            self._ensure_row(lesson, step)
            database.execute(
                "UPDATE steps SET helped = 1 WHERE lesson = ? AND step = ? AND solved IS NULL",
                (lesson, step),
            )

    def restarted(self, lesson: str) -> None:
        """Forget the help given for unsolved steps, because the learner restarts the lesson."""
        with self._writing() as database:
            database.execute(
                "UPDATE steps SET hints = 0, helped = 0 WHERE lesson = ? AND solved IS NULL",
                (lesson,),
            )

    def spent(self, lesson: str, seconds: float) -> None:
        """Add time spent with a lesson. Each editor adds its own."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO times VALUES (?, ?, ?)"
                " ON CONFLICT (lesson, learner) DO UPDATE SET seconds = seconds + excluded.seconds",
                (lesson, self.seed, seconds),
            )

    # ---- reading ------------------------------------------------------------------------------

    def state(self, lesson: str, step: str) -> str:
        """Return the state of a step: one of the words in `states`."""
        row = self._row("solved, helped", lesson, step)
        return OPEN if row is None else _state(*row)

    def states(self) -> dict[str, dict[str, str]]:
        """Return the state of every step that has one, by lesson and step."""
        found: dict[str, dict[str, str]] = {}
        rows = self._read("SELECT lesson, step, solved, helped FROM steps ORDER BY lesson, step")
        for lesson, step, solved, helped in rows:
            found.setdefault(lesson, {})[step] = _state(solved, helped)
        return found

    def hints_shown(self, lesson: str, step: str) -> int:
        """Return how many hints of the step were shown."""
        row = self._row("hints", lesson, step)
        return 0 if row is None else int(row[0])

    def answers(self, lesson: str, step: str) -> dict[str, bool]:
        """Return every choice that the learner has tried, and whether it was correct."""
        rows = self._read(
            "SELECT choice, correct FROM answers WHERE lesson = ? AND step = ? ORDER BY answered",
            lesson,
            step,
        )
        return {choice: bool(correct) for choice, correct in rows}

    def seconds_spent(self, lesson: str) -> float:
        """Return the time spent with the lesson by everyone whose progress was imported."""
        rows = self._read("SELECT SUM(seconds) FROM times WHERE lesson = ?", lesson)
        return float(rows[0][0] or 0.0)

    # ---- export and import ----------------------------------------------------------------------

    def export(self) -> str:
        """Return everything as JSON."""
        with self._reading() as database:
            steps = database.execute(f"SELECT {', '.join(_STEP_COLUMNS)} FROM steps").fetchall()
            answers = database.execute(
                f"SELECT {', '.join(_ANSWER_COLUMNS)} FROM answers"
            ).fetchall()
            times = database.execute(f"SELECT {', '.join(_TIME_COLUMNS)} FROM times").fetchall()
        data = {
            "format": _EXPORT_FORMAT,
            "version": SCHEMA_VERSION,
            "seed": self.seed,
            "steps": [dict(zip(_STEP_COLUMNS, row)) for row in sorted(steps)],
            "answers": [dict(zip(_ANSWER_COLUMNS, row)) for row in sorted(answers)],
            "times": [dict(zip(_TIME_COLUMNS, row)) for row in sorted(times)],
        }
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    def import_(self, text: str) -> None:
        """Merge an export in a single transaction; nothing that is known here is lost.

        Raises `ProgressError` if the text is not an export of this or an older version.
        """
        steps, answers, times = _parsed(text)
        with self._writing() as database:
            for step in steps:
                database.execute(
                    "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (lesson, step) DO UPDATE SET"
                    " started = MIN(COALESCE(started, excluded.started),"
                    "  COALESCE(excluded.started, started)),"
                    " digest = CASE WHEN solved IS NULL THEN excluded.digest ELSE digest END,"
                    " helped = CASE WHEN solved IS NULL AND excluded.solved IS NOT NULL"
                    "  THEN excluded.helped WHEN solved IS NOT NULL THEN helped"
                    "  ELSE MAX(helped, excluded.helped) END,"
                    " solved = COALESCE(solved, excluded.solved),"
                    " hints = MAX(hints, excluded.hints)",
                    step,
                )
            for answer in answers:
                database.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", answer)
            for time_ in times:
                database.execute(
                    "INSERT INTO times VALUES (?, ?, ?) ON CONFLICT (lesson, learner)"
                    " DO UPDATE SET seconds = MAX(seconds, excluded.seconds)",
                    time_,
                )

    # ---- the database ---------------------------------------------------------------------------

    def _set_up(self) -> None:
        database = self._database
        self._use_write_ahead_log()
        with self._writing():
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA_VERSION:
                raise ProgressError(UserMessage("progress-newer", str(self.path)))
            for added in _VERSIONS[version:]:
                for statement in added:
                    database.execute(statement)
            if version == 0:
                database.execute("INSERT INTO learner VALUES (?)", (secrets.token_hex(8),))
            if version < SCHEMA_VERSION:
                database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _use_write_ahead_log(self) -> None:
        """Enable write-ahead logging, so that readers never wait for a writer.

        SQLite's own timeout does not apply when several connections request it at once, as editors
        that start together do.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def _ensure_row(self, lesson: str, step: str) -> None:
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO steps (lesson, step, started) VALUES (?, ?, ?)",
                (lesson, step, self._clock()),
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run one transaction. A nested one becomes part of the outer one."""
        with self._reading() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise _error("progress-unreachable", self.path, error) from error

    def _read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._reading() as database:
            return database.execute(query, values).fetchall()

    def _row(self, columns: str, lesson: str, step: str) -> tuple[Any, ...] | None:
        rows = self._read(
            f"SELECT {columns} FROM steps WHERE lesson = ? AND step = ?", lesson, step
        )
        return rows[0] if rows else None


def _state(solved: float | None, helped: int) -> str:
    if solved is None:
        return STARTED
    return DONE_WITH_HELP if helped else DONE


def _error(code: str, path: Path | None, error: Exception) -> ProgressError:
    return ProgressError(UserMessage(code, f"{path}: {error}"))


def _refuse_newer(path: Path) -> None:
    """Raise for a newer database, read-only, so that not even its journal changes."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        if database.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION:
            raise ProgressError(UserMessage("progress-newer", str(path)))


_Rows = list[tuple[Any, ...]]


def _parsed(text: str) -> tuple[_Rows, _Rows, _Rows]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProgressError(UserMessage("progress-no-export", str(error))) from error
    if not isinstance(data, dict) or data.get("format") != _EXPORT_FORMAT:
        raise ProgressError(UserMessage("progress-no-export", "format"))
    version = data.get("version")
    if not isinstance(version, int) or version < 1:
        raise ProgressError(UserMessage("progress-no-export", "version"))
    if version > SCHEMA_VERSION:
        raise ProgressError(UserMessage("progress-newer", "version"))
    number = (int, float, type(None))
    types: dict[str, tuple[type, ...]] = {
        **dict.fromkeys(("lesson", "step", "choice", "learner"), (str,)),
        **dict.fromkeys(("started", "solved"), number),
        "digest": (str, type(None)),
        **dict.fromkeys(("hints", "helped", "correct"), (int,)),
        **dict.fromkeys(("answered", "seconds"), (int, float)),
    }

    def rows(key: str, columns: tuple[str, ...]) -> _Rows:
        items = data.get(key, [])
        if not isinstance(items, list):
            raise ProgressError(UserMessage("progress-no-export", key))
        for item in items:
            if not isinstance(item, Mapping) or not all(
                isinstance(item.get(column), types[column]) for column in columns
            ):
                raise ProgressError(UserMessage("progress-no-export", key))
        return [tuple(item[column] for column in columns) for item in items]

    times = rows("times", _TIME_COLUMNS)
    if not all(0 <= seconds < math.inf for _, _, seconds in times):
        raise ProgressError(UserMessage("progress-no-export", "times"))
    return rows("steps", _STEP_COLUMNS), rows("answers", _ANSWER_COLUMNS), times
