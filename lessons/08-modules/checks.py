"""What the steps of this lesson ask of the learner's tensors."""

import torch


@check("flatten.flat", needs=["features", "flat"])
def _(features, flat):
    expect(flat).shape(64, 144).values(features.reshape(64, 144))


@check("head.scores", needs=["scores"])
def _(scores):
    expect(scores).shape(64, 10).dtype(torch.float32).requires_grad(True)


@check("predict.classes", needs=["scores", "predicted"])
def _(scores, predicted):
    expect(predicted).shape(64).dtype(torch.int64).values(scores.argmax(dim=1))
