import torch
from torch import nn


class Named(torch.Tensor):
    @staticmethod
    def __new__(cls, data, name="?"):
        self = torch.as_tensor(data).as_subclass(cls)
        self.label = name
        return self


class Vec:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        total = self.data + other.data
        return Vec(total)

    def __radd__(self, other):
        return self

    def __iter__(self):
        for part in self.data:
            yield part

    def __enter__(self):
        return self.data

    def __exit__(self, *exc):
        kept = self.data * 0
        return False

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        derived = self.data + len(name)
        return derived

    def __setitem__(self, k, v):
        self.data[k] = v

    def __len__(self):
        return len(self.data)


n = Named([1.0, 2.0], "weights")
n2 = n * 2
v = Vec(torch.ones(3)) + Vec(torch.ones(3))
d = v.data
attr = v.anything
first, *rest = v
with v as inner:
    doubled = inner * 2
v[0] = torch.tensor(5.0)
s = sum([v, v])
ps = nn.ParameterList([nn.Parameter(torch.ones(2)) for _ in range(2)])
for p in ps:
    q = p * 2
pd = nn.ParameterDict({"a": torch.ones(3)})
pa = pd["a"]
buf = nn.Module()
buf.register_buffer("mean", torch.zeros(4))
buf.scale = nn.Parameter(torch.ones(5))
mean, scale = buf.mean, buf.scale
mods = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 3)])
x = torch.ones(1, 2)
for mod in mods:
    x = mod(x)
weights = {k: t for k, t in mods.state_dict().items()}
del x
