# trips: attended.shape
import torch

queries = torch.rand(2, 5, 8)
keys = torch.rand(2, 7, 8)
values = torch.rand(2, 7, 4)

attended = torch.einsum("nqk,nkd->nd", (queries @ keys.mT / 8**0.5).softmax(dim=-1), values)
