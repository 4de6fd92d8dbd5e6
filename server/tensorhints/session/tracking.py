"""Which lines of a text that was run still stand in the text as it is now, and where.

Every line has an identity. An edit keeps those of the lines that it did not change, however far
it pushed them, and gives new ones to the rest: what was seen at a line holds as long as its
identity lives. A line that changed and changed back is a new one. Knows no runs and no hints.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

Anchor = tuple[int, ...]
"""The identities of consecutive lines, from the first line of a statement to its last."""

# Identities are never used twice, in no text of this process: so no text needs to be named.
_fresh = itertools.count(1)


class LineIdentities:
    """The identity of each line of one text as it is now."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.current: tuple[int, ...] = _new(len(lines))
        self._places: dict[int, int] | None = None

    def update(self, old: Sequence[str], new: Sequence[str]) -> None:
        """The text changed from `old` to `new` (both by lines)."""
        if old == new:
            return
        shorter = min(len(old), len(new))
        head = 0
        while head < shorter and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        kept = self.current
        self.current = kept[:head] + _new(len(new) - head - tail) + kept[len(kept) - tail :]
        self._places = None

    def line(self, identity: int) -> int | None:
        """Where a line stands now, or None where it changed."""
        if self._places is None:
            self._places = {identity: line for line, identity in enumerate(self.current)}
        return self._places.get(identity)

    def first_line(self, anchor: Anchor) -> int | None:
        """Where these lines begin now, or None unless all stand unchanged and in one piece."""
        first = self.line(anchor[0]) if anchor else None
        if first is None or self.current[first : first + len(anchor)] != anchor:
            return None
        return first


def anchored(snapshot: Sequence[int], first: int, last: int) -> Anchor | None:
    """The lines `first` to `last` (inclusive) of a text whose identities were `snapshot` then."""
    if not 0 <= first <= last < len(snapshot):
        return None
    return tuple(snapshot[first : last + 1])


def _new(count: int) -> tuple[int, ...]:
    return tuple(itertools.islice(_fresh, count))
