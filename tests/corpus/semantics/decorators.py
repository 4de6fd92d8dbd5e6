import contextlib
import functools


def trace(f):
    print("decorating", f.__name__, f.__code__.co_firstlineno)

    @functools.wraps(f)
    def w(*a, **k):
        print("enter", f.__name__, a[-1:] , k)
        r = f(*a, **k)
        print("leave", r)
        return r

    return w


def param(n):
    print("param", n)
    return lambda f: trace(f)


class Klass:
    @trace
    def m(self, x): return x + 1

    @classmethod
    @trace
    def c(cls, x): return x

    @staticmethod
    @param(2)
    def s(x=3): return x

    @property
    def p(self): return self._p

    @p.setter
    def p(self, v): self._p = v * 2

    @p.deleter
    def p(self): print("deleted")

    @functools.cached_property
    def cp(self): print("computed"); return 9


@param(1)
@trace
def add(a, b=1): return a + b


@lambda c: type("Renamed", (c,), {"extra": 1})
class Decorated:
    x = 1


@functools.lru_cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)


@contextlib.contextmanager
def ctx(v):
    print("in")
    try:
        yield v * 2
    except ValueError as e:
        print("swallowed", e)
    finally:
        print("out")


@ctx(1)
def wrapped_by_context(): raise ValueError("inside")


k = Klass()
k.p = 4
print(k.m(1), Klass.c(2), k.s(), k.p, k.cp, k.cp, add(1, b=5), add.__name__, add.__wrapped__.__name__, Decorated.__name__, Decorated.extra)
del k.p
print(fib(80), fib.cache_info())
with ctx(3) as v:
    print(v)
    raise ValueError("x")
wrapped_by_context()
with contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    w = stack.enter_context(ctx(5))
    print(w)
with contextlib.suppress(KeyError):
    {}["a"]
