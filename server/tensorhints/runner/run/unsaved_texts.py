"""The unsaved texts of the files that a run may import."""

from __future__ import annotations

import os
from typing import Callable, Dict, Optional

from ...model.messages import Run

RequestText = Callable[[int, str], Optional[str]]
"""Returns the text of a digest for a run, which the server has; `None` if it has gone."""


class UnsavedTexts:
    """Finds unsaved texts by path, and requests each one only when the run needs it."""

    def __init__(self, request: Run, request_text: RequestText) -> None:
        self._request_text = request_text
        self._texts: Dict[str, str] = {}
        self.become_run(request)

    def become_run(self, request: Run) -> None:
        """Take the texts of another run, as which this process resumes."""
        self._run = request.run
        self._digests = request.buffers
        self._real_digests: Optional[Dict[str, str]] = None
        known = {**self._texts, **request.texts}
        needed = set(self._digests.values())
        self._texts = {digest: text for digest, text in known.items() if digest in needed}

    def get(self, path: str) -> Optional[str]:
        """Return the unsaved text of a file; `None` if the text on disk counts."""
        digest = self._digest(path)
        if digest is None:
            return None
        text = self._texts.get(digest)
        if text is None:
            text = self._request_text(self._run, digest)
            if text is not None:
                self._texts[digest] = text
        return text

    def _digest(self, path: str) -> Optional[str]:
        if not self._digests or path in self._digests:
            return self._digests.get(path)
        if self._real_digests is None:
            real = {os.path.realpath(path): digest for path, digest in self._digests.items()}
            self._real_digests = real
        return self._real_digests.get(os.path.realpath(path))
