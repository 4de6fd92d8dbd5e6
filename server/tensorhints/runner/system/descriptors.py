"""The open files of a run and how they follow it across a checkpoint.

A fork shares every open file with the run that it was forked from, offsets and locks included. So a
checkpoint does not keep files open while it waits, and a run that resumes opens them anew; its
output goes to the pipes of its own server connection.
"""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from typing import Dict, FrozenSet, Iterator, List, Literal, Optional, Sequence, Tuple, Union

from .file_locks import FileLock, locks_on

Identity = Tuple[int, int]
"""Device and inode of an open file. Duplicates of a descriptor have the same."""

FileChange = Literal["file-appended", "file-removed"]
"""A change of an open file that no resumed run can undo: words of `WholeReason`."""

_CLOCK_STEP = 10_000_000
"""Nanoseconds: the resolution of time stamps in file systems."""

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
    modified: int

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)

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
    def is_openable(self) -> bool:
        """Whether the same can be opened once more: a regular file or a folder."""
        return (self.is_regular and not self.is_torch_memory) or self.is_folder

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
        yield OpenFile(
            int(name),
            identity,
            status.st_mode,
            status.st_size,
            status.st_nlink,
            status.st_mtime_ns,
        )


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
        self.program_start = 0
        """When the program's first statement ran, also that of a resumed run: in nanoseconds."""
        self._before_program: FrozenSet[Tuple[int, Identity]] = frozenset()

    @property
    def _all(self) -> Tuple[int, ...]:
        """All descriptors, in the order in which a host passes them."""
        return self.events, self.stdout, self.stderr, self.faults, self.registrar

    def mark_program_start(self) -> None:
        """Remember the time, and what is open now, which the program has not opened."""
        self.program_start = time.time_ns()
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
    """The state of an open regular file or folder of the program when a checkpoint was made.

    `descriptors` are all that refer to it: the first one and its duplicates, which share flags,
    offset and locks, each with whether processes that the program executes inherit it.
    `is_written`: it may have been written to since the program started.
    """

    descriptors: Tuple[Tuple[int, bool], ...]
    is_folder: bool
    flags: int
    offset: int
    size: int
    links: int
    locks: Tuple[FileLock, ...]
    is_written: bool

    @property
    def is_writable(self) -> bool:
        """Whether it was opened for writing."""
        return self.flags & os.O_ACCMODE != os.O_RDONLY

    @property
    def inode(self) -> int:
        """The number of the file in its file system. Raises `OSError`."""
        return os.fstat(self._first).st_ino

    @property
    def is_restorable(self) -> bool:
        """Whether a resumed run can have the file as it was.

        Appended data can be cut off, but overwritten data is lost.
        """
        if not all(lock.can_be_taken for lock in self.locks):
            return False
        return not self.is_writable or bool(self.flags & os.O_APPEND) or self.offset == self.size

    @property
    def change(self) -> Optional[FileChange]:
        """What a run from the start would not find as the checkpointed run did, if anything.

        The file must still exist. If the program has appended to it, nothing more may have been
        appended since: a run from the start would append the same once more. As long as all that it
        has appended is in its own buffers, the file may grow.
        """
        try:
            status = os.fstat(self._first)
        except OSError:
            return "file-removed"
        if self.is_folder:
            return None if status.st_nlink > 0 else "file-removed"
        if status.st_nlink != self.links:
            return "file-removed"
        has_grown = self._is_appended and status.st_size != self.size
        return "file-appended" if has_grown and self.is_written else None

    @property
    def _is_appended(self) -> bool:
        return bool(self.flags & os.O_APPEND)

    @property
    def path(self) -> str:
        """The path by which it was opened, as /proc gives it."""
        try:
            return os.readlink(f"/proc/self/fd/{self._first}").replace(" (deleted)", "")
        except OSError:
            return ""

    def suspend(self) -> None:
        """Keep the file within reach, but not open, in a process that waits.

        Otherwise the process would share offset and locks with the run that it was forked from,
        and hold the locks that this run takes later as long as it waits. Raises `OSError`.
        """
        self._open(os.O_PATH)

    def restore(self) -> None:
        """Open the file again for this process alone, at its offset and size. Raises `OSError`."""
        self._open(self.flags & (os.O_ACCMODE | os.O_APPEND | os.O_NONBLOCK))
        if self._is_appended and self.offset == self.size:
            os.lseek(self._first, 0, os.SEEK_END)
            return
        if self.is_writable and not self._is_appended:
            os.ftruncate(self._first, self.size)
        os.lseek(self._first, self.offset, os.SEEK_SET)

    def lock(self) -> None:
        """Take the locks of a restored file again. Raises `OSError` if others hold them now.

        To be called when all files are restored: the system drops a process's `lockf` locks once
        it closes any descriptor of the file.
        """
        for lock in self.locks:
            lock.take(self._first)

    @property
    def _first(self) -> int:
        return self.descriptors[0][0]

    def _open(self, flags: int) -> None:
        own = os.open(f"/proc/self/fd/{self._first}", flags | os.O_CLOEXEC)
        try:
            for descriptor, inheritable in self.descriptors:
                os.dup2(own, descriptor, inheritable=inheritable)
        finally:
            os.close(own)


