import torch


@check("row.shape", needs=["F_new"])
def _(F_new):
    expect(F_new).shape(1, 10)


@check("row.values", needs=["F", "F_new"], vary={"F": lambda: torch.rand(7)})
def _(F, F_new):
    expect(F_new).shape(1, F.numel()).values(F.reshape(1, -1))
