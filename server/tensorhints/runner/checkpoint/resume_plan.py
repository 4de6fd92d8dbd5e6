"""Which paused copy of an older program may serve a new text, and what it has to catch up on.

Pure: trees in, a plan out. A copy is always measured against the program that made it, never
against the last run: it holds what that program had bound.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any, Collection, Dict, FrozenSet, List, Optional, Sequence, Set, Tuple
from weakref import WeakKeyDictionary

from ..instrument import resumable_functions
from ..syntax.definitions import Definition, Modules, definition, is_builtin, is_trusted
from ..syntax.mentions import EVERYTHING, POSITIONS, mentions, stored
from ..syntax.program import Program
from ..syntax.steps import Step, steps


@dataclass(frozen=True, order=True)
class ProgramPoint:
    """Right before step `step`; or inside the function that this step calls, right before
    statement `body_index` of its body.
    """

    step: int
    body_index: int = 0


@dataclass(frozen=True)
class ResumePlan:
    """How a paused copy becomes the run of another text.

    It goes on at `point` of the new program. Before that it runs the steps `bind`, each as far as
    it binds the names beside it, and forgets `unbind`. `kept` pairs the steps that have run in the
    copy with where they stand in the new program; of those that `moved` the positions are new.
    """

    point: ProgramPoint
    bind: Tuple[Tuple[int, FrozenSet[str]], ...] = ()
    unbind: Tuple[str, ...] = ()
    kept: Tuple[Tuple[int, int], ...] = ()
    moved: Tuple[Tuple[int, int], ...] = ()


class ResumePlanner:
    """`modules` are those that an import finds imported: the warm host's."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._outlines: WeakKeyDictionary[Program, _Outline] = WeakKeyDictionary()

    def plan(self, made_with: Program, point: ProgramPoint, new: Program) -> Optional[ResumePlan]:
        """How a copy that stands at `point` of `made_with` may go on as `new`; `None` where it may
        not.
        """
        old, now = self._outline(made_with), self._outline(new)
        if made_with.text != new.text and (made_with.warns or new.warns):
            return None  # What Python warns of it says before the first step, with line numbers.
        if old.futures != now.futures:
            return None
        return _Plan(old, point, now).made()

    def edit_point(self, old: Program, new: Program) -> ProgramPoint:
        """The last point of `new` up to which it does what `old` did: the best one for a copy."""
        points = self._outline(new).points
        low, high = 0, len(points) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.plan(new, points[middle], old) is not None:
                low = middle
            else:
                high = middle - 1
        return points[low]

    def executed_nodes(self, program: Program, point: ProgramPoint) -> List[ast.AST]:
        """What a copy that stands at `point` may have executed: the definitions too that are spoken
        of there.
        """
        items = self._outline(program).items
        found: List[ast.AST] = [
            item.step.statement for item in items[: point.step] if item.definition is None
        ]
        if point.body_index:
            call = items[point.step].step.statement
            found += resumable_functions.arguments_of(call)
            body = self._outline(program).body_of(resumable_functions.called_by(call) or "")
            found += body[: point.body_index]
        spoken = set(mentions(found))
        waiting = [item for item in items if item.definition is not None]
        while True:
            more = [
                item
                for item in waiting
                if EVERYTHING in spoken or not spoken.isdisjoint(item.names)
            ]
            if not more:
                return found
            waiting = [item for item in waiting if item not in more]
            for item in more:
                found.append(item.step.statement)
                spoken |= item.mentions

    def _outline(self, program: Program) -> _Outline:
        found = self._outlines.get(program)
        if found is None:
            found = self._outlines[program] = _Outline(program, self._modules)
        return found


