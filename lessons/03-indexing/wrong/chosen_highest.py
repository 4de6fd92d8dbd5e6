# trips: chosen.values
import torch

scores = torch.rand(6, 4)
answers = torch.tensor([2, 0, 3, 1, 1, 0])

chosen = scores.max(dim=1).values
