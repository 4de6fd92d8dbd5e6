"""The position in a program of the code that is being instrumented."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Set, Tuple


class Context(NamedTuple):
    """The enclosing scopes, statement and gate of one piece of code.

    `gate` guards the probes that are being built, `statement_lines` (from 1, inclusive) are the
    lines whose change makes a hint void. `repeats`: the code may run more than once. `shallow`:
    only whole statements are probed, not their sub-expressions. `global_names` collects the names
    of ours that a module or class body loads and has to declare `global`; it is `None` where no
    declaration is needed.
    """

    scope: Tuple[str, ...] = ()
    gate: int = 0
    statement_lines: Tuple[int, int] = (0, 0)
    in_class_body: bool = False
    repeats: bool = False
    shallow: bool = False
    global_names: Optional[Set[str]] = None

    # Built by position: `_replace` takes twice as long, and every edit would wait for that.

    def at_gate(self, gate: int) -> Context:
        """The same code behind another gate."""
        scope, _, lines, in_class_body, repeats, shallow, names = self
        return Context(scope, gate, lines, in_class_body, repeats, shallow, names)

    def at_lines_of(self, node: Any) -> Context:
        """The same scope at a statement, or another node whose lines count as one."""
        scope, gate, _, in_class_body, repeats, shallow, names = self
        lines = (node.lineno, node.end_lineno)
        return Context(scope, gate, lines, in_class_body, repeats, shallow, names)

    def repeated(self) -> Context:
        """The same code where it may run more than once."""
        return self._replace(repeats=True)

    def in_function(self, name: str) -> Context:
        """The inside of a function or lambda: its names need no declaration."""
        return self._replace(scope=(*self.scope, name), in_class_body=False, global_names=None)

    def in_class(self, name: str) -> Context:
        """The inside of a class body."""
        return self._replace(scope=(*self.scope, name), in_class_body=True)
