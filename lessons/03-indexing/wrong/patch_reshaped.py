# trips: patch.values
import torch

photos = torch.rand(8, 3, 6, 10)

patch = photos[2].reshape(-1)[:60].reshape(1, 3, 4, 5)
