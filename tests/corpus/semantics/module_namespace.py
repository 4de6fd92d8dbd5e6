"""The module's doc."""
first = 1


def function():
    return 2


class Klass:
    pass


for item in range(2):
    pass
total = sum([x for x in range(3)])
print(dir())
print(sorted(globals()))
print(len(globals()), len(vars()), len(locals()), len(dir()))
print(globals() is vars() is locals(), [name for name in globals() if name.startswith("_")])
for name in list(globals()):
    print(name, end=" ")
print()
print({k: type(v).__name__ for k, v in vars().items() if k != "__builtins__"})
print(__name__, __doc__, __package__, __spec__, __loader__ is not None, type(__builtins__).__name__)
import os, sys

print(os.path.basename(__file__), os.path.basename(sys.argv[0]), len(sys.argv), os.path.basename(sys.path[0]))
print(__file__ == sys.argv[0], sys.path[0] == os.path.dirname(os.path.abspath(__file__)), os.getcwd() == sys.path[0])
main = sys.modules["__main__"]
print(main.first, main.__dict__ is globals(), main.function is function, main.__file__ == __file__, repr(main).split(" from ")[0])
globals()["injected"] = 5
print(injected, "injected" in dir())
del first
print("first" in globals(), "first" in dir())
exec("made = 7; print(sorted(k for k in globals() if len(k) < 6 and k[0] != '_'))")
print(eval("made + 1"))
x: int = 3
y: "not evaluated"
print(__annotations__)


class Body:
    a = 1
    names = sorted(locals())
    print(names, __qualname__, __module__)


def scope(p, q=2):
    r = p + q
    return sorted(locals()), dir(), list(vars())


print(scope(1))
import __main__

print(__main__.total, __main__ is main)
try:
    iterator = iter(globals())
    next(iterator)
    z = [1]
    next(iterator)
    for key in globals():
        pass
except RuntimeError as error:
    print(error)
print([m for m in sys.modules if m.split(".")[0] == "tensorhints"], [p for p in sys.path if "tensorhints" in p])
