import torch
from torch.func import functional_call, grad, jacfwd, jacrev, jvp, vjp, vmap


def f(w, x):
    y = (w * x).sum()
    return y**2


w = torch.ones(3)
x = torch.arange(3.0)
xs = torch.arange(12.0).view(4, 3)
g = grad(f)(w, x)
per_sample = vmap(grad(f), in_dims=(None, 0))(w, xs)
batched = vmap(f, in_dims=(None, 0))(w, xs)
jac = jacrev(lambda t: t * t)(x)
jac2 = jacfwd(lambda t: t.sin())(x)
val, vjp_fn = vjp(lambda t: t.exp(), x)
(pull,) = vjp_fn(torch.ones(3))
primal, tangent = jvp(lambda t: t**2, (x,), (torch.ones(3),))
nested = vmap(vmap(lambda a, b: a * b, in_dims=(0, None)), in_dims=(0, 0))(xs, torch.ones(4))
net = torch.nn.Linear(3, 2)
params = dict(net.named_parameters())


def loss(params, data):
    out = functional_call(net, params, (data,))
    return out.pow(2).mean()


gs = grad(loss)(params, xs)
gw, gb = gs["weight"], gs["bias"]
hess = torch.func.hessian(lambda t: (t**3).sum())(x)
