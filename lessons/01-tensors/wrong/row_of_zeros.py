# trips: row.values
import torch

F = torch.rand(10)
W = torch.rand(10, 5)
example = F

F_new = torch.zeros_like(F).unsqueeze(0)
