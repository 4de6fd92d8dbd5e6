# trips: distances.shape
import torch

here = torch.rand(4, 2)
there = torch.rand(6, 2)

distances = (here - there[:4]).pow(2).sum(dim=-1).sqrt()
