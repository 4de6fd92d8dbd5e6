import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode


class Functions(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        print("function", getattr(func, "__name__", func))
        return func(*args, **(kwargs or {}))


class Dispatch(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        print("dispatch", func)
        return func(*args, **(kwargs or {}))


class Loud(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        print("loud", getattr(func, "__name__", func))
        return super().__torch_function__(func, types, args, kwargs or {})


class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls, inner):
        return torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=inner.dtype)

    def __init__(self, inner):
        self.inner = inner

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        print("wrapped", func)
        plain = [a.inner if isinstance(a, Wrapper) else a for a in args]
        return func(*plain, **(kwargs or {}))


def compute(x):
    y = x @ x.T
    z = y.relu().sum()
    for row in y:
        r = row * 2
    return z


with Functions():
    a = torch.ones(2, 2)
    b = compute(a)
    c = a[0]
    a.add_(1)
with Dispatch() as mode:
    a = torch.ones(2, 2, requires_grad=True)
    b = compute(a)
    b.backward()
    s = torch.tensor(2.5)
l = torch.ones(2, 2).as_subclass(Loud)
m = compute(l)
n = (l, [l])
w = Wrapper(torch.ones(2, 2))
v = w + 1
u = compute(w)
print(type(m).__name__, type(u).__name__)
