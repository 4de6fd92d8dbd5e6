"""What the challenge of the lesson on products asks of the learner's tensors.

Sums are taken in many right orders, which round differently: hence the tolerances.
"""

import torch


def scaled(queries, keys):
    """Each query against each key of its own sentence, over the square root of 8."""
    return torch.stack([q @ k.T for q, k in zip(queries, keys)]) / 8**0.5


@check("linear.shape", needs=["linear"])
def _(linear):
    expect(linear).shape(6, 4)


@check("linear.values", needs=["features", "weight", "bias", "linear"])
def _(features, weight, bias, linear):
    expect(linear).values(torch.stack([weight @ f + bias for f in features]), tolerance=1e-4)


@check("scores.shape", needs=["scores"])
def _(scores):
    expect(scores).shape(2, 5, 7)


@check("scores.values", needs=["queries", "keys", "scores"])
def _(queries, keys, scores):
    expect(scores).values(scaled(queries, keys), tolerance=1e-4)


@check("attended.shape", needs=["attended"])
def _(attended):
    expect(attended).shape(2, 5, 4)


@check(
    "attended.values",
    needs=["queries", "keys", "values", "attended"],
    vary={"values": lambda: torch.rand(2, 7, 4)},
)
def _(queries, keys, values, attended):
    weights = scaled(queries, keys).softmax(dim=-1)
    each = [w @ v for w, v in zip(weights, values)]
    expect(attended).values(torch.stack(each), tolerance=1e-4)


@check("agreement.shape", needs=["agreement"])
def _(agreement):
    expect(agreement).shape(3)


@check("agreement.values", needs=["ours", "theirs", "agreement"])
def _(ours, theirs, agreement):
    each = [(a * b).sum() for a, b in zip(ours, theirs)]
    expect(agreement).values(torch.stack(each), tolerance=1e-4)
