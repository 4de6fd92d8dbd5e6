# trips: flat.values
import torch

F = torch.rand(5, 10)
F_flat = F.flatten().sort().values
