"""A row."""

import torch

F = torch.rand(10)
F_new = F.reshape(1, -1)
