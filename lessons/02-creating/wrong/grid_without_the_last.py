# trips: grid.shape
import torch

grid = torch.arange(11, dtype=torch.float64)
