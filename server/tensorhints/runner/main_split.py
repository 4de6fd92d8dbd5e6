"""Functions that a step calls, as programs within the program: between the statements of their
bodies a run can be paused too, and go on with other statements from there.

Pure: which functions these are, and what the rest of one looks like as a tree.
"""

from __future__ import annotations

import ast
import inspect
import types
from typing import List, Optional

from .mentions import spelt

_GENERATES = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


def called_by(statement: ast.stmt) -> Optional[str]:
    """The function that a step calls, where that is all it does: `main(…)`."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    called = statement.value.func
    return called.id if isinstance(called, ast.Name) else None


def arguments_of(statement: ast.stmt) -> List[ast.AST]:
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return [*statement.value.args, *statement.value.keywords]


def may_be_split(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.FunctionDef) or statement.decorator_list:
        return False
    code = code_of(statement)
    return code is not None and not code.co_flags & _GENERATES


def may_go_on(old: ast.stmt, new: ast.stmt, inside: int) -> bool:
    """Whether what `old` did before statement `inside` of its body is what `new` does."""
    if not may_be_split(old) or not may_be_split(new):
        return False
    assert isinstance(old, ast.FunctionDef)
    assert isinstance(new, ast.FunctionDef)
    if len(new.body) < inside or _head(old) != _head(new):
        return False
    begun = old.body[:inside]
    if not all(ast.dump(one) == ast.dump(other) for one, other in zip(begun, new.body)):
        return False
    # A later line may make a name local that was global, for the earlier ones too.
    return _locals_among(begun, old) == _locals_among(begun, new)


def code_of(function: ast.FunctionDef) -> Optional[types.CodeType]:
    """What Python makes of a function, if it does."""
    try:
        module = compile(ast.Module([function], []), "<function>", "exec", dont_inherit=True)
    except (SyntaxError, RecursionError, MemoryError):
        return None
    made = (constant for constant in module.co_consts if isinstance(constant, types.CodeType))
    return next((code for code in made if code.co_name == function.name), None)


def _head(function: ast.FunctionDef) -> List[str]:
    returns = [] if function.returns is None else [ast.dump(function.returns)]
    return [ast.dump(function.args), *returns]


def _locals_among(statements: List[ast.stmt], function: ast.FunctionDef) -> List[str]:
    code = code_of(function)
    assert code is not None
    return sorted(spelt(statements).intersection({*code.co_varnames, *code.co_cellvars}))
