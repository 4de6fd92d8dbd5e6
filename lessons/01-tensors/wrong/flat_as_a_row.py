# trips: flat.shape
import torch

F = torch.rand(5, 10)
F_flat = F.view(1, -1)
