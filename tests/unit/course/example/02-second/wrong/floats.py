# trips: whole.dtype
import torch

n = torch.tensor([1.0, 2.0, 3.0])