class _Item:
    """A step, and what is asked about it more than once."""

    def __init__(self, step: Step, program: Program, found: Optional[Definition]) -> None:
        self.step = step
        self.definition = found
        statement = step.statement
        first = min([statement.lineno, *(d.lineno for d in _decorators(statement))])
        self.first_line = first
        lines = program.lines.lines[first - 1 : statement.end_lineno]
        self._text = (statement.col_offset, statement.end_col_offset, lines)
        self._dump: Optional[str] = None
        self._mentions: Optional[FrozenSet[str]] = None

    @property
    def names(self) -> Sequence[str]:
        return tuple(self.definition.binds) if self.definition is not None else ()

    @property
    def mentions(self) -> FrozenSet[str]:
        if self._mentions is None:
            self._mentions = mentions([self.step.statement])
        return self._mentions

    def may_spell(self, names: Collection[str]) -> bool:
        """False where none of `names` stands in the text."""
        lines = self._text[2]
        # Python knows several spellings of a name that has other letters.
        return any(not line.isascii() or any(name in line for name in names) for line in lines)

    def same_code(self, other: _Item) -> bool:
        if (self.step.guard is None) is not (other.step.guard is None):
            return False
        return self._text == other._text or self._dumped() == other._dumped()

    def same_positions(self, other: _Item) -> bool:
        return self.first_line == other.first_line and self._text == other._text

    def begins_like(self, other: _Item, body_index: int) -> bool:
        """Whether two functions have equal text and lines before statement `body_index`."""
        one: Any = self.step.statement
        two: Any = other.step.statement
        end = one.body[body_index - 1].end_lineno
        if self.first_line != other.first_line or end != two.body[body_index - 1].end_lineno:
            return False
        length = end - self.first_line + 1
        return bool(self._text[2][:length] == other._text[2][:length])

    def _dumped(self) -> str:
        if self._dump is None:
            self._dump = ast.dump(self.step.statement)
        return self._dump


class _Outline:
    def __init__(self, program: Program, modules: Modules) -> None:
        found = steps(program.tree)
        self.futures = frozenset(
            alias.name
            for step in found
            if isinstance(step.statement, ast.ImportFrom) and step.statement.module == "__future__"
            for alias in step.statement.names
        )
        late = "annotations" in self.futures
        self.items = [
            _Item(step, program, definition(step.statement, modules, late)) for step in found
        ]
        if found and isinstance(found[0].statement, ast.Expr):
            self.items[0].definition = None  # It may be the docstring.
        self._trust()

    def _trust(self) -> None:
        """What is made by something that is not known is no mere definition."""
        makers = {
            name
            for item in self.items
            if item.definition is not None
            for name in item.definition.makers
        }
        trusted: Dict[str, bool] = {}
        for item in self.items if makers else ():
            known = item.definition
            if known is not None and not all(
                trusted.get(name, is_builtin(name)) for name in known.makers
            ):
                known = item.definition = None
            if known is not None:
                is_class = isinstance(item.step.statement, ast.ClassDef)
                trusted.update({n: is_class or is_trusted(o) for n, o in known.binds.items()})
            elif item.may_spell(makers):
                trusted.update(dict.fromkeys(stored([item.step.statement]), False))

    @property
    def points(self) -> List[ProgramPoint]:
        found = []
        for index, item in enumerate(self.items):
            found.append(ProgramPoint(index))
            called = resumable_functions.called_by(item.step.statement)
            body = self.body_of(called) if called is not None else []
            found += [ProgramPoint(index, body_index) for body_index in range(1, len(body))]
        return [*found, ProgramPoint(len(self.items))]

    def body_of(self, name: str) -> List[ast.stmt]:
        found = [item.step.statement for item in self.items if name in item.names]
        if len(found) != 1 or not resumable_functions.may_be_split(found[0]):
            return []
        return found[0].body  # type: ignore[attr-defined,no-any-return]


