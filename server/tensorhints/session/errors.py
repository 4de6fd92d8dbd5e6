"""The error for what a user asked for and the session cannot do."""

from __future__ import annotations

from tensorhints.model.user_messages import UserMessage


class RefusedError(Exception):
    """A request that cannot be fulfilled; `user_message` gives the reason."""

    def __init__(self, code: str, detail: str | None = None) -> None:
        super().__init__(code)
        self.user_message = UserMessage(code, detail)
