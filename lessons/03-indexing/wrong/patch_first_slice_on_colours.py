# trips: patch.shape
import torch

photos = torch.rand(8, 3, 6, 10)

patch = photos[:, 2:3, 1:5, 3:8]
