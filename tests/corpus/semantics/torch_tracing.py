import torch
from torch import fx, nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(4, 8)
        self.l2 = nn.Linear(8, 2)

    def forward(self, x):
        h = torch.relu(self.l1(x))
        y = self.l2(h)
        return y.view(-1) + 1


class Branchy(nn.Module):
    def forward(self, x, n: int):
        total = x
        for i in range(n):
            total = total + x[i]
        if n > 1:
            total = total * 2
        return total, n


@torch.jit.script
def scripted(a: torch.Tensor, k: int) -> torch.Tensor:
    b = a + k
    for i in range(k):
        b = b * 2
        c = [b, b]
    return b


net, x = Net(), torch.randn(3, 4)
print(scripted(x, 2).sum(), scripted.graph)
print(torch.jit.script(net)(x), torch.jit.script(net).code)
print(torch.jit.script(Branchy())(x, 2))
traced = torch.jit.trace(net, x)
print(traced.graph, traced(x))
print(torch.jit.trace(lambda t: (t * 2).sum(), x).code)
gm = fx.symbolic_trace(net)
print(gm.code, gm.graph)


def free(a, b=2):
    c = a * b
    d, e = c, c + 1
    return d.sin() + e


print(fx.symbolic_trace(free).code)


class Leaf(fx.Tracer):
    def is_leaf_module(self, m, name):
        return True


print([n.op for n in Leaf().trace(net).nodes])
try:
    fx.symbolic_trace(Branchy())
except Exception as error:
    print(type(error).__name__, error)
from torch.fx.experimental.proxy_tensor import make_fx

print(make_fx(lambda t: free(t, 3))(x).code)
