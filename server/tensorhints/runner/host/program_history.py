"""The texts that ran last, which tell an edit of code from an edit of comments."""

from __future__ import annotations

from collections import OrderedDict
from typing import Optional, Tuple, Union

from ...model import messages
from ...model.failures import SyntaxProblem
from ..syntax.program import Program, parse, same_code

_MAX_FILES = 64


class ProgramHistory:
    """Parses the texts of requests and remembers the programs of the last runs."""

    def __init__(self) -> None:
        self._programs: OrderedDict[str, Program] = OrderedDict()

    def last(self, path: str) -> Optional[Program]:
        """Return the text with which the program at `path` ran last."""
        return self._programs.get(path)

    def accept(self, request: messages.Run) -> Union[Program, messages.Rejected]:
        """Parse and remember the text of a request's program, and return the program.

        Returns the rejection if a text has a syntax error, or if the code of
        `request.only_if_changed` is what it was in the last run.
        """
        main = parse(request.path, request.text)
        if not isinstance(main, Program):
            return messages.Rejected(request.run, "syntax", main)
        before, now = self.last(request.path), main
        if request.only_if_changed != request.path:
            before, module = _compared(request)
            if isinstance(module, SyntaxProblem):
                return messages.Rejected(request.run, "syntax", module)
            now = module or main
        if before is not None and same_code(before, now):
            return messages.Rejected(request.run, "unchanged")
        self._remember(main)
        return main

    def _remember(self, program: Program) -> None:
        self._programs[program.path] = program
        self._programs.move_to_end(program.path)
        while len(self._programs) > _MAX_FILES:
            self._programs.popitem(last=False)


def _compared(
    request: messages.Run,
) -> Tuple[Optional[Program], Union[Program, SyntaxProblem, None]]:
    """Return the module that was edited, in the last run and now, as far as it is known."""
    path = request.only_if_changed
    if path is None or not request.compared:
        return None, None
    before, now = (request.texts.get(digest) for digest in request.compared)
    older = None if before is None else parse(path, before)
    return (
        older if isinstance(older, Program) else None,
        None if now is None else parse(path, now),
    )
