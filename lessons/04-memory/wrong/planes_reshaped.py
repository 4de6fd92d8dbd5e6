# trips: planes.values
import torch

photos = torch.rand(8, 4, 6, 3)

planes = photos.reshape(8, 3, 4, 6)
