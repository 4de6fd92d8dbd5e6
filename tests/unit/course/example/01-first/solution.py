"""A row."""

import torch

F = torch.rand(10)
F_new = F.unsqueeze(0)
