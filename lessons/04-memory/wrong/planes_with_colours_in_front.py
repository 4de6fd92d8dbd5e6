# trips: planes.shape
import torch

photos = torch.rand(8, 4, 6, 3)

planes = photos.permute(3, 0, 1, 2)
