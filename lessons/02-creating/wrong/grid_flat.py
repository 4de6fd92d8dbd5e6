# trips: grid.shape
import torch

grid = torch.arange(12, dtype=torch.float64)
