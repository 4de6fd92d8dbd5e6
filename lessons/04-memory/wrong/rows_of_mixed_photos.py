# trips: rows.values
import torch

photos = torch.rand(8, 4, 6, 3)

rows = photos.permute(0, 3, 1, 2).reshape(72, 8).T
