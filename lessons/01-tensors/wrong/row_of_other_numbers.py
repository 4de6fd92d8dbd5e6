# trips: row.values
import torch

F = torch.rand(10)
W = torch.rand(10, 5)
example = F

F_new = torch.rand(1, 10)
