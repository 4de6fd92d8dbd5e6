"""The messages between the tests' clients and their servers, shown when a test fails."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

from pygls.protocol import JsonRPCProtocol

_MOST_MESSAGES = 400
_MOST_CHARACTERS = 1200


class LspLog:
    """The last messages of the running test, formatted only when they are shown."""

    def __init__(self) -> None:
        self._messages: deque[tuple[float, str, Any, JsonRPCProtocol | None]] = deque(
            maxlen=_MOST_MESSAGES
        )
        self._began = time.monotonic()

    def clear(self) -> None:
        """Forget the messages of the test before."""
        self._messages.clear()
        self._began = time.monotonic()

    def record(self, direction: str, message: Any, protocol: JsonRPCProtocol | None = None) -> None:
        """Keep a message; `direction` is `client → server` or `server → client`."""
        self._messages.append((time.monotonic(), direction, message, protocol))

    def record_client(self, protocol: JsonRPCProtocol) -> None:
        """Keep every message that a test's client sends or receives from now on."""
        send, receive = protocol._send_data, protocol.structure_message

        def recorded_send(data: Any) -> None:
            self.record("client → server", data, protocol)
            send(data)

        def recorded_receive(data: Any) -> Any:
            # Called for each object of a message, and last for the message itself.
            if isinstance(data, dict) and "jsonrpc" in data:
                self.record("server → client", dict(data), protocol)
            return receive(data)

        protocol._send_data = recorded_send  # type: ignore[method-assign]
        protocol.structure_message = recorded_receive  # type: ignore[method-assign]

    def __str__(self) -> str:
        return "\n".join(self._line(*message) for message in self._messages)

    def _line(
        self, at: float, direction: str, message: Any, protocol: JsonRPCProtocol | None
    ) -> str:
        default = str if protocol is None else protocol._serialize_message
        try:
            text = json.dumps(message, default=default, ensure_ascii=False)
        except (TypeError, ValueError):
            text = repr(message)
        if len(text) > _MOST_CHARACTERS:
            text = f"{text[:_MOST_CHARACTERS]}… ({len(text)} characters)"
        return f"{at - self._began:8.3f} s  {direction}  {text}"


LOG = LspLog()
