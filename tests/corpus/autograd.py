import torch

x = torch.randn(4, 3, requires_grad=True)
w = torch.nn.Parameter(torch.randn(3, 2))
y = x @ w
z = y.pow(2).sum()
z.backward()
gx = x.grad
gw = w.grad.clone()
with torch.no_grad():
    w -= 0.1 * gw
    frozen = x * 2
d = y.detach()
x.requires_grad_(False)
leaf = x * 3
(a,) = torch.autograd.grad(w.sum() * 2, w)
h = torch.tensor([1.0, 2.0], requires_grad=True)
g1 = torch.autograd.grad((h**3).sum(), h, create_graph=True)[0]
g2, = torch.autograd.grad(g1.sum(), h)


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, inp):
        ctx.save_for_backward(inp)
        out = inp**3
        return out

    @staticmethod
    def backward(ctx, grad_out):
        (inp,) = ctx.saved_tensors
        g = 3 * inp**2 * grad_out
        return g


c = Cube.apply(h)
c.sum().backward()


def hook(grad):
    doubled = grad * 2
    return doubled


t = h * 2
handle = t.register_hook(hook)
t.retain_grad()
t.sum().backward()
tg = t.grad
with torch.enable_grad():
    e = h + 1
with torch.inference_mode():
    im = h + 1
jac = torch.autograd.functional.jacobian(lambda v: v**2, h)
hes = torch.autograd.functional.hessian(lambda v: (v**3).sum(), h)
