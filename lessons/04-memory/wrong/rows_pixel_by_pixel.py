# trips: rows.values
import torch

photos = torch.rand(8, 4, 6, 3)

rows = photos.reshape(8, -1)
