G = 1


def set_global():
    global G, H
    G += 5
    H = G * 2
    for G in range(3):
        pass


set_global()
print(G, H)


def counter():
    n = 0

    def inc(k=1):
        nonlocal n
        n += k * 2
        return n

    def both():
        return inc(), n

    return inc, both


inc, both = counter()
print(inc(), inc(3), both(), inc.__closure__[0].cell_contents, inc.__code__.co_freevars)


class A:
    x = 1

    def f(self):
        return x if "x" in globals() else __class__.x

    y = [x for _ in range(1)] if "x" in globals() else "no"

    def __private(self):
        return self.__name

    __name = 3


print(A().f(), A.y, A()._A__private(), sorted(k for k in vars(A) if "A" in k))


def shadows(list, print=print):
    len = list
    print(len)
    return locals()


print(sorted(shadows(1)))


def unbound():
    try:
        print(later)
    except UnboundLocalError as error:
        print(error)
    later = 1
    del later
    try:
        later
    except UnboundLocalError as error:
        print(error)


unbound()
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [f() for f in [lambda i=i: i for i in range(3)]])
try:
    print(i)
except NameError as error:
    print(error)
for leak in range(3):
    pass
print(leak, [leak := leak + n for n in range(3)], leak)
a, *b, (c, d) = 1, 2, 3, (4, 5)
*e, f = "xyz"
[p, [q]] = [1, [2]]
print(a, b, c, d, e, f, p, q)
order = []


def o(v):
    order.append(v)
    return v


z = {}


class Attr:
    def __setattr__(self, name, value):
        order.append((name, value))
        super().__setattr__(name, value)


at = Attr()
z[o("k")], at.x = o(1), o(2)
z[o("a")] = z[o("b")] = at.y = o("v")
z[o("a")] += o("w")
at.x += o(3)
(at.p, z[o(4)]), *_ = (1, 2), 3
o("f")(o("arg")) if False else None
r = o(1) + o(2) * o(3) if o(True) and not o(False) else o(9)
s = {o("k1"): o("v1"), **{o("k2"): o("v2")}, o("k3"): o("v3")}
t = o(5) < o(6) < o(2) < o(1)
u = [*map(o, "ab")], f"{o('fs')!r:>{o(5)}}"
del z[o("a")], at.x
print(order, z, at.y, r, s, t, u)


class Ops:
    def __getitem__(self, k): print("get", k); return 1
    def __setitem__(self, k, v): print("set", k, v)
    def __delitem__(self, k): print("del", k)
    def __iadd__(self, other): print("iadd", other); return self
    def __matmul__(self, other): return "matmul"
    def __rmatmul__(self, other): return "rmatmul"
    def __imatmul__(self, other): return "imatmul"
    def __bool__(self): print("bool"); return True
    def __eq__(self, other): print("eq"); return True
    def __hash__(self): print("hash"); return 1
    def __iter__(self): print("iter"); return iter([1, 2])
    def __enter__(self): print("enter"); return self
    def __exit__(self, *a): print("exit", a[0]); return True
    def __contains__(self, v): print("contains"); return False
    def __call__(self, *a, **k): print("call", a, k); return self
    def __len__(self): print("len"); return 2
    def __repr__(self): print("repr!"); return "Ops"
    def __getattr__(self, name): print("getattr", name); raise AttributeError(name)
    def __del__(self): print("del ops")


op = Ops()
op[1:2, ..., ::3]
op[0] += 5
op += 3
del op[1:]
print(op @ 1, 1 @ op, op == 3, 5 in op, [*op], (lambda *x: x)(*op))
m = op
m @= 2
print(m)
if op and not (op or None):
    pass
with op as inside, op:
    raise ValueError
x1, x2 = op
for v in op:
    v = v
op("a", *op, k=1)(2)
n = {op: 1}
while op:
    break
assert op
del n, inside, op
print("after del")
match {"a": [1, 2, 3], "z": 1}:
    case {"a": [x, *rest], **kw} if x > 5:
        print("never")
    case {"a": [x, *rest], **kw}:
        print(x, rest, kw)
for n in range(5):
    if n == 2: continue
    if n == 4: break
else:
    print("no break")
while n:
    n -= 1
else:
    print("else", n)


def finals():
    for k in range(3):
        try:
            return k + 1
        finally:
            print("finally", k)
            if k == 0:
                continue


print(finals())
if True: one = 1; two = 2
lambda: (yield)
print((lambda *a, k=3, **kw: (a, k + 1, kw))(1, 2, z=3), 1 if one else 2, f"{one + 1!r:>5} {len([1])=}")
def defaults(a=[], *, b={}): a.append(1); b[len(a)] = a; return a, b
defaults(); print(defaults())
print(*[1, 2], *(3,), sep="-", **{"end": "!\n"})
import os.path as osp, sys as s2; from collections import (OrderedDict as OD, defaultdict)
print(osp.basename("a/b"), s2 is __import__("sys"), OD.__name__)
