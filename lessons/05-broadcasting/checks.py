"""What the challenge of the lesson on broadcasting asks of the learner's tensors.

What is expected is computed in loops, without broadcasting, so that no mistake hides here too.
"""

import torch


@check("centred.shape", needs=["centred"])
def _(centred):
    expect(centred).shape(5, 5)


@check("centred.values", needs=["grades", "centred"], vary={"grades": lambda: torch.rand(5, 5)})
def _(grades, centred):
    expect(centred).values(torch.stack([row - row.mean() for row in grades]), tolerance=1e-4)


@check("normalized.shape", needs=["normalized"])
def _(normalized):
    expect(normalized).shape(8, 3, 16, 16)


@check("normalized.values", needs=["pictures", "channel_mean", "channel_std", "normalized"])
def _(pictures, channel_mean, channel_std, normalized):
    colours = [(pictures[:, c] - channel_mean[c]) / channel_std[c] for c in range(3)]
    expect(normalized).values(torch.stack(colours, dim=1), tolerance=1e-4)


@check("distances.shape", needs=["distances"])
def _(distances):
    expect(distances).shape(4, 6)


@check("distances.values", needs=["here", "there", "distances"])
def _(here, there, distances):
    rows = [[(a - b).pow(2).sum().sqrt() for b in there] for a in here]
    expect(distances).values(torch.tensor(rows), tolerance=1e-4)


@check("error.shape", needs=["error"])
def _(error):
    expect(error).shape()


@check("error.values", needs=["predicted", "actual", "error"])
def _(predicted, actual, error):
    expect(error).values((predicted.reshape(32) - actual).pow(2).mean(), tolerance=1e-5)
