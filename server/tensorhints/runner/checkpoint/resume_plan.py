"""Plans which checkpoint of an older program serves a new text, and what it has to catch up on.

Pure functions of syntax trees. A checkpoint is always compared with the program that made it, never
with the last run: it holds the names as that program has bound them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Dict, FrozenSet, List, Optional, Sequence, Set, Tuple
from weakref import WeakKeyDictionary

from ...model.messages import WholeReason
from ..instrument import resumable_functions
from ..syntax.definitions import Modules, is_builtin
from ..syntax.mentions import EVERYTHING, POSITIONS, mentions, stored
from ..syntax.program import Program
from .outline import OutlineStep, ProgramOutline


@dataclass(frozen=True, order=True)
class ProgramPoint:
    """A point in a program: before step `step`.

    If `body_index` is not 0: in the function that the step calls, before that statement of it.
    """

    step: int
    body_index: int = 0


@dataclass(frozen=True)
class ResumePlan:
    """The steps by which a checkpoint becomes the run of another text.

    The run continues at `point` of the new program. Before that it runs the steps `bind`, each as
    far as it binds the names beside it, and deletes the names `unbind`. `kept` pairs the indices of
    the steps that have run with those of the same steps in the new program. For those among `moved`
    the positions have changed.
    """

    point: ProgramPoint
    bind: Tuple[Tuple[int, FrozenSet[str]], ...] = ()
    unbind: Tuple[str, ...] = ()
    kept: Tuple[Tuple[int, int], ...] = ()
    moved: Tuple[Tuple[int, int], ...] = ()


class ResumePlanner:
    """Plans resumes. `modules` are those that the warm host has imported."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._outlines: WeakKeyDictionary[Program, ProgramOutline] = WeakKeyDictionary()

    def plan(self, old: Program, point: ProgramPoint, new: Program) -> Optional[ResumePlan]:
        """Plan how a checkpoint at `point` of `old` resumes with the text `new`.

        Returns `None` if the result might differ from a run from the start.
        """
        if old.text != new.text and (old.warns or new.warns):
            return None  # Python emits its warnings before the first step, with line numbers.
        before, after = self._outline(old), self._outline(new)
        if before.futures != after.futures:
            return None
        return _PlanBuilder(before, point, after).build()

    def obstacle(self, old: Program, point: ProgramPoint, new: Program) -> WholeReason:
        """Return why `plan` returns `None` for the same arguments."""
        if old.text != new.text and (old.warns or new.warns):
            return "compiler-warning"
        builder = _PlanBuilder(self._outline(old), point, self._outline(new))
        builder.build()
        return builder.obstacle

    def line_of(self, program: Program, point: ProgramPoint) -> int:
        """Return the line (from 1) of the statement at `point`; at the end, that of the last."""
        outline = self._outline(program)
        if not outline.steps:
            return 1
        statement = outline.steps[min(point.step, len(outline.steps) - 1)].step.statement
        called = resumable_functions.called_by(statement) if point.body_index else None
        if called is not None:
            body = outline.body_of(called)
            statement = body[min(point.body_index, len(body) - 1)]
        return statement.lineno

    def edit_point(self, old: Program, new: Program) -> ProgramPoint:
        """Return the last point of `new` up to which it does what `old` did.

        A checkpoint there serves the next edit best.
        """
        points = _points(self._outline(new))
        low, high = 0, len(points) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.plan(new, points[middle], old) is not None:
                low = middle
            else:
                high = middle - 1
        return points[low]

    def executed_nodes(self, program: Program, point: ProgramPoint) -> List[ast.AST]:
        """Return what may have been executed before `point`.

        Includes the functions and classes that it mentions, directly or through others.
        """
        outline = self._outline(program)
        found: List[ast.AST] = [
            step.step.statement for step in outline.steps[: point.step] if step.definition is None
        ]
        if point.body_index:
            call = outline.steps[point.step].step.statement
            found += resumable_functions.arguments_of(call)
            body = outline.body_of(resumable_functions.called_by(call) or "")
            found += body[: point.body_index]
        mentioned = set(mentions(found))
        waiting = [step for step in outline.steps if step.definition is not None]
        while True:
            more = [
                step
                for step in waiting
                if EVERYTHING in mentioned or not mentioned.isdisjoint(step.names)
            ]
            if not more:
                return found
            waiting = [step for step in waiting if step not in more]
            for step in more:
                found.append(step.step.statement)
                mentioned |= step.mentions

    def _outline(self, program: Program) -> ProgramOutline:
        found = self._outlines.get(program)
        if found is None:
            found = self._outlines[program] = ProgramOutline(program, self._modules)
        return found


