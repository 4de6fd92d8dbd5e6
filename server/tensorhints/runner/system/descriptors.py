"""The open files of a run and how they follow it across a checkpoint.

A checkpoint shares every open file with the run that it was forked from. When it resumes, that run
may have moved the file positions, and its output went to the pipes of its own server connection.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterator, List, Sequence, Tuple

Identity = Tuple[int, int]
"""Device and inode of an open file. Duplicates of a descriptor have the same."""

TORCH_SHARED_MEMORY = "/dev/shm/torch_"
"""The beginning of the paths at which torch creates the files of its shared memory."""


@dataclass(frozen=True)
class OpenFile:
    """An open descriptor of this process, as `fstat` describes it."""

    descriptor: int
    identity: Identity
    mode: int
    size: int
    links: int

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)

    @property
    def is_channel(self) -> bool:
        """Whether it is a pipe, a socket or an anonymous kernel object (epoll, eventfd)."""
        return (
            stat.S_ISFIFO(self.mode)
            or stat.S_ISSOCK(self.mode)
            or (not stat.S_IFMT(self.mode) and self.link().startswith("anon_inode:"))
        )

    def link(self) -> str:
        """Return the path that /proc gives for it; empty if there is none."""
        try:
            return os.readlink(f"/proc/self/fd/{self.descriptor}")
        except OSError:
            return ""

    @property
    def is_locked(self) -> bool:
        """Whether a lock is held on it."""
        with open(f"/proc/self/fdinfo/{self.descriptor}", encoding="ascii") as details:
            return any(line.startswith("lock:") for line in details)

    @property
    def is_torch_memory(self) -> bool:
        """Whether it is torch's shared memory."""
        return self.is_regular and self.link().startswith(TORCH_SHARED_MEMORY)


def open_files() -> Iterator[OpenFile]:
    """List the open descriptors of this process."""
    for name in os.listdir("/proc/self/fd"):
        try:
            status = os.fstat(int(name))
        except OSError:
            continue  # The descriptor of the listing itself.
        identity = (status.st_dev, status.st_ino)
        yield OpenFile(int(name), identity, status.st_mode, status.st_size, status.st_nlink)


def identity_of(descriptor: int) -> Identity:
    """Return the identity of an open file. Raises `OSError`."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino


class OwnDescriptors:
    """The run's connections to its server and its host, under constant descriptor numbers.

    A checkpoint redirects them to /dev/null; a resumed run puts its own connections in their place.
    """

    def __init__(self, events: int, stdout: int, stderr: int, faults: int, registrar: int) -> None:
        """Take over descriptors; `stdout` and `stderr` are duplicates of the initial 1 and 2."""
        self.events = events
        self.stdout = stdout
        self.stderr = stderr
        self.faults = faults
        self.registrar = registrar
        self._before_program: FrozenSet[Tuple[int, Identity]] = frozenset()

    @property
    def _all(self) -> Tuple[int, ...]:
        """All descriptors, in the order in which a host passes them."""
        return self.events, self.stdout, self.stderr, self.faults, self.registrar

    def mark_program_start(self) -> None:
        """Remember what is open now, which the program has not opened."""
        self._before_program = frozenset((f.descriptor, f.identity) for f in open_files())

    def program_files(self) -> List[OpenFile]:
        """List the files that the program has opened, without its duplicates of our own."""
        own = {identity_of(descriptor) for descriptor in self._all}
        return [
            file
            for file in open_files()
            if (file.descriptor, file.identity) not in self._before_program
            and file.identity not in own
        ]

    def redirect_to_null(self) -> Dict[int, List[int]]:
        """Redirect all of them, and their duplicates, to /dev/null.

        Returns the numbers of each descriptor's duplicates, itself included.
        """
        numbers: Dict[Identity, List[int]] = {}
        for file in open_files():
            numbers.setdefault(file.identity, []).append(file.descriptor)
        duplicates = {own: numbers[identity_of(own)] for own in self._all}
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        for descriptors in duplicates.values():
            _redirect(descriptors, null)
        os.close(null)
        return duplicates

    def replace(self, duplicates: Dict[int, List[int]], passed: Sequence[int]) -> None:
        """Put the `passed` descriptors in place of ours and of `duplicates`; close `passed`."""
        for own, new in zip(self._all, passed):
            _redirect(duplicates[own], new)
            os.close(new)


def _redirect(descriptors: Sequence[int], source: int) -> None:
    for descriptor in descriptors:
        os.dup2(source, descriptor, inheritable=os.get_inheritable(descriptor))


@dataclass(frozen=True)
class FilePosition:
    """The state of an open regular file of the program when a checkpoint was made."""

    descriptor: int
    flags: int
    offset: int
    size: int
    links: int
    is_locked: bool
    inheritable: bool

    @property
    def is_writable(self) -> bool:
        """Whether it was opened for writing."""
        return self.flags & os.O_ACCMODE != os.O_RDONLY

    @property
    def is_restorable(self) -> bool:
        """Whether a resumed run can have the file as it was.

        Appended data can be cut off, but overwritten data is lost. The checkpoint would hold a lock
        while it waits, and the resumed run would not hold it.
        """
        if self.is_locked:
            return False
        return not self.is_writable or bool(self.flags & os.O_APPEND) or self.offset == self.size

    @property
    def is_unchanged(self) -> bool:
        """Whether a run from the start would find the file as the checkpointed run did.

        It must still exist, and nothing may have been appended to its earlier content.
        """
        try:
            status = os.fstat(self.descriptor)
        except OSError:
            return False
        has_grown = bool(self.flags & os.O_APPEND) and status.st_size != self.size
        return status.st_nlink == self.links and not has_grown

    def restore(self) -> None:
        """Open the file again for this process alone, at its offset and size. Raises `OSError`."""
        flags = self.flags & (os.O_ACCMODE | os.O_APPEND) | os.O_CLOEXEC
        own = os.open(f"/proc/self/fd/{self.descriptor}", flags)
        try:
            if self.is_writable:
                os.ftruncate(own, self.size)
            os.lseek(own, self.offset, os.SEEK_SET)
            os.dup2(own, self.descriptor, inheritable=self.inheritable)
        finally:
            os.close(own)


def file_positions(files: Sequence[OpenFile]) -> List[FilePosition]:
    """Record the positions of regular files, torch's shared memory excepted."""
    import fcntl

    return [
        FilePosition(
            file.descriptor,
            fcntl.fcntl(file.descriptor, fcntl.F_GETFL),
            os.lseek(file.descriptor, 0, os.SEEK_CUR),
            file.size,
            file.links,
            file.is_locked,
            os.get_inheritable(file.descriptor),
        )
        for file in files
        if file.is_regular and not file.is_torch_memory
    ]
