import torch


class Box:
    pass


box, d, l = Box(), {}, [None] * 3
box.a = torch.ones(1)
box.inner = Box()
box.inner.b = torch.ones(2)
d["k"] = torch.ones(3)
key = "computed"
d[key] = torch.ones(4)
l[0] = l[1] = torch.ones(5)
box.a, d["m"], l[2], plain = torch.ones(1, 1), torch.ones(1, 2), torch.ones(1, 3), torch.ones(1, 4)
(box.p, (box.q, *box.rest)) = torch.ones(1), (torch.ones(2), torch.ones(3), torch.ones(4))
for box.loop in torch.ones(2, 3):
    pass
for d["loop"], x in zip(torch.ones(2, 3), torch.ones(2, 4)):
    y = x
with torch.no_grad() as box.ctx:
    pass

a = torch.ones(2, 2)
a += 1
a -= torch.ones(2)
a *= 2
a /= 2
a @= torch.ones(2, 2)
a **= 2
a //= 1
a %= 3
m = torch.ones(3, dtype=torch.bool)
m &= torch.tensor([True, False, True])
m |= m
m ^= m
n = torch.ones(2, dtype=torch.int64)
n <<= 2
n >>= 1
b = torch.ones(3)
b = b + torch.ones(2, 1)
b += torch.ones(3)
box.a += 1
box.inner.b *= 2
d["k"] -= 1
l[0] += 1
l[-1] += 1
a[0] += 1
a[0, 0] = 7
a[:, 1] = torch.zeros(2)
lst = [torch.ones(1)]
lst += [torch.ones(2)]
tup = (torch.ones(1),)
tup += (torch.ones(2),)
num = 1
num += torch.ones(2)
x = y = z = torch.ones(6)
x1, x2 = y1, y2 = torch.ones(2, 7)
i: int = 1
t: torch.Tensor = torch.ones(8)
t2: "torch.Tensor" = (
    torch.ones(9)
)
box.typed: torch.Tensor = torch.ones(10)
d["typed"]: torch.Tensor = torch.ones(11)
first, = torch.ones(1, 12)
s = t if i else z; u = s; v = [u, s]
for j in range(2): w = torch.ones(j + 1)
if (c := torch.ones(13)).numel(): e = c
f = g = [h := torch.ones(14), k := h * 2]
(ab := torch.ones(15)).sum()
print([q := torch.ones(16), (r := q.sum())][1], (lambda **kw: kw)(zz=torch.ones(1)))
def one_line(p, *, o=torch.ones(1)): return p + o
one = one_line(torch.ones(3)); two = one_line(torch.ones(2, 3), o=torch.ones(3))
