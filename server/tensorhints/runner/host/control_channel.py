"""The host's end of the control channel to the server."""

from __future__ import annotations

import os
import socket
from collections import deque
from typing import Deque, List, Optional, Tuple

from ...model import wire

RUN_DESCRIPTORS = 4
"""Sent beside each `Run`, in this order: events, stdout, stderr, faults."""

_RECEIVE_BYTES = 1 << 16


class ControlChannel:
    """Receives requests, with the descriptors sent beside them, and sends answers."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._decoder = wire.Decoder()
        self._descriptors: Deque[int] = deque()

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._connection.fileno()

    def send(self, message: object) -> None:
        """Send a message to the server; ignored if the server has gone."""
        try:
            self._connection.sendall(wire.encode(message))
        except OSError:
            pass  # The next `receive` reports it.

    def receive(self) -> Optional[List[object]]:
        """Return the requests that have arrived, or `None` if the server has gone."""
        try:
            data, passed = self._receive()
            self._descriptors.extend(passed)
            return list(self._decoder.feed(data)) if data else None
        except (OSError, wire.WireError):
            return None

    def _receive(self) -> Tuple[bytes, List[int]]:
        if not hasattr(socket, "recv_fds"):
            return self._connection.recv(_RECEIVE_BYTES), []
        limit = 4 * RUN_DESCRIPTORS
        data, passed, _, _ = socket.recv_fds(self._connection, _RECEIVE_BYTES, limit)
        return data, passed

    def take_descriptors(self) -> List[int]:
        """Take the descriptors of the next `Run` out of the queue."""
        return [self._descriptors.popleft() for _ in range(RUN_DESCRIPTORS)]

    def close(self) -> None:
        """Close the connection and the descriptors that were not taken."""
        self._connection.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
