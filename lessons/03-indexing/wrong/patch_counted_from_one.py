# trips: patch.values
import torch

photos = torch.rand(8, 3, 6, 10)

patch = photos[2:3, :, 0:4, 2:7]
