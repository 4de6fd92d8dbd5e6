"""Calls commands of `workspace/executeCommand`: checks their arguments, and answers refusals.

A command takes one object whose fields are all optional, or nothing. A wrong argument is answered
with `{"error": …}`, because editors show a protocol error of a command badly or not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from tensorhints.present.user_messages import sentence
from tensorhints.session.errors import RefusedError
from tensorhints.session.settings import is_device

from .client import Client
from .commands import COMMANDS

CommandHandler = Callable[[Client, dict[str, Any]], Awaitable[Any]]
"""Takes the client and the checked argument; its answer is a dataclass or a JSON value. Raises
`RefusedError`.
"""


class CommandRegistry:
    """The commands by name. Pages in browsers call them as well as the editor."""

    def __init__(self, client: Client, document_uri: Callable[[str], str]) -> None:
        self._client = client
        self._document_uri = document_uri
        self._by_name: dict[str, Callable[[object], Awaitable[Any]]] = {}

    def add(self, name: str, command: CommandHandler) -> Callable[[object], Awaitable[Any]]:
        """Add a command, and return it with its checks."""
        checked = self._by_name[name] = partial(self._answer, command, COMMANDS[name].fields)
        return checked

    async def call(self, name: str, argument: object) -> Any:
        """Return a command's answer as a JSON value."""
        return await self._by_name[name](argument)

    async def _answer(
        self, command: CommandHandler, types: Mapping[str, tuple[type, ...]], argument: object
    ) -> Any:
        try:
            answer = await command(self._client, self._checked(argument, types))
        except RefusedError as refused:
            from .notifications import ErrorAnswer

            answer = ErrorAnswer(sentence(refused.user_message, self._client.locale))
            if self._client.shows_results:
                self._client.show(answer.error)
        if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
            return dataclasses.asdict(answer)
        return answer

    def _checked(self, argument: object, types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        if argument is None:
            return {}
        if not isinstance(argument, dict):
            raise RefusedError("bad-argument", type(argument).__name__)
        for name, value in argument.items():
            if name not in types:
                raise RefusedError("bad-argument", str(name))
            if value is not None and type(value) not in types[name]:
                raise RefusedError("bad-argument", f"{name}: {type(value).__name__}")
        if argument.get("device") is not None and not is_device(argument["device"]):
            raise RefusedError("bad-device", argument["device"])
        if argument.get("uri") is not None:
            return {**argument, "uri": self._document_uri(argument["uri"])}
        return argument
