# trips: attended.values
import torch

queries = torch.rand(2, 5, 8)
keys = torch.rand(2, 7, 8)
values = torch.rand(2, 7, 4)

attended = values.mean(dim=1, keepdim=True).expand(2, 5, 4)
