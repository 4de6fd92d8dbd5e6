# trips: distances.shape
import torch

here = torch.rand(4, 2)
there = torch.rand(6, 2)

distances = torch.cdist(there, here)
