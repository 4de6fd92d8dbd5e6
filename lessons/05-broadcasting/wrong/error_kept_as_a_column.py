# trips: error.shape
import torch

predicted = torch.rand(32, 1)
actual = torch.rand(32)

error = (predicted - actual[:, None]).pow(2).mean(dim=0)
