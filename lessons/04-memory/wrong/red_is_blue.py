# trips: red.values
import torch

photos = torch.rand(8, 4, 6, 3)

red = photos[..., 2]
