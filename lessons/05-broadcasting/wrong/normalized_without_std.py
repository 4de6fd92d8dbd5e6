# trips: normalized.values
import torch

pictures = torch.rand(8, 3, 16, 16)
channel_mean = torch.tensor([0.5, 0.4, 0.3])
channel_std = torch.tensor([0.2, 0.3, 0.1])

normalized = pictures - channel_mean[:, None, None]
