"""The workspace: its folders, settings and trust, and what they mean for a run of a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tensorhints.engine.interpreters import InterpreterError, find_interpreter

from .settings import Problem, Settings, When, resolve
from .text.documents import Document


class Workspace:
    """The folders, settings and trust of one editor. Paths are absolute."""

    def __init__(self, folders: Iterable[str], *, trusted: bool) -> None:
        self.folders = [os.path.normpath(folder) for folder in folders]
        self.is_trusted = trusted
        self.settings = Settings()
        self.keeps_final_checkpoints = False
        """Whether a checkpoint is kept at the end of each run, to inspect its tensors."""
        self._interpreters: dict[tuple[str | None, str], Path] = {}

    def configure(self, *sent: object) -> tuple[Problem, ...]:
        """Replace the settings by what the client sent, and return what was wrong with that.

        Where the same setting was sent several times, the last one counts.
        """
        before = self.settings.run.interpreter
        self.settings, problems = resolve(*sent)
        if self.settings.run.interpreter != before:
            self.forget_interpreters()
        return problems

    def allows(self, when: When) -> bool:
        """Whether live files run again without being asked at such a moment."""
        return self.is_trusted and self.settings.run.when is when

    @property
    def main_folder(self) -> str:
        """The first folder, or the working directory if there is none."""
        return self.folders[0] if self.folders else os.getcwd()

    def add_folders(self, folders: Iterable[str]) -> None:
        """Add folders that the user opened."""
        self.folders += [os.path.normpath(folder) for folder in folders]

    def remove_folders(self, folders: Iterable[str]) -> None:
        """Remove folders that the user closed."""
        removed = {os.path.normpath(folder) for folder in folders}
        self.folders = [folder for folder in self.folders if folder not in removed]

    def directory(self, document: Document | None = None) -> str:
        """Return the working directory of a file's runs: the setting, relative to its folder.

        Its folder is the innermost workspace folder around it, else the one that contains it.
        Without a document, it is the main folder.
        """
        folder = self.main_folder
        if document is not None:
            around = [f for f in self.folders if Path(document.path).is_relative_to(f)]
            folder = max(around, key=len, default=os.path.dirname(document.path))
        return os.path.normpath(os.path.join(folder, self.settings.run.cwd or ""))

    def roots(self, document: Document) -> tuple[str, ...]:
        """Return the folders whose modules are instrumented in runs of a file."""
        return tuple(dict.fromkeys((*self.folders, os.path.dirname(document.path))))

    def interpreter(self, document: Document | None = None) -> Path:
        """Return the Python that runs a document, or by default files of the main folder."""
        setting, directory = self.settings.run.interpreter, self.directory(document)
        key = (setting, directory)
        if key not in self._interpreters:
            self._interpreters[key] = self._find_interpreter(setting, Path(directory))
        return self._interpreters[key]

    def forget_interpreters(self) -> None:
        """Look for the interpreters anew: an environment may have been created meanwhile."""
        self._interpreters.clear()

    def _find_interpreter(self, setting: str | None, directory: Path) -> Path:
        try:
            return find_interpreter(setting, directory, trusted=self.is_trusted).path
        except InterpreterError:
            # Starting this path fails, which is reported to the user like any other refusal.
            return directory / (setting or "")
