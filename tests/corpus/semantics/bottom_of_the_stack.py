import inspect
import sys
import traceback


def f():
    x = len(inspect.stack())
    return x


print(f(), sys._getframe().f_back)
traceback.print_stack()
