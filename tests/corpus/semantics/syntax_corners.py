"""Doc."""; x = 1
if x: y = 2
else: y = 3
try: z = [i for i in range(3) if i]
except Exception: pass
else: z += [9]
finally: w = (z)
def f(a, /, b=1, *c, d, e=2, **g): 'doc f'; h = a, b; return h, c, d, e, g
print(f(1, 2, 3, d=4, k=5), f.__doc__, x, y, z, w)
class C: 'doc C'; a = 1; b = a + 1
print(C.__doc__, C.b, (lambda: 5)(), [*range(3)], {**{'a': 1}}, *(1, 2), sep=',')
t = 1,
u, = t
(v) = 3
((a), [b, *_]) = 1, [2, 3]
print(t, u, v, a, b)
for i, (j, *k) in enumerate([(1, 2), (3, 4, 5)]): print(i, j, k)
while True:
    try:
        break
    finally:
        print('broke')
with (open('/dev/null') as p, open('/dev/null') as q): r = p.read() + q.read()
print(x if x else y, not x, x and y or z, -x ** 2, ~x, x @ 1 if False else 'no', x if (n := 10) > 5 else 0, n)
print(f'{x!r:>{n}}|{x=}|{"nested"}|{z[0]:03d}', 'a' 'b' f'{1}', b'x', r'\n', 0x_ff, 1_000, 1e3, 2j)
assert x, 'never'
global_var: int
s = x if x else \
    y
l = lambda: (yield)
print(next(l()), s)
match x:
    case 1 | 2 as num if num: print('num', num)
    case _: pass
match (1, {'k': [1, 2]}, C()):
    case (1, {'k': [first, *others], **rest}, C(a=val)): print(first, others, rest, val)
match = case = type = 5; print(match, case, type)
async def co(): return [await c() async for c in d()]
del t, u
print([(i, j) for i in range(2) for j in range(i) if i if True], {i: j for i, j in [(1, 2)]}, {i for i in [1]})
print(__debug__, ..., None, NotImplemented is not None)
pass
exec("""
def inner(): return 'inner'
print(inner())
""")
print((yield_ := 1), end=''); print()
print([[a for a in range(b)] for b in range(3)], [b for b in [a for a in range(2)]])
if 1:
	tabbed = 1
print(tabbed); "a trailing string"
