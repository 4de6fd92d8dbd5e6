# trips: rows.shape
import torch

photos = torch.rand(8, 4, 6, 3)

rows = photos.permute(0, 3, 1, 2).flatten(2)
