import torch

n = torch.arange(1, 4)
