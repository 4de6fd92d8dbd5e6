import sys
def f(n):
    x = n + 1
    return f(x)
try:
    f(0)
except RecursionError as e:
    print(e)
def depth(n):
    try:
        return depth(n + 1)
    except RecursionError:
        return n
print(depth(0) > 900, sys.getrecursionlimit())
def ok(n):
    return 0 if n == 0 else ok(n - 1) + 1
print(ok(950))
