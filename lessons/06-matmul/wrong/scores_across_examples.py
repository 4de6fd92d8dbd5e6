# trips: scores.shape
import torch

queries = torch.rand(2, 5, 8)
keys = torch.rand(2, 7, 8)

scores = torch.einsum("nqd,mkd->nmqk", queries, keys) / 8**0.5
