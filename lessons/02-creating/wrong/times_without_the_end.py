# trips: times.values
import torch

count = 5
times = torch.arange(0, 1, 1 / count)
