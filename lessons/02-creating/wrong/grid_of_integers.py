# trips: grid.dtype
import torch

grid = torch.arange(12).reshape(3, 4)
