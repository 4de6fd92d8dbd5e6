import torch
from torch.func import functional_call, grad, hessian, jacrev, jvp, vjp, vmap
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)


def f(w, v):
    s = (w * v).sum()
    t = s ** 2
    return t


a, b = torch.ones(3), torch.arange(3.0)
print(grad(f)(a, b), vmap(f)(torch.ones(2, 3), torch.ones(2, 3)), vmap(grad(f))(torch.ones(2, 3), torch.ones(2, 3)))
print(jacrev(lambda q: q * q)(a), hessian(f)(a, b), jvp(f, (a, b), (b, a)), vjp(f, a, b)[1](torch.tensor(1.0)))


def noisy(x):
    y = x + torch.randn(2)
    return y


print(vmap(noisy, randomness="different")(torch.ones(2, 2)), vmap(noisy, randomness="same")(torch.ones(2, 2)))
net = torch.nn.Linear(3, 2)
print(functional_call(net, {"weight": torch.ones(2, 3), "bias": torch.ones(2)}, (a,)))
try:
    vmap(lambda t: t.sum().item())(torch.ones(2, 3))
except RuntimeError as error:
    print(str(error)[:60])


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, flag):
        ctx.save_for_backward(a)
        ctx.flag = flag
        out = a * 2
        return out

    @staticmethod
    def backward(ctx, g):
        (a,) = ctx.saved_tensors
        r = g * 2 + 0 * a
        print("backward", ctx.flag)
        return r, None


p = torch.ones(3, requires_grad=True)
Double.apply(p, "flag").sum().backward()
print(p.grad)
for reentrant in (True, False):
    p.grad = None
    checkpoint(lambda t: (t * t).sum(), p, use_reentrant=reentrant).backward()
    print(p.grad)
h1 = net.register_forward_hook(lambda m, i, o: print("forward hook", o.shape))
h2 = net.register_forward_pre_hook(lambda m, i: (i[0] * 2,))
h3 = net.register_full_backward_hook(lambda m, gi, go: print("backward hook", go[0].shape))
net(a).sum().backward()
p.register_hook(lambda g: g * 3)
(p * 2).sum().backward()
print(p.grad, p.is_leaf, (p * 2).grad_fn.name())
with torch.autograd.graph.saved_tensors_hooks(lambda t: (print("pack"), t)[1], lambda t: (print("unpack"), t)[1]):
    q = (p * p).sum()
q.backward()
with torch.autograd.forward_ad.dual_level():
    dual = torch.autograd.forward_ad.make_dual(a, b)
    out = dual * 2
    print(torch.autograd.forward_ad.unpack_dual(out).tangent)
