# trips: scores.values
import torch

queries = torch.rand(2, 5, 8)
keys = torch.rand(2, 7, 8)

scores = queries @ keys.mT / 7**0.5
