# trips: planes.values
import torch

photos = torch.rand(8, 4, 6, 3)

planes = photos.flip(-1).permute(0, 3, 1, 2)
