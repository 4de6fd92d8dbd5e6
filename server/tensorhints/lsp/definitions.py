"""Where a name that is used was bound, asked of jedi in a thread of its own, with a time limit.

jedi reads sources and runs none of them: it gets no interpreter but this one, and no path to import
from but the workspace.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from tensorhints.model.places import Span
from tensorhints.session.documents import Position

_LIMIT_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Definitions:
    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jedi")
        self._waiting: asyncio.Future[list[tuple[str, Position]]] | None = None

    async def of(
        self, text: str, path: str, roots: tuple[str, ...], span: Span
    ) -> list[tuple[str, Position]]:
        """The files and places that bind the name at `span`; none where jedi takes too long."""
        if self._waiting is not None and not self._waiting.done():
            # It has been thinking for longer than its limit about something else.
            return []
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._thread, _bindings, text, path, roots, span)
        self._waiting = asyncio.ensure_future(asked)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), _LIMIT_SECONDS)
        except asyncio.TimeoutError:
            return []
        except Exception:
            logger.info("jedi failed", exc_info=True)
            return []

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _bindings(
    text: str, path: str, roots: tuple[str, ...], span: Span
) -> list[tuple[str, Position]]:
    # Here, for it takes a quarter of a second that only the first hover needs to pay.
    import jedi

    project = jedi.Project(roots[0] if roots else ".", sys_path=list(roots), smart_sys_path=False)
    environment = jedi.InterpreterEnvironment()
    script = jedi.Script(text, path=path, project=project, environment=environment)
    names = script.goto(span.line + 1, span.column, follow_imports=True)
    return [
        (str(name.module_path or path), Position(name.line - 1, name.column))
        for name in names
        if name.line is not None
    ]
