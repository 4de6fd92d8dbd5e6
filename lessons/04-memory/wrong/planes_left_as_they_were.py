# trips: planes.shape
import torch

photos = torch.rand(8, 4, 6, 3)

planes = photos.clone()
