"""The identities of a text's lines: which lines of an earlier state still exist, and where.

An edit keeps the identities of the lines that it did not change, however far it moved them, and
gives new ones to the others. An observation is valid while the identity of its line exists. A line
that was changed and changed back has a new identity.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

Anchor = tuple[int, ...]
"""The identities of consecutive lines, from the first line of a statement to its last."""

# An identity is used once in the process, and therefore identifies its text as well.
_fresh = itertools.count(1)


class LineIdentities:
    """The identities of the lines of one text, which `update` keeps current."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.current: tuple[int, ...] = _new(len(lines))
        self._line_of: dict[int, int] | None = None

    def update(self, old: Sequence[str], new: Sequence[str]) -> None:
        """Follow a change of the text from the lines `old` to the lines `new`."""
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
        middle = list(_new(len(new) - head - tail))
        stayed = _stayed(old[head : len(old) - tail], new[head : len(new) - tail])
        for before, after in stayed.items():
            middle[after] = kept[head + before]
        self.current = kept[:head] + tuple(middle) + kept[len(kept) - tail :]
        self._line_of = None

    def line(self, identity: int) -> int | None:
        """Return the current number of a line, or None if the line has changed."""
        if self._line_of is None:
            self._line_of = {identity: line for line, identity in enumerate(self.current)}
        return self._line_of.get(identity)

    def first_line(self, anchor: Anchor) -> int | None:
        """Return the current number of the first line, or None unless all are there unchanged."""
        first = self.line(anchor[0]) if anchor else None
        if first is None or self.current[first : first + len(anchor)] != anchor:
            return None
        return first


def anchored(snapshot: Sequence[int], first: int, last: int) -> Anchor | None:
    """Return lines `first` to `last` (inclusive) of the identities `snapshot`, if they exist."""
    if not 0 <= first <= last < len(snapshot):
        return None
    return tuple(snapshot[first : last + 1])


def _stayed(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return the lines that several changes at once did not affect, as old to new numbers.

    These are the lines that occur exactly once in both, in the same order, and the equal lines next
    to them.
    """
    occurs, occurred = Counter(new), Counter(old)
    locations = {line: number for number, line in enumerate(new) if occurs[line] == 1}
    unique = [
        (number, locations[line])
        for number, line in enumerate(old)
        if occurred[line] == 1 and line in locations
    ]
    stayed = dict(_ascending(unique))
    taken = set(stayed.values())
    for step in (1, -1):
        for before, after in list(stayed.items()):
            before, after = before + step, after + step
            while (
                0 <= before < len(old)
                and 0 <= after < len(new)
                and before not in stayed
                and after not in taken
                and old[before] == new[after]
            ):
                stayed[before] = after
                taken.add(after)
                before, after = before + step, after + step
    return stayed


def _ascending(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of `pairs` in which both numbers ascend."""
    lowest: list[int] = []  # the lowest second number at the end of a row of each length
    ends: list[int] = []  # the pair with that number
    before: list[int] = []  # the pair that precedes each pair in its row
    for number, (_, second) in enumerate(pairs):
        length = bisect_left(lowest, second)
        lowest[length : length + 1] = [second]
        ends[length : length + 1] = [number]
        before.append(ends[length - 1] if length else -1)
    row: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]


def _new(count: int) -> tuple[int, ...]:
    return tuple(itertools.islice(_fresh, count))