class _Plan:
    """The making of one plan."""

    def __init__(self, old: _Outline, point: ProgramPoint, now: _Outline) -> None:
        self._old, self._now, self._point = old, now, point
        # A copy inside a function stands in the middle of a step, which counts as done.
        self._before = old.items[: point.step + bool(point.body_index)]

    def made(self) -> Optional[ResumePlan]:
        end = self._end()
        if end is None:
            return None
        after = self._now.items[:end]
        split: Optional[str] = None
        if self._point.body_index:
            split = self._split(after)
            if split is None:
                return None
        changed = self._changed(after)
        if split is not None:
            changed.add(split)
        if self._order_differs(after) and any(
            EVERYTHING in item.mentions for item in self._now.items
        ):
            return None  # The order in which names were bound may be looked at.
        bind = self._to_bind(after, changed)
        if bind is None or not self._is_in_order(after):
            return None
        if changed and self._mentioned(after, changed, split):
            return None
        kept = self._kept(after, changed)
        moved = [
            (one, other)
            for one, other in kept
            if not self._old.items[one].same_positions(self._now.items[other])
        ]
        if split is not None:
            moved += self._moved_inside(split, after)
        if moved and self._mentioned(after, {POSITIONS}, split):
            return None
        bound = {name for item in after for name in item.names}
        gone = sorted(name for name in changed if name not in bound)
        step = end - 1 if split is not None else end
        return ResumePlan(
            ProgramPoint(step, self._point.body_index), bind, tuple(gone), kept, tuple(moved)
        )

    # ---- what has run --------------------------------------------------------------------------

    def _end(self) -> Optional[int]:
        """How many steps of the new program have run in the copy: those that do more than binding
        are the same, one by one. Definitions right after the last of them count where the copy
        knows the name.
        """
        done = [item for item in self._before if item.definition is None]
        items = self._now.items
        end = count = 0
        for index, item in enumerate(items):
            if count == len(done):
                break
            if item.definition is None:
                if not item.same_code(done[count]):
                    return None
                count += 1
                end = index + 1
        if count < len(done):
            return None
        if self._point.body_index:
            return end
        known: Set[str] = set()
        for item in reversed(self._before):
            if item.definition is None:
                break
            known.update(item.names)
        for index in range(end, len(items)):
            if items[index].definition is None:
                break
            if known.intersection(items[index].names):
                end = index + 1
        return end

    def _order_differs(self, after: Sequence[_Item]) -> bool:
        """Whether the new program binds names that the copy lacks, or in another order."""
        old, new = (
            list(dict.fromkeys(name for item in items for name in item.names))
            for items in (self._before, after)
        )
        return new != [name for name in old if name in new]

    def _changed(self, after: Sequence[_Item]) -> Set[str]:
        """The names that the new program binds otherwise than the copy has."""
        old, new = _bindings(self._before), _bindings(after)
        return {
            name
            for name in {*old, *new}
            if not _same_bindings(name, old.get(name, ()), new.get(name, ()))
        }

    def _kept(self, after: Sequence[_Item], changed: Set[str]) -> Tuple[Tuple[int, int], ...]:
        """The steps that the copy has run and the new program has too, in pairs."""

        def lasting(items: Sequence[_Item]) -> List[int]:
            return [
                index
                for index, item in enumerate(items)
                if item.definition is None or (item.names and not changed.intersection(item.names))
            ]

        # A step that a copy stands in the middle of has not run.
        done = -1 if self._point.body_index else None
        left, right = lasting(self._before[:done]), lasting(after[:done])
        by_key: Dict[object, List[int]] = {}
        segment = 0
        for index in right:
            item = after[index]
            segment += item.definition is None
            key = (segment, tuple(item.names))
            by_key.setdefault(key, []).append(index)
        pairs = []
        segment = 0
        for index in left:
            item = self._before[index]
            segment += item.definition is None
            candidates = by_key.get((segment, tuple(item.names)))
            if candidates:
                pairs.append((index, candidates.pop(0)))
        return tuple(pairs)

    # ---- what must be bound anew ---------------------------------------------------------------

    def _to_bind(
        self, after: Sequence[_Item], changed: Set[str]
    ) -> Optional[Tuple[Tuple[int, FrozenSet[str]], ...]]:
        """The steps to run for `changed` names, and for those that are made from them, which are
        added to `changed`; `None` where one of them asks for what may be another thing by now.
        """
        while True:
            more = {
                name
                for item in after
                if item.definition is not None and item.definition.needs & changed
                for name in item.names
            }
            if more <= changed:
                break
            changed |= more
        wanted = [
            (index, item.definition, frozenset(changed.intersection(item.names)))
            for index, item in enumerate(after)
            if item.definition is not None and changed.intersection(item.names)
        ]
        if any(definition.needs for _, definition, _ in wanted):
            bindings = _bindings(after)
            others = stored(item.step.statement for item in after if item.definition is None)
            for _, definition, _ in wanted:
                for name in definition.needs:
                    times = len(bindings.get(name, ()))
                    if name in others or times > 1 or not (times or is_builtin(name)):
                        return None
        return tuple((index, names) for index, _, names in wanted)

    def _is_in_order(self, after: Sequence[_Item]) -> bool:
        """Whether whatever a definition asks for is bound above it."""
        last: Dict[str, int] = {}
        for index, item in enumerate(after):
            for name in item.names:
                last[name] = index
        return all(
            last.get(name, -1) < index
            for index, item in enumerate(after)
            if item.definition is not None
            for name in item.definition.needs
        )

    # ---- who may know of it --------------------------------------------------------------------

    def _mentioned(self, after: Sequence[_Item], names: Set[str], split: Optional[str]) -> bool:
        """Whether anything that has run may have made use of one of `names`, if only through the
        functions and classes that speak of them.
        """
        known = {*names, EVERYTHING} if names != {POSITIONS} else set(names)
        while True:
            more = {
                name
                for item in after
                if item.definition is not None and item.mentions & known
                for name in item.names
            }
            if more <= known:
                break
            known |= more
        ran = [item for item in after if item.definition is None]
        if split is not None:
            call = ran.pop()
            body = self._now.body_of(split)[: self._point.body_index]
            if mentions([*resumable_functions.arguments_of(call.step.statement), *body]) & known:
                return True
        return any(item.mentions & known for item in ran)

    # ---- copies inside a function ----------------------------------------------------------------

    def _split(self, after: Sequence[_Item]) -> Optional[str]:
        """The name of the function that the copy stands in, where it can go on in the new one."""
        name = resumable_functions.called_by(after[-1].step.statement)
        if name is None:
            return None
        old = [item.step.statement for item in self._before if name in item.names]
        new = [item.step.statement for item in after if name in item.names]
        if len(old) != 1 or len(new) != 1:
            return None
        if not resumable_functions.may_resume(old[0], new[0], self._point.body_index):
            return None
        return name

    def _moved_inside(self, split: str, after: Sequence[_Item]) -> List[Tuple[int, int]]:
        """The function that the copy stands in, where what has run of it stands elsewhere now."""
        one = next(i for i, item in enumerate(self._before) if split in item.names)
        other = next(i for i, item in enumerate(after) if split in item.names)
        body_index = self._point.body_index
        if self._old.items[one].begins_like(self._now.items[other], body_index):
            return []
        return [(one, other)]


_Bindings = Dict[str, List[Tuple[int, _Item]]]


def _bindings(items: Sequence[_Item]) -> _Bindings:
    """By name: after how many steps that do more than binding it is bound, and by what."""
    found: _Bindings = {}
    segment = 0
    for item in items:
        if item.definition is None:
            segment += 1
        for name in item.names:
            found.setdefault(name, []).append((segment, item))
    return found


def _same_bindings(
    name: str, old: Sequence[Tuple[int, _Item]], new: Sequence[Tuple[int, _Item]]
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
        if not one.same_code(other):
            return False
    return True


def _decorators(statement: ast.stmt) -> List[ast.expr]:
    return list(getattr(statement, "decorator_list", ()))
