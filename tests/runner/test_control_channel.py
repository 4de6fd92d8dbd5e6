"""The run's channel alone: it sends whole messages or nothing."""

from __future__ import annotations

import os
import socket
import struct

from tensorhints.model import messages, wire
from tensorhints.model.failures import Failure, Frame
from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.runner.system.channel import Channel


def sent(message: object) -> list[object]:
    """The messages that arrive at the other end of a channel."""
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with far:
        channel = Channel(near)
        channel.send(message)
        channel.close()
        found = []
        while packet := far.recv(1 << 20):
            assert struct.unpack_from(">I", packet)[0] == len(packet) - 4
            found.append(wire.decode(packet[4:]))
        return found


def location(number: int) -> HintLocation:
    return HintLocation(
        number, "/a.py", TARGET, "x" * 50, Span(number, 0, number, 50), number, 50, 0, 0
    )


def test_many_locations_are_split_into_packets() -> None:
    locations = tuple(location(number) for number in range(3000))
    found = sent(messages.HintLocations(1, locations))
    assert len(found) > 1
    assert tuple(
        p for part in found if isinstance(part, messages.HintLocations) for p in part.locations
    ) == (locations)


def test_a_long_failure_is_shortened() -> None:
    span = Span(0, 0, 0, 1)
    frames = tuple(Frame("/a.py", "f", span, "y" * 5000) for _ in range(50))
    failure = Failure("E", "m" * 200_000, "/a.py", span, frames, None, ())
    (found,) = sent(messages.Failed(1, failure))
    assert isinstance(found, messages.Failed)
    assert found.failure.message == "m" * 4000
    assert len(found.failure.frames) == 10


def test_a_message_that_cannot_be_shrunk_is_dropped() -> None:
    assert sent(messages.Truncated(1, "stdout", 5, "z" * 200_000)) == []
    assert sent(object()) == []


def test_a_broken_channel_raises_nothing() -> None:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = Channel(near)
    far.close()
    for _ in range(3):
        channel.send(messages.Started(1, "cpu"))
    channel.close()
    channel.send(messages.Started(1, "cpu"))


def test_a_stream_socket_carries_large_frames_whole() -> None:
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    message = messages.Truncated(1, "stdout", 5, "z" * 3_000_000)
    pid = os.fork()
    if pid == 0:
        far.close()
        channel = Channel(near)
        channel.send(message)
        channel.send(messages.Started(1, "cpu"))
        os._exit(0)
    near.close()
    decoder, found = wire.Decoder(), []
    with far:
        while data := far.recv(1 << 16):
            found += list(decoder.feed(data))
    os.waitpid(pid, 0)
    assert found == [message, messages.Started(1, "cpu")]
