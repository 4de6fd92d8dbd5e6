"""The open files of a run, its own ones and the program's, across a pause.

A paused copy shares every open file with the run that it was forked from: where that run read on or
wrote on, the position has moved, and what it printed went to its own server's pipes.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterator, List, Sequence, Tuple

Identity = Tuple[int, int]
"""The device and the inode: what two descriptors of one open file have in common."""

_SHARED_MEMORY = "/dev/shm/torch_"


@dataclass(frozen=True)
class OpenFile:
    descriptor: int
    identity: Identity
    mode: int
    size: int
    links: int

    @property
    def is_regular(self) -> bool:
        return stat.S_ISREG(self.mode)

    @property
    def is_channel(self) -> bool:
        """A pipe, a socket, or one of the kernel's objects without a name (epoll, eventfd)."""
        return (
            stat.S_ISFIFO(self.mode)
            or stat.S_ISSOCK(self.mode)
            or (not stat.S_IFMT(self.mode) and self.link().startswith("anon_inode:"))
        )

    def link(self) -> str:
        try:
            return os.readlink(f"/proc/self/fd/{self.descriptor}")
        except OSError:
            return ""

    @property
    def is_locked(self) -> bool:
        with open(f"/proc/self/fdinfo/{self.descriptor}", encoding="ascii") as details:
            return any(line.startswith("lock:") for line in details)

    @property
    def is_shared_memory(self) -> bool:
        return self.is_regular and self.link().startswith(_SHARED_MEMORY)


def opened() -> Iterator[OpenFile]:
    for name in os.listdir("/proc/self/fd"):
        try:
            status = os.fstat(int(name))
        except OSError:
            continue  # The one that listed them.
        identity = (status.st_dev, status.st_ino)
        yield OpenFile(int(name), identity, status.st_mode, status.st_size, status.st_nlink)


def identity(descriptor: int) -> Identity:
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


class OwnDescriptors:
    """The run's ends of the streams to its server and its host, each under a number that it keeps.

    In a paused copy they lead nowhere; a run that goes on from it puts its own in their places.
    """

    def __init__(self, events: int, stdout: int, stderr: int, faults: int, registrar: int) -> None:
        """`stdout` and `stderr` are duplicates of what was 1 and 2 when the program began."""
        self.events = events
        self.stdout = stdout
        self.stderr = stderr
        self.faults = faults
        self.registrar = registrar
        self._before_program: FrozenSet[Tuple[int, Identity]] = frozenset()

    @property
    def _all(self) -> Tuple[int, ...]:
        """In the order in which a host passes them."""
        return self.events, self.stdout, self.stderr, self.faults, self.registrar

    def mark_program_start(self) -> None:
        """What is open now is not the program's."""
        self._before_program = frozenset((f.descriptor, f.identity) for f in opened())

    def of_the_program(self) -> List[OpenFile]:
        """What the program opened; its copies of standard output are none of that."""
        own = {identity(descriptor) for descriptor in self._all}
        return [
            file
            for file in opened()
            if (file.descriptor, file.identity) not in self._before_program
            and file.identity not in own
        ]

    def silence(self) -> Dict[int, List[int]]:
        """Leads all of them nowhere. Returns, for each, the numbers that it had."""
        numbers: Dict[Identity, List[int]] = {}
        for file in opened():
            numbers.setdefault(file.identity, []).append(file.descriptor)
        held = {own: numbers[identity(own)] for own in self._all}
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        for descriptors in held.values():
            _lead(null, descriptors)
        os.close(null)
        return held

    def replace(self, held: Dict[int, List[int]], passed: Sequence[int]) -> None:
        """Puts what was `passed` where `silence` found the old ones, and closes it."""
        for own, new in zip(self._all, passed):
            _lead(new, held[own])
            os.close(new)


def _lead(source: int, targets: Sequence[int]) -> None:
    for target in targets:
        os.dup2(source, target, inheritable=os.get_inheritable(target))


@dataclass(frozen=True)
class Position:
    """Where a file of the program's stood."""

    descriptor: int
    flags: int
    offset: int
    size: int
    links: int
    is_locked: bool
    inheritable: bool

    @property
    def writes(self) -> bool:
        return self.flags & os.O_ACCMODE != os.O_RDONLY

    @property
    def is_restorable(self) -> bool:
        """What was written over can not be had back; what was added can be cut off. A lock would be
        held for as long as a copy waits, and not by who goes on from it.
        """
        if self.is_locked:
            return False
        return not self.writes or bool(self.flags & os.O_APPEND) or self.offset == self.size

    @property
    def is_unchanged(self) -> bool:
        """Whether a run from the top would find the file as this one left it: still there, and
        nothing written to the end of what was there before, by this program or another one.
        """
        try:
            status = os.fstat(self.descriptor)
        except OSError:
            return False
        has_grown = bool(self.flags & os.O_APPEND) and status.st_size != self.size
        return status.st_nlink == self.links and not has_grown

    def restore(self) -> None:
        """Opens the file for this process alone. Raises `OSError`."""
        flags = self.flags & (os.O_ACCMODE | os.O_APPEND) | os.O_CLOEXEC
        own = os.open(f"/proc/self/fd/{self.descriptor}", flags)
        try:
            if self.writes:
                os.ftruncate(own, self.size)
            os.lseek(own, self.offset, os.SEEK_SET)
            os.dup2(own, self.descriptor, inheritable=self.inheritable)
        finally:
            os.close(own)


def positions(files: Sequence[OpenFile]) -> List[Position]:
    import fcntl

    return [
        Position(
            file.descriptor,
            fcntl.fcntl(file.descriptor, fcntl.F_GETFL),
            os.lseek(file.descriptor, 0, os.SEEK_CUR),
            file.size,
            file.links,
            file.is_locked,
            os.get_inheritable(file.descriptor),
        )
        for file in files
        if file.is_regular and not file.is_shared_memory
    ]
