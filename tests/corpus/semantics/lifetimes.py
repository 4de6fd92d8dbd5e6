import gc
import sys
import weakref

import torch


class Noisy:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)


def scope():
    a = Noisy("a")
    b = [a]
    return 1


scope()
print("after scope")
for n in [Noisy("x"), Noisy("y")]:
    pass
print("loop done")
del n
v = Noisy("v")
v = 1
print("rebound")


def ident(p):
    return p


ident(Noisy("temp"))
print("temp gone")
Noisy("expression")
print("expression gone")
[Noisy("i") for _ in range(2)]
print("list gone")
t = torch.ones(3)
w = weakref.ref(t)
del t
print("tensor freed", w() is None)


def inner():
    t = torch.ones(4)
    w = weakref.ref(t)
    u = t + 1
    t = u
    return w() is None, sys.getrefcount(u)


print(inner())
x = torch.ones(5)
y = x * 2
print(sys.getrefcount(x), sys.getrefcount(y), sys.getrefcount(Noisy), sys.getrefcount(inner))
ws = weakref.WeakSet()
for i in range(50):
    z = torch.ones(i)
    ws.add(z)
print(len(ws))
net = torch.nn.Linear(2, 2)
wn = weakref.ref(net)
out = net(torch.ones(2))
del net
print("module freed", wn() is None, out.grad_fn is not None)
wb = weakref.ref(out)
del out
print("output freed", wb() is None)


class Local:
    pass


wl = weakref.ref(Local)
obj = Local()
del Local, obj
gc.collect()
print("class freed", wl() is None)


class Cyclic:
    def __init__(self): self.me = self


c = Cyclic()
wc = weakref.ref(c)
del c
print(wc() is not None, gc.collect() >= 1, wc() is None)
weakref.finalize(x, print, "x finalized")
x = None
print("x gone")
try:
    q = torch.ones(7)
    wq = weakref.ref(q)
    raise ValueError
except ValueError as e:
    pass
del q
print(wq() is None)
last = Noisy("module level at exit")
