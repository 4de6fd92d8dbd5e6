"""Which lines of a text that was run still stand in the text as it is now, and where.

Every line has an identity. An edit keeps those of the lines that it did not change, however far
it pushed them, and gives new ones to the rest: what was seen at a line holds as long as its
identity lives. A line that changed and changed back is a new one. Knows no runs and no hints.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
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
        middle = list(_new(len(new) - head - tail))
        stayed = _stayed(old[head : len(old) - tail], new[head : len(new) - tail])
        for before, after in stayed.items():
            middle[after] = kept[head + before]
        self.current = kept[:head] + tuple(middle) + kept[len(kept) - tail :]
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


def _stayed(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which lines stayed what they were between several changes that came as one: those that occur
    once before and once after, in the same order, and what is alike next to them.
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
    """The most pairs, of those whose first numbers ascend, whose second ones do as well."""
    lowest: list[int] = []  # the second number that ends the best row of each length
    ends: list[int] = []  # the pair that it belongs to
    before: list[int] = []  # the pair before each pair in its row
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
