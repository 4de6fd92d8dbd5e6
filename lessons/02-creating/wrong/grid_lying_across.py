# trips: grid.shape
import torch

grid = torch.arange(12, dtype=torch.float64).reshape(4, 3)
