import torch


@check("whole.dtype", needs=["n"])
def _(n):
    expect(n).shape(3).dtype(torch.int64)