def _points(outline: ProgramOutline) -> List[ProgramPoint]:
    """Return all points of a program at which a checkpoint can be made."""
    found = []
    for index, step in enumerate(outline.steps):
        found.append(ProgramPoint(index))
        called = resumable_functions.called_by(step.step.statement)
        body = outline.body_of(called) if called is not None else []
        found += [ProgramPoint(index, body_index) for body_index in range(1, len(body))]
    return [*found, ProgramPoint(len(outline.steps))]


class _PlanBuilder:
    """Builds one plan, for a checkpoint at `point` of `old`.

    In its methods `ran` are the steps that have run in the checkpoint, and `after` the steps of the
    new program that correspond to them. `suspended` is the name of the function that the checkpoint
    is suspended in, if it is in one; the step that calls it counts as run.
    """

    def __init__(self, old: ProgramOutline, point: ProgramPoint, new: ProgramOutline) -> None:
        self.obstacle: WholeReason = "executed-code"
        """What was in the way, after `build` has returned `None`."""
        self._old, self._new, self._point = old, new, point
        self._ran = old.steps[: point.step + bool(point.body_index)]

    def build(self) -> Optional[ResumePlan]:
        end = self._end()
        if end is None:
            return None
        after = self._new.steps[:end]
        suspended: Optional[str] = None
        if self._point.body_index:
            suspended = self._suspended_function(after)
            if suspended is None:
                return None
        changed = self._changed_names(after)
        if suspended is not None:
            changed.add(suspended)
        if self._order_differs(after) and any(
            EVERYTHING in step.mentions for step in self._new.steps
        ):
            return None  # The order in which names were bound may be observed.
        bind = self._steps_to_bind(after, changed)
        if bind is None or not self._is_in_order(after):
            return None
        if changed and self._may_have_used(after, changed, suspended):
            self.obstacle = "definition-used"
            return None
        kept = self._kept(after, changed)
        moved = self._moved(kept, after, suspended)
        if moved and self._may_have_used(after, {POSITIONS}, suspended):
            self.obstacle = "positions-used"
            return None
        bound = {name for step in after for name in step.names}
        gone = sorted(name for name in changed if name not in bound)
        next_step = end - 1 if suspended is not None else end
        point = ProgramPoint(next_step, self._point.body_index)
        return ResumePlan(point, bind, tuple(gone), kept, tuple(moved))

    # ---- what has run --------------------------------------------------------------------------

    def _end(self) -> Optional[int]:
        """Return how many steps of the new program have run in the checkpoint.

        The steps other than definitions must be the same, one by one; otherwise returns `None`.
        Definitions right after the last of them count if the checkpoint has bound their names.
        """
        done = [step for step in self._ran if step.definition is None]
        steps = self._new.steps
        end = count = 0
        for index, step in enumerate(steps):
            if count == len(done):
                break
            if step.definition is None:
                if not step.has_same_code(done[count]):
                    return None
                count += 1
                end = index + 1
        if count < len(done):
            return None
        if self._point.body_index:
            return end
        known: Set[str] = set()
        for step in reversed(self._ran):
            if step.definition is None:
                break
            known.update(step.names)
        for index in range(end, len(steps)):
            if steps[index].definition is None:
                break
            if known.intersection(steps[index].names):
                end = index + 1
        return end

    def _order_differs(self, after: Sequence[OutlineStep]) -> bool:
        """Whether the new program binds names that are missing, or binds them in another order."""
        old, new = (
            list(dict.fromkeys(name for step in steps for name in step.names))
            for steps in (self._ran, after)
        )
        return new != [name for name in old if name in new]

    def _changed_names(self, after: Sequence[OutlineStep]) -> Set[str]:
        """Return the names that the new program binds differently."""
        old, new = _bindings(self._ran), _bindings(after)
        return {
            name
            for name in {*old, *new}
            if not _are_same_bindings(name, old.get(name, ()), new.get(name, ()))
        }

    def _kept(self, after: Sequence[OutlineStep], changed: Set[str]) -> Tuple[Tuple[int, int], ...]:
        """Pair the steps that have run with those of the new program that stand for them."""
        # The step in the middle of which the checkpoint is suspended has not run.
        done = -1 if self._point.body_index else None
        candidates: Dict[object, List[int]] = {}
        for index, key in _unchanged(after[:done], changed):
            candidates.setdefault(key, []).append(index)
        pairs = []
        for index, key in _unchanged(self._ran[:done], changed):
            same = candidates.get(key)
            if same:
                pairs.append((index, same.pop(0)))
        return tuple(pairs)

    def _moved(
        self,
        kept: Sequence[Tuple[int, int]],
        after: Sequence[OutlineStep],
        suspended: Optional[str],
    ) -> List[Tuple[int, int]]:
        """Return the pairs whose positions differ, that of the suspended function included."""
        moved = [
            (one, other)
            for one, other in kept
            if not self._old.steps[one].has_same_positions(self._new.steps[other])
        ]
        if suspended is not None:
            one = next(i for i, step in enumerate(self._ran) if suspended in step.names)
            other = next(i for i, step in enumerate(after) if suspended in step.names)
            body_index = self._point.body_index
            if not self._old.steps[one].begins_like(self._new.steps[other], body_index):
                moved.append((one, other))
        return moved

    # ---- what must be bound again --------------------------------------------------------------

    def _steps_to_bind(
        self, after: Sequence[OutlineStep], changed: Set[str]
    ) -> Optional[Tuple[Tuple[int, FrozenSet[str]], ...]]:
        """Return the steps that bind `changed` names, with those names.

        Names that are made from changed ones are added to `changed`. Returns `None` if a definition
        needs a name that may have another value by now.
        """
        while True:
            more = {
                name
                for step in after
                if step.definition is not None and step.definition.needs & changed
                for name in step.names
            }
            if more <= changed:
                break
            changed |= more
        wanted = [
            (index, step.definition, frozenset(changed.intersection(step.names)))
            for index, step in enumerate(after)
            if step.definition is not None and changed.intersection(step.names)
        ]
        if any(definition.needs for _, definition, _ in wanted):
            bindings = _bindings(after)
            others = stored(step.step.statement for step in after if step.definition is None)
            for _, definition, _ in wanted:
                for name in definition.needs:
                    times = len(bindings.get(name, ()))
                    if name in others or times > 1 or not (times or is_builtin(name)):
                        return None
        return tuple((index, names) for index, _, names in wanted)

    def _is_in_order(self, after: Sequence[OutlineStep]) -> bool:
        """Whether every name that a definition needs is bound above it."""
        last: Dict[str, int] = {}
        for index, step in enumerate(after):
            for name in step.names:
                last[name] = index
        return all(
            last.get(name, -1) < index
            for index, step in enumerate(after)
            if step.definition is not None
            for name in step.definition.needs
        )

    # ---- what may have been used ---------------------------------------------------------------

    def _may_have_used(
        self, after: Sequence[OutlineStep], names: Set[str], suspended: Optional[str]
    ) -> bool:
        """Whether code that has run may have used one of `names`.

        It may have used them through the functions and classes that mention them.
        """
        known = {*names, EVERYTHING} if names != {POSITIONS} else set(names)
        while True:
            more = {
                name
                for step in after
                if step.definition is not None and step.mentions & known
                for name in step.names
            }
            if more <= known:
                break
            known |= more
        ran = [step for step in after if step.definition is None]
        if suspended is not None:
            call = ran.pop()
            body = self._new.body_of(suspended)[: self._point.body_index]
            arguments = resumable_functions.arguments_of(call.step.statement)
            if mentions([*arguments, *body]) & known:
                return True
        return any(step.mentions & known for step in ran)

    # ---- checkpoints inside a function -----------------------------------------------------------

    def _suspended_function(self, after: Sequence[OutlineStep]) -> Optional[str]:
        """Return the name of the suspended function, if the new one can be resumed there."""
        name = resumable_functions.called_by(after[-1].step.statement)
        if name is None:
            return None
        old = [step.step.statement for step in self._ran if name in step.names]
        new = [step.step.statement for step in after if name in step.names]
        if len(old) != 1 or len(new) != 1:
            return None
        if not resumable_functions.may_resume(old[0], new[0], self._point.body_index):
            return None
        return name


