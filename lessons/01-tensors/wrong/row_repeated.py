# trips: row.shape
import torch

F = torch.rand(10)
W = torch.rand(10, 5)
example = F

F_new = F.repeat(2, 1)
