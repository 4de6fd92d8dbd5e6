"""Decides when a checkpoint along a run is worth its cost.

A checkpoint costs a fork, and afterwards a copy of every memory page that the run rewrites. So one
is made where the work since the last one is a multiple of that; and sooner right before the
statement that was edited last, since the next edit will probably be there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..system import memory

_GB = float(2**30)


@dataclass(frozen=True)
class CheckpointPolicy:
    """The constants of the decision. Times are in seconds of the wall clock.

    `work_per_cost` is how many times the cost of a checkpoint the work since the last one has to
    be, and `work_per_cost_at_edit` the same at the place of the last edit, where `min_work` does
    not apply.
    """

    min_work: float = 0.05
    work_per_cost: float = 10
    work_per_cost_at_edit: float = 2
    fork_seconds: float = 0.005
    fork_seconds_per_gb: float = 0.025
    rewrite_seconds_per_gb: float = 1.0
    seconds_after_hazard: float = 0.02
    """No hazard is looked for again so soon after one was found."""
    max_cost_factor: float = 4
    """Caps the measured cost, so that one slow fork does not prevent all later checkpoints."""


EAGER = CheckpointPolicy(
    min_work=0, work_per_cost=0, work_per_cost_at_edit=0, rewrite_seconds_per_gb=0
)
"""Makes a checkpoint at every point. For tests."""

in_force = CheckpointPolicy()
"""The policy of this process.

It is read at every decision: tests set another one from a module of the program under test, as
`policy.in_force = policy.EAGER`.
"""


class CheckpointTimer:
    """Measures the work since the last checkpoint and what checkpoints cost.

    `work` is the program's work in seconds up to the last checkpoint, that of the runs before a
    resume included.
    """

    def __init__(self) -> None:
        self.work = 0.0
        self.has_forked = False
        self._since = time.perf_counter()
        self._began = 0.0
        self._work_before = 0.0
        self._written_before = 0
        self._last_cost = 0.0
        self._refused_at = 0.0

    def restart(self) -> None:
        """Count no work before now."""
        self._since = time.perf_counter()

    def is_due(self, at_edit: bool) -> bool:
        """Whether a checkpoint is worth its cost now; `at_edit`: at the place of the last edit."""
        policy = in_force
        now = time.perf_counter()
        worked = now - self._since
        if now - self._refused_at < policy.seconds_after_hazard:
            return False
        if at_edit:
            return worked >= policy.work_per_cost_at_edit * self._cost(policy)
        if worked < policy.min_work:
            return False
        needed = policy.work_per_cost * self._cost(policy)
        if worked < needed:
            return False
        # The pages written since the last checkpoint will probably be rewritten after the next.
        rewritten = memory.first_written() - self._written_before if self.has_forked else 0
        return worked >= needed + policy.rewrite_seconds_per_gb * rewritten / _GB

    def begin(self) -> None:
        """Note that making a checkpoint begins."""
        self._began = time.perf_counter()
        self._work_before = self.work
        self.work += self._began - self._since

    def refused(self) -> None:
        """Note that none was made, because of a hazard: the work counts again once it is over."""
        self.work, self._refused_at = self._work_before, time.perf_counter()

    def ended(self, *, resumed: bool) -> None:
        """Note that a checkpoint was made; or, if `resumed`, that this process is a fork of one."""
        now = time.perf_counter()
        if not resumed:
            self._last_cost = now - self._began
        self._since, self._refused_at = now, 0.0
        self._written_before = memory.first_written()

    def _cost(self, policy: CheckpointPolicy) -> float:
        """Estimate the seconds to make a checkpoint: as the last one, if the machine is busy."""
        estimate = policy.fork_seconds + policy.fork_seconds_per_gb * memory.resident() / _GB
        return max(estimate, min(self._last_cost, policy.max_cost_factor * estimate))
