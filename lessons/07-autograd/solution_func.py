"""Autograd: how PyTorch finds derivatives while your code simply runs."""

import torch

torch.manual_seed(0)

# ---- Recording: operations on a tensor that requires gradients are remembered ------------------

weights = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)  # the ∇ says: follow this one
inputs = torch.tensor([4.0, 5.0, 6.0])  # plain data: nobody needs its gradient
products = weights * inputs  # the result is followed too, since one operand is
total = products.sum()
print("total was made by", total.grad_fn)

# ---- Backwards: the chain rule, from the result to the leaves ----------------------------------

total.backward()
gradient = weights.grad.clone()  # d total / d weights, in the shape of the weights
print("gradient:", gradient)

(weights * inputs).sum().backward()  # a second time, without clearing …
accumulated = weights.grad.clone()  # … and the gradients have added up
print("accumulated:", accumulated)

# ---- Leaving the graph -------------------------------------------------------------------------

with torch.no_grad():
    unfollowed = weights * 2  # nothing is recorded here: no ∇

detached = products.detach()  # the same numbers, cut off from the graph

# ---- Your turn: replace each ... and watch the hints ---------------------------------------------

# 1. How fast does `cost` grow at t? Let autograd find the derivative.
t = torch.tensor(3.0, requires_grad=True)
cost = t**2 + 2 * t
slope = torch.func.grad(lambda u: u**2 + 2 * u)(t.detach())

# 2. One step of gradient descent: move `w` against its gradient, a tenth of its length.
#    The new tensor shall not be followed by autograd.
w = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
features = torch.rand(8, 3)
targets = torch.rand(8)
error = ((features @ w - targets) ** 2).mean()
error.backward()
updated = (w - w.grad / 10).detach()

# 3. `p` already holds a gradient, of p * 2. Find the gradient of (p * 5).sum() alone.
p = torch.ones(4, requires_grad=True)
(p * 2).sum().backward()
p.grad.zero_()
loss = (p * 5).sum()
loss.backward()
fresh = p.grad.clone()
