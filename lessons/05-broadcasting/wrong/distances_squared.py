# trips: distances.values
import torch

here = torch.rand(4, 2)
there = torch.rand(6, 2)

distances = (here[:, None] - there).pow(2).sum(dim=-1)
