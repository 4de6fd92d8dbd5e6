# trips: rows.values
import torch

photos = torch.rand(8, 4, 6, 3)

rows = photos.permute(0, 3, 2, 1).reshape(8, -1)
