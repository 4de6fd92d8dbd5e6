"""The texts that ran last, which tell an edit of code from an edit of comments."""

from __future__ import annotations

from collections import OrderedDict
from typing import Dict, Optional, Tuple, Union

from ...model import messages
from ..syntax.program import Program, parse, same_code

_MAX_FILES = 64


class ProgramHistory:
    """Parses the texts of requests and remembers those of the last runs."""

    def __init__(self) -> None:
        self._programs: OrderedDict[Tuple[str, str], Program] = OrderedDict()
        """The texts, by the path of the main program and the path of the file."""

    def last(self, path: str) -> Optional[Program]:
        """Return the text with which the program at `path` ran last."""
        return self._programs.get((path, path))

    def accept(self, request: messages.Run) -> Union[Program, messages.Rejected]:
        """Parse and remember the texts of a request; return its main program.

        Returns the rejection if a text has a syntax error, or if the code of
        `request.only_if_changed` is what it was in the last run.
        """
        main = parse(request.path, request.text)
        if not isinstance(main, Program):
            return messages.Rejected(request.run, "syntax", main)
        parsed: Dict[str, Program] = {request.path: main}
        file = request.only_if_changed
        if file is not None and file in request.buffers:
            buffer = parse(file, request.buffers[file])
            if not isinstance(buffer, Program):
                return messages.Rejected(request.run, "syntax", buffer)
            parsed[file] = buffer
        if file in parsed and not self._is_changed(request.path, parsed[file]):
            return messages.Rejected(request.run, "unchanged")
        for path, text in request.buffers.items():
            if path not in parsed:
                other = parse(path, text)
                if isinstance(other, Program):
                    parsed[path] = other
        for path, program in parsed.items():
            self._remember(request.path, path, program)
        return main

    def _is_changed(self, main: str, now: Program) -> bool:
        before = self._programs.get((main, now.path))
        return before is None or not same_code(before, now)

    def _remember(self, main: str, path: str, program: Program) -> None:
        self._programs[main, path] = program
        self._programs.move_to_end((main, path))
        while len(self._programs) > _MAX_FILES:
            self._programs.popitem(last=False)
