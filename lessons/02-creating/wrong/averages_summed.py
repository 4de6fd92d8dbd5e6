# trips: averages.values
import torch

stars = torch.tensor([[5, 4, 4, 5, 3], [2, 1, 3, 2, 2], [4, 4, 5, 3, 5], [1, 5, 1, 5, 2]])
averages = stars.float().sum(dim=1)
