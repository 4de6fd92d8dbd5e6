import sys
import threading
import warnings


def boom(n):
    x = n + 1
    raise ValueError(f"in thread {x}")


t = threading.Thread(target=boom, args=(1,), name="worker")
t.start()
t.join()
print(threading.current_thread().name, threading.main_thread() is threading.current_thread(), threading.active_count())
print([th.name for th in threading.enumerate()])
warnings.warn("careful")
warnings.warn("deprecated", DeprecationWarning, stacklevel=1)


def warns():
    warnings.warn("from a function", stacklevel=2)


warns()
warns()
for _ in range(2):
    warns()
print(sorted(k for k in globals().get("__warningregistry__", {}) if k != "version"))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warns()
print([(str(w.message), w.lineno) for w in caught])


def hook(kind, value, tb):
    depth = 0
    while tb:
        print("hook", tb.tb_lineno, tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
        depth += 1
    print(kind.__name__, value, depth)


class BadRepr:
    def __del__(self):
        raise RuntimeError("in del")


BadRepr()
print(sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__, sys.gettrace(), sys.getprofile())
sys.excepthook = hook


def outer():
    return inner() + 1


def inner():
    return {}["k"]


outer()
