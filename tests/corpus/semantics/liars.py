import torch


class RaisingRepr:
    def __repr__(self): raise ValueError("repr")
    __str__ = __repr__


class RaisingGetattr:
    def __getattr__(self, name):
        print("asked for", name)
        raise RuntimeError(name)


class RaisingGetattribute:
    def __getattribute__(self, name):
        print("attribute", name)
        raise RuntimeError(name)


class RaisingShape:
    @property
    def shape(self): raise RuntimeError("shape")

    @property
    def dtype(self): print("dtype read"); return "fake"

    @property
    def device(self): print("device read"); return "fake"


class LyingClass:
    @property
    def __class__(self): print("class asked"); return torch.Tensor


class LyingEq:
    def __eq__(self, other): print("eq"); raise RuntimeError
    def __hash__(self): print("hash"); raise RuntimeError
    def __bool__(self): print("bool"); raise RuntimeError
    def __len__(self): print("len"); raise RuntimeError
    def __iter__(self): print("iter"); raise RuntimeError


class MetaLiar(type):
    def __instancecheck__(cls, obj): print("instancecheck"); return True
    def __subclasscheck__(cls, sub): print("subclasscheck"); return True
    def __getattribute__(cls, name): print("meta", name); return super().__getattribute__(name)
    def __eq__(cls, o): print("meta eq"); return True
    def __hash__(cls): print("meta hash"); return 1


class Liar(metaclass=MetaLiar):
    _fields = ("a", "b")
    __dataclass_fields__ = {"a": None}


class FakeTuple(tuple):
    _fields = ("x", "y")
    def __iter__(self): print("tuple iter"); return super().__iter__()
    def __len__(self): print("tuple len"); return 10
    def __getitem__(self, i): print("tuple get", i); return super().__getitem__(i)
    def __getattribute__(self, name): print("tuple attr", name); return super().__getattribute__(name)


class FakeDict(dict):
    def items(self): print("items"); return super().items()
    def __iter__(self): print("dict iter"); return super().__iter__()
    def __len__(self): print("dict len"); return super().__len__()
    def __getitem__(self, k): print("dict get", k); return super().__getitem__(k)
    def keys(self): print("keys"); return super().keys()


class FakeList(list):
    def __iter__(self): print("list iter"); return super().__iter__()
    def __getitem__(self, i): print("list get"); return super().__getitem__(i)
    def __len__(self): print("list len"); return 3


class Key:
    def __eq__(self, o): print("key eq"); return self is o
    def __hash__(self): print("key hash"); return 7
    def __repr__(self): print("key repr"); return "Key"
    def __str__(self): print("key str"); return "Key"


class DuckTensor:
    shape = (1, 2)
    dtype = torch.float32
    device = torch.device("cpu")
    requires_grad = True


def passes(v):
    w = v
    return w


for kind in (RaisingRepr, RaisingGetattr, RaisingGetattribute, RaisingShape, LyingClass, LyingEq, DuckTensor):
    x = kind()
    y = passes(x)
    z = [x, y]
    t = (x, torch.ones(1))
    d = {"k": x}
    for e in [x]:
        f = e
    x
    kind
l = Liar()
m = passes(l)
print("fakes")
ft = FakeTuple((torch.ones(1), torch.ones(2)))
fd = FakeDict(a=torch.ones(3))
fl = FakeList([torch.ones(4)])
for v in (ft, fd, fl):
    passes(v)
print("keys")
kd = {Key(): torch.ones(1)}
passes(kd)
_th_r = 1
_th_g0 = torch.ones(2)
class __probe: pass
p = __probe()
print = print
tensorhints = "mine"
probe = gate = site = 5
print(_th_r, _th_g0.shape, type(p).__name__, tensorhints)