@dataclass(frozen=True)
class AppendedFile:
    """A file that a library of the program appends to by opening it each time anew.

    The program has created it, under a name of its own: a run from the start would leave another.
    `inode` is 0 if it has gone.
    """

    path: str
    inode: int
    size: int
    is_writable = True

    @classmethod
    def at(cls, path: str) -> AppendedFile:
        """Record the state of a file."""
        path = os.path.abspath(path)
        try:
            status = os.stat(path)
        except OSError:
            return cls(path, 0, 0)
        return cls(path, status.st_ino, status.st_size)

    @property
    def is_restorable(self) -> bool:
        """Whether a resumed run can have the file as it was."""
        return self.inode != 0

    @property
    def change(self) -> Optional[FileChange]:
        """What a resumed run cannot undo, if anything: it can cut off what was appended since."""
        try:
            status = os.stat(self.path)
        except OSError:
            return "file-removed"
        is_same = status.st_ino == self.inode and status.st_size >= self.size
        return None if is_same else "file-removed"

    def suspend(self) -> None:
        """Do nothing: it is not open."""

    def restore(self) -> None:
        """Cut off what was appended since. Raises `OSError`."""
        os.truncate(self.path, self.size)

    def lock(self) -> None:
        """Do nothing: it is not locked."""


RestorableFile = Union[FilePosition, AppendedFile]


def file_positions(files: Sequence[OpenFile], start: int) -> List[FilePosition]:
    """Record the positions of regular files and folders, torch's shared memory excepted.

    `start` is when the program started, in nanoseconds.
    """
    import fcntl

    positions = []
    for same in _grouped(files):
        first = same[0]
        flags = fcntl.fcntl(first.descriptor, fcntl.F_GETFL)
        if flags & os.O_PATH:
            continue  # It is not open: nothing is shared.
        locks = [lock for file in same for lock in locks_on(file.descriptor)]
        positions.append(
            FilePosition(
                tuple((f.descriptor, os.get_inheritable(f.descriptor)) for f in same),
                first.is_folder,
                flags,
                os.lseek(first.descriptor, 0, os.SEEK_CUR),
                first.size,
                first.links,
                tuple(dict.fromkeys(locks)),
                first.size > 0 and first.modified >= start - _CLOCK_STEP,
            )
        )
    return positions


def _grouped(files: Sequence[OpenFile]) -> List[List[OpenFile]]:
    """Return regular files and folders, those together that were opened at once."""
    groups: List[List[OpenFile]] = []
    by_identity: Dict[Identity, List[List[OpenFile]]] = {}
    for file in files:
        if file.is_openable:
            alike = by_identity.setdefault(file.identity, [])
            for group in alike:
                if _are_duplicates(group[0].descriptor, file.descriptor):
                    group.append(file)
                    break
            else:
                alike.append([file])
                groups.append(alike[-1])
    return groups


def _are_duplicates(one: int, other: int) -> bool:
    """Whether a change of one descriptor's flags, which has no other effect, shows at the other."""
    import fcntl

    flags, before = fcntl.fcntl(one, fcntl.F_GETFL), fcntl.fcntl(other, fcntl.F_GETFL)
    if flags != before:
        return False
    fcntl.fcntl(one, fcntl.F_SETFL, flags ^ os.O_NONBLOCK)
    try:
        return bool(fcntl.fcntl(other, fcntl.F_GETFL) != before)
    finally:
        fcntl.fcntl(one, fcntl.F_SETFL, flags)
