# trips: row.values
"""A row."""

import torch

F = torch.rand(10)
F_new = torch.zeros(1, 10)
