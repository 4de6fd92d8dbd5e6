import torch
import torch._dynamo

graphs = []


def backend(gm, examples):
    graphs.append([str(n.target) for n in gm.graph.nodes])
    return gm


def f(x, y):
    z = x.sin() @ y
    w = z.relu() + 1
    a, b = w.split(1) if w.shape[0] == 2 else (w, w)
    for i in range(2):
        w = w + i
    w += 1
    out = {"w": w, "ab": [a, b]}
    return out["w"].sum()


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.l = torch.nn.Linear(3, 3)

    def forward(self, x):
        h = self.l(x)
        return (h
                .relu()
                .sum(0))


def helper(x):
    y = x * 2
    return y


def closure(n):
    bias = torch.ones(n)

    @torch.compile(backend=backend, fullgraph=True)
    def inner(x):
        h = helper(x) + bias
        return h[None]

    return inner


torch.manual_seed(0)
compiled = torch.compile(f, backend=backend, fullgraph=True)
for i in range(40):
    r = compiled(torch.ones(3, 3), torch.ones(3, 3))
print(r, len(graphs), graphs)
eager = torch.compile(f, backend="eager", fullgraph=True)
print(eager(torch.ones(2, 2), torch.ones(2, 2)))
net = Net()
print(torch.compile(net, backend=backend, fullgraph=True)(torch.ones(2, 3)), len(graphs))
inner = closure(4)
print(inner(torch.ones(4)), inner(torch.ones(4)), len(graphs), graphs[-1])
explained = torch._dynamo.explain(f)(torch.ones(3, 3), torch.ones(3, 3))
print(explained.graph_break_count, explained.graph_count, explained.break_reasons)


@torch.compile(backend="eager", dynamic=True, fullgraph=True)
def dynamic(x):
    n = x.shape[0]
    y = x.view(n // 2, 2)
    return y.sum(-1) * n


for n in (4, 6, 8):
    print(dynamic(torch.arange(float(n))))


@torch.compile(backend=backend)
def breaks(x):
    y = x + 1
    print("side effect")
    z = y * 2
    return z


print(breaks(torch.ones(2)), len(graphs))


@torch._dynamo.disable
def opaque(x):
    y = x + 1
    return y


print(torch.compile(lambda x: opaque(x) * 2, backend=backend)(torch.ones(2)), len(graphs))
print([c.cache_size if hasattr(c, "cache_size") else "" for c in ()], torch._dynamo.utils.counters["stats"])
train = torch.compile(net, backend="eager")
loss = train(torch.ones(2, 3)).sum()
loss.backward()
print(net.l.weight.grad)
