# trips: times.shape
import torch

count = 5
times = torch.linspace(0, 1, count + 1)