_Bindings = Dict[str, List[Tuple[int, OutlineStep]]]


def _bindings(steps: Sequence[OutlineStep]) -> _Bindings:
    """Return by name which definitions bind it, each after how many other steps."""
    found: _Bindings = {}
    segment = 0
    for step in steps:
        if step.definition is None:
            segment += 1
        for name in step.names:
            found.setdefault(name, []).append((segment, step))
    return found


def _are_same_bindings(
    name: str, old: Sequence[Tuple[int, OutlineStep]], new: Sequence[Tuple[int, OutlineStep]]
) -> bool:
    if len(old) != len(new):
        return False
    for (old_segment, one), (new_segment, other) in zip(old, new):
        if old_segment != new_segment:
            return False
        assert one.definition is not None
        assert other.definition is not None
        origin = one.definition.binds[name]
        if origin is not None and origin == other.definition.binds[name]:
            continue
        if not one.has_same_code(other):
            return False
    return True


def _unchanged(
    steps: Sequence[OutlineStep], changed: Set[str]
) -> List[Tuple[int, Tuple[int, Tuple[str, ...]]]]:
    """Return the steps that need not run again, each with a key that two programs have in common.

    The key is the number of steps other than definitions up to it, and the names that it binds.
    """
    found = []
    segment = 0
    for index, step in enumerate(steps):
        is_definition = step.definition is not None
        if is_definition and (not step.names or changed.intersection(step.names)):
            continue
        segment += not is_definition
        found.append((index, (segment, tuple(step.names))))
    return found
