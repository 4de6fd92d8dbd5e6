# trips: times.values
import torch

count = 5
times = torch.arange(count).float()
