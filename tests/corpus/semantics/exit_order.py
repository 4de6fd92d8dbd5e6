import torch  # before all else, as in any program about tensors: it registers exit functions
import atexit
import logging
import sys
import threading
import weakref


class Global:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name, sys is not None)


a = Global("a")
_b = Global("_b")
cycle = Global("cycle")
cycle.me = cycle
atexit.register(lambda: print("atexit 1"))


@atexit.register
def second(*args):
    print("atexit 2", a.name)


atexit.register(second, 3)
weakref.finalize(a, print, "finalize a")


def background():
    threading.main_thread().join()  # Python waits for this thread, and this one for the main thread
    print("thread ends")


thread = threading.Thread(target=background)
thread.start()
daemon = threading.Thread(target=threading.Event().wait, daemon=True)
daemon.start()
logging.basicConfig(level=logging.INFO)
logging.info("logged")
print("to stderr", file=sys.stderr)


def failing_exit():
    raise ValueError("in atexit")


atexit.register(failing_exit)
print("main ends")
1 / 0
