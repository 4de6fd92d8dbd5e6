"""What the steps of this lesson ask of the learner's tensors."""

import torch


@check("slope.value", needs=["t", "slope"])
def _(t, slope):
    expect(slope).shape().dtype(torch.float32).values(2 * t.detach() + 2)


@check(
    "slope.elsewhere",
    needs=["t", "slope"],
    vary={"t": lambda: torch.tensor(-5.0, requires_grad=True)},
)
def _(t, slope):
    expect(slope).shape().values(2 * t.detach() + 2)


@check("descent.updated", needs=["features", "targets", "updated"])
def _(features, targets, updated):
    start = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    ((features @ start - targets) ** 2).mean().backward()
    right = start.detach() - 0.1 * start.grad
    expect(updated).shape(3).dtype(torch.float32).requires_grad(False).values(right)


@check("fresh.gradient", needs=["p", "fresh"])
def _(p, fresh):
    expect(fresh).shape(4).dtype(torch.float32).values(torch.full((4,), 5.0))
