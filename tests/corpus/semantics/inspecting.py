import ast
import dis
import inspect
import io
import sys


def deco(f):
    def wrapper(*a, **k):
        return f(*a, **k)

    wrapper.__wrapped__ = f
    return wrapper


@deco
def func(x: "int",
         y=1, *rest, key: float = 2.5, **more) -> "str":
    """Doc of func."""
    # a comment
    z = x + y
    return z


class Klass:
    """Doc of Klass."""

    attr: int = 3

    def method(self, a, /, b, *, c=None):
        """Doc of method."""
        t = a + b
        return super().__repr__(), t

    async def coro(self): return await self.coro()


lam = lambda q, w=2: q * w
print(inspect.getsource(func), inspect.getsource(Klass), inspect.getsource(Klass.method), inspect.getsource(lam))
print(inspect.signature(func), inspect.signature(Klass.method), inspect.signature(lam))
print(inspect.getsourcelines(Klass.method)[1], inspect.getdoc(Klass), func.__wrapped__.__doc__, inspect.getcomments(func))
print(inspect.getfile(Klass) == __file__, inspect.getmodule(Klass).__name__)
f = func.__wrapped__
for code in (f.__code__, Klass.method.__code__, lam.__code__):
    print(code.co_varnames, code.co_firstlineno, code.co_argcount, code.co_kwonlyargcount,
          code.co_posonlyargcount, code.co_name, code.co_qualname, code.co_filename == __file__, code.co_freevars, code.co_flags)
print(f.__defaults__, f.__kwdefaults__, f.__annotations__, f.__module__, f.__qualname__, Klass.__module__)
print(inspect.iscoroutinefunction(Klass.coro), inspect.isgeneratorfunction(f))


def whoami(depth=0):
    frame = inspect.currentframe()
    caller = frame.f_back
    return frame.f_lineno, frame.f_code.co_name, caller.f_lineno, caller.f_code.co_name, sorted(frame.f_locals)


print(whoami())
print([whoami() for _ in range(1)], (lambda: whoami())())
info = inspect.stack()[0]
print(info.function, info.lineno, info.code_context)
print(sys._getframe().f_lineno)


def logged():
    import logging

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(funcName)s:%(lineno)d %(filename)s %(message)s"))
    logger = logging.getLogger("prog")
    logger.addHandler(handler)
    logger.warning("hello")
    return stream.getvalue()


print(logged())
tree = ast.parse(inspect.getsource(Klass))
print(tree.body[0].name, inspect.cleandoc(Klass.method.__doc__))
print(inspect.getclosurevars(func).nonlocals.keys(), inspect.unwrap(func) is f)
for name, member in inspect.getmembers(Klass, inspect.isfunction):
    print(name, inspect.getsourcelines(member)[1])
