# trips: error.values
import torch

predicted = torch.rand(32, 1)
actual = torch.rand(32)

error = (predicted - actual).pow(2).mean()
