"""The notifications of the session to its client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tensorhints.model.user_messages import UserMessage

from .runs.states import ProgramState


class Listener(Protocol):
    """Notified when something that the editor shows is out of date.

    The methods are called often, in the event loop, and must not block.
    """

    def hints_changed(self) -> None:
        """Hints of any document changed, and may change again soon."""

    def hints_settled(self) -> None:
        """Hints changed and will stay as they are until the next edit or run."""

    def diagnostics_changed(self, uris: Sequence[str]) -> None:
        """The diagnostics of these documents may have changed."""

    def state_changed(self, state: ProgramState) -> None:
        """A run was requested, started or ended, or a file is no longer live."""

    def tensors_changed(self, uri: str) -> None:
        """The inspector's rows of a file changed."""

    def lines_changed(self, uris: Sequence[str]) -> None:
        """The marked lines of these documents may have changed."""

    def verdicts_changed(self, uri: str) -> None:
        """A run of a lesson's file has been judged."""

    def printed(self, uri: str, run: int, stream: str, text: str) -> None:
        """The run of a file printed `text` to `stdout` or `stderr`."""

    def user_message(self, user_message: UserMessage) -> None:
        """The user should read this message now."""
