# trips: times.values
import torch

count = 5
times = torch.rand(count).sort().values
