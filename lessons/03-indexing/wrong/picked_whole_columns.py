# trips: picked.shape
import torch

logits = torch.rand(4, 3)
labels = torch.tensor([2, 0, 1, 1])
picked = logits[:, labels]
